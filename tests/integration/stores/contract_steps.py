"""What tests of the stores' contract do again and again."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.messages import Draft, Message, Thread
from chalicelib.domain.promises import REPLY, Move, promise_of, reply_working
from chalicelib.services import promises
from chalicelib.services.ports import ConflictError

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
    from chalicelib.domain.promises import Promise
    from chalicelib.services.ports import Part, PromisePage
    from tests.builders import SeededCase
    from tests.seeding import Hub

BY = "PC Somebody"
# Every test has its own officers, teams, months and keys: the stand-in's tables are shared.
_names = count(1)


def new_name() -> str:
    return f"contract-{next(_names)}"


def conflict(hub: Hub, *parts: Part) -> frozenset[str]:
    """Return the names of the parts that failed."""
    with pytest.raises(ConflictError) as refused:
        hub.write(*parts)
    return refused.value.failed


def keep(hub: Hub, promise: Promise) -> Part:
    now = hub.clock()
    return hub.deps.threads.keep_promise(promise, now, how="phone", recorded_at=now)


def move(hub: Hub, promise: Promise, to: Officer, *, follows: bool = False) -> Part:
    move = Move(hub.clock(), to.id, to.name, to.team, "Somebody is away.", BY)
    return hub.deps.threads.move_promise(promise, move, follows=follows)


def draft(hub: Hub, case: SeededCase) -> Part:
    return hub.deps.threads.keep_draft(case.victim, Draft("words", hub.clock()))


def ids(page: PromisePage) -> list[str]:
    return [promise.id for promise in page.promises]


def of_owner(hub: Hub, who: Officer) -> list[str]:
    return ids(hub.deps.threads.open_of_owner(who.id, after=None, limit=50))


def of_team(hub: Hub, who: Officer) -> list[str]:
    return ids(hub.deps.threads.open_of_team(who.team, after=None, limit=50))


def question(hub: Hub, case: SeededCase, number: int, text: str = "When?") -> Thread:
    """Put a question as `ask_officer` does, without its door."""
    now = hub.clock()
    promise = promise_of(
        kind=REPLY,
        identity=hub.deps.new_id(),
        case=hub.case(case),
        victim=case.victim,
        subject=str(number),
        owed="An answer",
        made_at=now,
        due=reply_working(now, hub.deps.calendar, hub.deps.rules),
        rules=hub.deps.rules,
    )
    thread = Thread(number, f"{number:08}", Message(text, now, by_victim=True), promise)
    put = hub.deps.threads.new_thread(case.victim, thread)
    hub.write(put, *promises.make(hub.deps, promise))
    return thread

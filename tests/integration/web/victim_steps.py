"""What tests of the victim's pages do again and again."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.cases import FROM_DESK, StageEntry, Told
from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.domain.messages import Message
from chalicelib.settings import PUBLIC
from chalicelib.wiring import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.domain.cases import VictimKey
    from chalicelib.services.ports import Ledger
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

# What differs between two looks at the same page: the form's key alone.
FORM_KEY = re.compile(r'name="form_key" value="[^"]+"')


def page(visitor: Visitor, path: str) -> str:
    """Return a page as it reads, without the key that each form has of its own."""
    return FORM_KEY.sub("", visitor.get(path).body)


def ask(visitor: Visitor, text: str, **fields: str) -> Seen:
    """Ask a question as a browser would and return where it leads."""
    visitor.get("/case/message")
    return visitor.post("/case/message", message=text, **fields)


def answer(world: World, victim: VictimKey, number: int, text: str) -> None:
    """Answer a question as an officer does, seen ten minutes before."""
    threads = world.deps.threads.read(victim, before=number + 1).threads
    thread = next(each for each in threads if each.number == number)
    store = world.deps.threads
    parts = [store.see_promise(thread.promise, world.clock())] if not thread.promise.seen_at else []
    world.deps.ledger.write(parts) if parts else None
    world.clock.forward(minutes=10)
    words = Message(text, world.clock(), by_victim=False, officer_name="PC Example")
    world.deps.ledger.write(
        [
            store.new_answer(victim, thread, words),
            store.keep_promise(
                thread.promise, world.clock(), how="here", recorded_at=world.clock()
            ),
        ]
    )


def record_outcome(
    world: World, case: SeededCase, outcome: str, *, stage: str | None = None
) -> StageEntry:
    """Record a decision that nobody was told of yet, a minute after what was recorded before."""
    world.clock.forward(minutes=1)
    rules = world.deps.rules
    entry = StageEntry(
        id=world.deps.new_id(),
        stage=stage or rules.outcomes[outcome].stage,
        since=world.deps.today(),
        recorded_at=world.clock(),
        origin=FROM_DESK,
        outcome=outcome or None,
    )
    world.deps.ledger.write([world.deps.cases.new_entry(case.key, entry)])
    return entry


def tell(world: World, case: SeededCase, entry: StageEntry, victims: Sequence[str] = ()) -> None:
    """Note that victims heard it from a person, which closes their doors."""
    for label in victims or case.victims:
        victim = case.victims[label]
        door = world.deps.threads.read(victim).door
        told = Told(world.deps.today(), "in person")
        world.deps.ledger.write(
            [
                world.deps.cases.told(case.key, entry, victim, told),
                world.deps.threads.moved_door(
                    victim, door, replace(door, closed_on=world.deps.today())
                ),
            ]
        )


@dataclass
class SilentLedger:
    """A store that takes no write."""

    def write(self, _: Sequence[Any]) -> None:
        """Never answer."""
        raise StoreUnavailableError


@dataclass
class DeafLedger:
    """A store whose answers are lost after the write."""

    world: World

    def write(self, parts: Sequence[Any]) -> None:
        """Write, and never say so."""
        self.world.deps.ledger.write(parts)
        raise StoreUnavailableError


@dataclass
class OvertakenLedger:
    """A store in which an officer cancels a code just before a write that would."""

    world: World
    code_key: str
    writes: int = 0

    def write(self, parts: Sequence[Any]) -> None:
        """Write as ever, but later than the officer."""
        self.writes += 1
        deps = self.world.deps
        if self.writes == 1:
            deps.ledger.write([deps.access.cancel_code(self.code_key)])
        deps.ledger.write(parts)


@contextmanager
def store_is_silent(world: World, *visitors: Visitor) -> Iterator[None]:
    """Let these browsers meet a service whose store takes no write."""
    with ledger_is(world, SilentLedger(), *visitors):
        yield


@contextmanager
def ledger_is(world: World, ledger: Ledger, *visitors: Visitor) -> Iterator[None]:
    """Let these browsers meet a service that writes through this ledger."""
    settings, deps = world.parts[PUBLIC]
    other = create_app(PUBLIC, lambda: (settings, replace(deps, ledger=ledger)))
    for visitor in visitors:
        visitor.app = other
    try:
        yield
    finally:
        for visitor in visitors:
            visitor.app = world.public

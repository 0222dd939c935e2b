"""What tests of the supervisor's board seed and look for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.promises import (
    OWED_REPLY,
    OWED_TELLING,
    OWED_UPDATE,
    OWED_WELCOME,
    REPLY,
    TELL,
    UPDATE,
    WELCOME,
    Working,
    promise_of,
)
from chalicelib.domain.staff import Absence, StaffMember
from chalicelib.services.board import row_id
from chalicelib.stores.tables import BulkRow, PromiseItem, ThreadsTable
from chalicelib.stores.thread_items import promise_of as promise_of_item
from tests.builders import seed_case
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.domain.cases import Officer
    from chalicelib.domain.promises import Promise
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

# The world's clock stands on Wednesday 18 November 2026.
TODAY = date(2026, 11, 18)
REASON = "PC Alder is in court all week"
OWED = {
    REPLY: OWED_REPLY,
    TELL: OWED_TELLING,
    UPDATE: OWED_UPDATE,
    WELCOME: OWED_WELCOME,
}


def owe(
    world: World,
    officer: Officer,
    due_on: date,
    *,
    kind: str = TELL,
    flags: Sequence[str] = (),
    **known: Any,
) -> Promise:
    """Put an open promise of a case of its own, with what is known of it besides."""
    deps = world.deps
    case = seed_case(deps, officer=officer, flags=flags)
    read = deps.cases.read(case.key)
    assert read is not None
    promise = promise_of(
        kind=kind,
        identity=deps.new_id(),
        case=read,
        victim=case.victim,
        subject="1",
        owed=OWED[kind],
        made_at=deps.now(),
        rules=deps.rules,
        due=(due_on, Working("contact.reply", due_on - timedelta(days=7), 5, "our standard")),
    )
    promise = replace(promise, **known)
    deps.ledger.write([deps.threads.new_promise(promise)])
    return now(promise)


def now(promise: Promise) -> Promise:
    """Return a promise as it stands."""
    rows = ThreadsTable.query(promise.victim, consistent_read=True)
    found = [promise_of_item(row) for row in rows if isinstance(row, PromiseItem)]
    return next(p for p in found if p.id == promise.id)


def keep(world: World, promise: Promise) -> None:
    """Keep a promise behind the back of whoever looks at a list."""
    at = world.clock()
    part = world.deps.threads.keep_promise(promise, at, how="here", recorded_at=at)
    world.deps.ledger.write([part])


def listed(world: World, officer: Officer, *, active: bool = True) -> Officer:
    """Put an officer on the staff list."""
    member = StaffMember(officer.id, officer.name, officer.number, officer.team, active=active)
    world.deps.ledger.write([world.deps.cases.keep_member(member)])
    return officer


def on_leave(world: World, officer: Officer, cover: Officer, first: date = TODAY) -> None:
    """Note that an officer is away for three days, and who answers."""
    until = first + timedelta(days=2)
    absence = Absence(world.deps.new_id(), officer.id, first, until, cover.id)
    world.deps.ledger.write([world.deps.cases.keep_absence(absence)])


def supervisor(world: World, team: str | None = None, name: str = "Sergeant Boss") -> Visitor:
    """Return the browser of a supervisor of a team."""
    boss = new_officer(name, team)
    return desk_of(world, boss)


def desk_of(world: World, officer: Officer, role: str = "supervisor") -> Visitor:
    """Return the browser of a person who has just signed in."""
    return world.desk(officer.id, role=role, team=officer.team, name=officer.name)


def forget_requests() -> None:
    """Take away what tests before this one left waiting."""
    BulkRow("waiting#bulk").delete()


def ids(promises: Iterable[Promise]) -> list[str]:
    """Return by what forms name these promises."""
    return [row_id(promise) for promise in promises]


def numbers(seen: Seen) -> dict[str, int]:
    """Return the counts of the board's table by their names."""
    table = next(t for t in seen.tree.iter("table"))
    rows = [[" ".join("".join(c.itertext()).split()) for c in row] for row in table.iter("tr")]
    return {row[0]: int(row[1].replace(",", "")) for row in rows[1:]}


def rows(seen: Seen) -> list[str]:
    """Return the words of each row."""
    found = [e for e in seen.tree.iter("li") if e.get("class") == "hub-row"]
    return [" ".join("".join(row.itertext()).split()) for row in found]


def references(seen: Seen) -> list[str]:
    """Return the references of the rows in their order."""
    return [row.split("Reference ")[1].split()[0][:12] for row in rows(seen) if "Reference" in row]


def ticked(seen: Seen) -> list[str]:
    """Return the values of the boxes that are ticked."""
    boxes = [e for e in seen.tree.iter("input") if e.get("type") == "checkbox"]
    return [box.get("value", "") for box in boxes if box.get("checked") is not None]

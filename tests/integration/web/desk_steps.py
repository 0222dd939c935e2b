"""What tests of the desk seed and look for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

from chalicelib.domain.cases import Officer, OfficerId, TeamId
from chalicelib.domain.promises import OWED_REPLY, OWED_TELLING, REPLY, TELL, Working, promise_of
from chalicelib.stores.tables import AuditTable
from tests.builders import seed_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.promises import Promise
    from tests.builders import SeededCase
    from tests.integration.conftest import World

_numbers = count(1)


def new_officer(name: str = "PC Alder", team: str | None = None) -> Officer:
    """Return an officer, in a team of their own, whom no other test has."""
    number = next(_numbers)
    return Officer(
        OfficerId(f"desk-officer-{number}"), name, "0001", TeamId(team or f"desk-team-{number}")
    )


def owe(
    world: World,
    officer: Officer,
    due_on: date,
    *,
    kind: str = TELL,
    case: SeededCase | None = None,
    flags: Sequence[str] = (),
    subject: str = "1",
) -> Promise:
    """Put an open promise of an officer, with a case of its own, and return it."""
    deps = world.deps
    case = case or seed_case(deps, officer=officer, flags=flags)
    read = deps.cases.read(case.key)
    assert read is not None
    promise = promise_of(
        kind=kind,
        identity=deps.new_id(),
        case=read,
        victim=case.victim,
        subject=subject,
        owed={REPLY: OWED_REPLY, TELL: OWED_TELLING}[kind],
        made_at=deps.now(),
        rules=deps.rules,
        due=(due_on, Working("contact.reply", due_on - timedelta(days=7), 5, "our standard")),
    )
    deps.ledger.write([deps.threads.new_promise(promise)])
    return replace(promise, version=1)


def lines_about(about: str) -> list[tuple[str, str, str, frozenset[str]]]:
    """Return who, what, why and the named cases of each audit line, oldest first."""
    return [
        (row.who, row.what, row.why or "", frozenset(row.cases or ()))
        for row in AuditTable.query(about)
    ]

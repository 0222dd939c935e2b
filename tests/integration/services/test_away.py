"""Who is away is noted for victims; no administrator loses what another one noted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from pynamodb.exceptions import CancellationReason, TransactGetError, VerboseClientError

from chalicelib.domain.errors import NotFoundError, SessionEndedError, StoreUnavailableError
from chalicelib.domain.force_forms import AbsenceForm, MemberForm
from chalicelib.services import keep_force
from chalicelib.services.victim_sessions import open_officer_page
from chalicelib.stores.tables import CasesTable
from tests.builders import STAFFORD, seed_case
from tests.integration.services.staff_steps import colleague, staff

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.domain.cases import OfficerId
    from chalicelib.domain.staff import Away, StaffSession
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)


def _admin(world: World) -> StaffSession:
    return staff(world, "admin", role="administrator")


def _away(world: World, who: str) -> list[Away]:
    return [away for away in world.deps.cases.read_force().away.absences if away.officer == who]


def _form(who: str, cover: str, last: str = "2026-11-30") -> AbsenceForm:
    return AbsenceForm(who, "2026-11-18", last, cover)


def _pair(world: World, name: str) -> tuple[OfficerId, OfficerId]:
    return colleague(world, f"{name}-gone"), colleague(world, f"{name}-cover")


def test_an_absence_is_noted_with_the_covers_name_and_ends_with_it(world: World) -> None:
    who, cover = _pair(world, "noted")
    keep_force.add_absence(world.deps, _admin(world), _form(who, cover))
    (away,) = _away(world, who)
    assert (away.first_day, away.last_day) == (TODAY, date(2026, 11, 30))
    assert (away.cover, away.name) == (cover, "PC Noted-Cover")
    (absence,) = [a for a in world.deps.cases.read_force().absences if a.officer == who]
    keep_force.end_absence(world.deps, _admin(world), absence.id)
    assert _away(world, who) == []
    with pytest.raises(NotFoundError):
        keep_force.end_absence(world.deps, _admin(world), absence.id)


def test_the_same_absence_twice_is_noted_once(world: World) -> None:
    who, cover = _pair(world, "twice")
    for _ in range(2):
        keep_force.add_absence(world.deps, _admin(world), _form(who, cover))
    assert len(_away(world, who)) == 1


def test_an_absence_that_is_over_leaves_the_note_with_the_next_change(world: World) -> None:
    who, cover = _pair(world, "over")
    keep_force.add_absence(world.deps, _admin(world), _form(who, cover, "2026-11-20"))
    world.clock.forward(days=3)
    other, cover = _pair(world, "later")
    keep_force.add_absence(world.deps, _admin(world), _form(other, cover))
    assert _away(world, who) == []
    assert len(_away(world, other)) == 1


def test_a_cover_who_is_renamed_or_leaves_is_noted_so(world: World) -> None:
    who, cover = _pair(world, "named")
    keep_force.add_absence(world.deps, _admin(world), _form(who, cover))
    part = keep_force.address_part(cover)
    form = MemberForm("", "Sergeant Cover", "0007", STAFFORD)
    keep_force.change_member(world.deps, _admin(world), part, form)
    assert [away.name for away in _away(world, who)] == ["Sergeant Cover"]
    keep_force.switch_member(world.deps, _admin(world), part, active=False)
    (away,) = _away(world, who)
    assert away.name == ""
    note = world.deps.cases.read_force().away
    found = note.of(who, TODAY)
    assert found is not None
    assert found.name == ""


def test_two_administrators_at_once_lose_nothing_of_each_other(world: World) -> None:
    pairs = [_pair(world, f"race-{number}") for number in range(4)]
    admin = _admin(world)

    def add(pair: tuple[OfficerId, OfficerId]) -> None:
        keep_force.add_absence(world.deps, admin, _form(*pair))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, pairs))
    assert [len(_away(world, who)) for who, _ in pairs] == [1, 1, 1, 1]


def test_who_is_overtaken_reads_again(world: World) -> None:
    (first, cover), (second, other) = _pair(world, "first"), _pair(world, "second")
    admin = _admin(world)

    @dataclass
    class Overtaken:
        writes: int = 0

        def write(self, parts: Sequence[Any]) -> None:
            self.writes += 1
            if self.writes == 1:
                keep_force.add_absence(world.deps, admin, _form(second, other))
            world.deps.ledger.write(parts)

    ledger = Overtaken()
    keep_force.add_absence(replace(world.deps, ledger=ledger), admin, _form(first, cover))
    assert ledger.writes == 2
    assert (len(_away(world, first)), len(_away(world, second))) == (1, 1)


# --- read beside the session


@contextmanager
def _reads(*answers: Exception) -> Iterator[list[int]]:
    """Let the first reads of several items fail like this."""
    connection: Any = CasesTable._get_connection().connection  # noqa: SLF001
    original, waiting, calls = connection.transact_get_items, list(answers), []

    def read(**kw: Any) -> Any:
        calls.append(1)
        if waiting:
            raise waiting.pop(0)
        return original(**kw)

    connection.transact_get_items = read
    try:
        yield calls
    finally:
        del connection.transact_get_items


def _cancelled(*reasons: str | None) -> TransactGetError:
    cause = VerboseClientError(
        {"Error": {"Code": "TransactionCanceledException"}},
        "TransactGetItems",
        cancellation_reasons=[CancellationReason(code) if code else None for code in reasons],
    )
    return TransactGetError("no", cause)


@pytest.mark.parametrize(
    "reasons", [("TransactionConflict", None), (None, "TransactionConflict"), ("ThrottlingError",)]
)
def test_a_read_that_meets_a_write_is_tried_again(
    world: World, reasons: tuple[str | None, ...]
) -> None:
    token = world.victim(seed_case(world.deps)).cookies["hub"]
    with _reads(_cancelled(*reasons)) as calls:
        open_officer_page(world.deps, token, "read the case")
    assert len(calls) == 2


def test_a_read_that_never_comes_through_is_the_usual_page(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    with _reads(*[_cancelled("TransactionConflict")] * 20):
        seen = victim.get("/case")
    assert seen.status == 503
    assert "Our system did not answer." in seen.main


def test_without_a_session_or_with_one_that_is_over_nothing_is_opened(world: World) -> None:
    token = world.victim(seed_case(world.deps)).cookies["hub"]
    world.clock.forward(minutes=16)
    for each in (token, "unknown"):
        with pytest.raises(SessionEndedError):
            open_officer_page(world.deps, each, "read the case")


def test_giving_up_says_that_nothing_is_stored(world: World) -> None:
    who, cover = _pair(world, "never")
    admin = _admin(world)

    @dataclass
    class AlwaysSecond:
        turn: int = 0

        def write(self, parts: Sequence[Any]) -> None:
            self.turn += 1
            other, another = _pair(world, f"ahead-{self.turn}")
            keep_force.add_absence(world.deps, admin, _form(other, another))
            world.deps.ledger.write(parts)

    with pytest.raises(StoreUnavailableError):
        keep_force.add_absence(replace(world.deps, ledger=AlwaysSecond()), admin, _form(who, cover))
    assert _away(world, who) == []

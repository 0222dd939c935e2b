"""A rhythm of updates is stored once, moves what is owed next, and leaves what is late."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import NotFoundError, SessionEndedError, StoreUnavailableError
from chalicelib.domain.promises import UPDATE
from chalicelib.services.choose_rhythm import RhythmClosedError, agree_rhythm, choose_rhythm
from chalicelib.services.follow import open_of
from chalicelib.services.ports import ConflictError
from tests.builders import seed_case
from tests.integration.services.staff_steps import audit_of, case_of, file_of, staff, victim
from tests.integration.web.victim_steps import record_outcome, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.domain.promises import Promise
    from tests.builders import SeededCase
    from tests.integration.conftest import World

DAY = timedelta(days=1)


def _open(world: World, case: SeededCase) -> list[Promise]:
    return open_of(file_of(world, case), UPDATE)


@dataclass
class Overtaken:
    """A store in which something happens just before the first write."""

    world: World
    first: Callable[[], None]
    writes: int = 0

    def write(self, parts: Sequence[Any]) -> None:
        """Write as ever, but later."""
        self.writes += 1
        if self.writes == 1:
            self.first()
        self.world.deps.ledger.write(parts)


def test_the_first_choice_owes_an_update_counted_from_today(world: World) -> None:
    case = seed_case(world.deps)
    choose_rhythm(world.deps, victim(world, case), "every_10")
    (owed,) = _open(world, case)
    assert owed.due_on == date(2026, 12, 2)
    assert owed.working.counted_from == date(2026, 11, 18)
    door = file_of(world, case).door
    assert (door.rhythm, door.rhythm_on, door.rhythm_by) == (
        "every_10",
        date(2026, 11, 18),
        "victim",
    )
    assert "chose a rhythm of updates" in [line.what for line in audit_of(case)]


def test_a_change_before_the_day_counts_from_the_last_update(world: World) -> None:
    case = seed_case(world.deps)
    choose_rhythm(world.deps, victim(world, case), "every_20")
    world.clock.forward(days=2)
    choose_rhythm(world.deps, victim(world, case), "every_5")
    (owed,) = _open(world, case)
    assert owed.due_on == date(2026, 11, 25)
    assert owed.working.counted_from == date(2026, 11, 18)
    assert [p.cancelled_why for p in file_of(world, case).owed if not p.is_open] == [
        "Another rhythm was chosen."
    ]


def test_a_change_that_would_be_due_already_counts_from_today(world: World) -> None:
    case = seed_case(world.deps)
    choose_rhythm(world.deps, victim(world, case), "every_20")
    world.clock.forward(days=12)
    choose_rhythm(world.deps, victim(world, case), "every_5")
    (owed,) = _open(world, case)
    assert owed.due_on == date(2026, 12, 7)


def test_what_is_late_stays_and_nothing_is_owed_beside_it(world: World) -> None:
    case = seed_case(world.deps)
    choose_rhythm(world.deps, victim(world, case), "every_5")
    (before,) = _open(world, case)
    world.clock.forward(days=8)
    for rhythm in ("every_20", "no_updates", "every_10"):
        choose_rhythm(world.deps, victim(world, case), rhythm)
        assert _open(world, case) == [before]
    assert file_of(world, case).door.rhythm == "every_10"


def test_no_updates_takes_what_waits_and_owes_nothing(world: World) -> None:
    case = seed_case(world.deps)
    choose_rhythm(world.deps, victim(world, case), "every_5")
    choose_rhythm(world.deps, victim(world, case), "no_updates")
    assert _open(world, case) == []
    assert file_of(world, case).door.rhythm == "no_updates"


def test_the_same_choice_again_changes_nothing(world: World) -> None:
    case = seed_case(world.deps)
    choose_rhythm(world.deps, victim(world, case), "every_5")
    before = file_of(world, case)
    world.clock.forward(minutes=5)
    choose_rhythm(world.deps, victim(world, case), "every_5")
    after = file_of(world, case)
    assert (after.door, after.owed) == (before.door, before.owed)


@pytest.mark.parametrize("rhythm", ["", "every_1", "victim#door"])
def test_an_unknown_rhythm_is_not_stored(world: World, rhythm: str) -> None:
    case = seed_case(world.deps)
    session = victim(world, case)
    choose_rhythm(world.deps, session, "every_5")
    with pytest.raises(NotFoundError):
        choose_rhythm(world.deps, session, rhythm)
    assert file_of(world, case).door.rhythm == "every_5"


def test_behind_a_closed_door_nothing_is_chosen(world: World) -> None:
    case = seed_case(world.deps)
    session = victim(world, case)
    tell(world, case, record_outcome(world, case, "charged"))
    with pytest.raises(RhythmClosedError):
        choose_rhythm(world.deps, session, "every_5")
    with pytest.raises(RhythmClosedError):
        agree_rhythm(world.deps, staff(world), case.key, case.victim, "every_5")
    assert file_of(world, case).owed == ()


def test_who_left_chooses_nothing(world: World) -> None:
    case = seed_case(world.deps)
    session = victim(world, case)
    (whose,) = case_of(world, case).victims
    left = replace(whose, left_on=world.deps.today())
    world.deps.ledger.write([world.deps.cases.keep_victim(case.key, left)])
    with pytest.raises(RhythmClosedError):
        choose_rhythm(world.deps, session, "every_5")


def test_a_decision_told_this_very_moment_wins(world: World) -> None:
    case = seed_case(world.deps)
    session, entry = victim(world, case), record_outcome(world, case, "charged")
    ledger = Overtaken(world, lambda: tell(world, case, entry))
    with pytest.raises(RhythmClosedError):
        choose_rhythm(replace(world.deps, ledger=ledger), session, "every_5")
    assert file_of(world, case).owed == ()
    assert file_of(world, case).door.rhythm == ""


def test_a_cancelled_code_stores_nothing(world: World) -> None:
    case = seed_case(world.deps)
    session = victim(world, case)
    world.deps.ledger.write([world.deps.access.cancel_code(session.code_key)])
    with pytest.raises(SessionEndedError):
        choose_rhythm(world.deps, session, "every_5")
    assert file_of(world, case).door.rhythm == ""


def test_of_two_tabs_the_later_wins_and_one_update_is_owed(world: World) -> None:
    case = seed_case(world.deps)
    session = victim(world, case)
    ledger = Overtaken(world, lambda: choose_rhythm(world.deps, session, "every_20"))
    choose_rhythm(replace(world.deps, ledger=ledger), session, "every_5")
    assert ledger.writes == 2
    (owed,) = _open(world, case)
    assert owed.working.rule == "rhythm.every_5"
    assert file_of(world, case).door.rhythm == "every_5"


def test_ten_tabs_at_once_leave_one_update_that_fits_the_rhythm(world: World) -> None:
    case = seed_case(world.deps)
    session = victim(world, case)
    rhythms = ["every_5", "every_10", "every_20", "no_updates", "every_10"] * 2

    def choose(rhythm: str) -> bool:
        try:
            choose_rhythm(world.deps, session, rhythm)
        except StoreUnavailableError:
            # Overtaken six times: nothing of this one is stored, and its page says so.
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert any(list(pool.map(choose, rhythms)))
    door, owed = file_of(world, case).door, _open(world, case)
    expected = [] if door.rhythm == "no_updates" else [f"rhythm.{door.rhythm}"]
    assert [promise.working.rule for promise in owed] == expected


def test_overtaken_again_and_again_it_gives_up_and_says_so(world: World) -> None:
    @dataclass
    class AlwaysLate:
        def write(self, _: Sequence[Any]) -> None:
            raise ConflictError(frozenset({"door"}))

    case = seed_case(world.deps)
    session = victim(world, case)
    with pytest.raises(StoreUnavailableError):
        choose_rhythm(replace(world.deps, ledger=AlwaysLate()), session, "every_5")

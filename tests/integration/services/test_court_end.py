"""When a victim was told that the case is over, nothing is owed before court any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told
from chalicelib.domain.events import LISTED
from chalicelib.domain.promises import LINE, REVIEW, TASK
from chalicelib.services.give_task import TaskWanted, give_task
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from tests.builders import OFFICER
from tests.integration.import_steps import TOLD, Records
from tests.integration.services.court_steps import (
    HEARING,
    charged,
    court_of,
    dated,
    in_charge,
    reviews,
)
from tests.integration.services.measure_steps import plead
from tests.integration.services.staff_steps import case_of, file_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from chalicelib.domain.promises import Promise
    from tests.builders import SeededCase
    from tests.integration.conftest import World

STOPPED = "court_case_stopped"


def _before_court(world: World, **options: object) -> SeededCase:
    """Put a case with a court date, a plea, and work for court that was given to somebody."""
    case = charged(world, crime_type="rape", officer=OFFICER, **options)
    dated(world, case)
    plead(world, case, world.deps.today())
    for task in ("travel", "letter"):
        wanted = TaskWanted(task, "", case_of(world, case).officer.id)
        give_task(
            world.deps,
            in_charge(world, case),
            case.key,
            case.victim,
            wanted,
            form_key=world.deps.new_id(),
        )
    return case


def _ended(world: World, case: SeededCase, told: tuple[str, ...] = (), key: str = STOPPED) -> None:
    """Record an outcome upon the case as it stands."""
    world.clock.forward(minutes=1)
    stage, today = world.deps.rules.outcomes[key].stage, world.deps.today()
    heard = {case.victims[label]: Told(today, "in person") for label in told}
    record_outcome(
        world.deps,
        in_charge(world, case),
        case.key,
        News(stage, today, outcome=key, told=heard),
        seen=case_of(world, case).version,
        form_key=world.deps.new_id(),
    )


def _open(world: World, case: SeededCase, label: str | None = None) -> set[str]:
    """Return what is owed of reviews, work and lines, by the key of each."""
    every: tuple[Promise, ...] = file_of(world, case, label).owed
    return {
        p.event or p.line or p.kind
        for p in every
        if p.is_open and (p.kind in {REVIEW, TASK, LINE} or p.event == LISTED)
    }


def _on(world: World, case: SeededCase, label: str | None = None) -> date | None:
    return court_of(world, case, label).on


FOR_COURT = {REVIEW, LISTED, "travel", "not_guilty", "meeting", "trial_days"}


def test_before_the_end_all_of_it_is_owed(world: World) -> None:
    case = _before_court(world)
    assert _open(world, case) >= FOR_COURT - {"trial_days"}


def test_who_was_told_that_it_is_over_is_owed_nothing_for_court_any_more(world: World) -> None:
    case = _before_court(world)
    _ended(world, case, told=("V1",))
    assert _open(world, case).isdisjoint(FOR_COURT)
    assert "letter" in _open(world, case)
    assert _on(world, case) is None
    page = world.victim(case).get("/case").main
    assert "Next date at court" not in page
    assert "arranges how you get to court" not in page


def test_until_they_are_told_all_of_it_stands(world: World) -> None:
    case = _before_court(world)
    before = _open(world, case)
    _ended(world, case)
    assert (_open(world, case), _on(world, case)) == (before, HEARING)
    entry = case_of(world, case).current.id
    told = Told(world.deps.today(), "phone")
    record_telling(world.deps, in_charge(world, case), case.key, case.victim, told, entry_id=entry)
    assert _open(world, case).isdisjoint(FOR_COURT)
    assert _on(world, case) is None


def test_that_the_date_went_away_before_they_were_told_changes_nothing_of_that(
    world: World,
) -> None:
    case = _before_court(world)
    _ended(world, case)
    dated(world, case, None)
    assert "travel" in _open(world, case)
    told, entry = Told(world.deps.today(), "phone"), case_of(world, case).current.id
    session = in_charge(world, case)
    record_telling(world.deps, session, case.key, case.victim, told, entry_id=entry)
    assert _open(world, case).isdisjoint(FOR_COURT)


def test_news_of_a_date_that_was_late_stays_late(world: World) -> None:
    case = _before_court(world)
    world.clock.forward(days=3)
    _ended(world, case, told=("V1",))
    assert _open(world, case) & FOR_COURT == {LISTED}


def test_each_victim_hears_for_themselves(world: World) -> None:
    case = _before_court(world, victims=("V1", "V2"))
    _ended(world, case, told=("V1",))
    assert (_on(world, case, "V1"), _on(world, case, "V2")) == (None, HEARING)
    assert len(reviews(world, case, "V2")) == 1


def test_what_comes_after_a_sentence_is_owed_all_the_same(world: World) -> None:
    case = _before_court(world)
    _ended(world, case, told=("V1",), key="sentenced")
    assert "afterwards" in _open(world, case)
    assert _open(world, case).isdisjoint(FOR_COURT)


def test_a_date_that_comes_after_the_end_is_a_date(world: World) -> None:
    case = _before_court(world)
    _ended(world, case, told=("V1",))
    again = HEARING.replace(day=20)
    dated(world, case, again)
    assert _on(world, case) == again
    assert [p.subject for p in reviews(world, case)] == [again.isoformat()]
    assert "Next date at court" in world.victim(case).get("/case").main


def test_a_case_that_goes_on_after_all_has_its_date_again(world: World) -> None:
    case = _before_court(world)
    _ended(world, case, told=("V1",))
    _ended(world, case, key="charged", told=("V1",))
    assert (_on(world, case), len(reviews(world, case))) == (HEARING, 1)


@pytest.mark.parametrize("count", [12])
def test_of_very_many_victims_it_ends_for_everyone_who_was_told(world: World, count: int) -> None:
    labels = tuple(f"V{n}" for n in range(count))
    case = _before_court(world, victims=labels)
    _ended(world, case, told=labels)
    for label in labels:
        assert _open(world, case, label).isdisjoint(FOR_COURT)
        assert _on(world, case, label) is None


def test_a_file_that_says_so_ends_it_as_well(world: World, tmp_path: Path) -> None:
    records = Records(world, tmp_path)
    charge = {"crime_type": "rape", "stage": "charged", "outcome": "charged"}
    charge |= {"outcome_on": "2026-11-10", "next_hearing_on": "2027-01-08", "court": "Court"}
    records.say(charge | TOLD)
    over = charge | {"stage": "closed", "outcome": STOPPED, "outcome_on": "2026-11-17"}
    records.say(over | TOLD)
    case = records.seeded
    assert (_on(world, case), len(reviews(world, case))) == (HEARING, 1)
    records.say(over | {"told_on": "2026-11-18", "told_how": "phone"})
    assert (_on(world, case), reviews(world, case)) == (None, [])

"""A file keeps one telling a victim: what it speaks of, and what shows while news is untold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from tests.integration.import_steps import DECIDED, TOLD, Records
from tests.integration.services.staff_steps import staff
from tests.integration.web.victim_steps import page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import World
    from tests.pages import Visitor

CHARGED = {"stage": "charged", "outcome": "charged", "outcome_on": "2026-11-10"}
CLOSED = {"stage": "closed"}
BAIL = {"stage": "released_bail"}
HEARING = {"next_hearing_on": "2026-12-10", "court": "Invented Court"}
LATER = {"told_on": "2026-11-13", "told_how": "phone"}
SHOWN = "Thursday 10 December 2026, Invented Court"


@pytest.fixture
def records(world: World, tmp_path: Path) -> Records:
    return Records(world, tmp_path)


def _tell_at_the_desk(world: World, records: Records, day: int) -> None:
    case = records.case
    officer = staff(world, team=case.officer.team)
    told = Told(date(2026, 11, day), "by phone")
    world.clock.forward(minutes=1)
    record_telling(
        world.deps, officer, case.key, records.seeded.victim, told, entry_id=case.current.id
    )


def _record_at_the_desk(world: World, records: Records, news: News) -> None:
    case = records.case
    world.clock.forward(minutes=1)
    officer = staff(world, team=case.officer.team)
    record_outcome(world.deps, officer, case.key, news, seen=case.version, form_key=case.key)


# --- a telling that is left over ---------------------------------------------------------


@pytest.mark.parametrize("typed", [10, 11, 12])
def test_a_telling_left_over_tells_no_later_news_whichever_day_was_typed_for_it(
    world: World, records: Records, typed: int
) -> None:
    records.say(CHARGED)
    _tell_at_the_desk(world, records, typed)
    records.say(CHARGED | TOLD)
    records.say(CLOSED | TOLD)
    assert records.case.current.stage == "closed"
    assert not records.case.current.told
    assert len(records.to_tell()) == 1
    assert "The case has ended." not in world.victim(records.seeded).follow().main


def test_a_telling_from_before_there_was_news_tells_no_news(records: Records) -> None:
    records.say(TOLD)
    records.say(BAIL | TOLD)
    assert not records.case.current.told
    assert len(records.to_tell()) == 1


def test_a_telling_that_came_before_the_news_did_tells_no_news(records: Records) -> None:
    records.say({})
    assert records.say(TOLD) == {"changed": 1}
    assert records.say(LATER) == {"changed": 1}
    assert records.say(LATER) == {"same": 1}
    records.say(BAIL | LATER)
    assert not records.case.current.told
    assert len(records.to_tell()) == 1


def test_a_day_that_the_file_moved_is_still_the_telling_of_the_news_it_stood_with(
    records: Records,
) -> None:
    records.say(CHARGED | TOLD)
    assert records.say(CHARGED | LATER) == {"kept": 1}
    records.say(CLOSED | LATER)
    assert not records.case.current.told
    assert len(records.to_tell()) == 1


def test_a_telling_that_stood_beside_another_stage_does_not_tell_what_was_typed(
    world: World, records: Records
) -> None:
    records.say({})
    _record_at_the_desk(
        world, records, News("no_further_action", date(2026, 11, 10), "no_suspect_found")
    )
    assert records.say(CHARGED | TOLD) == {"kept": 1}
    records.say(DECIDED | TOLD)
    assert not records.case.current.told
    assert len(records.to_tell()) == 1


def test_a_telling_of_a_later_day_is_of_the_later_news(records: Records) -> None:
    records.say(TOLD)
    records.say(BAIL | TOLD)
    assert records.say(BAIL | LATER) == {"changed": 1}
    assert [told.on for told in records.case.current.told.values()] == [date(2026, 11, 13)]
    assert not records.to_tell()


def test_a_charge_told_on_another_day_than_the_files_holds_for_the_hearing_that_follows(
    world: World, records: Records
) -> None:
    records.say(CHARGED)
    _tell_at_the_desk(world, records, 12)
    records.say(CHARGED | TOLD)
    records.say(CHARGED | TOLD | {"stage": "court"})
    assert records.case.current.told
    assert not records.to_tell()


def test_a_stage_that_is_no_news_is_not_said_to_be_told(records: Records) -> None:
    records.say(TOLD)
    assert not records.case.current.told


# --- the date at court while news is untold ------------------------------------------------


def _charged(world: World, records: Records) -> Visitor:
    """Return the browser of a victim who was told of a charge and reads a date at court."""
    records.say(CHARGED | TOLD | HEARING)
    visitor = world.victim(records.seeded)
    assert SHOWN in visitor.get("/case").main
    return visitor


@pytest.mark.parametrize(
    "said", [{}, HEARING | {"next_hearing_on": "2026-12-20"}, {"court": "Another Court"}]
)
def test_the_date_at_court_stays_while_later_news_is_untold(
    world: World, records: Records, said: dict[str, str]
) -> None:
    visitor = _charged(world, records)
    before = page(visitor, "/case")
    records.say(CLOSED | {"outcome": "charged"} | said)
    assert records.case.current.stage == "closed"
    assert page(visitor, "/case") == before
    records.say(CLOSED | {"outcome": "charged"} | said | LATER)
    after = visitor.get("/case").main
    assert "The case has ended." in after
    assert SHOWN not in after


def test_the_date_at_court_stays_while_news_that_was_typed_is_untold(
    world: World, records: Records
) -> None:
    visitor = _charged(world, records)
    before = page(visitor, "/case")
    _record_at_the_desk(world, records, News("closed", date(2026, 11, 18), "not_guilty"))
    records.say(CHARGED | TOLD)
    assert records.case.next_hearing_on is None
    assert page(visitor, "/case") == before


def test_the_date_at_court_moves_for_whom_was_told_and_for_nobody_else(
    world: World, records: Records
) -> None:
    second = {"victim_id": "V2"}
    said = CHARGED | TOLD | HEARING
    records.say(said, said | second)
    closed = CLOSED | {"outcome": "not_guilty"}
    records.say(closed | LATER, closed | second)
    assert SHOWN not in world.victim(records.seeded, "V1").follow().main
    assert SHOWN in world.victim(records.seeded, "V2").follow().main


def test_a_date_at_court_that_moves_shows_at_once_when_nothing_is_untold(
    world: World, records: Records
) -> None:
    visitor = _charged(world, records)
    records.say(CHARGED | TOLD | HEARING | {"next_hearing_on": "2026-12-11"})
    assert "Friday 11 December 2026, Invented Court" in visitor.get("/case").main
    records.say(CHARGED | TOLD)
    assert "Invented Court" not in visitor.get("/case").main


# --- news that was never told ----------------------------------------------------------------


def test_a_release_that_nobody_told_stays_owed_when_the_file_moves_on(records: Records) -> None:
    records.say(BAIL)
    release = records.case.current.id
    records.say({"stage": "with_cps"})
    assert [row.subject for row in records.to_tell()] == [release]
    records.say(DECIDED | TOLD)
    assert [row.subject for row in records.to_tell()] == [release]


def test_a_decision_takes_the_place_of_an_untold_decision_and_of_nothing_else(
    records: Records,
) -> None:
    records.say(BAIL)
    release = records.case.current.id
    records.say(DECIDED)
    assert len(records.to_tell()) == 2
    records.say(CHARGED)
    assert {row.subject for row in records.to_tell()} == {release, records.case.current.id}

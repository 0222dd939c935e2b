"""News in a file follows the rule of the desk: told first, tried the same day, or as they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told
from chalicelib.domain.notices import to_victim
from chalicelib.domain.promises import TASK
from chalicelib.domain.safety import HERE, PERSON_THEN_HERE, Safety
from chalicelib.domain.tellings import CHOSEN_HERE, FIRST_TRY
from tests.integration.import_steps import DECIDED, TOLD, Records

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.domain.promises import Promise
    from tests.integration.conftest import World

BAIL = {"stage": "released_bail", "outcome_on": "2026-11-10"}
SEXUAL = {"crime_type": "rape"}
MANY = 24


@pytest.fixture
def records(world: World, tmp_path: Path) -> Records:
    return Records(world, tmp_path)


def _chooses(records: Records, hears: str, *labels: str) -> None:
    threads = records.world.deps.threads
    for label in labels:
        kept = threads.keep_safety(records.seeded.victims[label], Safety(hears=hears))
        records.world.deps.ledger.write([kept])


def _first_tries(records: Records, label: str = "V1") -> list[Promise]:
    return [p for p in records.file(label).owed if p.kind == TASK and p.event == FIRST_TRY]


def _told(records: Records, label: str = "V1") -> Told | None:
    return records.case.current.told.get(records.seeded.victims[label])


def _named(*labels: str, **cells: str) -> list[dict[str, str]]:
    return [{"victim_id": label, **cells} for label in labels]


def test_a_release_in_a_file_owes_a_first_try_on_the_day_of_the_import(records: Records) -> None:
    records.say({})
    records.say(BAIL)
    (first,) = _first_tries(records)
    assert (first.due_on, first.is_open) == (records.world.deps.today(), True)
    assert first.subject == records.case.current.id
    records.say(BAIL)
    assert len(_first_tries(records)) == 1


def test_so_does_one_of_a_case_that_is_new(records: Records) -> None:
    records.say(BAIL)
    assert [first.subject for first in _first_tries(records)] == [records.case.current.id]


def test_a_file_that_says_they_were_told_keeps_the_first_try(records: Records) -> None:
    records.say(BAIL)
    records.say(BAIL | TOLD)
    (first,) = _first_tries(records)
    assert first.kept_how == "by phone"


def test_who_chose_it_reads_news_of_a_file_at_once(records: Records) -> None:
    records.say(*_named("V1", "V2", "V3"))
    _chooses(records, HERE, "V1")
    _chooses(records, PERSON_THEN_HERE, "V2")
    records.say(*_named("V1", "V2", "V3", **DECIDED))
    assert _told(records) == Told(records.world.deps.today(), CHOSEN_HERE)
    assert (_told(records, "V2"), _told(records, "V3")) == (None, None)
    assert not records.to_tell()
    assert records.to_tell("V2")
    assert records.file().door.closed_on == records.world.deps.today()
    kept = [p for p in records.file().owed if p.subject == records.case.current.id]
    assert [p.kept_how for p in kept] == [CHOSEN_HERE]
    assert records.world.deps.threads.notice(to_victim(records.seeded.victim)) is None


def test_a_later_file_does_not_say_that_a_person_told_them(records: Records) -> None:
    records.say({})
    _chooses(records, HERE, "V1")
    records.say(BAIL)
    records.say(BAIL | TOLD)
    told = _told(records)
    assert told is not None
    assert told.how == CHOSEN_HERE


def test_what_was_owed_before_they_chose_stays_with_a_person(records: Records) -> None:
    records.say({})
    records.say(BAIL)
    _chooses(records, HERE, "V1")
    records.say(BAIL | {"officer_name": "PC Renamed"})
    assert _told(records) is None
    assert len(records.to_tell()) == 1


@pytest.mark.parametrize("hears", ["", HERE])
def test_news_for_very_many_victims_comes_in_rounds(records: Records, hears: str) -> None:
    labels = [f"V{number}" for number in range(MANY)]
    records.say(*_named(*labels, **SEXUAL))
    if hears:
        _chooses(records, hears, *labels)
    records.say(*_named(*labels, **SEXUAL, **BAIL))
    for label in labels:
        told = _told(records, label)
        assert (told is not None) == bool(hears), label
        assert len(_first_tries(records, label)) == (0 if hears else 1), label


def test_a_new_case_of_very_many_victims_comes_in_rounds(records: Records) -> None:
    labels = [f"V{number}" for number in range(MANY)]
    counted = records.say(*_named(*labels, **SEXUAL, **BAIL))
    assert counted == {"new": MANY}
    assert all(len(_first_tries(records, label)) == 1 for label in labels)

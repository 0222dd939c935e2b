"""The minimum expectations of police and ISVAs begin with what a case file says, each once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.promises import LINE, TELL, UPDATE
from tests.builders import next_reference
from tests.integration.import_steps import TOLD, Records, load, read_case
from tests.unit.domain.import_rows import row, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.domain.promises import Promise
    from tests.integration.conftest import World

RAPE = {"crime_type": "rape", "stage": "investigating"}
WITH_CPS = {**RAPE, "stage": "with_cps"}
CHARGED = {
    **RAPE,
    "stage": "charged",
    "outcome": "charged",
    "outcome_on": "2026-11-10",
    "next_hearing_on": "2026-12-09",
    "court": "Example Crown Court",
}


@pytest.fixture
def records(world: World, tmp_path: Path) -> Records:
    return Records(world, tmp_path)


def _lines(records: Records, label: str = "V1") -> dict[str, Promise]:
    owed = [p for p in records.file(label).owed if p.kind == LINE and p.is_open]
    assert len({promise.line for promise in owed}) == len(owed)
    return {promise.line: promise for promise in owed}


def test_a_new_case_begins_its_lines_for_each_victim(records: Records) -> None:
    records.say(RAPE, RAPE | {"victim_id": "V2"})
    assert set(_lines(records)) == set(_lines(records, "V2")) == {"offer"}


def test_a_later_stage_begins_its_lines_once(records: Records) -> None:
    records.say(RAPE)
    for _ in range(2):
        records.say(WITH_CPS)
    assert set(_lines(records)) == {"offer", "wishes"}
    assert _lines(records)["wishes"].due_on == date(2026, 11, 19)


def test_a_case_of_which_it_is_known_only_later_begins_them_then_and_once(
    records: Records,
) -> None:
    records.say({"stage": "with_cps"})
    assert _lines(records) == {}
    for flags in ("sexual", "sexual;child", "", "sexual"):
        records.say({"stage": "with_cps", "flags": flags})
    assert set(_lines(records)) == {"offer", "wishes"}


def test_a_victim_who_comes_later_has_theirs_and_the_first_no_second(records: Records) -> None:
    records.say(WITH_CPS)
    records.say(WITH_CPS, WITH_CPS | {"victim_id": "V2"})
    assert set(_lines(records)) == set(_lines(records, "V2")) == {"offer", "wishes"}


def test_a_charge_with_a_date_at_court_begins_what_is_done_before_it(records: Records) -> None:
    records.say(RAPE)
    records.say(CHARGED)
    assert {"offer", "meeting", "trial_days"} <= set(_lines(records))
    (telling,) = records.to_tell()
    assert (telling.kind, telling.line) == (TELL, "charged")
    records.say(CHARGED | {"next_hearing_on": "2026-12-16"})
    assert _lines(records)["trial_days"].due_on == date(2026, 12, 9)
    records.say(CHARGED | TOLD | {"next_hearing_on": "2026-12-16"})
    # Whoever was told of the decision is owed no update in a rhythm any more.
    assert not [p for p in records.file().owed if p.kind == UPDATE and p.is_open]


def test_a_case_of_many_victims_fits_into_its_transactions(records: Records) -> None:
    rows = [CHARGED | {"victim_id": f"V{number}"} for number in range(1, 31)]
    assert records.say(*rows)["new"] == len(rows)
    for label in ("V1", "V9", "V10", "V30"):
        assert {"offer", "meeting", "trial_days"} == set(_lines(records, label))


def test_cases_of_many_teams_fit_into_their_transactions(world: World, tmp_path: Path) -> None:
    references = [next_reference() for _ in range(25)]
    rows = [
        row(**CHARGED, reference=reference, team=f"Team {number}", officer_id=f"pc-{number}")
        for number, reference in enumerate(references)
    ]
    path = tmp_path / "cases.csv"
    path.write_text(text_of(rows))
    report = load(world, path)
    assert report.new == len(rows)
    for reference in references:
        (victim,) = read_case(world, reference).victims
        owed = world.deps.threads.read(victim.key).owed
        assert {p.line for p in owed if p.kind == LINE} == {"offer", "meeting", "trial_days"}

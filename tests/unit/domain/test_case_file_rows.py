"""What a row of the case file says, and why one is rejected."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.domain.case_file import HEADER, RowNotUsableError, key_of, row_of
from chalicelib.domain.cases import Told, is_safe_mode
from chalicelib.rules import load_rules
from tests.unit.domain.import_rows import row

RULES = load_rules()
TODAY = date(2026, 11, 18)
DECIDED = {"stage": "no_further_action", "outcome": "no_suspect_found", "outcome_on": "2026-11-10"}


def _rejected(**cells: str) -> str:
    with pytest.raises(RowNotUsableError) as caught:
        row_of(row(**cells), 2, RULES, TODAY)
    return str(caught.value)


def test_a_row_says_what_the_records_system_knows() -> None:
    cells = {
        **DECIDED,
        "flags": "hate; domestic_abuse;",
        "told_on": "2026-11-11",
        "told_how": "phone",
        "enhanced_rights": "Yes",
        "next_hearing_on": "2027-01-08",
        "court": "  Invented   Magistrates' Court ",
    }
    found = row_of(row(**cells), 7, RULES, TODAY)
    assert (found.line, found.reference, found.victim_id) == (7, "12/345678/90", "V1")
    assert found.told == Told(date(2026, 11, 11), "by phone")
    assert found.enhanced_rights
    facts = found.facts
    assert facts.flags == {"hate", "domestic_abuse"}
    assert (facts.stage, facts.outcome) == ("no_further_action", "no_suspect_found")
    assert (facts.reported_on, facts.outcome_on) == (date(2026, 11, 2), date(2026, 11, 10))
    assert (facts.next_hearing_on, facts.court) == (
        date(2027, 1, 8),
        "Invented Magistrates' Court",
    )
    assert (facts.officer.id, facts.officer.team) == ("pc-example", "Stafford")


@pytest.mark.parametrize("written", ["12/345678/90", "12 345678 90", "1234567890", "12-345678-90"])
def test_gaps_and_slashes_of_a_reference_do_not_matter(written: str) -> None:
    assert row_of(row(reference=written), 2, RULES, TODAY).reference == "12/345678/90"
    assert key_of(row(reference=written)) == key_of(row())


def test_an_outcome_may_be_a_type_of_the_home_office() -> None:
    assert row_of(row(**DECIDED | {"outcome": "18"}), 2, RULES, TODAY).facts.outcome == (
        "no_suspect_found"
    )


@pytest.mark.parametrize(
    ("crime_type", "flags"), [("not_yet_known", ""), ("", ""), ("burglary", "a_new_flag")]
)
def test_an_unknown_type_or_flag_is_taken_and_means_safe_mode(crime_type: str, flags: str) -> None:
    facts = row_of(row(crime_type=crime_type, flags=flags), 2, RULES, TODAY).facts
    assert is_safe_mode(facts.crime_type, facts.flags, RULES)


def test_a_flag_is_known_however_it_is_written() -> None:
    assert row_of(row(flags="Opposed victims;RESTRICTED"), 2, RULES, TODAY).facts.flags == {
        "opposed_victims",
        "restricted",
    }


def test_how_somebody_was_told_may_be_missing() -> None:
    told = row_of(row(**DECIDED, told_on="2026-11-10"), 2, RULES, TODAY).told
    assert told == Told(date(2026, 11, 10), "not said")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"reference": ""}, "force's form"),
        ({"reference": "12/3456/90"}, "force's form"),
        ({"reference": "AB/345678/90"}, "force's form"),
        ({"reported_on": ""}, "reported_on is empty"),
        ({"stage": ""}, "stage is empty"),
        ({"officer_id": " "}, "officer_id is empty"),
        ({"officer_name": ""}, "officer_name is empty"),
        ({"team": ""}, "team is empty"),
        ({"victim_id": ""}, "victim_id is empty"),
        ({"stage": "nearly_done"}, "stage is not one"),
        ({"outcome": "99"}, "outcome is not one"),
        ({"outcome": "charged"}, "its stage does not"),
        ({"reported_on": "02/11/2026"}, "reported_on is not a date"),
        ({"reported_on": "2026-02-30"}, "reported_on is not a date"),
        ({"reported_on": "20261102"}, "reported_on is not a date"),
        ({"reported_on": "2026-11-19"}, "reported_on is still to come"),
        (DECIDED | {"outcome_on": "2026-11-19"}, "outcome_on is still to come"),
        (DECIDED | {"outcome_on": "2026-11-01"}, "outcome_on is before reported_on"),
        (DECIDED | {"told_on": "yesterday"}, "told_on is not a date"),
        (DECIDED | {"told_on": "2026-11-19"}, "told_on is still to come"),
        (DECIDED | {"told_on": "2026-11-09"}, "told_on is before"),
        ({"told_on": "2026-11-01"}, "told_on is before"),
        (DECIDED | {"told_how": "by phone"}, "told_on does not say when"),
        ({"enhanced_rights": "perhaps"}, "neither yes nor no"),
        ({"next_hearing_on": "soon"}, "next_hearing_on is not a date"),
        ({"next_hearing_on": "2026-11-01"}, "next_hearing_on is before reported_on"),
        ({"next_hearing_on": "2031-11-19"}, "next_hearing_on is more than 60 months from today"),
        ({"next_hearing_on": "9999-12-31"}, "next_hearing_on is more than 60 months from today"),
        ({"court": "x" * 201}, "court is longer than 200"),
        ({"officer_name": "PC \u202eelpmaxE"}, "officer_name holds a character"),
        ({"victim_id": "V\x00"}, "victim_id holds a character"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(cells: dict[str, str], reason: str) -> None:
    assert reason in _rejected(**cells)


@pytest.mark.parametrize("day", ["2026-11-02", "2026-11-17", "2031-11-18"])
def test_a_court_date_may_have_passed_and_may_be_years_ahead(day: str) -> None:
    facts = row_of(row(next_hearing_on=day), 2, RULES, TODAY).facts
    assert facts.next_hearing_on == date.fromisoformat(day)


@pytest.mark.parametrize("name", HEADER)
def test_a_reason_repeats_nothing_of_what_the_row_holds(name: str) -> None:
    secret = "Mx Invented" + "\x07"
    assert "Invented" not in _rejected(**{name: secret})

"""The street-crime file of data.police.uk with invented people."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256

import pytest

from chalicelib.domain.case_file import CaseRow, RowNotUsableError
from chalicelib.domain.police_uk import HEADER, key_of, officer, row_of
from chalicelib.rules import load_rules

RULES = load_rules()
TODAY = date(2026, 11, 18)
CRIME = sha256(b"an invented crime").hexdigest()


def _fields(**cells: str) -> list[str]:
    row = dict.fromkeys(HEADER, "") | {
        "Crime ID": CRIME,
        "Month": "2018-12",
        "Crime type": "Burglary",
        "Last outcome category": "Investigation complete; no suspect identified",
    }
    return list((row | {name.replace("_", " "): text for name, text in cells.items()}).values())


def _row(**cells: str) -> CaseRow:
    found = row_of(_fields(**cells), 2, RULES, TODAY)
    assert found is not None
    return found


def test_a_crime_becomes_a_case_with_invented_people() -> None:
    found = _row()
    assert re.fullmatch(r"\d{2}/\d{6}/\d{2}", found.reference)
    assert (found.facts.crime_type, found.facts.flags) == ("burglary", frozenset({"safe_mode"}))
    assert (found.facts.stage, found.facts.outcome) == ("no_further_action", "no_suspect_found")
    month = date(2018, 12, 1)
    assert (found.facts.reported_on, found.facts.outcome_on) == (month, month)
    assert found.told is not None
    assert found.told.on == month
    assert re.fullmatch(r"PC Imported \d{3}", found.facts.officer.name)


def test_the_same_crime_has_the_same_people_whatever_became_of_it() -> None:
    later = _row(Month="2019-01", Last_outcome_category="Offender sent to prison")
    assert later.reference == _row().reference
    assert later.victim_id == _row().victim_id
    assert later.facts.officer == _row().facts.officer


def test_a_row_without_a_crime_id_is_no_case() -> None:
    fields = _fields(Crime_ID="", Crime_type="Anti-social behaviour", Last_outcome_category="")
    assert row_of(fields, 2, RULES, TODAY) is None
    assert not key_of(fields)


def test_a_crime_without_a_decision_is_open() -> None:
    for category in ("Under investigation", "Status update unavailable", ""):
        found = _row(Last_outcome_category=category)
        assert found.facts.stage == "investigating"
        assert found.told is None


def test_an_unknown_crime_type_is_taken() -> None:
    assert _row(Crime_type="A crime of the future").facts.crime_type == "unknown"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Last_outcome_category": "Something new"}, "Last outcome category is not one"),
        ({"Month": "December 2018"}, "Month is not a month"),
        ({"Month": "2018-13"}, "Month is not a month"),
        ({"Month": "2026-12"}, "Month is still to come"),
        ({"Location": "x" * 201}, "Location is longer"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(cells: dict[str, str], reason: str) -> None:
    with pytest.raises(RowNotUsableError, match=reason):
        _row(**cells)


def test_there_are_200_officers_in_20_teams_of_their_own() -> None:
    officers = [officer(number) for number in range(200)]
    assert len({o.id for o in officers}) == len({o.number for o in officers}) == 200
    assert len({o.team for o in officers}) == 20
    assert {o.team for o in officers[:10]} == {"Imported team 01"}


def test_every_category_that_rules_know_can_be_imported() -> None:
    for outcome in RULES.outcomes.values():
        for category in outcome.police_uk:
            found = _row(Last_outcome_category=category)
            assert found.facts.outcome == outcome.key
            assert (found.told is not None) == outcome.decided

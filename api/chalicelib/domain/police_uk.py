"""The street-crime file of data.police.uk: real crimes with invented officers and victims.

It is for trying the hub at the size of a real force. Everything that the file does not
hold is made from the crime ID, so that the same crime is the same case in every import:
the reference, the officer in charge (one of 200, in teams of their own) and the one
victim. The day of an outcome is not in the file; it is taken to be the file's month, and
the outcome to have been told then, since it is years old.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from chalicelib.domain.access import normalise_reference
from chalicelib.domain.case_file import CaseFacts, CaseRow, RowNotUsableError, cleaned
from chalicelib.domain.cases import STAGE_BEFORE_ANY_NEWS, Officer, OfficerId, TeamId, Told
from chalicelib.domain.statements import SAFE_MODE, FiledCase, Statement
from chalicelib.rules import Outcome, Rules

HEADER = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
CRIME_ID, MONTH = HEADER.index("Crime ID"), HEADER.index("Month")
TYPE, OUTCOME = HEADER.index("Crime type"), HEADER.index("Last outcome category")
ISO_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
OFFICERS = 200
OFFICERS_A_TEAM = 10
HOW_TOLD = "published by data.police.uk"
TEN_DIGITS = 10**10


def key_of(values: Sequence[str]) -> str:
    """Return what rows of one crime in one month have in common, or nothing without a crime ID."""
    crime_id = values[CRIME_ID].strip()
    return f"{crime_id} {values[MONTH].strip()}" if crime_id else ""


def row_of(values: Sequence[str], line: int, rules: Rules, today: date) -> CaseRow | None:
    """Return the row that these fields, in the order of the header, make.

    Returns:
        None for a row without a crime ID, which is anti-social behaviour and no case.

    Raises:
        RowNotUsableError: says in one sentence what is wrong with it.
    """
    cells = cleaned(HEADER, values)
    if not cells[CRIME_ID]:
        return None
    traits = sha256(cells[CRIME_ID].encode()).digest()
    reference = normalise_reference(_digits(traits), rules.force.reference_pattern)
    if reference is None:
        raise RowNotUsableError("References of this force are not made of ten digits.")
    month = _month(cells[MONTH], today)
    outcome = _outcome(cells[OUTCOME], rules)
    return CaseRow(
        line,
        reference,
        CaseFacts(
            crime_type=rules.crime_type_for_police_uk(cells[TYPE]).key,
            # The file has no flags: what looks like damage may have been done at home (D16).
            flags=frozenset({SAFE_MODE}),
            reported_on=month,
            stage=outcome.stage if outcome else STAGE_BEFORE_ANY_NEWS,
            outcome=outcome.key if outcome else None,
            outcome_on=month if outcome else None,
            officer=officer(int.from_bytes(traits[8:10]) % OFFICERS),
        ),
        victim_id=f"imported-{traits[10:16].hex()}",
        enhanced_rights=False,
        told=Told(month, HOW_TOLD) if outcome and outcome.decided else None,
    )


def officer(number: int) -> Officer:
    """Return one of the invented officers, by a number from 0 to 199."""
    team = number // OFFICERS_A_TEAM + 1
    return Officer(
        OfficerId(f"imported-{number + 1:03}"),
        f"PC Imported {number + 1:03}",
        f"9{number + 1:03}",
        TeamId(f"Imported team {team:02}"),
    )


def as_of_its_month(seen: FiledCase, said: Statement) -> Statement:
    """Return what the file says as it adds to what an earlier file said of the same crime.

    One crime can stand in the files of two months. The later month says how it stands,
    the earlier when it was reported, whichever is imported first.

    Raises:
        RowNotUsableError: the case was made from another crime; the one that was
            imported first keeps the reference.
    """
    row, known = said.rows[0], seen.facts
    if all(victim.label != row.victim_id for victim in seen.case.victims):
        raise RowNotUsableError("Another crime already has the reference made for this one.")
    is_older = (said.facts.outcome_on or date.min) < (known.outcome_on or date.min)
    facts = known if is_older else said.facts
    earliest = min(known.reported_on, said.facts.reported_on)
    told = None if is_older else row.told
    return replace(said, facts=replace(facts, reported_on=earliest), rows=[replace(row, told=told)])


def _digits(traits: bytes) -> str:
    return f"{int.from_bytes(traits[:8]) % TEN_DIGITS:010}"


def _month(text: str, today: date) -> date:
    if not ISO_MONTH.fullmatch(text):
        raise RowNotUsableError("Month is not a month like 2018-12.")
    month = date.fromisoformat(f"{text}-01")
    if month > today:
        raise RowNotUsableError("Month is still to come.")
    return month


def _outcome(category: str, rules: Rules) -> Outcome | None:
    if not category:
        return None
    found = rules.outcome_for_police_uk(category)
    if found is None:
        raise RowNotUsableError("Last outcome category is not one that data.police.uk describes.")
    return found

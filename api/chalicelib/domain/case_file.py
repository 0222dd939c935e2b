"""The case file of the force's records system, one row a victim; its form is in CONTRIBUTING."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from chalicelib.domain.access import CaseReference, normalise_reference
from chalicelib.domain.cases import HEARING_MONTHS_AHEAD, Officer, OfficerId, TeamId, Told
from chalicelib.domain.dates import add_months
from chalicelib.domain.errors import HubError
from chalicelib.domain.spelling import bare_reference
from chalicelib.domain.tellings import WAYS_OF_TELLING
from chalicelib.frozen import frozen
from chalicelib.rules import Outcome, Rules

HEADER = (
    "reference", "crime_type", "flags", "reported_on", "stage", "outcome", "outcome_on",
    "told_on", "told_how", "officer_id", "officer_name", "officer_number", "team",
    "victim_id", "enhanced_rights", "next_hearing_on", "court",
)  # fmt: skip
NEVER_EMPTY = ("reported_on", "stage", "officer_id", "officer_name", "team", "victim_id")
MOST_CHARACTERS = 200
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YES = ("yes", "y", "true", "1")
NO = ("no", "n", "false", "0", "")
HOW_NOT_SAID = "not said"

Cells = Mapping[str, str]


class RowNotUsableError(HubError):
    """A row cannot be used; the message is one sentence that repeats nothing of what it holds."""


@frozen
class CaseFacts:
    """What a file says of a case, the same in each of its rows."""

    crime_type: str
    flags: frozenset[str]
    reported_on: date
    stage: str
    outcome: str | None
    outcome_on: date | None
    officer: Officer
    next_hearing_on: date | None = None
    court: str | None = None


@frozen
class CaseRow:
    """One usable row: the case as it stands there, and one victim of it."""

    line: int
    reference: CaseReference
    facts: CaseFacts
    victim_id: str
    enhanced_rights: bool
    told: Told | None


def key_of(values: Sequence[str]) -> str:
    """Return what rows of one case have in common, or nothing for a row without a reference."""
    return bare_reference(values[0])


def row_of(values: Sequence[str], line: int, rules: Rules, today: date) -> CaseRow:
    """Return the row that these fields, in the order of the header, make.

    Raises:
        RowNotUsableError: says in one sentence what is wrong with it.
    """
    cells = dict(zip(HEADER, cleaned(HEADER, values), strict=True))
    reference = normalise_reference(cells["reference"], rules.force.reference_pattern)
    if reference is None:
        raise RowNotUsableError(
            f"The reference does not have the force's form, like {rules.force.reference_example}."
        )
    for name in NEVER_EMPTY:
        if not cells[name]:
            raise RowNotUsableError(f"{name} is empty.")
    facts = _facts(cells, rules, today)
    return CaseRow(
        line,
        reference,
        facts,
        cells["victim_id"],
        enhanced_rights=_yes_or_no(cells, "enhanced_rights"),
        told=_told(cells, facts, today),
    )


def cleaned(header: Iterable[str], values: Sequence[str]) -> list[str]:
    """Return the values with gaps and line ends as single spaces.

    Raises:
        RowNotUsableError: one is too long, or holds what cannot be seen.
    """
    clean = [" ".join(value.split()) for value in values]
    for name, value in zip(header, clean, strict=True):
        if len(value) > MOST_CHARACTERS:
            raise RowNotUsableError(f"{name} is longer than {MOST_CHARACTERS} characters.")
        if not value.isprintable():
            raise RowNotUsableError(f"{name} holds a character that cannot be seen.")
    return clean


def _facts(cells: Cells, rules: Rules, today: date) -> CaseFacts:
    outcome = _outcome(cells["outcome"], rules)
    stage = _keyed(cells["stage"])
    if stage not in rules.stages:
        raise RowNotUsableError("stage is not one of the hub's stages.")
    if outcome is not None and outcome.decided and not rules.stages[stage].decided:
        raise RowNotUsableError("The outcome decides the case, but its stage does not.")
    reported_on = _past_day(cells, "reported_on", today)
    if reported_on is None:
        raise RowNotUsableError("reported_on is empty.")
    outcome_on = _past_day(cells, "outcome_on", today)
    if outcome_on is not None and outcome_on < reported_on:
        raise RowNotUsableError("outcome_on is before reported_on.")
    return CaseFacts(
        crime_type=_keyed(cells["crime_type"]),
        flags=frozenset(filter(None, map(_keyed, cells["flags"].split(";")))),
        reported_on=reported_on,
        stage=stage,
        outcome=outcome.key if outcome else None,
        outcome_on=outcome_on,
        officer=_officer(cells),
        next_hearing_on=_hearing(cells, reported_on, today),
        court=cells["court"] or None,
    )


def _officer(cells: Cells) -> Officer:
    return Officer(
        OfficerId(cells["officer_id"]),
        cells["officer_name"],
        cells["officer_number"],
        TeamId(cells["team"]),
    )


def _outcome(text: str, rules: Rules) -> Outcome | None:
    """Return the outcome by its key or its Home Office type, or none for an empty field."""
    if not text:
        return None
    found = rules.outcomes.get(_keyed(text)) or rules.outcome_for_home_office(text.upper())
    if found is None:
        raise RowNotUsableError("outcome is not one of the hub's outcomes.")
    return found


def _told(cells: Cells, facts: CaseFacts, today: date) -> Told | None:
    on, how = _past_day(cells, "told_on", today), cells["told_how"]
    if on is None:
        if how:
            raise RowNotUsableError("told_how says how, but told_on does not say when.")
        return None
    if on < (facts.outcome_on or facts.reported_on):
        raise RowNotUsableError("told_on is before the day of what was told.")
    return Told(on, WAYS_OF_TELLING.get(_keyed(how), how) or HOW_NOT_SAID)


def _day(cells: Cells, name: str) -> date | None:
    text = cells[name]
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if ISO_DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise RowNotUsableError(f"{name} is not a date like 2026-11-30.")
    return day


def _past_day(cells: Cells, name: str, today: date) -> date | None:
    day = _day(cells, name)
    if day is not None and day > today:
        raise RowNotUsableError(f"{name} is still to come.")
    return day


def _hearing(cells: Cells, reported_on: date, today: date) -> date | None:
    """Return the next court date; it can have passed since the file was written."""
    day = _day(cells, "next_hearing_on")
    if day is not None and day < reported_on:
        raise RowNotUsableError("next_hearing_on is before reported_on.")
    if day is not None and day > add_months(today, HEARING_MONTHS_AHEAD):
        raise RowNotUsableError(
            f"next_hearing_on is more than {HEARING_MONTHS_AHEAD} months from today."
        )
    return day


def _yes_or_no(cells: Cells, name: str) -> bool:
    text = cells[name].lower()
    if text not in YES + NO:
        raise RowNotUsableError(f"{name} is neither yes nor no.")
    return text in YES


def _keyed(text: str) -> str:
    """Return the text as a key of the data files is written."""
    return text.strip().lower().replace(" ", "_").replace("-", "_")

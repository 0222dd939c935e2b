"""The form that records what became of a minimum expectation: what it shows, what it brings."""

from datetime import date
from typing import Any

from chalicelib.domain.cases import VictimKey
from chalicelib.domain.dates import in_london, long_date
from chalicelib.domain.promises import Promise
from chalicelib.services.expect import OFFER
from chalicelib.services.keep_line import LineDone
from chalicelib.web.page import Visit
from chalicelib.web.staff.case_fields import DAY_HINT, Errors, past_day, sentence
from chalicelib.web.staff.case_words import working_words
from chalicelib.web.staff.line_words import (
    ANSWER_LABELS,
    ANSWERS,
    NOT_OWED,
    NOT_OWED_LABELS,
    WAYS,
)
from chalicelib.web.staff.support import victim_key_of


def asked(visit: Visit) -> tuple[VictimKey, str]:
    """Return the victim and the promise that an address names."""
    query = visit.request.query
    return victim_key_of(query.get("victim", "")), query.get("promise", "")


def sent(visit: Visit) -> tuple[VictimKey, str]:
    """Return the victim and the promise that a form names."""
    return victim_key_of(visit.form.text("victim")), visit.form.text("promise")


def done_of(visit: Visit, promise: Promise, errors: list[tuple[str, str]]) -> LineDone | None:
    """Return what became of a line, or none with what the form lacks added to the errors."""
    form, today = visit.form, visit.deps.today()
    how, answer = form.text("how"), form.text("answer")
    if how in NOT_OWED:
        return LineDone(today, why_not=NOT_OWED[how])
    if how not in WAYS:
        errors.append(("how", "Say how it was done, or why it is not owed."))
    if promise.line == OFFER and answer not in ANSWERS:
        errors.append(("answer", "Say what they answered."))
    first, first_is = _first_day(promise), "the day from which it was owed"
    day = past_day(form.text("on"), first=first, first_is=first_is, today=today)
    if day.day is None:
        errors.append(("on", sentence(day.problem)))
    if errors or day.day is None:
        return None
    said = f", {ANSWERS[answer]}" if promise.line == OFFER else ""
    return LineDone(day.day, f"{WAYS[how]}{said}")


def _first_day(promise: Promise) -> date:
    made, working = in_london(promise.made_at).date(), promise.working
    return made if working.is_backwards else min(made, working.counted_from)


def form_context(visit: Visit, promise: Promise, errors: Errors) -> dict[str, Any]:
    """Return what the form shows of a line, with what was typed."""
    form, row = visit.form, visit.deps.rules.expectations[promise.line]
    return {
        "number": row.number,
        "what": row.does,
        "between": row.between,
        "due": long_date(promise.due_on),
        "working": working_words(promise.working),
        "is_open": promise.is_open,
        "victim": promise.victim,
        "promise": promise.id,
        "ways": [
            *((key, words.capitalize()) for key, words in WAYS.items()),
            *((key, f"Not owed: {words}") for key, words in NOT_OWED_LABELS.items()),
        ],
        "answers": list(ANSWER_LABELS.items()) if promise.line == OFFER else [],
        "how": form.text("how"),
        "answer": form.text("answer"),
        "on": form.text("on"),
        "day_hint": DAY_HINT,
        "errors": errors,
        "error_of": dict(errors),
    }

"""A promise as a row of a list: what to do, by when, and the shortest way to do it."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.applying import APPLY_RULES
from chalicelib.domain.contact import CONFIRM
from chalicelib.domain.dates import long_date
from chalicelib.domain.needs import needs_line
from chalicelib.domain.promises import (
    LINE,
    OWED_NEWS,
    REPLY,
    REVIEW,
    TASK,
    TELL,
    UPDATE,
    WELCOME,
    Promise,
)
from chalicelib.domain.tellings import FIRST_TRY
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services.read_first import Known
from chalicelib.services.talks import ASK_WHETHER_SAFE
from chalicelib.web.staff.contact_words import contact_line, warns_in_lists

WHAT = {
    REPLY: "Answer a question",
    TELL: "Tell the victim of a decision",
    UPDATE: "Give an update",
    WELCOME: "Get in touch for the first time",
    REVIEW: "Review before court",
}
BUTTON = {
    REPLY: "Answer",
    TELL: "Record it",
    UPDATE: "Write an update",
    WELCOME: "Record it",
    REVIEW: "Review",
    TASK: "Record it",
    LINE: "Record it",
}
NOTE_A_TRY = "Note a try"
EXPECTED = "One of the police and ISVA expectations."
TO_MEASURES = "Measures"
NEWS = "Tell the victim what has happened"
ASK_AGAIN = "Ask again"
TO_SAFE_MODE = "Safe mode"


@frozen
class Press:
    """A form of one button that keeps a promise at once."""

    action: str
    fields: tuple[tuple[str, str], ...]
    label: str


@frozen
class Row:
    """Text ready to show; `due` is the day, `state` says late or today in words.

    `case` leads to the case, `address` with its `button` to the shortest way to keep the
    promise, `press` keeps it at once. `needs` is what somebody told once, in a line, `contact`
    how they may be contacted (see `with_first`), `note` what to know of this promise besides.
    """

    due: str
    state: str
    what: str
    reference: str
    address: str
    button: str
    victim: str = ""
    case: str = ""
    press: Press | None = None
    contact: str = ""
    note: str = ""
    needs: str = ""


def row_of(promise: Promise, today: date, rules: Rules | None = None) -> Row:
    """Return the row of an open promise; with the rules it names the event that is to be told."""
    return Row(
        due=long_date(promise.due_on),
        state=_state(promise, today),
        what=_what(promise, rules),
        reference=promise.reference,
        victim=f"Victim {promise.label}" if promise.label else "",
        address=_address(promise),
        button=_button(promise),
        case=_in_case(promise),
        press=_press(promise, today),
        note=_note(promise, today),
    )


def with_first(
    row: Row,
    promise: Promise,
    known: Known,
    now: datetime,
    rules: Rules,
    *,
    with_addresses: bool = True,
) -> Row:
    """Return a row of a list with what stands first of its victim, safe contact and needs."""
    shown = known[promise.victim]
    contact = contact_line(
        shown.contact,
        now,
        rules,
        safe_mode=warns_in_lists(promise, shown.safety),
        with_addresses=with_addresses,
    )
    return replace(row, contact=contact, needs=needs_line(shown.needs, rules))


def due_alone(promise: Promise, today: date) -> Row:
    """Return the row of a restricted case: its due date and nothing else."""
    return Row(long_date(promise.due_on), _state(promise, today), "", "", "", "")


def _what(promise: Promise, rules: Rules | None) -> str:
    line = rules.expectations.get(promise.line) if rules and promise.kind == LINE else None
    if line is not None:
        return line.does
    task = rules.tasks.get(promise.event) if rules and promise.kind == TASK else None
    if task is not None:
        return task.label
    if promise.owed != OWED_NEWS:
        return WHAT.get(promise.kind, promise.owed)
    row = rules.code_limits.get(promise.event) if rules else None
    return f"Tell the victim: {row.plain}" if row else NEWS


def _button(promise: Promise) -> str:
    if _is_first_try(promise):
        return NOTE_A_TRY
    if _is_asking_again(promise):
        return ASK_AGAIN
    if _is_about_safe_mode(promise):
        return TO_SAFE_MODE
    return TO_MEASURES if _is_by_measures(promise) else BUTTON.get(promise.kind, "Open")


def _is_asking_again(promise: Promise) -> bool:
    return promise.kind == TASK and promise.event == CONFIRM


def _is_about_safe_mode(promise: Promise) -> bool:
    """Return whether it asks whether safe mode may be off: what they say is noted with that."""
    return promise.kind == TASK and ASK_WHETHER_SAFE in promise.task


def _is_first_try(promise: Promise) -> bool:
    return promise.kind == TASK and promise.event == FIRST_TRY


def is_told_first(promise: Promise, rules: Rules) -> bool:
    """Return whether a promise is to tell an event of the Code before any page does."""
    row = rules.code_limits.get(promise.event)
    is_event = promise.kind == TELL and promise.owed == OWED_NEWS
    return is_event and row is not None and not row.shown


def tries_address(promise: Promise) -> str:
    """Return where a try to tell of the news that a promise is about is noted."""
    return f"/cases/{promise.case_key}/tries?victim={promise.victim}&news={promise.subject}"


def _is_by_measures(promise: Promise) -> bool:
    """Return whether it is done when nothing is left to apply for, and by no form."""
    return promise.kind == TASK and promise.working.rule in APPLY_RULES


def _in_case(promise: Promise) -> str:
    return f"/cases/{promise.case_key}#promise-{promise.id}"


def _address(promise: Promise) -> str:
    """Return where the promise is kept: the form for it, or its place on the case page."""
    case, whose = f"/cases/{promise.case_key}", f"victim={promise.victim}"
    if promise.kind in {REVIEW, TASK}:
        return f"{case}/{_before_court(promise)}"
    if promise.kind == LINE:
        return f"{case}/line?{whose}&promise={promise.id}"
    if promise.kind == UPDATE and not promise.opposed:
        return f"{case}#update"
    if promise.kind in {UPDATE, WELCOME} or promise.owed == OWED_NEWS:
        return f"{case}/contact?{whose}&promise={promise.id}"
    if promise.kind == TELL:
        return f"{case}/told?{whose}&entry={promise.subject}"
    return _in_case(promise)


def _before_court(promise: Promise) -> str:
    whose = f"victim={promise.victim}"
    if promise.kind == REVIEW:
        return f"review?{whose}"
    if _is_by_measures(promise):
        return f"measures?{whose}"
    if _is_asking_again(promise):
        return f"safe-contact?{whose}"
    if _is_about_safe_mode(promise):
        return f"safe-mode?{whose}"
    if _is_first_try(promise):
        return f"tries?{whose}&news={promise.subject}"
    return f"task?{whose}&promise={promise.id}"


def _press(promise: Promise, today: date) -> Press | None:
    heard_today = promise.working.counted_from >= today
    if promise.kind != UPDATE or promise.opposed or heard_today:
        return None
    fields = (("victim", promise.victim), ("promise", promise.id))
    return Press(f"/cases/{promise.case_key}/nothing-new", fields, "Nothing new")


def _note(promise: Promise, today: date) -> str:
    looks = f"{promise.raised_to} is looking into this." if promise.raised_at is not None else ""
    if promise.kind == REVIEW:
        return f"{_court_in(promise, today)} {looks}".rstrip()
    if promise.kind == LINE:
        owner = f"It is in the list of {promise.owner_name}. " if looks else ""
        return f"{EXPECTED} {owner}{looks}".rstrip()
    if promise.kind == TASK:
        return " ".join(words for words in (promise.task, looks) if words)
    if looks:
        return looks
    if promise.nothing_new:
        times = "once" if promise.nothing_new == 1 else f"{promise.nothing_new} times in a row"
        return f"They heard that there is nothing new {times}."
    return ""


def _court_in(promise: Promise, today: date) -> str:
    """Return how near court is for which a review is owed, and where it is too near for one."""
    hearing = promise.working.counted_from
    days = (hearing - today).days
    if days < 0:
        return f"Court was on {long_date(hearing)}, and there was no review."
    when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    so_far = ", and nobody has closed the review" if promise.due_on <= today else ""
    return f"Court is {when}, on {long_date(hearing)}{so_far}."


def _state(promise: Promise, today: date) -> str:
    if promise.is_late(today):
        days = (today - promise.due_on).days
        return "Late by 1 day" if days == 1 else f"Late by {days} days"
    return "Today" if promise.due_on == today else ""

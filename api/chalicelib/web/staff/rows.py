"""A promise as a row of a list: what to do, by when, and the shortest way to do it."""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.dates import long_date
from chalicelib.domain.promises import OWED_NEWS, REPLY, TELL, UPDATE, WELCOME, Promise
from chalicelib.rules import Rules

WHAT = {
    REPLY: "Answer a question",
    TELL: "Tell the victim of a decision",
    UPDATE: "Give an update",
    WELCOME: "Get in touch for the first time",
}
BUTTON = {REPLY: "Answer", TELL: "Record it", UPDATE: "Write an update", WELCOME: "Record it"}
NEWS = "Tell the victim what has happened"
HERE_ONLY = "Safe mode: here only. Ask before you ring, write or visit."


@dataclass(frozen=True, slots=True)
class Press:
    """A form of one button that keeps a promise at once."""

    action: str
    fields: tuple[tuple[str, str], ...]
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """Text ready to show; `due` is the day, `state` says late or today in words.

    `case` leads to the case, `address` with its `button` to the shortest way to keep the
    promise, `press` keeps it at once. `contact` warns before a telephone is picked up,
    `note` says what to know of this promise besides.
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


def row_of(promise: Promise, today: date, rules: Rules | None = None) -> Row:
    """Return the row of an open promise; with the rules it names the event that is to be told."""
    return Row(
        due=long_date(promise.due_on),
        state=_state(promise, today),
        what=_what(promise, rules),
        reference=promise.reference,
        victim=f"Victim {promise.label}" if promise.label else "",
        address=_address(promise),
        button=BUTTON.get(promise.kind, "Open"),
        case=_in_case(promise),
        press=_press(promise, today),
        contact=HERE_ONLY if promise.safe_mode else "",
        note=_note(promise),
    )


def due_alone(promise: Promise, today: date) -> Row:
    """Return the row of a restricted case: its due date and nothing else."""
    return Row(long_date(promise.due_on), _state(promise, today), "", "", "", "")


def _what(promise: Promise, rules: Rules | None) -> str:
    if promise.owed != OWED_NEWS:
        return WHAT.get(promise.kind, promise.owed)
    row = rules.code_limits.get(promise.event) if rules else None
    return f"Tell the victim: {row.plain}" if row else NEWS


def _in_case(promise: Promise) -> str:
    return f"/cases/{promise.case_key}#promise-{promise.id}"


def _address(promise: Promise) -> str:
    """Return where the promise is kept: the form for it, or its place on the case page."""
    case, whose = f"/cases/{promise.case_key}", f"victim={promise.victim}"
    if promise.kind == UPDATE and not promise.opposed:
        return f"{case}#update"
    if promise.kind in {UPDATE, WELCOME} or promise.owed == OWED_NEWS:
        return f"{case}/contact?{whose}&promise={promise.id}"
    if promise.kind == TELL:
        return f"{case}/told?{whose}&entry={promise.subject}"
    return _in_case(promise)


def _press(promise: Promise, today: date) -> Press | None:
    heard_today = promise.working.counted_from >= today
    if promise.kind != UPDATE or promise.opposed or heard_today:
        return None
    fields = (("victim", promise.victim), ("promise", promise.id))
    return Press(f"/cases/{promise.case_key}/nothing-new", fields, "Nothing new")


def _note(promise: Promise) -> str:
    if promise.raised_at is not None:
        return f"{promise.raised_to} is looking into this."
    if promise.nothing_new:
        times = "once" if promise.nothing_new == 1 else f"{promise.nothing_new} times in a row"
        return f"They heard that there is nothing new {times}."
    return ""


def _state(promise: Promise, today: date) -> str:
    if promise.is_late(today):
        days = (today - promise.due_on).days
        return "Late by 1 day" if days == 1 else f"Late by {days} days"
    return "Today" if promise.due_on == today else ""

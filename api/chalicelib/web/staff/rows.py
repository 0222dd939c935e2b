"""A promise as a row of a list: what to do, by when, and the shortest way to do it."""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.dates import long_date
from chalicelib.domain.promises import REPLY, TELL, Promise

WHAT = {REPLY: "Answer a question", TELL: "Tell the victim of a decision"}
BUTTON = {REPLY: "Answer", TELL: "Record it"}


@dataclass(frozen=True, slots=True)
class Row:
    """Text ready to show; `due` is the day, `state` says late or today in words."""

    due: str
    state: str
    what: str
    reference: str
    address: str
    button: str


def row_of(promise: Promise, today: date) -> Row:
    """Return the row of an open promise."""
    case = f"/cases/{promise.case_key}"
    return Row(
        due=long_date(promise.due_on),
        state=_state(promise, today),
        what=WHAT.get(promise.kind, promise.owed),
        reference=promise.reference,
        address=f"{case}#promise-{promise.id}",
        button=BUTTON.get(promise.kind, "Open"),
    )


def due_alone(promise: Promise, today: date) -> Row:
    """Return the row of a restricted case: its due date and nothing else."""
    return Row(long_date(promise.due_on), _state(promise, today), "", "", "", "")


def _state(promise: Promise, today: date) -> str:
    if promise.is_late(today):
        days = (today - promise.due_on).days
        return "Late by 1 day" if days == 1 else f"Late by {days} days"
    return "Today" if promise.due_on == today else ""

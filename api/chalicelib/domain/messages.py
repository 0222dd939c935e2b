"""Questions and answers between one victim and the police, and the door they pass through."""

from datetime import date, datetime

from chalicelib.domain.cases import NO_TEAM, TeamId
from chalicelib.domain.promises import Promise
from chalicelib.frozen import frozen


@frozen
class Message:
    """One text: the question, or an answer to it."""

    text: str
    sent_at: datetime
    by_victim: bool
    officer_name: str = ""


@frozen
class Thread:
    """A question, what was promised for it, and its answers, oldest first."""

    number: int
    receipt: str
    question: Message
    promise: Promise
    answers: tuple[Message, ...] = ()


@frozen
class Door:
    """What every write of a victim's thread agrees on; one version settles all races.

    A told outcome closes it, a hand-over names the new owner, a question counts
    itself, a rhythm of updates is chosen: each moves the version, so that two of them
    never pass together.

    `team` is whose figures count this victim as followed, empty once the door is closed.
    `rhythm` is the key of the rhythm agreed, chosen on a day by the victim or an officer;
    empty while nobody has asked.
    """

    version: int = 0
    threads: int = 0
    closed_on: date | None = None
    team: TeamId = NO_TEAM
    rhythm: str = ""
    rhythm_on: date | None = None
    rhythm_by: str = ""


@frozen
class Draft:
    """Words a victim keeps for later; gone after a day."""

    text: str
    saved_at: datetime


@frozen
class FormReceipt:
    """What a form that was already stored made: the answer to sending it again."""

    thread: int


def receipt_in_groups(receipt: str) -> str:
    """Return the receipt as a person reads it: 48210937 -> 4821 0937."""
    return f"{receipt[:4]} {receipt[4:]}"

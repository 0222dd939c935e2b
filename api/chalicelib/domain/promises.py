"""What is owed to a victim by a date: one kind of record, seen alike by everyone."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.calendar import WorkingDays, counted_from, reply_due_on
from chalicelib.domain.cases import Case, OfficerId, TeamId, VictimKey
from chalicelib.rules import Rules

REPLY = "reply"
TELL = "tell"
OWED_REPLY = "An answer to your question"
OWED_TELLING = "To be told of a decision"


@dataclass(frozen=True, slots=True)
class Working:
    """How a due date was worked out, so that a page can show it."""

    rule: str
    counted_from: date
    working_days: int
    source: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What is owed to one victim by a day; open until `kept_at`.

    `subject` is the thread's number for a reply and the stage entry's id for a
    telling. `restricted` lets a team's list show a due date and nothing else;
    `opposed` lets it say that the case's victims may be each other's danger.
    """

    id: str
    kind: str
    case_key: str
    victim: VictimKey
    reference: str
    owed: str
    due_on: date
    made_at: datetime
    owner: OfficerId
    team: TeamId
    subject: str
    working: Working
    restricted: bool = False
    opposed: bool = False
    seen_at: datetime | None = None
    kept_at: datetime | None = None

    def is_late(self, today: date) -> bool:
        """Return whether the day has passed and nothing was kept."""
        return self.kept_at is None and self.due_on < today


def reply_working(
    received_at: datetime, calendar: WorkingDays, rules: Rules
) -> tuple[date, Working]:
    """Return by when a message received now is answered, and how that day was counted.

    Source:
        The published reply standard, key `contact.reply` in rules/limits.toml.
    """
    days = rules.limits.reply_working_days
    due = reply_due_on(received_at, calendar, days)
    start = counted_from(received_at, calendar)
    return due, Working("contact.reply", start, days, "our standard")


def promise_of(  # noqa: PLR0913 -- a promise is what it is made of; all are named
    *,
    kind: str,
    identity: str,
    case: Case,
    victim: VictimKey,
    subject: str,
    owed: str,
    made_at: datetime,
    due: tuple[date, Working],
) -> Promise:
    """Return a new open promise, owned by the officer in charge of the case."""
    return Promise(
        id=identity,
        kind=kind,
        case_key=case.key,
        victim=victim,
        reference=case.reference,
        owed=owed,
        due_on=due[0],
        made_at=made_at,
        owner=case.officer.id,
        team=case.officer.team,
        subject=subject,
        working=due[1],
        restricted=case.restricted,
        opposed=case.opposed,
    )

"""What is owed to a victim by a date: one kind of record, seen alike by everyone.

A promise is open until it is kept or cancelled. It can move to another officer and to
another list, its date never moves: a rule that changes changes only later promises.
"""

from dataclasses import field
from datetime import date, datetime

from chalicelib.domain.calendar import WorkingDays, add_working_days, counted_from, reply_due_on
from chalicelib.domain.cases import (
    NO_TEAM,
    Case,
    OfficerId,
    TeamId,
    Victim,
    VictimKey,
    is_high_harm,
    is_safe_mode,
    is_sexual,
)
from chalicelib.domain.dates import in_london
from chalicelib.frozen import frozen
from chalicelib.rules import Rules

REPLY = "reply"
TELL = "tell"
UPDATE = "update"
WELCOME = "welcome"
REVIEW = "review"
TASK = "task"
LINE = "line"
KINDS = (REPLY, TELL, UPDATE, WELCOME, REVIEW, TASK, LINE)
OWED_REPLY = "An answer to your question"
OWED_TELLING = "To be told of a decision"
OWED_NEWS = "To be told what has happened"
OWED_UPDATE = "An update, even if there is nothing new"
OWED_WELCOME = "Your officer gets in touch with you"
OWED_REVIEW = "We look at what you need before you may have to go to court"
OUR_STANDARD = "our standard"
LOCAL_STANDARD = "a local standard, still to be agreed"
AGREED = "what was agreed"
BEFORE_COURT = "court.review"
# Somebody chose the day, and nothing counted it.
CHOSEN, CHOSEN_DAY = "task.chosen", "the day that we chose"
# By then safe contact is confirmed again; its days are not working days.
ASK_AGAIN = "contact.confirm"
ASK_AGAIN_DAY = "the last day on which we may rely on what was agreed (our own standard)"
NOT_COUNTED = (CHOSEN, ASK_AGAIN)
# The rules of minimum expectations begin with the first; those that end with the second are
# counted back.
EXPECTATION, BEFORE = "expectation.", ".before"
CALENDAR = "England and Wales"


@frozen
class Working:
    """How a due date was worked out, so that a page can show it.

    `calendar` names whose bank holidays were counted, `rule` the row of the rules.
    """

    rule: str
    counted_from: date
    working_days: int
    source: str
    calendar: str = CALENDAR

    @property
    def is_backwards(self) -> bool:
        """Return whether it was counted back from a day that is still to come."""
        return self.rule == BEFORE_COURT or self.rule.endswith(BEFORE)


@frozen
class Move:
    """A promise went to another officer: when, to whom, why and by whom."""

    at: datetime
    owner: OfficerId
    name: str
    team: TeamId
    why: str
    by: str


@frozen
class Raised:
    """Somebody looked into a late promise from a moment on, by name."""

    at: datetime
    to: str


@frozen
class Promise:
    """What is owed to one victim by a day, with all that became of it.

    `subject` is the thread's number for a reply, the stage entry's or event's id for a
    telling, the court date for a review, and an id of its own else; `event` is the key of
    the Code's event that a telling is of, or of the task's row. `task` is what exactly is to
    be done, in words for staff alone; `line` is the key of the minimum expectation that this
    is. `owner` answers for it, in the list of `team`; `made_team` had it first. It `stays`
    with its owner, whoever has the case, if it was given to somebody else than its officer.

    `kept_at` is when it was kept, by `kept_how`; `closed_at` is when that, or that it was
    cancelled (`cancelled_why`), was recorded, and `note` says to staff what was done. From
    `raised_at` on somebody, `raised_to`, looks into it: mostly a supervisor; `raised_before`
    is who did until then. `nothing_new` counts the updates before it, in a row, that had no
    news.

    `label` is the records system's name of the victim; `place` is where the store keeps it,
    known once it was read.

    `restricted` lets a team's list show a due date and nothing else; `opposed` and
    `safe_mode` let a list warn without reading the case.
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
    event: str = ""
    label: str = ""
    place: str = field(default="", compare=False)
    owner_name: str = ""
    made_team: TeamId = NO_TEAM
    restricted: bool = False
    opposed: bool = False
    safe_mode: bool = False
    nothing_new: int = 0
    task: str = ""
    line: str = ""
    stays: bool = False
    seen_at: datetime | None = None
    kept_at: datetime | None = None
    kept_how: str = ""
    note: str = ""
    cancelled_why: str = ""
    closed_at: datetime | None = None
    raised_at: datetime | None = None
    raised_to: str = ""
    raised_before: tuple[Raised, ...] = ()
    moves: tuple[Move, ...] = ()
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Return whether it is still owed: neither kept nor cancelled."""
        return self.kept_at is None and not self.cancelled_why

    def is_late(self, today: date) -> bool:
        """Return whether the day has passed and it is still owed."""
        return self.is_open and self.due_on < today

    @property
    def was_in_time(self) -> bool:
        """Return whether it was kept by the end of its day, London time."""
        return self.kept_at is not None and in_london(self.kept_at).date() <= self.due_on

    @property
    def raised_so_far(self) -> tuple[Raised, ...]:
        """Return who has looked into it, the last of them included, oldest first."""
        if self.raised_at is None:
            return ()
        return (*self.raised_before, Raised(self.raised_at, self.raised_to))

    def team_at(self, moment: datetime) -> TeamId:
        """Return in whose list it stood at a moment."""
        team = self.made_team
        for move in self.moves:
            if move.at <= moment:
                team = move.team
        return team


def is_at_risk(promise: Promise, today: date, calendar: WorkingDays, rules: Rules) -> bool:
    """Return whether a promise is due so soon, and nobody did anything, that somebody should look.

    Source:
        Our standard, key `board.at_risk` in rules/limits.toml.
    """
    if not promise.is_open or promise.seen_at is not None or promise.due_on < today:
        return False
    return promise.due_on <= add_working_days(today, rules.limits.at_risk_working_days, calendar)


def is_to_be_raised(promise: Promise, today: date, calendar: WorkingDays, rules: Rules) -> bool:
    """Return whether a promise is late for so long that it goes up one level.

    Source:
        Our standard, key `board.raise` in rules/limits.toml: on the first working day after
        its due date, and not on a day of rest before that. A review before court does not
        wait for that: from the day after its own on, court is too near.
    """
    if not promise.is_late(today) or promise.raised_at is not None:
        return False
    if promise.kind == REVIEW:
        return True
    limit = rules.limits.raise_after_working_days
    return today >= add_working_days(promise.due_on, limit, calendar)


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
    return due, Working("contact.reply", start, days, OUR_STANDARD)


def welcome_working(
    case: Case, victim: Victim, day: date, calendar: WorkingDays, rules: Rules
) -> tuple[date, Working]:
    """Return by when the officer in charge gets in touch first, counted from being given the case.

    Source:
        Our standard, keys `contact.welcome` and `contact.welcome_enhanced` in limits.toml.
    """
    if has_enhanced_rights(victim, case, rules):
        rule, days = "contact.welcome_enhanced", rules.limits.welcome_enhanced_working_days
    else:
        rule, days = "contact.welcome", rules.limits.welcome_working_days
    return add_working_days(day, days, calendar), Working(rule, day, days, OUR_STANDARD)


def update_working(
    rhythm: str, day: date, calendar: WorkingDays, rules: Rules
) -> tuple[date, Working] | None:
    """Return by when the next update comes in a rhythm, counted from a day; none for no updates.

    Source:
        What this victim and the police agreed, rules/rhythms.toml.
    """
    row = rules.rhythms.get(rhythm)
    if row is None or row.working_days is None:
        return None
    working = Working(f"rhythm.{rhythm}", day, row.working_days, AGREED)
    return add_working_days(day, row.working_days, calendar), working


def next_update_due(
    rhythm: str, day: date, case: Case, calendar: WorkingDays, rules: Rules
) -> tuple[date, Working] | None:
    """Return by when the next update comes, counted from a day; none for no updates.

    A victim of a sexual offence with whom nobody agreed on a rhythm yet has one all the same.

    Source:
        As for `update_working`; without an agreement the line that updates are of, in
        rules/expectations.toml, a local standard that is still to be agreed.
    """
    row = rules.expectations.get(line_covered(UPDATE, "", case, rules))
    if rhythm or row is None or row.working_days is None:
        return update_working(rhythm, day, calendar, rules)
    working = Working(f"{EXPECTATION}{row.key}", day, row.working_days, LOCAL_STANDARD)
    return add_working_days(day, row.working_days, calendar), working


def has_enhanced_rights(victim: Victim, case: Case, rules: Rules) -> bool:
    """Return whether the shorter limits hold: for this victim, or because the case is high harm."""
    return victim.enhanced_rights or is_high_harm(case.crime_type, case.flags, rules)


def line_covered(kind: str, event: str, case: Case, rules: Rules) -> str:
    """Return the key of the minimum expectation that a promise is already, or nothing."""
    if not is_sexual(case.crime_type, case.flags, rules):
        return ""
    name = f"{kind}:{event}" if kind == TELL else kind
    rows = rules.expectations.values()
    return next((row.key for row in rows if name in row.covered_by), "")


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
    rules: Rules,
    event: str = "",
    nothing_new: int = 0,
) -> Promise:
    """Return a new open promise, owned by the officer in charge of the case."""
    whose = case.victim(victim)
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
        owner_name=case.officer.name,
        team=case.officer.team,
        made_team=case.officer.team,
        subject=subject,
        working=due[1],
        event=event,
        label=whose.label if whose else "",
        nothing_new=nothing_new,
        line=line_covered(kind, event, case, rules),
        restricted=case.restricted,
        opposed=case.opposed,
        safe_mode=is_safe_mode(case.crime_type, case.flags, rules),
    )

"""The review before court: which victims it is for, until when, and what is missing.

In Staffordshire the police and the partner agencies look at serious cases together before
court, so that needs are met and special measures are applied for.
"""

from datetime import date, datetime, timedelta

from chalicelib.domain.calendar import SATURDAY, WorkingDays
from chalicelib.domain.cases import NO_TEAM, CaseKey, TeamId, VictimKey
from chalicelib.frozen import frozen
from chalicelib.rules import Rules

ONE_DAY = timedelta(days=1)


@frozen
class Closing:
    """A review that was closed: for which court date, by whom, what was decided, who was there."""

    at: datetime
    by: str
    for_on: date
    decisions: str
    there: str


@frozen
class Court:
    """A victim's next court date, how far the review before it is, and how they come there.

    It stands in the list of `team` while there is a date and the victim may be needed on it.
    `high_harm` and `has_needs` put it under review. `supporter` and `travel` say who is with
    them and how they get there, `interpreter` who interprets, each empty while nobody knows.
    `reopened_why` says what changed since the review was closed, empty while nothing did.
    """

    victim: VictimKey
    case_key: CaseKey
    reference: str
    label: str
    team: TeamId = NO_TEAM
    on: date | None = None
    high_harm: bool = False
    has_needs: bool = False
    restricted: bool = False
    supporter: str = ""
    travel: str = ""
    interpreter: str = ""
    closings: tuple[Closing, ...] = ()
    reopened_why: str = ""
    reopened_at: datetime | None = None
    version: int = 0

    @property
    def is_reviewed(self) -> bool:
        """Return whether the review for the date that stands was closed and nothing changed."""
        return bool(self.closings) and not self.reopened_why and self.closings[-1].for_on == self.on


def is_under_review(court: Court) -> bool:
    """Return whether a victim's court date is one before which their case is looked at."""
    return court.on is not None and (court.high_harm or court.has_needs)


def review_due_on(hearing: date, calendar: WorkingDays, rules: Rules) -> date:
    """Return the last day on which a review is in time: so many business days are left then.

    Source:
        Our standard, key `court.review` in rules/limits.toml.
    """
    return working_days_back(hearing, rules.limits.review_working_days, calendar)


def working_days_back(day: date, working_days: int, calendar: WorkingDays) -> date:
    """Return the day from which so many whole working days are left to a later one."""
    left = working_days
    while left:
        day -= ONE_DAY
        left -= _is_business_day(day, calendar)
    return day


def working_days_left(today: date, hearing: date, calendar: WorkingDays) -> int:
    """Return how many working days there are until court, today among them.

    On the last day on which a review is in time they are as many as it must leave.
    """
    days = (hearing - today).days
    return sum(_is_business_day(today + ONE_DAY * ahead, calendar) for ahead in range(days))


def _is_business_day(day: date, calendar: WorkingDays) -> bool:
    # A trial may be so far off that its bank holidays are not known yet; then weekends
    # alone are free, and a day counted back is a little early at worst.
    return day.weekday() < SATURDAY and day not in calendar.bank_holidays


def is_red(court: Court, today: date, calendar: WorkingDays, rules: Rules) -> bool:
    """Return whether court is so near, without a review, that a supervisor must know."""
    if court.on is None or court.is_reviewed or not is_under_review(court):
        return False
    return is_near(court.on, today, calendar, rules)


def is_near(hearing: date, today: date, calendar: WorkingDays, rules: Rules) -> bool:
    """Return whether a court date is ahead, and nearer than a review has to leave."""
    return hearing >= today > review_due_on(hearing, calendar, rules)

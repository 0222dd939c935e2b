"""What a victim agreed that a partner agency may see of them, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.staff import StaffMember
from chalicelib.rules import Partner, Rules

BY_VICTIM = "victim"
NEEDS, DATES, MEASURES = "needs", "dates", "measures"
# What can be agreed; messages and evidence are never among it.
SCOPES = (NEEDS, DATES, MEASURES)


@dataclass(frozen=True, slots=True)
class View:
    """What a partner says for the review before court."""

    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """One victim and one partner: what may be seen, until when, and who noted it.

    `until` is the last day. `given_by` and `withdrawn_by` are `BY_VICTIM` or the name of
    the officer to whom they said so. `view` is what the partner says for the review.
    """

    partner: str
    victim: VictimKey
    case_key: CaseKey
    reference: str
    scope: frozenset[str]
    until: date
    given_at: datetime
    given_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    view: View | None = None
    version: int = 0
    past: tuple[str, ...] = field(default=())

    def holds(self, day: date) -> bool:
        """Return whether the partner may see anything on this day."""
        return self.withdrawn_at is None and day <= self.until

    def covers(self, what: str, day: date) -> bool:
        """Return whether the partner may see needs, dates or measures on this day."""
        return self.holds(day) and what in self.scope


def partner_of(member: StaffMember, rules: Rules) -> Partner | None:
    """Return the partner agency for which a person works, by their team, or none."""
    return next((row for row in rules.partners.values() if row.team == member.team), None)


def agreement_with(agreements: Iterable[Agreement], partner: str) -> Agreement | None:
    """Return what was agreed with a partner, in force or not, or none."""
    return next((each for each in agreements if each.partner == partner), None)


def in_force(agreements: Iterable[Agreement], day: date) -> tuple[Agreement, ...]:
    """Return the agreements that hold on a day, in the order of their partners."""
    holding = (each for each in agreements if each.holds(day))
    return tuple(sorted(holding, key=lambda each: each.partner))

"""What a victim agreed that a partner agency may see of them, and until when."""

from collections.abc import Iterable
from dataclasses import field, replace
from datetime import date, datetime

from chalicelib.domain.cases import Case, CaseKey, VictimKey
from chalicelib.domain.dates import add_months, date_and_time, iso, long_date
from chalicelib.domain.staff import StaffMember
from chalicelib.frozen import frozen
from chalicelib.rules import Partner, Rules

BY_VICTIM = "victim"
NEEDS, DATES, MEASURES = "needs", "dates", "measures"
# What can be agreed; messages and evidence are never among it.
SCOPES = (NEEDS, DATES, MEASURES)
SCOPE_WORDS = {NEEDS: "needs", DATES: "court dates", MEASURES: "what may help at court"}
# What is kept of how an agreement came to be as it is.
PAST_LINES = 20


@frozen
class View:
    """What a partner says for the review before court."""

    text: str
    at: datetime
    by: str


@frozen
class Terms:
    """What somebody says yes to: what may be seen, and the last day."""

    scope: frozenset[str]
    until: date


@frozen
class Said:
    """Who said it when: `by` is `BY_VICTIM` or the officer's name, `how` how they were told."""

    at: datetime
    by: str
    how: str = ""


@frozen
class Agreement:
    """One victim and one partner: what may be seen, until when, and who noted it.

    `until` is the last day. `given_by` and `withdrawn_by` are `BY_VICTIM` or the name of
    the officer to whom they said so. `view` is what the partner says for the review, `past`
    is for staff: one line for each change, oldest first. `label` is the records system's own
    name of the victim.
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
    label: str = ""

    @property
    def changed(self) -> str:
        """Return when the victim's word on it changed last, as a form brings it back."""
        return iso(self.withdrawn_at or self.given_at)

    def holds(self, day: date) -> bool:
        """Return whether the partner may see anything on this day."""
        return self.withdrawn_at is None and day <= self.until

    def covers(self, what: str, day: date) -> bool:
        """Return whether the partner may see needs, dates or measures on this day."""
        return self.holds(day) and what in self.scope


def may_hear_of_court(agreement: Agreement, day: date) -> bool:
    """Return whether what only happens after a charge may be spoken of with a partner."""
    return agreement.covers(DATES, day) or agreement.covers(MEASURES, day)


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


def last_day(today: date, rules: Rules) -> date:
    """Return the last day that an agreement of today can have.

    Source:
        Our standard, key `partners.agreement` in rules/limits.toml.
    """
    return add_months(today, rules.limits.agreement_months)


def changed_of(agreement: Agreement | None) -> str:
    """Return what a form carries to know whether an agreement changed since it was shown."""
    return agreement.changed if agreement else ""


def is_agreed(agreement: Agreement | None, terms: Terms, today: date) -> bool:
    """Return whether exactly this holds already."""
    if agreement is None or not agreement.holds(today):
        return False
    return (agreement.scope, agreement.until) == (terms.scope, terms.until)


def scope_words(scope: Iterable[str]) -> str:
    """Return what may be seen, in a line for staff."""
    chosen = set(scope)
    return ", ".join(SCOPE_WORDS[what] for what in SCOPES if what in chosen) or "nothing"


def agreed(
    before: Agreement | None,
    case: Case,
    victim: VictimKey,
    partner: str,
    terms: Terms,
    said: Said,
) -> Agreement:
    """Return the agreement after a victim said yes, in place of what was agreed before."""
    base = before or Agreement(
        partner, victim, case.key, case.reference, terms.scope, terms.until, said.at, said.by
    )
    whose = case.victim(victim)
    line = f"{scope_words(terms.scope)}, until {long_date(terms.until)}: agreed {_said_words(said)}"
    return replace(
        base,
        scope=terms.scope,
        until=terms.until,
        given_at=said.at,
        given_by=said.by,
        withdrawn_at=None,
        withdrawn_by="",
        past=_with_line(base, line),
        label=whose.label if whose else "",
    )


def withdrawn(before: Agreement, said: Said) -> Agreement:
    """Return the agreement after a victim took it back."""
    line = f"taken back {_said_words(said)}"
    return replace(
        before, withdrawn_at=said.at, withdrawn_by=said.by, past=_with_line(before, line)
    )


def _said_words(said: Said) -> str:
    who = "by the victim on their page" if said.by == BY_VICTIM else f"with {said.by}"
    how = f" {said.how}" if said.how else ""
    return f"{who}{how}, {date_and_time(said.at)}"


def _with_line(before: Agreement, line: str) -> tuple[str, ...]:
    sentence = f"{line[:1].upper()}{line[1:]}."
    return (*before.past, sentence)[-PAST_LINES:]

"""What a form about a partner agency brings, on a victim's page and on the desk alike."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.domain.agreements import SCOPES, Agreement, Terms, last_day
from chalicelib.domain.dates import add_months, long_date, read_day
from chalicelib.frozen import frozen
from chalicelib.rules import Partner, Rules
from chalicelib.web.http import Form

LONG, SHORT, DAY = "long", "short", "day"
DAY_HINT = "Only if you chose another day. For example 2027-03-31 or 31/3/2027."
NOTHING_TICKED = "Tick at least one thing that they may see."
NO_END = "Choose until when."
NO_DAY = "Write the day like 2027-03-31 or 31/3/2027."
Errors = Sequence[tuple[str, str]]


@frozen
class AgreementForm:
    """What was ticked and written for one partner, ready to be shown again."""

    partner: str
    scope: tuple[str, ...] = ()
    until: str = ""
    day: str = ""

    @classmethod
    def of(cls, form: Form, partner: str) -> "AgreementForm":
        """Return what came for a partner; what cannot be ticked is left out."""
        ticked = set(form.every(f"scope_{partner}"))
        return cls(
            partner,
            tuple(what for what in SCOPES if what in ticked),
            form.text(f"until_{partner}"),
            form.text(f"day_{partner}"),
        )

    @classmethod
    def as_agreed(cls, agreement: Agreement) -> "AgreementForm":
        """Return the form as it would say what is agreed already."""
        scope = tuple(what for what in SCOPES if what in agreement.scope)
        return cls(agreement.partner, scope, DAY, agreement.until.isoformat())

    def terms(self, today: date, rules: Rules) -> tuple[Terms | None, Errors]:
        """Return what is agreed to, or what is missing, field by field."""
        errors: list[tuple[str, str]] = []
        if not self.scope:
            errors.append((f"scope_{self.partner}", NOTHING_TICKED))
        until = self._until(today, rules, errors)
        if errors or until is None:
            return None, errors
        return Terms(frozenset(self.scope), until), ()

    def _until(self, today: date, rules: Rules, errors: list[tuple[str, str]]) -> date | None:
        ends = _ends(today, rules)
        if self.until in ends:
            return ends[self.until]
        if self.until != DAY:
            errors.append((f"until_{self.partner}", NO_END))
            return None
        day = read_day(self.day, today)
        if problem := _day_problem(day, today, rules):
            errors.append((f"day_{self.partner}", problem))
        return day


def _ends(today: date, rules: Rules) -> dict[str, date]:
    short = add_months(today, rules.limits.agreement_short_months)
    return {LONG: last_day(today, rules), SHORT: short}


def _day_problem(day: date | None, today: date, rules: Rules) -> str:
    latest = last_day(today, rules)
    if day is None:
        return NO_DAY
    if day < today:
        return f"{long_date(day)} is over. Choose today or a later day."
    if day > latest:
        months = rules.limits.agreement_months
        return f"Choose a day up to {long_date(latest)}: this lasts {months} months at most."
    return ""


def form_context(
    partner: Partner, typed: AgreementForm, errors: Errors, today: date, rules: Rules
) -> dict[str, Any]:
    """Return what the fields of one partner's form show."""
    months = {LONG: rules.limits.agreement_months, SHORT: rules.limits.agreement_short_months}
    ends = _ends(today, rules)
    options = [
        (key, f"{count} months, until {long_date(ends[key])}") for key, count in months.items()
    ]
    return {
        "key": partner.key,
        "partner": partner.name,
        "scope": typed.scope,
        "until": typed.until,
        "day": typed.day,
        "ends": [*options, (DAY, "Until another day, sooner")],
        "day_hint": DAY_HINT,
        "error_of": dict(errors),
    }

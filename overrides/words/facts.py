"""Figures in words, and days counted as the service counts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from html import escape
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import ONE_DAY, add_working_days
from chalicelib.domain.contact import FIRST_LANGUAGE
from chalicelib.domain.dates import add_months, long_date
from chalicelib.domain.pairs import EXAMPLE_PAIR
from chalicelib.domain.tellings import CODE_TRUST

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.calendar import WorkingDays
    from chalicelib.rules import CodeLimit, Rules
    from chalicelib.rules.guidance import Guidance

OURS = ("police", "police or CPS", "WCU")
WHO_TELLS = {
    "police": "the police",
    "police or CPS": "the police or prosecutors",
    "CPS": "prosecutors",
    "WCU": "witness care",
    "Probation": "the Probation Service",
    "the service": "the service that you complained to",
}
CLOCK_STARTS = {
    "report": "the day of your report",
    "event": "the day it happens",
    "decision": "the day of the decision",
    "charge": "the day of the charge",
    "receipt from court": "the day witness care hears from the court",
    "receipt from CPS": "the day witness care hears from prosecutors",
    "sentence": "the day of the sentence",
    "referral": "the day of the referral",
    "receipt of claim": "the day your form arrives",
    "receipt": "the day your complaint arrives",
}
ASK = "Ask by when"
COLUMNS = ("What", "Usually", "Enhanced")
EVERYONE = "Everyone"
LOOKED_UP_SAFELY = (
    "You can look at a case here only if it is safe. Your officer asks you that first."
    " No page of it names the crime, and nothing is sent to you."
)
MINUTES_AN_HOUR = 60


class UnsureFigureError(Exception):
    """A page prints a number that is not well founded: marked C or U and not our own."""


@dataclass(frozen=True)
class Facts:
    """The figures that pages print, from the rules that the service keeps to."""

    rules: Rules
    guidance: Guidance
    calendar: WorkingDays

    def amount(self, key: str) -> str:
        """Return a figure or one of our limits with its unit: "2 years", "5 working days".

        Raises:
            KeyError: there is no such figure.
            UnsureFigureError: it is marked C or U, and is not our own.
        """
        limit = self.rules.limit_rows.get(key)
        if limit is None:
            return _words(self.number(key), self.guidance.figures[key].unit)
        if isinstance(limit.amount, time):
            raise TypeError(f"{key} is a time of day")
        return _words(limit.amount, limit.unit)

    def number(self, key: str) -> float:
        """Return the bare number of a figure or of one of our limits; raises as `amount` does."""
        limit = self.rules.limit_rows.get(key)
        if limit is not None and isinstance(limit.amount, int):
            return limit.amount
        figure = self.guidance.figures[key]
        if figure.trust not in CODE_TRUST:
            raise UnsureFigureError(f"{key} is marked {figure.trust}")
        return figure.amount

    def call(self, key: str) -> str:
        """Return a short number as a link that dials it; 999 stays words, to dial on purpose."""
        number = self.number(key)
        return f'<a href="tel:{number}">{number}</a>'

    def within(self, event: str, *, enhanced: bool = False) -> str:
        """Return by when the Code says a person is told: "5 working days".

        Raises:
            UnsureFigureError: the Code gives no number, or its row is marked C or U.
        """
        limit = self.rules.code_limits[event]
        days = limit.enhanced_working_days if enhanced else limit.standard_working_days
        if days is None or limit.trust not in CODE_TRUST:
            raise UnsureFigureError(f"{event}: {days} days, marked {limit.trust}")
        return _words(days, "working_days")

    def told(self, event: str) -> str:
        """Return a sentence on by when a person hears, which is true however sure we are."""
        limit = self.rules.code_limits[event]
        standard, enhanced = limit.standard_working_days, limit.enhanced_working_days
        if standard is None or enhanced is None or not _is_ours_or_sure(limit):
            return "Ask by when you will hear."
        by = f"within **{_words(standard, 'working_days')}**"
        if enhanced != standard:
            by += f", or **{_words(enhanced, 'working_days')}** if you have Enhanced Rights"
        if limit.trust in CODE_TRUST:
            return f"The Victims' Code says {by}."
        return f"We aim to tell you {by}. That is our own standard."

    def looked_up(self, key: str) -> str:
        """Return whether a case of this type or with this flag can be looked up here."""
        flag = self.rules.flags.get(key)
        crime_type = None if flag else self.rules.crime_types[key]
        if crime_type and not crime_type.open_to_lookup:
            return crime_type.closed_reason
        if (flag or self.rules.crime_types[key]).safe_mode:
            return LOOKED_UP_SAFELY
        return "You can often check a case like this here. Ask your officer for a code."

    def contact(self, key: str) -> str:
        """Return how somebody is reached, from the contacts that the service shows too."""
        contact = self.rules.contacts[key]
        return f"[{contact.link}]({contact.url}). {contact.text}" if contact.url else contact.text

    def message(self) -> str:
        """Return the exact words of what is sent, with two words that no message ever has."""
        return self.rules.notices[FIRST_LANGUAGE].text.format(pair=EXAMPLE_PAIR)

    def subject(self) -> str:
        """Return the heading that a message has as an e-mail."""
        return self.rules.notices[FIRST_LANGUAGE].subject

    def limits_table(self, caption: str, *rights: int) -> str:
        """Return the limits of some rights as a table with where the clock starts.

        Its roles are written out, because on a small screen the style shows each row as a
        block, and browsers then no longer call it a table.
        """
        rows = [limit for limit in self.rules.code_limits.values() if limit.right in rights]
        head = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in COLUMNS)
        return (
            f'<table class="hub-limits" role="table">'
            f'<caption class="hub-visually-hidden">{escape(caption)}</caption>'
            f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
            f'<tbody role="rowgroup">{"".join(map(_limit_row, rows))}</tbody></table>'
        )

    def example(self, key: str) -> str:
        """Return the day from which an example counts: "Wednesday 23 December 2026"."""
        return long_date(self.guidance.examples[key].day)

    def counted(self, example: str, event: str, *, enhanced: bool = False) -> str:
        """Return the days of an example as a list, each counted or not, and why."""
        limit = self.rules.code_limits[event]
        self.within(event, enhanced=enhanced)
        days = limit.enhanced_working_days if enhanced else limit.standard_working_days
        start = self.guidance.examples[example].day
        lines, counted, day = (
            [f"- {long_date(start)}: it happens. This day is not counted."],
            0,
            start,
        )
        due = add_working_days(start, days or 0, self.calendar)
        while day < due:
            day += ONE_DAY
            if self.calendar.is_working_day(day):
                counted += 1
                last = " **This is the last day.**" if day == due else ""
                lines.append(f"- {long_date(day)}: working day {counted}.{last}")
            else:
                lines.append(f"- {long_date(day)}: {self._why_not(day)}, not counted.")
        return "\n".join(lines)

    def last_day(self, example: str, key: str) -> str:
        """Return the last day of a limit in days, months or years, counted from an example."""
        return long_date(self._last_day(self.guidance.examples[example].day, key))

    def _last_day(self, day: date, key: str) -> date:
        row = self.rules.limit_rows.get(key) or self.guidance.figures[key]
        if not isinstance(row.amount, int):
            raise TypeError(f"{key} is a time of day")
        if row.unit == "days":
            return day + timedelta(days=row.amount)
        return add_months(day, {"months": 1, "years": 12}[row.unit] * row.amount)

    def _why_not(self, day: date) -> str:
        return "a bank holiday" if day in self.calendar.bank_holidays else "the weekend"


def _limit_row(limit: CodeLimit) -> str:
    who, clock = WHO_TELLS[limit.who_tells], CLOCK_STARTS[limit.clock_from]
    cells = [
        _cell(limit, limit.standard_working_days),
        _cell(limit, limit.enhanced_working_days),
    ]
    if len(set(cells)) == 1:
        shown = f'<td role="cell" colspan="2" data-name="{EVERYONE}">{cells[0]}</td>'
    else:
        shown = "".join(
            f'<td role="cell" data-name="{name}">{cell}</td>'
            for name, cell in zip(COLUMNS[1:], cells, strict=True)
        )
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escape(limit.plain)}<br>'
        f'<span class="hub-clock">From {who}. Counted from {clock}.</span></th>{shown}</tr>'
    )


def _cell(limit: CodeLimit, days: int | None) -> str:
    if days is None or not _is_ours_or_sure(limit):
        return ASK
    words = _words(days, "working_days")
    return words if limit.trust in CODE_TRUST else f"We aim for {words}"


def _is_ours_or_sure(limit: CodeLimit) -> bool:
    """Return whether we can print a number: the Code's where it is sure, else only our own aim."""
    return limit.trust in CODE_TRUST or limit.who_tells in OURS


def _words(amount: float, unit: str) -> str:
    if unit == "minutes" and amount % MINUTES_AN_HOUR == 0:
        amount, unit = amount // MINUTES_AN_HOUR, "hours"
    name = unit.replace("_", " ")
    return f"{amount} {name.removesuffix('s') if amount == 1 else name}"

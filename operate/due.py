"""What is to be checked again: guidance pages, rows of rules and the known bank holidays."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from mkdocs.utils import meta
from rich.markup import escape
from rich.table import Table

from chalicelib.domain.calendar import england_and_wales
from chalicelib.domain.dates import add_months, long_date
from chalicelib.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

DOCS = "docs"
RULES = "api/chalicelib/rules"
HOLIDAYS_FROM = "requirements/api.txt"


class UndatedError(Exception):
    """A page or a row does not say when it was checked, so nobody would ever check it again."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something to check again; `where` is its path in the repository."""

    review_by: date
    what: str
    where: str


def print_due(root: Path, today: date, days: int, console: Console) -> None:
    """Print a table of what is due, and in a last line how much that is."""
    reviews = all_reviews(root)
    due = due_within(days, today, reviews)
    if due:
        console.print(_table(due))
    closing = closing_line(due, reviews, days)
    console.print(closing, markup=False, highlight=False, soft_wrap=True)


def all_reviews(root: Path) -> list[Due]:
    """Return everything in the repository that is checked again, soonest first.

    Raises:
        UndatedError: a page or a row has no date; names the file.
    """
    reviews = [*_pages(root), *_rules(root), _bank_holidays()]
    return sorted(reviews, key=attrgetter("review_by", "where"))


def due_within(days: int, today: date, reviews: Sequence[Due]) -> list[Due]:
    """Return what is overdue or due in so many days from today, the last one included."""
    return [each for each in reviews if (each.review_by - today).days <= days]


def closing_line(due: Sequence[Due], reviews: Sequence[Due], days: int) -> str:
    """Return how much is due, or what comes first where nothing is."""
    within = f"due within {_counted(days, 'day')}."
    if due:
        return f"{_counted(len(due), 'thing')} {'is' if len(due) == 1 else 'are'} {within}"
    first = reviews[0]
    return f"Nothing is {within} Next: {first.what} on {long_date(first.review_by)}."


def _table(due: Sequence[Due]) -> Table:
    table = Table()
    table.add_column("Review by", no_wrap=True)
    table.add_column("What")
    # A path that is broken in two can be neither clicked nor copied.
    table.add_column("Where", no_wrap=True)
    for each in due:
        table.add_row(each.review_by.isoformat(), escape(each.what), escape(each.where))
    return table


def _pages(root: Path) -> Iterator[Due]:
    for page in (root / DOCS).rglob("*.md"):
        where = page.relative_to(root).as_posix()
        given: dict[str, Any] = meta.get_data(page.read_text("utf-8"))[1]
        yield Due(_date(given, "review_by", where), str(given.get("title", page.stem)), where)


def _rules(root: Path) -> Iterator[Due]:
    """Give one line for the rows of a file that are due together: nobody reads a line for each."""
    months = load_rules().limits.facts_check_months
    for file in (root / RULES).glob("*.toml"):
        where = file.relative_to(root).as_posix()
        kinds_by_day: dict[date, list[str]] = {}
        for kind, row in _rows(file):
            day = add_months(_date(row, "checked_on", where), months)
            kinds_by_day.setdefault(day, []).append(kind)
        for day, kinds in kinds_by_day.items():
            names = ", ".join(dict.fromkeys(kinds))
            yield Due(day, f"{_counted(len(kinds), 'row')} of {names}", where)


def _rows(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, rows in tomllib.loads(file.read_text("utf-8")).items():
        for row in rows:
            yield kind, row


def _bank_holidays() -> Due:
    """Return by when a newer list is needed, so that it always reaches far enough ahead."""
    limits = load_rules().limits
    last = england_and_wales(limits.working_day_starts, limits.receipt_cut_off).last_day
    review_by = add_months(last, -limits.calendar_reach_months)
    return Due(review_by, f"Bank holidays, known to {long_date(last)}", HOLIDAYS_FROM)


def _date(given: Mapping[str, Any], key: str, where: str) -> date:
    day = given.get(key)
    # A date with a time of day is a date to Python, but cannot be compared with one.
    if type(day) is not date:
        raise UndatedError(f"{where}: {key} must be there and be a date such as 2027-02-26")
    return day


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

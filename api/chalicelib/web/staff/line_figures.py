"""The minimum expectations of police and ISVAs in numbers: tables of two months, a file of all."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from chalicelib.domain.figures import (
    CANCELLED,
    KEPT_IN_TIME,
    KEPT_LATE,
    MADE,
    OPEN_LATE,
    Tally,
    month_in_words,
    percent,
)
from chalicelib.services.read_figures import LineTally

LINE_COLUMNS = (
    "month", "who", "number", "line", "basis", "made", "kept_in_time", "kept_late", "cancelled",
    "open_late", "in_time_percent",
)  # fmt: skip
COUNTED = (MADE, KEPT_IN_TIME, KEPT_LATE, CANCELLED)
AT_MONTHS_END = "at month's end"
MONTHS_SHOWN = 2


def line_tables(lines: Iterable[LineTally], current: str) -> list[dict[str, Any]]:
    """Return a table of each of the two newest months, of the team and of each service."""
    lines = tuple(lines)
    months = sorted({each.tally.month for each in lines}, reverse=True)[:MONTHS_SHOWN]
    shown = [each for each in lines if each.tally.month in months]
    return [
        {"caption": f"{who}, {_month(month, current)}", "rows": [_row(e, current) for e in some]}
        for (who, month), some in groupby(shown, key=lambda each: (each.who, each.tally.month))
    ]


def line_cells(lines: Iterable[LineTally], current: str) -> Iterator[list[str | int | None]]:
    """Give the lines of the file: every month, every line of which anything was counted."""
    for each in lines:
        tally, row = each.tally, each.row
        yield [
            tally.month,
            each.who,
            row.number,
            row.does,
            row.basis,
            *(tally.count(what) for what in COUNTED),
            None if tally.month == current else tally.count(OPEN_LATE),
            _percent(tally),
        ]


def _row(each: LineTally, current: str) -> list[str]:
    tally, share = each.tally, _percent(each.tally)
    return [
        f"{each.row.number}. {each.row.does}",
        *(f"{tally.count(what):,}" for what in COUNTED),
        AT_MONTHS_END if tally.month == current else f"{tally.count(OPEN_LATE):,}",
        "none" if share is None else f"{share}%",
    ]


def _percent(tally: Tally) -> int | None:
    return percent(tally.count(KEPT_IN_TIME), tally.count(KEPT_LATE))


def _month(month: str, current: str) -> str:
    return month_in_words(month) + (" so far" if month == current else "")

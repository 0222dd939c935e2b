"""The published figures: how well the promises to victims were kept, for anybody to read."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.dates import add_months
from chalicelib.domain.figures import RHYTHM, Hours, month_in_words, month_of
from chalicelib.domain.promises import REPLY
from chalicelib.domain.publication import PublishedRow
from chalicelib.services.read_figures import public_figures
from chalicelib.web.figure_parts import (
    HIDDEN,
    hour_of,
    hours_a_day,
    hours_cell,
    hours_chart,
    in_order,
    kept_chart,
    kind_words,
    rhythm_chart,
    shown,
    shown_percent,
    steps_in_words,
)
from chalicelib.web.page import Answer, Download, Page, Pages, Visit

COLUMNS = (
    "month",
    "kind",
    "made",
    "kept_in_time",
    "kept_late",
    "open_late",
    "in_time_percent",
    "half_within_working_hours",
    "nineteen_in_twenty_within_working_hours",
    "victims_with_agreed_updates_percent",
)

pages = Pages()


@pages.page("/figures", "GET")
def figures(visit: Visit) -> Answer:
    """Show the figures of the last finished months; asks for no session and gives no cookie."""
    found = public_figures(visit.deps)
    limits, rows = visit.deps.rules.limits, found.rows
    return Page(
        "victim/figures.html",
        {
            # Nobody's information: the bar says which site this is.
            "is_open_to_all": True,
            "headline": headline(rows, limits.figures_least_count),
            "first_in": month_in_words(month_of(add_months(visit.deps.today(), 1))),
            "kinds": [_kind(kind, rows) for kind in in_order(row.kind for row in rows)],
            "times": _times([row for row in rows if row.kind == REPLY]),
            "rhythm": _rhythm(found.with_rhythm),
            "least": limits.figures_least_count,
            "reply_days": limits.reply_working_days,
            "opens": hour_of(limits.working_day_starts),
            "closes": hour_of(limits.receipt_cut_off),
            "steps": steps_in_words(),
            "day_hours": hours_a_day(limits.working_day_starts, limits.receipt_cut_off),
        },
    )


@pages.page("/figures.csv", "GET")
def figures_file(visit: Visit) -> Answer:
    """Give the same figures as a file for a spreadsheet."""
    found = public_figures(visit.deps)
    blank = [None] * (len(COLUMNS) - 3)
    rhythm = [[month, RHYTHM, *blank, _cell(number)] for month, number in found.with_rhythm]
    return Download.of_rows("figures.csv", [COLUMNS, *(_line(row) for row in found.rows), *rhythm])


def headline(rows: Sequence[PublishedRow], least: int) -> str:
    """Return what matters most of the newest month, or honestly that it is hidden.

    What was kept is hidden only where it is fewer than `least`, which the page says anyway.
    """
    if not rows:
        return "No month is over yet, so there is nothing to show."
    month = rows[0].month
    row = next((row for row in rows if row.month == month and row.kind == REPLY), None)
    when = f"In {month_in_words(month)}"
    in_time, late = (row.kept_in_time, row.kept_late) if row else (None, None)
    if in_time is not None and late is not None:
        return f"{when}, {in_time:,} of {in_time + late:,} promised answers came in time."
    if in_time is not None:
        return f"{when}, {in_time:,} promised answers came in time. Fewer than {least} came late."
    if late is not None:
        return f"{when}, {late:,} promised answers came late. Fewer than {least} came in time."
    return f"{when}, there were too few promised answers to show how many came in time."


def _kind(kind: str, rows: Sequence[PublishedRow]) -> dict[str, Any]:
    of_kind = [row for row in rows if row.kind == kind]
    name, about = kind_words(kind)
    months = [(month_in_words(row.month), row.kept_in_time, row.kept_late) for row in of_kind]
    return {
        "key": kind,
        "name": name,
        "about": about,
        "chart": kept_chart(kind, months),
        "rows": [_cells(row) for row in of_kind],
    }


def _cells(row: PublishedRow) -> list[str]:
    return [
        month_in_words(row.month),
        shown(row.made),
        shown(row.kept_in_time),
        shown(row.kept_late),
        shown(row.open_late),
        shown_percent(row.in_time_percent),
    ]


def _times(rows: Sequence[PublishedRow]) -> dict[str, Any] | None:
    """Return how long answers took, if that may be shown of any month."""
    if not any(row.half for row in rows):
        return None
    return {
        "chart": hours_chart([(month_in_words(row.month), row.half) for row in rows]),
        "rows": [
            [month_in_words(row.month), str(row.half or HIDDEN), str(row.nearly_all or HIDDEN)]
            for row in rows
        ],
    }


def _rhythm(months: Sequence[tuple[str, int | None]]) -> dict[str, Any] | None:
    """Return how many victims agreed on a rhythm of updates, if that may be shown of any month."""
    if all(number is None for _, number in months):
        return None
    in_words = [(month_in_words(month), number) for month, number in months]
    return {
        "chart": rhythm_chart(in_words),
        "rows": [[month, shown_percent(number)] for month, number in in_words],
    }


def _line(row: PublishedRow) -> list[str | int | None]:
    numbers = (row.made, row.kept_in_time, row.kept_late, row.open_late, row.in_time_percent)
    times = (_hours_cell(row.half, row.kind), _hours_cell(row.nearly_all, row.kind))
    return [row.month, row.kind, *(_cell(number) for number in numbers), *times, None]


def _cell(number: int | None) -> str | int:
    return HIDDEN if number is None else number


def _hours_cell(hours: Hours | None, kind: str) -> str | int | None:
    if kind != REPLY:
        return None
    return hours_cell(hours) or HIDDEN

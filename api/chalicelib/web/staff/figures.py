"""The team's figures for its supervisor, and the two tables to take away."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.errors import FreshSignInNeededError, NotFoundError
from chalicelib.domain.figures import (
    CANCELLED,
    FOLLOWED,
    HALF,
    KEPT_IN_TIME,
    KEPT_LATE,
    MADE,
    NEARLY_ALL,
    OPEN_LATE,
    WITH_RHYTHM,
    Tally,
    first_day_of,
    month_in_words,
    percent,
    percentile,
)
from chalicelib.domain.promises import REPLY
from chalicelib.domain.staff import StaffSession
from chalicelib.services.read_figures import (
    ComplianceRow,
    TeamFigures,
    compliance_rows,
    team_figures,
)
from chalicelib.services.staff_sessions import need_fresh
from chalicelib.web.figure_parts import (
    hour_of,
    hours_a_day,
    hours_cell,
    hours_chart,
    in_order,
    kept_chart,
    kind_words,
    rhythm_chart,
    steps_in_words,
)
from chalicelib.web.page import Answer, Download, Pages, Redirect, Visit
from chalicelib.web.staff.desk import desk_page, signed_in
from chalicelib.web.staff.errors import sign_in_address
from chalicelib.web.staff.line_figures import LINE_COLUMNS, line_cells, line_tables

NOTHING = "none"
AT_MONTHS_END = "at month's end"
COLUMNS = (
    "month",
    "kind",
    "made",
    "kept_in_time",
    "kept_late",
    "cancelled",
    "open_late",
    "in_time_percent",
    "half_within_working_hours",
    "nineteen_in_twenty_within_working_hours",
    "victims_followed",
    "victims_with_agreed_updates",
)
CODE_COLUMNS = (
    "event",
    "about",
    "right",
    "standard_working_days",
    "enhanced_working_days",
    "source_trust",
    "made",
    "kept_in_time",
    "kept_late",
    "cancelled",
    "open_late",
    "in_time_percent",
)

pages = Pages()


@pages.page("/figures", "GET")
@signed_in
def figures(visit: Visit, session: StaffSession) -> Answer:
    """Show the team's figures, the month under way first."""
    found = team_figures(visit.deps, session)
    limits = visit.deps.rules.limits
    return desk_page(
        "staff/figures.html",
        {
            "team": found.team,
            "kinds": [_kind(kind, found) for kind in in_order(t.kind for t in found.tallies)],
            "rhythm": _rhythm(found.rhythms),
            "lines": line_tables(found.lines, found.current),
            "months": [(month, month_in_words(month)) for month in found.finished_months],
            "chosen": _chosen(visit, found.finished_months),
            "opens": hour_of(limits.working_day_starts),
            "closes": hour_of(limits.receipt_cut_off),
            "steps": steps_in_words(),
            "least": limits.figures_least_count,
            "fresh_minutes": limits.staff_fresh_minutes,
            "day_hours": hours_a_day(limits.working_day_starts, limits.receipt_cut_off),
        },
    )


@pages.page("/figures.csv", "GET")
@signed_in
def figures_file(visit: Visit, session: StaffSession) -> Answer:
    """Give the team's figures as a file, behind a fresh sign-in."""
    if not _is_fresh(visit, session):
        return Redirect(sign_in_address("/figures", fresh=True))
    found = team_figures(visit.deps, session, "exported figures")
    lines = [_line(tally, found.current) for tally in found.tallies]
    return Download.of_rows(
        "team-figures.csv", [COLUMNS, *lines, *(_rhythm_line(tally) for tally in found.rhythms)]
    )


@pages.page("/figures/code.csv", "GET")
@signed_in
def code_file(visit: Visit, session: StaffSession) -> Answer:
    """Give how the team kept to the Victims' Code, one row an event, behind a fresh sign-in."""
    one, other = _month_asked(visit, "first"), _month_asked(visit, "last")
    # Two lists cannot stop anybody from choosing the later month first.
    first, last = min(one, other), max(one, other)
    if not _is_fresh(visit, session):
        return Redirect(sign_in_address(f"/figures?first={first}&last={last}", fresh=True))
    rows = compliance_rows(visit.deps, session, first, last)
    return Download.of_rows(
        f"victims-code-{first}-to-{last}.csv", [CODE_COLUMNS, *(_code_line(row) for row in rows)]
    )


@pages.page("/figures/lines.csv", "GET")
@signed_in
def lines_file(visit: Visit, session: StaffSession) -> Answer:
    """Give how police and ISVAs kept their minimum expectations, behind a fresh sign-in."""
    if not _is_fresh(visit, session):
        return Redirect(sign_in_address("/figures", fresh=True))
    found = team_figures(visit.deps, session, "exported the figures of expectations")
    rows = line_cells(found.lines, found.current)
    return Download.of_rows("police-and-isva-expectations.csv", [LINE_COLUMNS, *rows])


def _is_fresh(visit: Visit, session: StaffSession) -> bool:
    """Return whether a table may go out now; else who signed in comes back to the page of it.

    They do not come back to the file: a browser that is sent to one stays where it was, on
    the provider's page.
    """
    try:
        need_fresh(visit.deps, session)
    except FreshSignInNeededError:
        return False
    return True


def _chosen(visit: Visit, months: Sequence[str]) -> tuple[str, str] | None:
    """Return the first and last month of the form: as they were chosen, else all there are."""
    if not months:
        return None
    first, last = (visit.request.query.get(name, "") for name in ("first", "last"))
    return first if first in months else months[-1], last if last in months else months[0]


def _month_asked(visit: Visit, name: str) -> str:
    """Return a month of the address.

    Raises:
        NotFoundError: it is none; our own lists offer nothing else.
    """
    month = visit.request.query.get(name, "")
    try:
        first_day_of(month)
    except ValueError as error:
        raise NotFoundError from error
    return month


def _kind(kind: str, found: TeamFigures) -> dict[str, Any]:
    tallies = [tally for tally in found.tallies if tally.kind == kind]
    name, about = kind_words(kind)
    bars = [
        (_month(t.month, found.current), t.count(KEPT_IN_TIME), t.count(KEPT_LATE)) for t in tallies
    ]
    return {
        "key": kind,
        "name": name,
        "about": about,
        "chart": kept_chart(kind, bars),
        "rows": [_cells(tally, found.current) for tally in tallies],
        "times": _times(tallies, found.current) if kind == REPLY else None,
    }


def _cells(tally: Tally, current: str) -> list[str]:
    numbers = [tally.count(what) for what in (MADE, KEPT_IN_TIME, KEPT_LATE, CANCELLED)]
    share = percent(tally.count(KEPT_IN_TIME), tally.count(KEPT_LATE))
    return [
        _month(tally.month, current),
        *(f"{number:,}" for number in numbers),
        AT_MONTHS_END if tally.month == current else f"{tally.count(OPEN_LATE):,}",
        _share(share),
    ]


def _times(tallies: Sequence[Tally], current: str) -> dict[str, Any] | None:
    answered = [tally for tally in tallies if tally.kept]
    if not answered:
        return None
    half = [percentile(tally.counts, HALF) for tally in answered]
    nearly_all = [percentile(tally.counts, NEARLY_ALL) for tally in answered]
    months = [_month(tally.month, current) for tally in answered]
    return {
        "chart": hours_chart(list(zip(months, half, strict=True))),
        "rows": [
            [month, str(one), str(other)]
            for month, one, other in zip(months, half, nearly_all, strict=True)
        ],
    }


def _rhythm(tallies: Sequence[Tally]) -> dict[str, Any] | None:
    if not tallies:
        return None
    shares = [_share_with_rhythm(tally) for tally in tallies]
    months = [month_in_words(tally.month) for tally in tallies]
    return {
        "chart": rhythm_chart(list(zip(months, shares, strict=True))),
        "rows": [
            [month, f"{tally.count(FOLLOWED):,}", f"{tally.count(WITH_RHYTHM):,}", _share(share)]
            for month, tally, share in zip(months, tallies, shares, strict=True)
        ],
    }


def _share_with_rhythm(tally: Tally) -> int | None:
    return percent(tally.count(WITH_RHYTHM), tally.count(FOLLOWED) - tally.count(WITH_RHYTHM))


def _share(number: int | None) -> str:
    return NOTHING if number is None else f"{number}%"


def _month(month: str, current: str) -> str:
    return month_in_words(month) + (" so far" if month == current else "")


def _line(tally: Tally, current: str) -> list[str | int | None]:
    return [
        tally.month,
        tally.kind,
        *(tally.count(what) for what in (MADE, KEPT_IN_TIME, KEPT_LATE, CANCELLED)),
        None if tally.month == current else tally.count(OPEN_LATE),
        percent(tally.count(KEPT_IN_TIME), tally.count(KEPT_LATE)),
        hours_cell(percentile(tally.counts, HALF)),
        hours_cell(percentile(tally.counts, NEARLY_ALL)),
        None,
        None,
    ]


def _rhythm_line(tally: Tally) -> list[str | int | None]:
    blank = [None] * (len(COLUMNS) - 4)
    return [tally.month, tally.kind, *blank, tally.count(FOLLOWED), tally.count(WITH_RHYTHM)]


def _code_line(row: ComplianceRow) -> list[str | int | None]:
    event = row.event
    return [
        event.key,
        event.event,
        event.right,
        event.standard_working_days,
        event.enhanced_working_days,
        event.trust,
        row.made,
        row.kept_in_time,
        row.kept_late,
        row.cancelled,
        row.open_late,
        row.in_time_percent,
    ]

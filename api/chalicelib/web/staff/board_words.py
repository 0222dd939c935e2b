"""The supervisor's board in words: its numbers with a bar each, its rows, what was done."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.cases import OfficerId
from chalicelib.domain.dates import date_and_time, in_london, long_date
from chalicelib.domain.promises import KINDS, TASK, Promise
from chalicelib.domain.staff import BulkRequest, Force, StaffMember, StaffSession
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services.board import (
    Board,
    BoardRow,
    Group,
    Owner,
    kind_group,
    officer_group,
)
from chalicelib.services.bulk_requests import asking_id
from chalicelib.services.keep_force import address_part
from chalicelib.services.reassign import Given, Left, Problem
from chalicelib.web.figure_parts import kind_words
from chalicelib.web.staff.case_fields import number_of
from chalicelib.web.staff.contact_words import warns_in_lists
from chalicelib.web.staff.rows import Row, due_alone, row_of, with_first

BAR_WIDTH = 72
ALL = "All that is open"
# What each group is called, and what it is where that needs a sentence; {n} is the limit.
GROUPS = {
    Group.LATE: ("Late", ""),
    Group.COURT: (
        "Before court without a review",
        "Court is in less than {days} working days, and nobody has closed the review.",
    ),
    Group.AT_RISK: (
        "At risk",
        "Due today or on the next working day, and nobody has done anything about it.",
    ),
    Group.TODAY: ("Due today", ""),
    Group.THIS_WEEK: ("Due this week", "After today, until Sunday."),
    Group.LATER: ("Due later", ""),
    Group.UNASSIGNED: ("Unassigned", "Who had it is not on the staff list, or no longer."),
    Group.AWAY: ("Away, nobody answers", "The officer is away and no cover is noted."),
    Group.RAISED: ("With a supervisor", "Late, and a supervisor looks into it."),
    Group.NOTHING_NEW: (
        "No news {n} times in a row",
        "Each time the victim heard that there is nothing new. Look at why.",
    ),
}
DONE = {
    "withdrawn": "Your request is withdrawn. Nothing has moved.",
    "refused": "You said no. Nothing has moved, and who asked reads why.",
    "asked": "Your request is stored. Nothing has moved yet.",
}


@frozen
class Line:
    """A number of the board with its bar; pressing it shows the rows. `late` are among them."""

    name: str
    address: str
    count: int
    late: int
    width: int
    is_shown: bool


@frozen
class ShownRow:
    """A row with who answers for it and what to know; a restricted one has its date alone."""

    id: str
    row: Row
    restricted: bool
    tags: tuple[str, ...]
    owner: str
    ticked: bool


@frozen
class Request:
    """What waits for a second supervisor, or what became of it."""

    team: str
    team_name: str
    asked: str
    name: str
    to: str
    count: str
    late: int
    owners: str
    reason: str
    asked_at: str
    until: str
    decided_by: str
    refused_why: str
    there: int
    left: int
    is_own: bool
    waits: bool


def board_address(show: str = "", *, part: str = "", **query: str) -> str:
    """Return the address of a group's rows, or of the board."""
    asked = {key: value for key, value in {"show": show, **query}.items() if value}
    return f"/team{'?' + urlencode(asked) if asked else ''}{'#' + part if part else ''}"


def heading_of(board: Board, rules: Rules) -> tuple[str, str]:
    """Return what the rows that are shown are called, and what they are."""
    if board.show in GROUPS:
        return _name(Group(board.show), rules)
    kinds = {kind_group(kind): kind_words(kind)[0] for kind in KINDS}
    officers = {officer_group(member.id): member.name for member in board.force.staff}
    return (kinds | officers).get(board.show, ALL), ""


def group_lines(board: Board, rules: Rules) -> list[Line]:
    """Return the numbers of what is due by when, and of what somebody should look at."""
    return [_line(board, group, _name(group, rules)[0]) for group in GROUPS]


def kind_lines(board: Board) -> list[Line]:
    """Return the numbers by kind."""
    return [_line(board, kind_group(kind), kind_words(kind)[0]) for kind in KINDS]


def officer_lines(board: Board, today: date) -> list[Line]:
    """Return the numbers by officer, by name and not by number."""
    return [
        _line(board, officer_group(m.id), f"{m.name}{' (away)' * board.force.is_away(m.id, today)}")
        for m in board.officers
    ]


def _name(group: Group, rules: Rules) -> tuple[str, str]:
    name, about = GROUPS[group]
    days = rules.limits.review_working_days
    return name.format(n=rules.limits.nothing_new_in_a_row), about.format(days=days)


def _line(board: Board, group: str, name: str) -> Line:
    count = board.counts.get(group, 0)
    return Line(
        name=name,
        address=board_address(group, part="rows"),
        count=count,
        late=board.late.get(group, 0),
        # One promise of a thousand is still to be seen.
        width=max(round(BAR_WIDTH * count / board.total), 2) if count else 0,
        is_shown=group == board.show,
    )


def shown_row(
    row: BoardRow, board: Board, now: datetime, rules: Rules, ticked: frozenset[str]
) -> ShownRow:
    """Return a row as the page shows it, with contact and needs of its victim in a line each."""
    promise, today = row.promise, in_london(now).date()
    if not row.shown:
        alone = due_alone(promise, today)
        return ShownRow("", alone, True, (), "", False)  # noqa: FBT003 -- named in the class
    times = promise.nothing_new
    tags = {
        "At risk": Group.AT_RISK in row.groups,
        "Restricted": promise.restricted,
        "Opposed victims": promise.opposed,
        "Safe mode": warns_in_lists(promise, board.known[promise.victim].safety),
        # The row's own note says one thing, and who looks into it goes first.
        f"No news {times} times in a row": (
            promise.raised_at is not None and times >= rules.limits.nothing_new_in_a_row
        ),
    }
    return ShownRow(
        id=row.id,
        row=_with_first(promise, board, now, rules),
        restricted=False,
        tags=tuple(tag for tag, is_so in tags.items() if is_so),
        owner=owner_words(row.owner),
        ticked=row.id in ticked,
    )


def _with_first(promise: Promise, board: Board, now: datetime, rules: Rules) -> Row:
    """Return a row without addresses: a board is read by whole rooms, and nobody rings from it."""
    row = row_of(promise, in_london(now).date(), rules)
    return with_first(row, promise, board.known, now, rules, with_addresses=False)


def looked_into(promise: Promise, board: Board, now: datetime, rules: Rules) -> dict[str, Any]:
    """Return a row of what a supervisor looks into, and in whose list it is."""
    note = promise.task if promise.kind == TASK else ""
    row = replace(_with_first(promise, board, now, rules), note=note)
    team = board.force.team_name(promise.team)
    return {"row": row, "owner": f"{promise.owner_name}, {team}"}


def owner_words(owner: Owner) -> str:
    """Return who answers for a promise today."""
    if owner.member is None:
        return "Nobody: unassigned"
    if not owner.is_away:
        return owner.member.name
    answers = f"{owner.cover.name} answers" if owner.cover else "nobody answers"
    return f"{owner.member.name} (away: {answers})"


def people_options(board: Board, today: date) -> list[tuple[str, str]]:
    """Return to whom promises can be given, and who of them is away."""
    return [(m.id, _person(board.force, m, today)) for m in board.people]


def _person(force: Force, member: StaffMember, today: date) -> str:
    away = _away(force, member.id, today)
    return f"{member.name}, {member.number}{', ' + away if away else ''}"


def _away(force: Force, officer: OfficerId, today: date) -> str:
    days = [a.last_day for a in force.absences if a.officer == officer and a.covers(today)]
    return f"away until {long_date(max(days))}" if days else ""


def request_of(
    request: BulkRequest, session: StaffSession, team_name: str, *, waits: bool
) -> Request:
    """Return a request as pages show it to this person."""
    count = len(request.chosen)
    return Request(
        team=request.team,
        team_name=team_name,
        asked=asking_id(request),
        name=request.name,
        to=request.to_name,
        count=f"{count:,}",
        late=request.late,
        owners=request.owners,
        reason=request.reason,
        asked_at=date_and_time(request.asked_at),
        until=date_and_time(request.until),
        decided_by=request.decided_by,
        refused_why=request.refused_why,
        there=request.there,
        left=count - request.there,
        is_own=request.by == session.member.id,
        waits=waits,
    )


def done_query(given: Given) -> dict[str, str]:
    """Return what an address says of what was moved."""
    counts = (given.there, given.left.get(Left.GONE, 0), given.left.get(Left.SHUT, 0))
    numbers = ".".join(map(str, counts))
    return {"done": f"given.{numbers}", "to": address_part(given.to)}


def done_words(query: Mapping[str, str], force: Force) -> tuple[str, ...]:
    """Return the sentences that say what was done; none for what no address of ours says."""
    done = query.get("done", "")
    if done in DONE:
        return (DONE[done],)
    numbers = [number_of(part) for part in done.removeprefix("given.").split(".")]
    named = (m.name for m in force.staff if address_part(m.id) == query.get("to"))
    name = next(named, None)
    if not done.startswith("given.") or len(numbers) != 3 or min(numbers) < 0 or name is None:  # noqa: PLR2004 -- see done_query
        return ()
    return given_words(name, *numbers)


def given_words(name: str, there: int, gone: int, shut: int) -> tuple[str, ...]:
    """Return what became of promises that were given to somebody."""
    words = []
    if there:
        dates = "Its date is" if there == 1 else "Their dates are"
        words.append(f"{_promises(there)} in {name}’s list now. {dates} the same.")
    else:
        words.append(f"Nothing was given to {name}.")
    if gone:
        words.append(f"{_promises(gone)} no longer here as you saw: kept, or moved meanwhile.")
    if shut:
        words.append(
            f"{_promises(shut)} left where {'it is' if shut == 1 else 'they are'}: "
            f"the case is not open to {name}, or not to you."
        )
    return tuple(words)


def _promises(count: int) -> str:
    return "1 promise is" if count == 1 else f"{count:,} promises are"


def sentences(problems: Iterable[Problem], least: int, longest: int) -> list[tuple[str, str]]:
    """Return field and sentence of each problem, in the order of the form."""
    said = {
        Problem.NOTHING_CHOSEN: ("give", "Tick what you want to give to somebody."),
        Problem.NOBODY: ("officer", "Choose somebody of the team who works with cases."),
        Problem.REASON: ("reason", f"Say why, in {least} to {longest} characters."),
        Problem.WAITS: (
            "",
            "A request of your team waits already. Once it is decided or withdrawn, ask again.",
        ),
    }
    found = set(problems)
    return [said[problem] for problem in said if problem in found]

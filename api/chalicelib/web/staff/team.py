"""The supervisor's board: what the team owes; who gets it instead; what a second one decides."""

from collections.abc import Sequence
from http import HTTPStatus

from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.staff import StaffSession
from chalicelib.services.board import Board, open_board
from chalicelib.services.break_glass import LONGEST_REASON
from chalicelib.services.bulk_requests import (
    ask_bulk,
    confirm_bulk,
    refuse_bulk,
    waiting_requests,
    withdraw_bulk,
)
from chalicelib.services.reassign import (
    CheckAgainError,
    Given,
    Problem,
    Reassignment,
    TooManyError,
    reassign,
)
from chalicelib.web.http import StatusError
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.board_words import (
    Request,
    board_address,
    done_query,
    done_words,
    group_lines,
    heading_of,
    kind_lines,
    looked_into,
    officer_lines,
    people_options,
    request_of,
    sentences,
    shown_row,
)
from chalicelib.web.staff.case_fields import Errors, number_of
from chalicelib.web.staff.desk import desk_page, signed_in

pages = Pages()
TICK_ALL = "1"


@pages.page("/team", "GET")
@signed_in
def team(visit: Visit, session: StaffSession) -> Answer:
    """Show the numbers of the team, and the rows behind one of them."""
    query = visit.request.query
    board = open_board(visit.deps, session, query.get("show", ""), after=query.get("after"))
    everything = frozenset(row.id for row in board.rows)
    ticked = everything if query.get("all") == TICK_ALL else frozenset()
    return _board_page(visit, session, board, ticked)


@pages.page("/team/reassign", "POST")
@signed_in
def give(visit: Visit, session: StaffSession) -> Answer:
    """Give what is ticked to somebody, or ask for it where it is a lot, or say what is missing."""
    form = visit.form
    wanted = Reassignment(
        frozenset(form.every("give")), OfficerId(form.text("officer")), form.text("reason")
    )
    try:
        if form.every("number"):
            number = number_of(form.text("number").strip())
            done = ask_bulk(visit.deps, session, wanted, number)
        else:
            done = reassign(visit.deps, session, wanted)
    except CheckAgainError as error:
        return _again(visit, session, wanted, error)
    except TooManyError as error:
        return _number_page(visit, wanted, error)
    query = done_query(done) if isinstance(done, Given) else {"done": "asked"}
    return Redirect(board_address(form.text("show"), **query))


def _again(
    visit: Visit, session: StaffSession, wanted: Reassignment, error: CheckAgainError
) -> Page:
    """Return the board with everything that was ticked and typed still there."""
    show, after = visit.form.text("show"), visit.form.text("after")
    board = open_board(visit.deps, session, show, after=after or None)
    problems = _sentences(visit, error)
    return _board_page(visit, session, board, wanted.chosen, problems)


def _number_page(visit: Visit, wanted: Reassignment, error: TooManyError) -> Page:
    """Return the page that asks for the number, before a second supervisor is asked."""
    form = visit.form
    errors: Errors = ()
    if form.every("number"):
        errors = [("number", f"Type {error.count}: so many would change hands.")]
    return desk_page(
        "staff/reassign_many.html",
        {
            "count": error.count,
            "limit": visit.deps.rules.limits.bulk_promises,
            "hours": visit.deps.rules.limits.bulk_request_hours,
            "name": error.to.name,
            "chosen": sorted(wanted.chosen),
            "officer": wanted.to,
            "reason": form.text("reason"),
            "show": form.text("show"),
            "back": board_address(form.text("show")),
            "number": form.text("number"),
            "errors": errors,
            "error_of": dict(errors),
        },
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
    )


@pages.page("/team/bulk", "GET")
@signed_in
def requests(visit: Visit, session: StaffSession) -> Answer:
    """Show what waits for a second supervisor, of every team."""
    return _requests_page(visit, session)


@pages.page("/team/bulk", "POST")
@signed_in
def decide(visit: Visit, session: StaffSession) -> Answer:
    """Carry out, refuse or withdraw what waits."""
    form = visit.form
    of_team, asked = TeamId(form.text("team")), form.text("asked")
    try:
        match form.text("do"):
            case "confirm":
                given = confirm_bulk(visit.deps, session, of_team, asked)
                return Redirect(board_address(**done_query(given)))
            case "refuse":
                refuse_bulk(visit.deps, session, of_team, asked, form.text("reason"))
                return Redirect(board_address(done="refused"))
            case "withdraw":
                withdraw_bulk(visit.deps, session, of_team, asked)
                return Redirect(board_address(done="withdrawn"))
    except CheckAgainError as error:
        return _requests_page(visit, session, _sentences(visit, error, gone=True))
    raise StatusError(HTTPStatus.BAD_REQUEST)


def _requests_page(visit: Visit, session: StaffSession, errors: Errors = ()) -> Page:
    """Return the page of one request, where there is one or one is meant, or the list."""
    waiting = waiting_requests(visit.deps, session)
    force = visit.deps.cases.read_force()
    found = [request_of(r, session, force.team_name(r.team), waits=True) for r in waiting]
    asked = visit.form.text("asked") or visit.request.query.get("asked", "")
    meant = [request for request in found if request.asked == asked]
    only = found if len(found) == 1 and not asked else meant
    return desk_page(
        "staff/bulk.html",
        {
            "requests": found,
            "chosen": only[0] if only else None,
            "reason": visit.form.text("reason"),
            "errors": errors,
            "error_of": dict(errors),
        },
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
    )


def _sentences(visit: Visit, error: CheckAgainError, *, gone: bool = False) -> Errors:
    """Return field and sentence of each problem; `gone` where nobody can be chosen instead."""
    least = visit.deps.rules.limits.break_glass_reason_characters
    if gone and Problem.NOBODY in error.problems:
        sentence = "Who was to get these promises no longer can. Say no, so that it is asked anew."
        return [("", sentence)]
    return sentences(error.problems, least, LONGEST_REASON)


def _board_page(
    visit: Visit,
    session: StaffSession,
    board: Board,
    ticked: frozenset[str],
    errors: Errors = (),
) -> Page:
    rules, form, now = visit.deps.rules, visit.form, visit.deps.now()
    rows = [shown_row(row, board, now, rules, ticked) for row in board.rows]
    heading, about = heading_of(board, rules)
    mine, others = _requests(visit, session, board)
    can_tick = [row for row in rows if row.id]
    return desk_page(
        "staff/team.html",
        {
            "team": board.team,
            "done": done_words(visit.request.query, board.force),
            "mine": mine,
            "others": others,
            "is_cut": board.is_cut,
            "total": board.total,
            "looks": [looked_into(promise, board, now, rules) for promise in board.looks],
            "groups": group_lines(board, rules),
            "kinds": kind_lines(board),
            "officers": officer_lines(board, visit.deps.today()),
            "heading": heading,
            "about": about,
            "count": board.counts.get(board.show, 0) if board.show else board.total,
            "show": board.show,
            "after": board.after,
            "rows": rows,
            "can_tick": bool(can_tick),
            "all_ticked": bool(can_tick) and all(row.ticked for row in can_tick),
            "tick_all": board_address(board.show, after=board.after, all=TICK_ALL, part="rows"),
            "tick_none": board_address(board.show, after=board.after, part="rows"),
            "top": board_address(board.show, part="rows"),
            "next": board_address(board.show, after=board.next_after or "", part="rows"),
            "has_next": board.next_after is not None,
            "is_first": not board.after,
            "people": people_options(board, visit.deps.today()),
            "officer": form.text("officer"),
            "reason": form.text("reason"),
            "limit": rules.limits.bulk_promises,
            "errors": errors,
            "error_of": dict(errors),
        },
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
    )


def _requests(visit: Visit, session: StaffSession, board: Board) -> tuple[Sequence[Request], int]:
    """Return this person's own requests, and how many wait for them as a second supervisor."""
    me, now = session.member.id, visit.now
    own = [
        request_of(r, session, board.force.team_name(r.team), waits=r.waits(now))
        for r in board.requests
        if r.by == me and now < r.until
    ]
    return own, sum(r.by != me and r.waits(now) for r in board.requests)

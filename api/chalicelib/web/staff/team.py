"""The supervisor's list: what the team owes by when."""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.staff import StaffSession
from chalicelib.services.team_list import TeamRow, open_team_list
from chalicelib.web.page import Answer, Pages, Visit
from chalicelib.web.staff.desk import desk_page, signed_in
from chalicelib.web.staff.rows import Row, due_alone, row_of

pages = Pages()


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A row with who answers for it; a restricted one has its due date alone.

    `opposed` warns that the victims of the case may be each other's danger (D17).
    """

    row: Row
    restricted: bool
    opposed: bool
    owner: str


@pages.page("/team", "GET")
@signed_in
def team(visit: Visit, session: StaffSession) -> Answer:
    """Show the team's open promises, the late ones first."""
    after = visit.request.query.get("after")
    found = open_team_list(visit.deps, session, after)
    today = visit.deps.today()
    return desk_page(
        "staff/team.html",
        {
            "team": found.team,
            "rows": [_board_row(row, today) for row in found.rows],
            "next_after": found.next_after,
            "is_first": after is None,
        },
    )


def _board_row(row: TeamRow, today: date) -> BoardRow:
    if not row.shown:
        return BoardRow(due_alone(row.promise, today), restricted=True, opposed=False, owner="")
    return BoardRow(
        row_of(row.promise, today),
        restricted=False,
        opposed=row.promise.opposed,
        owner=_owner(row),
    )


def _owner(row: TeamRow) -> str:
    if row.owner is None:
        return "Nobody: unassigned"
    return f"{row.owner.name} (away: {row.cover.name} answers)" if row.cover else row.owner.name

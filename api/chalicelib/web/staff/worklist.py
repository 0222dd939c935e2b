"""The home page of each role: for who has cases, what they owe by when."""

from itertools import groupby

from chalicelib.domain.dates import long_date
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.services.worklist import Group, Worklist, WorklistRow, open_worklist
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.desk import desk_page, signed_in
from chalicelib.web.staff.rows import Row, row_of, with_first
from chalicelib.web.staff.support_list import support_list

pages = Pages()
HEADINGS = {
    Group.LATE: "Late",
    Group.QUESTIONS: "Questions waiting",
    Group.TODAY: "Today",
    Group.THIS_WEEK: "This week",
    Group.LATER: "Later",
}
DONE = {
    "handed-over": "Handed over. The case and all that is owed are in the other team's lists.",
    "nothing-new": "Written: there is nothing new. The next update is in your list with its date.",
}
# What a press on the list could not do, and what to do instead.
NOT_DONE = {
    "first": "Somebody was first: this was done or changed already. Your list is as it stands now.",
    "today": "Not written. They heard from us today already. The date of the next update stands.",
    "untold": "Not written. There is news that this victim has not been told. Tell them first.",
    "opposed": "Not written. In this case nothing is written to the victims. Tell them yourself.",
}


@frozen
class ListRow:
    """A row with what only the person's own list says of it.

    `owner` is in whose list it is where the case does not exist for this person.
    """

    row: Row
    unread: bool
    away: str
    owner: str = ""


@pages.page("/", "GET")
@signed_in
def home(visit: Visit, session: StaffSession) -> Answer:
    """Show the list, or what there is for a role that sees no cases."""
    role = visit.deps.rules.roles[session.role]
    if role.sees_cases:
        return _list(visit, session)
    if role.keeps_staff:
        return Redirect("/admin")
    return support_list(visit, session)


def _list(visit: Visit, session: StaffSession) -> Page:
    after = visit.request.query.get("after")
    worklist = open_worklist(visit.deps, session, after)
    force = visit.deps.rules.force
    return desk_page(
        "staff/worklist.html",
        {
            **_done(visit),
            "counts": [(HEADINGS[g], worklist.counts[g]) for g in Group if worklist.counts[g]],
            "groups": _groups(visit, worklist),
            "own_absence": _own_absence(worklist),
            "unread": worklist.unread,
            "total": worklist.total,
            "is_cut": worklist.is_cut,
            "next_after": worklist.next_after,
            "is_first": after is None,
            "from_charge_only": visit.deps.rules.roles[session.role].from_charge_only,
            "has_team": visit.deps.rules.roles[session.role].team_list,
            "reference_hint": force.reference_hint,
        },
    )


def _own_absence(worklist: Worklist) -> str:
    """Return that this person is noted as away today, and who answers for them."""
    if worklist.away is None:
        return ""
    absence, cover = worklist.away
    answers = f"{cover.name} answers for you." if cover else "Nobody answers for you."
    return f"You are noted as away until {long_date(absence.last_day)}. {answers}"


def _done(visit: Visit) -> dict[str, str]:
    said = visit.request.query.get("done", "")
    return {
        "done": DONE.get(said) or NOT_DONE.get(said, ""),
        "done_kind": "warning" if said in NOT_DONE else "good",
    }


def _groups(visit: Visit, worklist: Worklist) -> list[tuple[str, int, list[ListRow]]]:
    """Return heading, count in the whole list and this page's rows of each group."""
    return [
        (HEADINGS[group], worklist.counts[group], [_list_row(visit, row, worklist) for row in rows])
        for group, rows in groupby(worklist.rows, key=lambda row: row.group)
    ]


def _list_row(visit: Visit, row: WorklistRow, worklist: Worklist) -> ListRow:
    away, rules = row.away.name if row.away else "", visit.deps.rules
    if not row.shown:
        return _of_others(visit, row)
    shown = row_of(row.promise, visit.deps.today(), rules)
    first = with_first(shown, row.promise, worklist.known, visit.deps.now(), rules)
    return ListRow(first, row.unread, away)


def _of_others(visit: Visit, row: WorklistRow) -> ListRow:
    """Return a row of a case that does not exist for this person: what is late, and with whom."""
    found = row_of(row.promise, visit.deps.today(), visit.deps.rules)
    alone = Row(found.due, found.state, found.what, "", "", "")
    return ListRow(alone, unread=False, away="", owner=f"{row.promise.owner_name}, {row.team}")

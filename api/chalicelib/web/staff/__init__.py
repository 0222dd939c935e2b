"""The pages of the desk."""

from chalicelib.web.staff import (
    admin,
    admin_absences,
    admin_staff,
    answers,
    away,
    case,
    codes,
    contacts,
    events,
    figures,
    following,
    glass,
    handover,
    outcomes,
    search,
    sign_in,
    team,
    updates,
    worklist,
)
from chalicelib.web.staff.errors import error_page

PAGES = [
    sign_in.pages,
    worklist.pages,
    team.pages,
    away.pages,
    figures.pages,
    search.pages,
    glass.pages,
    admin.pages,
    admin_staff.pages,
    admin_absences.pages,
    case.pages,
    answers.pages,
    updates.pages,
    outcomes.pages,
    events.pages,
    contacts.pages,
    following.pages,
    codes.pages,
    handover.pages,
]

__all__ = ["PAGES", "error_page"]

"""The pages of the desk."""

from chalicelib.web.staff import (
    admin,
    admin_absences,
    admin_staff,
    answers,
    case,
    codes,
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
    search.pages,
    glass.pages,
    admin.pages,
    admin_staff.pages,
    admin_absences.pages,
    case.pages,
    answers.pages,
    updates.pages,
    outcomes.pages,
    codes.pages,
    handover.pages,
]

__all__ = ["PAGES", "error_page"]

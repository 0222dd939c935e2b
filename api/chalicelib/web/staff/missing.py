"""The page of a case that does not exist for somebody: the same if it does not exist at all."""

import re
from http import HTTPStatus

from chalicelib.web.page import Page, Visit
from chalicelib.web.staff.desk import desk_page

CASE_KEY = re.compile(r"[a-z2-7]{32}", re.ASCII)
Errors = tuple[tuple[str, str], ...]


def missing_page(
    visit: Visit, key: str, *, errors: Errors = (), status: int = HTTPStatus.NOT_FOUND
) -> Page:
    """Return the page with what was typed still there.

    Supervisors get the form for opening a case of another team, whatever the key.
    """
    rules = visit.deps.rules
    role = rules.roles[visit.staff["role"]]
    return desk_page(
        "staff/missing.html",
        {
            "errors": errors,
            "error_of": dict(errors),
            "reference": visit.form.text("reference"),
            "reference_hint": rules.force.reference_hint,
            "sees_cases": role.sees_cases,
            "supports": role.supports,
            "case_key": key if role.may_break_glass and CASE_KEY.fullmatch(key) else "",
            "minutes": rules.limits.break_glass_minutes,
            "reason": visit.form.text("reason"),
            "least": rules.limits.break_glass_reason_characters,
        },
        status=status,
    )

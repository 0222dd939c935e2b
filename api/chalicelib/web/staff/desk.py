"""What every page of the desk does first: find who is signed in."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import Case
from chalicelib.domain.errors import SessionEndedError
from chalicelib.services.read_first import Files, first_of_case
from chalicelib.services.staff_sessions import find_staff_session
from chalicelib.web.page import Answer, Page, View, Visit
from chalicelib.web.staff.case_words import warnings_of
from chalicelib.web.staff.contact_block import contact_first
from chalicelib.web.staff.needs_words import needs_first

DeskView = Callable[..., Answer]
# No dot, no empty part, no slash in the query: it can only lead to a page of ours.
OUR_PATH = re.compile(r"(/|(/[A-Za-z0-9_-]+){1,6})(\?[A-Za-z0-9_.=&%-]+)?", re.ASCII)
LONGEST_PATH = 500


def signed_in(view: DeskView) -> View:
    """Return a view that gets the staff session as its second argument.

    Without one the visitor goes to sign in (see `errors.py`).
    """

    @wraps(view)
    def guarded(visit: Visit, **parts: str) -> Answer:
        if visit.cookie.name not in visit.request.cookies:
            raise SessionEndedError
        session = find_staff_session(visit.deps, visit.token)
        visit.staff = {"name": session.member.name, "role": session.role}
        return view(visit, session, **parts)

    return guarded


def desk_page(template: str, context: Mapping[str, Any], *, status: int = HTTPStatus.OK) -> Page:
    """Return a page for who is signed in: it has forms and empties itself when left."""
    return Page(template, context, status=status, private=True, form=True)


def case_desk_page(
    visit: Visit,
    case: Case,
    template: str,
    context: Mapping[str, Any],
    *,
    files: Files | None = None,
    status: int = HTTPStatus.OK,
) -> Page:
    """Return a page about one case, with what must be known of it before anything else.

    Its template extends `staff/case_base.html`, which shows warnings, safe contact and the
    needs of each victim under the heading, from what is added here: key, reference, warnings,
    contact_first, needs_first. They cost one batch of reads, none where the files of the
    victims were read already. A role that sees no cases gets neither contact nor needs this
    way: what a partner may read was agreed.
    """
    rules = visit.deps.rules
    sees = rules.roles[visit.staff["role"]].sees_cases
    known = first_of_case(visit.deps, case, files) if sees else {}
    head = {
        "key": case.key,
        "reference": case.reference,
        "warnings": warnings_of(case, known, rules),
        "contact_first": contact_first(case, known, visit.deps.now(), rules),
        "needs_first": needs_first(case, known, rules),
    }
    return desk_page(template, {**head, **context}, status=status)


def our_path(path: str) -> str:
    """Return the path with its query if it leads to a page of ours, else the first page's."""
    fits = len(path) <= LONGEST_PATH and OUR_PATH.fullmatch(path)
    return path if fits else "/"

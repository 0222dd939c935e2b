"""What every page of the desk does first: find who is signed in."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from chalicelib.domain.errors import SessionEndedError
from chalicelib.services.staff_sessions import find_staff_session
from chalicelib.web.page import Answer, Page, View, Visit

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


def our_path(path: str) -> str:
    """Return the path with its query if it leads to a page of ours, else the first page's."""
    fits = len(path) <= LONGEST_PATH and OUR_PATH.fullmatch(path)
    return path if fits else "/"

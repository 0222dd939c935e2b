"""What every page of the desk does first: find who is signed in."""

from collections.abc import Callable
from functools import wraps

from chalicelib.services.staff_sessions import find_staff_session
from chalicelib.web.page import Answer, View, Visit

DeskView = Callable[..., Answer]


def signed_in(view: DeskView) -> View:
    """Return a view that gets the staff session as its second argument.

    Without one the visitor goes to sign in (see `errors.py`).
    """

    @wraps(view)
    def guarded(visit: Visit, **parts: str) -> Answer:
        session = find_staff_session(visit.deps, visit.token)
        visit.staff = {"name": session.member.name, "role": session.role}
        return view(visit, session, **parts)

    return guarded

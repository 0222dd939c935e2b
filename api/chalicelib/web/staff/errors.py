"""Every error of the desk as a page: what happened to the words, what to do now, whom to ask."""

from http import HTTPStatus
from urllib.parse import urlencode

from chalicelib.domain.errors import (
    FreshSignInNeededError,
    KeysUnavailableError,
    NotAllowedError,
    NotFoundError,
    SessionEndedError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.services.ports import ConflictError
from chalicelib.web.http import FormTokenError, FormTooLargeError, StatusError
from chalicelib.web.page import Answer, Page, Redirect, Visit
from chalicelib.web.staff.desk import our_path
from chalicelib.web.staff.missing import missing_page

# The texts that a person may have typed on any page of the desk, given back on an error page.
TYPED_FIELDS = (
    "answer", "update", "text", "reason", "how", "reference", "name", "message", "decisions",
    "there", "words", "note", "why", "supporter", "travel", "interpreter", "court",
)  # fmt: skip
# Addresses of one case: one that does not exist for somebody looks like one that never was.
OF_ONE_CASE = ("/cases/", "/support/")

STATUS = {
    SessionEndedError: HTTPStatus.UNAUTHORIZED,
    FreshSignInNeededError: HTTPStatus.UNAUTHORIZED,
    NotFoundError: HTTPStatus.NOT_FOUND,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    FormTokenError: HTTPStatus.FORBIDDEN,
    ConflictError: HTTPStatus.CONFLICT,
    StaleError: HTTPStatus.CONFLICT,
    StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    KeysUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    FormTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
TITLES = {
    HTTPStatus.UNAUTHORIZED: "Sign in again",
    HTTPStatus.NOT_FOUND: "This page does not exist",
    HTTPStatus.FORBIDDEN: "This page cannot be opened",
    HTTPStatus.METHOD_NOT_ALLOWED: "This page cannot be opened",
    HTTPStatus.CONFLICT: "Somebody changed this",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "We could not read that",
    HTTPStatus.BAD_REQUEST: "We could not read that",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is too long",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not available now",
}


def error_page(visit: Visit, error: Exception) -> Answer:
    """Return the page of an error; what nobody foresaw is a 500 that says what to do."""
    signs_in = isinstance(error, SessionEndedError | FreshSignInNeededError)
    fresh = isinstance(error, FreshSignInNeededError)
    if signs_in and visit.request.method == "GET":
        return Redirect(sign_in_address(_with_query(visit), fresh=fresh))
    if isinstance(error, NotFoundError) and visit.request.path.startswith(OF_ONE_CASE):
        return missing_page(visit, visit.request.path.split("/")[2])
    status = _status(error)
    return Page(
        "staff/error.html",
        {
            "title": TITLES.get(status, "Something went wrong"),
            "status": int(status),
            "is_role": isinstance(error, NotAllowedError),
            "typed": _typed(visit),
            "sign_in": sign_in_address(_page_of(visit.request.path), fresh=fresh),
        },
        status=status,
        form=visit.staff is not None,
    )


def _with_query(visit: Visit) -> str:
    query = urlencode(visit.request.query)
    return f"{visit.request.path}?{query}" if query else visit.request.path


def sign_in_address(path: str, *, fresh: bool) -> str:
    """Return where a person signs in and comes back to this page."""
    query = {"fresh": "1"} if fresh else {}
    return f"/sign-in?{urlencode({**query, 'next': our_path(path)}, safe='/')}"


def _page_of(path: str) -> str:
    """Return a page near the form that was sent to this address: of a case, the case."""
    parts = path.split("/")
    if parts[1] == "cases":
        return "/".join(parts[:3])
    return "/admin" if parts[1] == "admin" else "/"


def _typed(visit: Visit) -> tuple[str, ...]:
    names = (*TYPED_FIELDS, *visit.deps.rules.need_parts)
    texts = (visit.form.text(name) for name in names)
    return tuple(text for text in texts if text.strip())


def _status(error: Exception) -> HTTPStatus:
    if isinstance(error, StatusError):
        return HTTPStatus(error.status)
    found = (status for kind, status in STATUS.items() if isinstance(error, kind))
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)

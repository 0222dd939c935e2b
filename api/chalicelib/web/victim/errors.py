"""Every error of the public service as a page: what happened to the words, what to do now."""

from http import HTTPStatus

from chalicelib.domain.errors import (
    KeysUnavailableError,
    NotFoundError,
    SessionEndedError,
    StoreUnavailableError,
)
from chalicelib.web.http import FormTokenError, FormTooLargeError, StatusError
from chalicelib.web.page import Answer, Page, Visit

# The text that a person may have typed on any page of ours, given back on an error page.
TYPED_FIELDS = ("message",)

STATUS = {
    SessionEndedError: HTTPStatus.UNAUTHORIZED,
    NotFoundError: HTTPStatus.NOT_FOUND,
    StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    KeysUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    FormTokenError: HTTPStatus.FORBIDDEN,
    FormTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
TITLES = {
    HTTPStatus.UNAUTHORIZED: "ended",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.FORBIDDEN: "not_allowed",
    HTTPStatus.METHOD_NOT_ALLOWED: "not_allowed",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "not_understood",
    HTTPStatus.BAD_REQUEST: "not_understood",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_long",
    HTTPStatus.SERVICE_UNAVAILABLE: "closed_now",
}


def error_page(visit: Visit, error: Exception) -> Answer:
    """Return the page of an error; what nobody foresaw is a 500 that says what to do."""
    status = _status(error)
    typed = next((text for name in TYPED_FIELDS if (text := visit.form.text(name))), "")
    titles = visit.deps.rules.titles
    return Page(
        "errors/error.html",
        {
            "title": titles[TITLES.get(status, "problem")].text,
            "status": int(status),
            "typed": typed,
            "phone_line": visit.deps.rules.force.phone_line,
        },
        status=status,
    )


def _status(error: Exception) -> HTTPStatus:
    if isinstance(error, StatusError):
        return HTTPStatus(error.status)
    found = (status for kind, status in STATUS.items() if isinstance(error, kind))
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)

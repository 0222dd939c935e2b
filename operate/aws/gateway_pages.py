"""What API Gateway answers by itself, as pages: made from the application's own, without AWS.

A request that never reaches the function, or whose function never answers, would get a line of
JSON. The person at the other end gets a page of ours instead, in the same shell and with the
same headers.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from chalicelib.rules import load_rules
from chalicelib.settings import PUBLIC, STAFF
from chalicelib.web.http import HTML
from chalicelib.web.page import Page, Renderer, Visit
from chalicelib.web.security import HEADERS
from chalicelib.web.staff.errors import TITLES
from chalicelib.web.victim.errors import CANNOT_BE_OPENED, NOT_READ, UNFORESEEN, WORDS, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEMPLATE = "errors/error.html"
# The gateway goes by neither the browser's wishes nor the name of the template: what stands
# under this name is its body, and the header says what that is.
BODY = "application/json"

# What may happen at our gateways, and the status it is told with; none keeps the gateway's own.
# It has no authorizers, no keys, no signatures, no quotas of customers and no models, so what
# belongs to these cannot happen; if one day it does, the two defaults answer.
TYPES: Mapping[str, HTTPStatus | None] = {
    "ACCESS_DENIED": HTTPStatus.FORBIDDEN,
    "API_CONFIGURATION_ERROR": HTTPStatus.INTERNAL_SERVER_ERROR,
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    # The function could not be asked: it is not there, or as many run as may.
    "INTEGRATION_FAILURE": HTTPStatus.BAD_GATEWAY,
    "INTEGRATION_TIMEOUT": HTTPStatus.GATEWAY_TIMEOUT,
    # A path or a method that no page has; the gateway's own 403 would say that there is one.
    "MISSING_AUTHENTICATION_TOKEN": HTTPStatus.NOT_FOUND,
    "QUOTA_EXCEEDED": HTTPStatus.TOO_MANY_REQUESTS,
    "REQUEST_TOO_LARGE": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "RESOURCE_NOT_FOUND": HTTPStatus.NOT_FOUND,
    "THROTTLED": HTTPStatus.TOO_MANY_REQUESTS,
    "UNSUPPORTED_MEDIA_TYPE": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "WAF_FILTERED": HTTPStatus.FORBIDDEN,
}

# The gateway has nothing of the request any more, so no page of it can give words back.
NOT_SENT = "If you had typed something, it was not sent and we do not have it."
NOT_CERTAIN = (
    "If you had typed something, we cannot say whether it was stored: look in your information "
    "before you send it again."
)
NOT_STORED = "Nothing was stored."
NOT_CERTAIN_AT_THE_DESK = (
    "We cannot say whether anything was stored. Open the page again and look before you send "
    "anything twice."
)
WHOM_TO_ASK = "If this goes on, call your force's IT help desk. If a victim is waiting, ring them."
HAPPENED_AT_THE_DESK: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "We could not read what was sent.",
    HTTPStatus.FORBIDDEN: "This request was turned away before it reached the service.",
    HTTPStatus.NOT_FOUND: "Nothing is at this address.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "What was sent is longer than this service can take.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "We could not read what was sent.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests came at once. Wait a minute, then try again.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The service did not answer.",
}
# A title of the gateway alone: no page of the desk is ever refused for coming too often.
TITLES_AT_THE_DESK = {**TITLES, HTTPStatus.TOO_MANY_REQUESTS: "Please wait"}
FIRST_PAGE = (("/", "Go to the first page"),)


@dataclass(frozen=True, slots=True)
class _Told:
    title: str
    sentences: Sequence[str]
    links: Sequence[tuple[str, str]]


def gateway_responses(audience: str) -> dict[str, Any]:
    """Return what a gateway answers by itself, as `x-amazon-apigateway-gateway-responses`.

    Args:
        audience: whose gateway it is, public or staff.
    """
    return {name: _response(audience, name, status) for name, status in TYPES.items()}


def _response(audience: str, name: str, status: HTTPStatus | None) -> dict[str, Any]:
    told = {PUBLIC: _to_victim, STAFF: _to_staff}[audience](_kind(name, status))
    response: dict[str, Any] = {
        "responseParameters": _headers(),
        "responseTemplates": {BODY: _html(audience, told)},
    }
    return response if status is None else {"statusCode": str(int(status)), **response}


def _kind(name: str, status: HTTPStatus | None) -> HTTPStatus:
    """Return the status that says what happened, also where the gateway keeps its own."""
    if status is None:
        status = HTTPStatus.BAD_REQUEST if "4XX" in name else HTTPStatus.INTERNAL_SERVER_ERROR
    return min(status, HTTPStatus.INTERNAL_SERVER_ERROR)


def _headers() -> dict[str, str]:
    """Return every header of a page; a fixed value stands in single quotes, whatever is in it."""
    every = {"Content-Type": HTML, **HEADERS}
    return {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in every.items()}


def _html(audience: str, told: _Told) -> str:
    page = Page(
        TEMPLATE,
        {"title": told.title, "sentences": told.sentences, "typed": "", "links": told.links},
        # Nobody knows what it stands in place of, so it is emptied like a page of a case.
        private=True,
    )
    # Nobody visits while a release is packaged: no form, nobody signed in, nothing that ends.
    nobody = cast("Visit", SimpleNamespace(staff=None, session_ends_in=None))
    return Renderer(audience, load_rules().force.exit_url).html(page, nobody)


def _to_victim(status: HTTPStatus) -> _Told:
    words, rules = _words(status), load_rules()
    is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    happened = words.happened.format(
        minutes=rules.limits.session_idle_minutes, characters=rules.limits.message_characters
    )
    return _Told(
        rules.titles[words.title].text,
        (happened, NOT_CERTAIN if is_ours else NOT_SENT, words.to_do),
        words.links,
    )


def _words(status: HTTPStatus) -> Words:
    """Return the application's own words; of a request turned away it says less than a form's."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UNFORESEEN
    return CANNOT_BE_OPENED if status == HTTPStatus.FORBIDDEN else WORDS.get(status, NOT_READ)


def _to_staff(status: HTTPStatus) -> _Told:
    is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return _Told(
        TITLES_AT_THE_DESK.get(status, "Something went wrong"),
        (
            HAPPENED_AT_THE_DESK[status],
            NOT_CERTAIN_AT_THE_DESK if is_ours else NOT_STORED,
            WHOM_TO_ASK,
        ),
        FIRST_PAGE,
    )

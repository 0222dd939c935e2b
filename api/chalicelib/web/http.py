"""Requests in, responses out: forms, cookies, redirects; nothing about cases."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from chalice.app import Request as ChaliceRequest
from chalice.app import Response

MOST_FORM_BYTES = 200_000
MOST_FIELDS = 200
HTML = "text/html; charset=utf-8"
# Control characters, lone surrogates and noncharacters: a parser may not be given these.
NOT_IN_HTML = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef]|"
    + "|".join(
        f"[{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}]" for plane in range(0, 0x110000, 0x10000)
    )
)
FORM = "application/x-www-form-urlencoded"
FORM_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


class FormTooLargeError(Exception):
    """More was sent than any of our forms can hold."""


class StatusError(Exception):
    """The request cannot be answered as it stands; carries the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class FormTokenError(Exception):
    """The form's token is not of this browser's cookie; its words go back with the page."""


class LineBreakError(ValueError):
    """A header value held a line break; such a response never leaves."""


@dataclass(frozen=True, slots=True)
class Form:
    """Fields of a posted form; a missing field is empty text."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the field as a page can show it again, or empty text.

        A line break is one character; what HTML cannot hold becomes the mark for it.
        """
        values = self.fields.get(name)
        return NOT_IN_HTML.sub("\ufffd", values[0].replace("\r\n", "\n")) if values else ""

    def key(self) -> str | None:
        """Return the key that came with the form, or none when it is not one of ours."""
        key = self.text("form_key")
        return key if FORM_KEY.fullmatch(key) else None

    def every(self, name: str) -> tuple[str, ...]:
        """Return all values of a field that may be ticked more than once."""
        return tuple(self.fields.get(name, ()))


@dataclass(frozen=True, slots=True)
class Request:
    """What a page needs of a request."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    cookies: Mapping[str, str]
    address: str
    body: bytes

    @classmethod
    def of_event(cls, event: Mapping[str, Any]) -> "Request":
        """Return the request of an API Gateway event."""
        raw = ChaliceRequest(dict(event))
        body = raw.raw_body
        return cls(
            method=raw.method,
            path=_path(event),
            headers={name.lower(): value for name, value in raw.headers.items()},
            query={name: values[-1] for name, values in _query(event).items() if values},
            cookies=_cookies(raw.headers.get("cookie", "")),
            address=str(event["requestContext"].get("identity", {}).get("sourceIp", "")),
            body=body.encode() if isinstance(body, str) else body,
        )

    def form(self) -> Form:
        """Return the posted fields.

        Raises:
            FormTooLargeError: it is larger than any of our forms.
        """
        if len(self.body) > MOST_FORM_BYTES:
            raise FormTooLargeError
        try:
            text = self.body.decode("utf-8", errors="replace")
            fields = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise FormTooLargeError from error
        return Form(fields)


def _path(event: Mapping[str, Any]) -> str:
    """Return our own path: in API Gateway's context it begins with the name of the stage."""
    path = event.get("path") or event["requestContext"].get("path", "")
    return str(path).rstrip("/") or "/"


def _query(event: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    return event.get("multiValueQueryStringParameters") or {}


def _cookies(header: str) -> Mapping[str, str]:
    """Return the cookies by name; of two with one name the first, which is the nearer path's.

    Not by the standard library: one cookie that it cannot read, as services next door
    set them, hides all the others from it, and with them who is signed in.
    """
    pairs = [cookie.partition("=") for cookie in header.split(";")]
    return {name.strip(): value.strip() for name, _, value in reversed(pairs)}


@dataclass(frozen=True, slots=True)
class CookieRules:
    """How this stage's cookie is named and guarded (D6)."""

    name: str
    secure: bool
    same_site: str

    def set(self, token: str) -> str:
        """Return the header that gives the browser a token until it closes."""
        return f"{self.name}={token}; {self._attributes()}"

    def clear(self) -> str:
        """Return the header that takes the token back."""
        return f"{self.name}=; Max-Age=0; {self._attributes()}"

    def _attributes(self) -> str:
        secure = "; Secure" if self.secure else ""
        return f"Path=/; HttpOnly; SameSite={self.same_site}{secure}"


def cookie_rules(audience: str, *, plain_localhost: bool) -> CookieRules:
    """Return the cookie of a stage: `__Host-` and Secure but on plain localhost."""
    name = {"public": "hub", "staff": "desk"}[audience]
    return CookieRules(
        name=name if plain_localhost else f"__Host-{name}",
        secure=not plain_localhost,
        same_site="Strict" if audience == "public" else "Lax",
    )


def respond(
    body: str,
    *,
    status: int,
    headers: Mapping[str, str],
    cookies: Sequence[str] = (),
    content_type: str = HTML,
) -> Response:
    """Return Chalice's response after checking every value for line breaks.

    Raises:
        LineBreakError: Chalice does not look into lists, so this does.
    """
    every: dict[str, Any] = {"Content-Type": content_type, **headers}
    if cookies:
        every["Set-Cookie"] = list(cookies)
    for value in [*headers.values(), *cookies]:
        if "\n" in value or "\r" in value:
            raise LineBreakError
    return Response(body=body, status_code=status, headers=every)

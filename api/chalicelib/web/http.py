"""Requests in, responses out: forms, cookies, redirects; nothing about cases."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs

from chalice.app import Request as ChaliceRequest
from chalice.app import Response

from chalicelib.frozen import frozen

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
# The CDN adds both to every request: what only it and the service know, and who asked it.
ORIGIN_HEADER = "x-hub-origin"
VIEWER_HEADER = "cloudfront-viewer-address"
# An IPv6 address comes without brackets: the port is what follows the last colon.
VIEWER = re.compile(r"([0-9A-Fa-f:.]{2,45}):[0-9]{1,5}")


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


@frozen
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


@frozen
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
    def of_event(cls, event: Mapping[str, Any], *, through_cdn: bool = False) -> "Request":
        """Return the request of an API Gateway event.

        Args:
            event: as the gateway makes it for a function, payload 1.0.
            through_cdn: whether it is certain that our CDN sent it. Only then is the CDN's
                word for the client's address taken: anybody can write such a header.
        """
        raw = ChaliceRequest(dict(event))
        body = raw.raw_body
        return cls(
            method=raw.method,
            path=_path(event),
            # Chalice knows the names in small letters. No page needs the secret.
            headers={name: raw.headers[name] for name in raw.headers if name != ORIGIN_HEADER},
            query={name: values[-1] for name, values in _query(event).items() if values},
            # A browser may send them in several headers, of which the short form has the last.
            cookies=_cookies("; ".join(_every_header(event, "cookie"))),
            address=(through_cdn and _viewer(event)) or _source(event),
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


# What stands in for a request that is refused before anything of it is read.
UNREAD = Request("GET", "/", {}, {}, {}, "", b"")


def origin_secret_of(event: Mapping[str, Any]) -> str:
    """Return what an event brings to show that our CDN sent it, or empty text."""
    return _only_header(event, ORIGIN_HEADER)


def _every_header(event: Mapping[str, Any], name: str) -> list[str]:
    """Return all values of a header, whose name may be written in any way."""
    short = event.get("headers") or {}
    many = event.get("multiValueHeaders") or {given: [value] for given, value in short.items()}
    return [value for given, values in many.items() if given.lower() == name for value in values]


def _only_header(event: Mapping[str, Any], name: str) -> str:
    """Return the value of a header that stands once; of two nobody knows which is the CDN's."""
    values = _every_header(event, name)
    return values[0] if len(values) == 1 else ""


def _viewer(event: Mapping[str, Any]) -> str:
    """Return the client's address as the CDN saw it, or empty text when that cannot be read."""
    said = VIEWER.fullmatch(_only_header(event, VIEWER_HEADER))
    try:
        return str(ip_address(said[1])) if said else ""
    except ValueError:
        return ""


def _source(event: Mapping[str, Any]) -> str:
    """Return the address that called the gateway; no `X-Forwarded-For` is ever believed."""
    identity = event["requestContext"].get("identity") or {}
    return str(identity.get("sourceIp") or "")


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
    return {name.strip(): value.strip() for name, _, value in reversed(pairs) if name.strip()}


@frozen
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

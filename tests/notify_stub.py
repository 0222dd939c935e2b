"""A stand-in for GOV.UK Notify on this machine, which speaks the API that Notify documents.

It checks the token of each request, refuses what Notify refuses, keeps what it was given, and
has the faults that a test asks for. https://docs.notifications.service.gov.uk/rest-api.html
"""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt

from chalicelib.clients.notify_words import words_at_notify
from chalicelib.rules import load_rules
from tests.all_messages import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SERVICE, SECRET = str(uuid4()), str(uuid4())
API_KEY = f"invented-{SERVICE}-{SECRET}"
CLOCK_SECONDS = 30
LATE_SECONDS = 20
FIELD = re.compile(r"\(\(([^)]+)\)\)")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+")
# What a test may ask for when a message is handed over.
LATE, CUT_OFF = "it takes the message and answers too late", "it takes it and hangs up"
UNREADABLE = "it takes it and its answer is no JSON"
# What Notify says of every recipient but our own team until the service is live.
ON_TRIAL = "Can’t send to this recipient when service is in trial mode"


class Refused(Exception):  # noqa: N818 -- an answer and no fault
    """An answer that is an error, as Notify writes it."""

    def __init__(self, status: int, error: str, message: str) -> None:
        self.status = status
        self.body = {"status_code": status, "errors": [{"error": error, "message": message}]}
        super().__init__(message)


@dataclass
class NotifyStub:
    """What Notify knows of one service: its templates, what it was given, and its faults."""

    url: str = ""
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    given: list[dict[str, Any]] = field(default_factory=list)
    filled_in: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    # The next messages that are handed over meet these, one each: a status, or a fault above.
    faults: list[int | str] = field(default_factory=list)
    status_of_all: int = 0
    is_on_trial: bool = False

    def __post_init__(self) -> None:
        for name, words in words_at_notify(load_rules().notices).items():
            self.templates[str(uuid4())] = {
                "name": name,
                "type": words.kind,
                "version": 1,
                "subject": words.subject,
                "body": words.body,
            }

    @property
    def ids(self) -> dict[str, str]:
        """Return the ids of the templates by name, as our setting has them."""
        return {template["name"]: key for key, template in self.templates.items()}

    def change(self, name: str, /, **changes: object) -> None:
        """Change a template as somebody at Notify's own page would."""
        template = self.templates[self.ids[name]]
        template.update(changes, version=template["version"] + 1)

    def template(self, key: str) -> dict[str, Any]:
        """Return a template as Notify gives it."""
        if key not in self.templates:
            raise Refused(404, "NoResultFound", "No result found")
        return {"id": key, "created_by": "someone@desk.example", **self.templates[key]}

    def take(self, kind: str, request: dict[str, Any]) -> dict[str, Any]:
        """Take a message as Notify does, or refuse it with Notify's own error."""
        template = self.template(request["template_id"])
        to = request["phone_number" if kind == "sms" else "email_address"]
        _check_recipient(kind, to)
        if self.is_on_trial:
            raise Refused(400, "BadRequestError", ON_TRIAL)
        if template["type"] != kind:
            raise Refused(400, "BadRequestError", f"{template['type']} template is not suitable")
        filled_in = request.get("personalisation", {})
        subject, body = (_filled(template[part] or "", filled_in) for part in ("subject", "body"))
        message = {
            "id": str(uuid4()),
            "reference": request.get("reference"),
            "type": kind,
            "to": to,
            "subject": subject,
            "body": body,
            "status": "created",
            "template": {"id": template["id"], "version": template["version"]},
        }
        self.given.append(message)
        self.filled_in.append(filled_in)
        record("notify", subject, body)
        content = {"body": body} | ({"subject": subject} if kind == "email" else {})
        return {key: message[key] for key in ("id", "reference", "template")} | {"content": content}

    def listed(self, reference: str) -> dict[str, Any]:
        """Return what it was given under a reference."""
        found = [one for one in self.given if one["reference"] == reference]
        return {"notifications": found, "links": {"current": self.url}}


def _check_recipient(kind: str, to: str) -> None:
    if kind == "email" and not EMAIL.fullmatch(to):
        raise Refused(400, "ValidationError", "email_address Not a valid email address")
    digits = re.sub(r"[\s()-]", "", to)
    if kind == "sms" and not re.fullmatch(r"(0|\+?44)7\d{9}", digits):
        raise Refused(400, "ValidationError", "phone_number Not a UK mobile number")


def _filled(text: str, values: dict[str, str]) -> str:
    missing = sorted(set(FIELD.findall(text)) - values.keys())
    if missing:
        raise Refused(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
    return FIELD.sub(lambda found: values[found[1]], text)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, stub: NotifyStub) -> None:
        self.stub = stub
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._answer(self._read)

    def do_POST(self) -> None:
        self._answer(self._send)

    def _answer(self, act: Callable[[], None]) -> None:
        stub = self.server.stub
        stub.asked.append(f"{self.command} {urlsplit(self.path).path}")
        try:
            _check_token(self.headers.get("Authorization", ""))
            if stub.status_of_all:
                raise _fault(stub.status_of_all)
            act()
        except Refused as refused:
            self._say(refused.status, refused.body)

    def _read(self) -> None:
        stub, parts = self.server.stub, urlsplit(self.path)
        if parts.path == "/v2/notifications":
            self._say(HTTPStatus.OK, stub.listed(parse_qs(parts.query)["reference"][0]))
        else:
            self._say(HTTPStatus.OK, stub.template(parts.path.removeprefix("/v2/template/")))

    def _send(self) -> None:
        stub = self.server.stub
        fault = stub.faults.pop(0) if stub.faults else None
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if isinstance(fault, int):
            raise _fault(fault, request)
        answer = stub.take(self.path.removeprefix("/v2/notifications/"), request)
        if fault == LATE:
            self._wait_until_nobody_listens()
        if fault != CUT_OFF:
            self._say(HTTPStatus.CREATED, "?" if fault == UNREADABLE else answer)

    def _wait_until_nobody_listens(self) -> None:
        self.connection.settimeout(LATE_SECONDS)
        with suppress(OSError):
            self.connection.recv(1)

    def _say(self, status: int, answer: object) -> None:
        body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        # Whoever asked may have gone: that is what answering too late is.
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def running_notify() -> Iterator[NotifyStub]:
    """Give a Notify that answers on a free port for the length of a block."""
    stub = NotifyStub()
    with _Server(stub) as server:
        stub.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()


def _fault(status: int, request: object = None) -> Refused:
    errors = {
        # What its check of a whole request says repeats the request.
        400: ("ValidationError", f"{request} is not valid under any of the given schemas"),
        403: ("AuthError", "Invalid token: API key not found"),
        429: ("RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests"),
    }
    return Refused(status, *errors.get(status, ("Exception", "Internal server error")))


def _check_token(header: str) -> None:
    """Refuse a token that is not signed with our key, for our service, now."""
    try:
        claims = jwt.decode(
            header.removeprefix("Bearer "),
            SECRET,
            algorithms=["HS256"],
            options={"verify_iat": False},
        )
    except jwt.InvalidTokenError:
        raise Refused(403, "AuthError", "Invalid token: API key not found") from None
    if claims["iss"] != SERVICE:
        raise Refused(403, "AuthError", "Invalid token: service not found")
    if abs(time.time() - claims["iat"]) > CLOCK_SECONDS:
        raise Refused(403, "AuthError", "Error: Your system clock must be accurate")

"""A client that sends what it is told, and says what came back byte by byte."""

from __future__ import annotations

import gzip
import re
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from operate.gateway import HOST, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.application import Application
    from operate.site_files import SiteFiles

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Came:
    """One answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @classmethod
    def of(cls, response: HTTPResponse) -> Came:
        return cls(response.status, response.getheaders(), response.read())

    def every(self, name: str) -> list[str]:
        return [value for given, value in self.headers if given.lower() == name.lower()]

    def header(self, name: str) -> str:
        return ", ".join(self.every(name))

    @property
    def text(self) -> str:
        zipped = self.header("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if zipped else self.body).decode()

    @property
    def is_page(self) -> bool:
        return self.header("Content-Type") == "text/html; charset=utf-8" and "<h1" in self.text


@contextmanager
def served(app: Application, site: SiteFiles) -> Iterator[int]:
    """Serve an application on a free port for the length of a block; give the port."""
    stage = Stage(app, site, 0)
    Thread(target=stage.serve_forever, daemon=True).start()
    try:
        yield stage.server.server_port
    finally:
        stage.shutdown()
        stage.server.server_close()


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Came:
    """Send one request and return its answer."""
    connection = HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request(method, path, body, dict(headers or {}))
        return Came.of(connection.getresponse())
    finally:
        connection.close()


def say(port: int, text: bytes) -> Came:
    """Send these bytes, whatever they are, and return the answer."""
    with socket.create_connection((HOST, port), timeout=10) as wire:
        wire.sendall(text)
        response = HTTPResponse(wire)
        response.begin()
        return Came.of(response)


@dataclass
class TextBrowser:
    """Follows forms as a browser without scripts does."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Came:
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> Came:
        """Fill in the form that stands at this address and send it."""
        hidden = dict(
            re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.get(path).text)
        )
        return self._ask("POST", path, urlencode({**hidden, **fields}).encode())

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Came:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Content-Type": FORM} if body is not None else {}
        came = ask(self.port, method, path, body, {**headers, "Cookie": cookie})
        for line in came.every("Set-Cookie"):
            self.cookies |= {name: crumb.value for name, crumb in SimpleCookie(line).items()}
        return came

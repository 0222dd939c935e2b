"""A browser as far as costs go: cookies, forms, and what each page loads beside itself.

Every request is counted where it passes: at the CDN each of them with its bytes, at the
gateway and the function those of the service, at the site's bucket the files.
"""

from __future__ import annotations

import gzip
import logging
import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

from chalice.config import Config

from operate.events import Gateway, answer_of
from operate.gateway import WORTH_ZIPPING_BYTES, ZIPPED_TYPES
from operate.site_files import StaticFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.application import Application
    from operate.costs.meter import Meter, Usage
    from operate.site_files import SiteFiles

FORM = "application/x-www-form-urlencoded"
# An address for documentation (RFC 5737), which no machine has.
ADDRESS = "192.0.2.1"
STATUS_LINE, LINE_END, COLON = 15, 2, 2
IN_STYLE = re.compile(r"url\([\"']?([^\"')]+)[\"']?\)")
LOADED = {"link": "href", "script": "src", "img": "src", "source": "src"}
# A link that a browser fetches by itself.
FETCHED_LINKS = frozenset({"stylesheet", "icon", "shortcut icon", "preload", "manifest"})


class PageError(Exception):
    """A page did not answer as the journey needs; the message says where."""


class _Page(HTMLParser):
    """Finds what a page loads, and its forms with the fields that a browser would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._area: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        fetched = tag != "link" or has.get("rel", "").lower() in FETCHED_LINKS
        if fetched and has.get(LOADED.get(tag, "")):
            self.loads.append(has[LOADED[tag]])
        if tag == "form":
            self.forms.append((has.get("action", ""), []))
        elif self.forms and tag == "textarea" and "name" in has:
            self._area = has["name"]
            self.forms[-1][1].append((has["name"], ""))
        elif self.forms and tag == "input" and "name" in has:
            ticked = has.get("type") not in {"checkbox", "radio"} or "checked" in has
            if ticked and has.get("type") not in {"submit", "button"}:
                self.forms[-1][1].append((has["name"], has.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.forms[-1][1][-1] = (self._area, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        if tag == "form":
            # What follows belongs to no form.
            self.forms.append(("", []))


@dataclass
class Browser:
    """One person at one service; what they do is added to the usage that is being counted."""

    app: Application
    site: SiteFiles
    meter: Meter
    usage: Usage
    cookies: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    body: str = ""
    path: str = "/"
    location: str = ""

    def get(self, path: str) -> str:
        """Open a page with all that it loads, and return where it redirects to."""
        return self._ask("GET", path, {}, None)

    def post(self, path: str, **fields: str | list[str]) -> str:
        """Send the form with this action from the page that is open; return where it leads."""
        known: dict[str, Any] = dict(self.forms.get(path, ()))
        body = urlencode({**known, **fields}, doseq=True).encode()
        return self._ask("POST", path, {"content-type": FORM}, body)

    @property
    def forms(self) -> dict[str, list[tuple[str, str]]]:
        """Return the fields of the page's forms by their action; the first of those alike."""
        found = [(action, given) for action, given in _Page(self.body).forms if action]
        return dict(reversed(found))

    def follow(self) -> str:
        """Go where the last answer redirects to."""
        if not self.location:
            raise PageError(f"{self.path} leads nowhere")
        return self.get(self.location)

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> str:
        self.path, self.location = path, ""
        plain = path.partition("?")[0]
        found = self.site.find(plain) if method == "GET" else None
        if isinstance(found, StaticFile):
            self._from_site(found)
            self.body = found.content.decode()
        else:
            self._from_app(method, path, dict(headers), body)
        if not self.location:
            self._load(self.body, path)
        return self.location

    # --- the service

    def _from_app(
        self, method: str, path: str, headers: dict[str, Any], body: bytes | None
    ) -> None:
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        gateway = Gateway(self.app, Config(), ADDRESS)
        before, logged = self.meter.own_seconds, _Heard()
        started = time.perf_counter()
        with logged:
            given = gateway.handle_request(method, path, headers, body)
        spent = time.perf_counter() - started - (self.meter.own_seconds - before)
        answer = answer_of(given, "")
        if answer.status >= 400:  # noqa: PLR2004 -- whatever is no success
            raise PageError(f"{method} {path} answered {answer.status}")
        self.usage.milliseconds += spent * 1000
        self.usage.invocations += 1
        self.usage.gateway_requests += 1
        self.usage.log_bytes += logged.size
        self._over_the_cdn(_head_bytes(answer.headers) + len(answer.body))
        self._keep_cookies(answer.headers)
        self.location = answer.headers.get("Location", answer.headers.get("location", ""))
        self.body = answer.body.decode()

    def _keep_cookies(self, headers: Mapping[str, Any]) -> None:
        for name, value in headers.items():
            if name.lower() != "set-cookie":
                continue
            for one in value if isinstance(value, list) else [value]:
                for cookie, morsel in SimpleCookie(one).items():
                    if morsel["max-age"] == "0":
                        self.cookies.pop(cookie, None)
                    else:
                        self.cookies[cookie] = morsel.value

    # --- the site

    def _load(self, html: str, page: str) -> None:
        for address in dict.fromkeys(_loads(html, page)):
            found = self.site.find(address)
            if not isinstance(found, StaticFile):
                continue
            self._from_site(found)
            if found.name.endswith(".css"):
                for inner in IN_STYLE.findall(found.content.decode()):
                    file = self.site.find(urljoin(address, inner))
                    if isinstance(file, StaticFile) and found.name not in self.kept:
                        self._from_site(file)
            self.kept.add(found.name)

    def _from_site(self, file: StaticFile) -> None:
        """Count a file; one that the browser has is asked for again and answered without it."""
        content = b"" if file.name in self.kept else zipped(file)
        self.usage.site_requests += 1
        self._over_the_cdn(_head_bytes(file.headers) + len(content))

    def _over_the_cdn(self, size: int) -> None:
        self.usage.cdn_requests += 1
        self.usage.cdn_bytes += size


class _Heard(logging.Handler):
    """Adds up what is logged inside its block, as the function would write it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.size = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.size += len(self.format(record).encode()) + 1

    def __enter__(self) -> None:
        logging.getLogger().addHandler(self)

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)


def zipped(file: StaticFile) -> bytes:
    """Return a file as the CDN sends it to a browser that takes it zipped."""
    kind = file.headers["Content-Type"]
    if not kind.startswith(ZIPPED_TYPES) or len(file.content) < WORTH_ZIPPING_BYTES:
        return file.content
    return gzip.compress(file.content, mtime=0)


def _loads(html: str, page: str) -> Iterator[str]:
    for address in _Page(html).loads:
        whole = urlsplit(urljoin(f"http://localhost{page}", address))
        if whole.hostname == "localhost":
            yield whole.path


def _head_bytes(headers: Mapping[str, Any]) -> int:
    lines = (
        (name, one)
        for name, value in headers.items()
        for one in (value if isinstance(value, list) else [value])
    )
    return STATUS_LINE + sum(len(name) + COLON + len(str(one)) + LINE_END for name, one in lines)

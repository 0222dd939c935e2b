"""A visitor without a browser: every page that comes back is checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import html5lib
from chalice.config import Config
from chalice.local import LocalGateway

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element

    from chalice.app import Chalice

FORM = "application/x-www-form-urlencoded"
# They end a session and need no token (decision D8).
TOKENLESS = {"/case/leave", "/case/exit"}
HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}


class Gateway(LocalGateway):
    """Chalice's gateway with a client address that a test chooses."""

    address = "192.0.2.1"

    def _generate_lambda_event(
        self, method: str, path: str, headers: Any, body: bytes | None
    ) -> dict[str, Any]:
        event = dict(super()._generate_lambda_event(method, path, headers, body))
        event["requestContext"]["identity"]["sourceIp"] = self.address
        return event


@dataclass(frozen=True)
class Seen:
    """What came back."""

    status: int
    headers: Mapping[str, Any]
    body: str
    cookies: tuple[str, ...]

    @property
    def location(self) -> str:
        """Return where a redirect leads."""
        return str(self.headers["location"])

    @cached_property
    def tree(self) -> Element:
        """Return the page's elements; a mistake in its HTML raises."""
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        tree: Element = parser.parse(self.body)
        return tree

    @property
    def main(self) -> str:
        """Return the words of the page's main part."""
        return " ".join("".join(next(self.tree.iter("main")).itertext()).split())

    def fields(self, action: str) -> dict[str, str]:
        """Return the fields of the form with this action as a browser would send them unchanged."""
        form = next(form for form in self.tree.iter("form") if form.get("action") == action)
        return dict(_fields(form))

    def has_form(self, action: str) -> bool:
        """Return whether the page has a form with this action."""
        return any(form.get("action") == action for form in self.tree.iter("form"))


@dataclass
class Visitor:
    """One browser: keeps its cookies and checks every page."""

    app: Chalice
    cookies: dict[str, str] = field(default_factory=dict)
    never_in_addresses: list[str] = field(default_factory=list)
    address: str = "192.0.2.1"
    seen: Seen | None = None

    def get(self, path: str) -> Seen:
        """Open an address."""
        return self._ask("GET", path, {}, None)

    def post(self, path: str, *, form: str | None = None, **fields: str | list[str]) -> Seen:
        """Send the form with this action from the page before, with these fields changed."""
        action = path if form is None else form
        known = self.seen.fields(action) if self.seen and self.seen.has_form(action) else {}
        return self.send(path, {**known, **fields})

    def send(self, path: str, fields: Mapping[str, Any], **headers: str) -> Seen:
        """Send fields as they are, whatever the page before was."""
        body = urlencode(fields, doseq=True).encode()
        return self._ask("POST", path, {"content-type": FORM, **headers}, body)

    def follow(self) -> Seen:
        """Go where the last answer redirects to."""
        assert self.seen is not None
        return self.get(self.seen.location)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Seen:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**headers, **({"cookie": cookie} if cookie else {})}
        self.seen = self.exchange(method, path, headers, body)
        self._keep_cookies(self.seen)
        check_page(self.seen, [path, *self._addresses()], self.never_in_addresses)
        return self.seen

    def exchange(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Seen:
        """Return what comes back, here from the application itself."""
        gateway = Gateway(self.app, Config())
        gateway.address = self.address
        return _seen(gateway.handle_request(method, path, headers, body))

    def _addresses(self) -> Iterable[str]:
        assert self.seen is not None
        yield str(self.seen.headers.get("location", ""))
        if "text/html" in str(self.seen.headers["content-type"]) and self.seen.body:
            for element in self.seen.tree.iter():
                yield from (element.get(name, "") for name in ("href", "src", "action"))

    def _keep_cookies(self, seen: Seen) -> None:
        for header in seen.cookies:
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def _seen(answer: Mapping[str, Any]) -> Seen:
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    many = {name.lower(): value for name, value in answer["multiValueHeaders"].items()}
    body = answer.get("body") or ""
    return Seen(int(answer["statusCode"]), headers, str(body), tuple(many.get("set-cookie", ())))


def _fields(form: Element) -> Iterable[tuple[str, str]]:
    for element in form.iter():
        name = element.get("name")
        if not name or element.tag == "button":
            continue
        if element.tag == "textarea":
            # The parser drops the first line break of a textarea, as browsers do.
            yield name, element.text or ""
        elif element.tag == "select":
            chosen = [o for o in element.iter("option") if o.get("selected") is not None]
            options = chosen or list(element.iter("option"))[:1]
            yield from ((name, option.get("value") or "") for option in options)
        elif element.get("type") not in ("radio", "checkbox") or element.get("checked") is not None:
            yield name, element.get("value") or ""


def check_page(seen: Seen, addresses: Iterable[str], never_in_addresses: Iterable[str]) -> None:
    """Assert everything that holds for every answer of the service."""
    for name, value in HEADERS.items():
        assert seen.headers[name] == value, name
    policy = seen.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    for address in addresses:
        words = f"{urlsplit(address).path} {parse_qsl(urlsplit(address).query)}"
        for secret in never_in_addresses:
            assert secret not in words, f"{secret} stands in an address"
    if "text/html" in str(seen.headers["content-type"]) and seen.body:
        _check_html(seen)


def _check_html(seen: Seen) -> None:
    tree = seen.tree
    assert tree.get("lang") == "en-GB" or tree.get("lang") == "en"
    headings = [" ".join("".join(h.itertext()).split()) for h in tree.iter("h1")]
    assert len(headings) == 1, headings
    title = next("".join(t.itertext()).strip() for t in tree.iter("title"))
    assert title.startswith(headings[0]), (title, headings)
    _check_inert(tree)
    _check_forms(tree)


def _check_inert(tree: Element) -> None:
    for element in tree.iter():
        inline = [name for name in element.attrib if name.startswith("on") or name == "style"]
        assert not inline, (element.tag, inline)
        if element.tag == "script":
            assert element.get("src"), "an inline script"
        source = element.get("src") or (element.get("href") if element.tag == "link" else None)
        if source:
            assert not urlsplit(source).netloc, source
    assert not list(tree.iter("style"))


def _check_forms(tree: Element) -> None:
    ids = {element.get("id") for element in tree.iter() if element.get("id")}
    labels = {label.get("for") for label in tree.iter("label")}
    for form in tree.iter("form"):
        assert form.get("action")
        names = {element.get("name") for element in form.iter()}
        if form.get("method", "get").lower() == "post" and form.get("action") not in TOKENLESS:
            assert "csrf_token" in names, form.get("action")
        for control in form.iter():
            if control.tag in ("input", "textarea", "select") and control.get("type") != "hidden":
                assert control.get("id") in labels, (form.get("action"), control.get("name"))
    for element in tree.iter():
        described = (element.get("aria-describedby") or "").split()
        assert set(described) <= ids, described
        # The summary of errors leads to the fields.
        if element.get("role") == "alert":
            for link in element.iter("a"):
                target = link.get("href", "")
                assert not target.startswith("#") or target[1:] in ids, target

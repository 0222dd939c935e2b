"""The local gateway and CDN: every answer is a page with all headers, whatever was asked."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

from chalicelib.application import Application
from chalicelib.web.page import Pages, PlainText, Redirect, Visit
from chalicelib.web.security import HEADERS
from chalicelib.web.victim.errors import error_page
from operate.gateway import HOST, MOST_BODY_BYTES, Stage, StageHandler
from operate.serve import SITE
from operate.site_files import SiteFiles
from operate.site_policy import static_policy
from tests.integration.operate.wire import FORM, Came, ask, say, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.services.deps import Deps
    from chalicelib.settings import Settings
    from tests.integration.conftest import World

ASKED = {
    "a page of the site": ("GET", "/check-your-case/"),
    "an asset": ("GET", "/assets/javascripts/exit.js"),
    "a page of the service": ("GET", "/case/open"),
    "an unknown page": ("GET", "/nothing-here"),
    "an unknown page of the service": ("GET", "/case/nothing-here"),
    "a method that the page does not answer": ("PUT", "/case/open"),
    "a method that the site does not answer": ("POST", "/check-your-case/"),
    "a method that nobody knows": ("BREW", "/case/open"),
    "options": ("OPTIONS", "/case/open"),
    "a folder without its slash": ("GET", "/check-your-case"),
}


def assert_all_headers(came: Came) -> None:
    for name in HEADERS.keys() - {"Cache-Control", "Content-Security-Policy"}:
        assert came.every(name) == [HEADERS[name]], name
    policy = came.header("Content-Security-Policy")
    assert policy in (HEADERS["Content-Security-Policy"], static_policy(SITE))
    assert "frame-ancestors 'none'" in policy
    assert came.header("Cache-Control") in ("no-store", "no-cache")
    assert came.every("Server") == []
    assert "python" not in str(came.headers).lower()
    assert "json" not in came.header("Content-Type")


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED.keys())
def test_everything_has_all_headers_and_nothing_of_the_machine(
    public: int, staff: int, asked: tuple[str, str]
) -> None:
    for port in (public, staff):
        assert_all_headers(ask(port, *asked))


def test_an_unknown_address_is_a_page_of_the_site(public: int) -> None:
    came = ask(public, "GET", "/nothing-here?reference=12/345678/90")
    assert came.status == 404
    assert came.text == (SITE / "404.html").read_text("utf-8")


def test_an_unknown_address_of_the_service_is_a_page_of_the_service(public: int) -> None:
    for method in ("GET", "POST", "DELETE"):
        came = ask(public, method, "/case/nothing-here", headers={"Content-Type": FORM})
        assert came.status == 404
        assert came.is_page
        assert "Your information" in came.text


def test_an_unknown_address_of_the_desk_is_its_own_page(staff: int) -> None:
    came = ask(staff, "GET", "/check-your-case/")
    assert came.status == 404
    assert came.is_page


def test_the_desk_serves_the_assets_of_the_site_and_no_page_of_it(staff: int) -> None:
    assert ask(staff, "GET", "/assets/stylesheets/hub.css").status == 200
    for path in ("/index.html", "/404.html", "/sitemap.xml", "/assets/../index.html"):
        assert ask(staff, "GET", path).status == 404


@pytest.mark.parametrize("asked", [("PUT", "/case/open"), ("DELETE", "/"), ("BREW", "/case/open")])
def test_a_method_that_is_not_answered_gets_a_page(public: int, asked: tuple[str, str]) -> None:
    came = ask(public, *asked)
    assert came.status == 405
    assert came.is_page


def test_the_site_says_which_methods_it_answers(public: int) -> None:
    assert ask(public, "POST", "/").header("Allow") == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/case/open", "/assets/javascripts/exit.js", "/nothing"])
def test_head_is_get_without_the_body(public: int, path: str) -> None:
    got, head = ask(public, "GET", path), ask(public, "HEAD", path)
    assert head.status == got.status
    assert head.body == b""
    varying = {"Date", "Set-Cookie", "Content-Length"}
    assert {h for h in head.headers if h[0] not in varying} == {
        h for h in got.headers if h[0] not in varying
    }


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/assets/../../pyproject.toml",
        "/%2e%2e/pyproject.toml",
        "/..%2fpyproject.toml",
        "/assets/%2e%2e/%2e%2e/pyproject.toml",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/index.html%00.css",
        "/%ff%fe",
        "/" + "a" * 5000,
        "/" + "../" * 50 + "etc/passwd",
    ],
)
def test_nothing_outside_the_site_is_served(public: int, path: str) -> None:
    came = ask(public, "GET", path)
    assert came.status in (200, 404)
    assert came.is_page
    assert "root:" not in came.text
    assert "[tool." not in came.text


@pytest.mark.parametrize("path", ["/check-your-case", "//check-your-case", "/./check-your-case"])
def test_a_folder_without_its_slash_leads_to_our_own_address(public: int, path: str) -> None:
    came = say(
        public, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )
    assert came.status == 301
    assert came.every("Location") == ["/check-your-case/"]


# --- what is sent to us


def test_more_than_a_million_bytes_get_a_page_that_says_so(public: int) -> None:
    came = ask(public, "POST", "/case/open", b"x" * (MOST_BODY_BYTES + 1), {"Content-Type": FORM})
    assert came.status == 413
    assert came.is_page
    assert_all_headers(came)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("Content-Length: many", 400),
        ("Content-Length: -1", 400),
        ("Content-Length: +5", 400),
        ("Content-Length: 1_0", 400),
        ("Content-Length: \u0663", 400),
        ("Content-Length: 3\r\nContent-Length: 4", 400),
        ("Transfer-Encoding: chunked", 411),
        ("Content-Length: 3\r\nTransfer-Encoding: chunked", 411),
    ],
)
def test_a_body_of_unclear_length_is_refused_and_ends_the_connection(
    public: int, lines: str, status: int
) -> None:
    head = f"POST /case/open HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\n{lines}\r\n\r\n"
    came = say(public, head.encode() + b"GET / HTTP/1.1\r\n\r\n")
    assert came.status == status
    assert came.is_page
    assert came.header("Connection") == "close"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"what is this\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"GET /case/nothing-here\r\n\r\n", 404),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n", 431),
    ],
)
def test_what_is_no_request_gets_a_page(public: int, text: bytes, status: int) -> None:
    came = say(public, text)
    assert came.status == status
    assert came.is_page
    assert_all_headers(came)


def test_a_slow_client_is_let_go(public: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StageHandler, "timeout", 0.3)
    head = f"POST /case/open HTTP/1.1\r\nContent-Type: {FORM}\r\nContent-Length: 50\r\n\r\nrefer"
    assert say(public, head.encode()).status == 408


def test_a_silent_client_is_let_go(public: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StageHandler, "timeout", 0.3)
    with socket.create_connection((HOST, public), timeout=5) as wire:
        wire.sendall(b"GET / HT")
        assert wire.recv(1) == b""


def test_a_connection_is_kept_for_the_next_request(public: int) -> None:
    connection = HTTPConnection(HOST, public, timeout=5)
    for path in ("/", "/case/open", "/nothing-here", "/assets/stylesheets/hub.css"):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        assert response.getheader("Connection") is None
    connection.close()


def test_a_client_that_waits_holds_up_nobody(public: int) -> None:
    with socket.create_connection((HOST, public)) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\n")
        started = time.monotonic()
        with ThreadPoolExecutor(10) as people:
            came = list(people.map(lambda _: ask(public, "GET", "/case/open"), range(20)))
    assert {one.status for one in came} == {200}
    assert time.monotonic() - started < 10


# --- what goes back


def test_text_is_zipped_for_who_takes_it(public: int) -> None:
    for path in ("/", "/case/open", "/assets/stylesheets/hub.css"):
        plain = ask(public, "GET", path)
        zipped = ask(public, "GET", path, headers={"Accept-Encoding": "br, gzip"})
        refused = ask(public, "GET", path, headers={"Accept-Encoding": "gzip;q=0"})
        assert plain.header("Vary") == zipped.header("Vary") == "Accept-Encoding"
        assert zipped.header("Content-Encoding") == "gzip"
        assert len(zipped.body) < len(plain.body)
        assert refused.header("Content-Encoding") == ""
    assert zipped.text == plain.text


def test_an_asset_that_is_still_the_same_is_not_sent_again(public: int) -> None:
    path = "/assets/javascripts/exit.js"
    first = ask(public, "GET", path)
    again = ask(public, "GET", path, headers={"If-None-Match": first.header("ETag")})
    assert (again.status, again.body) == (304, b"")
    assert again.header("ETag") == first.header("ETag")


def test_pages_leave_no_copy_behind(public: int) -> None:
    for path in ("/", "/check-your-case/", "/nothing-here", "/case/open"):
        assert ask(public, "GET", path).header("Cache-Control") == "no-store"


def test_it_answers_on_this_machine_alone(world: World) -> None:
    stage = Stage(world.public, SiteFiles(SITE), 0)
    try:
        assert stage.server.server_address[0] == "127.0.0.1"
        with pytest.raises(OSError, match="in use"):
            Stage(world.public, SiteFiles(SITE), stage.server.server_port)
    finally:
        stage.server.server_close()


# --- an application whose pages say what reached them

echo = Pages()


@echo.page("/cookies", "GET")
def cookies(_visit: Visit) -> Redirect:
    return Redirect("/elsewhere", cookies=("one=1; Path=/", "two=2; Path=/"))


@echo.page("/said", "GET")
def said(visit: Visit) -> PlainText:
    request = visit.request
    return PlainText(f"{request.path} {request.address} {dict(request.query)}")


@pytest.fixture
def echoing(built: dict[str, tuple[Settings, Deps]]) -> Iterator[int]:
    """The port of that application."""
    app = Application([echo], error_page, lambda: built["public"])
    with served(app, SiteFiles(SITE)) as port:
        yield port


def test_every_cookie_is_a_header_of_its_own(echoing: int) -> None:
    assert ask(echoing, "GET", "/cookies").every("Set-Cookie") == ["one=1; Path=/", "two=2; Path=/"]


def test_the_address_is_that_of_the_socket_and_never_what_a_client_says(echoing: int) -> None:
    forged = {"X-Forwarded-For": "192.0.2.7", "Forwarded": "for=192.0.2.7"}
    assert ask(echoing, "GET", "/said", headers=forged).text == "/said 127.0.0.1 {}"


def test_path_and_query_reach_the_page(echoing: int) -> None:
    came = ask(echoing, "GET", "/said/?after=a%2Fb&empty=&after=last")
    assert came.text == "/said 127.0.0.1 {'after': 'last', 'empty': ''}"


def test_a_stage_that_cannot_start_still_answers_with_a_page() -> None:
    def broken() -> tuple[Settings, Deps]:
        raise RuntimeError

    app = Application([echo], error_page, broken)
    with served(app, SiteFiles(SITE)) as port:
        for path in ("/said", "/said/nothing-here"):
            came = ask(port, "GET", path)
            assert came.status == 503
            assert came.is_page
            assert_all_headers(came)
        assert ask(port, "GET", "/").status == 200

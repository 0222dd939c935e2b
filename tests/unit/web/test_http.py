"""Requests as API Gateway hands them over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.web.http import LineBreakError, Request, origin_secret_of, respond
from tests.fakes_keys import FakeKeyRing

EVENTS = Path(__file__).parents[2] / "events"
GATEWAY_SAW = "192.0.2.1"


def _event(*headers: tuple[str, str], **changes: Any) -> dict[str, Any]:
    """Return a gateway event with these headers, of which one name may stand more than once."""
    event: dict[str, Any] = json.loads((EVENTS / "get-case.json").read_text())
    many: dict[str, list[str]] = {}
    for name, value in headers:
        many.setdefault(name, []).append(value)
    # Of a header that stands twice the gateway's short form has the last.
    short = {name: values[-1] for name, values in many.items()}
    return {**event, "headers": short, "multiValueHeaders": many, **changes}


def test_the_path_is_ours_without_the_stage_that_the_gateway_puts_before_it() -> None:
    event = json.loads((EVENTS / "get-case.json").read_text())
    assert event["requestContext"]["path"] != event["path"]
    assert Request.of_event(event).path == "/case"


@pytest.mark.parametrize("value", ["/case\r\nSet-Cookie: hub=stolen", "/case\n", "\r"])
def test_a_header_with_a_line_break_never_leaves(value: str) -> None:
    with pytest.raises(LineBreakError):
        respond("", status=303, headers={"Location": value})
    with pytest.raises(LineBreakError):
        respond("", status=200, headers={}, cookies=[value])


# --- whose address it is

VIEWER = "CloudFront-Viewer-Address"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("198.51.100.10:46532", "198.51.100.10"),
        ("198.51.100.10:1", "198.51.100.10"),
        ("2001:db8::1:443", "2001:db8::1"),
        ("2001:db8:1:2:3:4:5:6:65535", "2001:db8:1:2:3:4:5:6"),
        ("2001:0DB8:0:0:0:0:0:1:443", "2001:db8::1"),
    ],
)
@pytest.mark.parametrize("name", [VIEWER, VIEWER.lower()])
def test_behind_the_cdn_the_address_is_the_one_that_the_cdn_saw(
    name: str, said: str, address: str
) -> None:
    assert Request.of_event(_event((name, said)), through_cdn=True).address == address


def test_an_address_in_the_other_familys_writing_is_counted_as_the_same_one() -> None:
    event = _event((VIEWER, "::ffff:198.51.100.10:443"))
    seen = Request.of_event(event, through_cdn=True).address
    keys = FakeKeyRing()
    assert keys.address_key(seen) == keys.address_key("198.51.100.10")


@pytest.mark.parametrize(
    "said",
    [
        "", ":", "unknown", "198.51.100.10", "198.51.100.10:", "198.51.100.10:x",
        "198.51.100.10:-1", "198.51.100.10:123456", "198.51.100.10:\u0664\u0664\u0663", ":443",
        "198.51.100.300:443", "198.51.100.10,203.0.113.5:443", "[2001:db8::1]:443",
        "2001:db8:1:2:3:4:5:6", "name.example:443", " 198.51.100.10:443", "198.51.100.10:443 ",
        "198.51.100.10:443\n", "fe80::1%eth0:443", "1" * 10_000,
    ],
)  # fmt: skip
def test_where_the_cdn_says_nothing_that_can_be_read_the_gateways_word_counts(said: str) -> None:
    assert Request.of_event(_event((VIEWER, said)), through_cdn=True).address == GATEWAY_SAW
    assert Request.of_event(_event(), through_cdn=True).address == GATEWAY_SAW


def test_two_addresses_are_as_good_as_none() -> None:
    twice = _event((VIEWER, "198.51.100.10:443"), (VIEWER, "203.0.113.5:443"))
    in_two_writings = _event((VIEWER, "198.51.100.10:443"), (VIEWER.lower(), "203.0.113.5:443"))
    for event in (twice, in_two_writings):
        assert Request.of_event(event, through_cdn=True).address == GATEWAY_SAW


def test_past_the_cdn_nobody_chooses_their_own_address() -> None:
    event = _event((VIEWER, "198.51.100.10:443"), ("X-Forwarded-For", "203.0.113.5"))
    assert Request.of_event(event).address == GATEWAY_SAW


@pytest.mark.parametrize(
    "name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP"]
)
def test_no_other_header_ever_says_who_the_client_is(name: str) -> None:
    event = _event((name, "203.0.113.5:443"))
    assert Request.of_event(event, through_cdn=True).address == GATEWAY_SAW


@pytest.mark.parametrize("identity", [None, {}, {"sourceIp": None}])
def test_an_event_that_names_nobody_has_no_address(identity: dict[str, None] | None) -> None:
    event = _event()
    event["requestContext"]["identity"] = identity
    assert Request.of_event(event).address == ""


# --- what the CDN brings


def test_the_origin_secret_is_read_however_its_name_is_written() -> None:
    for name in ("X-Hub-Origin", "x-hub-origin", "X-HUB-ORIGIN"):
        assert origin_secret_of(_event((name, "invented"))) == "invented"
        only_short = _event((name, "invented"), multiValueHeaders=None)
        assert origin_secret_of(only_short) == "invented"


def test_an_origin_secret_that_is_missing_or_stands_twice_is_none() -> None:
    assert origin_secret_of(_event()) == ""
    assert origin_secret_of(_event(headers=None, multiValueHeaders=None)) == ""
    assert origin_secret_of({}) == ""
    assert origin_secret_of(_event(("X-Hub-Origin", "a"), ("X-Hub-Origin", "a"))) == ""
    assert origin_secret_of(_event(("X-Hub-Origin", "a"), ("x-hub-origin", "a"))) == ""


def test_no_page_ever_gets_the_origin_secret() -> None:
    event = _event(("X-Hub-Origin", "invented"), ("Accept", "text/html"))
    request = Request.of_event(event, through_cdn=True)
    assert request.headers == {"accept": "text/html"}
    assert "invented" not in repr(request)


# --- what the gateway leaves out


def test_an_event_without_headers_body_or_query_is_a_request_without_them() -> None:
    event = _event(headers=None, multiValueHeaders=None, body=None)
    request = Request.of_event(event, through_cdn=True)
    assert (request.headers, request.cookies, request.query) == ({}, {}, {})
    assert request.body == b""
    assert request.form().fields == {}


@pytest.mark.parametrize(
    "headers",
    [
        [("Cookie", "hub=a; other=b")],
        [("cookie", "hub=a; other=b")],
        [("Cookie", "hub=a"), ("Cookie", "other=b")],
        [("Cookie", "other=b"), ("Cookie", "hub=a")],
    ],
)
def test_cookies_are_read_whether_they_come_in_one_header_or_in_several(
    headers: list[tuple[str, str]],
) -> None:
    assert Request.of_event(_event(*headers)).cookies == {"hub": "a", "other": "b"}


def test_of_a_question_that_is_asked_twice_the_last_word_counts() -> None:
    event = _event(
        queryStringParameters={"older": "2"}, multiValueQueryStringParameters={"older": ["1", "2"]}
    )
    assert Request.of_event(event).query == {"older": "2"}

"""Only our CDN is answered, and only its word for who the client is counts."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.clients.aws import new_client
from chalicelib.clients.keys import SecretUnusableError
from chalicelib.domain.access import new_code
from chalicelib.settings import PUBLIC, STAFF
from chalicelib.web.http import Request
from chalicelib.wiring import create_app
from operate.cloud import SECRET_ID
from operate.stand_in import REGION
from tests.builders import seed_case, seed_code, seed_staff
from tests.integration.web.gateway_steps import (
    COOKIES,
    ORIGIN_SECRET,
    ORIGINS,
    PREVIOUS_ORIGIN_SECRET,
    Client,
    behind_cdn,
    built_by,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.application import Application
    from operate.stand_in import StandIn
    from tests.integration.conftest import World
    from tests.pages import Seen

AUDIENCES = [PUBLIC, STAFF]
WRONG = [
    None,
    "",
    "wrong",
    ORIGIN_SECRET[:-1],
    ORIGIN_SECRET + "x",
    ORIGIN_SECRET.upper(),
    "é" * 40,
    "\ud800",
]


def _app(world: World, audience: str) -> Application:
    return world.staff if audience == STAFF else world.public


def _with(secret: str | None, viewer: str | None = None) -> dict[str, str]:
    """Return what a request brings that names this secret and this address of a client."""
    named = {"x-hub-origin": secret, "cloudfront-viewer-address": viewer}
    return {name: value for name, value in named.items() if value is not None}


def _signed_in(world: World, audience: str) -> dict[str, str]:
    """Return the cookie of somebody who is signed in, under its name behind the CDN."""
    if audience == STAFF:
        return {COOKIES[STAFF]: seed_staff(world.deps, "pc-example")}
    return {COOKIES[PUBLIC]: world.victim(seed_case(world.deps)).cookies["hub"]}


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("secret", WRONG)
def test_who_does_not_come_through_the_cdn_gets_a_page_and_nothing_is_asked(
    world: World, audience: str, secret: str | None
) -> None:
    app = _app(behind_cdn(world), audience)
    path = {PUBLIC: "/case", STAFF: "/"}[audience]
    client = Client(app, cookies=_signed_in(world, audience), brings=_with(secret))
    stranger = Client(app, brings=_with(secret))
    with world.watched() as calls:
        seen, unknown = client.get(path), stranger.get(path)
    assert seen.status == 403
    assert not calls.seen
    assert not seen.cookies
    # A session makes no difference: its cookie was not read.
    assert (seen.status, seen.headers, seen.body) == (unknown.status, unknown.headers, unknown.body)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_route_is_behind_the_cdn(world: World, audience: str) -> None:
    guarded = behind_cdn(world)
    app = _app(guarded, audience)
    client = Client(app, cookies=_signed_in(world, audience), brings=_with("wrong"))
    with world.watched() as calls:
        for route, methods in app.routes.items():
            for method in methods:
                path = route.replace("{", "").replace("}", "")
                seen = client.get(path) if method == "GET" else client.send(path, {"code": "x"})
                assert seen.status == 403, (method, route)
    assert not calls.seen


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_request_is_not_read_and_no_view_is_begun(
    world: World, audience: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _app(behind_cdn(world), audience)
    monkeypatch.setattr(app, "_answer", lambda *_: pytest.fail("a view was begun"))
    monkeypatch.setattr(Request, "of_event", lambda *_, **__: pytest.fail("it was read"))
    path = {PUBLIC: "/case/open", STAFF: "/search"}[audience]
    seen = Client(app, brings=_with("wrong")).send(path, {"reference": "12/345678/26-typed"})
    assert seen.status == 403
    assert "12/345678/26" not in seen.body


def test_a_method_or_type_that_no_route_takes_is_refused_all_the_same(world: World) -> None:
    app = behind_cdn(world).public
    client = Client(app, brings=_with("wrong"))
    assert client.send("/health", {}).status == 403
    assert client.send("/case/open", {}, **{"content-type": "application/json"}).status == 403
    allowed = Client(app, brings=_with(ORIGIN_SECRET))
    assert allowed.send("/health", {}).status == 405
    assert allowed.send("/case/open", {}, **{"content-type": "application/json"}).status == 415


@pytest.mark.parametrize("audience", AUDIENCES)
def test_who_comes_through_the_cdn_is_answered(world: World, audience: str) -> None:
    app = _app(behind_cdn(world), audience)
    path = {PUBLIC: "/case", STAFF: "/"}[audience]
    client = Client(app, cookies=_signed_in(world, audience), brings=_with(ORIGIN_SECRET))
    seen = client.get(path)
    assert seen.status == 200
    assert ORIGIN_SECRET not in seen.body


def test_a_victim_opens_and_leaves_the_case_behind_the_cdn(world: World) -> None:
    guarded = behind_cdn(world)
    case = seed_case(world.deps)
    code = seed_code(world.deps, case)
    client = Client(guarded.public, brings=_with(ORIGIN_SECRET))
    fields = client.get("/case/open").fields("/case/open")
    typed = {**fields, "reference": case.reference, "code": code}
    assert client.send("/case/open", typed, origin="http://localhost:8000").status == 403
    seen = client.send("/case/open", typed, origin=ORIGINS[PUBLIC])
    assert seen.status == 303
    assert all("; Secure" in cookie for cookie in seen.cookies)
    assert client.get("/case").status == 200
    assert client.get("/case/exit").status == 200
    assert client.get("/case").status == 401


def test_while_the_secret_is_changed_the_present_and_the_previous_one_are_right(
    world: World,
) -> None:
    before = behind_cdn(world, origin_secret=PREVIOUS_ORIGIN_SECRET)
    during = behind_cdn(world, previous_origin_secret=PREVIOUS_ORIGIN_SECRET)
    after = behind_cdn(world)

    def statuses(secret: str) -> list[int]:
        worlds = (before, during, after)
        return [Client(w.public, brings=_with(secret)).get("/health").status for w in worlds]

    assert statuses(PREVIOUS_ORIGIN_SECRET) == [200, 200, 403]
    assert statuses(ORIGIN_SECRET) == [403, 200, 200]
    assert statuses("") == [403, 403, 403]


def test_without_a_secret_of_its_own_a_stage_away_from_localhost_answers_nobody(
    world: World,
) -> None:
    app = behind_cdn(world, origin_secret="").public
    for secret in (None, "", ORIGIN_SECRET):
        assert Client(app, brings=_with(secret)).get("/health").status == 403


def test_a_process_away_from_localhost_stops_until_its_secret_has_a_part_for_the_origin(
    world: World, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, _ = behind_cdn(world).parts[PUBLIC]
    with pytest.raises(SecretUnusableError, match=r"^origin_secret$"):
        built_by(settings, monkeypatch)
    manager = new_client("secretsmanager", region=REGION, endpoint=stand_in.endpoint)
    parts = json.loads(manager.get_secret_value(SecretId=SECRET_ID)["SecretString"])
    whole = replace(settings, secret_id="hub/keys/with-origin")
    text = json.dumps(parts | {"origin_secret": ORIGIN_SECRET})
    manager.create_secret(Name=whole.secret_id, SecretString=text)
    app = create_app(PUBLIC, lambda: (whole, built_by(whole, monkeypatch)))
    assert Client(app, brings=_with(ORIGIN_SECRET)).get("/health").status == 200
    assert Client(app).get("/health").status == 403


@pytest.mark.parametrize("origin", ["https://localhost:8000", "http://localhost.example:80"])
def test_what_only_looks_like_localhost_is_guarded(world: World, origin: str) -> None:
    settings, deps = behind_cdn(world).parts[PUBLIC]
    app = create_app(PUBLIC, lambda: (replace(settings, origin=origin), deps))
    assert Client(app).get("/health").status == 403


@pytest.mark.parametrize("audience", AUDIENCES)
def test_on_plain_localhost_nothing_is_asked(world: World, audience: str) -> None:
    for brings in ({}, _with("wrong")):
        assert Client(_app(world, audience), brings=brings).get("/health").status == 200


def test_a_refusal_is_logged_without_anything_that_came(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    app = behind_cdn(world, previous_origin_secret=PREVIOUS_ORIGIN_SECRET).public
    given = "what-somebody-guessed-with-more-than-32"
    with caplog.at_level(logging.DEBUG):
        Client(app, cookies={"__Host-hub": "a-cookie"}, brings=_with(given)).get("/case?older=1")
        Client(app, brings=_with(ORIGIN_SECRET)).get("/health")
    [line] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.getMessage() == "refused a request that did not come through the CDN"
    for secret in (given, ORIGIN_SECRET, PREVIOUS_ORIGIN_SECRET, "a-cookie", "/case"):
        assert secret not in caplog.text


# --- whose failures are counted


def _fails(world: World, brings: Mapping[str, str], gateway_sees: str) -> Seen:
    """Type a wrong code."""
    client = Client(world.public, brings=brings, address=gateway_sees)
    client.get("/case/open")
    code = new_code(world.deps.random_below)
    return client.post("/case/open", reference="99/999999/99", code=code)


def test_behind_the_cdn_failures_are_counted_for_the_client_and_not_for_the_cdn(
    world: World,
) -> None:
    guarded = behind_cdn(world)
    from_one = _with(ORIGIN_SECRET, "198.51.100.41:1234")
    statuses = [_fails(guarded, from_one, f"203.0.113.{edge}").status for edge in range(11)]
    assert statuses == [400] * 10 + [429]
    # Others behind the same server of the CDN are not told to wait.
    assert _fails(guarded, _with(ORIGIN_SECRET, "198.51.100.42:1234"), "203.0.113.10").status == 400


def test_a_household_with_ipv6_is_one_client_whatever_the_port(world: World) -> None:
    guarded = behind_cdn(world)
    for number in range(10):
        brings = _with(ORIGIN_SECRET, f"2001:db8:7:7::{number + 1}:{4000 + number}")
        assert _fails(guarded, brings, "203.0.113.20").status == 400
    assert (
        _fails(guarded, _with(ORIGIN_SECRET, "2001:db8:7:7::ff:443"), "203.0.113.20").status == 429
    )
    assert (
        _fails(guarded, _with(ORIGIN_SECRET, "2001:db8:7:8::1:443"), "203.0.113.20").status == 400
    )


@pytest.mark.parametrize("said", [None, "unknown", "198.51.100.43"])
def test_where_the_cdn_does_not_say_who_it_is_the_gateways_word_counts(
    world: World, said: str | None
) -> None:
    guarded = behind_cdn(world)
    caller = f"203.0.113.{30 + len(said or '')}"
    statuses = [_fails(guarded, _with(ORIGIN_SECRET, said), caller).status for _ in range(11)]
    assert statuses == [400] * 10 + [429]


def test_on_plain_localhost_a_client_does_not_choose_who_it_is(world: World) -> None:
    for number in range(10):
        claims = _with(ORIGIN_SECRET, f"198.51.100.{number + 50}:443")
        claims["x-forwarded-for"] = f"198.51.100.{number + 50}"
        assert _fails(world, claims, "192.0.2.211").status == 400
    assert _fails(world, _with(None, "198.51.100.99:443"), "192.0.2.211").status == 429


def test_behind_the_cdn_a_forwarded_for_of_the_clients_own_changes_nothing(world: World) -> None:
    guarded = behind_cdn(world)
    for number in range(10):
        claims = {
            **_with(ORIGIN_SECRET, "198.51.100.44:443"),
            "x-forwarded-for": f"192.0.2.{number}",
        }
        assert _fails(guarded, claims, "203.0.113.40").status == 400
    assert _fails(guarded, _with(ORIGIN_SECRET, "198.51.100.44:443"), "203.0.113.40").status == 429

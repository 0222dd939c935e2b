"""Events as API Gateway, behind the CDN, and the schedule hand them to the functions.

Their form is the one AWS documents for a REST API with Lambda proxy integration and for a
scheduled rule; the events that other tests use are shorter.
"""

from __future__ import annotations

import base64
import json
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.victim_sessions import find_session
from chalicelib.settings import PUBLIC, STAFF
from tests.builders import seed_case, seed_code, seed_staff
from tests.integration.web.gateway_steps import EVENTS, answer_to, behind_cdn, read_event

if TYPE_CHECKING:
    from types import ModuleType

    from tests.builders import SeededCase
    from tests.integration.conftest import World

# Every part that AWS documents; Chalice stops with a KeyError where one of them is left out.
PARTS = {
    "resource",
    "path",
    "httpMethod",
    "headers",
    "multiValueHeaders",
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "pathParameters",
    "stageVariables",
    "requestContext",
    "body",
    "isBase64Encoded",
}
OF_A_REQUEST = sorted(path for path in EVENTS.glob("*.json") if "schedule" not in path.name)
COOKIE = "invented-cookie-of-a-browser"


def _in_base64(**fields: str) -> str:
    return base64.b64encode(urlencode(fields).encode()).decode()


@pytest.mark.parametrize("path", OF_A_REQUEST, ids=lambda path: path.stem)
def test_an_event_of_the_folder_is_whole_and_agrees_with_itself(path: Any) -> None:
    event = json.loads(path.read_text(encoding="utf-8"))
    assert set(event) == PARTS
    context, many = event["requestContext"], event["multiValueHeaders"]
    assert (context["resourcePath"], context["httpMethod"]) == (
        event["resource"],
        event["httpMethod"],
    )
    is_test = context["stage"] == "test-invoke-stage"
    assert context["path"] == event["path"] if is_test else f"/live{event['path']}"
    assert event["headers"] == (many and {name: values[-1] for name, values in many.items()})


# --- the public service


def _case(world: World) -> tuple[World, SeededCase, str]:
    """Return the hub behind its CDN, a case, and the cookie of its victim."""
    case = seed_case(world.deps)
    return behind_cdn(world), case, world.victim(case).cookies["hub"]


def test_a_case_is_read_through_cdn_and_gateway(world: World) -> None:
    guarded, _, cookie = _case(world)
    seen = answer_to(guarded.public, read_event("cdn-get-case", cookie=cookie))
    assert seen.status == 200
    assert "Your information" in seen.main


def test_cookies_and_other_headers_may_stand_more_than_once(world: World) -> None:
    guarded, _, cookie = _case(world)
    event = read_event("cdn-get-case-headers-twice", cookie=cookie)
    assert cookie not in str(event["headers"])
    assert answer_to(guarded.public, event).status == 200


@pytest.mark.parametrize(
    "number", ["1", "2", "%31", "..%2F..%2Fopen", "%00", "%", "%C3%A9", "x" * 999]
)
def test_what_stands_encoded_in_an_address_reaches_the_page_as_it_came(
    world: World, number: str
) -> None:
    guarded, case, cookie = _case(world)
    ask_officer(world.deps, find_session(world.deps, cookie), "Is there news?", "key")
    event = read_event("cdn-get-case-thread", cookie=cookie, number=number)
    seen = answer_to(guarded.public, event)
    # The gateway hands it over undecoded, and none of our own addresses needs encoding.
    assert seen.status == (200 if number == "1" else 404)
    assert case.reference not in seen.body


def test_of_a_query_that_stands_twice_the_last_word_counts(world: World) -> None:
    guarded, _, cookie = _case(world)
    event = read_event("cdn-get-case-older", cookie=cookie, first="x", last="1")
    assert answer_to(guarded.public, event).status == 200
    event = read_event("cdn-get-case-older", cookie=cookie, first="1", last="x")
    assert answer_to(guarded.public, event).status == 404


def _opening(world: World) -> dict[str, Any]:
    """Return the event of a right code in a form in base64 that came from our page."""
    case = seed_case(world.deps)
    body = _in_base64(
        csrf_token=world.deps.keys.csrf_token(COOKIE),
        reference=case.reference,
        code=seed_code(world.deps, case),
    )
    return read_event("cdn-post-case-open", cookie=COOKIE, body=body)


def test_a_case_is_opened_with_a_form_in_base64(world: World) -> None:
    seen = answer_to(behind_cdn(world).public, _opening(world))
    assert (seen.status, seen.location) == (303, "/case")
    [cookie] = seen.cookies
    assert cookie.startswith("__Host-hub=")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Strict; Secure")


@pytest.mark.parametrize("missing", ["headers", "multiValueHeaders"])
def test_one_of_the_two_forms_of_headers_is_enough_for_the_guard(
    world: World, missing: str
) -> None:
    event = {**_opening(world), missing: None}
    # Chalice reads the short form: without it, it does not know that this is a form.
    expected = {"headers": 415, "multiValueHeaders": 303}[missing]
    assert answer_to(behind_cdn(world).public, event).status == expected


def test_leaving_sends_no_body_and_ends_the_session(world: World) -> None:
    guarded, _, cookie = _case(world)
    event = read_event("cdn-post-case-leave", cookie=cookie)
    assert event["body"] is None
    assert answer_to(guarded.public, event).status == 303
    assert answer_to(guarded.public, read_event("cdn-get-case", cookie=cookie)).status == 401


def test_the_gateways_own_address_opens_nothing(world: World) -> None:
    event = read_event("direct-get-case-open", cookie=COOKIE)
    seen = answer_to(behind_cdn(world).public, event)
    assert seen.status == 403
    assert "<form" not in seen.body


def test_without_any_header_the_guard_stands_and_on_localhost_the_page_comes(
    world: World,
) -> None:
    event = read_event("console-get-health")
    assert event["headers"] is None
    assert answer_to(behind_cdn(world).public, event).status == 403
    assert answer_to(world.public, event).status == 200
    assert answer_to(world.staff, event).status == 200


@pytest.mark.parametrize("body", [None, ""])
def test_a_form_without_a_body_is_a_form_without_its_token(world: World, body: str | None) -> None:
    event = {**_opening(world), "body": body, "isBase64Encoded": False}
    assert answer_to(behind_cdn(world).public, event).status == 403


def test_a_path_parameter_that_the_gateway_left_out_is_a_page_too(world: World) -> None:
    guarded, _, cookie = _case(world)
    event = read_event("cdn-get-case-thread", cookie=cookie, number="1")
    assert answer_to(guarded.public, {**event, "pathParameters": None}).status == 500


# --- the desk


def test_the_desk_is_read_through_cdn_and_gateway(world: World) -> None:
    guarded, case = behind_cdn(world), seed_case(world.deps)
    cookie = seed_staff(world.deps, "pc-example")
    listed = answer_to(guarded.staff, read_event("cdn-staff-get-list", cookie=cookie))
    assert listed.status == 200
    event = read_event("cdn-staff-get-case", cookie=cookie, case=case.key)
    assert case.reference in answer_to(guarded.staff, event).main
    event = read_event("cdn-staff-get-case", cookie=cookie, case=f"%2F{case.key}")
    assert answer_to(guarded.staff, event).status == 404


def test_the_desk_takes_a_form_in_base64(world: World) -> None:
    guarded, case = behind_cdn(world), seed_case(world.deps)
    cookie = seed_staff(world.deps, "pc-example")
    token = world.deps.keys.csrf_token(cookie)
    body = _in_base64(csrf_token=token, reference=case.reference)
    seen = answer_to(guarded.staff, read_event("cdn-staff-post-search", cookie=cookie, body=body))
    assert (seen.status, seen.location) == (303, f"/cases/{case.key}")


def test_who_is_not_signed_in_is_led_to_the_sign_in(world: World) -> None:
    seen = answer_to(behind_cdn(world).staff, read_event("cdn-staff-get-list", cookie="unknown"))
    assert (seen.status, seen.location) == (303, "/sign-in?next=/")


# --- the schedule


def _loaded(audience: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return `app.py` of a stage as Lambda loads it."""
    monkeypatch.setenv("HUB_AUDIENCE", audience)
    spec = find_spec("app")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def entry(world: World, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return `app.py` of the staff stage, over the hub of this test."""
    module = _loaded(STAFF, monkeypatch)
    monkeypatch.setattr(module.app, "_build", lambda: behind_cdn(world).parts[STAFF])
    return module


def test_the_event_of_each_minute_sends_what_is_due(
    world: World, entry: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    monkeypatch.setattr(
        "chalicelib.services.send.send_due",
        lambda deps, providers, *, home: begun.append((deps.now, providers, home)),
    )
    entry.every_minute(read_event("schedule-every-minute"), None)
    # The console is no way to send but on one machine: nobody carries messages here.
    assert begun == [(world.clock, {}, "https://your-information.example")]


def test_the_event_of_each_minute_runs_to_its_end(entry: ModuleType) -> None:
    assert entry.every_minute(read_event("schedule-every-minute"), None) is None


def test_the_event_of_each_morning_runs_to_its_end_once_and_again(
    world: World, entry: ModuleType
) -> None:
    seed_case(world.deps)
    for _ in range(2):
        with world.watched() as calls:
            assert entry.every_morning(read_event("schedule-every-morning"), None) is None
        assert calls.dynamodb


def test_the_public_stage_has_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    module = _loaded(PUBLIC, monkeypatch)
    assert not hasattr(module, "every_minute")
    assert not hasattr(module, "every_morning")

"""Requests in the form in which API Gateway hands them to the function (REST, payload 1.0).

The local gateway of other tests makes a shorter event of its own: no stage before the
path, no `multiValueHeaders`, nothing null, never base64.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import pytest

from tests.builders import seed_case, seed_code

if TYPE_CHECKING:
    from tests.integration.conftest import World

EVENTS = Path(__file__).parents[2] / "events"


def _event(name: str, **filled_in: str) -> dict[str, Any]:
    """Return an event of the folder with its @marks@ filled in."""
    text = (EVENTS / f"{name}.json").read_text(encoding="utf-8")
    for mark, value in filled_in.items():
        text = text.replace(f"@{mark}@", value)
    assert "@" not in text
    event: dict[str, Any] = json.loads(text)
    return event


def _look_up(world: World) -> dict[str, Any]:
    """Return the event of a right code in a form that came from our page."""
    case = seed_case(world.deps)
    visitor = world.visitor()
    token = visitor.get("/case/open").fields("/case/open")["csrf_token"]
    return _event(
        "post-case-open",
        cookie=visitor.cookies["hub"],
        csrf_token=token,
        reference=quote_plus(case.reference),
        code=quote_plus(seed_code(world.deps, case)),
    )


def test_a_case_is_read_through_the_real_gateway(world: World) -> None:
    cookie = world.victim(seed_case(world.deps)).cookies["hub"]
    answer = world.public(_event("get-case", cookie=cookie), None)
    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert isinstance(answer["body"], str)
    assert not answer.get("isBase64Encoded")


@pytest.mark.parametrize("in_base64", [False, True])
def test_a_case_is_opened_through_the_real_gateway(world: World, *, in_base64: bool) -> None:
    event = _look_up(world)
    if in_base64:
        # So the form comes where the gateway was told that every type may be binary.
        event["body"] = base64.b64encode(event["body"].encode()).decode()
        event["isBase64Encoded"] = True
    answer = world.public(event, None)
    assert answer["statusCode"] == 303
    assert answer["headers"]["Location"] == "/case"
    [cookie] = answer["multiValueHeaders"]["Set-Cookie"]
    assert "HttpOnly; SameSite=Strict" in cookie


def test_an_event_without_headers_gets_a_page(world: World) -> None:
    event = {**_look_up(world), "headers": None, "multiValueHeaders": None}
    answer = world.public(event, None)
    assert answer["statusCode"] == 415
    assert "<h1" in answer["body"]
    assert "Content-Security-Policy" in answer["headers"]

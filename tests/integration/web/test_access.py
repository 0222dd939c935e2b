"""Who gets in, who does not, and that the answers to all failures are the same (D4, D5)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.access import new_code
from chalicelib.domain.codes import ACTIVE, CANCELLED, PENDING, WAITING, CodeItem
from chalicelib.services.open_case import code_key
from tests.builders import seed_case, seed_code

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen

FAILURES = ["unknown reference", "misfit reference", "wrong code", "code of another case"]
CODES_THAT_OPEN_NOTHING = {
    "cancelled": CANCELLED,
    "expired": ACTIVE,
    "not read back": PENDING,
    "not confirmed by a supervisor": WAITING,
}


def _failing(world: World, case: SeededCase, how: str) -> tuple[str, str]:
    """Return a reference and a code that do not open anything, for this reason."""
    other = new_code(world.deps.random_below)
    if how == "unknown reference":
        return "99/999999/99", other
    if how == "misfit reference":
        return "my burglary", other
    if how == "wrong code":
        return case.reference, other
    if how == "code of another case":
        return case.reference, seed_code(world.deps, seed_case(world.deps))
    key, state = code_key(world.deps, other, case.reference), CODES_THAT_OPEN_NOTHING[how]
    item = CodeItem(key, case.key, case.victim, state, world.clock(), used_at=None)
    world.deps.ledger.write([world.deps.access.new_code(item)])
    return case.reference, other


def _without_typed(seen: Seen, *typed: str) -> str:
    body = seen.body
    for text in typed:
        body = body.replace(text, "")
    return re.sub(r'name="csrf_token" value="[^"]+"', "", body)


def test_all_failures_look_alike_and_take_the_same_calls(world: World) -> None:
    case = seed_case(world.deps)
    answers, calls_made = [], []
    for number, how in enumerate([*FAILURES, *CODES_THAT_OPEN_NOTHING]):
        visitor = world.visitor()
        visitor.address = f"192.0.2.{number + 10}"
        visitor.get("/case/open")
        reference, code = _failing(world, case, how)
        with world.watched() as calls:
            seen = visitor.post("/case/open", reference=reference, code=code)
        body = _without_typed(seen, reference, code)
        names = [(name, value) for name, value in seen.headers.items()]
        answers.append((seen.status, names, seen.cookies, body))
        calls_made.append(calls.names)
    assert all(answer == answers[0] for answer in answers)
    assert all(made == calls_made[0] for made in calls_made)
    assert calls_made[0] == {"GenerateMac": 1, "GetItem": 1, "UpdateItem": 1}


def test_a_mistyped_code_is_answered_before_anything_is_asked_of_anyone(world: World) -> None:
    case = seed_case(world.deps)
    bodies = []
    for reference in (case.reference, "99/999999/99"):
        visitor = world.visitor()
        visitor.get("/case/open")
        with world.watched() as calls:
            seen = visitor.post("/case/open", reference=reference, code="BCDF GHJK MNPQ RSTB")
        assert not calls.seen
        assert seen.status == 400
        assert "Check the code." in seen.main
        bodies.append(_without_typed(seen, reference))
    assert bodies[0] == bodies[1]


def test_what_was_typed_is_still_there_after_an_error(world: World) -> None:
    visitor = world.visitor()
    visitor.get("/case/open")
    seen = visitor.post("/case/open", reference="12/345", code="bcdf ghjk")
    assert seen.fields("/case/open")["reference"] == "12/345"
    assert seen.fields("/case/open")["code"] == "bcdf ghjk"


def test_a_right_code_opens_after_1000_failures_from_the_same_address(world: World) -> None:
    case = seed_case(world.deps)
    code = seed_code(world.deps, case)
    key = world.deps.keys.address_key("192.0.2.77")
    for _ in range(1000):
        world.deps.access.count_failure(key, world.clock())
    visitor = world.visitor()
    visitor.address = "192.0.2.77"
    visitor.get("/case/open")
    wrong = visitor.post(
        "/case/open", reference=case.reference, code=new_code(world.deps.random_below)
    )
    assert wrong.status == 429
    assert "right code" in wrong.main
    right = visitor.post("/case/open", reference=case.reference, code=code)
    assert right.status == 303


def test_the_eleventh_failure_is_told_to_wait_and_other_addresses_are_not(world: World) -> None:
    def fail(address: str) -> int:
        visitor = world.visitor()
        visitor.address = address
        visitor.get("/case/open")
        code = new_code(world.deps.random_below)
        return visitor.post("/case/open", reference="99/999999/99", code=code).status

    statuses = [fail("192.0.2.88") for _ in range(11)]
    assert statuses == [400] * 10 + [429]
    assert fail("192.0.2.89") == 400
    world.clock.forward(minutes=20)
    assert fail("192.0.2.88") == 400


@pytest.mark.parametrize("days", [13, 15])
def test_an_unused_code_dies_after_14_days_and_a_used_one_does_not(world: World, days: int) -> None:
    case = seed_case(world.deps)
    code = new_code(world.deps.random_below)
    key = code_key(world.deps, code, case.reference)
    in_14_days = world.clock() + timedelta(days=world.deps.rules.limits.code_unused_days)
    item = CodeItem(key, case.key, case.victim, ACTIVE, in_14_days, used_at=None)
    world.deps.ledger.write([world.deps.access.new_code(item)])
    world.clock.forward(days=days)
    visitor = world.visitor()
    visitor.get("/case/open")
    first = visitor.post("/case/open", reference=case.reference, code=code).status
    assert first == (303 if days == 13 else 400)
    if first == 303:
        world.clock.forward(days=400)
        visitor.get("/case/open")
        assert visitor.post("/case/open", reference=case.reference, code=code).status == 303


def test_cancelling_a_code_ends_its_sessions_at_once(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    assert victim.get("/case").status == 200
    code = world.deps.threads.read(case.victim).codes[0]
    world.deps.ledger.write([world.deps.access.cancel_code(code.code_key)])
    assert victim.get("/case").status == 401


def test_a_session_ends_after_15_idle_minutes_and_after_2_hours_in_all(world: World) -> None:
    case = seed_case(world.deps)
    idle = world.victim(case)
    world.clock.forward(minutes=14)
    assert idle.get("/case").status == 200
    world.clock.forward(minutes=16)
    assert idle.get("/case").status == 401
    busy = world.victim(case)
    for _ in range(11):
        world.clock.forward(minutes=10)
        assert busy.get("/case").status == 200
    world.clock.forward(minutes=10)
    assert busy.get("/case").status == 401


def test_leaving_ends_the_session_and_clears_the_browser(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    kept = dict(victim.cookies)
    left = victim.get("/case/exit")
    assert left.status == 200
    assert left.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert not victim.cookies
    victim.cookies = kept
    assert victim.get("/case").status == 401


def test_the_exit_script_needs_no_token_to_end_the_session(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    kept = dict(victim.cookies)
    assert victim.send("/case/leave", {}).status == 303
    victim.cookies = kept
    assert victim.get("/case").status == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 400),
        ({"origin": "http://localhost:8000"}, 400),
        ({}, 400),
    ],
)
def test_a_form_from_elsewhere_is_refused(
    world: World, headers: dict[str, str], status: int
) -> None:
    visitor = world.visitor()
    fields = visitor.get("/case/open").fields("/case/open")
    assert visitor.send("/case/open", fields, **headers).status == status


def test_a_form_without_its_token_is_refused_whatever_the_browser_says(world: World) -> None:
    visitor = world.visitor()
    fields = visitor.get("/case/open").fields("/case/open")
    other = world.visitor()
    stolen = other.get("/case/open").fields("/case/open")["csrf_token"]
    for token in ("", "x", stolen, "é"):
        tried = {**fields, "csrf_token": token}
        assert visitor.send("/case/open", tried, **{"sec-fetch-site": "same-origin"}).status == 403

"""Leaving and staying."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.settings import PUBLIC
from chalicelib.wiring import create_app
from tests.builders import seed_case

if TYPE_CHECKING:
    from tests.integration.conftest import World

PAGES = ["/case", "/case/message", "/case/message/kept", "/case/code", "/case/open", "/case/left"]


def test_every_page_leads_out_and_the_case_itself_has_a_button_that_leaves(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    for path in PAGES:
        seen = victim.get(path)
        exits = [a for a in seen.tree.iter("a") if a.get("data-exit") is not None]
        assert [a.get("href") for a in exits] == ["/case/exit"], path
    main = next(victim.get("/case").tree.iter("main"))
    assert "/case/exit" in [a.get("href") for a in main.iter("a")]


def test_the_page_after_leaving_by_form_gives_no_cookie_and_shows_nothing(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    assert victim.send("/case/leave", {}).location == "/case/left"
    assert not victim.cookies
    with world.watched() as calls:
        seen = victim.follow()
    assert "You have left" in seen.main
    assert not seen.cookies
    assert not calls.seen


@pytest.mark.parametrize("way", ["/case/leave", "/case/exit"])
def test_leaving_never_fails_for_a_person_even_when_the_store_is_silent(
    world: World, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings, deps = world.parts[PUBLIC]
    victim = world.victim(seed_case(world.deps))

    class Silent:
        def end_session(self, _: str) -> None:
            raise StoreUnavailableError

    silent: Any = Silent()
    victim.app = create_app(PUBLIC, lambda: (settings, replace(deps, access=silent)))
    seen = victim.get(way) if way == "/case/exit" else victim.send(way, {})
    assert seen.status == (200 if way == "/case/exit" else 303)
    assert not victim.cookies
    assert seen.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert "store unavailable" in caplog.text


def test_leaving_without_a_session_asks_nobody(world: World) -> None:
    with world.watched() as calls:
        assert world.visitor().get("/case/exit").status == 200
        assert world.visitor().get("/case/gone").status == 303
    assert not calls.seen


def test_the_way_out_without_a_script_clears_what_the_browser_keeps_twice(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    neutral = world.deps.rules.force.exit_url
    empty = victim.get("/case/exit")
    assert empty.headers["refresh"] == "0; url=/case/gone"
    assert [a.get("href") for a in empty.tree.iter("a")] == ["/case/gone"]
    assert not [e for name in ("link", "script", "img") for e in empty.tree.iter(name)]
    assert not victim.cookies
    then = victim.get("/case/gone")
    assert (then.status, then.location, then.cookies) == (303, neutral, ())
    for answer in (empty, then):
        assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'


def test_staying_prolongs_the_session_and_says_for_how_long(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    token = victim.get("/case/message").fields("/case/message")["csrf_token"]
    world.clock.forward(minutes=14)
    with world.watched() as calls:
        stayed = victim.send("/case/stay", {"csrf_token": token})
    assert (stayed.status, stayed.body) == (200, "900\n")
    assert calls.dynamodb == 2
    assert calls.names["TransactWriteItems"] == 1
    world.clock.forward(minutes=14)
    assert victim.get("/case").status == 200


def test_who_stays_too_late_is_told_that_it_ended(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    token = victim.get("/case/message").fields("/case/message")["csrf_token"]
    world.clock.forward(minutes=15)
    assert victim.send("/case/stay", {"csrf_token": token}).status == 401


def test_staying_needs_the_pages_token(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    assert victim.send("/case/stay", {}).status == 403
    assert victim.get("/case/stay").status == 405


def test_the_lookup_form_is_there_also_when_a_case_is_open(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    seen = victim.get("/case/open")
    assert seen.status == 200
    assert seen.has_form("/case/open")
    assert victim.get("/case").status == 200


def test_opening_another_case_shows_that_one_and_forms_of_the_first_no_longer_work(
    world: World,
) -> None:
    first, second = seed_case(world.deps), seed_case(world.deps)
    victim = world.victim(first)
    old_form = victim.get("/case/message").fields("/case/message")
    victim.cookies = world.victim(second).cookies
    seen = victim.send("/case/message", {**old_form, "message": "for the first case"})
    assert seen.status == 403
    for case in (first, second):
        assert not world.deps.threads.read(case.victim).threads


def test_nothing_from_the_address_is_filled_into_the_lookup_form(world: World) -> None:
    seen = world.visitor().get("/case/open?reference=planted&code=planted")
    assert "planted" not in seen.body

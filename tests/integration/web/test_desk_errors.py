"""Errors of the desk: what happened to the words, and where to go on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.settings import STAFF
from chalicelib.web.http import Request
from tests.builders import seed_case
from tests.integration.web.desk_steps import new_officer
from tests.pages import Visitor

if TYPE_CHECKING:
    import pytest

    from tests.integration.conftest import World

WORDS = "We will ring you on Thursday <b>& not before</b>"


def test_an_ended_session_leads_a_page_to_sign_in_and_back(world: World) -> None:
    desk = world.desk()
    world.clock.forward(minutes=15)
    assert desk.get("/team").location == "/sign-in?next=/team"
    assert Visitor(world.staff).get("/").location == "/sign-in?next=/"


def test_an_ended_session_gives_the_words_of_a_form_back(world: World) -> None:
    officer = new_officer()
    case = seed_case(world.deps, officer=new_officer())
    desk = world.desk(officer.id, role="supervisor", team=officer.team)
    desk.get("/")
    desk.post("/search", reference=case.reference)
    world.clock.forward(minutes=15)
    seen = desk.post(f"/cases/{case.key}/break-glass", reason=WORDS)
    assert seen.status == 401
    assert WORDS in seen.main
    assert "Nothing was stored" in seen.main
    assert "(opens in a new tab)" in seen.main
    assert f'href="/sign-in?next=/cases/{case.key}" target="_blank"' in seen.body


def test_the_way_back_from_an_ended_session_is_a_page_that_can_be_opened(world: World) -> None:
    boss = new_officer()
    desk = world.desk(boss.id, role="administrator", team=boss.team)
    pages = {"/search": "/", "/admin/staff": "/admin"}
    desk.get("/admin/staff")
    assert desk.seen is not None
    token = {"csrf_token": desk.seen.fields("/admin/staff")["csrf_token"]}
    world.clock.forward(minutes=15)
    for sent_to, page in pages.items():
        seen = desk.send(sent_to, {**token, "name": WORDS})
        assert f'href="/sign-in?next={page}" target="_blank"' in seen.body
        assert WORDS in seen.main


def test_a_form_of_another_sign_in_gives_the_words_back(world: World) -> None:
    desk = world.desk("pc-again")
    desk.get("/")
    fields = {**desk.seen.fields("/search"), "reference": "12/345678/90"} if desk.seen else {}
    again = world.desk("pc-again")
    seen = again.send("/search", fields)
    assert seen.status == 403
    assert "12/345678/90" in seen.main


def test_a_form_from_another_site_is_refused(world: World) -> None:
    desk = world.desk()
    desk.get("/")
    assert desk.seen is not None
    fields = desk.seen.fields("/search")
    assert desk.send("/search", fields, **{"sec-fetch-site": "cross-site"}).status == 403
    assert desk.send("/search", fields, origin="https://evil.example").status == 403


def test_a_store_that_does_not_answer_is_said_in_words(world: World) -> None:
    desk = world.desk()
    desk.get("/")
    settings, deps = world.parts[STAFF]
    world.parts[STAFF] = (settings, replace(deps, ledger=_Silent()))
    world.__dict__.pop("staff")
    late = Visitor(world.staff, cookies=desk.cookies, seen=desk.seen)
    seen = late.post("/search", reference="12/345678/90")
    assert seen.status == 503
    assert "did not answer" in seen.main
    assert "12/345678/90" in seen.main
    assert late.get("/").status == 503


class _Silent:
    def write(self, _: Any) -> None:
        raise StoreUnavailableError


def test_what_nobody_foresaw_is_a_page_too(world: World, caplog: pytest.LogCaptureFixture) -> None:
    desk = world.desk()
    settings, deps = world.parts[STAFF]
    world.parts[STAFF] = (settings, replace(deps, threads=None))  # type: ignore[arg-type]
    world.__dict__.pop("staff")
    seen = Visitor(world.staff, cookies=desk.cookies).get("/")
    assert seen.status == 500
    assert "We do not know what happened" in seen.main
    assert "AttributeError" in caplog.text
    assert desk.cookies["desk"] not in caplog.text


def test_a_page_that_does_not_exist_says_so(world: World) -> None:
    nowhere = Request("GET", "/nowhere", {}, {}, {}, "192.0.2.1", b"")
    answer = world.staff.error(404, nowhere)
    assert answer["statusCode"] == 404
    assert "This page does not exist" in answer["body"]
    desk = world.desk()
    assert desk.send("/", {}).status == 405
    assert desk.send("/sign-in", {}).status == 405


def test_a_form_that_is_too_large_is_said_in_words(world: World) -> None:
    desk = world.desk()
    desk.get("/")
    seen = desk.post("/search", reference="1" * 250_000)
    assert seen.status == 413
    assert "longer than this service can take" in seen.main

"""Every error is a page: what happened to the words, what to do now, a phone number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from chalicelib.clients.keys import KeyRing
from chalicelib.domain.access import new_code
from chalicelib.domain.errors import KeysUnavailableError
from chalicelib.settings import PUBLIC
from chalicelib.web.http import Request
from chalicelib.wiring import create_app
from tests.builders import seed_case, seed_code
from tests.integration.web.victim_steps import ask, store_is_silent
from tests.pages import FORM, check_page
from tests.pages import _seen as seen_of

if TYPE_CHECKING:
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

OURS = {"sec-fetch-site": "same-origin"}


def _is_an_error_page(world: World, seen: Seen, status: int) -> None:
    assert seen.status == status
    title = next("".join(h.itertext()) for h in seen.tree.iter("h1"))
    assert title in {row.text for row in world.deps.rules.titles.values()}
    assert "101" in seen.main
    assert next(seen.tree.iter("body")).get("data-private") is not None
    links = [a.get("href") for main in seen.tree.iter("main") for a in main.iter("a")]
    assert links


def _typed(seen: Seen) -> list[str | None]:
    return [box.text for box in seen.tree.iter("textarea") if box.get("readonly") is not None]


def _raw(visitor: Visitor, method: str, path: str, kind: str, body: bytes) -> Seen:
    """Send what no form of ours sends; the answer is checked as every page is."""
    return visitor._ask(method, path, {"content-type": kind}, body)  # noqa: SLF001


@pytest.mark.parametrize(
    "status", [400, 403, 404, 405, 408, 411, 413, 414, 415, 417, 429, 431, 500, 501, 502, 503, 504]
)
def test_every_status_that_the_gateway_answers_is_a_page(world: World, status: int) -> None:
    request = Request("GET", "/nowhere", {}, {}, {}, "192.0.2.1", b"")
    seen = seen_of(world.public.error(status, request))
    check_page(seen, [], [])
    _is_an_error_page(world, seen, status)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_method_that_no_page_answers_is_a_page(world: World, method: str) -> None:
    seen = _raw(world.visitor(), method, "/case/message", FORM, b"message=words")
    _is_an_error_page(world, seen, 405)


def test_a_form_in_another_format_is_a_page(world: World) -> None:
    seen = _raw(world.visitor(), "POST", "/case/message", "application/json", b"{}")
    _is_an_error_page(world, seen, 415)


@pytest.mark.parametrize("path", ["/case", "/case/message", "/case/thread/1", "/case/code"])
def test_a_page_of_a_case_that_is_not_open_says_so_and_asks_nobody(world: World, path: str) -> None:
    with world.watched() as calls:
        seen = world.visitor().get(path)
    _is_an_error_page(world, seen, 401)
    assert not calls.seen
    assert not seen.cookies


@pytest.mark.parametrize("cookie", ["x", "", "a b", "é", "x" * 4000])
def test_a_cookie_that_is_none_of_ours_opens_nothing(world: World, cookie: str) -> None:
    visitor = world.visitor()
    visitor.cookies["hub"] = cookie
    _is_an_error_page(world, visitor.get("/case"), 401)


def test_words_of_a_form_with_another_browsers_token_are_given_back_and_stored_nowhere(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    token = world.victim(case).get("/case/message").fields("/case/message")["csrf_token"]
    fields = {"csrf_token": token, "form_key": "k", "message": "mine </textarea> still"}
    seen = victim.send("/case/message", fields, **OURS)
    _is_an_error_page(world, seen, 403)
    assert _typed(seen) == ["mine </textarea> still"]
    assert not world.deps.threads.read(case.victim).threads


def test_words_from_another_site_are_never_put_on_a_page_of_ours(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    form = victim.get("/case/message").fields("/case/message")
    seen = victim.send(
        "/case/message", {**form, "message": "planted"}, **{"sec-fetch-site": "cross-site"}
    )
    _is_an_error_page(world, seen, 403)
    assert "planted" not in seen.body
    huge = victim.send(
        "/case/message", {**form, "message": "planted" * 40_000}, **{"sec-fetch-site": "cross-site"}
    )
    _is_an_error_page(world, huge, 403)
    assert "planted" not in huge.body


def test_a_form_larger_than_any_of_ours_gives_the_words_back(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = victim.get("/case/message").fields("/case/message")
    text = "a long story " * 20_000
    seen = victim.send("/case/message", {**form, "message": text}, **OURS)
    _is_an_error_page(world, seen, 413)
    assert _typed(seen) == [text]
    assert "5,000 characters" in seen.main
    assert not world.deps.threads.read(case.victim).threads


def test_a_form_with_too_many_fields_is_answered_in_words(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    body = urlencode([(f"f{n}", "") for n in range(300)] + [("message", "still here")]).encode()
    seen = _raw(victim, "POST", "/case/message", FORM, body)
    _is_an_error_page(world, seen, 413)
    assert _typed(seen) == ["still here"]


def test_what_nobody_foresaw_is_a_page_that_gives_the_words_back(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = victim.get("/case/message").fields("/case/message")
    settings, deps = world.parts[PUBLIC]

    class Breaking:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("secret words")

    broken: Any = Breaking()
    victim.app = create_app(PUBLIC, lambda: (settings, replace(deps, cases=broken)))
    seen = victim.send("/case/message", {**form, "message": "and now?"}, **OURS)
    _is_an_error_page(world, seen, 500)
    assert _typed(seen) == ["and now?"]
    assert "We cannot say whether what you typed was stored." in seen.main
    assert "secret words" not in seen.body + caplog.text
    assert "and now?" not in caplog.text


def test_a_silent_store_is_a_page_wherever_it_falls_silent(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    ask(victim, "Still there?")
    with store_is_silent(world, victim):
        for path in ("/case", "/case/message", "/case/thread/1", "/case/message/1", "/case/code"):
            seen = victim.get(path)
            _is_an_error_page(world, seen, 503)
            # The audit line could not be written: nothing of the case is shown.
            assert "Still there?" not in seen.body
            assert "PC Example" not in seen.body


def test_a_silent_store_keeps_what_was_typed_into_the_lookup_form(world: World) -> None:
    case = seed_case(world.deps)
    code = seed_code(world.deps, case)
    visitor = world.visitor()
    visitor.get("/case/open")
    with store_is_silent(world, visitor):
        seen = visitor.post("/case/open", reference=case.reference, code=code)
    assert seen.status == 503
    assert "Our system did not answer." in seen.main
    assert seen.fields("/case/open")["reference"] == case.reference
    assert seen.fields("/case/open")["code"] == code
    assert visitor.post("/case/open").status == 303


def test_a_silent_key_service_lets_nobody_in_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> bytes:
        raise KeysUnavailableError

    case = seed_case(world.deps)
    code = seed_code(world.deps, case)
    victim, visitor = world.victim(case), world.visitor()
    visitor.get("/case/open")
    victim.get("/case/code")
    monkeypatch.setattr(KeyRing, "mac_of_code", silent)
    assert visitor.post("/case/open", reference=case.reference, code=code).status == 503
    seen = victim.post("/case/code", code=new_code(world.deps.random_below))
    _is_an_error_page(world, seen, 503)

"""The victim's and the officer's journey through the deployed hub: CDN, gateway, zip, roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.settings import PUBLIC, STAFF
from chalicelib.web.security import HEADERS

if TYPE_CHECKING:
    from tests.deployed.conftest import Deployed


def test_a_victim_asks_an_officer_answers_and_the_victim_reads_it(hub: Deployed) -> None:
    officer = hub.person()
    case = hub.case(officer)

    victim = hub.victim(case)
    assert "We are investigating" in victim.follow().main
    victim.get("/case/message")
    assert victim.post("/case/message", message="When will I hear?").status == 303
    assert "by" in victim.follow().main

    desk = hub.browser(STAFF)
    assert "1" in desk.signs_in(officer.identity).main
    page = desk.get(f"/cases/{case.key}")
    assert "When will I hear?" in page.main
    answering = next(
        str(form.get("action"))
        for form in page.tree.iter("form")
        if any(field.get("name") == "answer" for field in form.iter())
    )
    assert desk.post(answering, answer="By Friday, I promise.").status == 303

    victim.get("/case/thread/1")
    assert victim.seen
    assert "By Friday, I promise." in victim.seen.main

    assert victim.get("/case/exit").status == 200
    assert victim.get("/case").status == 401


def test_an_officer_writes_an_update_and_makes_a_code_that_opens_the_case(hub: Deployed) -> None:
    officer = hub.person()
    case = hub.case(officer)
    desk = hub.browser(STAFF)
    desk.signs_in(officer.identity)
    page = desk.get(f"/cases/{case.key}")
    assert page.status == 200
    assert officer.name in page.main


def test_somebody_elses_case_does_not_exist_at_the_desk(hub: Deployed) -> None:
    case = hub.case(hub.person())
    desk = hub.browser(STAFF)
    desk.signs_in(hub.person().identity)
    assert desk.get(f"/cases/{case.key}").status == 404


def test_a_wrong_code_looks_the_same_through_the_cdn(hub: Deployed) -> None:
    case, browser = hub.case(), hub.browser()
    browser.get("/case/open")
    answer = browser.post("/case/open", reference=case.reference, code="BCDF GHJK MNPQ RSTV")
    assert answer.status in (200, 400, 401, 404)
    assert not any(name in answer.main for name in ("burglary", "PC Example"))


def test_what_anybody_may_use_answers_without_a_case(hub: Deployed) -> None:
    # Not /health: that address is the stand-in's own.
    for path in ("/figures", "/what-might-help", "/check-a-message", "/case/open"):
        assert hub.browser().get(path).status == 200, path
    for path in ("/", "/check-your-case/", "/are-you-safe/"):
        page = hub.edges[PUBLIC].ask("GET", path, {})
        assert page.status == 200, path
        assert "Exit this page" in page.body
        for name, value in HEADERS.items():
            if name not in ("Cache-Control", "Content-Security-Policy", "X-Robots-Tag"):
                assert page.headers[name.lower()] == value, name
        assert "unsafe" not in page.headers["content-security-policy"]

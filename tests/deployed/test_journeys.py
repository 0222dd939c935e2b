"""The journeys of victims and staff through the deployed hub: CDN, gateway, zip, roles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalicelib.domain.access import new_code
from chalicelib.domain.agreements import NEEDS
from chalicelib.domain.cases import TeamId
from chalicelib.domain.codes import ACTIVE, CANCELLED, CodeItem
from chalicelib.services.open_case import code_key
from chalicelib.settings import PUBLIC, STAFF
from chalicelib.stores.text import epoch
from chalicelib.web.security import HEADERS
from tests.builders import seed_code
from tests.deployed.steps import (
    UPDATE,
    asks,
    before_opening,
    box,
    desk_of,
    in_team,
    lets_see,
    posts,
    press,
    stops_seeing,
    tries,
)
from tests.integration.web.board_steps import rows
from tests.integration.web.code_steps import new_on

if TYPE_CHECKING:
    from tests.deployed.conftest import Deployed
    from tests.pages import Seen

QUESTION = "When will I hear?"
REASON = "The duty team needs the safe contact tonight"
SAFE_LINE = "Do not wait for this page to know if you are safe."
# What differs between any two answers: when they were made, and their own numbers.
OF_EACH_ANSWER = {
    *("date", "set-cookie", "via"),
    *("x-amz-apigw-id", "x-amz-cf-id", "x-amz-request-id", "x-amzn-requestid"),
}


def test_a_victim_asks_an_officer_answers_and_the_victim_reads_it(hub: Deployed) -> None:
    officer = hub.person()
    case = hub.case(officer)

    victim = hub.victim(case)
    assert "We are investigating" in victim.follow().main
    victim.get("/case/message")
    assert victim.post("/case/message", message=QUESTION).status == 303
    assert "by" in victim.follow().main

    desk = hub.browser(STAFF)
    assert "1" in desk.signs_in(officer.identity).main
    page = desk.get(f"/cases/{case.key}")
    assert QUESTION in page.main
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


def test_an_officer_writes_an_update_and_makes_a_code_that_opens_the_case_until_cancelled(
    hub: Deployed,
) -> None:
    officer = hub.person()
    case = hub.case(officer)
    desk = desk_of(hub, officer)
    posts(desk, case)

    form = f"/cases/{case.key}/codes/new"
    page = desk.signs_in_afresh(f"{form}?victim={case.victim}", officer.identity)
    assert page.main.startswith("New access code")
    made = desk.post(form, checked="face_to_face", for_whom="victim")
    assert (made.status, "It is shown once." in made.main) == (200, True)
    code = new_on(made)
    desk.never_in_addresses = [code]
    # It opens nothing until it was read back.
    assert tries(hub, case.reference, code)[1].status == 400
    assert press(desk, "/activate").status == 303
    page = desk.follow()
    assert "The code is active." in page.main
    assert code not in "".join(page.main.split())

    victim, opened = tries(hub, case.reference, code)
    assert (opened.status, opened.location) == (303, "/case")
    assert UPDATE in victim.follow().main

    desk.get(f"/cases/{case.key}")
    assert press(desk, "/cancel").status == 303
    assert "The code is cancelled." in desk.follow().main
    assert victim.get("/case").status == 401
    assert tries(hub, case.reference, code)[1].status == 400


def test_somebody_elses_case_does_not_exist_at_the_desk(hub: Deployed) -> None:
    case = hub.case(hub.person())
    desk = desk_of(hub, hub.person())
    page = desk.get(f"/cases/{case.key}")
    assert page.status == 404
    assert not page.has_form(f"/cases/{case.key}/break-glass")


def test_a_supervisor_sees_on_the_board_what_the_team_owes(hub: Deployed) -> None:
    boss = hub.person("supervisor", "Sergeant Yew")
    officer = in_team(hub, hub.person(), boss.team)
    case, others = hub.case(officer), hub.case()
    for each in (case, others):
        asks(hub.victim(each), QUESTION)

    desk = desk_of(hub, boss)
    board = desk.get("/team")
    assert "1 promise." in board.main
    (row,) = rows(board)
    assert case.reference in row
    assert officer.name in row
    assert QUESTION in desk.get(f"/cases/{case.key}").main
    assert desk_of(hub, officer).get("/team").status == 403


def test_a_supervisor_opens_a_case_of_another_team_with_a_reason_that_its_officer_reads(
    hub: Deployed,
) -> None:
    officer = hub.person()
    case = hub.case(officer)
    desk = desk_of(hub, hub.person("supervisor", "Sergeant Birch"))
    path = f"/cases/{case.key}"
    assert desk.get(path).status == 404
    assert desk.post(f"{path}/break-glass", reason="short").status == 400
    assert desk.get(path).status == 404
    assert desk.post(f"{path}/break-glass", reason=REASON).status == 303
    assert case.reference in desk.follow().main
    page = desk_of(hub, officer).get(path)
    assert "Sergeant Birch, from another team, opened this case" in page.main
    assert REASON in page.main


def test_a_partner_sees_nobody_who_did_not_agree_and_nobody_who_no_longer_does(
    hub: Deployed,
) -> None:
    agency = hub.deps.rules.partners["new_era"]
    partner = in_team(hub, hub.person("partner", "Juniper Example"), TeamId(agency.team))
    case = hub.case()
    victim, desk = hub.victim(case), desk_of(hub, partner)
    theirs = f"/support/{case.key}?victim={case.victim}"
    nobodys = desk.get(f"/support/{'a' * 32}?victim={'b' * 32}")
    assert "Nobody has agreed at present." in desk.get("/").main
    for path in (theirs, f"/cases/{case.key}"):
        refused = desk.get(path)
        assert (refused.status, refused.main) == (404, nobodys.main)

    assert lets_see(victim, agency.key, NEEDS).status == 303
    assert case.reference in desk.get("/").main
    assert desk.get(theirs).status == 200
    assert desk.get(f"/cases/{case.key}").status == 404

    assert stops_seeing(victim, agency.key).status == 303
    assert desk.get(theirs).main == nobodys.main
    assert case.reference not in desk.get("/").body


def test_a_need_that_a_victim_told_stands_first_for_the_officer_and_is_marked_as_read(
    hub: Deployed,
) -> None:
    officer = hub.person()
    case = hub.case(officer)
    victim = hub.victim(case)
    asks(victim, QUESTION)
    victim.get("/case/needs/1")
    need = "Epilepsy: no flashing lights"
    assert victim.post("/case/needs", health_what=need).status == 303
    assert "Nobody has read this yet." in victim.follow().main

    page = desk_of(hub, officer).get(f"/cases/{case.key}").main
    assert page.index(need) < page.index(QUESTION)
    assert f"Read by {officer.name}, officer" in victim.get("/case/needs").main


def test_a_case_in_safe_mode_is_folded_and_names_no_crime(hub: Deployed) -> None:
    officer = hub.person()
    case = hub.case(officer, flags=("domestic_abuse",))
    posts(desk_of(hub, officer), case)
    victim = hub.victim(case)
    assert_folded(victim.follow())


def assert_folded(page: Seen) -> None:
    """Assert that a case in safe mode shows nothing of what was said before it is opened."""
    assert UPDATE in page.main
    assert UPDATE not in before_opening(page)
    assert SAFE_LINE in before_opening(page)
    assert all(each.get("open") is None for each in page.tree.iter("details"))
    for word in ("burglary", "abuse"):
        assert word not in page.main.lower()


def test_safe_mode_that_a_victim_turns_on_holds_at_once(hub: Deployed) -> None:
    officer = hub.person()
    case = hub.case(officer)
    posts(desk_of(hub, officer), case)
    victim = hub.victim(case)
    page = victim.follow()
    assert UPDATE in before_opening(page)
    assert SAFE_LINE not in page.main
    victim.get("/case/safety")
    assert victim.post("/case/safety", safe_mode="on").status == 303
    assert_folded(victim.get("/case"))


def test_a_question_kept_for_later_is_there_in_another_browser_until_it_is_sent(
    hub: Deployed,
) -> None:
    officer = hub.person()
    case = hub.case(officer)
    assert "kept until" in asks(hub.victim(case), "half a thought", keep="yes").main
    desk = desk_of(hub, officer)
    assert "half a thought" not in desk.get(f"/cases/{case.key}").body

    victim = hub.victim(case)
    assert "You began a question and did not send it." in victim.follow().main
    assert box(victim.get("/case/message")) == "half a thought"
    asks(victim, "half a thought, and the rest")
    assert box(victim.get("/case/message")) == ""
    assert "half a thought, and the rest" in desk.get(f"/cases/{case.key}").main


def test_whatever_does_not_open_looks_the_same_through_the_cdn(hub: Deployed) -> None:
    case, deps = hub.case(), hub.deps
    wrong, cancelled, expired = (new_code(deps.random_below) for _ in range(3))
    for code, state in ((cancelled, CANCELLED), (expired, ACTIVE)):
        key = code_key(deps, code, case.reference)
        item = CodeItem(key, case.key, case.victim, state, deps.now(), used_at=None)
        deps.ledger.write([deps.access.new_code(item)])
    typed = {
        "unknown reference": ("99/999999/99", wrong),
        "wrong code": (case.reference, wrong),
        "cancelled code": (case.reference, cancelled),
        "expired code": (case.reference, expired),
    }
    answers = {
        how: _as_told(tries(hub, *given, address="198.51.100.7")[1], *given)
        for how, given in typed.items()
    }
    status, _, _, body = answers["wrong code"]
    assert status == 400
    assert "We could not open your information with these details." in body
    for how, answer in answers.items():
        assert answer == answers["wrong code"], how


def _as_told(seen: Seen, *typed: str) -> tuple[int, list[tuple[str, Any]], list[str], str]:
    """Return status, headers in order, names of cookies and body, without what was typed."""
    body = re.sub(r'name="csrf_token" value="[^"]+"', "", seen.body)
    for text in typed:
        assert text in body
        body = body.replace(text, "")
    headers = [(n, "" if n in OF_EACH_ANSWER else value) for n, value in seen.headers.items()]
    return seen.status, headers, [cookie.partition("=")[0] for cookie in seen.cookies], body


def test_the_eleventh_failure_of_an_address_waits_another_address_and_a_right_code_do_not(
    hub: Deployed,
) -> None:
    case = hub.case()
    code = seed_code(hub.deps, case)
    address = _eleven_failures(hub)
    throttled = _fails(hub, address, **{"X-Forwarded-For": "203.0.113.9"})
    assert throttled.status == 429
    assert "a right code still works" in throttled.main
    assert _fails(hub, "198.51.100.99").status == 400
    victim, _ = tries(hub, case.reference, code, address)
    assert victim.follow().status == 200


def _eleven_failures(hub: Deployed) -> str:
    """Fail eleven times within one window of counting, and return from which address."""
    for address in ("198.51.100.1", "198.51.100.2"):
        window = _window(hub)
        statuses = [_fails(hub, address).status for _ in range(11)]
        # Where a window ended meanwhile, the next address has one to itself.
        if _window(hub) == window:
            assert statuses == [400] * 10 + [429]
            return address
    raise AssertionError(statuses)


def _window(hub: Deployed) -> int:
    return epoch(hub.deps.now()) // (hub.deps.rules.limits.failure_window_minutes * 60)


def _fails(hub: Deployed, address: str, **headers: str) -> Seen:
    """Send a code that opens nothing, from this address."""
    browser = hub.browser()
    browser.address = address
    fields = browser.get("/case/open").fields("/case/open")
    code = new_code(hub.deps.random_below)
    return browser.send(
        "/case/open", {**fields, "reference": "99/999999/99", "code": code}, **headers
    )


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

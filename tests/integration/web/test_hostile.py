"""What somebody tries who wants to read another's case, or to keep a victim out of theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.clients.keys import KeyRing
from chalicelib.domain.errors import KeysUnavailableError
from chalicelib.settings import PUBLIC
from chalicelib.stores.tables import FileItem
from chalicelib.wiring import create_app
from tests.builders import seed_case, seed_code
from tests.integration.import_steps import DECIDED, Records
from tests.integration.services.staff_steps import asked, file_of
from tests.integration.web.victim_steps import ask, page, record_outcome, tell

if TYPE_CHECKING:
    from pathlib import Path

    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

PAGES = ["/case", "/case/message", "/case/message/1", "/case/thread/1", "/case/code"]
PAGES += ["/case/needs", "/case/needs/1", "/case/contact", "/case/contact/change"]
PAGES += ["/case/measures", "/case/court", "/case/court/date", "/case/court/date.ics"]
# Set by services next door, by who wants to disturb, and by nobody in their right mind.
FOREIGN_COOKIES = [
    ("CookieControl", '{"necessaryCookies":[],"optionalCookies":{}}'),
    ("list[0]", "1"),
    ("words", "with spaces and, commas"),
    ("quoted", '"never closed'),
    ("Path", "/"),
    ("naïve", "é"),
    ("", "nameless"),
]


# --- keeping a victim out


@pytest.mark.parametrize("foreign", FOREIGN_COOKIES, ids=lambda cookie: cookie[0])
def test_a_cookie_of_another_service_never_locks_a_victim_out(
    world: World, foreign: tuple[str, str]
) -> None:
    case = seed_case(world.deps)
    code = seed_code(world.deps, case)
    visitor = world.visitor()
    visitor.cookies = dict([foreign])
    visitor.get("/case/open")
    assert visitor.post("/case/open", reference=case.reference, code=code).status == 303
    assert visitor.follow().status == 200


def test_of_two_cookies_of_our_name_the_nearer_one_counts(world: World) -> None:
    visitor = world.victim(seed_case(world.deps))
    visitor.cookies = {"hub": f"{visitor.cookies['hub']}; hub=tossed"}
    assert visitor.get("/case").status == 200


# --- news that nobody told


def test_a_charge_that_was_not_told_shows_no_day_at_court(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "What happens now?")
    tell(world, case, record_outcome(world, case, "no_suspect_found"))
    before = {path: page(victim, path) for path in PAGES}
    record_outcome(world, case, "charged")
    _list_a_hearing(case)
    assert {path: page(victim, path) for path in PAGES} == before


def _list_a_hearing(case: SeededCase) -> None:
    FileItem.get(case.key, "case#file").update(
        [FileItem.court.set("Example Court"), FileItem.next_hearing_on.set("2026-12-01")],
        FileItem.pk.exists(),
    )


@pytest.mark.parametrize(
    "news",
    [
        DECIDED,
        {"stage": "released_bail"},
        {"stage": "charged", "outcome": "charged", "next_hearing_on": "2026-12-01"},
        {"stage": "closed", "court": "Example Court", "next_hearing_on": "2026-12-01"},
    ],
    ids=lambda news: news["stage"],
)
def test_untold_news_of_a_file_leaves_no_trace_in_any_page(
    world: World, tmp_path: Path, news: dict[str, str]
) -> None:
    records = Records(world, tmp_path)
    records.say({})
    victim = world.victim(records.seeded)
    ask(victim, "What happens now?")
    before = {path: _answer(victim, path) for path in PAGES}
    records.say(news)
    assert {path: _answer(victim, path) for path in PAGES} == before
    assert ask(victim, "May I still ask?").location == "/case/message/2"


def _answer(victim: Visitor, path: str) -> tuple[int, int, list[str], str]:
    """Return all that a page gives away: status, length, names of headers, words."""
    words = page(victim, path)
    assert victim.seen is not None
    return victim.seen.status, len(victim.seen.body), sorted(victim.seen.headers), words


# --- another's words


def test_a_browser_that_opens_another_case_cannot_send_the_first_ones_form(world: World) -> None:
    first, second = seed_case(world.deps), seed_case(world.deps)
    browser = world.victim(first)
    browser.get("/case/message")
    assert browser.seen is not None
    form = browser.seen.fields("/case/message") | {"message": "Meant for the first"}
    browser.cookies = world.victim(second).cookies
    for keep in ("", "yes"):
        assert browser.send("/case/message", form | {"keep": keep}).status == 403
    world.clock.forward(minutes=16)
    assert browser.send("/case/message", form).status == 403
    for case in (first, second):
        assert not file_of(world, case).threads
        assert file_of(world, case).draft is None


@pytest.mark.parametrize(
    "number", ["0", "01", "1e1", "-1", "99999", "1%00", "%31", "\N{DIGIT ONE}x"]
)
def test_no_spelling_of_a_number_reaches_another_question(world: World, number: str) -> None:
    case = seed_case(world.deps, victims=["V1", "V2"])
    ask(world.victim(case, "V2"), "Only mine.")
    victim = world.victim(case, "V1")
    for path in ("/case/thread/", "/case/message/"):
        seen = victim.get(path + number)
        assert seen.status == 404
        assert "Only mine." not in seen.body


# --- words that would like to be more


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}{% raw %}"


def test_hostile_names_of_a_file_are_inert_on_every_page_of_a_victim(
    world: World, tmp_path: Path
) -> None:
    records = Records(world, tmp_path)
    names = ("officer_name", "officer_number", "team", "victim_id", "court", "crime_type", "flags")
    charged = {"stage": "charged", "outcome": "charged", "next_hearing_on": "2026-12-01"}
    told = {"told_on": "2026-11-11", "told_how": HOSTILE}
    records.say(dict.fromkeys(names, HOSTILE) | charged | told)
    victim = world.victim(records.seeded)
    for path in ("/case", "/case/message", "/case/code"):
        seen = victim.get(path)
        assert seen.status == 200
        assert "<script>" not in seen.body
        assert "<img" not in seen.body
    assert HOSTILE in victim.get("/case").main


def test_hostile_names_of_a_file_are_inert_on_every_page_of_the_desk(
    world: World, tmp_path: Path
) -> None:
    records = Records(world, tmp_path)
    names = ("officer_name", "officer_number", "team", "victim_id", "court", "crime_type", "flags")
    records.say(dict.fromkeys(names, HOSTILE) | DECIDED | {"next_hearing_on": "2026-12-01"})
    case, path = records.case, f"/cases/{records.case.key}"
    asked(world, records.seeded, HOSTILE)
    boss = world.desk("boss-4", role="supervisor", team=case.officer.team, name=HOSTILE)
    victim = case.victims[0].key
    forms = ("outcome", f"told?victim={victim}", f"codes/new?victim={victim}", "hand-over")
    asks = f"answer?victim={victim}&thread=1"
    for page_of in ("/", "/team", path, *(f"{path}/{form}" for form in (*forms, asks))):
        seen = boss.get(page_of)
        assert seen.status == 200, page_of
        assert "<script>" not in seen.body
        assert "<img" not in seen.body
    assert HOSTILE in boss.get(path).main


def test_opening_a_case_never_goes_on_with_the_token_that_the_browser_brought(
    world: World,
) -> None:
    case = seed_case(world.deps)
    visitor = world.visitor()
    visitor.cookies = {"hub": "chosen-by-somebody-else"}
    visitor.get("/case/open")
    visitor.post("/case/open", reference=case.reference, code=seed_code(world.deps, case))
    assert visitor.cookies["hub"] != "chosen-by-somebody-else"
    visitor.cookies = {"hub": "chosen-by-somebody-else"}
    assert visitor.get("/case").status == 401


# --- time


class _CountedKms:
    calls = 0

    def generate_mac(self, **_: object) -> dict[str, Any]:
        self.calls += 1
        return {"Mac": b"mac"}


def test_no_call_of_the_key_service_begins_that_leaves_no_time_for_the_page(world: World) -> None:
    _, deps = world.parts[PUBLIC]
    secrets = deps.keys._secrets  # type: ignore[attr-defined]  # noqa: SLF001
    kms, left = _CountedKms(), [4.0]
    keys = KeyRing(kms, "pepper", secrets, seconds_left=lambda: left[0])
    assert keys.mac_of_code(b"stretched") == b"mac"
    left[0] = 3.9
    with pytest.raises(KeysUnavailableError):
        keys.mac_of_code(b"stretched")
    assert kms.calls == 1


def test_late_in_a_request_right_and_wrong_codes_get_the_same_answer(world: World) -> None:
    case = seed_case(world.deps)
    right = seed_code(world.deps, case)
    wrong = seed_code(world.deps, seed_case(world.deps))
    settings, deps = world.parts[PUBLIC]
    late = KeyRing(_CountedKms(), "p", deps.keys._secrets, lambda: 1.0)  # type: ignore[attr-defined]  # noqa: SLF001
    seen: list[Seen] = []
    for code in (right, wrong):
        visitor = world.visitor()
        visitor.get("/case/open")
        visitor.app = create_app(PUBLIC, lambda: (settings, replace(deps, keys=late)))
        seen.append(visitor.post("/case/open", reference=case.reference, code=code))
    assert [each.status for each in seen] == [503, 503]
    assert list(seen[0].headers) == list(seen[1].headers)

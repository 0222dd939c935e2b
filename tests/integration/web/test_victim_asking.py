"""Asking the officer: the words arrive once, whatever was in them, or they come back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import pytest

from chalicelib.domain.errors import StoreUnavailableError
from tests.builders import OFFICER, seed_case, seed_update
from tests.integration.web.victim_steps import DeafLedger, answer, ask, ledger_is, store_is_silent
from tests.pages import Visitor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from tests.integration.conftest import World
    from tests.pages import Seen

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "svg": "<svg onload=alert(1)><image href=x onerror=alert(2)></svg>",
    "end of the box": "</textarea></main><h1>Not us</h1>",
    "template": "{{ 7*7 }} {% include 'x' %} ${7*7} #{7*7} {{ deps }}",
    "bidi": "safe \u202e txet desrever \u2066 isolate \u2069 \u200f עברית",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 1000,
    "5,000 emoji": "\U0001f496" * 5000,
    "quotes": "\"'`><=&amp;&lt;&#x3c;",
    "breaks": "\nfirst line is empty\n\n  spaces stay  \ttab\n",
    "formula": '=HYPERLINK("https://elsewhere.example")',
    "zero width": "a\u200bb\ufeffc",
    "headers": "x\r\nSet-Cookie: hub=stolen",
}


def _box(seen: Seen, identity: str = "f-message") -> str:
    box = next(e for e in seen.tree.iter("textarea") if e.get("id") == identity)
    return box.text or ""


def _words(seen: Seen) -> list[str]:
    return [_lines(e) for e in seen.tree.iter("div") if "hub-words" in e.get("class", "")]


def _lines(element: Element) -> str:
    """Return the words of an element; its line breaks stand for those that were typed."""
    breaks = ("\n" + (e.tail or "") for e in element if e.tag == "br")
    return (element.text or "") + "".join(breaks)


def test_the_form_says_who_answers_by_when_and_what_it_is_not_for(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    seen = victim.get("/case/message")
    sentences = [
        "Ask PC Example. They answer by Wednesday 25 November 2026 (5 working days).",
        "Read in working hours only. In danger now? Call 999.",
        "Up to 5,000 characters",
    ]
    places = [seen.main.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert "Keep for later" in seen.main


def test_every_link_that_leaves_the_form_opens_in_a_new_tab_and_says_so(world: World) -> None:
    seen = world.victim(seed_case(world.deps)).get("/case/message")
    # Leaving at once is what the exit controls are for.
    links = [
        a for a in seen.tree.iter("a") if a.get("href") not in ("#main", "#f-message", "/case/exit")
    ]
    assert links
    for link in links:
        assert link.get("target") == "_blank", link.attrib
        assert "(opens in a new tab)" in "".join(link.itertext())


def test_a_question_is_confirmed_with_receipt_date_and_the_line_for_danger(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get("/case/message")
    with world.watched() as calls:
        sent = victim.post("/case/message", message="When will I hear from you?")
    assert (sent.status, sent.location) == (303, "/case/message/1")
    assert calls.dynamodb == 4
    assert calls.names["TransactWriteItems"] == 1
    seen = victim.follow()
    receipt = world.deps.threads.read(case.victim).threads[0].receipt
    for sentence in (
        "We have it",
        "Your question reached PC Example's list.",
        "The answer will be here by Wednesday 25 November 2026.",
        f"{receipt[:4]} {receipt[4:]}",
        "You do not need to keep this.",
        "In danger now? Call 999.",
    ):
        assert sentence in seen.main
    assert any(b.get("data-print") for b in seen.tree.iter("span"))


def test_a_question_after_five_counts_from_the_next_working_day(world: World) -> None:
    world.clock.moment = world.clock.moment.replace(day=20, hour=17, minute=1)
    case = seed_case(world.deps)
    victim = world.victim(case)
    assert "by Monday 30 November 2026" in victim.get("/case/message").main
    ask(victim, "On a Friday evening?")
    main = victim.get("/case/thread/1").main
    assert (
        "Monday 30 November 2026 (5 working days, counted from Monday 23 November 2026; our "
        "standard)" in main
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_stand_on_every_page_as_they_were_typed(world: World, text: str) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    as_stored = text.replace("\r\n", "\n")
    ask(victim, text, keep="yes")
    assert _box(victim.get("/case/message")) == as_stored
    assert ask(victim, text).status == 303
    answer(world, case.victim, 1, text)
    seed_update(world.deps, case, text)
    assert _words(victim.get("/case/thread/1")) == [as_stored, as_stored]
    assert as_stored in _words(victim.get("/case"))


def test_what_no_page_can_hold_is_marked_and_the_rest_is_stored(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = victim.get("/case/message").fields("/case/message")
    fields = {**form, "message": "a\x00b\x07c\ufffed\x9be"}
    assert victim.send("/case/message", fields).status == 303
    assert _words(victim.get("/case/thread/1")) == ["a\ufffdb\ufffdc\ufffdd\ufffde"]


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n"])
def test_an_empty_question_is_asked_for_in_words(world: World, text: str) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get("/case/message")
    seen = victim.post("/case/message", message=text)
    assert seen.status == 400
    assert "Write your question in the box, then press Send." in seen.main
    assert not world.deps.threads.read(case.victim).threads


@pytest.mark.parametrize(("length", "words"), [(5001, "1 character too"), (9000, "4,000 char")])
def test_a_question_over_the_limit_keeps_every_word_and_says_how_many_are_too_many(
    world: World, length: int, words: str
) -> None:
    victim = world.victim(seed_case(world.deps))
    victim.get("/case/message")
    text = "\U0001f496" * length
    with world.watched() as calls:
        seen = victim.post("/case/message", message=text)
    assert calls.dynamodb == 4
    assert seen.status == 400
    assert words in seen.main
    assert _box(seen) == text
    shorter = victim.post("/case/message", message=text[:5000])
    assert shorter.location == "/case/message/1"


def test_line_breaks_count_as_one_character(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    assert ask(victim, "\r\n" * 4999 + "x").status == 303


def test_the_same_form_sent_again_leads_to_the_same_confirmation(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get("/case/message").fields("/case/message"), "message": "Once?"}
    assert [victim.send("/case/message", form).location for _ in range(3)] == [
        "/case/message/1",
        "/case/message/1",
        "/case/message/1",
    ]
    assert len(world.deps.threads.read(case.victim).threads) == 1


def test_20_posts_of_one_form_at_once_store_one_question(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get("/case/message").fields("/case/message"), "message": "Once?"}

    def post(_: int) -> Seen:
        browser = Visitor(world.public, cookies=dict(victim.cookies))
        return browser.send("/case/message", form)

    _ = world.public.parts
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(post, range(20)))
    assert {(a.status, a.location) for a in answers} == {(303, "/case/message/1")}
    assert len(world.deps.threads.read(case.victim).threads) == 1


@pytest.mark.parametrize("key", ["", "x" * 65, "../../victim#door", "a key", "é"])
def test_a_form_key_that_is_not_ours_is_not_used(world: World, key: str) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = victim.get("/case/message").fields("/case/message")
    fields = {**form, "form_key": key, "message": "Stored?"}
    assert victim.send("/case/message", fields).location == "/case/message/1"
    assert victim.send("/case/message", fields).location == "/case/message/2"


def test_a_victim_reaching_for_anothers_question_finds_nothing(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    stranger = world.victim(seed_case(world.deps))
    first, second = world.victim(case, "A"), world.victim(case, "B")
    form = {**first.get("/case/message").fields("/case/message"), "message": "From the first"}
    first.send("/case/message", form)
    receipt = world.deps.threads.read(case.victims["A"]).threads[0].receipt
    for other in (second, stranger):
        for path in ("/case/thread/1", "/case/message/1"):
            seen = other.get(path)
            assert seen.status == 404
            assert receipt[:4] + " " + receipt[4:] not in seen.main
        own = other.get("/case/message").fields("/case/message")
        # Somebody else's form key stores a question of their own and shows nothing of the other.
        fields = {**own, "form_key": form["form_key"], "message": "From somebody else"}
        with world.watched() as calls:
            assert other.send("/case/message", fields).location == "/case/message/1"
        assert case.victims["A"] not in calls.text()
        assert "From the first" not in other.get("/case/thread/1").body
    assert len(world.deps.threads.read(case.victims["A"]).threads) == 1


@pytest.mark.parametrize("number", ["2", "0", "-1", "01", "1.0", "9999", "99999", "x", "%20", "١"])
@pytest.mark.parametrize("page", ["/case/thread", "/case/message"])
def test_a_question_that_is_not_there_is_not_found(world: World, page: str, number: str) -> None:
    victim = world.victim(seed_case(world.deps))
    ask(victim, "The only one")
    assert victim.get(f"{page}/{quote_plus(number, safe='%')}").status == 404


def test_a_thread_shows_question_answer_and_their_times(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "When will I hear from you?")
    before = victim.get("/case/thread/1").main
    assert "Seen by the officer Not yet Answered Not yet" in before
    answer(world, case.victim, 1, "Next week.")
    after = victim.get("/case/thread/1").main
    assert "Sent Wednesday 18 November 2026 at 9:30am" in after
    assert "Seen by the officer Wednesday 18 November 2026 at 9:30am" in after
    assert "Answered Wednesday 18 November 2026 at 9:40am" in after
    assert after.index("When will I hear from you?") < after.index("PC Example answered")
    assert "Next week." in after


def test_a_late_answer_says_so_on_its_own_page(world: World) -> None:
    case = seed_case(world.deps)
    ask(world.victim(case), "When will I hear from you?")
    world.clock.forward(days=8)
    assert "We are late." in world.victim(case).get("/case/thread/1").main


def test_a_question_that_could_not_be_stored_stays_in_the_box_and_is_stored_once_by_trying_again(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get("/case/message").fields("/case/message"), "message": "Not <lost>"}
    with store_is_silent(world, victim):
        seen = victim.send("/case/message", form)
    assert seen.status == 503
    assert "Your question was not sent." in seen.main
    assert "101" in seen.main
    assert _box(seen) == "Not <lost>"
    assert seen.fields("/case/message")["form_key"] == form["form_key"]
    assert victim.post("/case/message").location == "/case/message/1"
    assert victim.send("/case/message", form).location == "/case/message/1"
    assert len(world.deps.threads.read(case.victim).threads) == 1


def test_when_nobody_can_say_whether_it_was_stored_the_page_says_so_and_again_stores_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise StoreUnavailableError

    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get("/case/message")
    with ledger_is(world, DeafLedger(world), victim), monkeypatch.context() as patch:
        patch.setattr(type(world.deps.threads), "read_form", silent)
        seen = victim.post("/case/message", message="Did you find it?")
    assert seen.status == 503
    assert "We cannot say whether your question reached us: please send it again." in seen.main
    assert "was not sent" not in seen.main
    assert _box(seen) == "Did you find it?"
    assert victim.post("/case/message").location == "/case/message/1"
    assert len(world.deps.threads.read(case.victim).threads) == 1


def test_words_that_could_not_be_kept_stay_in_the_box(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    form = victim.get("/case/message").fields("/case/message")
    with store_is_silent(world, victim):
        seen = victim.send("/case/message", {**form, "message": "half", "keep": "yes"})
    assert seen.status == 503
    assert "Your words were not kept." in seen.main
    assert _box(seen) == "half"


def test_the_officer_finds_the_question_as_a_promise(world: World) -> None:
    case = seed_case(world.deps)
    ask(world.victim(case), "Who reads this?")
    rows = world.deps.threads.open_of_owner(OFFICER.id, after=None, limit=100_000).promises
    assert [row.reference for row in rows if row.victim == case.victim] == [case.reference]

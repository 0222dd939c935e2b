"""Safe mode, what the page hides, and how hard news is heard, on the victim's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.services.keep_safety import note_hearing, turn_on
from chalicelib.services.leave_case import record_left
from tests.builders import seed_case, seed_update
from tests.integration.services.safety_steps import WHY, confirms_off, is_safe, safety_of, wishes
from tests.integration.services.staff_steps import staff
from tests.integration.web.victim_steps import (
    answer,
    ask,
    page,
    record_outcome,
    store_is_silent,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

PAGE, HISTORY, NEWS = "/case/safety", "/case/safety/history", "/case/safety/news"
STAYS_ON = "It stays on until your officer has talked with you."
LINE = "Do not wait for this page to know if you are safe."
QUESTION, ANSWER, UPDATE = "May I have my keys back?", "Yes, on Friday.", "We read the letters."


@pytest.fixture
def case(world: World) -> SeededCase:
    """Return a case that is not in safe mode."""
    return seed_case(world.deps)


@pytest.fixture
def abuse(world: World) -> SeededCase:
    """Return a case that is in safe mode by its flag."""
    return seed_case(world.deps, flags=("domestic_abuse",))


def _said(world: World, case: SeededCase) -> Visitor:
    """Let something be said in a case, and return the browser of its victim."""
    victim = world.victim(case)
    ask(victim, QUESTION)
    answer(world, case.victim, 1, ANSWER)
    seed_update(world.deps, case, UPDATE)
    return victim


def _outside_details(seen: Seen) -> str:
    """Return the words that are seen before anything is opened."""

    def words(element: Element) -> str:
        inside = "".join(words(child) + (child.tail or "") for child in element)
        if element.tag == "details":
            return words(next(element.iter("summary")))
        return (element.text or "") + inside

    return " ".join(words(next(seen.tree.iter("main"))).split())


def _press(victim: Visitor, path: str, **fields: str) -> Seen:
    victim.get(PAGE)
    return victim.post(path, **fields)


# --- safe mode


def test_the_page_is_found_from_the_case_and_its_name_says_nothing(
    world: World, case: SeededCase
) -> None:
    victim = world.victim(case)
    links = {"".join(a.itertext()): a.get("href") for a in victim.get("/case").tree.iter("a")}
    assert links["Settings for this page"] == PAGE
    with world.watched() as calls:
        seen = victim.get(PAGE)
    assert calls.dynamodb == 4
    assert seen.main.startswith("Your settings")


def test_it_is_turned_on_at_once(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    assert "Safe mode is off." in victim.get(PAGE).main
    assert LINE not in victim.get("/case").main
    with world.watched() as calls:
        sent = _press(victim, PAGE, safe_mode="on")
    assert (sent.status, sent.location) == (303, f"{PAGE}?done=on")
    # The page before and this one.
    assert calls.dynamodb == 8
    seen = victim.follow()
    assert "Safe mode is on. It holds from now on." in seen.main
    assert LINE in seen.main
    assert is_safe(world, case)


def test_a_form_that_says_nothing_turns_it_on(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    assert _press(victim, PAGE).location == f"{PAGE}?done=on"
    assert is_safe(world, case)


def test_off_waits_for_a_talk_and_can_be_taken_back(world: World, abuse: SeededCase) -> None:
    victim = world.victim(abuse)
    assert _press(victim, PAGE, safe_mode="off").location == f"{PAGE}?done=off"
    seen = victim.follow()
    assert "Safe mode is on." in seen.main
    assert STAYS_ON in seen.main
    assert "You asked on Wednesday 18 November 2026." in seen.main
    assert is_safe(world, abuse)
    _press(victim, PAGE, safe_mode="on")
    assert STAYS_ON not in victim.get(PAGE).main


def test_once_it_is_confirmed_every_page_is_as_without_it(world: World, abuse: SeededCase) -> None:
    victim = _said(world, abuse)
    wishes(world, abuse, on=False)
    assert LINE in victim.get("/case").main
    confirms_off(world, abuse)
    assert "Safe mode is off." in victim.get(PAGE).main
    assert WHY not in victim.get(PAGE).main
    seen = victim.get("/case")
    assert LINE not in seen.main
    assert UPDATE in _outside_details(seen)


def test_whoever_wants_to_hear_nothing_more_is_told_whom_to_call(
    world: World, abuse: SeededCase
) -> None:
    record_left(world.deps, staff(world), abuse.key, abuse.victim, "by phone")
    victim = world.victim(abuse)
    _press(victim, PAGE, safe_mode="off")
    assert "so call 101 and ask for the officer in your case." in victim.get(PAGE).main


def test_in_safe_mode_what_was_said_stays_folded_until_it_is_opened(
    world: World, case: SeededCase
) -> None:
    victim = _said(world, case)
    before = _outside_details(victim.get("/case"))
    for words in (QUESTION, UPDATE):
        assert words in before
    wishes(world, case, on=True)
    seen = victim.get("/case")
    folded = _outside_details(seen)
    for words in (QUESTION, UPDATE, "Answered on"):
        assert words not in folded
        assert words in seen.main
    assert "1 update, Wednesday 18 November 2026" in folded
    assert "1 question, Wednesday 18 November 2026" in folded
    assert all(each.get("open") is None for each in seen.tree.iter("details"))


def test_of_several_the_line_says_how_many_and_from_when_the_newest_is(
    world: World, abuse: SeededCase
) -> None:
    victim = _said(world, abuse)
    world.clock.forward(hours=48)
    seed_update(world.deps, abuse, "We wrote to the shop.")
    victim = world.victim(abuse)
    ask(victim, "And when?")
    folded = _outside_details(victim.get("/case"))
    assert "2 updates, the newest from Friday 20 November 2026" in folded
    assert "2 questions, the newest from Friday 20 November 2026" in folded
    folded = _outside_details(victim.get("/case?older=2"))
    assert "1 question, Wednesday 18 November 2026" in folded
    assert QUESTION not in folded


def test_in_safe_mode_a_receipt_says_not_to_keep_it(world: World, abuse: SeededCase) -> None:
    victim = world.victim(abuse)
    ask(victim, QUESTION)
    sent = victim.follow()
    assert "Do not keep this. Do not write it down" in sent.main
    assert "You do not need to keep this." not in sent.main
    assert "data-print" not in sent.body
    assert "Do not keep this receipt." in victim.get("/case/thread/1").main


def test_without_safe_mode_a_receipt_may_be_kept_and_printed(
    world: World, case: SeededCase
) -> None:
    victim = world.victim(case)
    ask(victim, QUESTION)
    sent = victim.follow()
    assert "You do not need to keep this." in sent.main
    assert "data-print" in sent.body
    assert "Do not keep" not in victim.get("/case/thread/1").main


def test_every_page_of_a_case_in_safe_mode_has_the_line_and_names_no_crime(
    world: World, case: SeededCase
) -> None:
    rules, victim = world.deps.rules, _said(world, case)
    turn_on(world.deps, staff(world), case.key, case.victim)
    for path in (
        *("/case", "/case?older=9", "/case/thread/1", "/case/message", "/case/message/1", PAGE),
        *("/case/needs", "/case/contact", "/case/contact/change", "/case/support", "/case/rhythm"),
        *("/case/measures", "/case/code"),
    ):
        seen = victim.get(path)
        assert seen.status == 200, path
        assert LINE in seen.main, path
        assert rules.crime_type("burglary").label.lower() not in seen.body.lower(), path


# --- what was said before


def test_what_was_said_is_taken_off_the_page_and_what_is_owed_stays(
    world: World, case: SeededCase
) -> None:
    victim = _said(world, case)
    ask(victim, "And when?")
    assert _press(victim, HISTORY, history="hide").location == f"{PAGE}?done=history"
    for path in ("/case", "/case?older=2"):
        with world.watched() as calls:
            seen = victim.get(path)
        assert calls.dynamodb == 4
        for words in (QUESTION, UPDATE, "Answered on", "Kept so far", "/case/thread/"):
            assert words not in seen.body, (path, words)
        assert "You chose not to see them here." in seen.main
    main = victim.get("/case").main
    assert "An answer to your question" in main
    assert world.deps.rules.stages["investigating"].label in main


def test_a_button_shows_it_for_that_one_time_and_changes_nothing(
    world: World, case: SeededCase
) -> None:
    victim = _said(world, case)
    _press(victim, HISTORY, history="hide")
    before = safety_of(world, case)
    victim.get("/case")
    with world.watched() as calls:
        seen = victim.post("/case")
    assert (seen.status, calls.dynamodb) == (200, 4)
    for words in (QUESTION, UPDATE, "Answered on"):
        assert words in seen.main
    assert safety_of(world, case) == before
    assert QUESTION not in victim.get("/case").body
    victim.get("/case?older=2")
    assert QUESTION in victim.post("/case?older=2").main


def test_hidden_nothing_reads_as_hidden_words_do(world: World) -> None:
    pages = []
    for text in ("", UPDATE):
        case = seed_case(world.deps)
        victim = world.victim(case)
        _press(victim, HISTORY, history="hide")
        if text:
            seed_update(world.deps, case, text)
        pages.append(victim.get("/case").main)
    assert pages[0] == pages[1]


def test_it_comes_back_to_the_page(world: World, case: SeededCase) -> None:
    victim = _said(world, case)
    _press(victim, HISTORY, history="hide")
    _press(victim, HISTORY, history="show")
    assert QUESTION in victim.get("/case").main


def test_shown_this_time_it_is_still_folded_in_safe_mode(world: World, abuse: SeededCase) -> None:
    victim = _said(world, abuse)
    _press(victim, HISTORY, history="hide")
    victim.get("/case")
    seen = victim.post("/case")
    assert UPDATE in seen.main
    assert UPDATE not in _outside_details(seen)


# --- hard news


def test_who_never_chose_hears_from_a_person_and_reads_what_each_choice_means(
    world: World, case: SeededCase
) -> None:
    seen = world.victim(case).get(PAGE)
    assert "You have not chosen yet. Until you do, a person tells you first." in seen.main
    assert seen.fields(NEWS)["hears"] == "person"
    for words in (
        "From a person first",
        "If we tried 3 times on 2 days and did not reach you",
        "From a person, and here if nobody could reach me by the day",
        "Here at once",
        "alone and at any hour, with nobody to ask",
    ):
        assert words in seen.main


def test_how_to_hear_it_is_chosen_and_stands_there(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    assert _press(victim, NEWS, hears="person_then_here").location == f"{PAGE}?done=news"
    seen = victim.follow()
    assert "Saved. It holds from now on." in seen.main
    assert "What is marked here was said on Wednesday 18 November 2026." in seen.main
    assert seen.fields(NEWS)["hears"] == "person_then_here"
    assert safety_of(world, case).hears == "person_then_here"


def test_a_choice_that_is_none_says_what_to_do(world: World, case: SeededCase) -> None:
    seen = _press(world.victim(case), NEWS, hears="by text")
    assert seen.status == 400
    assert "Choose one of these, then press Save." in seen.main
    assert safety_of(world, case).version == 0


def test_whoever_noted_it_is_not_named(world: World, case: SeededCase) -> None:
    note_hearing(world.deps, staff(world), case.key, case.victim, "here", 0)
    seen = world.victim(case).get(PAGE)
    assert "What is marked here was said on" in seen.main
    assert "PC Example" not in seen.main


# --- who was first, and what nobody may find


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (PAGE, {"safe_mode": "off"}),
        (HISTORY, {"history": "hide"}),
        (NEWS, {"hears": "person_then_here"}),
    ],
)
def test_what_changed_meanwhile_is_shown_and_nothing_is_stored(
    world: World, abuse: SeededCase, path: str, fields: dict[str, str]
) -> None:
    victim = world.victim(abuse)
    victim.get(PAGE)
    note_hearing(world.deps, staff(world), abuse.key, abuse.victim, "here", 0)
    seen = victim.post(path, **fields)
    assert seen.status == 409
    assert "This changed while you had the page open" in seen.main
    assert "Nothing was saved." in seen.main
    assert safety_of(world, abuse).version == 1
    assert victim.post(path, **fields).status == 303


def test_when_the_store_is_silent_nothing_is_changed(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    victim.get(PAGE)
    with store_is_silent(world, victim):
        assert victim.post(PAGE, safe_mode="on").status == 503
    assert not is_safe(world, case)


def test_news_that_waits_changes_nothing_on_the_page(world: World, case: SeededCase) -> None:
    victim = _said(world, case)
    _press(victim, HISTORY, history="hide")
    before = {path: page(victim, path) for path in (PAGE, "/case")}
    record_outcome(world, case, "no_suspect_found")
    assert {path: page(victim, path) for path in (PAGE, "/case")} == before


def test_no_page_shows_when_they_looked(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    world.clock.forward(minutes=7)
    for path in ("/case", PAGE, "/case/contact"):
        assert "looked" not in victim.get(path).body.lower(), path

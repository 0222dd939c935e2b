"""What might help: for anybody, nothing kept, nothing in the address, nothing promised."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from chalicelib.rules.measures import load_measures
from chalicelib.services.victim_sessions import session_key
from tests.builders import seed_case

if TYPE_CHECKING:
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

PAGE = "/what-might-help"
ADD = "/case/measures/add"
# A man with epilepsy who cannot go to court, and who is afraid to be in the same room.
EPILEPSY = {
    "age": ["adult"],
    "health": ["illness"],
    "feeling": ["afraid"],
    "person": ["not_see"],
    "journey": ["cannot_come"],
}


def answered(visitor: Visitor, **answers: list[str]) -> Seen:
    """Open the questions and send these answers as a browser does."""
    visitor.get(PAGE)
    return again(visitor, **answers)


def again(visitor: Visitor, **answers: list[str]) -> Seen:
    """Send these answers from the page that is shown."""
    return visitor.post(PAGE, form=None, **answers)


def offered(seen: Seen) -> list[str]:
    """Return the keys of the boxes that can be ticked, in the order of the page."""
    boxes = [box for box in seen.tree.iter("input") if box.get("type") == "checkbox"]
    return [box.get("value", "") for box in boxes if box.get("name") == "measure"]


def chosen(seen: Seen) -> set[str]:
    boxes = [box for box in seen.tree.iter("input") if box.get("checked") is not None]
    return {box.get("value", "") for box in boxes}


def test_anybody_may_answer_and_no_store_is_asked(world: World) -> None:
    with world.watched() as calls:
        seen = world.visitor().get(PAGE)
    assert seen.status == 200
    assert not calls.seen
    assert seen.main.startswith("What might help")
    assert "We keep nothing of what you choose." in seen.main


def test_the_list_asks_only_whether_a_case_is_open(world: World) -> None:
    visitor = world.visitor()
    visitor.get(PAGE)
    with world.watched() as calls:
        seen = again(visitor, **EPILEPSY)
    assert seen.status == 200
    assert calls.names == {"GetItem": 1}


def test_a_form_without_our_cookie_asks_no_store_and_says_how_to_go_on(world: World) -> None:
    visitor = world.visitor()
    visitor.get(PAGE)
    visitor.cookies.clear()
    with world.watched() as calls:
        seen = again(visitor, **EPILEPSY)
    assert not calls.seen
    assert seen.status == 403
    assert "answer the questions again" in seen.main
    assert any(link.get("href") == PAGE for link in seen.tree.iter("a"))


def test_somebody_too_ill_to_come_reads_what_comes_instead_first(world: World) -> None:
    seen = answered(world.visitor(), **EPILEPSY)
    assert offered(seen)[:3] == ["link_elsewhere", "agreed_statement", "unfit_statement"]
    assert "screen" not in offered(seen)
    headings = ["".join(each.itertext()) for each in seen.tree.iter("h2")]
    assert headings[:3] == ["Instead of coming to court", "When you give evidence", "Also useful"]


def test_each_thing_says_why_what_it_is_like_and_who_decides(world: World) -> None:
    seen = answered(world.visitor(), person=["not_see"], questions=["pauses"])
    assert offered(seen) == ["screen", "live_link", "supporter", "separate_entrance", "breaks"]
    for section in seen.tree.iter("section"):
        words = "".join(section.itertext())
        assert all(said in words for said in ("Why:", "What it is like:", "Who decides:"))
    assert "The court decides" in seen.main


def test_nothing_chosen_is_said_beside_the_first_question(world: World) -> None:
    seen = answered(world.visitor())
    assert seen.status == 400
    assert "Choose at least one answer" in seen.main
    assert any(link.get("href") == "#f-age" for link in seen.tree.iter("a"))
    assert any(each.get("id") == "f-age-error" for each in seen.tree.iter())


def test_the_answers_can_be_changed_and_all_are_still_there(world: World) -> None:
    visitor = world.visitor()
    answered(visitor, age=["adult"], health=["illness", "deaf"], crime=["domestic_abuse"])
    assert visitor.seen is not None
    hidden = [
        (box.get("name"), box.get("value"))
        for box in visitor.seen.tree.iter("input")
        if box.get("type") == "hidden" and box.get("name") in load_measures().questions
    ]
    assert hidden == [
        ("age", "adult"),
        ("health", "illness"),
        ("health", "deaf"),
        ("crime", "domestic_abuse"),
    ]
    fields: dict[str, list[str]] = {}
    for name, value in hidden:
        fields.setdefault(str(name), []).append(str(value))
    seen = again(visitor, **fields, change=["yes"])
    assert seen.status == 200
    assert chosen(seen) == {"adult", "illness", "deaf", "domestic_abuse"}
    assert again(visitor, **fields).status == 200


def test_what_cannot_be_chosen_counts_for_nothing(world: World) -> None:
    visitor = world.visitor()
    odd = {"age": ["under_18", "adult"], "health": ["not_see", "<b>"], "never": ["asked"]}
    seen = answered(visitor, **odd)
    assert "screen" in offered(seen)
    assert "<b>" not in seen.body
    assert answered(visitor, health=["not_see", "<b>"]).status == 400


def test_nothing_of_what_was_chosen_is_in_an_address_a_cookie_or_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = world.visitor()
    visitor.never_in_addresses = ["domestic_abuse", "illness", "cannot_come"]
    seen = answered(visitor, **EPILEPSY, crime=["domestic_abuse"])
    assert not seen.cookies
    for secret in visitor.never_in_addresses:
        assert secret not in caplog.text
        assert secret not in str(visitor.cookies)
    assert "data-private" in seen.body


@pytest.mark.parametrize("crime", ["sexual", "domestic_abuse", "slavery", "weapon"])
def test_title_and_heading_name_no_crime(world: World, crime: str) -> None:
    seen = answered(world.visitor(), crime=[crime])
    (title,) = ("".join(each.itertext()).strip() for each in seen.tree.iter("title"))
    assert title == "Worth asking for"


@pytest.mark.parametrize("question", list(load_measures().questions))
def test_no_answer_leads_to_a_promise(world: World, question: str) -> None:
    rules = load_measures()
    keys = [row.key for row in rules.answers_to(question)]
    seen = answered(world.visitor(), **{question: keys})
    for promise in ("you will", "entitled", "right to", "guarantee"):
        assert promise not in seen.main.lower()


def test_who_finds_nothing_hard_is_told_that_they_can_still_ask(world: World) -> None:
    seen = answered(world.visitor(), age=["adult"], feeling=["calm"])
    assert offered(seen) == []
    assert "You can ask for help at any time, in your own words." in seen.main


def test_without_a_case_the_list_says_whom_to_take_it_to(world: World) -> None:
    seen = answered(world.visitor(), **EPILEPSY)
    assert not seen.has_form(ADD)
    assert "Take this list to your officer" in seen.main


def test_with_a_case_open_the_ticked_ones_are_sent_by_one_press(world: World) -> None:
    visitor = world.victim(seed_case(world.deps))
    seen = answered(visitor, **EPILEPSY)
    assert seen.has_form(ADD)
    fields = seen.fields(ADD)
    assert set(fields) == {"csrf_token", "form_key"}
    form = next(form for form in seen.tree.iter("form") if form.get("action") == ADD)
    boxes = [box for box in form.iter("input") if box.get("name") == "measure"]
    assert [box.get("value") for box in boxes] == offered(seen)
    assert len({box.get("id") for box in boxes}) == len(boxes)


def test_when_the_case_was_closed_meanwhile_the_list_is_shown_all_the_same(world: World) -> None:
    visitor = world.victim(seed_case(world.deps))
    visitor.get(PAGE)
    world.clock.forward(minutes=16)
    seen = again(visitor, **EPILEPSY)
    assert seen.status == 200
    assert not seen.has_form(ADD)
    assert "Take this list to your officer" in seen.main


def test_looking_for_help_does_not_prolong_the_session_or_write_who_looked(world: World) -> None:
    case = seed_case(world.deps)
    visitor = world.victim(case)
    before = world.deps.access.session(session_key(visitor.cookies["hub"]))
    world.clock.forward(minutes=1)
    answered(visitor, **EPILEPSY)
    assert world.deps.access.session(session_key(visitor.cookies["hub"])) == before


def test_a_long_list_begins_with_its_names_and_a_short_one_does_not(world: World) -> None:
    seen = answered(world.visitor(), **EPILEPSY)
    links = [link.get("href", "") for link in seen.tree.iter("a")]
    # An address stays in the browser's history: these are numbers and name nothing.
    names = [f"#ask-{number}" for number, _ in enumerate(offered(seen), start=1)]
    assert [link for link in links if link.startswith("#ask")] == names
    ids = {each.get("id") for each in seen.tree.iter()}
    assert {name[1:] for name in names} <= ids
    seen = answered(world.visitor(), questions=["pauses"])
    assert offered(seen) == ["breaks"]
    assert "On this list" not in seen.main

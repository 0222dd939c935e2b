"""The pages of somebody who works for a partner agency: their list, and one person at a time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreements import DATES, MEASURES, NEEDS
from chalicelib.domain.cases import TeamId
from chalicelib.domain.promises import TASK
from chalicelib.services.follow import open_of
from tests.builders import seed_case, seed_update
from tests.integration.partner_steps import (
    agency,
    agreed,
    has_hearing,
    has_measure,
    has_need,
    has_task,
    says_no,
    says_yes,
    supporter,
    with_partners,
)
from tests.integration.services.staff_steps import asked, file_of
from tests.integration.web.hostile_steps import token_of
from tests.integration.web.victim_steps import record_outcome, tell

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World as AnyWorld
    from tests.pages import Seen, Visitor

NOBODY_AGREED = "the person in it has not agreed that you see anything here"


@pytest.fixture
def world(world: AnyWorld) -> AnyWorld:
    """Both services with partner agencies of this test alone."""
    return with_partners(world)


def _desk(world: AnyWorld, identity: str = "juniper", name: str = "new_era") -> Visitor:
    row = agency(world, name)
    return world.desk(
        f"{identity}-{row.team}",
        role="partner",
        team=TeamId(row.team),
        name=f"{identity.title()} Example",
    )


def _full(world: AnyWorld) -> SeededCase:
    """Put a charged case of which there is everything, what is never shared among it."""
    case = seed_case(world.deps, victims=("V1", "V2"), crime_type="stalking_harassment")
    asked(world, case, "A private question")
    seed_update(world.deps, case, "A private update")
    tell(world, case, record_outcome(world, case, "charged"))
    has_need(world, case)
    has_hearing(world, case)
    has_measure(world, case, "screen", "applied")
    world.clock.forward(minutes=1)
    return case


def _address(case: SeededCase) -> str:
    return f"/support/{case.key}?victim={case.victim}"


def test_the_list_says_of_each_what_may_be_seen_and_until_when(world: AnyWorld) -> None:
    case, other = _full(world), seed_case(world.deps)
    says_yes(world, case)
    says_yes(world, other, MEASURES)
    seen = _desk(world).get("/")
    assert "People who agreed that New Era sees something of them here." in seen.main
    assert "People (2)" in seen.main
    rows = [" ".join("".join(li.itertext()).split()) for li in seen.tree.iter("li")]
    first, second = (row for row in rows if "You may see" in row)
    assert case.reference in first
    assert "Wednesday 9 December 2026" in first
    assert "Epilepsy" in first
    assert "needs, court dates, what may help at court. Until Thursday 18 November 2027" in first
    assert other.reference in second
    assert "No date at court here" in second
    assert "Epilepsy" not in second


def test_the_list_leads_to_the_page_of_a_person_and_to_nothing_else(world: AnyWorld) -> None:
    case = _full(world)
    says_yes(world, case)
    desk = _desk(world)
    has_task(world, case, supporter(world))
    seen = desk.get("/")
    links = {a.get("href", "").partition("#")[0] for a in seen.tree.iter("a")}
    assert links - {""} == {"/", _address(case)}
    assert not seen.has_form("/search")
    assert desk.get(_address(case)).status == 200


def test_what_somebody_is_to_do_stands_first(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    has_task(world, case, supporter(world))
    main = _desk(world).get("/").main
    assert main.index("What you are to do (1)") < main.index("People (1)")
    assert "Talk with them about what they need Talk about the screen" in main


def test_an_empty_list_says_how_people_come_into_it(world: AnyWorld) -> None:
    assert "Nobody has agreed at present. People agree on their own page" in (
        _desk(world).get("/").main
    )


def test_a_page_that_is_none_is_the_first_one(world: AnyWorld) -> None:
    says_yes(world, seed_case(world.deps))
    desk = _desk(world)
    for page in ("0", "-1", "x", ""):
        assert "People (1)" in desk.get(f"/?page={page}").main
    assert "The list ends before here." in desk.get("/?page=9").main


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        ({NEEDS}, {"What helps them", "Epilepsy"}),
        ({DATES}, {"Next date: Wednesday 9 December 2026, Example Crown Court"}),
        ({MEASURES}, {"A screen", "since Wednesday 18 November 2026"}),
    ],
    ids=lambda each: "-".join(sorted(each))[:12],
)
def test_a_person_is_shown_as_far_as_they_agreed(
    world: AnyWorld, scope: set[str], shown: set[str]
) -> None:
    case = _full(world)
    says_yes(world, case, *scope)
    main = _desk(world).get(_address(case)).main
    everything = {"Epilepsy", "Next date", "A screen", "What helps them"}
    for words in shown:
        assert words in main
    for words in everything:
        assert (words in main) == any(words in each or each in words for each in shown)


def test_nothing_that_is_never_shared_is_on_the_page(world: AnyWorld) -> None:
    case = _full(world)
    says_yes(world, case)
    seen = _desk(world).get(_address(case))
    for words in (
        "A private question",
        "A private update",
        "Victim V2",
        case.victims["V2"],
        "harass",
        "Charged",
    ):
        assert words not in seen.body
    assert "Officer in charge: PC Example, number 0001" in seen.main
    assert "They can see that you have read this." in seen.main


def test_the_victim_reads_that_the_agency_read_their_needs(world: AnyWorld) -> None:
    case = _full(world)
    says_yes(world, case, NEEDS)
    _desk(world).get(_address(case))
    assert "New Era" in world.victim(case).get("/case/needs").main


def test_a_view_is_written_changed_and_kept(world: AnyWorld) -> None:
    case, desk = seed_case(world.deps), _desk(world)
    says_yes(world, case)
    path = f"/support/{case.key}/view"
    desk.get(_address(case))
    answer = desk.post(path, text="A screen would help.")
    assert (answer.status, answer.location) == (303, f"{_address(case)}&done=view")
    seen = desk.follow()
    assert "Saved. It stands with the review before court." in seen.main
    assert "Last written by Juniper Example" in seen.main
    assert seen.fields(path)["text"] == "A screen would help."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Write what you want to be known."), ("x" * 2001, "It is 1 character too long")],
    ids=["empty", "long"],
)
def test_a_view_that_cannot_be_kept_is_still_there(
    world: AnyWorld, text: str, sentence: str
) -> None:
    case, desk = seed_case(world.deps), _desk(world)
    says_yes(world, case)
    path = f"/support/{case.key}/view"
    desk.get(_address(case))
    seen = desk.post(path, text=text)
    assert seen.status == 400
    assert sentence in seen.main
    assert seen.fields(path)["text"] == text
    assert agreed(world, case).view is None


def test_who_writes_after_a_colleague_sees_both(world: AnyWorld) -> None:
    case, one, two = seed_case(world.deps), _desk(world), _desk(world, "rose")
    says_yes(world, case)
    path = f"/support/{case.key}/view"
    one.get(_address(case))
    two.get(_address(case))
    one.post(path, text="A screen would help.")
    seen = two.post(path, text="A live link would help.")
    assert seen.status == 409
    assert "A colleague wrote while you were writing" in seen.main
    assert "A screen would help." in seen.main
    assert seen.fields(path)["text"] == "A live link would help."
    assert two.post(path, text="Either would help.").status == 303
    view = agreed(world, case).view
    assert view is not None
    assert view.text == "Either would help."


def _takes_on(desk: Visitor, case: SeededCase, **fields: str) -> Seen:
    desk.get(_address(case))
    return desk.post(f"/support/{case.key}/task", **fields)


def test_something_is_taken_on_and_marked_as_done(world: AnyWorld) -> None:
    case, desk = seed_case(world.deps), _desk(world)
    says_yes(world, case)
    answer = _takes_on(desk, case, task="talk", words="About breaks", due_on="27/11/2026")
    assert answer.location == f"{_address(case)}&done=task"
    seen = desk.follow()
    assert "Talk with them about what they need About breaks" in seen.main
    (task,) = open_of(file_of(world, case), TASK)
    assert task.due_on == date(2026, 11, 27)
    # The victim reads that it is done by when, and not what was written about it.
    main = world.victim(case).follow().main
    assert "Someone talks with you about what you need" in main
    assert "About breaks" not in main
    done = desk.post(f"/support/{case.key}/done")
    assert done.location == f"{_address(case)}&done=done"
    assert "Nothing at present." in desk.follow().main


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"task": ""}, "Choose what you will do."),
        ({"task": "made up"}, "Choose what you will do."),
        ({"task": "talk", "due_on": "yesterday"}, "is over. Write today or a later day."),
        ({"task": "talk", "due_on": "soon"}, "rite the day like"),
        ({"task": "talk", "due_on": "2030-01-01"}, "is after the last day that can be chosen"),
        ({"task": "talk", "words": "x" * 501}, "It is 1 character too long"),
    ],
)
def test_what_is_missing_of_a_task_is_said_and_the_rest_stays(
    world: AnyWorld, fields: dict[str, str], sentence: str
) -> None:
    case, desk = seed_case(world.deps), _desk(world)
    says_yes(world, case)
    path = f"/support/{case.key}/view"
    desk.get(_address(case))
    desk.post(path, text="Our view")
    seen = _takes_on(desk, case, **{"words": "My words", "due_on": "today", **fields})
    assert seen.status == 400
    assert sentence in seen.main
    form = seen.fields(f"/support/{case.key}/task")
    typed = {"words": "My words", "due_on": "today", **fields}
    assert (form["words"], form["due_on"]) == (typed["words"], typed["due_on"])
    # What was written elsewhere on the page is not lost by it.
    assert seen.fields(path)["text"] == "Our view"
    assert open_of(file_of(world, case), TASK) == []


def test_a_day_after_court_is_not_taken_and_what_was_typed_stays(world: AnyWorld) -> None:
    case, desk = _full(world), _desk(world)
    says_yes(world, case)
    seen = _takes_on(desk, case, task="talk", words="My words", due_on="2026-12-10")
    assert seen.status == 400
    assert "This is after the day at court. Write that day or one before it." in seen.main
    form = seen.fields(f"/support/{case.key}/task")
    assert (form["words"], form["due_on"]) == ("My words", "2026-12-10")
    assert open_of(file_of(world, case), TASK) == []


def test_before_a_charge_nothing_that_belongs_to_court_can_be_taken_on(world: AnyWorld) -> None:
    before, after = seed_case(world.deps), _full(world)
    for case in (before, after):
        says_yes(world, case)
    desk = _desk(world)
    words = "Offer a visit to the court before the day"
    assert words not in desk.get(_address(before)).main
    assert words in desk.get(_address(after)).main


def test_after_it_was_taken_back_every_press_shows_nothing(world: AnyWorld) -> None:
    case, desk = _full(world), _desk(world)
    says_yes(world, case)
    task = has_task(world, case, supporter(world))
    desk.get(_address(case))
    assert desk.seen is not None
    forms = {
        f"/support/{case.key}/{name}": desk.seen.fields(f"/support/{case.key}/{name}")
        for name in ("view", "task", "done")
    }
    says_no(world, case)
    seen = desk.get(_address(case))
    assert (seen.status, NOBODY_AGREED in seen.main) == (404, True)
    filled = {"text": "A view", "task": "talk", "promise": task.id}
    for path, fields in forms.items():
        sent = desk.send(path, {**fields, **filled})
        assert (sent.status, NOBODY_AGREED in sent.main) == (404, True), path
        assert "Epilepsy" not in sent.body
        assert case.reference not in sent.body
    assert "Nobody has agreed at present." in desk.get("/").main


def test_a_partner_without_agreement_finds_what_is_not_there(world: AnyWorld) -> None:
    case = _full(world)
    says_yes(world, case)
    desk = _desk(world, "linden", "isva")
    seen = desk.get(_address(case))
    missing = desk.get(f"/support/{'a' * 32}?victim={'b' * 32}")
    assert (seen.status, missing.status) == (404, 404)
    assert seen.body == missing.body


@pytest.mark.parametrize(
    "address",
    ["/support/x", "/support/{case}", "/support/{case}?victim=", "/support/{case}?victim=force"],
)
def test_an_address_that_can_be_none_is_not_there(world: AnyWorld, address: str) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    assert _desk(world).get(address.format(case=case.key)).status == 404


@pytest.mark.parametrize("role", ["officer", "supervisor", "witness_care", "administrator"])
def test_the_pages_of_partners_are_for_partners(world: AnyWorld, role: str) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    desk = world.desk(f"else-{role}", role=role)
    token = token_of(desk) if role != "administrator" else {}
    assert desk.get(_address(case)).status == 403
    if token:
        fields = {**token, "victim": case.victim, "text": "A view"}
        assert desk.send(f"/support/{case.key}/view", fields).status == 403

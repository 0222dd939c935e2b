"""A victim decides what a support service may see: one page, no box ticked, one press to stop."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreements import DATES, MEASURES, NEEDS, Terms
from chalicelib.services.agree import note_agreement
from tests.builders import seed_case
from tests.integration.partner_steps import agency, agreed, says_yes, with_partners
from tests.integration.services.staff_steps import file_of, staff
from tests.integration.web.victim_steps import page, record_outcome, store_is_silent, tell

if TYPE_CHECKING:
    from tests.integration.conftest import World as AnyWorld
    from tests.pages import Seen, Visitor

PAGE = "/case/support"


@pytest.fixture
def world(world: AnyWorld) -> AnyWorld:
    """Both services with partner agencies of this test alone."""
    return with_partners(world)


def _says(world: AnyWorld, victim: Visitor, *scope: str, **changed: str) -> Seen:
    """Send the form of New Era as a browser would."""
    key = agency(world).key
    token = victim.get(PAGE).fields(PAGE)["csrf_token"]
    fields = {
        "partner": key,
        "seen": _seen(victim, key),
        f"scope_{key}": list(scope),
        f"until_{key}": "long",
        f"day_{key}": "",
        "csrf_token": token,
    }
    return victim.send(PAGE, {**fields, **changed})


def _seen(victim: Visitor, key: str) -> str:
    """Return what the form of a service carries."""
    assert victim.seen is not None
    for form in victim.seen.tree.iter("form"):
        fields = {e.get("name"): e.get("value") for e in form.iter("input")}
        if fields.get("partner") == key and "seen" in fields:
            return fields["seen"] or ""
    raise AssertionError(key)


def test_the_page_says_what_is_shared_and_what_never_is_and_nothing_is_ticked(
    world: AnyWorld,
) -> None:
    victim = world.victim(seed_case(world.deps))
    with world.watched() as calls:
        seen = victim.get(PAGE)
    assert calls.dynamodb == 4
    for row in world.deps.rules.partners.values():
        assert row.name in seen.main
        assert row.what in seen.main
    for words in (
        "They never see your questions and answers, evidence or decisions about the case here",
        "Nothing is sent because of your choice.",
        "They see your reference, your officer's name (PC Example) and only what you tick.",
        "This list is the same for everyone",
        "They see nothing of you here.",
    ):
        assert words in seen.main
    ticked = [e for e in seen.tree.iter("input") if e.get("checked") is not None]
    assert ticked == []


def test_it_is_reached_from_the_case(world: AnyWorld) -> None:
    seen = world.victim(seed_case(world.deps)).follow()
    assert PAGE in {a.get("href") for a in seen.tree.iter("a")}


def test_in_safe_mode_no_service_is_said_to_be_for_a_crime(world: AnyWorld) -> None:
    victim = world.victim(seed_case(world.deps, crime_type="stalking_harassment"))
    main = victim.get(PAGE).main
    assert "Do not wait for this page" in main
    for word in ("abuse", "violence", "sexual", "stalking", "harass"):
        assert word not in main.lower()


def test_a_yes_is_stored_and_said_with_its_last_day(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get(PAGE)
    with world.watched() as calls:
        answer = _says(world, victim, NEEDS, DATES)
    assert (answer.status, answer.location) == (303, f"{PAGE}?done=saved")
    # The page before, and the press itself in four requests.
    assert calls.dynamodb == 8
    main = victim.follow().main
    assert "Saved." in main
    assert "You said yes on Wednesday 18 November 2026." in main
    assert "Until Thursday 18 November 2027 they can see: What helps you Your dates" in main
    assert agreed(world, case).scope == {NEEDS, DATES}


@pytest.mark.parametrize(
    ("until", "day", "last"),
    [
        ("short", "", date(2027, 2, 18)),
        ("day", "31/1/2027", date(2027, 1, 31)),
        ("day", "today", date(2026, 11, 18)),
        ("day", "2027-11-18", date(2027, 11, 18)),
    ],
)
def test_it_can_end_sooner(world: AnyWorld, until: str, day: str, last: date) -> None:
    case = seed_case(world.deps)
    key = agency(world).key
    sent = _says(world, world.victim(case), NEEDS, **{f"until_{key}": until, f"day_{key}": day})
    assert sent.status == 303
    assert agreed(world, case).until == last


@pytest.mark.parametrize(
    ("scope", "until", "day", "sentence"),
    [
        ([], "long", "", "Tick at least one thing that they may see."),
        (["messages"], "long", "", "Tick at least one thing that they may see."),
        ([NEEDS], "", "", "Choose until when."),
        ([NEEDS], "for ever", "", "Choose until when."),
        ([NEEDS], "day", "", "Write the day like 2027-03-31 or 31/3/2027."),
        ([NEEDS], "day", "soon", "Write the day like 2027-03-31 or 31/3/2027."),
        ([NEEDS], "day", "yesterday", "Tuesday 17 November 2026 is over."),
        ([NEEDS], "day", "2027-11-19", "Choose a day up to Thursday 18 November 2027"),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_the_rest_stays(
    world: AnyWorld, scope: list[str], until: str, day: str, sentence: str
) -> None:
    case, key = seed_case(world.deps), agency(world).key
    victim = world.victim(case)
    victim.get(PAGE)
    with world.watched() as calls:
        seen = _says(world, victim, *scope, **{f"until_{key}": until, f"day_{key}": day})
    assert calls.dynamodb == 8
    assert seen.status == 400
    errors = [e for e in seen.tree.iter("p") if e.get("class") == "hub-error"]
    assert [sentence in "".join(e.itertext()) for e in errors] == [True]
    shown = {e.get("name"): e.get("value") for e in seen.tree.iter("input")}
    assert shown[f"day_{key}"] == day
    ticked = {e.get("value") for e in seen.tree.iter("input") if e.get("checked") is not None}
    assert ticked == {*scope, until} - {"messages", "", "for ever"}
    # The form that was sent is open; the others are not.
    opened = [d.get("open") is not None for d in seen.tree.iter("details")]
    assert opened.count(True) == 1
    assert not file_of(world, case).agreements


def test_one_press_stops_it(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    victim = world.victim(case)
    seen = victim.get(PAGE)
    assert "Stop sharing with New Era" in seen.main
    # The first form of the page is that one.
    stop = {**seen.fields(PAGE), "stop": "yes"}
    with world.watched() as calls:
        answer = victim.send(PAGE, stop)
    assert (answer.status, answer.location) == (303, f"{PAGE}?done=stopped")
    assert calls.dynamodb == 4
    main = victim.follow().main
    assert "Stopped. They see nothing of you here any more." in main
    assert "You stopped this on Wednesday 18 November 2026. They see nothing of you here." in main
    assert "Stop sharing" not in main
    assert not agreed(world, case).holds(world.deps.today())


def test_one_that_ended_says_so_and_can_be_given_again(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    says_yes(world, case, until=world.deps.today())
    world.clock.forward(days=1)
    victim = world.victim(case)
    assert "This ended on Wednesday 18 November 2026." in victim.get(PAGE).main
    assert _says(world, victim, MEASURES).status == 303
    assert agreed(world, case).holds(world.deps.today())


def test_what_was_said_to_an_officer_names_them(world: AnyWorld) -> None:
    case, key = seed_case(world.deps), agency(world).key
    terms = Terms(frozenset({NEEDS}), date(2027, 1, 31))
    note_agreement(
        world.deps, staff(world), case.key, case.victim, key, terms, how="by phone", seen=""
    )
    main = world.victim(case).get(PAGE).main
    assert "You said yes to PC Example on Wednesday 18 November 2026." in main
    # How it came about is for staff.
    assert "by phone" not in main


def test_who_decided_upon_something_older_sees_what_stands_with_their_own_ticks(
    world: AnyWorld,
) -> None:
    case, key = seed_case(world.deps), agency(world).key
    victim = world.victim(case)
    victim.get(PAGE)
    terms = Terms(frozenset({DATES}), date(2027, 1, 31))
    note_agreement(
        world.deps, staff(world), case.key, case.victim, key, terms, how="by phone", seen=""
    )
    seen = _says(world, victim, NEEDS, MEASURES, seen="")
    assert seen.status == 409
    assert "This changed while you had the page open. Nothing was saved." in seen.main
    assert "You said yes to PC Example" in seen.main
    ticked = {e.get("value") for e in seen.tree.iter("input") if e.get("checked") is not None}
    assert ticked == {NEEDS, MEASURES, "long"}
    assert agreed(world, case).scope == {DATES}
    # Sent again from that page it holds.
    assert _says(world, victim, NEEDS, MEASURES).status == 303


def test_a_service_that_is_none_is_not_there(world: AnyWorld) -> None:
    victim = world.victim(seed_case(world.deps))
    assert _says(world, victim, NEEDS, partner="nobody").status == 404


def test_after_a_decision_it_can_still_be_decided(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    tell(world, case, record_outcome(world, case, "charged"))
    assert _says(world, world.victim(case), NEEDS).status == 303


def test_untold_news_leaves_no_trace_on_the_page(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    victim = world.victim(case)
    before = page(victim, PAGE)
    record_outcome(world, case, "charged")
    assert page(victim, PAGE) == before


def test_another_victim_of_the_case_sees_nothing_of_it(world: AnyWorld) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"))
    says_yes(world, case, label="V1")
    assert "You said yes" not in world.victim(case, "V2").get(PAGE).main


def test_nothing_is_said_to_be_stored_that_was_not(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get(PAGE)
    form = victim.seen
    assert form is not None
    key = agency(world).key
    fields = {**form.fields(PAGE), f"scope_{key}": NEEDS, f"until_{key}": "long"}
    with store_is_silent(world, victim):
        seen = victim.send(PAGE, fields)
    assert seen.status == 503
    assert not file_of(world, case).agreements


def test_who_is_not_signed_in_decides_nothing(world: AnyWorld) -> None:
    assert world.visitor().get(PAGE).status == 401

"""How often a victim hears: chosen on one small page, changed at any time, closed in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.promises import UPDATE
from chalicelib.services.choose_rhythm import agree_rhythm
from chalicelib.services.follow import open_of
from tests.builders import seed_case
from tests.integration.services.staff_steps import case_of, file_of, staff
from tests.integration.web.victim_steps import page, record_outcome, store_is_silent, tell

if TYPE_CHECKING:
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

PAGE = "/case/rhythm"


def _choose(victim: Visitor, rhythm: str) -> Seen:
    victim.get(PAGE)
    return victim.post(PAGE, rhythm=rhythm)


def test_who_was_never_asked_is_invited_to_choose(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    seen = victim.follow()
    links = {"".join(a.itertext()): a.get("href") for a in seen.tree.iter("a")}
    assert links["Choose how often we tell you how it is going"] == PAGE
    seen = victim.get(PAGE)
    assert "rhythm" not in seen.fields(PAGE)
    for row in world.deps.rules.rhythms.values():
        assert row.label in seen.main
    for sentence in (
        "Your choice",
        "Your choice sends nothing: no text, no e-mail, no letter.",
        "You can change your choice at any time.",
        "That is fine too.",
    ):
        assert sentence in seen.main


def test_the_choice_is_confirmed_with_the_next_day_and_stands_on_the_case(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get(PAGE)
    with world.watched() as calls:
        answer = victim.post(PAGE, rhythm="every_10")
    assert (answer.status, answer.location) == (303, "/case/rhythm/chosen")
    assert calls.dynamodb == 4
    assert calls.names["TransactWriteItems"] == 1
    with world.watched() as calls:
        seen = victim.follow()
    assert calls.dynamodb == 4
    assert "It is saved. You get an update every 10 working days." in seen.main
    assert "The next one is here by Wednesday 2 December 2026" in seen.main
    main = victim.get("/case").main
    line = "You get an update every 10 working days, as you chose on Wednesday 18 November 2026."
    assert line in main
    assert "10 working days from Wednesday 18 November 2026, as you chose." in main
    seen = victim.get(PAGE)
    assert line in seen.main
    assert seen.fields(PAGE)["rhythm"] == "every_10"


def test_no_updates_can_be_chosen_and_taken_back(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    _choose(victim, "every_5")
    _choose(victim, "no_updates")
    seen = victim.follow()
    assert "You get an update only when something happens." in seen.main
    assert "The next one" not in seen.main
    main = victim.get("/case").main
    assert "You get an update only when something happens, as you chose on" in main
    assert "An update, even if" not in main
    _choose(victim, "every_20")
    assert "by Wednesday 16 December 2026" in victim.get("/case").main


def test_what_an_officer_agreed_is_named_and_can_be_changed(world: World) -> None:
    case = seed_case(world.deps)
    agree_rhythm(world.deps, staff(world), case.key, case.victim, "every_20")
    victim = world.victim(case)
    line = "every 20 working days, as agreed with PC Example on Wednesday 18 November 2026."
    assert line in victim.get("/case").main
    assert victim.get(PAGE).fields(PAGE)["rhythm"] == "every_20"
    _choose(victim, "every_5")
    assert "every 5 working days, as you chose on" in victim.get("/case").main


def test_a_late_update_stays_owed_and_the_confirmation_says_so(world: World) -> None:
    case = seed_case(world.deps)
    _choose(world.victim(case), "every_5")
    world.clock.forward(days=8)
    victim = world.victim(case)
    _choose(victim, "every_20")
    seen = victim.follow()
    assert "One update is late already. We still owe you that one." in seen.main
    assert "The next one" not in seen.main
    assert "We are late. You should have had an update by" in victim.get("/case").main


@pytest.mark.parametrize("rhythm", ["", "every_1", "EVERY_5", "every_5\n", "<script>"])
def test_no_choice_or_an_unknown_one_is_asked_for_beside_the_field(
    world: World, rhythm: str
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get(PAGE)
    with world.watched() as calls:
        seen = victim.post(PAGE, rhythm=rhythm)
    assert calls.dynamodb == 4
    assert seen.status == 400
    assert seen.main.count("Choose one of these, then press Save.") == 2
    assert file_of(world, case).door.rhythm == ""
    assert victim.post(PAGE, rhythm="every_5").status == 303


def test_after_a_decision_nothing_can_be_chosen_and_the_page_says_why(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get(PAGE).fields(PAGE), "rhythm": "every_5"}
    tell(world, case, record_outcome(world, case, "not_enough_evidence"))
    with world.watched() as calls:
        answer = victim.send(PAGE, form)
    assert calls.dynamodb <= 4
    assert (answer.status, answer.location) == (303, PAGE)
    seen = victim.follow()
    assert "A decision was made in your case. Regular updates have ended." in seen.main
    assert not seen.has_form(PAGE)
    assert victim.get("/case/rhythm/chosen").location == PAGE
    assert "how often" not in victim.get("/case").main
    assert not file_of(world, case).owed


def test_an_untold_decision_leaves_the_page_as_it_was(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    before = page(victim, PAGE)
    record_outcome(world, case, "not_enough_evidence")
    assert page(victim, PAGE) == before
    assert _choose(victim, "every_5").location == "/case/rhythm/chosen"
    assert open_of(file_of(world, case), UPDATE)


def test_who_wants_to_hear_nothing_more_is_told_how_to_change_that(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get(PAGE).fields(PAGE), "rhythm": "every_5"}
    (whose,) = case_of(world, case).victims
    left = replace(whose, left_on=world.deps.today())
    world.deps.ledger.write([world.deps.cases.keep_victim(case.key, left)])
    assert victim.send(PAGE, form).location == PAGE
    seen = victim.follow()
    assert "You asked us on Wednesday 18 November 2026 to tell you nothing more." in seen.main
    assert not seen.has_form(PAGE)


def test_one_victims_choice_is_theirs_alone(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    first, second = world.victim(case, "A"), world.victim(case, "B")
    before = page(second, "/case")
    _choose(first, "every_5")
    assert page(second, "/case") == before
    assert file_of(world, case, "B").door.rhythm == ""


def test_the_confirmation_before_any_choice_leads_to_the_form(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    assert victim.get("/case/rhythm/chosen").location == PAGE


def test_nothing_is_stored_without_the_forms_token_or_from_elsewhere(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get(PAGE).fields(PAGE), "rhythm": "every_5"}
    assert victim.send(PAGE, {**form, "csrf_token": "x"}).status == 403
    assert victim.send(PAGE, form, **{"sec-fetch-site": "cross-site"}).status == 403
    assert file_of(world, case).door.rhythm == ""


def test_a_choice_in_an_ended_session_gets_the_usual_page(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get(PAGE).fields(PAGE), "rhythm": "every_5"}
    world.clock.forward(minutes=16)
    seen = victim.send(PAGE, form)
    assert seen.status == 401
    assert "Your information is closed" in seen.main
    assert file_of(world, case).door.rhythm == ""


def test_when_the_store_does_not_answer_the_page_says_so(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get(PAGE).fields(PAGE), "rhythm": "every_5"}
    with store_is_silent(world, victim):
        seen = victim.send(PAGE, form)
    assert seen.status == 503
    assert "Try again in a few minutes, or call 101" in seen.main
    assert victim.send(PAGE, form).status == 303

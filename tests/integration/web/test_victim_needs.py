"""Needs, said once: the victim tells, corrects and takes back, and sees who has read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.services.keep_needs import note_need
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.staff_case import open_staff_case
from tests.builders import seed_case
from tests.integration.services.need_steps import EPILEPSY, health, notes, tells
from tests.integration.services.staff_steps import file_of, staff
from tests.integration.web.victim_steps import page, record_outcome, store_is_silent, tell

if TYPE_CHECKING:
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

PAGE = "/case/needs"
# The places of these kinds in the rules: their addresses do not name them.
HEALTH, COMMUNICATION, FEAR = f"{PAGE}/1", f"{PAGE}/3", f"{PAGE}/4"


def _tells(victim: Visitor, form: str = HEALTH, **fields: str | list[str]) -> Seen:
    victim.get(form)
    return victim.post(PAGE, form=None, **fields)


def test_a_need_is_told_from_the_case_and_stands_with_who_has_read_it(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    assert "What helps me: my needs" in victim.get("/case").main
    assert "What you can tell us" in victim.get(PAGE).main
    sent = _tells(victim, health_what="Epilepsy", health_avoid="Flashing\nlights")
    assert (sent.status, sent.location) == (303, f"{PAGE}?done=told")
    seen = victim.follow().main
    assert "We have it." in seen
    assert "Epilepsy" in seen
    assert "You told us on Wednesday 18 November 2026. Nobody has read this yet." in seen
    world.clock.forward(minutes=1)
    open_staff_case(world.deps, staff(world), case.key)
    seen = victim.get(PAGE).main
    assert "Read by PC Example, officer, on Wednesday 18 November 2026." in seen
    assert "Nobody has read this yet" not in seen


def test_what_is_known_is_in_the_form_and_is_not_asked_again(world: World) -> None:
    case = seed_case(world.deps)
    notes(world, case)
    victim = world.victim(case)
    fields = victim.get(HEALTH).fields(PAGE)
    assert fields["health_what"] == EPILEPSY
    seen = victim.get(PAGE).main
    assert "PC Example wrote this down with you on Wednesday 18 November 2026." in seen
    assert "Is there anything about your health that we should know?" not in seen


def test_who_works_on_it_from_charge_on_is_not_named_before_they_know_of_one(
    world: World,
) -> None:
    case = seed_case(world.deps)
    tells(world, case)
    victim = world.victim(case)
    before = page(victim, PAGE)
    entry = record_outcome(world, case, "charged")
    care = staff(world, "sam", role="witness_care", team="wcu", name="Sam Wren")
    open_staff_case(world.deps, care, case.key)
    assert page(victim, PAGE) == before
    times = NeedTold("times", {"times_what": "Mornings"}, (), 0)
    note_need(world.deps, care, case.key, case.victim, times)
    assert "Somebody wrote this down with you on" in victim.get(PAGE).main
    assert "Sam Wren" not in victim.get(PAGE).main
    tell(world, case, entry)
    seen = victim.get(PAGE).main
    assert "Read by Sam Wren, witness care, on Wednesday 18 November 2026." in seen
    assert "Sam Wren wrote this down with you" in seen


@pytest.mark.parametrize("path", [PAGE, HEALTH, f"{HEALTH}/withdraw"])
def test_every_page_takes_four_requests(world: World, path: str) -> None:
    case = seed_case(world.deps)
    notes(world, case)
    victim = world.victim(case)
    with world.watched() as calls:
        assert victim.get(path).status == 200
    assert calls.dynamodb == 4


def test_telling_takes_four_requests_whatever_comes_of_it(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    form = victim.get(HEALTH).fields(PAGE)
    for fields, status in (
        ({"health_what": EPILEPSY}, 303),
        ({"health_what": EPILEPSY}, 303),
        ({"health_what": "Something else"}, 409),
        ({"health_what": "x" * 501}, 400),
        ({}, 400),
    ):
        with world.watched() as calls:
            assert victim.send(PAGE, {**form, **fields}).status == status
        assert calls.dynamodb == 4


def test_no_address_and_no_title_names_a_kind_of_need(world: World) -> None:
    case = seed_case(world.deps)
    notes(world, case)
    victim = world.victim(case)
    kinds = world.deps.rules.need_kinds
    for path in (PAGE, *(f"{PAGE}/{number}" for number in range(1, len(kinds) + 1))):
        seen = victim.get(path)
        assert seen.status == 200
        assert "<title>What helps you" in seen.body
        linked = [e.get("href") or e.get("action") or "" for e in seen.tree.iter()]
        of_needs = {address for address in linked if address.startswith(PAGE)}
        assert of_needs
        assert not [each for each in of_needs if any(kind in each for kind in kinds)]
    assert _tells(victim, FEAR, fear_what="Him").location == f"{PAGE}?done=told"


@pytest.mark.parametrize("number", ["0", "9", "Health", "1.0", "99999", "-1"])
def test_a_form_that_does_not_exist_is_no_error(world: World, number: str) -> None:
    victim = world.victim(seed_case(world.deps))
    assert victim.get(f"{PAGE}/{number}").status == 404
    assert victim.get(f"{PAGE}/{number}/withdraw").status == 404
    form = victim.get(HEALTH).fields(PAGE)
    assert victim.send(PAGE, {**form, "kind": number, "health_what": "x"}).status == 404


def test_nothing_said_and_too_much_said_keep_every_word(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    empty = _tells(victim)
    assert empty.status == 400
    assert empty.main.count("Write something in a box, or tick something.") == 2
    long = "Epilepsy " * 60
    seen = victim.post(PAGE, health_what=long, health_helps="A friend")
    assert seen.status == 400
    assert "This is 39 characters too long: up to 500 fit." in seen.main
    assert seen.fields(PAGE)["health_what"] == long
    assert seen.fields(PAGE)["health_helps"] == "A friend"
    assert not file_of(world, case).needs
    assert victim.post(PAGE, health_what="Epilepsy").status == 303


def test_an_interpreter_is_ticked_and_the_language_asked_for_without_insisting(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    assert _tells(victim, COMMUNICATION, chosen=["interpreter", "unknown"]).status == 303
    asks = "Which language or dialect should the interpreter speak?"
    assert asks in victim.follow().main
    assert file_of(world, case).needs.needs[0].chosen == ("interpreter",)
    _tells(victim, COMMUNICATION, communication_language="Polish, a woman please")
    assert asks not in victim.follow().main


def test_who_writes_while_the_officer_does_sees_theirs_and_keeps_their_own(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get(HEALTH)
    notes(world, case, health("Migraine"))
    seen = victim.post(PAGE, health_what=EPILEPSY)
    assert seen.status == 409
    assert "Somebody changed this while you were writing" in seen.main
    assert "Migraine" in seen.main
    assert "PC Example wrote this down with you" in seen.main
    assert seen.fields(PAGE)["health_what"] == EPILEPSY
    assert victim.post(PAGE).status == 303
    assert file_of(world, case).needs.needs[0].words == {"health_what": EPILEPSY}


def test_what_is_taken_back_is_asked_about_once_and_gone(world: World) -> None:
    case = seed_case(world.deps)
    tells(world, case)
    victim = world.victim(case)
    asked = victim.get(f"{HEALTH}/withdraw")
    assert EPILEPSY in asked.main
    sent = victim.post(f"{PAGE}/withdraw")
    assert sent.location == f"{PAGE}?done=withdrawn"
    seen = victim.follow().main
    assert "You took it back." in seen
    assert EPILEPSY not in seen
    assert not file_of(world, case).needs
    assert victim.get(f"{HEALTH}/withdraw").location == PAGE


def test_nothing_is_taken_back_that_somebody_has_just_put_right(world: World) -> None:
    case = seed_case(world.deps)
    tells(world, case)
    victim = world.victim(case)
    victim.get(f"{HEALTH}/withdraw")
    notes(world, case, health("Epilepsy, new medicine", seen=1))
    seen = victim.post(f"{PAGE}/withdraw")
    assert seen.status == 409
    assert "Nothing was taken back." in seen.main
    assert "Epilepsy, new medicine" in seen.main


def test_needs_are_told_after_the_decision_as_well(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    tell(world, case, record_outcome(world, case, "charged"))
    assert "What helps me: my needs" in victim.get("/case").main
    assert _tells(victim, health_what=EPILEPSY).status == 303


def test_an_untold_charge_leaves_these_pages_as_they_were(world: World) -> None:
    case = seed_case(world.deps)
    notes(world, case)
    victim = world.victim(case)
    before = {path: page(victim, path) for path in (PAGE, HEALTH)}
    record_outcome(world, case, "charged")
    assert {path: page(victim, path) for path in (PAGE, HEALTH)} == before


def test_one_victims_needs_leave_no_trace_for_the_other(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    second = world.victim(case, "B")
    before = {path: page(second, path) for path in ("/case", PAGE)}
    tells(world, case, label="A")
    open_staff_case(world.deps, staff(world), case.key)
    assert {path: page(second, path) for path in ("/case", PAGE)} == before


def test_words_typed_into_an_ended_session_or_a_silent_store_are_given_back(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get(HEALTH).fields(PAGE), "health_what": EPILEPSY, "health_helps": "Rest"}
    with store_is_silent(world, victim):
        silent = victim.send(PAGE, form)
    assert silent.status == 503
    world.clock.forward(minutes=16)
    ended = victim.send(PAGE, form)
    assert ended.status == 401
    for seen in (silent, ended):
        assert EPILEPSY in seen.main
        assert "Rest" in seen.main
    assert not file_of(world, case).needs


def test_nothing_is_stored_without_the_forms_token_or_from_elsewhere(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get(HEALTH).fields(PAGE), "health_what": EPILEPSY}
    assert victim.send(PAGE, {**form, "csrf_token": "x"}).status == 403
    assert victim.send(PAGE, form, **{"sec-fetch-site": "cross-site"}).status == 403
    assert not file_of(world, case).needs

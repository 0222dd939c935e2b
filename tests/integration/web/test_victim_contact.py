"""Safe contact on the victim's pages: what a message shows, how things stand, how it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.safety import ON, Safety
from chalicelib.services.keep_contact import confirm_contact
from tests.builders import seed_case
from tests.integration.services.contact_steps import (
    MAIL,
    NUMBER,
    notes_contact,
    sets_contact,
)
from tests.integration.services.staff_steps import file_of, staff
from tests.integration.web.victim_steps import page, record_outcome, store_is_silent, tell

if TYPE_CHECKING:
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

PAGE, CHANGE = "/case/contact", "/case/contact/change"
HOURS: dict[str, Any] = {"days": ["0", "4"], "first": "09:00", "last": "16:30"}
BY_TEXT: dict[str, Any] = {"way_text": "yes", "address_text": NUMBER, "notify_by": "text", **HOURS}


def _chooses(victim: Visitor, **fields: Any) -> Seen:
    victim.get(CHANGE)
    return victim.post(CHANGE, **fields)


# --- what a message looks like


def test_the_page_is_found_from_the_case_and_shows_the_very_words_of_a_message(
    world: World,
) -> None:
    victim = world.victim(seed_case(world.deps))
    assert "How to contact me safely" in victim.get("/case").main
    seen = victim.get(PAGE).main
    words = world.deps.rules.notices["en"]
    for text in (words.text, words.linked):
        home = world.parts["public"][0].public_origin
        assert text.format(pair="amber otter", home=home) in seen
    assert f"under the heading “{words.subject}”" in seen
    assert "You have chosen nothing yet. So it is: here only. We send you nothing." in seen
    assert "That is the safest." in seen
    assert not victim.get(PAGE).has_form(PAGE)


def test_in_safe_mode_nothing_is_ever_sent_and_no_message_is_offered(world: World) -> None:
    by_flag = seed_case(world.deps, flags=("domestic_abuse",))
    by_choice = seed_case(world.deps)
    safety = world.deps.threads.keep_safety(by_choice.victim, Safety(wish=ON))
    world.deps.ledger.write([safety])
    for case in (by_flag, by_choice):
        victim = world.victim(case)
        seen = victim.get(PAGE)
        assert "This service never sends you anything." in seen.main
        assert "Check words" not in seen.main
        fields = victim.get(CHANGE).fields(CHANGE)
        assert "way_phone" in fields
        assert not {"way_text", "way_email", "notify_by", "links"} & set(fields)
        victim.post(CHANGE, **BY_TEXT, way_phone="yes", address_phone=NUMBER)
        contact = file_of(world, case).contact
        assert (dict(contact.ways), contact.notify_by) == ({"phone": NUMBER}, "")


def test_what_was_agreed_before_safe_mode_is_neither_shown_nor_confirmed_with_the_rest(
    world: World,
) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case)
    victim = world.victim(case)
    assert "Text message, in English" in victim.get(PAGE).main
    world.deps.ledger.write([world.deps.threads.keep_safety(case.victim, Safety(wish=ON))])
    seen = victim.get(PAGE).main
    assert f"Phone call {NUMBER}" in seen
    assert "Text message" not in seen
    assert "Messages from this service None" in seen
    form = victim.get(PAGE).fields(PAGE)
    for _ in range(2):
        assert victim.send(PAGE, form).location == f"{PAGE}?done=confirmed"
    contact = file_of(world, case).contact
    assert (dict(contact.ways), contact.notify_by) == ({"phone": NUMBER}, "")


# --- set, shown, confirmed


def test_what_is_chosen_stands_with_until_when_it_counts(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    sent = _chooses(
        victim,
        **BY_TEXT,
        way_email="never",
        way_post="yes",
        address_post="1 Example Street\nExampletown",
        leave_words="Please ring back.",
        who_else="My sister",
        code_word="bluebell",
        may_tell=["new_era"],
        more="Ring twice.",
        links="yes",
    )
    assert (sent.status, sent.location) == (303, f"{PAGE}?done=saved")
    seen = victim.follow().main
    for words in (
        "We have it. It holds from now on.",
        NUMBER,
        "1 Example Street",
        "Never E-mail",
        "Monday, Friday, from 9am to 4:30pm",
        "Please ring back.",
        "My sister",
        "A code word is set.",
        "Text message, in English, with a link",
        "New Era",
        "Ring twice.",
        "You confirmed this on Wednesday 18 November 2026.",
        "It counts until Tuesday 16 February 2027.",
    ):
        assert words in seen
    assert file_of(world, case).contact.code_word == "bluebell"


def test_what_they_wrote_themselves_is_folded_until_it_is_opened(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get(CHANGE)
    notes_contact(world, case, leave_words="The book.", who_else="My sister", may_tell=["new_era"])
    pages = [victim.post(CHANGE, more="Quietly."), victim.get(PAGE)]
    for seen in pages:
        (folded,) = seen.tree.iter("details")
        assert folded.get("open") is None
        inside = " ".join("".join(folded.itertext()).split())
        for words in ("The book.", "My sister", "New Era"):
            assert words in inside
            assert seen.body.count(words) == 1 + (seen is pages[0] and words == "New Era")
        assert "If you do not answer We leave the words that you wrote" in seen.main


def test_nothing_written_leaves_nothing_to_open(world: World) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case)
    assert not list(world.victim(case).get(PAGE).tree.iter("details"))


def test_the_form_says_that_it_shows_what_was_written_before(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    before = "What you wrote before stands in the boxes."
    assert before not in victim.get(CHANGE).main
    sets_contact(world, case, more="Ring twice.")
    assert before in victim.get(CHANGE).main


def test_everything_left_empty_is_here_only(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    assert _chooses(victim).status == 303
    seen = victim.follow().main
    assert "Here only. No calls, no letters and no messages." in seen
    assert "Messages from this service None" in seen


def test_the_code_word_is_never_on_a_page(world: World) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case, code_word="bluebell")
    victim = world.victim(case)
    pages = [victim.get(PAGE), victim.get(CHANGE)]
    pages.append(_chooses(victim, code_word="foxglove", way_email="yes", address_email="x"))
    assert "Type the code word again: no page shows it." in pages[-1].main
    notes_contact(world, case, more="Ring twice.")
    pages.append(victim.post(CHANGE, code_word="foxglove", address_email=MAIL))
    assert [seen.status for seen in pages] == [200, 200, 400, 409]
    for seen in pages:
        assert "bluebell" not in seen.body
        assert "foxglove" not in seen.body


def test_a_code_word_left_empty_stays_and_is_removed_when_that_is_ticked(world: World) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case, code_word="bluebell")
    victim = world.victim(case)
    assert "A code word is set. Leave this empty to keep it." in victim.get(CHANGE).main
    assert victim.post(CHANGE, more="Ring twice.").status == 303
    assert file_of(world, case).contact.code_word == "bluebell"
    assert _chooses(victim, drop_code_word="yes").status == 303
    assert file_of(world, case).contact.code_word == ""


def test_still_right_is_one_press_and_counts_from_that_day(world: World) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case)
    world.clock.forward(hours=24 * 60)
    victim = world.victim(case)
    victim.get(PAGE)
    assert victim.post(PAGE).location == f"{PAGE}?done=confirmed"
    seen = victim.follow().main
    assert "Thank you. It holds from now on." in seen
    assert "You confirmed this on Sunday 17 January 2027." in seen


def test_what_is_too_old_counts_as_do_not_contact_until_it_is_confirmed(world: World) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case)
    world.clock.forward(hours=24 * 91)
    victim = world.victim(case)
    old = "It counted until Tuesday 16 February 2027. Until somebody confirms it, it counts as"
    assert old in victim.get(PAGE).main
    victim.post(PAGE)
    assert "too old" not in victim.follow().main


def test_the_case_lists_by_when_we_ask_again(world: World) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case)
    seen = world.victim(case).get("/case").main
    assert "We ask you whether your safe contact is still right" in seen
    assert "This is the last day on which we may rely on what was agreed" in seen


# --- put right


def test_a_mistake_keeps_everything_that_was_typed_and_stores_nothing(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    seen = _chooses(
        victim,
        way_phone="yes",
        address_phone="12345",
        days=["0"],
        more="Quietly.",
        way_post="never",
    )
    assert seen.status == 400
    assert "Type a UK phone number, like 07700 900123." in seen.main
    fields = seen.fields(CHANGE)
    assert (fields["address_phone"], fields["more"], fields["way_post"]) == (
        "12345",
        "Quietly.",
        "never",
    )
    assert file_of(world, case).contact.version == 0
    assert victim.post(CHANGE, address_phone=NUMBER, first="09:00", last="16:00").status == 303


def test_who_writes_while_the_officer_does_sees_theirs_and_keeps_their_own(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get(CHANGE)
    notes_contact(world, case, more="Ring twice.")
    seen = victim.post(CHANGE, way_email="never", more="Quietly.")
    assert seen.status == 409
    assert "Somebody changed this while you were writing" in seen.main
    assert "Ring twice." in seen.main
    assert seen.fields(CHANGE)["more"] == "Quietly."
    assert victim.post(CHANGE).status == 303
    assert file_of(world, case).contact.more == "Quietly."


def test_nothing_is_confirmed_that_came_from_another_who_has_this_page_open(world: World) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case)
    victim = world.victim(case)
    victim.get(PAGE)
    sets_contact(world, case, ways={"phone": "07700 900456"})
    seen = victim.post(PAGE)
    assert seen.status == 409
    assert "Nothing was confirmed." in seen.main
    assert "07700 900456" in seen.main


def test_nothing_is_confirmed_that_somebody_has_just_changed(world: World) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case)
    victim = world.victim(case)
    victim.get(PAGE)
    notes_contact(world, case, more="Ring twice.")
    seen = victim.post(PAGE)
    assert seen.status == 409
    assert "Nothing was confirmed." in seen.main
    assert file_of(world, case).contact.confirmed_by == "PC Example"


# --- requests, traces, faults


@pytest.mark.parametrize("path", [PAGE, CHANGE])
def test_every_page_takes_four_requests(world: World, path: str) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case)
    victim = world.victim(case)
    with world.watched() as calls:
        assert victim.get(path).status == 200
    assert calls.dynamodb == 4


def test_saying_it_takes_four_requests_whatever_comes_of_it(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    form = victim.get(CHANGE).fields(CHANGE)
    for path, fields, status in (
        (CHANGE, BY_TEXT, 303),
        (CHANGE, BY_TEXT, 303),
        (CHANGE, {**BY_TEXT, "more": "Quietly."}, 409),
        (CHANGE, {"way_phone": "yes"}, 400),
        (PAGE, {"seen": "1"}, 303),
        (PAGE, {"seen": "0"}, 409),
    ):
        with world.watched() as calls:
            assert victim.send(path, {**form, **fields}).status == status
        assert calls.dynamodb == 4


def test_neither_who_asked_them_nor_an_untold_charge_shows_on_these_pages(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    victim = world.victim(case)
    before = {path: page(victim, path) for path in (PAGE, CHANGE)}
    entry = record_outcome(world, case, "charged")
    assert {path: page(victim, path) for path in (PAGE, CHANGE)} == before
    care = staff(world, "sam", role="witness_care", team="wcu", name="Sam Wren")
    confirm_contact(world.deps, care, case.key, case.victim, 1)
    assert "Sam Wren" not in victim.get(PAGE).body
    assert "Somebody wrote this down with you" in victim.get(PAGE).main
    tell(world, case, entry)
    assert "Sam Wren" not in victim.get(PAGE).body


def test_one_victims_contact_leaves_no_trace_for_the_other(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    second = world.victim(case, "B")
    before = {path: page(second, path) for path in ("/case", PAGE)}
    sets_contact(world, case, "A")
    assert {path: page(second, path) for path in ("/case", PAGE)} == before


def test_titles_and_addresses_say_nothing(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    sent = _chooses(victim, **BY_TEXT, code_word="bluebell")
    assert sent.location == f"{PAGE}?done=saved"
    for path in (PAGE, CHANGE):
        assert "<title>How to contact you" in victim.get(path).body


def test_words_typed_into_an_ended_session_or_a_silent_store_are_given_back_without_the_rest(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    typed = {"leave_words": "Please ring back.", "who_else": "My sister", "more": "Quietly."}
    form = {**victim.get(CHANGE).fields(CHANGE), **BY_TEXT, **typed, "code_word": "bluebell"}
    with store_is_silent(world, victim):
        silent = victim.send(CHANGE, form)
    assert silent.status == 503
    world.clock.forward(minutes=16)
    ended = victim.send(CHANGE, form)
    assert ended.status == 401
    for seen in (silent, ended):
        assert all(words in seen.main for words in typed.values())
        assert NUMBER not in seen.body
        assert "bluebell" not in seen.body
    assert file_of(world, case).contact.version == 0


def test_nothing_is_stored_without_the_forms_token_or_from_elsewhere(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get(CHANGE).fields(CHANGE), **BY_TEXT}
    for path in (CHANGE, PAGE):
        assert victim.send(path, {**form, "csrf_token": "x"}).status == 403
        assert victim.send(path, form, **{"sec-fetch-site": "cross-site"}).status == 403
    assert file_of(world, case).contact.version == 0


def test_contact_is_chosen_after_the_decision_as_well(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    tell(world, case, record_outcome(world, case, "charged"))
    assert "How to contact me safely" in victim.get("/case").main
    assert _chooses(victim, **BY_TEXT).status == 303
    assert dict(file_of(world, case).contact.ways) == {"text": NUMBER}

"""Safe contact at the desk: first on a case and in lists, asked with the victim, kept fresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.contact import SafeContact
from chalicelib.domain.safety import ON, Safety
from chalicelib.services.leave_case import record_left
from tests.builders import STOKE, seed_case
from tests.integration.services.contact_steps import NUMBER, notes_contact, sets_contact
from tests.integration.services.court_steps import charged, dated
from tests.integration.services.staff_steps import file_of, staff
from tests.integration.web.board_steps import supervisor
from tests.integration.web.desk_steps import new_officer, owe

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

LINE = f"Only as agreed: phone call {NUMBER}, text message {NUMBER}. Mon to Fri 9am to 4pm."
RING = {"way_phone": "yes", "address_phone": NUMBER, "code_word": "bluebell"}
HOURS: dict[str, Any] = {"days": ["0", "1"], "first": "09:00", "last": "12:00"}


def _path(case: SeededCase) -> str:
    return f"/cases/{case.key}/safe-contact"


def _open(world: World, case: SeededCase) -> tuple[Visitor, Seen]:
    desk = world.desk()
    return desk, desk.get(f"{_path(case)}?victim={case.victim}")


# --- first on a case


def test_a_case_says_first_how_each_victim_may_be_contacted(world: World) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"))
    notes_contact(world, case, leave_words="Please ring me", who_else="My sister")
    seen = world.desk().get(f"/cases/{case.key}").main
    assert f"Contact with Victim V1: {LINE} Code word set. Some words may be left." in seen
    assert "Never: letter. All that was agreed with Victim V1" in seen
    assert "Contact with Victim V2: Here only: nothing agreed. Ask before you ring" in seen
    assert "If nobody answers Leave only this: “Please ring me”" in seen
    assert "If somebody else answers My sister" in seen
    assert seen.index("Contact with Victim V2") < seen.index("Needs and safe contact")


def test_the_code_word_is_read_only_by_who_opens_what_was_agreed(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    seen = world.desk().get(f"/cases/{case.key}/event")
    (folded,) = [e for e in seen.tree.iter("details") if "bluebell" in "".join(e.itertext())]
    assert folded.get("open") is None
    assert seen.body.count("bluebell") == 1


def test_what_is_too_old_says_do_not_contact_and_hides_the_number(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    world.clock.forward(days=world.deps.rules.limits.contact_days)
    for path in ("", "/event", "/hand-over"):
        seen = world.desk().get(f"/cases/{case.key}{path}")
        line = "Do not contact: not confirmed since 18 November 2026. Never: letter."
        assert f"Contact with Victim V1: {line}" in seen.main
        assert NUMBER not in seen.body


def test_safe_mode_by_the_victims_wish_is_said_first(world: World) -> None:
    case = seed_case(world.deps, crime_type="burglary")
    assert "Contact with Victim V1: Here only" in world.desk().get(f"/cases/{case.key}").main
    _wishes(world, case)
    assert "Contact with Victim V1: Safe mode. Here" in world.desk().get(f"/cases/{case.key}").main


def _wishes(world: World, case: SeededCase) -> None:
    world.deps.ledger.write([world.deps.threads.keep_safety(case.victim, Safety(wish=ON))])


# --- asked with the victim


def test_an_officer_writes_it_down_and_the_case_says_so_first(world: World) -> None:
    case = seed_case(world.deps)
    desk, form = _open(world, case)
    assert "Nobody has asked them yet how to contact them safely." in form.main
    assert "Still right" not in form.main
    sent = desk.post(_path(case), **RING, **HOURS, way_post="never")
    assert sent.location == f"/cases/{case.key}?done=safe-contact"
    seen = desk.follow().main
    assert "Written down. It stands first on every page of this case." in seen
    assert f"Only as agreed: phone call {NUMBER}. Mon, Tue 9am to midday. Not now." in seen
    stored = file_of(world, case).contact
    assert (stored.code_word, stored.confirmed_by) == ("bluebell", "PC Example")
    again = desk.get(f"{_path(case)}?victim={case.victim}")
    assert again.fields(_path(case))["code_word"] == ""
    assert "A code word is set. Leave this empty to keep it." in again.main


def test_a_code_word_is_removed_at_the_desk_by_one_tick(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    desk, _ = _open(world, case)
    assert desk.post(_path(case), drop_code_word="yes").status == 303
    assert file_of(world, case).contact.code_word == ""


def test_a_number_is_not_written_down_on_a_call_that_came_in(world: World) -> None:
    _, seen = _open(world, seed_case(world.deps))
    assert "Do not write down a new number or code word on a call that came in" in seen.main


def test_who_wants_to_hear_nothing_more_stands_beside_their_number(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    wish = "Asked on Wednesday 18 November 2026 to hear nothing more."
    for path in ("", "/event"):
        seen = world.desk().get(f"/cases/{case.key}{path}").main
        assert f"Contact with Victim V1: {wish} Only as agreed" in seen


def test_of_what_is_too_old_the_form_says_how_to_ask_again(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    how = "Nothing that stands here may be used to ask them"
    assert how not in _open(world, case)[1].main
    world.clock.forward(days=world.deps.rules.limits.contact_days)
    assert how in _open(world, case)[1].main


def test_nothing_said_is_here_only_as_they_agreed(world: World) -> None:
    case = seed_case(world.deps)
    desk, _ = _open(world, case)
    desk.post(_path(case))
    assert "Contact with Victim V1: Here only, as they agreed." in desk.follow().main


def test_a_form_that_cannot_be_stored_keeps_every_word(world: World) -> None:
    case = seed_case(world.deps)
    desk, _ = _open(world, case)
    typed = {"address_phone": "0770", "leave_words": "Please ring me", "who_else": "My sister"}
    seen = desk.post(_path(case), **{**RING, **typed})
    assert seen.status == 400
    assert seen.main.count("Type a UK phone number, like 07700 900123.") == 2
    kept = seen.fields(_path(case))
    assert {name: kept[name] for name in typed} == typed
    assert (kept["way_phone"], kept["code_word"]) == ("yes", "bluebell")
    assert file_of(world, case).contact == SafeContact()


def test_who_writes_while_the_victim_does_sees_theirs_and_keeps_their_own(world: World) -> None:
    case = seed_case(world.deps)
    desk, _ = _open(world, case)
    sets_contact(world, case, who_else="My brother")
    seen = desk.post(_path(case), **RING, who_else="My sister")
    assert seen.status == 409
    assert "Somebody changed this meanwhile" in seen.main
    assert "My brother" in seen.main
    assert seen.fields(_path(case))["who_else"] == "My sister"
    assert desk.post(_path(case)).status == 303
    assert file_of(world, case).contact.who_else == "My sister"


def test_still_right_is_one_press_and_counts_anew_from_today(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    world.clock.forward(days=world.deps.rules.limits.contact_days + 5)
    desk, seen = _open(world, case)
    # What is asked about has to be readable, although nobody may rely on it.
    assert f"Phone call {NUMBER}" in seen.main
    assert "It is too old since Tuesday 16 February 2027" in seen.main
    sent = desk.post(f"{_path(case)}/confirm")
    assert sent.location == f"/cases/{case.key}?done=safe-contact-confirmed"
    seen = desk.follow()
    assert "Noted: it is still right." in seen.main
    assert f"Contact with Victim V1: {LINE}" in seen.main


def test_nothing_is_confirmed_that_the_victim_has_just_changed(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    desk, _ = _open(world, case)
    sets_contact(world, case, who_else="My brother")
    before = file_of(world, case).contact
    seen = desk.post(f"{_path(case)}/confirm")
    assert seen.status == 409
    assert "Go through it with them again." in seen.main
    assert "My brother" in seen.main
    assert file_of(world, case).contact == before


def test_in_safe_mode_no_messages_are_offered(world: World) -> None:
    case = seed_case(world.deps, flags=["domestic_abuse"])
    _, seen = _open(world, case)
    assert "Safe mode: nothing is ever sent to them from here." in seen.main
    fields = seen.fields(_path(case))
    assert "notify_by" not in fields
    assert "address_text" not in fields
    assert "address_phone" in fields


def test_another_victims_key_opens_and_changes_nothing(world: World) -> None:
    case, other = seed_case(world.deps), seed_case(world.deps)
    notes_contact(world, other)
    desk, _ = _open(world, case)
    before = file_of(world, other).contact
    for victim in (other.victim, "x", ""):
        seen = desk.get(f"{_path(case)}?victim={victim}")
        assert seen.status == 404
        assert NUMBER not in seen.body
    for path in (_path(case), f"{_path(case)}/confirm"):
        _open(world, case)
        sent = world.desk()
        sent.get(f"{_path(case)}?victim={case.victim}")
        assert sent.post(path, form=_path(case), victim=other.victim).status == 404
    assert file_of(world, other).contact == before


def test_who_may_not_open_cases_sees_nothing_of_it(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    for role in ("partner", "administrator"):
        desk = world.desk(role, role=role, team=STOKE)
        for path in (f"{_path(case)}?victim={case.victim}", f"/cases/{case.key}", "/"):
            seen = desk.get(path)
            assert seen.status in {200, 303, 403, 404}
            assert NUMBER not in seen.body
            assert "bluebell" not in seen.body


def test_the_form_is_a_few_requests(world: World) -> None:
    case, desk = seed_case(world.deps, victims=("V1", "V2")), world.desk()
    with world.watched() as calls:
        desk.get(f"{_path(case)}?victim={case.victim}")
    reads = {"GetItem": 1, "Query": 2, "BatchGetItem": 1}
    assert calls.names == {**reads, "TransactWriteItems": 1}


# --- a code is given face to face, or on the agreed number (D4)


def _codes(world: World, case: SeededCase) -> tuple[Visitor, Seen]:
    desk = world.desk()
    return desk, desk.get(f"/cases/{case.key}/codes/new?victim={case.victim}")


def _rang(desk: Visitor, case: SeededCase) -> Seen:
    return desk.post(f"/cases/{case.key}/codes/new", checked="rang", for_whom="victim")


def test_ringing_is_offered_for_a_code_on_the_agreed_number_alone(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    world.clock.forward(days=world.deps.rules.limits.number_days)
    desk, seen = _codes(world, case)
    assert "I rang the agreed number" in seen.main
    shown = seen.main.partition("The number that was agreed")[2]
    assert f"Phone call {NUMBER}" in shown
    assert "Code word, which they say and you never first bluebell" in shown
    assert "a code word is set, they said it before I did" in seen.main
    since = "as they are since Wednesday 18 November 2026, written down by PC Example."
    assert f"This number and its code word stand {since}" in shown
    assert _rang(desk, case).status == 200
    assert file_of(world, case).codes[0].checked_how.startswith("rang the agreed number")


@pytest.mark.parametrize("agreed", [None, "too old", "never", "other way"])
def test_without_an_agreed_number_a_code_is_given_face_to_face_alone(
    world: World, agreed: str | None
) -> None:
    case = seed_case(world.deps)
    said: dict[str, dict[str, Any]] = {
        "too old": {},
        "never": {"ways": {"post": "1 Example Road"}, "never": frozenset({"phone"})},
        "other way": {"ways": {"text": NUMBER}},
    }
    if agreed:
        notes_contact(world, case, **said[agreed])
    if agreed == "too old":
        world.clock.forward(days=world.deps.rules.limits.contact_days)
    desk, seen = _codes(world, case)
    assert "I rang the agreed number" not in seen.main
    assert "so a code is given face to face alone" in seen.main
    refused = _rang(desk, case)
    assert refused.status == 400
    assert "No number was agreed with them, long enough ago, that may be relied on." in refused.main
    assert not file_of(world, case).codes


def test_a_number_that_is_new_proves_nobody_yet(world: World) -> None:
    case, days = seed_case(world.deps), world.deps.rules.limits.number_days
    notes_contact(world, case)
    world.clock.forward(days=days)
    notes_contact(world, case, ways={"phone": "07700 900456"})
    desk, seen = _codes(world, case)
    assert "I rang the agreed number" not in seen.main
    assert "Until Wednesday 2 December 2026 a code is given face to face alone." in seen.main
    assert _rang(desk, case).status == 400
    assert not file_of(world, case).codes


def test_a_number_that_was_set_on_the_victims_page_says_who_may_have_done_it(world: World) -> None:
    case = seed_case(world.deps)
    sets_contact(world, case)
    who = "set on their own page, which whoever has their code can do."
    assert who in _codes(world, case)[1].main
    world.clock.forward(days=world.deps.rules.limits.number_days)
    assert who in _codes(world, case)[1].main


def test_who_holds_the_telephone_gains_nothing_by_a_new_code_word(world: World) -> None:
    case = seed_case(world.deps)
    notes_contact(world, case)
    world.clock.forward(days=world.deps.rules.limits.number_days)
    notes_contact(world, case, code_word="foxglove")
    desk, seen = _codes(world, case)
    assert "The number or its code word is new" in seen.main
    assert _rang(desk, case).status == 400


def test_the_same_number_said_again_is_no_newer(world: World) -> None:
    case, days = seed_case(world.deps), world.deps.rules.limits.number_days
    notes_contact(world, case)
    world.clock.forward(days=days)
    notes_contact(world, case, leave_words="Please ring back.")
    desk, seen = _codes(world, case)
    assert "I rang the agreed number" in seen.main
    assert _rang(desk, case).status == 200


# --- in lists


def test_a_row_of_the_list_has_the_number_and_one_of_the_board_has_none(world: World) -> None:
    officer = new_officer()
    case = seed_case(world.deps, officer=officer, crime_type="burglary")
    desk = world.desk(officer.id, name=officer.name, team=officer.team)
    owe(world, officer, world.deps.today(), case=case)
    assert "Contact: Here only: nothing agreed." in desk.get("/").main
    sets_contact(world, case)
    assert f"Contact: {LINE} Code word set. Leave no message. Never: letter." in desk.get("/").main
    seen = supervisor(world, officer.team).get("/team")
    assert "Contact: Only as agreed: phone call, text message. Mon to Fri" in seen.main
    assert NUMBER not in seen.body


def test_the_list_before_court_has_the_ways_and_no_number(world: World) -> None:
    officer = new_officer()
    case = charged(world, officer=officer)
    dated(world, case, date(2026, 12, 9))
    sets_contact(world, case)
    seen = world.desk(officer.id, team=officer.team).get("/court")
    assert "phone call" in seen.main.partition("Contact:")[2].partition("Needs:")[0]
    assert NUMBER not in seen.body


def test_a_list_says_safe_mode_where_the_victim_wishes_it(world: World) -> None:
    officer = new_officer()
    case = seed_case(world.deps, officer=officer, crime_type="burglary")
    owe(world, officer, world.deps.today(), case=case)
    desk, boss = world.desk(officer.id, team=officer.team), supervisor(world, officer.team)
    assert "Safe mode" not in desk.get("/").main
    assert "Safe mode" not in boss.get("/team").main
    _wishes(world, case)
    assert "Contact: Safe mode. Here only" in desk.get("/").main
    assert "Contact: Safe mode. Here only" in boss.get("/team").main


def test_a_row_of_a_restricted_case_says_nothing_of_contact(world: World) -> None:
    officer = new_officer()
    case = seed_case(world.deps, officer=officer, flags=["restricted"])
    owe(world, officer, world.deps.today(), case=case)
    kept = replace(SafeContact(), ways={"phone": NUMBER}, confirmed_at=world.clock())
    world.deps.ledger.write([world.deps.threads.keep_contact(case.victim, kept)])
    seen = supervisor(world, officer.team).get("/team")
    assert "Only named people see more of this." in seen.main
    assert "Contact:" not in seen.main
    assert NUMBER not in seen.body


def test_asking_again_is_in_the_list_and_leads_to_the_form(world: World) -> None:
    officer = new_officer()
    case = seed_case(world.deps, officer=officer)
    sets_contact(world, case)
    desk = world.desk(officer.id, name=officer.name, team=officer.team)
    seen = desk.get("/")
    address = f"{_path(case)}?victim={case.victim}"
    (link,) = [a for a in seen.tree.iter("a") if a.get("href") == address]
    assert "".join(link.itertext()).startswith("Ask again")
    assert desk.get(address).status == 200
    assert desk.post(f"{_path(case)}/confirm").status == 303

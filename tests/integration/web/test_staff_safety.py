"""Safe mode on the desk: what holds for whom, confirmed off with a reason, and the last look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.promises import TASK
from chalicelib.services.keep_safety import choose_hearing, hide_history, note_hearing
from chalicelib.stores.tables import FileItem
from chalicelib.web.staff.case_words import SAFE_MODE
from tests.builders import seed_case
from tests.integration.services.contact_steps import sets_contact
from tests.integration.services.following import owed
from tests.integration.services.safety_steps import WHY, confirms_off, is_safe, safety_of, wishes
from tests.integration.services.staff_steps import case_of, staff, victim

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor


@pytest.fixture
def case(world: World) -> SeededCase:
    """Return a case of two victims that is not in safe mode."""
    return seed_case(world.deps, victims=("V1", "V2"))


@pytest.fixture
def abuse(world: World) -> SeededCase:
    """Return a case that is in safe mode by its flag."""
    return seed_case(world.deps, flags=("domestic_abuse",))


def _path(case: SeededCase) -> str:
    return f"/cases/{case.key}/safe-mode"


def _opens(desk: Visitor, case: SeededCase) -> Seen:
    return desk.get(f"{_path(case)}?victim={case.victim}")


def _presses(desk: Visitor, case: SeededCase, **fields: str) -> Seen:
    _opens(desk, case)
    return desk.post(_path(case), **fields)


# --- the warning


def test_safe_mode_warns_of_who_is_in_it_by_name(world: World, case: SeededCase) -> None:
    desk = world.desk()
    assert SAFE_MODE not in desk.get(f"/cases/{case.key}").main
    wishes(world, case, "V2", on=True)
    main = desk.get(f"/cases/{case.key}").main
    assert f"Victim V2: {SAFE_MODE}" in main
    assert f"Victim V1: {SAFE_MODE}" not in main
    wishes(world, case, "V1", on=True)
    main = desk.get(f"/cases/{case.key}").main
    assert main.count(SAFE_MODE) == 1
    assert f"Victim V2: {SAFE_MODE}" not in main


def test_the_warning_goes_once_it_is_confirmed_off(world: World, abuse: SeededCase) -> None:
    desk = world.desk()
    wishes(world, abuse, on=False)
    assert SAFE_MODE in desk.get(f"/cases/{abuse.key}").main
    confirms_off(world, abuse)
    assert SAFE_MODE not in desk.get(f"/cases/{abuse.key}").main
    assert SAFE_MODE not in desk.get(f"/cases/{abuse.key}/outcome").main


def test_a_code_asks_whether_it_is_safe_of_whom_it_is_for(world: World, case: SeededCase) -> None:
    wishes(world, case, "V2", on=True)
    desk, path = world.desk(), f"/cases/{case.key}/codes/new"
    asked = {
        label: 'name="safe"' in desk.get(f"{path}?victim={key}").body
        for label, key in case.victims.items()
    }
    assert asked == {"V1": False, "V2": True}
    seen = desk.post(path, checked="face_to_face", for_whom="victim", place="paper")
    assert (seen.status, "Ask them whether it is safe." in seen.main) == (400, True)


# --- the page


def test_the_page_says_why_it_is_on_and_offers_no_off_that_nobody_asked_for(
    world: World, abuse: SeededCase
) -> None:
    desk = world.desk()
    seen = _opens(desk, abuse)
    assert "Safe mode is on, because of the crime type or a flag of this case." in seen.main
    assert "Confirm that it may be off" not in seen.main
    assert 'name="why"' not in seen.body
    assert _presses(desk, abuse, off="yes", why=WHY).status == 409
    assert is_safe(world, abuse)


def test_it_is_turned_on_with_them(world: World, case: SeededCase) -> None:
    desk = world.desk()
    assert "Safe mode is off." in _opens(desk, case).main
    sent = _presses(desk, case, on="yes")
    assert sent.location == f"/cases/{case.key}?done=safe-on"
    main = desk.follow().main
    assert "Safe mode is on for them. Nothing is ever sent to them." in main
    assert "Safe mode is on, noted by PC Example on Wednesday 18 November 2026 at 9:30am." in main
    assert is_safe(world, case, "V1")
    assert not is_safe(world, case, "V2")
    assert "Turn safe mode on" not in _opens(desk, case).main


def test_it_is_confirmed_off_with_a_reason_that_stands_there(
    world: World, abuse: SeededCase
) -> None:
    desk = world.desk()
    wishes(world, abuse, on=False)
    main = _opens(desk, abuse).main
    assert "They asked for it to be off, Wednesday 18 November 2026 at 9:30am" in main
    for why in ("", "  "):
        seen = _presses(desk, abuse, off="yes", why=why)
        assert seen.status == 400
        assert "Say why it may be off" in seen.main
    assert _presses(desk, abuse, off="yes", why=WHY).location.endswith("?done=safe-off")
    assert "Confirmed: safe mode is off for them." in desk.follow().main
    assert not is_safe(world, abuse)
    assert f"Confirmed by PC Example, Wednesday 18 November 2026 at 9:31am: {WHY}" in (
        _opens(desk, abuse).main
    )


def test_a_reason_that_is_too_long_says_by_how_much_and_is_still_there(
    world: World, abuse: SeededCase
) -> None:
    desk = world.desk()
    wishes(world, abuse, on=False)
    long = "x" * (world.deps.rules.limits.note_characters + 3)
    seen = _presses(desk, abuse, off="yes", why=long)
    assert seen.status == 400
    assert "3 characters too long" in seen.main
    assert long in seen.body


def test_who_took_their_wish_back_stays_in_safe_mode_and_the_reason_is_not_lost(
    world: World, abuse: SeededCase
) -> None:
    desk = world.desk()
    wishes(world, abuse, on=False)
    _opens(desk, abuse)
    wishes(world, abuse, on=True)
    seen = desk.post(_path(abuse), off="yes", why=WHY)
    assert seen.status == 409
    assert "Somebody changed this meanwhile" in seen.main
    assert f"You had written: {WHY}" in seen.main
    assert is_safe(world, abuse)


def test_a_flag_that_came_later_is_named_as_the_reason(world: World, abuse: SeededCase) -> None:
    wishes(world, abuse, on=False)
    confirms_off(world, abuse)
    FileItem(abuse.key, "case#file").update(
        actions=[FileItem.flags.set({"domestic_abuse", "stalking"})]
    )
    main = _opens(world.desk(), abuse).main
    assert "Safe mode is on again: the crime type or the flags changed since" in main


def test_how_they_hear_hard_news_is_noted(world: World, case: SeededCase) -> None:
    desk = world.desk()
    choose_hearing(world.deps, victim(world, case), "person_then_here", 0)
    seen = _opens(desk, case)
    assert "Wants to hear hard news from a person, and from their page once" in seen.main
    assert _presses(desk, case, hears="here").location.endswith("?done=hears")
    assert (safety_of(world, case).hears, safety_of(world, case).hears_by) == ("here", "PC Example")
    seen = _presses(desk, case, hears="")
    assert (seen.status, "Choose what they said." in seen.main) == (400, True)


def test_the_case_page_says_what_was_chosen_on_their_page_and_when(
    world: World, case: SeededCase
) -> None:
    wishes(world, case, "V1", on=True)
    choose_hearing(world.deps, victim(world, case), "here", 1)
    hide_history(world.deps, victim(world, case), hides=True, seen=2)
    main = world.desk().get(f"/cases/{case.key}").main
    at = "on Wednesday 18 November 2026 at 9:3"
    assert f"Safe mode is on, said on their page {at}" in main
    assert "Their page leaves out updates, questions and answers until they press" in main
    assert f"press a button, said on their page {at}" in main
    assert f"Chose to read hard news on their page at once. Said on their page {at}" in main


def test_what_follows_if_they_read_news_at_once_stands_where_news_is_recorded_alone(
    world: World, case: SeededCase
) -> None:
    note_hearing(world.deps, staff(world), case.key, case.victim, "here", 0)
    desk, words = world.desk(), "If you choose Not yet, their page tells them as soon as you record"
    for path in ("outcome", "event"):
        assert words in desk.get(f"/cases/{case.key}/{path}").main, path
    for seen in (_opens(desk, case), desk.get(f"/cases/{case.key}")):
        assert words not in seen.main
        assert "Chose to read hard news on their page at once. Noted by PC Example on" in seen.main


def test_before_it_is_confirmed_off_a_number_set_on_the_page_is_not_trusted(
    world: World, abuse: SeededCase
) -> None:
    wishes(world, abuse, on=False)
    desk, words = world.desk(), "Ring a number that you knew before, or meet them."
    assert "whoever has their phone could have pressed it" in _opens(desk, abuse).main
    assert words not in _opens(desk, abuse).main
    sets_contact(world, abuse)
    assert words in _opens(desk, abuse).main


def test_what_came_to_the_case_since_the_page_was_opened_is_read_before_it_is_confirmed(
    world: World, abuse: SeededCase
) -> None:
    desk = world.desk()
    wishes(world, abuse, on=False)
    _opens(desk, abuse)
    read, deps = case_of(world, abuse), world.deps
    deps.ledger.write([deps.cases.desk_change(read, officer=None, at=deps.now())])
    seen = desk.post(_path(abuse), off="yes", why=WHY)
    assert (seen.status, is_safe(world, abuse)) == (409, True)
    assert WHY in seen.body
    assert desk.post(_path(abuse), off="yes", why=WHY).location.endswith("?done=safe-off")


def test_the_row_of_the_talk_leads_to_safe_mode_and_on_to_recording_the_talk_alone(
    world: World, abuse: SeededCase
) -> None:
    wishes(world, abuse, on=False)
    desk = world.desk()
    main = desk.get(f"/cases/{abuse.key}")
    assert "They would like safe mode to be off. Ask whether it is safe." in main.main
    assert f'href="{_path(abuse)}?victim={abuse.victim}">Safe mode<' in main.body
    (talk,) = owed(world, abuse, TASK)
    there = f"/cases/{abuse.key}/task?victim={abuse.victim}&promise={talk.id}"
    assert there in _opens(desk, abuse).body.replace("&amp;", "&")
    desk.get(there)
    sent = desk.post(f"/cases/{abuse.key}/task", note="Not sure yet.", on="today")
    assert (sent.status, owed(world, abuse, TASK)) == (303, [])
    assert is_safe(world, abuse)
    assert "Record the talk" not in _opens(desk, abuse).main


# --- the last look


def test_the_desk_sees_when_each_of_them_last_looked(world: World, case: SeededCase) -> None:
    desk, path = world.desk(), f"/cases/{case.key}"
    assert desk.get(path).main.count("Has not looked yet.") == 2
    browser = world.victim(case, "V1")
    world.clock.forward(minutes=5)
    browser.get("/case")
    main = desk.get(path).main
    assert "Last looked: Wednesday 18 November 2026 at 9:35am" in main
    assert main.count("Has not looked yet.") == 1


def test_staff_who_look_are_no_visit(world: World, case: SeededCase) -> None:
    desk = world.desk()
    for _ in range(2):
        assert "Last looked" not in desk.get(f"/cases/{case.key}").main

"""A supervisor sees what would leave, what was given up, and lets stopped sending go on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.brake import Brake
from chalicelib.domain.notices import (
    NOT_KNOWN_WHETHER_SENT,
    REFUSED_BY_CARRIER,
    Notice,
    given_up,
    to_officer,
    to_victim,
)
from chalicelib.domain.staff import StaffMember
from chalicelib.settings import AWS, CONSOLE, NOTIFY, OFF, STAFF, SendingSettings
from chalicelib.stores.tables import BrakeRow
from chalicelib.web.staff.message_words import LEAVES, SOMEBODY, leaves_words
from tests.builders import seed_case
from tests.integration.services.contact_steps import MAIL, NUMBER, contact_by_text
from tests.integration.web.board_steps import desk_of, rows
from tests.integration.web.desk_steps import lines_about, new_officer
from tests.integration.web.hostile_steps import token_of

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
    from chalicelib.domain.notices import Recipient
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

PAGE = "/messages"
GO_ON = "Sending goes on. What waits leaves within minutes."


@pytest.fixture(autouse=True)
def forget(world: World) -> None:
    """Let sending be as if it had never begun, and nothing wait."""
    BrakeRow("sending#brake").delete()
    deps = world.deps
    for notice in (*deps.threads.waiting_notices(100), *deps.threads.given_up_notices(100)):
        gone = replace(notice, covered=notice.wanted, due_at=None)
        deps.ledger.write([deps.threads.keep_notice(gone)])


def stopped(world: World) -> None:
    """Let the brake stop all sending now."""
    stopping = replace(world.deps.access.brake(), stopped_at=world.clock())
    world.deps.ledger.write([world.deps.access.keep_brake(stopping)])


def brake(world: World) -> Brake:
    return world.deps.access.brake()


def boss(world: World, team: str | None = None, name: str = "Sergeant Boss") -> Visitor:
    """Return the browser of a supervisor of a team."""
    return desk_of(world, new_officer(name, team))


def pressed(desk: Visitor, do: str) -> Seen:
    """Open the page and press its button."""
    desk.get(PAGE)
    return desk.post(PAGE, do=do)


def waits(world: World, to: Recipient, case: SeededCase | None = None) -> None:
    """Let a message wait for somebody."""
    deps = world.deps
    deps.ledger.write([deps.threads.want_notice(to, case.key if case else None, world.clock())])


def case_by_text(world: World, officer: Officer, *flags: str) -> SeededCase:
    """Put a case whose victim agreed to texts on weekdays from 9 to 4, and for whom one waits."""
    case = seed_case(world.deps, officer=officer, flags=flags)
    agreed = contact_by_text(confirmed_at=world.clock(), confirmed_by="PC Example")
    world.deps.ledger.write([world.deps.threads.keep_contact(case.victim, agreed)])
    waits(world, to_victim(case.victim), case)
    return case


def gave_up(world: World, to: Recipient, why: str = REFUSED_BY_CARRIER) -> Notice:
    """Let what waits for somebody be given up."""
    notice = world.deps.threads.notice(to)
    assert notice is not None
    given = given_up(notice, world.clock(), why)
    world.deps.ledger.write([world.deps.threads.keep_notice(given)])
    return given


# --- what waits


def test_who_would_get_which_words_how_and_when(world: World) -> None:
    officer = new_officer()
    case = case_by_text(world, officer)
    seen = boss(world, officer.team).get(PAGE)
    (row,) = rows(seen)
    assert "Now: with the next run" in row
    assert f"Reference {case.reference}, victim V1" in row
    assert "By text message" in row
    assert "There is a new message for you. Check words: [two check words]" in row
    assert any(link.get("href") == f"/cases/{case.key}" for link in seen.tree.iter("a"))


def test_no_number_no_address_and_no_code_word_stand_on_the_page(world: World) -> None:
    officer = new_officer()
    case_by_text(world, officer)
    seen = boss(world, officer.team).get(PAGE)
    for secret in (NUMBER, MAIL, "bluebell"):
        assert secret not in seen.body


def test_looking_sends_nothing_and_changes_nothing_but_says_who_looked(world: World) -> None:
    officer = new_officer()
    case = case_by_text(world, officer)
    before = world.deps.threads.notice(to_victim(case.victim))
    looks = new_officer("Sergeant Boss", officer.team)
    desk_of(world, looks).get(PAGE)
    assert world.deps.threads.notice(to_victim(case.victim)) == before
    assert brake(world) == Brake()
    (line,) = lines_about(f"staff {looks.id}")
    assert line == (
        f"supervisor {looks.id}", "looked at messages that wait", "", frozenset({case.key})
    )  # fmt: skip


def test_outside_the_agreed_hours_it_says_when_it_is_looked_at_again(world: World) -> None:
    officer = new_officer()
    world.clock.forward(hours=8)
    case_by_text(world, officer)
    (row,) = rows(boss(world, officer.team).get(PAGE))
    assert "Not yet: outside the agreed hours" in row
    assert "Looked at again: Wednesday 18 November 2026 at 5:45pm" in row
    assert "Check words" not in row


@pytest.mark.parametrize(
    ("flags", "days", "why"),
    [
        (("sexual",), 0, "safe mode: nothing is sent"),
        ((), 91, "safe contact was not confirmed for too long"),
    ],
)
def test_what_may_not_leave_says_why(
    world: World, flags: tuple[str, ...], days: int, why: str
) -> None:
    officer = new_officer()
    case_by_text(world, officer, *flags)
    world.clock.forward(days=days)
    (row,) = rows(boss(world, officer.team).get(PAGE))
    assert f"Nothing is sent: {why}." in row
    assert "Never: it ends with the next run" in row
    assert "Check words" not in row


@pytest.mark.parametrize("flags", [(), ("restricted",)])
def test_of_a_case_that_a_supervisor_cannot_open_nothing_is_said(
    world: World, flags: tuple[str, ...]
) -> None:
    officer = new_officer()
    case = case_by_text(world, officer, *flags)
    looks = boss(world, officer.team if flags else None)
    seen = looks.get(PAGE)
    (row,) = rows(seen)
    assert SOMEBODY in row
    for secret in (case.reference, case.key, case.victim, officer.name, officer.team):
        assert secret not in seen.body


def test_an_officer_is_named_in_their_own_team_alone(world: World) -> None:
    officer = new_officer("PC Alder")
    deps = world.deps
    known = StaffMember(officer.id, officer.name, "1", officer.team, email="alder@force.example")
    deps.ledger.write([deps.cases.keep_member(known)])
    waits(world, to_officer(officer.id))
    (row,) = rows(boss(world, officer.team).get(PAGE))
    assert "PC Alder" in row
    assert "By e-mail" in row
    assert "Something new waits in your list." in row
    assert "alder@force.example" not in row
    (row,) = rows(boss(world).get(PAGE))
    assert SOMEBODY in row
    assert "PC Alder" not in row


# --- what was given up


def test_a_message_that_was_given_up_says_why_and_what_to_do(world: World) -> None:
    officer = new_officer()
    case = case_by_text(world, officer)
    gave_up(world, to_victim(case.victim))
    (row,) = rows(boss(world, officer.team).get(PAGE))
    assert row.startswith("Wednesday 18 November 2026 at 9:30am")
    assert f"Given up: {REFUSED_BY_CARRIER}. Reach them as was agreed" in row


def test_where_nobody_can_say_whether_it_came_the_page_says_so(world: World) -> None:
    officer = new_officer()
    waits(world, to_officer(officer.id))
    desk_of(world, officer, "officer")
    gave_up(world, to_officer(officer.id), NOT_KNOWN_WHETHER_SENT)
    (row,) = rows(boss(world, officer.team).get(PAGE))
    assert "It may have come, or not. Tell them in person." in row


def test_dealt_with_it_is_off_the_list_and_recorded(world: World) -> None:
    officer = new_officer()
    case = case_by_text(world, officer)
    gave_up(world, to_victim(case.victim))
    desk = boss(world, officer.team)
    assert pressed(desk, "dealt").location == "/messages?done=dealt"
    seen = desk.follow()
    assert not rows(seen)
    assert "The message is off the list." in seen.main
    lines = lines_about(case.key)
    assert lines[-1][1] == "dealt with a message that was given up"
    waits(world, to_victim(case.victim), case)
    assert len(rows(desk.get(PAGE))) == 1


def test_what_changed_since_the_page_was_opened_is_not_dealt_with(world: World) -> None:
    officer = new_officer()
    case = case_by_text(world, officer)
    gave_up(world, to_victim(case.victim))
    desk = boss(world, officer.team)
    desk.get(PAGE)
    waits(world, to_victim(case.victim), case)
    gave_up(world, to_victim(case.victim))
    assert desk.post(PAGE, do="dealt").status == 409
    assert len(world.deps.threads.given_up_notices(9)) == 1


def test_another_teams_message_can_neither_be_named_nor_dealt_with(world: World) -> None:
    officer = new_officer()
    case = case_by_text(world, officer)
    gave_up(world, to_victim(case.victim))
    theirs = boss(world, officer.team)
    fields = theirs.get(PAGE).fields(PAGE)
    other = boss(world)
    seen = other.get(PAGE)
    assert not seen.has_form(PAGE)
    (row,) = rows(seen)
    assert SOMEBODY in row
    sent = other.send(PAGE, {**token_of(other), "which": fields["which"], "do": "dealt"})
    assert sent.status == 404
    assert len(world.deps.threads.given_up_notices(9)) == 1


# --- the brake


def test_two_supervisors_let_sending_go_on(world: World) -> None:
    stopped(world)
    first, second = boss(world, name="Sergeant Ash"), boss(world, name="Sergeant Yew")
    seen = first.get(PAGE)
    assert "All sending stopped, Wednesday 18 November 2026 at 9:30am" in seen.main
    assert pressed(first, "ask").location == "/messages?done=asked"
    assert "Another supervisor confirms it within 4 hours." in first.follow().main
    assert brake(world).stopped_at is not None
    assert "Sergeant Ash asked that sending goes on" in second.get(PAGE).main
    world.clock.forward(minutes=1)
    assert pressed(second, "confirm").location == "/messages?done=released"
    seen = second.follow()
    assert GO_ON in seen.main
    assert "All sending stopped" not in seen.main
    after = brake(world)
    assert (after.stopped_at, after.asked_by, after.minutes) == (None, None, {})
    whats = [what for _, what, _, _ in lines_about("sending")][-2:]
    assert whats[0] == "asked that sending goes on"
    assert whats[1].startswith("let sending go on, as desk-officer-")


def test_nobody_confirms_what_they_asked_themselves(world: World) -> None:
    stopped(world)
    desk = boss(world)
    pressed(desk, "ask")
    assert pressed(desk, "confirm").status == 403
    assert brake(world).stopped_at is not None


def test_without_a_first_supervisor_nothing_is_confirmed(world: World) -> None:
    stopped(world)
    assert pressed(boss(world), "confirm").status == 409
    assert brake(world).stopped_at is not None


def test_a_first_supervisor_can_withdraw_and_nobody_else_can(world: World) -> None:
    stopped(world)
    first, second = boss(world), boss(world)
    pressed(first, "ask")
    assert pressed(second, "withdraw").status == 403
    assert pressed(first, "withdraw").location == "/messages?done=withdrawn"
    assert pressed(first, "withdraw").status == 409
    assert pressed(second, "confirm").status == 409
    assert brake(world).stopped_at is not None


def test_an_asking_waits_four_hours_and_can_then_be_asked_anew(world: World) -> None:
    stopped(world)
    first, second, third = (new_officer(name) for name in ("Sgt Ash", "Sgt Yew", "Sgt Oak"))
    pressed(desk_of(world, first), "ask")
    world.clock.forward(hours=4)
    assert pressed(desk_of(world, second), "confirm").status == 409
    assert pressed(desk_of(world, second), "ask").status == 303
    assert pressed(desk_of(world, third), "confirm").status == 303
    assert brake(world).stopped_at is None


def test_who_was_taken_off_the_staff_list_counts_no_longer_as_the_first(world: World) -> None:
    stopped(world)
    first = new_officer("Sgt Ash")
    pressed(desk_of(world, first), "ask")
    gone = StaffMember(first.id, first.name, first.number, first.team, active=False)
    world.deps.ledger.write([world.deps.cases.keep_member(gone)])
    second = boss(world)
    assert "Sgt Ash" not in second.get(PAGE).main
    assert pressed(second, "confirm").status == 409
    assert pressed(second, "ask").status == 303


def test_who_last_signed_in_as_an_officer_counts_no_longer_as_the_first(world: World) -> None:
    stopped(world)
    first = new_officer("Sgt Ash")
    pressed(desk_of(world, first), "ask")
    world.deps.ledger.write([world.deps.cases.note_role(first.id, "officer")])
    assert pressed(boss(world), "confirm").status == 409
    assert brake(world).stopped_at is not None


def test_a_press_on_an_old_page_does_not_release_a_later_stop(world: World) -> None:
    stopped(world)
    first, second = boss(world), boss(world)
    pressed(first, "ask")
    old = second.get(PAGE).fields(PAGE)
    pressed(boss(world), "confirm")
    stopped(world)
    pressed(first, "ask")
    assert second.send(PAGE, {**old, "do": "confirm"}).status == 409
    assert brake(world).stopped_at is not None


def test_two_who_ask_at_once_are_not_one_who_confirms(world: World) -> None:
    stopped(world)
    first, second = boss(world), boss(world)
    fields = second.get(PAGE).fields(PAGE)
    pressed(first, "ask")
    assert second.send(PAGE, {**fields, "do": "ask"}).status == 409
    assert brake(world).asked_by is not None
    assert brake(world).stopped_at is not None


def test_while_sending_is_stopped_the_list_says_that_nothing_leaves_now(world: World) -> None:
    officer = new_officer()
    case_by_text(world, officer)
    stopped(world)
    (row,) = rows(boss(world, officer.team).get(PAGE))
    assert row.startswith("When sending goes on")


# --- who, and whether anything leaves


@pytest.mark.parametrize("role", ["officer", "witness_care", "partner", "administrator"])
def test_only_supervisors_see_messages_or_release_the_brake(world: World, role: str) -> None:
    stopped(world)
    desk = desk_of(world, new_officer(), role)
    seen = desk.get(PAGE)
    assert seen.status == 403
    fields = {**seen.fields("/sign-out"), "seen": "x", "which": "x"}
    for do in ("ask", "confirm", "withdraw", "dealt"):
        assert desk.send(PAGE, {**fields, "do": do}).status == 403
    assert brake(world).asked_by is None


def test_a_button_that_is_none_is_not_understood(world: World) -> None:
    desk = boss(world)
    assert desk.send(PAGE, {**token_of(desk), "do": "send"}).status == 400


def test_the_team_leads_to_the_messages(world: World) -> None:
    seen = boss(world).get("/team")
    assert any(link.get("href") == PAGE for link in seen.tree.iter("a"))


@pytest.mark.parametrize("how", [OFF, CONSOLE, NOTIFY, AWS])
def test_the_page_says_whether_anything_leaves(world: World, how: str) -> None:
    settings = world.parts[STAFF][0]
    assert settings.staff is not None
    there = replace(settings, staff=replace(settings.staff, sending=SendingSettings(how=how)))
    assert leaves_words(there) == LEAVES[how]
    away = replace(there, origin="https://desk.force.example")
    assert leaves_words(away) == LEAVES[OFF if how == CONSOLE else how]

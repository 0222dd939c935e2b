"""The minimum expectations on the pages of staff, of an ISVA and of the victim."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreements import NEEDS
from chalicelib.domain.cases import TeamId, Told
from chalicelib.domain.promises import WELCOME
from chalicelib.services.keep_line import LineDone, keep_line
from chalicelib.services.record_contact import record_contact
from chalicelib.settings import PUBLIC
from tests.builders import STOKE
from tests.integration.partner_steps import agency, has_hearing, with_partners
from tests.integration.services.following import followed, only
from tests.integration.services.line_steps import assault, every, has_isva, lines, loses_isva
from tests.integration.services.staff_steps import staff
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from chalicelib.domain.promises import Promise
    from tests.builders import SeededCase
    from tests.integration.conftest import World as AnyWorld
    from tests.pages import Visitor

TODAY = date(2026, 11, 18)


@pytest.fixture
def world(world: AnyWorld) -> AnyWorld:
    """Both services with partner agencies of this test alone."""
    return with_partners(world)


def _address(case: SeededCase, promise: Promise, side: str = "cases") -> str:
    return f"/{side}/{case.key}/line?victim={case.victim}&promise={promise.id}"


def _isva(world: AnyWorld) -> Visitor:
    team = agency(world, "isva").team
    return world.desk(f"linden-{team}", role="partner", team=TeamId(team), name="Linden Example")


# --- the case page


def test_the_case_page_lists_every_line_with_where_it_stands(world: AnyWorld) -> None:
    case = assault(world)
    has_isva(world, case)
    welcome = only(world, case, WELCOME)
    told = Told(TODAY, "by phone")
    record_contact(world.deps, staff(world), case.key, case.victim, told, promise_id=welcome.id)
    page = world.desk().get(f"/cases/{case.key}")
    assert page.status == 200
    for words in (
        "Police and ISVA expectations",
        (
            "Open. 2. Get in touch with them in the way that is safe ISVA to the victim. Due "
            "Friday 20 November 2026, in the list of Linden Example."
        ),
        "Kept. 4. Give your name and how to reach you",
        "Kept on Wednesday 18 November 2026.",
        "Kept. 1. Offer an ISVA.",
        "Kept on Wednesday 18 November 2026 by their agreement to a service.",
        "Not begun yet (",
        "a local standard, still to be agreed",
    ):
        assert words in page.main, words
    assert "national rule" not in page.main


def test_of_other_crimes_the_case_page_says_nothing_of_isvas(world: AnyWorld) -> None:
    case = followed(world)
    page = world.desk().get(f"/cases/{case.key}")
    assert "ISVA" not in page.main
    assert "think of stopping" not in page.main


def test_a_late_line_is_late_in_words_and_says_who_looks_into_it(world: AnyWorld) -> None:
    case = assault(world)
    offer = lines(world, case)["offer"]
    world.deps.ledger.write(
        [world.deps.threads.raise_promise(offer, "Linden Example", world.clock())]
    )
    world.clock.forward(days=5)
    page = world.desk().get(f"/cases/{case.key}")
    assert "Late: 2" in page.main
    assert "in the list of PC Example; Linden Example is looking into it." in page.main


def test_each_victim_has_a_list_of_their_own(world: AnyWorld) -> None:
    case = assault(world, victims=("V1", "V2"))
    offer = lines(world, case, "V1")["offer"]
    done = LineDone(TODAY, "in person, they said no")
    keep_line(world.deps, staff(world), case.key, case.victim, offer.id, done=done)
    page = world.desk().get(f"/cases/{case.key}")
    names = [e.get("aria-label") for e in page.tree.iter("section")]
    assert {"Expectations of Victim V1", "Expectations of Victim V2"} <= set(names)
    assert page.main.count("they said no") == 2  # the list, and what is done


def test_what_stays_with_an_isva_is_no_hand_over_that_was_cut_short(world: AnyWorld) -> None:
    case = assault(world)
    has_isva(world, case)
    page = world.desk().get(f"/cases/{case.key}")
    assert "Move it to the officer in charge" not in page.main


# --- recording


def test_an_officer_records_the_offer_with_its_answer(world: AnyWorld) -> None:
    officer = new_officer()
    case = assault(world, officer=officer)
    desk = world.desk(officer.id, team=officer.team, name=officer.name)
    row = desk.get("/")
    assert "Offer an ISVA. If they say yes, pass on how they can safely be reached" in row.main
    assert "One of the police and ISVA expectations." in row.main
    address = _address(case, lines(world, case)["offer"])
    assert address in {a.get("href") for a in row.tree.iter("a")}
    form = desk.get(address)
    assert "Number 1 of the police and ISVA expectations" in form.main
    fields = form.fields(f"/cases/{case.key}/line")
    sent = {**fields, "how": "phone", "answer": "not_now", "on": "today"}
    assert desk.send(f"/cases/{case.key}/line", sent).status == 303
    assert every(world, case, "offer")[0].kept_how == "by phone, they said not now"
    page = desk.get(f"/cases/{case.key}?done=line")
    assert "Recorded. It stands among the police and ISVA expectations." in page.main


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(
    world: AnyWorld,
) -> None:
    case = assault(world)
    desk, path = world.desk(), f"/cases/{case.key}/line"
    fields = desk.get(_address(case, lines(world, case)["offer"])).fields(path)
    empty = desk.send(path, fields)
    assert empty.status == 400
    for words in (
        "Say how it was done, or why it is not owed.",
        "Say what they answered.",
        "Write the day like 2026-12-04",
    ):
        assert words in empty.main
    early = desk.send(path, {**fields, "how": "phone", "answer": "yes", "on": "1/11/2026"})
    assert "is before the day from which it was owed" in early.main
    kept = early.fields(path)
    assert (kept["how"], kept["answer"], kept["on"]) == ("phone", "yes", "1/11/2026")
    assert every(world, case, "offer")[0].is_open


def test_what_does_not_apply_needs_neither_day_nor_answer(world: AnyWorld) -> None:
    case = assault(world)
    desk, path = world.desk(), f"/cases/{case.key}/line"
    fields = desk.get(_address(case, lines(world, case)["offer"])).fields(path)
    assert desk.send(path, {**fields, "how": "not_for_them"}).status == 303
    assert every(world, case, "offer")[0].cancelled_why == "It does not apply to them."


def test_who_is_second_reads_that_somebody_was_first(world: AnyWorld) -> None:
    case = assault(world)
    offer = lines(world, case)["offer"]
    desk, path = world.desk(), f"/cases/{case.key}/line"
    fields = desk.get(_address(case, offer)).fields(path)
    done = LineDone(TODAY, "in person, they said yes")
    keep_line(world.deps, staff(world), case.key, case.victim, offer.id, done=done)
    second = desk.send(path, {**fields, "how": "phone", "answer": "no", "on": "today"})
    assert second.status == 409
    assert "Somebody was first" in second.main
    assert every(world, case, "offer")[0].kept_how == "in person, they said yes"


def test_a_line_of_a_case_that_does_not_exist_for_them_is_a_missing_page(world: AnyWorld) -> None:
    case = assault(world)
    stranger = world.desk("pc-elsewhere", team=STOKE)
    for address in (
        _address(case, lines(world, case)["offer"]),
        f"/cases/{case.key}/line?victim={case.victim}&promise=x",
        f"/cases/{case.key}/line",
    ):
        assert stranger.get(address).status == 404
    assert world.desk().get(f"/cases/{case.key}/line?victim=x&promise=x").status == 404


def test_one_press_notes_that_they_think_of_stopping(world: AnyWorld) -> None:
    case = assault(world)
    desk, path = world.desk(), f"/cases/{case.key}/stopping"
    fields = desk.get(f"/cases/{case.key}").fields(path)
    assert desk.send(path, fields).location == f"/cases/{case.key}?done=stopping"
    page = desk.get(f"/cases/{case.key}?done=stopping")
    assert "Somebody tells them what they can choose" in page.main
    assert "Open. 9. Say what they can choose, without pressure" in page.main
    assert "They think of stopping" not in page.main


# --- an ISVA


def test_an_isva_records_a_line_of_their_own(world: AnyWorld) -> None:
    case = assault(world)
    has_isva(world, case)
    isva, path = _isva(world), f"/support/{case.key}/line"
    person = isva.get(f"/support/{case.key}?victim={case.victim}")
    address = _address(case, lines(world, case)["first_contact"], "support")
    assert address in {a.get("href") for a in person.tree.iter("a")}
    form = isva.get(address)
    assert "Get in touch with them in the way that is safe" in form.main
    assert isva.send(path, form.fields(path)).status == 400
    sent = {**form.fields(path), "how": "phone", "on": "today"}
    answer = isva.send(path, sent)
    assert answer.location == f"/support/{case.key}?victim={case.victim}&done=line"
    assert "Recorded" in isva.get(answer.location).main
    assert every(world, case, "first_contact")[0].kept_how == "by phone"


def test_once_it_is_withdrawn_the_isvas_next_press_shows_nothing(world: AnyWorld) -> None:
    case = assault(world)
    has_isva(world, case)
    isva, path = _isva(world), f"/support/{case.key}/line"
    address = _address(case, lines(world, case)["first_contact"], "support")
    form = isva.get(address).fields(path)
    loses_isva(world, case)
    pressed = isva.send(path, {**form, "how": "phone", "on": "today"})
    assert pressed.status == 404
    assert case.reference not in pressed.body
    assert isva.get(address).status == 404


def test_the_police_have_no_page_of_an_isva_and_an_isva_none_of_the_police(
    world: AnyWorld,
) -> None:
    case = assault(world)
    has_isva(world, case)
    promise = lines(world, case)["first_contact"]
    assert world.desk().get(_address(case, promise, "support")).status == 403
    assert _isva(world).get(_address(case, promise)).status == 403


def test_an_isva_reads_what_the_police_are_late_with_and_what_they_may_not_know_is_left_out(
    world: AnyWorld,
) -> None:
    case = assault(world, stage="with_cps")
    has_isva(world, case, NEEDS)
    page = f"/support/{case.key}?victim={case.victim}"
    wishes = lines(world, case)["wishes"]
    world.clock.forward(days=5)
    assert "Late with the police" not in _isva(world).get(page).main
    raised = world.deps.threads.raise_promise(wishes, "Linden Example", world.clock())
    world.deps.ledger.write([raised])
    seen = _isva(world).get(page).main
    assert "Late with the police" in seen
    assert "Write down what they would like at court (MG2)" in seen
    has_hearing(world, case, date(2026, 11, 25))
    meeting = lines(world, case)["meeting"]
    world.clock.forward(days=5)
    raised = world.deps.threads.raise_promise(meeting, "Linden Example", world.clock())
    world.deps.ledger.write([raised])
    assert "See that the prosecutor" not in _isva(world).get(page).main


# --- the victim


def test_the_victims_page_says_their_side_and_names_neither_crime_nor_isva(
    world: AnyWorld,
) -> None:
    case = assault(world)
    has_isva(world, case)
    page = world.victim(case).get("/case")
    for words in (
        "Your support worker gets in touch with you in the way that is safe for you",
        (
            "We aim for 2 working days from Wednesday 18 November 2026. That is a local standard, "
            "still to be agreed."
        ),
    ):
        assert words in page.main, words
    for unsaid in ("ISVA", "sexual", "Sexual", "rape", "Rape", "introduc"):
        assert unsaid not in page.body, unsaid
    assert world.parts[PUBLIC][1].rules.expectations


def test_a_victim_reads_that_we_are_late_and_who_looks_into_it(world: AnyWorld) -> None:
    case = assault(world)
    offer = lines(world, case)["offer"]
    world.deps.ledger.write(
        [world.deps.threads.raise_promise(offer, "Sergeant Sorrel", world.clock())]
    )
    world.clock.forward(days=5)
    page = world.victim(case).get("/case")
    assert (
        "This should have been done for you, “Someone asks you whether you would like a support "
        "worker beside you”, by Friday 20 November 2026. We are sorry. Sergeant Sorrel is now "
        "looking into it." in page.main
    )

"""What an officer presses to keep what is owed: from the list, and on the case page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.promises import TELL, UPDATE, WELCOME
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.record_outcome import News, record_outcome
from tests.builders import seed_case
from tests.integration.services.following import followed, in_rhythm, only, owed
from tests.integration.services.staff_steps import asked, case_of, file_of, staff
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Visitor

TODAY = date(2026, 11, 18)  # a Wednesday


def _desk(world: World, officer: Officer) -> Visitor:
    return world.desk(officer.id, team=officer.team, name=officer.name)


def _owed_list(world: World) -> tuple[Officer, SeededCase, Visitor]:
    officer = new_officer()
    case = in_rhythm(world, officer=officer)
    # On the day on which they heard from us nothing new is not offered.
    world.clock.forward(days=1)
    return officer, case, _desk(world, officer)


# --- the list


def test_the_list_says_what_is_owed_and_the_shortest_way_to_keep_it(world: World) -> None:
    officer, case, desk = _owed_list(world)
    asked(world, case)
    news = EventNews("suspect_interviewed", TODAY, {case.victim: None})
    session = staff(world, officer.id, team=officer.team)
    record_event(
        world.deps, session, case.key, news, seen=case_of(world, case).version, form_key="f"
    )
    page = desk.get("/")
    for words in (
        "Answer a question",
        "Tell the victim: Someone is interviewed under caution",
        "Give an update",
        "Get in touch for the first time",
    ):
        assert words in page.main, words
    ids = {kind: only(world, case, kind).id for kind in (TELL, UPDATE, WELCOME)}
    ways = {a.get("href") for a in page.tree.iter("a")}
    contact = f"/cases/{case.key}/contact?victim={case.victim}&promise="
    assert {
        f"/cases/{case.key}#update",
        f"{contact}{ids[TELL]}",
        f"{contact}{ids[WELCOME]}",
        f"/cases/{case.key}#promise-{ids[UPDATE]}",
    } <= ways
    assert page.has_form(f"/cases/{case.key}/nothing-new")


def test_a_safe_mode_row_warns_before_anybody_rings(world: World) -> None:
    officer = new_officer()
    followed(world, officer=officer, flags=("domestic_abuse",))
    line = "Safe mode. Here only: nothing agreed. Ask before you ring, write or visit."
    assert line in _desk(world, officer).get("/").main


def test_nothing_new_takes_one_press_from_the_list(world: World) -> None:
    _, case, desk = _owed_list(world)
    desk.get("/")
    path = f"/cases/{case.key}/nothing-new"
    pressed = desk.post(path)
    assert (pressed.status, pressed.location) == (303, "/?done=nothing-new")
    page = desk.follow()
    assert "Written: there is nothing new." in page.main
    assert "They heard that there is nothing new once." in page.main
    assert "There is nothing new since" in world.victim(case).get("/case").main
    assert len(case_of(world, case).updates) == 1


def test_a_press_that_came_second_says_so_and_writes_nothing(world: World) -> None:
    _, case, desk = _owed_list(world)
    page = desk.get("/")
    path = f"/cases/{case.key}/nothing-new"
    fields = page.fields(path)
    desk.post(path)
    assert desk.send(path, {**fields, "promise": "another"}).location == "/?done=first"
    assert "Somebody was first" in desk.follow().main
    assert len(case_of(world, case).updates) == 1


def test_a_press_while_news_waits_to_be_told_says_to_tell_first(world: World) -> None:
    officer, case, desk = _owed_list(world)
    desk.get("/")
    session = staff(world, officer.id, team=officer.team)
    news = News("no_further_action", TODAY, "no_suspect_found")
    seen = case_of(world, case).version
    record_outcome(world.deps, session, case.key, news, seen=seen, form_key="f")
    assert desk.post(f"/cases/{case.key}/nothing-new").location == "/?done=untold"
    assert "Tell them first." in desk.follow().main


def test_on_the_day_of_an_update_the_list_offers_no_nothing_new(world: World) -> None:
    _, case, desk = _owed_list(world)
    path = f"/cases/{case.key}/nothing-new"
    fields = desk.get("/").fields(path)
    desk.post(path)
    assert not desk.follow().has_form(path)
    again = only(world, case, UPDATE).id
    assert desk.send(path, {**fields, "promise": again}).location == "/?done=today"
    assert "They heard from us today already." in desk.follow().main
    assert len(case_of(world, case).updates) == 1


def test_where_nothing_is_written_to_victims_the_list_offers_no_press(world: World) -> None:
    officer = new_officer()
    case = in_rhythm(world, officer=officer, flags=("opposed_victims",))
    page = _desk(world, officer).get("/")
    assert not page.has_form(f"/cases/{case.key}/nothing-new")


# --- a contact


def test_a_first_contact_is_recorded_with_the_rhythm_that_was_agreed(world: World) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    desk, path = _desk(world, officer), f"/cases/{case.key}/contact"
    desk.get(f"{path}?victim={case.victim}&promise={only(world, case, WELCOME).id}")
    page = desk.post(path, how="phone", on="yesterday", rhythm="every_5")
    assert page.status == 400
    assert "is before the day from which it was owed, Wednesday 18 November 2026" in page.main
    assert (page.fields(path)["how"], page.fields(path)["rhythm"]) == ("phone", "every_5")
    assert desk.post(path, on="today").location == f"/cases/{case.key}?done=contact"
    page = desk.follow()
    assert "Updates: every 5 working days (chosen by PC Alder" in page.main
    assert only(world, case, UPDATE).due_on == date(2026, 11, 25)


def test_a_contact_without_how_and_when_keeps_what_was_typed(world: World) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    desk, path = _desk(world, officer), f"/cases/{case.key}/contact"
    desk.get(f"{path}?victim={case.victim}&promise={only(world, case, WELCOME).id}")
    page = desk.post(path, on="soon")
    assert page.status == 400
    assert "Say how they were contacted." in page.main
    assert page.fields(path)["on"] == "soon"


def test_a_contact_that_somebody_recorded_first_stores_nothing_more(world: World) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    desk, path = _desk(world, officer), f"/cases/{case.key}/contact"
    fields = desk.get(
        f"{path}?victim={case.victim}&promise={only(world, case, WELCOME).id}"
    ).fields(path)
    assert desk.send(path, {**fields, "how": "phone", "on": "today"}).status == 303
    page = desk.send(path, {**fields, "how": "in_person", "on": "today"})
    assert page.status == 409
    assert "Somebody was first" in page.main


# --- an event


def test_recording_an_event_says_what_it_made(world: World) -> None:
    officer = new_officer()
    case = followed(world, officer=officer, victims=("V1", "V2", "V3"))
    desk, path = _desk(world, officer), f"/cases/{case.key}/event"
    desk.get(path)
    first, second = case.victims["V1"], case.victims["V2"]
    sent = desk.post(
        path,
        event="suspect_interviewed",
        happened_on="today",
        **{f"how_{first}": "not_yet", f"how_{second}": "in_person", f"on_{second}": "today"},
    )
    assert sent.status == 303
    page = desk.follow()
    assert (
        "Victim V1: to be told by Wednesday 25 November 2026 (5 working days from Wednesday "
        "18 November 2026, the Victims' Code)." in page.main
    )
    assert "Victim V2: told in person on Wednesday 18 November 2026." in page.main
    assert "Suspect interviewed under caution" in page.main
    assert not owed(world, case, TELL, "V3")


def test_the_form_offers_only_what_can_happen_in_the_case_as_it_stands(world: World) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    desk, path = _desk(world, officer), f"/cases/{case.key}/event"
    page = desk.get(path).main
    assert "Suspect arrested" in page
    assert "Time date place" not in page
    assert "Sentence with short explanation" not in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"event": ""}, "Choose what happened."),
        ({"event": "sentence"}, "Choose what happened."),
        ({"event": "hearing_listed"}, "Nobody is charged in this case."),
        ({"happened_on": "tomorrow"}, "has not come yet"),
        ({"happened_on": "1/11/2026"}, "is before the report, Monday 2 November 2026"),
        ({"happened_on": "soon"}, "Write the day like 2026-12-04"),
        ({"how": "no"}, "Choose whom this is for."),
        ({"how": "in_person", "on": "17/11/2026"}, "is before the day of it"),
        ({"how": "in_person", "on": ""}, "was told on: write the day"),
        ({"how": "here", "text": "Words."}, "a person tells this first"),
        ({"how": "letter", "on": "today"}, "a person tells this first"),
        ({"text": "Nobody reads this."}, "Nobody reads these words"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    world: World, fields: dict[str, str], words: str
) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    desk, path = _desk(world, officer), f"/cases/{case.key}/event"
    desk.get(path)
    typed = {"event": "suspect_interviewed", "happened_on": "today", "how": "not_yet", **fields}
    for name in ("how", "on"):
        if name in typed:
            typed[f"{name}_{case.victim}"] = typed.pop(name)
    page = desk.post(path, **typed)
    assert page.status == 400
    assert words in page.main
    kept = page.fields(path)
    for name in ("happened_on", f"how_{case.victim}", f"on_{case.victim}", "text"):
        assert kept[name].strip() == typed.get(name, ""), name
    assert not case_of(world, case).events
    assert not owed(world, case, TELL)


def test_the_same_event_twice_is_refused_with_its_day(world: World) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    desk, path = _desk(world, officer), f"/cases/{case.key}/event"
    typed = {
        "event": "suspect_interviewed",
        "happened_on": "today",
        f"how_{case.victim}": "not_yet",
    }
    desk.get(path)
    assert desk.post(path, **typed).status == 303
    desk.get(path)
    page = desk.post(path, **typed)
    assert page.status == 400
    assert "This is recorded already, for Wednesday 18 November 2026." in page.main
    assert len(case_of(world, case).events) == 1


def test_an_event_of_an_investigation_needs_a_case_without_an_outcome(world: World) -> None:
    officer = new_officer()
    case = seed_case(
        world.deps,
        officer=officer,
        stage="no_further_action",
        outcome="no_suspect_found",
        told=True,
    )
    desk, path = _desk(world, officer), f"/cases/{case.key}/event"
    desk.get(path)
    page = desk.post(
        path,
        event="suspect_arrested",
        happened_on="today",
        **{f"how_{case.victim}": "not_yet"},
    )
    assert page.status == 400
    assert "This case has an outcome: No further action." in page.main
    assert not case_of(world, case).events


def test_a_victim_who_wants_to_hear_nothing_more_is_not_named(world: World) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    desk, path = _desk(world, officer), f"/cases/{case.key}/event"
    desk.get(f"/cases/{case.key}/rhythm?victim={case.victim}")
    page = desk.post(f"/cases/{case.key}/left")
    assert page.status == 400
    assert "Say how they said it." in page.main
    assert desk.post(f"/cases/{case.key}/left", how="in_person").status == 303
    assert "Asked on Wednesday 18 November 2026 to hear nothing more." in desk.follow().main
    desk.get(path)
    typed = {"event": "suspect_arrested", "happened_on": "today"}
    page = desk.post(path, **typed, **{f"how_{case.victim}": "not_yet"})
    assert page.status == 400
    assert "Victim V1 asked on Wednesday 18 November 2026 to hear nothing more." in page.main
    assert not case_of(world, case).events
    assert not desk.get(f"/cases/{case.key}/rhythm?victim={case.victim}").has_form(
        f"/cases/{case.key}/rhythm"
    )
    assert desk.post(f"/cases/{case.key}/left", back="yes").status == 303
    assert "They are followed again" in desk.follow().main
    assert only(world, case, WELCOME).is_open


def test_practical_news_waits_on_the_page_while_the_charge_was_not_told(world: World) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    session = staff(world, officer.id, team=officer.team)
    charge = News("charged", TODAY, "charged")
    record_outcome(world.deps, session, case.key, charge, seen=0, form_key="f")
    before = world.victim(case).get("/case").main
    desk, path = _desk(world, officer), f"/cases/{case.key}/event"
    desk.get(path)
    typed = {"event": "hearing_listed", "happened_on": "today", "text": "On 4 January."}
    page = desk.post(path, **typed, **{f"how_{case.victim}": "here"})
    assert page.status == 400
    assert "Victim V1 has not been told the newest news." in page.main
    assert desk.post(path, text="", **{f"how_{case.victim}": "not_yet"}).status == 303
    assert world.victim(case).get("/case").main == before


def test_somebody_who_changed_the_case_meanwhile_is_seen_before_anything_is_stored(
    world: World,
) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    first, second = _desk(world, officer), world.desk("pc-else", team=officer.team)
    path = f"/cases/{case.key}/event"
    first.get(path)
    second.get(f"/cases/{case.key}")
    update = f"/cases/{case.key}/update"
    assert second.post(update, to=case.victim, choice="none", text="We are on it.").status == 303
    typed = {f"how_{case.victim}": "not_yet", "event": "suspect_arrested", "happened_on": "today"}
    page = first.post(path, **typed)
    assert page.status == 409
    assert "We are on it." in page.main
    assert first.post(path).status == 303


# --- how often


def test_an_officer_notes_how_often_a_victim_wants_updates(world: World) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    desk, path = _desk(world, officer), f"/cases/{case.key}/rhythm"
    assert "Nobody has asked yet" in desk.get(f"/cases/{case.key}").main
    desk.get(f"{path}?victim={case.victim}")
    page = desk.post(path)
    assert page.status == 400
    assert "Choose what you agreed with them." in page.main
    assert desk.post(path, rhythm="every_20").status == 303
    assert "every 20 working days (chosen by PC Alder" in desk.follow().main
    assert only(world, case, UPDATE).due_on == date(2026, 12, 16)


# --- words are looked at before they go


def test_an_answer_that_names_somebody_needs_a_second_press(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    desk, path = world.desk(), f"/cases/{case.key}/answer"
    desk.get(f"/cases/{case.key}")
    text = "We have spoken to Darren Miller of 12 Mill Lane. Call 07700 900123. PC Example."
    page = desk.post(path, answer=text)
    assert page.status == 400
    for words in ("“Darren Miller” looks like a person's name", "an address", "a phone number"):
        assert words in page.main, words
    assert "“PC Example”" not in page.main
    assert not file_of(world, case).threads[0].answers
    other = desk.post(path, answer=text + " And Karen Smith.")
    assert other.status == 400
    assert desk.post(path).status == 303
    (answer,) = file_of(world, case).threads[0].answers
    assert answer.text == text + " And Karen Smith."


def test_an_update_that_names_somebody_needs_a_second_press(world: World) -> None:
    case = seed_case(world.deps)
    desk, path = world.desk(), f"/cases/{case.key}/update"
    desk.get(f"/cases/{case.key}")
    page = desk.post(path, to=case.victim, choice="none", text="Mr Smith lives at ST16 3XX.")
    assert page.status == 400
    assert "“Mr Smith” looks like a person's name" in page.main
    assert not case_of(world, case).updates
    assert desk.post(path).status == 303
    assert len(case_of(world, case).updates) == 1


def test_a_ready_answer_goes_into_the_box_to_be_changed(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    desk, path = world.desk(), f"/cases/{case.key}/answer"
    desk.get(f"/cases/{case.key}")
    (ready, *_) = world.deps.rules.replies_for("investigating")
    page = desk.post(path, ready=ready.key, answer="Hello.", fill="yes")
    assert page.status == 200
    assert page.fields(path)["answer"].strip() == f"Hello.\n\n{ready.text}"
    assert not file_of(world, case).threads[0].answers
    assert desk.post(path).status == 303


def test_a_ready_answer_that_was_only_chosen_is_shown_before_it_is_sent(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    desk, path = world.desk(), f"/cases/{case.key}/answer"
    desk.get(f"/cases/{case.key}")
    (ready, *_) = world.deps.rules.replies_for("investigating")
    page = desk.post(path, ready=ready.key)
    assert page.fields(path)["answer"].strip() == ready.text
    assert not file_of(world, case).threads[0].answers


def test_ready_answers_give_nothing_away_that_the_victim_was_not_told(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    session = staff(world)
    news = News("released_bail", TODAY)
    record_outcome(world.deps, session, case.key, news, seen=0, form_key="f")
    page = world.desk().get(f"/cases/{case.key}")
    offered = {
        o.get("value") for s in page.tree.iter("select") if s.get("name") == "ready" for o in s
    }
    assert not offered & {row.key for row in world.deps.rules.replies_for("released_bail")}
    assert {row.key for row in world.deps.rules.replies_for("investigating")} <= offered


def test_a_ready_sentence_goes_into_the_box_to_be_changed(world: World) -> None:
    case = seed_case(world.deps)
    desk, path = world.desk(), f"/cases/{case.key}/update"
    desk.get(f"/cases/{case.key}")
    (ready, *_) = world.deps.rules.updates_for("investigating")
    page = desk.post(path, to=case.victim, choice=ready.key, text="More soon.", fill="yes")
    assert page.status == 200
    kept = page.fields(path)
    assert kept["text"].strip() == f"{ready.text}\n\nMore soon."
    assert (kept["choice"], kept["to"]) == ("none", case.victim)
    assert not case_of(world, case).updates

"""Measures on the desk: each step by its form, what it warns of, and what is never lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import MAGISTRATES
from chalicelib.domain.promises import TELL
from chalicelib.services.wish_measures import change_mind, wish_measures
from tests.builders import STOKE
from tests.integration.services.following import followed, only, owed
from tests.integration.services.measure_steps import (
    measure_of,
    open_tasks,
    plead,
    states,
    step,
    tasks,
)
from tests.integration.services.staff_steps import case_of, file_of, victim
from tests.integration.web.victim_steps import record_outcome

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor


@pytest.fixture
def case(world: World) -> SeededCase:
    """Return a case of abuse in which somebody is charged, and its victim was told."""
    return followed(world, stage="charged", told=True, flags=("domestic_abuse",))


def opens(desk: Visitor, case: SeededCase, to: str, measure: str = "screen") -> Seen:
    """Open the form of a step."""
    here = f"/cases/{case.key}/measures/step"
    return desk.get(f"{here}?victim={case.victim}&measure={measure}&to={to}")


def sends(desk: Visitor, case: SeededCase, **fields: str) -> Seen:
    """Send the form of a step."""
    return desk.post(f"/cases/{case.key}/measures/step", **fields)


def records(
    desk: Visitor, case: SeededCase, to: str, measure: str = "screen", **fields: str
) -> Seen:
    """Open the form of a step, fill it and send it."""
    opens(desk, case, to, measure)
    return sends(desk, case, **{"on": "today", **fields})


def measures(desk: Visitor, case: SeededCase) -> Seen:
    """Open a victim's measures."""
    return desk.get(f"/cases/{case.key}/measures?victim={case.victim}")


def test_from_adding_one_to_the_court_and_the_telling(world: World, case: SeededCase) -> None:
    desk = world.desk()
    assert "Nothing yet" in measures(desk, case).main
    for to, fields in (
        ("discussed", {"view": "I do not want to see them."}),
        ("asked", {"note": "On form MG2 of today."}),
        ("applied", {}),
        ("refused", {"note": "The court saw no reason.", "how": "not_yet"}),
    ):
        world.clock.forward(minutes=1)
        sent = records(desk, case, to, **fields)
        assert sent.status == 303, sent.main
    page = desk.follow()
    assert "They are owed to be told of it" in page.main
    assert "Not told yet. Until a person has told them" in page.main
    assert "I do not want to see them." in page.main
    promise = only(world, case, TELL)
    contact = f"/cases/{case.key}/contact"
    desk.get(f"{contact}?victim={case.victim}&promise={promise.id}")
    assert desk.post(contact, how="phone", on="today").status == 303
    assert measure_of(world, case).current.told
    assert "told by phone" in measures(desk, case).main


def test_the_note_of_a_decision_is_looked_at_before_they_read_it(
    world: World, case: SeededCase
) -> None:
    desk = world.desk()
    fields = {"note": "Ring 07700 900123.", "how": "not_yet"}
    seen = records(desk, case, "refused", **fields)
    assert seen.status == 400
    assert "looks like a phone number" in seen.main
    assert sends(desk, case, on="today", **fields).status == 303


@pytest.mark.parametrize(
    ("to", "fields", "sentence"),
    [
        ("discussed", {"on": "tomorrow", "view": "Words"}, "has not come yet"),
        ("discussed", {"on": "1/1/2020", "view": "Words"}, "is before the report"),
        ("discussed", {"on": "soon", "view": "Words"}, "Write the day like"),
        ("discussed", {"view": ""}, "Write what they think of it"),
        ("discussed", {"view": "x" * 2001}, "1 character too long"),
        ("refused", {"note": "", "how": "phone", "told_on": "today"}, "Write what was decided"),
        ("granted", {"note": "Words", "how": ""}, "Say how they were told"),
        ("granted", {"note": "Words", "how": "phone", "told_on": "tomorrow"}, "has not come yet"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    world: World, case: SeededCase, to: str, fields: dict[str, str], sentence: str
) -> None:
    desk = world.desk()
    seen = records(desk, case, to, **fields)
    assert seen.status == 400
    assert sentence in seen.main
    again = seen.fields(f"/cases/{case.key}/measures/step")
    for name in {"on", "view", "note", "told_on"} & fields.keys():
        assert again[name] == fields[name]
    assert not file_of(world, case).measures


def test_a_step_before_the_one_that_stands_is_refused_in_words(
    world: World, case: SeededCase
) -> None:
    step(world, case, "applied")
    seen = records(world.desk(), case, "granted", on="yesterday", how="not_yet")
    assert seen.status == 400
    assert "is before the last step" in seen.main


def test_of_two_people_at_once_the_second_sees_both(world: World, case: SeededCase) -> None:
    step(world, case, "discussed", view="Theirs")
    desk = world.desk()
    opens(desk, case, "asked")
    step(world, case, "asked", note="Noted by somebody else.")
    seen = sends(desk, case, on="today", note="My own words")
    assert seen.status == 409
    assert "Somebody was first" in seen.main
    assert "Noted by somebody else." in seen.main
    assert "My own words" in seen.main
    assert states(measure_of(world, case)) == ["discussed", "asked"]


@pytest.mark.parametrize("now", ["granted", "asked"])
def test_whoever_was_second_sees_both_although_their_own_day_is_wrong(
    world: World, case: SeededCase, now: str
) -> None:
    yesterday = world.deps.today() - timedelta(days=1)
    step(world, case, "wished", on=yesterday)
    desk = world.desk()
    opens(desk, case, "applied")
    step(world, case, now, note="Noted by somebody else.")
    seen = sends(desk, case, on="yesterday", note="My own words")
    assert seen.status == 409
    assert "Somebody was first" in seen.main
    assert "Noted by somebody else." in seen.main
    assert "My own words" in seen.main


def test_words_are_given_back_where_the_charge_is_gone(world: World, case: SeededCase) -> None:
    desk = world.desk()
    opens(desk, case, "granted")
    world.clock.forward(minutes=1)
    record_outcome(world, case, "under_investigation", stage="investigating")
    seen = sends(desk, case, on="today", note="My own words", how="not_yet")
    assert seen.status == 400
    assert "Nobody is charged in this case" in seen.main
    assert "My own words" in seen.main


def test_an_arrangement_is_arranged_before_a_charge_and_says_who_is_told(world: World) -> None:
    case = followed(world)
    desk = world.desk()
    form = opens(desk, case, "granted", "interpreter")
    assert "Their page shows it at once." in form.main
    sent = sends(desk, case, on="today", note="For every interview.", how="not_yet")
    assert sent.location.endswith("&done=recorded")
    seen = world.victim(case).get("/case/measures").main
    for words in ("This is arranged.", "For every interview."):
        assert words in seen


def test_a_measure_that_seems_not_open_is_warned_of_and_allowed_with_a_reason(
    world: World,
) -> None:
    case = followed(world, stage="charged", told=True)
    desk = world.desk()
    seen = opens(desk, case, "discussed")
    assert "the law does not seem to open this to them" in seen.main
    seen = sends(desk, case, on="today", view="I am afraid.")
    assert seen.status == 400
    assert "Say why it is asked for all the same." in seen.main
    sent = sends(desk, case, on="today", view="I am afraid.", reason="They fear the street.")
    assert sent.status == 303
    note = measure_of(world, case).current.note
    assert note == "Asked for all the same, because: They fear the street."
    assert "seem to open" not in opens(desk, case, "asked").main


def test_before_a_charge_the_court_decides_nothing(world: World) -> None:
    case = followed(world, flags=("domestic_abuse",))
    desk = world.desk()
    assert "Nobody is charged in this case" in opens(desk, case, "granted").main
    token = desk.seen.fields("/sign-out") if desk.seen else {}
    fields = {"victim": case.victim, "measure": "screen", "to": "granted", "version": "0"}
    seen = desk.send(
        f"/cases/{case.key}/measures/step",
        {**token, **fields, "on": "today", "note": "Words", "how": "not_yet"},
    )
    assert seen.status == 400
    assert not file_of(world, case).measures


# --- the plea and the limit


def test_a_plea_is_recorded_and_the_limit_is_said(world: World, case: SeededCase) -> None:
    desk = world.desk()
    step(world, case, "discussed")
    here = f"/cases/{case.key}/plea"
    desk.get(here)
    assert desk.post(here, on="today", court="crown").status == 303
    page = desk.follow()
    assert "The limit to apply for special measures is counted" in page.main
    assert "10 working days from Wednesday 18 November 2026" in page.main
    assert "by Wednesday 2 December 2026" in desk.get(here).main


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"on": "tomorrow", "court": "crown"}, "has not come yet"),
        ({"on": "1/1/2020", "court": "crown"}, "is before the report"),
        ({"on": "today"}, "Choose the court."),
        ({"on": "today", "court": "supreme"}, "Choose the court."),
    ],
)
def test_a_plea_with_something_missing(
    world: World, case: SeededCase, fields: dict[str, str], sentence: str
) -> None:
    desk, here = world.desk(), f"/cases/{case.key}/plea"
    desk.get(here)
    seen = desk.post(here, **fields)
    assert seen.status == 400
    assert sentence in seen.main
    assert seen.fields(here)["on"] == fields["on"]
    assert case_of(world, case).plea is None


def test_two_people_record_a_plea_at_once(world: World, case: SeededCase) -> None:
    desk, here = world.desk(), f"/cases/{case.key}/plea"
    desk.get(here)
    plead(world, case, world.deps.today(), MAGISTRATES)
    seen = desk.post(here, on="today", court="crown")
    assert seen.status == 409
    assert "Somebody changed this case" in seen.main
    assert "Magistrates" in seen.main
    assert desk.post(here, on="today", court="crown").status == 303


def test_a_limit_that_is_near_is_said_on_the_case(world: World) -> None:
    case = followed(world, stage="charged", told=True, reported_on=date(2026, 9, 1))
    step(world, case, "asked")
    plead(world, case, date(2026, 11, 6))
    page = world.desk().get(f"/cases/{case.key}")
    assert "2 working days are left to apply, until Friday 20 November 2026" in page.main


def test_late_is_said_to_be_possible_and_asks_why(world: World) -> None:
    case = followed(
        world, stage="charged", told=True, reported_on=date(2026, 9, 1), flags=("domestic_abuse",)
    )
    step(world, case, "asked", on=date(2026, 10, 1))
    plead(world, case, date(2026, 10, 1))
    desk = world.desk()
    assert "A late application is still possible" in measures(desk, case).main
    assert "A late application is still possible" in opens(desk, case, "applied").main
    assert "Say why it is late" in sends(desk, case, on="today").main
    assert sends(desk, case, on="today", note="The need was told last week.").status == 303
    assert not open_tasks(world, case, "apply")
    assert tasks(world, case, "apply")[0].kept_at


# --- what they said themselves


def test_a_changed_mind_stands_first_until_somebody_talked(world: World, case: SeededCase) -> None:
    step(world, case, "granted", "screen", told=None)
    step(world, case, "applied", "live_link")
    session = victim(world, case)
    change_mind(world.deps, session, "live_link")
    desk = world.desk()
    page = measures(desk, case).main
    assert page.index("They changed their mind on") < page.index("A screen")
    assert "They changed their mind" in desk.get(f"/cases/{case.key}").main
    here = f"/cases/{case.key}/measures/view"
    desk.get(f"{here}?victim={case.victim}&measure=live_link")
    assert desk.post(here, view="").status == 400
    assert desk.post(here, view="The link after all.").status == 303
    assert measure_of(world, case, "live_link").changed_mind_at is None
    assert measure_of(world, case, "live_link").view == "The link after all."
    assert not open_tasks(world, case, "talk")


def test_a_view_that_somebody_else_wrote_meanwhile_is_shown(world: World, case: SeededCase) -> None:
    step(world, case, "discussed", view="First")
    desk, here = world.desk(), f"/cases/{case.key}/measures/view"
    desk.get(f"{here}?victim={case.victim}&measure=screen")
    step(world, case, "asked", view="Second")
    seen = desk.post(here, view="Third")
    assert seen.status == 409
    assert "Second" in seen.main
    assert "Third" in seen.main


def test_a_wish_is_a_row_that_says_which(world: World, case: SeededCase) -> None:
    wish_measures(world.deps, victim(world, case), ["screen"])
    assert "The victim wishes it" in measures(world.desk(), case).main


# --- too unwell


def started(page: Seen, measure: str) -> str:
    """Return the address that starts one of the ways not to come to court."""
    links = (link.get("href") or "" for link in page.tree.iter("a"))
    return next(link for link in links if f"measure={measure}&to=discussed" in link)


def test_what_there_is_instead_is_started_with_what_they_think_of_it(
    world: World, case: SeededCase
) -> None:
    wish_measures(world.deps, victim(world, case), ["screen"])
    desk, here = world.desk(), f"/cases/{case.key}/unwell?victim={case.victim}"
    page = desk.get(here)
    for words in ("Your written statement is read out", "What it needs", "Who decides"):
        assert words in page.main
    form = desk.get(started(page, "unfit_statement"))
    fields = form.fields(f"/cases/{case.key}/measures/step")
    assert fields["note"] == "They may be too unwell to come to court."
    seen = sends(desk, case, on="today")
    assert "Write what they think of it" in seen.main
    assert len(open_tasks(world, case, "talk")) == 1
    assert sends(desk, case, on="today", view="It would spare me the way.").status == 303
    measure = measure_of(world, case, "unfit_statement")
    assert (states(measure), measure.view) == (["discussed"], "It would spare me the way.")
    assert measure.current.note == "They may be too unwell to come to court."
    assert "Go on with it" in desk.get(here).main
    records(desk, case, "granted", "unfit_statement", note="The statement is read.", how="not_yet")
    assert states(measure_of(world, case, "unfit_statement")) == ["discussed", "granted"]
    assert owed(world, case, TELL)


def test_what_seems_not_open_is_started_with_a_reason(world: World) -> None:
    case = followed(world, stage="charged", told=True)
    desk = world.desk()
    page = desk.get(f"/cases/{case.key}/unwell?victim={case.victim}")
    assert "Start it, and say why" in page.main
    form = desk.get(started(page, "live_link"))
    assert "a gun or a knife" in form.main
    assert "reason" in form.fields(f"/cases/{case.key}/measures/step")


# --- whose it is


def test_measures_of_others_do_not_exist(world: World, case: SeededCase) -> None:
    other = followed(world)
    elsewhere = world.desk("pc-elsewhere", team=STOKE)
    pages = (
        f"measures?victim={case.victim}",
        f"measures/step?victim={case.victim}&measure=screen&to=discussed",
        f"measures/view?victim={case.victim}&measure=screen",
        f"unwell?victim={case.victim}",
        "plea",
    )
    for page in pages:
        assert elsewhere.get(f"/cases/{case.key}/{page}").status == 404, page
        if "victim" in page:
            mine = page.replace(case.victim, other.victim)
            assert world.desk().get(f"/cases/{case.key}/{mine}").status == 404, page


@pytest.mark.parametrize(("measure", "to"), [("no_such", "asked"), ("screen", "no_such"), ("", "")])
def test_what_the_rules_do_not_know_does_not_exist(
    world: World, case: SeededCase, measure: str, to: str
) -> None:
    assert opens(world.desk(), case, to, measure).status == 404


def test_a_step_that_cannot_come_next_offers_what_can(world: World, case: SeededCase) -> None:
    step(world, case, "applied")
    page = opens(world.desk(), case, "discussed").main
    assert "This cannot come next" in page
    assert "The court allowed it" in page


def test_the_needs_stand_first_on_every_one_of_these_pages(world: World, case: SeededCase) -> None:
    step(world, case, "applied")
    desk = world.desk()
    for page in (
        f"measures?victim={case.victim}",
        f"measures/step?victim={case.victim}&measure=screen&to=granted",
        f"measures/view?victim={case.victim}&measure=screen",
        f"unwell?victim={case.victim}",
        "plea",
    ):
        assert "Needs of Victim V1" in desk.get(f"/cases/{case.key}/{page}").main, page


def test_the_last_day_of_the_limit_is_not_over(world: World) -> None:
    case = followed(world, stage="charged", told=True, reported_on=date(2026, 9, 1))
    step(world, case, "asked")
    plead(world, case, date(2026, 11, 4))
    desk = world.desk()
    assert "Today is the last day to apply" in measures(desk, case).main
    world.clock.forward(days=1)
    page = measures(world.desk(), case).main
    assert "Nobody has applied" not in page
    assert "nobody has applied for" in page

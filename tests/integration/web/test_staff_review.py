"""The page of a review before court, its forms, and the form of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.agreements import NEEDS, Agreement, View
from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.domain.promises import TASK, Working
from chalicelib.domain.staff import StaffMember
from chalicelib.services.tasks import TaskGiven, task_parts
from tests.integration.partner_steps import agency, says_yes, with_partners
from tests.integration.services.court_steps import (
    HEARING,
    charged,
    court_of,
    dated,
    needs_told,
    reviewed,
    reviews,
)
from tests.integration.services.following import owed
from tests.integration.services.staff_steps import case_of
from tests.integration.web.hostile_steps import token_of

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor


def _listed(world: World, **options: Any) -> SeededCase:
    case = charged(world, **options)
    dated(world, case)
    return case


def _desk(world: World, case: SeededCase, role: str = "officer") -> Visitor:
    officer = case_of(world, case).officer
    if role == "officer":
        return world.desk(officer.id, team=officer.team, name=officer.name)
    return world.desk(f"{role}-{officer.id}", role=role, team=officer.team, name=role.title())


def _path(case: SeededCase, form: str = "review") -> str:
    return f"/cases/{case.key}/{form}"


def _open(desk: Visitor, case: SeededCase) -> Seen:
    return desk.get(f"{_path(case)}?victim={case.victim}")


CLOSING = {"decisions": "Ask for a screen.", "there": "Sergeant Example; New Era"}


# --- what stands on the page


def test_the_page_shows_what_the_meeting_looks_at(world: World) -> None:
    case = _listed(world)
    needs_told(world, case)
    step = MeasureStep("discussed", world.deps.today(), world.clock(), "PC Example")
    view = View("She needs somebody beside her.", world.clock(), "Juniper Example")
    agreement = Agreement(
        "new_era",
        case.victim,
        case.key,
        case.reference,
        frozenset({NEEDS}),
        HEARING,
        world.clock(),
        "victim",
        view=view,
    )
    threads = world.deps.threads
    world.deps.ledger.write(
        [
            threads.keep_measure(case.victim, Measure("screen", (step,))),
            threads.keep_agreement(agreement),
        ]
    )
    seen = _open(_desk(world, case), case)
    for words in (
        "Friday 8 January 2027, Example Crown Court, in 34 working days.",
        "To be reviewed by Tuesday 22 December 2026.",
        "Health: Epilepsy",
        "talked about, not asked of the prosecutor",
        "She needs somebody beside her.",
        "Juniper Example, Wednesday 18 November 2026",
        "Nobody was given anything to do yet.",
    ):
        assert words in seen.main, words
    assert seen.main.index("Needs of Victim V1: Epilepsy") < seen.main.index("What is missing")


def test_it_costs_as_many_requests_whatever_it_shows(world: World) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    with world.watched() as calls:
        _open(desk, case)
    # Session, case, the victim's side, the staff list, audit line.
    assert calls.dynamodb == 5
    needs_told(world, case)
    with world.watched() as calls:
        _open(desk, case)
    assert calls.dynamodb == 5


def test_nothing_of_another_victim_stands_on_it(world: World) -> None:
    case = charged(world, victims=("V1", "V2"), flags=["opposed_victims"])
    dated(world, case)
    desk = _desk(world, case)
    desk.get(f"{_path(case)}?victim={case.victims['V2']}")
    desk.post(_path(case, "review/task"), task="travel", words="A taxi from her mother’s house.")
    assert "mother" in desk.follow().main
    assert "mother" not in _open(desk, case).main


# --- closing


def test_it_is_closed_with_decisions_and_who_was_there(world: World) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    _open(desk, case)
    assert desk.post(_path(case), **CLOSING).status == 303
    seen = desk.follow()
    assert "The review is closed." in seen.main
    assert "Who was there: Sergeant Example; New Era" in seen.main
    assert "Ask for a screen." in seen.main
    assert not seen.has_form(_path(case))
    assert reviews(world, case) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"decisions": " "}, "Write what was decided."),
        ({"there": ""}, "Write who was there."),
        ({"decisions": "x" * 2001}, "Your text is 1 character too long"),
    ],
)
def test_it_is_not_closed_without_them_and_nothing_typed_is_lost(
    world: World, changed: dict[str, str], said: str
) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    _open(desk, case)
    seen = desk.post(_path(case), **(CLOSING | changed))
    assert seen.status == 400
    assert said in seen.main
    fields = seen.fields(_path(case))
    assert {name: fields[name].strip() for name in CLOSING} == {
        name: text.strip() for name, text in (CLOSING | changed).items()
    }
    assert court_of(world, case).closings == ()


def test_of_two_who_close_it_at_once_the_other_sees_both_texts(world: World) -> None:
    case = _listed(world)
    one, other = _desk(world, case), _desk(world, case, "supervisor")
    _open(one, case)
    _open(other, case)
    assert one.post(_path(case), **CLOSING).status == 303
    mine = {"decisions": "Ask for a live link.", "there": "Sergeant Example"}
    seen = other.post(_path(case), **mine)
    assert seen.status == 409
    assert "Somebody changed this while you were writing" in seen.main
    assert "Ask for a screen." in seen.main
    assert seen.fields(_path(case))["decisions"] == "Ask for a live link."
    assert len(court_of(world, case).closings) == 1
    # Pressed again, having read the other's words, theirs are kept beside them.
    assert other.post(_path(case)).status == 303
    seen = other.follow()
    assert "Ask for a live link." in seen.main
    assert "Earlier reviews (1)" in seen.main
    assert "Ask for a screen." in seen.main


def test_after_the_court_date_it_is_said_that_it_is_over(world: World) -> None:
    case = _listed(world)
    world.clock.forward(days=(HEARING - world.deps.today()).days + 1)
    desk = _desk(world, case)
    _open(desk, case)
    seen = desk.post(_path(case), **CLOSING)
    assert seen.status == 400
    assert "That court date is over, so nothing was closed." in seen.main


def test_a_need_that_was_told_meanwhile_is_shown_before_it_is_closed(world: World) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    _open(desk, case)
    needs_told(world, case)
    seen = desk.post(_path(case), **CLOSING)
    assert seen.status == 409
    assert "Health: Epilepsy" in seen.main
    assert seen.fields(_path(case))["decisions"] == CLOSING["decisions"]


def test_without_a_date_or_anything_that_puts_it_on_the_list_nothing_is_closed(
    world: World,
) -> None:
    plain, undated = _listed(world, crime_type="burglary"), charged(world)
    for case in (plain, undated):
        desk = _desk(world, case)
        seen = _open(desk, case)
        assert "So there is nothing to close." in seen.main
        token = seen.fields(_path(case, "review/coming"))["csrf_token"]
        fields = {**CLOSING, "csrf_token": token, "victim": case.victim, "seen": "0"}
        seen = desk.send(_path(case), fields)
        assert seen.status == 400
        assert "so nothing was closed" in seen.main
        assert seen.fields(_path(case))["decisions"] == CLOSING["decisions"]


def test_it_is_opened_again_with_a_reason(world: World) -> None:
    case = _listed(world)
    reviewed(world, case)
    desk = _desk(world, case)
    _open(desk, case)
    seen = desk.post(_path(case, "review/again"), reason="")
    assert (seen.status, "Say why it is opened again." in seen.main) == (400, True)
    assert desk.post(_path(case, "review/again"), reason="Her sister cannot come.").status == 303
    seen = desk.follow()
    assert "It was opened again:" in seen.main
    assert "Her sister cannot come." in seen.main
    assert seen.has_form(_path(case))
    assert len(reviews(world, case)) == 1


def test_what_somebody_opened_already_is_said(world: World) -> None:
    case = _listed(world)
    reviewed(world, case)
    one, other = _desk(world, case), _desk(world, case, "supervisor")
    _open(one, case)
    _open(other, case)
    one.post(_path(case, "review/again"), reason="Her sister cannot come.")
    seen = other.post(_path(case, "review/again"), reason="Another.")
    assert seen.status == 409
    assert seen.fields(_path(case, "review/again"))["reason"] == "Another."
    assert other.post(_path(case, "review/again"), reason=" ").status == 400


# --- how they come


def test_how_they_come_is_noted_and_no_longer_missing(world: World) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    assert "Nobody is known who is with them at court." in _open(desk, case).main
    coming = {"supporter": "Her sister", "travel": "By train", "interpreter": ""}
    assert desk.post(_path(case, "review/coming"), **coming).status == 303
    seen = desk.follow()
    assert "Nobody is known who is with them" not in seen.main
    assert seen.fields(_path(case, "review/coming"))["supporter"] == "Her sister"
    assert "With them: Her sister" in desk.get(f"/cases/{case.key}").main


def test_of_two_who_note_it_one_wins_and_the_other_sees_it(world: World) -> None:
    case = _listed(world)
    one, other = _desk(world, case), _desk(world, case, "supervisor")
    _open(one, case)
    _open(other, case)
    one.post(_path(case, "review/coming"), supporter="Her sister")
    seen = other.post(_path(case, "review/coming"), supporter="A friend")
    assert seen.status == 409
    assert "With them: Her sister." in seen.main
    assert seen.fields(_path(case, "review/coming"))["supporter"] == "A friend"
    too_long = other.post(_path(case, "review/coming"), supporter="x" * 201)
    assert (too_long.status, "1 character too long" in too_long.main) == (400, True)


# --- tasks

TASK_FIELDS = {"task": "supporter", "words": "Ask her sister first.", "due": ""}


def _give(desk: Visitor, case: SeededCase, **changed: str) -> Seen:
    _open(desk, case)
    return desk.post(_path(case, "review/task"), **(TASK_FIELDS | changed))


def test_a_task_is_given_to_somebody_with_a_date(world: World) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    assert _give(desk, case).status == 303
    seen = desk.follow()
    assert "Who does what by when (1)" in seen.main
    assert "Wednesday 25 November 2026, " + case_of(world, case).officer.name in seen.main
    assert "Ask her sister first." in seen.main
    assert "Find who is with them at court" in desk.get("/").main


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"task": ""}, "Choose what is to be done."),
        ({"owner": "nobody"}, "Choose who does it."),
        ({"due": "yesterday"}, "is over. Write today or a later day."),
        ({"due": "9/1/2027"}, "is after the court date, Friday 8 January 2027."),
        ({"due": "9999-12-31"}, "is after the court date"),
        ({"due": "soon"}, "Write the day like 2026-12-04"),
        ({"words": "x" * 2001}, "1 character too long"),
        ({"task": "support"}, "Only a partner agency can do this."),
    ],
)
def test_what_is_missing_for_a_task_is_said_and_nothing_typed_is_lost(
    world: World, changed: dict[str, str], said: str
) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    seen = _give(desk, case, **changed)
    assert seen.status == 400
    assert said in seen.main
    fields = seen.fields(_path(case, "review/task"))
    for name, text in (TASK_FIELDS | changed).items():
        if text != "nobody":
            assert fields[name] == text, name
    assert owed(world, case, TASK) == []


def test_who_agreed_to_needs_alone_is_not_told_of_a_charge_by_a_task(world: World) -> None:
    own = with_partners(world)
    case = _listed(own)
    says_yes(own, case, NEEDS)
    row = agency(own)
    own.deps.ledger.write(
        [
            own.deps.cases.keep_member(
                StaffMember(OfficerId(row.team), "Juniper Example", "0003", TeamId(row.team))
            )
        ]
    )
    seen = _give(_desk(own, case), case, owner=row.team)
    assert seen.status == 400
    assert "agreed to neither court dates nor what may help at court." in seen.main
    assert seen.fields(_path(case, "review/task"))["owner"] == row.team


def test_it_is_recorded_as_done_and_the_victim_reads_only_that(world: World) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    _give(desk, case)
    (task,) = owed(world, case, TASK)
    visitor = world.victim(case)
    assert "Someone finds out who can be with you at court" in visitor.get("/case").main
    seen = desk.get(f"{_path(case, 'task')}?victim={case.victim}&promise={task.id}")
    assert "Ask her sister first." in seen.main
    sent = desk.post(_path(case, "task"), note="Her sister comes.", on="today")
    assert sent.status == 303
    assert "Recorded: it is done." in desk.follow().main
    assert "Done on Wednesday 18 November 2026. Her sister comes." in _open(desk, case).main
    seen = visitor.get("/case")
    assert "done on Wednesday 18 November 2026" in seen.main
    for words in ("Her sister", "Ask her sister"):
        assert words not in seen.body


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"note": ""}, "Say what was done, in a few words."),
        ({"note": "x" * 2001}, "1 character too long"),
        ({"on": "tomorrow"}, "has not come yet."),
        ({"on": "2026-11-01"}, "is before the day on which it was given"),
        ({"on": ""}, "Write the day like"),
    ],
)
def test_what_is_missing_of_a_task_that_is_done_is_said(
    world: World, changed: dict[str, str], said: str
) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    _give(desk, case)
    (task,) = owed(world, case, TASK)
    desk.get(f"{_path(case, 'task')}?victim={case.victim}&promise={task.id}")
    typed = {"note": "Her sister comes.", "on": "today"} | changed
    seen = desk.post(_path(case, "task"), **typed)
    assert seen.status == 400
    assert said in seen.main
    assert seen.fields(_path(case, "task"))["note"] == typed["note"]
    assert owed(world, case, TASK) == [task]


def test_who_was_second_sees_what_became_of_it_and_their_own_words(world: World) -> None:
    case = _listed(world)
    one, other = _desk(world, case), _desk(world, case, "supervisor")
    _give(one, case)
    (task,) = owed(world, case, TASK)
    address = f"{_path(case, 'task')}?victim={case.victim}&promise={task.id}"
    one.get(address)
    other.get(address)
    one.post(_path(case, "task"), note="Her sister comes.", on="today")
    seen = other.post(_path(case, "task/drop"), why="She wants to be alone.")
    assert seen.status == 409
    assert "Her sister comes." in seen.main
    assert "She wants to be alone." in seen.main


def test_it_is_cancelled_with_a_reason_by_who_may(world: World) -> None:
    case = _listed(world)
    desk, boss = _desk(world, case), _desk(world, case, "supervisor")
    _give(desk, case)
    (task,) = owed(world, case, TASK)
    address = f"{_path(case, 'task')}?victim={case.victim}&promise={task.id}"
    carer = world.desk("carer-3", role="witness_care")
    assert not carer.get(address).has_form(_path(case, "task/drop"))
    boss.get(address)
    seen = boss.post(_path(case, "task/drop"), why=" ")
    assert (seen.status, "Say why it is no longer needed." in seen.main) == (400, True)
    assert boss.post(_path(case, "task/drop"), why="She comes alone.").status == 303
    assert owed(world, case, TASK) == []
    assert "No longer needed: She comes alone." in _open(desk, case).main


def test_a_task_of_somebody_else_or_of_no_kind_is_not_there(world: World) -> None:
    case, other = _listed(world), _listed(world)
    desk = _desk(world, case)
    (review,) = reviews(world, case)
    for victim, promise in ((case.victim, review.id), (other.victim, "x"), (case.victim, "x")):
        seen = desk.get(f"{_path(case, 'task')}?victim={victim}&promise={promise}")
        assert seen.status == 404


def test_an_application_by_the_courts_limit_leads_to_the_measures(world: World) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    read, today = case_of(world, case), world.deps.today()
    due = (today, Working("court.apply_crown", today, 10, "the rules"))
    given = TaskGiven("apply", due=due)
    world.deps.ledger.write(task_parts(world.deps, read, read.victims[0], given))
    (task,) = owed(world, case, TASK)
    seen = desk.get(f"{_path(case, 'task')}?victim={case.victim}&promise={task.id}")
    links = {a.get("href") for a in seen.tree.iter("a")}
    assert f"/cases/{case.key}/measures?victim={case.victim}" in links
    assert not seen.has_form(_path(case, "task"))
    fields = {"victim": case.victim, "promise": task.id, "note": "Applied.", "on": "today"}
    seen = desk.send(_path(case, "task"), {**token_of(desk), **fields})
    assert seen.status == 400
    assert "Record it with the measures." in seen.main
    assert "Applied." in seen.main
    assert owed(world, case, TASK) == [task]


def test_a_day_that_was_chosen_is_said_to_be_chosen(world: World) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    _give(desk, case, due="2026-12-04")
    seen = _open(desk, case)
    assert "(the day that we chose)" in seen.main
    assert "This is the day that we chose." in world.victim(case).get("/case").main


def test_what_went_late_is_said_on_the_page(world: World) -> None:
    case = _listed(world)
    desk = _desk(world, case)
    _give(desk, case)
    world.clock.forward(days=8)
    assert "Late by 1 day" in _open(_desk(world, case), case).main

"""The review before court in the meeting: closed once, opened again, and what is given to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.agreements import DATES, NEEDS, Agreement
from chalicelib.domain.cases import OfficerId
from chalicelib.domain.dates import in_london
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    SessionEndedError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.domain.promises import CHOSEN, REVIEW, TASK, Promise, Working
from chalicelib.domain.staff import StaffMember
from chalicelib.services.apply_tasks import APPLY
from chalicelib.services.give_task import TaskWanted, give_task
from chalicelib.services.keep_measures import StepGiven, keep_step
from chalicelib.services.keep_task import TaskDone, do_task, drop_task
from chalicelib.services.review import (
    Coming,
    CourtIsOverError,
    NotUnderReviewError,
    close_review,
    coming_of,
    coming_stamp,
    keep_coming,
    open_review,
    reopen_review,
    review_stamp,
)
from chalicelib.services.tasks import TaskGiven, task_parts
from tests.integration.services.court_steps import (
    HEARING,
    charged,
    court_of,
    dated,
    in_charge,
    needs_told,
    reviewed,
    reviews,
)
from tests.integration.services.following import owed
from tests.integration.services.staff_steps import audit_of, case_of, file_of, staff
from tests.integration.web.victim_steps import DeafLedger, SilentLedger

if TYPE_CHECKING:
    from chalicelib.domain.staff import StaffSession
    from chalicelib.services.deps import Deps
    from tests.builders import SeededCase
    from tests.integration.conftest import World

DECIDED, THERE = "Ask for a screen.", "Sergeant Example, New Era"


def _close(
    world: World,
    case: SeededCase,
    *,
    deps: Deps | None = None,
    session: StaffSession | None = None,
    decisions: str = DECIDED,
    seen: str | None = None,
) -> None:
    close_review(
        deps or world.deps,
        session or in_charge(world, case),
        case.key,
        case.victim,
        decisions=decisions,
        there=THERE,
        seen=review_stamp(file_of(world, case)) if seen is None else seen,
    )


def _listed(world: World, **options: Any) -> SeededCase:
    case = charged(world, **options)
    dated(world, case)
    return case


# --- closing


def test_closing_keeps_the_review_with_what_was_decided_and_who_was_there(world: World) -> None:
    case = _listed(world)
    (promise,) = reviews(world, case)
    _close(world, case)
    (closing,) = court_of(world, case).closings
    assert (closing.decisions, closing.there, closing.for_on) == (DECIDED, THERE, HEARING)
    assert closing.by == case_of(world, case).officer.name
    kept = next(p for p in file_of(world, case).owed if p.id == promise.id)
    assert (kept.kept_at, kept.kept_how) == (world.clock(), "in a meeting")
    assert reviews(world, case) == []
    assert "closed the review before court" in {line.what for line in audit_of(case)}


def test_of_two_who_close_it_at_once_one_wins(world: World) -> None:
    case = _listed(world)
    seen = review_stamp(file_of(world, case))
    _close(world, case, seen=seen)
    second = staff(world, "pc-second", team=case_of(world, case).officer.team, name="PC Second")
    with pytest.raises(StaleError):
        _close(world, case, session=second, decisions="A live link.", seen=seen)
    assert [closing.decisions for closing in court_of(world, case).closings] == [DECIDED]
    # Having read the first one's words they may add their own: both are kept.
    _close(world, case, session=second, decisions="A live link.")
    assert [each.decisions for each in court_of(world, case).closings] == [DECIDED, "A live link."]


def test_the_same_form_sent_twice_closes_it_once(world: World) -> None:
    case = _listed(world)
    seen = review_stamp(file_of(world, case))
    for _ in range(2):
        _close(world, case, seen=seen)
        world.clock.forward(minutes=1)
    assert len(court_of(world, case).closings) == 1


@pytest.mark.parametrize("what", ["need", "measure", "coming"])
def test_what_came_after_the_page_was_opened_is_seen_before_it_is_closed(
    world: World, what: str
) -> None:
    case = _listed(world)
    seen = review_stamp(file_of(world, case))
    if what == "need":
        needs_told(world, case)
    elif what == "measure":
        keep_step(
            world.deps,
            in_charge(world, case),
            case.key,
            case.victim,
            StepGiven("screen", "discussed", world.deps.today(), view="I want it"),
            form_key="f",
        )
    else:
        before = coming_stamp(coming_of(court_of(world, case)))
        coming = Coming("Her sister", "", "")
        keep_coming(world.deps, in_charge(world, case), case.key, case.victim, coming, seen=before)
    with pytest.raises(StaleError):
        _close(world, case, seen=seen)
    assert court_of(world, case).closings == ()


class _JustBefore:
    """A ledger before which something else is written, once."""

    def __init__(self, world: World, do: Any) -> None:
        self._world, self._left = world, [do]

    def write(self, parts: Any) -> None:
        if self._left:
            self._left.pop()()
        self._world.deps.ledger.write(parts)


def test_a_need_told_at_this_very_moment_is_not_closed_away(world: World) -> None:
    case = _listed(world)
    # With a need already, another one changes nothing of the court date itself.
    needs_told(world, case)
    seen = review_stamp(file_of(world, case))
    ledger = _JustBefore(world, lambda: needs_told(world, case, "fear"))
    with pytest.raises(StaleError):
        _close(world, case, deps=replace(world.deps, ledger=ledger), seen=seen)
    assert court_of(world, case).closings == ()
    assert len(reviews(world, case)) == 1


def test_where_nothing_is_under_review_nothing_is_closed(world: World) -> None:
    plain, undated = _listed(world, crime_type="burglary"), charged(world)
    for case in (plain, undated):
        with pytest.raises(NotUnderReviewError):
            _close(world, case)


def test_a_store_that_is_silent_closes_nothing_and_one_that_is_deaf_closes_it(
    world: World,
) -> None:
    case = _listed(world)
    with pytest.raises(StoreUnavailableError):
        _close(world, case, deps=replace(world.deps, ledger=SilentLedger()))
    assert court_of(world, case).closings == ()
    _close(world, case, deps=replace(world.deps, ledger=DeafLedger(world)))
    assert len(court_of(world, case).closings) == 1


def test_a_session_that_ended_closes_nothing(world: World) -> None:
    case = _listed(world)
    session = in_charge(world, case)
    ended = world.deps.access.end_sessions_of(session.member.id, world.clock())
    world.deps.ledger.write([ended])
    with pytest.raises(SessionEndedError):
        _close(world, case, session=session)
    assert court_of(world, case).closings == ()


@pytest.mark.parametrize("role", ["partner", "administrator"])
def test_who_has_no_part_in_reviews_neither_opens_nor_closes_one(world: World, role: str) -> None:
    case = _listed(world)
    session = staff(world, f"rev-{role}", role=role, team=case_of(world, case).officer.team)
    with pytest.raises(NotAllowedError):
        open_review(world.deps, session, case.key, case.victim)
    with pytest.raises(NotAllowedError):
        _close(world, case, session=session)


def test_the_victim_of_another_case_is_none_of_this_one(world: World) -> None:
    case, other = _listed(world), _listed(world)
    with pytest.raises(NotFoundError):
        open_review(world.deps, in_charge(world, case), case.key, other.victim)


def test_who_opens_it_has_read_the_needs(world: World) -> None:
    case = _listed(world)
    needs_told(world, case)
    reader = staff(world, "carer-1", role="witness_care", name="Witness Example")
    open_review(world.deps, reader, case.key, case.victim)
    seen = {each.name for each in file_of(world, case).seen}
    assert "Witness Example" in seen


# --- opening again


def test_it_is_opened_again_with_a_reason_and_owed_anew(world: World) -> None:
    case = _listed(world)
    reviewed(world, case)
    for _ in range(2):
        reopen_review(world.deps, in_charge(world, case), case.key, case.victim, "Her sister died.")
    court = court_of(world, case)
    assert court.reopened_why == f"{case_of(world, case).officer.name}: Her sister died."
    assert len(reviews(world, case)) == 1
    assert len([p for p in file_of(world, case).owed if p.kind == REVIEW]) == 2
    _close(world, case, decisions="Somebody else comes with her.")
    court = court_of(world, case)
    assert court.is_reviewed
    assert (court.reopened_why, court.reopened_at, len(court.closings)) == ("", None, 2)


def test_what_is_not_closed_is_not_opened_again(world: World) -> None:
    case = _listed(world)
    with pytest.raises(StaleError):
        reopen_review(world.deps, in_charge(world, case), case.key, case.victim, "Why not.")


def test_a_measure_that_is_refused_opens_it_again(world: World) -> None:
    case = _listed(world)
    reviewed(world, case)
    step = MeasureStep("applied", world.deps.today(), world.clock(), "PC Example")
    world.deps.ledger.write(
        [world.deps.threads.keep_measure(case.victim, Measure("screen", (step,)))]
    )
    given = StepGiven("screen", "refused", world.deps.today(), seen=1, note="No reason.")
    keep_step(world.deps, in_charge(world, case), case.key, case.victim, given, form_key="f")
    assert not court_of(world, case).is_reviewed
    assert len(reviews(world, case)) == 1


# --- how they come to court


def test_of_two_who_note_how_they_come_one_wins(world: World) -> None:
    case = _listed(world)
    seen = coming_stamp(coming_of(court_of(world, case)))
    first = Coming("Her sister", "By train", "")
    session = in_charge(world, case)
    for _ in range(2):
        keep_coming(world.deps, session, case.key, case.victim, first, seen=seen)
    with pytest.raises(StaleError):
        keep_coming(
            world.deps, session, case.key, case.victim, Coming("A friend", "", ""), seen=seen
        )
    assert coming_of(court_of(world, case)) == first


def test_for_another_date_only_who_is_with_them_is_kept(world: World) -> None:
    case = _listed(world)
    seen = coming_stamp(coming_of(court_of(world, case)))
    coming = Coming("Her sister", "A taxi at 8.30", "Booked for 8 January")
    keep_coming(world.deps, in_charge(world, case), case.key, case.victim, coming, seen=seen)
    reviewed(world, case)
    dated(world, case, HEARING + timedelta(days=7))
    assert coming_of(court_of(world, case)) == Coming("Her sister", "", "")
    why = court_of(world, case).reopened_why
    assert "For Friday 8 January 2027 was arranged: A taxi at 8.30; Booked for 8 January." in why


def test_before_a_date_that_is_over_no_review_is_closed(world: World) -> None:
    case = _listed(world)
    world.clock.forward(days=(HEARING - world.deps.today()).days + 1)
    with pytest.raises(CourtIsOverError):
        reviewed(world, case)
    assert not court_of(world, case).is_reviewed


def test_it_can_be_noted_before_there_is_a_date(world: World) -> None:
    case = charged(world)
    coming = Coming("Her sister", "", "")
    seen = coming_stamp(Coming("", "", ""))
    keep_coming(world.deps, in_charge(world, case), case.key, case.victim, coming, seen=seen)
    dated(world, case)
    assert coming_of(court_of(world, case)) == coming
    assert len(reviews(world, case)) == 1


# --- what is given to do


def _wanted(world: World, case: SeededCase, **more: Any) -> TaskWanted:
    owner = case_of(world, case).officer.id
    return replace(TaskWanted("supporter", "Ask her sister.", owner), **more)


def _give(world: World, case: SeededCase, *, form_key: str = "f", **more: Any) -> None:
    wanted = _wanted(world, case, **more)
    session = in_charge(world, case)
    give_task(world.deps, session, case.key, case.victim, wanted, form_key=form_key)


def _task(world: World, case: SeededCase) -> Promise:
    (task,) = owed(world, case, TASK)
    return task


def test_a_task_has_an_owner_and_a_date_and_is_given_once(world: World) -> None:
    case = _listed(world)
    for _ in range(2):
        _give(world, case)
    task = _task(world, case)
    assert (task.event, task.task) == ("supporter", "Ask her sister.")
    assert task.owner == case_of(world, case).officer.id
    assert task.due_on == date(2026, 11, 25)
    assert not task.stays
    _give(world, case, form_key="g")
    assert len(owed(world, case, TASK)) == 2


def test_a_day_can_be_chosen_until_court(world: World) -> None:
    case = _listed(world)
    _give(world, case, due_on=HEARING)
    task = _task(world, case)
    assert (task.due_on, task.working.rule) == (HEARING, CHOSEN)
    for wrong in (HEARING + timedelta(days=1), world.deps.today() - timedelta(days=1)):
        with pytest.raises(NotAllowedError):
            _give(world, case, form_key="g", due_on=wrong)


def test_without_a_chosen_day_it_is_done_by_court_at_the_latest(world: World) -> None:
    case = charged(world)
    near = world.deps.today() + timedelta(days=2)
    dated(world, case, near)
    _give(world, case)
    assert _task(world, case).due_on == near


def test_it_is_given_to_those_who_know_the_case_and_to_whom_the_victim_agreed(
    world: World,
) -> None:
    case = _listed(world)
    partner = world.deps.rules.partners["new_era"]
    juniper = StaffMember(
        OfficerId("juniper-1"), "Juniper Example", "0001", case_of(world, case).officer.team
    )
    juniper = replace(juniper, team=type(juniper.team)(partner.team))
    world.deps.ledger.write([world.deps.cases.keep_member(juniper)])
    with pytest.raises(NotAllowedError):
        _give(world, case, owner=juniper.id)
    agreement = Agreement(
        "new_era",
        case.victim,
        case.key,
        case.reference,
        frozenset({NEEDS, DATES}),
        world.deps.today() + timedelta(days=30),
        world.clock(),
        "victim",
    )
    world.deps.ledger.write([world.deps.threads.keep_agreement(agreement)])
    _give(world, case, owner=juniper.id)
    task = _task(world, case)
    assert (task.owner, task.team, task.stays) == (juniper.id, juniper.team, True)


@pytest.mark.parametrize("task", ["no_such_task", ""])
def test_what_is_not_on_the_form_is_not_given(world: World, task: str) -> None:
    case = _listed(world)
    with pytest.raises(NotAllowedError):
        _give(world, case, task=task)


def test_whoever_has_the_case_records_that_it_is_done(world: World) -> None:
    case = _listed(world)
    _give(world, case)
    task = _task(world, case)
    world.clock.forward(days=1)
    carer = staff(world, "carer-2", role="witness_care", name="Witness Example")
    done = TaskDone(world.deps.today(), "Her sister comes.")
    for _ in range(2):
        do_task(world.deps, carer, case.key, case.victim, done, promise_id=task.id)
    kept = next(p for p in file_of(world, case).owed if p.id == task.id)
    assert (kept.kept_how, kept.note) == ("done", "Her sister comes.")
    assert kept.kept_at is not None
    assert in_london(kept.kept_at).date() == world.deps.today()
    other = TaskDone(world.deps.today(), "Somebody else comes.")
    with pytest.raises(StaleError):
        do_task(world.deps, carer, case.key, case.victim, other, promise_id=task.id)


@pytest.mark.parametrize("days", [-1, 1])
def test_it_was_done_between_being_given_and_today(world: World, days: int) -> None:
    case = _listed(world)
    _give(world, case)
    done = TaskDone(world.deps.today() + timedelta(days=days), "Done.")
    with pytest.raises(NotAllowedError):
        do_task(
            world.deps,
            in_charge(world, case),
            case.key,
            case.victim,
            done,
            promise_id=_task(world, case).id,
        )


def test_who_owes_it_or_a_supervisor_says_that_it_is_no_longer_needed(world: World) -> None:
    case = _listed(world)
    _give(world, case)
    task, team = _task(world, case), case_of(world, case).officer.team
    second = staff(world, "pc-second-2", team=team)
    with pytest.raises(NotAllowedError):
        drop_task(world.deps, second, case.key, case.victim, "Not needed.", promise_id=task.id)
    boss = staff(world, "sgt-2", role="supervisor", team=team)
    for _ in range(2):
        drop_task(world.deps, boss, case.key, case.victim, "She comes alone.", promise_id=task.id)
    gone = next(p for p in file_of(world, case).owed if p.id == task.id)
    assert gone.cancelled_why == "She comes alone."
    with pytest.raises(StaleError):
        drop_task(world.deps, boss, case.key, case.victim, "Another reason.", promise_id=task.id)


def test_an_application_by_the_courts_limit_is_recorded_with_the_measures(world: World) -> None:
    case = _listed(world)
    today = world.deps.today()
    due = (today, Working("court.apply_crown", today, 10, "the rules"))
    read = case_of(world, case)
    world.deps.ledger.write(
        task_parts(world.deps, read, read.victims[0], TaskGiven(APPLY, due=due))
    )
    task, session = _task(world, case), in_charge(world, case)
    with pytest.raises(NotAllowedError):
        do_task(
            world.deps,
            session,
            case.key,
            case.victim,
            TaskDone(today, "Applied."),
            promise_id=task.id,
        )
    with pytest.raises(NotAllowedError):
        drop_task(world.deps, session, case.key, case.victim, "No.", promise_id=task.id)


def test_a_review_is_no_task(world: World) -> None:
    case = _listed(world)
    (review,) = reviews(world, case)
    with pytest.raises(NotFoundError):
        do_task(
            world.deps,
            in_charge(world, case),
            case.key,
            case.victim,
            TaskDone(world.deps.today(), "Done."),
            promise_id=review.id,
        )

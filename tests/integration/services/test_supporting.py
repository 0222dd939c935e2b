"""A partner sees who agreed, and of them only what they agreed to and know themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.agreements import DATES, MEASURES, NEEDS, SCOPES
from chalicelib.domain.errors import NotAllowedError, NotFoundError, StaleError
from chalicelib.domain.promises import LINE, TASK
from chalicelib.services.follow import open_of
from chalicelib.services.record_outcome import News
from chalicelib.services.record_outcome import record_outcome as record_service
from chalicelib.services.support import open_supported
from chalicelib.services.support_list import open_support_list
from chalicelib.services.support_work import OwnTask, keep_view, mark_done, take_on
from tests.builders import seed_case
from tests.integration.partner_steps import (
    COURT_DAY,
    agency,
    agreed,
    has_hearing,
    has_measure,
    has_need,
    has_task,
    says_no,
    says_yes,
    supporter,
    with_partners,
)
from tests.integration.services.staff_steps import audit_of, case_of, file_of, staff
from tests.integration.web.desk_steps import lines_about
from tests.integration.web.victim_steps import record_outcome, tell

if TYPE_CHECKING:
    from chalicelib.domain.agreements import Agreement
    from chalicelib.domain.staff import StaffSession
    from chalicelib.services.deps import Deps
    from chalicelib.services.support import Supported
    from chalicelib.services.support_list import Person
    from tests.builders import SeededCase
    from tests.integration.conftest import World as AnyWorld

SUBSETS = [set(some) for size in (1, 2, 3) for some in combinations(SCOPES, size)]


@pytest.fixture
def world(world: AnyWorld) -> AnyWorld:
    """Both services with partner agencies of this test alone."""
    return with_partners(world)


def _full(world: AnyWorld, *, told: bool = True) -> SeededCase:
    """Put a charged case of which there is everything to see."""
    case = seed_case(world.deps, crime_type="stalking_harassment")
    charge = record_outcome(world, case, "charged")
    if told:
        tell(world, case, charge)
    has_need(world, case)
    has_hearing(world, case)
    has_measure(world, case, "screen", "asked", "applied")
    world.clock.forward(minutes=1)
    return case


def _open(world: AnyWorld, case: SeededCase, session: StaffSession | None = None) -> Supported:
    return open_supported(world.deps, session or supporter(world), case.key, case.victim)


def _row(world: AnyWorld, case: SeededCase) -> Person:
    people = open_support_list(world.deps, supporter(world)).people
    return next(person for person in people if person.agreement.case_key == case.key)


# --- only what was agreed


@pytest.mark.parametrize("scope", SUBSETS, ids="-".join)
def test_each_part_is_there_if_it_was_agreed_and_not_otherwise(
    world: AnyWorld, scope: set[str]
) -> None:
    case = _full(world)
    says_yes(world, case, *scope)
    found = _open(world, case)
    assert (found.needs is not None) == (NEEDS in scope)
    assert (found.hearing is not None) == (DATES in scope)
    assert (found.court is not None) == (DATES in scope)
    assert (found.measures is not None) == (MEASURES in scope)
    row = _row(world, case)
    assert (row.needs is not None) == (NEEDS in scope)
    assert (row.hearing == COURT_DAY) == (DATES in scope)


def test_less_is_seen_as_soon_as_less_is_agreed(world: AnyWorld) -> None:
    case = _full(world)
    says_yes(world, case)
    assert _open(world, case).needs
    says_yes(world, case, DATES)
    found = _open(world, case)
    assert (found.needs, found.measures, found.hearing) == (None, None, COURT_DAY)


def test_of_two_victims_of_one_case_the_other_is_not_there(world: AnyWorld) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"))
    says_yes(world, case, label="V1")
    session = supporter(world)
    assert _open(world, case, session).agreement.label == "V1"
    with pytest.raises(NotFoundError):
        open_supported(world.deps, session, case.key, case.victims["V2"])


def test_an_agreement_of_one_case_opens_no_other(world: AnyWorld) -> None:
    case, other = seed_case(world.deps), seed_case(world.deps)
    says_yes(world, case)
    session = supporter(world)
    for key, whose in ((other.key, case.victim), (case.key, other.victim)):
        with pytest.raises(NotFoundError):
            open_supported(world.deps, session, key, whose)
        with pytest.raises(NotFoundError):
            keep_view(world.deps, session, key, whose, "A screen.", seen="")
    assert agreed(world, case).view is None


def test_a_restricted_case_is_there_if_its_victim_wants_that(world: AnyWorld) -> None:
    case = seed_case(world.deps, flags=["restricted"])
    with pytest.raises(NotFoundError):
        _open(world, case)
    says_yes(world, case)
    assert _open(world, case).agreement.reference == case.reference


# --- nothing that nobody told the victim (D10)


def test_a_charge_that_nobody_told_the_victim_is_not_told_to_a_partner(world: AnyWorld) -> None:
    case = _full(world, told=False)
    says_yes(world, case)
    session = supporter(world)
    has_task(world, case, session, "travel", "How to get to court")
    found = _open(world, case, session)
    assert (found.hearing, found.court, found.is_red) == (None, None, False)
    assert [step.state for _, step in found.measures or ()] == ["asked"]
    assert (found.tasks, found.knows_of_charge) == ((), False)
    listed = open_support_list(world.deps, session)
    assert [(p.hearing, p.is_red) for p in listed.people] == [(None, False)]
    assert listed.tasks == ()


def test_once_they_were_told_it_is_there(world: AnyWorld) -> None:
    case = _full(world)
    says_yes(world, case)
    session = supporter(world)
    has_task(world, case, session, "travel", "How to get to court")
    found = _open(world, case, session)
    assert (found.hearing, found.court) == (COURT_DAY, "Example Crown Court")
    assert [step.state for _, step in found.measures or ()] == ["applied"]
    assert ([task.event for task in found.tasks], found.knows_of_charge) == (["travel"], True)
    assert [task.event for task in open_support_list(world.deps, session).tasks] == ["travel"]


def test_that_somebody_is_charged_does_not_show_to_who_may_see_needs_alone(
    world: AnyWorld,
) -> None:
    case = _full(world)
    says_yes(world, case, NEEDS)
    assert not _open(world, case).knows_of_charge


def test_a_day_that_moved_with_news_that_waits_is_the_one_they_know(world: AnyWorld) -> None:
    case = _full(world)
    says_yes(world, case)
    has_hearing(world, case, world.deps.today() + timedelta(days=20))
    news = News("no_further_action", world.deps.today(), "not_enough_evidence")
    seen = case_of(world, case).version
    record_service(world.deps, staff(world), case.key, news, seen=seen, form_key="form")
    has_hearing(world, case, world.deps.today() + timedelta(days=5))
    known = world.deps.today() + timedelta(days=20)
    assert (_open(world, case).hearing, _open(world, case).is_red) == (known, False)
    assert (_row(world, case).hearing, _row(world, case).is_red) == (known, False)


# --- the list


def test_who_must_be_in_court_soonest_stands_first_and_what_is_near_is_said(
    world: AnyWorld,
) -> None:
    without, later, soon = seed_case(world.deps), _full(world), _full(world)
    has_hearing(world, soon, world.deps.today() + timedelta(days=5))
    for case in (without, later, soon):
        says_yes(world, case)
    people = open_support_list(world.deps, supporter(world)).people
    order = [(person.agreement.case_key, person.is_red) for person in people]
    assert order == [(soon.key, True), (later.key, False), (without.key, False)]
    assert _open(world, soon).is_red


def test_a_day_at_court_that_is_over_is_not_shown(world: AnyWorld) -> None:
    case = _full(world)
    says_yes(world, case)
    world.clock.forward(days=30)
    assert (_open(world, case).hearing, _row(world, case).hearing) == (None, None)


class _SlowList:
    """A store whose list of what was agreed lags behind."""

    def __init__(self, store: Any, listed: Agreement) -> None:
        self._store, self._listed = store, listed

    def agreed_with(self, *_: Any) -> tuple[Agreement, ...]:
        """Return what was agreed a while ago."""
        return (self._listed,)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def test_a_list_that_lags_behind_shows_nobody_who_took_it_back(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    before = says_yes(world, case)
    says_no(world, case)
    deps = replace(world.deps, threads=_SlowList(world.deps.threads, before))
    assert open_support_list(deps, supporter(world)).people == ()


def test_a_long_list_comes_in_pages(world: AnyWorld) -> None:
    rules = world.deps.rules
    small = replace(rules, limits=replace(rules.limits, worklist_page=2))
    deps = replace(world.deps, rules=small)
    cases = [seed_case(world.deps) for _ in range(3)]
    for case in cases:
        says_yes(world, case)
    session = supporter(world)
    first, second = (open_support_list(deps, session, page) for page in (1, 2))
    shown = [person.agreement.case_key for person in (*first.people, *second.people)]
    assert shown == [case.key for case in cases]
    assert (first.total, first.next_page, second.next_page) == (3, 2, None)
    assert open_support_list(deps, session, 9).people == ()


def test_the_list_asks_the_store_as_often_as_it_says(world: AnyWorld) -> None:
    for _ in range(3):
        says_yes(world, seed_case(world.deps))
    says_yes(world, _full(world))
    session = supporter(world)
    with world.watched() as calls:
        open_support_list(world.deps, session)
    # Agreements twice, tasks, court dates, the one case with a date, needs, who read them,
    # the audit line.
    assert calls.dynamodb == 8


def test_who_works_for_no_agency_has_an_empty_list(world: AnyWorld) -> None:
    session = staff(world, "nobodys", role="partner")
    says_yes(world, seed_case(world.deps))
    found = open_support_list(world.deps, session)
    assert (found.partner, found.people, found.tasks) == (None, (), ())


@pytest.mark.parametrize("role", ["officer", "supervisor", "witness_care", "administrator"])
def test_only_partners_have_such_a_list(world: AnyWorld, role: str) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    session = staff(world, f"not-{role}", role=role)
    with pytest.raises(NotAllowedError):
        open_support_list(world.deps, session)
    with pytest.raises(NotAllowedError):
        _open(world, case, session)


def test_each_look_has_its_line(world: AnyWorld) -> None:
    case, session = seed_case(world.deps), supporter(world)
    says_yes(world, case)
    open_support_list(world.deps, session)
    _open(world, case, session)
    who = f"partner {session.member.id}"
    named = [line for line in lines_about(f"staff {session.member.id}") if line[0] == who]
    assert [(line[1], set(line[3])) for line in named] == [("opened their list", {case.key})]
    assert ("opened what was agreed", who) in {(line.what, line.who) for line in audit_of(case)}


# --- who has read the needs


def test_a_partner_who_may_see_needs_has_read_them_under_the_agencys_name(
    world: AnyWorld,
) -> None:
    case = _full(world)
    says_yes(world, case, NEEDS)
    _open(world, case)
    (seen,) = file_of(world, case).seen
    assert (seen.name, seen.role, seen.version) == ("Juniper Example", "New Era", 1)
    with world.watched() as calls:
        _open(world, case)
    assert "needs-seen" not in calls.text()


def test_who_reads_needs_in_the_list_has_read_them(world: AnyWorld) -> None:
    shown, other = _full(world), _full(world)
    says_yes(world, shown, NEEDS)
    says_yes(world, other, DATES)
    session = supporter(world)
    open_support_list(world.deps, session)
    (seen,) = file_of(world, shown).seen
    assert (seen.name, seen.role, seen.version) == ("Juniper Example", "New Era", 1)
    assert file_of(world, other).seen == ()
    world.clock.forward(minutes=1)
    open_support_list(world.deps, session)
    assert file_of(world, shown).seen == (seen,)


def test_a_partner_who_may_not_see_needs_has_not_read_them(world: AnyWorld) -> None:
    case = _full(world)
    says_yes(world, case, DATES, MEASURES)
    _open(world, case)
    open_support_list(world.deps, supporter(world))
    assert file_of(world, case).seen == ()


# --- the view for the review


def test_a_view_stands_with_the_agreement_and_is_put_in_place_of_the_one_before(
    world: AnyWorld,
) -> None:
    case, session = seed_case(world.deps), supporter(world)
    given = says_yes(world, case)
    keep_view(world.deps, session, case.key, case.victim, "A screen would help.", seen="")
    first = _open(world, case).agreement.view
    assert first is not None
    assert (first.text, first.by) == ("A screen would help.", "Juniper Example")
    world.clock.forward(minutes=1)
    seen = first.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    keep_view(world.deps, session, case.key, case.victim, "A screen and breaks.", seen=seen)
    now = agreed(world, case)
    assert now.view is not None
    assert now.view.text == "A screen and breaks."
    # What the victim said is as it was: no form of theirs is refused for this.
    assert (now.changed, now.scope) == (given.changed, given.scope)


def test_a_colleague_who_was_first_is_not_written_over(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    one, two = supporter(world), supporter(world, identity="rose")
    keep_view(world.deps, one, case.key, case.victim, "A screen.", seen="")
    with pytest.raises(StaleError):
        keep_view(world.deps, two, case.key, case.victim, "A live link.", seen="")
    view = agreed(world, case).view
    assert view is not None
    assert view.text == "A screen."
    # The same words are there already.
    keep_view(world.deps, two, case.key, case.victim, "A screen.", seen="")


# --- what they do


def test_what_somebody_takes_on_is_theirs_once_and_in_their_list(world: AnyWorld) -> None:
    case, session = seed_case(world.deps), supporter(world)
    says_yes(world, case)
    own = OwnTask("talk", "About the screen", date(2026, 11, 27))
    for _ in range(2):
        take_on(world.deps, session, case.key, case.victim, own, "form")
    (task,) = open_support_list(world.deps, session).tasks
    assert (task.owner, task.team, task.stays) == (session.member.id, agency(world).team, True)
    assert (task.due_on, task.task, task.event) == (own.due_on, own.words, "talk")
    take_on(world.deps, session, case.key, case.victim, own, "another form")
    assert len(open_support_list(world.deps, session).tasks) == 2


def test_without_a_day_the_usual_days_are_counted(world: AnyWorld) -> None:
    case, session = seed_case(world.deps), supporter(world)
    says_yes(world, case)
    take_on(world.deps, session, case.key, case.victim, OwnTask("talk"), "form")
    (task,) = _open(world, case).tasks
    assert (task.due_on, task.working.working_days) == (date(2026, 11, 25), 5)


def test_what_was_done_is_off_the_list_and_pressed_twice_it_stays_done(world: AnyWorld) -> None:
    case, session = seed_case(world.deps), supporter(world)
    says_yes(world, case)
    task = has_task(world, case, session)
    colleague = supporter(world, identity="rose")
    for _ in range(2):
        mark_done(world.deps, colleague, case.key, case.victim, task.id)
    assert open_of(file_of(world, case), TASK) == []
    assert open_support_list(world.deps, session).tasks == ()


def test_what_others_are_to_do_is_neither_seen_nor_marked(world: AnyWorld) -> None:
    case, isva = seed_case(world.deps), agency(world, "isva")
    says_yes(world, case)
    says_yes(world, case, row=isva)
    theirs = has_task(world, case, supporter(world, isva, "linden"))
    session = supporter(world)
    assert _open(world, case, session).tasks == ()
    for promise in (theirs.id, "none"):
        with pytest.raises(NotFoundError):
            mark_done(world.deps, session, case.key, case.victim, promise)
    assert open_of(file_of(world, case), TASK)


def test_a_minimum_expectation_is_not_kept_by_the_press_of_a_task(world: AnyWorld) -> None:
    case, session = seed_case(world.deps), supporter(world)
    says_yes(world, case)
    task = has_task(world, case, session)
    line = replace(task, id="a-line", subject="a-line", kind=LINE, event="", line="introduction")
    world.deps.ledger.write([world.deps.threads.new_promise(line)])
    assert {each.id for each in _open(world, case, session).tasks} == {task.id, line.id}
    with pytest.raises(NotFoundError):
        mark_done(world.deps, session, case.key, case.victim, line.id)
    assert [each.id for each in open_of(file_of(world, case), LINE)] == [line.id]


# --- taken back in the middle


def test_after_it_was_taken_back_the_next_press_finds_nothing(world: AnyWorld) -> None:
    case, session = _full(world), supporter(world)
    says_yes(world, case)
    task = has_task(world, case, session)
    assert _open(world, case, session).tasks
    says_no(world, case)
    whose = (case.key, case.victim)
    with pytest.raises(NotFoundError):
        _open(world, case, session)
    with pytest.raises(NotFoundError):
        keep_view(world.deps, session, *whose, "A screen.", seen="")
    with pytest.raises(NotFoundError):
        take_on(world.deps, session, *whose, OwnTask("talk"), "form")
    with pytest.raises(NotFoundError):
        mark_done(world.deps, session, *whose, task.id)
    listed = open_support_list(world.deps, session)
    assert (listed.people, listed.tasks) == ((), ())
    assert agreed(world, case).view is None
    assert [each.event for each in open_of(file_of(world, case), TASK)] == ["talk"]


class _AgreedAMomentAgo:
    """A store that gives once what was agreed a moment ago."""

    def __init__(self, store: Any, before: Agreement) -> None:
        self._store, self._before = store, [before]

    def agreements_of(self, *args: Any) -> tuple[Agreement, ...]:
        """Return the old agreement the first time."""
        if self._before:
            return (self._before.pop(),)
        found: tuple[Agreement, ...] = self._store.agreements_of(*args)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def test_what_is_taken_back_between_reading_and_writing_lets_nothing_through(
    world: AnyWorld,
) -> None:
    case, session = seed_case(world.deps), supporter(world)
    before = says_yes(world, case)
    says_no(world, case)

    def deps() -> Deps:
        old = _AgreedAMomentAgo(world.deps.threads, before)
        return replace(world.deps, threads=old)

    with pytest.raises(NotFoundError):
        keep_view(deps(), session, case.key, case.victim, "A screen.", seen="")
    with pytest.raises(NotFoundError):
        take_on(deps(), session, case.key, case.victim, OwnTask("talk"), "form")
    assert agreed(world, case).view is None
    assert open_of(file_of(world, case), TASK) == []

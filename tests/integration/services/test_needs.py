"""A need is told once: who tells it, what follows from it, and who was first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.promises import REVIEW, TASK
from chalicelib.domain.reviews import Closing, Court
from chalicelib.services.hand_over import hand_over
from chalicelib.services.keep_needs import (
    NeedChangedError,
    note_need,
    tell_need,
    withdraw_need,
    withdraw_noted,
)
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.ports import ConflictError
from chalicelib.services.staff_case import open_staff_case
from chalicelib.services.talks import talked_parts
from chalicelib.services.wish_measures import wish_measures
from tests.builders import STOKE, seed_case
from tests.integration.services.court_steps import charged, in_charge
from tests.integration.services.following import OnceAsBefore, owed
from tests.integration.services.need_steps import EPILEPSY, health, listed_at_court, notes, tells
from tests.integration.services.staff_steps import case_of, colleague, file_of, staff, victim
from tests.integration.web.desk_steps import new_officer
from tests.integration.web.victim_steps import DeafLedger, SilentLedger

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World

TRIAL = date(2027, 2, 1)


@pytest.fixture
def case(world: World) -> SeededCase:
    """Return a case of no high harm, with two victims."""
    return seed_case(world.deps, victims=("V1", "V2"))


def _court_row(world: World, case: SeededCase) -> Court:
    """Return what somebody writes of a date at court who has read that there is none yet."""
    assert file_of(world, case).court is None
    read = case_of(world, case)
    return Court(case.victim, case.key, case.reference, "V1", read.officer.team, on=TRIAL)


def _words(world: World, case: SeededCase, label: str | None = None) -> list[Any]:
    return [(n.kind, dict(n.words), n.told_by) for n in file_of(world, case, label).needs.needs]


def close_talks(world: World, case: SeededCase) -> None:
    """Let somebody talk with the victim about all that they are owed to be talked with about."""
    read, today = case_of(world, case), world.deps.today()
    parts = talked_parts(world.deps, read, read.victims[0], file_of(world, case), today)
    world.deps.ledger.write(parts)
    world.clock.forward(minutes=1)


# --- told, put right, withdrawn


def test_what_a_victim_tells_is_kept_as_theirs_alone(world: World, case: SeededCase) -> None:
    tells(world, case, label="V1")
    assert _words(world, case, "V1") == [("health", {"health_what": EPILEPSY}, "victim")]
    assert not file_of(world, case, "V2").needs
    assert not owed(world, case, TASK, "V2")


def test_one_kind_told_twice_stays_one_need_and_staff_keep_what_it_was(
    world: World, case: SeededCase
) -> None:
    tells(world, case)
    since = file_of(world, case).needs.needs[0].since
    notes(world, case, health("Epilepsy, better now", since))
    assert _words(world, case) == [
        ("health", {"health_what": "Epilepsy, better now"}, "PC Example")
    ]
    (past,) = world.deps.threads.past_needs(case.victim)
    assert (past.need.words, past.ended_by, past.withdrawn) == (
        {"health_what": EPILEPSY},
        "PC Example",
        False,
    )


def test_the_same_words_sent_twice_change_nothing(world: World, case: SeededCase) -> None:
    tells(world, case)
    before = file_of(world, case)
    tells(world, case)
    notes(world, case)
    after = file_of(world, case)
    assert (after.needs, after.owed, after.court) == (before.needs, before.owed, before.court)
    assert not world.deps.threads.past_needs(case.victim)


def test_a_victim_takes_back_what_they_told_and_twice_is_as_once(
    world: World, case: SeededCase
) -> None:
    tells(world, case)
    session, since = victim(world, case), file_of(world, case).needs.needs[0].since
    for _ in range(2):
        withdraw_need(world.deps, session, "health", since)
        world.clock.forward(minutes=1)
    assert not file_of(world, case).needs
    (past,) = world.deps.threads.past_needs(case.victim)
    assert (past.ended_by, past.withdrawn) == ("victim", True)


def test_staff_withdraw_what_holds_no_more(world: World, case: SeededCase) -> None:
    tells(world, case)
    since = file_of(world, case).needs.needs[0].since
    withdraw_noted(world.deps, staff(world), case.key, case.victim, "health", since)
    assert not file_of(world, case).needs
    assert world.deps.threads.past_needs(case.victim)[0].ended_by == "PC Example"


def test_needs_can_be_told_after_the_decision(world: World) -> None:
    decided = seed_case(world.deps, stage="charged", outcome="charged", told=True)
    tells(world, decided)
    assert file_of(world, decided).needs


# --- the officer talks with them


def test_the_officer_gets_one_row_to_talk_with_them_and_it_holds_no_word_of_the_need(
    world: World, case: SeededCase
) -> None:
    tells(world, case)
    tells(world, case, NeedTold("fear", {"fear_what": "Him"}, (), 0))
    (promise,) = owed(world, case, TASK)
    assert promise.event == "talk"
    assert promise.task == (
        "They told us a need on their page: Health; "
        "They told us a need on their page: Fear or distress"
    )
    assert promise.owner == "pc-example"
    assert EPILEPSY not in repr(promise)


def test_what_staff_write_down_or_a_victim_takes_back_makes_no_row(
    world: World, case: SeededCase
) -> None:
    notes(world, case)
    since = file_of(world, case).needs.needs[0].since
    withdraw_need(world.deps, victim(world, case), "health", since)
    assert not owed(world, case, TASK)


# --- before court


def test_a_need_puts_a_case_with_a_date_at_court_under_review_and_none_takes_it_off(
    world: World, case: SeededCase
) -> None:
    listed_at_court(world, case, TRIAL)
    assert not owed(world, case, REVIEW)
    tells(world, case)
    assert [promise.subject for promise in owed(world, case, REVIEW)] == ["2027-02-01"]
    assert not owed(world, case, REVIEW, "V2")
    since = file_of(world, case).needs.needs[0].since
    withdraw_noted(world.deps, staff(world), case.key, case.victim, "health", since)
    assert not owed(world, case, REVIEW)


def test_a_date_that_comes_after_the_need_puts_it_under_review(
    world: World, case: SeededCase
) -> None:
    tells(world, case, label="V1")
    listed_at_court(world, case, TRIAL)
    assert owed(world, case, REVIEW, "V1")
    assert not owed(world, case, REVIEW, "V2")


def test_a_need_opens_a_closed_review_again(world: World, case: SeededCase) -> None:
    notes(world, case)
    listed_at_court(world, case, TRIAL)
    court = file_of(world, case).court
    assert court is not None
    closing = Closing(world.clock(), "PC Example", TRIAL, "A screen.", "PC Example")
    world.deps.ledger.write([world.deps.threads.keep_court(replace(court, closings=(closing,)))])
    tells(world, case, NeedTold("fear", {"fear_what": "Him"}, (), 0))
    court = file_of(world, case).court
    assert court is not None
    assert court.reopened_why == "A need was told or changed."


def test_a_date_that_comes_while_a_first_need_is_told_never_misses_it(
    world: World, case: SeededCase
) -> None:
    before: Any = (file_of(world, case), case_of(world, case))
    session = victim(world, case)
    listed_at_court(world, case, TRIAL)
    cases: Any = OnceAsBefore(world.deps.cases, before[1])
    late = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before[0]), cases=cases)
    tell_need(late, session, health())
    assert owed(world, case, REVIEW)
    court = file_of(world, case).court
    assert court is not None
    assert court.has_needs


def test_a_date_written_upon_needs_as_they_were_meets_a_conflict(
    world: World, case: SeededCase
) -> None:
    before = _court_row(world, case)
    tells(world, case)
    with pytest.raises(ConflictError) as conflict:
        world.deps.ledger.write([world.deps.threads.keep_court(before)])
    assert conflict.value.failed == {"court"}


# --- who was first


def test_of_victim_and_officer_at_one_need_the_second_is_told_and_stores_nothing(
    world: World, case: SeededCase
) -> None:
    notes(world, case)
    with pytest.raises(NeedChangedError) as changed:
        tell_need(world.deps, victim(world, case), health("Migraine"))
    assert changed.value.opened.file.needs.needs[0].words == {"health_what": EPILEPSY}
    with pytest.raises(StaleError):
        note_need(world.deps, staff(world), case.key, case.victim, health("Migraine"))
    with pytest.raises(NeedChangedError):
        withdraw_need(world.deps, victim(world, case), "health", 7)
    assert _words(world, case) == [("health", {"health_what": EPILEPSY}, "PC Example")]


def test_two_kinds_told_at_once_are_both_kept(world: World, case: SeededCase) -> None:
    before = file_of(world, case)
    session = victim(world, case)
    notes(world, case, NeedTold("fear", {"fear_what": "Him"}, (), 0))
    late = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before))
    tell_need(late, session, health())
    assert {kind for kind, _, _ in _words(world, case)} == {"fear", "health"}


def test_a_case_handed_over_while_a_need_is_told_owes_the_talk_by_its_new_officer(
    world: World,
) -> None:
    moving = charged(world)
    old, new = case_of(world, moving).officer, new_officer("PC Example the Second")
    colleague(world, new.id, team=new.team)
    before: Any = (file_of(world, moving), case_of(world, moving))
    session, cases = victim(world, moving), OnceAsBefore(world.deps.cases, before[1])
    hand_over(world.deps, in_charge(world, moving), moving.key, new.id, seen_officer=old.id)
    late: Any = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before[0]))
    tell_need(replace(late, cases=cases), session, health())
    (promise,) = owed(world, moving, TASK)
    assert (promise.owner, promise.team) == (new.id, new.team)


def test_a_wish_while_a_need_is_told_owes_one_talk_about_both(
    world: World, case: SeededCase
) -> None:
    tells(world, case)
    since = file_of(world, case).needs.needs[0].since
    close_talks(world, case)
    before, session = file_of(world, case), victim(world, case)
    wish_measures(world.deps, session, ["screen"])
    late = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before))
    tell_need(late, session, health("Epilepsy, worse", since))
    (promise,) = owed(world, case, TASK)
    assert promise.task == "They asked for: A screen; They told us a need on their page: Health"


def test_an_answer_of_the_store_that_was_lost_is_found_out(world: World, case: SeededCase) -> None:
    session = victim(world, case)
    tell_need(replace(world.deps, ledger=DeafLedger(world)), session, health())
    assert file_of(world, case).needs
    with pytest.raises(StoreUnavailableError):
        tell_need(
            replace(world.deps, ledger=SilentLedger()),
            session,
            NeedTold("fear", {"fear_what": "Him"}, (), 0),
        )


# --- who may


@pytest.mark.parametrize("role", ["partner", "administrator"])
def test_a_role_without_cases_writes_no_need_down(
    world: World, case: SeededCase, role: str
) -> None:
    with pytest.raises(NotAllowedError):
        note_need(world.deps, staff(world, role, role=role), case.key, case.victim, health())


def test_a_need_of_another_teams_case_or_of_nobody_in_it_is_not_there(
    world: World, case: SeededCase
) -> None:
    far, other = staff(world, "far", team=STOKE), seed_case(world.deps)
    with pytest.raises(NotFoundError):
        note_need(world.deps, far, case.key, case.victim, health())
    with pytest.raises(NotFoundError):
        note_need(world.deps, staff(world), case.key, other.victim, health())
    assert not file_of(world, case).needs
    assert not file_of(world, other).needs


# --- who has read it


def test_opening_the_case_is_reading_and_is_written_once(world: World, case: SeededCase) -> None:
    tells(world, case)
    reader = staff(world, "reader", name="PC Reader")
    open_staff_case(world.deps, reader, case.key)
    (seen,) = file_of(world, case).seen
    assert (seen.name, seen.role, seen.version) == ("PC Reader", "officer", 1)
    world.clock.forward(minutes=1)
    open_staff_case(world.deps, reader, case.key)
    assert file_of(world, case).seen == (seen,)
    tells(world, case, health("Epilepsy and asthma", seen=1))
    open_staff_case(world.deps, reader, case.key)
    (again,) = file_of(world, case).seen
    assert again.version == file_of(world, case).needs.version
    assert again.at > seen.at


def test_where_nothing_was_told_nobody_has_read_anything(world: World, case: SeededCase) -> None:
    open_staff_case(world.deps, staff(world), case.key)
    assert file_of(world, case).seen == ()

"""Who records that a minimum expectation was kept: the police any, an ISVA those of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreements import NEEDS
from chalicelib.domain.cases import TeamId
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.promises import WELCOME, Move
from chalicelib.services.keep_line import (
    LineDone,
    begin_stopping,
    keep_line,
    keep_own_line,
    open_line,
    open_own_line,
)
from chalicelib.services.leave_case import record_left
from tests.builders import STOKE
from tests.integration.partner_steps import agency, has_hearing, supporter, with_partners
from tests.integration.services.following import followed, only
from tests.integration.services.line_steps import assault, every, has_isva, lines, loses_isva
from tests.integration.services.staff_steps import audit_of, file_of, staff
from tests.integration.web.victim_steps import DeafLedger, SilentLedger

if TYPE_CHECKING:
    from chalicelib.domain.promises import Promise
    from tests.builders import SeededCase
    from tests.integration.conftest import World as AnyWorld

TODAY = date(2026, 11, 18)
DONE = LineDone(TODAY, "by phone")
NOT_FOR_THEM = LineDone(TODAY, why_not="It does not apply to them.")


@pytest.fixture
def world(world: AnyWorld) -> AnyWorld:
    """Both services with partner agencies of this test alone."""
    return with_partners(world)


def _keep(world: AnyWorld, case: SeededCase, promise: Promise, done: LineDone = DONE) -> None:
    keep_line(world.deps, staff(world), case.key, case.victim, promise.id, done=done)


def test_an_officer_keeps_a_line_with_its_day(world: AnyWorld) -> None:
    case = assault(world)
    world.clock.forward(days=1)
    _keep(world, case, lines(world, case)["offer"], LineDone(TODAY, "by phone, they said yes"))
    (offer,) = every(world, case, "offer")
    assert (offer.kept_how, offer.was_in_time) == ("by phone, they said yes", True)
    assert offer.kept_at is not None
    assert offer.kept_at.date() == TODAY
    assert "recorded a minimum expectation" in {line.what for line in audit_of(case)}


def test_what_does_not_apply_is_no_longer_owed(world: AnyWorld) -> None:
    case = assault(world)
    _keep(world, case, lines(world, case)["offer"], NOT_FOR_THEM)
    assert lines(world, case) == {}
    assert every(world, case, "offer")[0].cancelled_why == NOT_FOR_THEM.why_not


def test_the_same_record_again_is_one_and_another_is_too_late(world: AnyWorld) -> None:
    case = assault(world)
    offer = lines(world, case)["offer"]
    _keep(world, case, offer)
    stands = file_of(world, case)
    _keep(world, case, offer)
    assert file_of(world, case) == stands
    for other in (replace(DONE, how="in person"), NOT_FOR_THEM):
        with pytest.raises(StaleError):
            _keep(world, case, offer, other)
    assert file_of(world, case) == stands


def test_an_answer_of_the_store_that_was_lost_is_looked_up(world: AnyWorld) -> None:
    case = assault(world)
    offer = lines(world, case)["offer"]
    deps = replace(world.deps, ledger=DeafLedger(world))
    keep_line(deps, staff(world), case.key, case.victim, offer.id, done=DONE)
    assert not every(world, case, "offer")[0].is_open


def test_when_nothing_could_be_stored_it_is_said(world: AnyWorld) -> None:
    case = assault(world)
    offer = lines(world, case)["offer"]
    deps = replace(world.deps, ledger=SilentLedger())
    with pytest.raises(StoreUnavailableError):
        keep_line(deps, staff(world), case.key, case.victim, offer.id, done=DONE)
    assert every(world, case, "offer")[0].is_open


def test_nobody_keeps_here_what_is_no_line_or_of_another_case(world: AnyWorld) -> None:
    case, other = assault(world), assault(world)
    welcome, offer = only(world, case, WELCOME), lines(world, other)["offer"]
    for promise_id in (welcome.id, offer.id, "", "x"):
        with pytest.raises(NotFoundError):
            open_line(world.deps, staff(world), case.key, case.victim, promise_id)
    with pytest.raises(NotFoundError):
        open_line(world.deps, staff(world), case.key, other.victim, offer.id)


def test_it_takes_a_role_that_answers_and_a_case_that_exists_for_them(world: AnyWorld) -> None:
    case = assault(world)
    offer = lines(world, case)["offer"]
    stranger = staff(world, "pc-stranger", team=STOKE)
    with pytest.raises(NotFoundError):
        keep_line(world.deps, stranger, case.key, case.victim, offer.id, done=DONE)
    for identity, role in (("keeper-9", "administrator"), ("partner-9", "partner")):
        nobody = staff(world, identity, role=role)
        with pytest.raises(NotAllowedError):
            keep_line(world.deps, nobody, case.key, case.victim, offer.id, done=DONE)


# --- an ISVA


def test_an_isva_marks_theirs(world: AnyWorld) -> None:
    case = assault(world)
    isva = has_isva(world, case)
    promise = lines(world, case)["first_contact"]
    found = open_own_line(world.deps, isva, case.key, case.victim, promise.id)
    assert found == promise
    keep_own_line(world.deps, isva, case.key, case.victim, promise.id, done=DONE)
    assert "first_contact" not in lines(world, case)


def test_an_isva_sees_no_line_of_the_police_and_none_of_another_service(world: AnyWorld) -> None:
    case = assault(world, stage="with_cps")
    isva = has_isva(world, case)
    theirs = lines(world, case)["first_contact"]
    other = supporter(world, agency(world, "new_era"))
    for police in (only(world, case, WELCOME), lines(world, case)["wishes"]):
        with pytest.raises(NotFoundError):
            open_own_line(world.deps, isva, case.key, case.victim, police.id)
    with pytest.raises(NotFoundError):
        open_own_line(world.deps, other, case.key, case.victim, theirs.id)
    with pytest.raises(NotAllowedError):
        open_own_line(world.deps, staff(world), case.key, case.victim, theirs.id)


def test_after_it_was_withdrawn_their_next_press_finds_nothing(world: AnyWorld) -> None:
    case = assault(world)
    isva = has_isva(world, case)
    promise = lines(world, case)["first_contact"]
    loses_isva(world, case)
    with pytest.raises(NotFoundError):
        keep_own_line(world.deps, isva, case.key, case.victim, promise.id, done=DONE)


def test_a_line_before_court_is_no_row_of_who_may_not_know_of_the_charge(world: AnyWorld) -> None:
    case = assault(world, stage="charged", outcome="charged")
    isva = has_isva(world, case)
    has_hearing(world, case)
    promise = lines(world, case)["trial_days"]
    assert promise.team != TeamId(agency(world, "isva").team)
    # Not even if somebody gives it to them.
    me = isva.member
    given = Move(world.clock(), me.id, me.name, me.team, "Given to them.", "Test")
    world.deps.ledger.write([world.deps.threads.move_promise(promise, given)])
    with pytest.raises(NotFoundError):
        open_own_line(world.deps, isva, case.key, case.victim, promise.id)


def test_with_less_agreed_the_isvas_own_lines_are_still_theirs(world: AnyWorld) -> None:
    case = assault(world)
    isva = has_isva(world, case, NEEDS)
    promise = lines(world, case)["introduction"]
    keep_own_line(world.deps, isva, case.key, case.victim, promise.id, done=DONE)
    assert "introduction" not in lines(world, case)


# --- who thinks of stopping


def test_who_thinks_of_stopping_hears_from_their_isva_or_the_officer_once(world: AnyWorld) -> None:
    case = assault(world)
    for _ in range(2):
        begin_stopping(world.deps, staff(world), case.key, case.victim)
    (line,) = every(world, case, "stopping")
    assert (line.due_on, line.owner) == (date(2026, 11, 20), "pc-example")
    other = assault(world)
    isva = has_isva(world, other)
    begin_stopping(world.deps, staff(world), other.key, other.victim)
    assert lines(world, other)["stopping"].owner == isva.member.id


def test_of_other_crimes_and_of_who_left_nobody_owes_it(world: AnyWorld) -> None:
    left = assault(world)
    record_left(world.deps, staff(world), left.key, left.victim, "by phone")
    for case in (followed(world), left):
        with pytest.raises(NotAllowedError):
            begin_stopping(world.deps, staff(world), case.key, case.victim)

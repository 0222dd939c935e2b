"""A not-guilty plea, and by when the prosecutor applies for what is wanted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import CROWN, MAGISTRATES, Plea
from chalicelib.domain.errors import NotAllowedError, StaleError
from chalicelib.services.apply_tasks import NOT_WANTED
from chalicelib.services.keep_measures import BeforeChargeError
from chalicelib.services.record_plea import record_plea
from chalicelib.services.wish_measures import wish_measures, withdraw_wish
from tests.integration.services.following import followed
from tests.integration.services.measure_steps import open_tasks, plead, step, tasks
from tests.integration.services.staff_steps import case_of, staff, victim

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)


@pytest.fixture
def case(world: World) -> SeededCase:
    """Return a case in which somebody is charged, with two victims who were told."""
    return followed(
        world, stage="charged", told=True, victims=("V1", "V2"), reported_on=date(2026, 9, 1)
    )


@pytest.mark.parametrize(
    ("court", "due"), [(CROWN, date(2026, 12, 2)), (MAGISTRATES, date(2026, 12, 16))]
)
def test_a_plea_owes_an_application_to_whom_something_is_wanted(
    world: World, case: SeededCase, court: str, due: date
) -> None:
    step(world, case, "discussed", label="V1")
    plead(world, case, TODAY, court)
    (promise,) = open_tasks(world, case, "apply", "V1")
    assert promise.due_on == due
    assert promise.working.counted_from == TODAY
    assert promise.working.source == "the Criminal Procedure Rules 2025, rule 18.4"
    assert promise.task == "A screen"
    assert not open_tasks(world, case, "apply", "V2")


def test_a_limit_that_is_over_is_owed_today(world: World, case: SeededCase) -> None:
    step(world, case, "asked")
    plead(world, case, date(2026, 10, 1))
    (promise,) = open_tasks(world, case, "apply")
    assert promise.due_on == world.deps.today()
    assert promise.working.counted_from == date(2026, 10, 1)


@pytest.mark.parametrize("how", ["wished", "discussed", "asked"])
def test_what_is_wanted_after_the_plea_is_owed_as_well(
    world: World, case: SeededCase, how: str
) -> None:
    plead(world, case, TODAY)
    if how == "wished":
        wish_measures(world.deps, victim(world, case), ["screen"])
    else:
        step(world, case, how)
    assert len(open_tasks(world, case, "apply")) == 1


def test_other_arrangements_need_no_application(world: World, case: SeededCase) -> None:
    plead(world, case, TODAY)
    step(world, case, "asked", "supporter")
    assert not open_tasks(world, case, "apply")


def test_it_is_kept_when_nothing_is_left_to_apply_for(world: World, case: SeededCase) -> None:
    plead(world, case, TODAY)
    step(world, case, "asked", "screen")
    step(world, case, "asked", "live_link")
    step(world, case, "applied", "screen")
    assert len(open_tasks(world, case, "apply")) == 1
    step(world, case, "withdrawn", "live_link")
    (promise,) = tasks(world, case, "apply")
    assert promise.kept_at is not None


def test_it_is_cancelled_when_nobody_wants_it_any_more(world: World, case: SeededCase) -> None:
    plead(world, case, TODAY)
    session = victim(world, case)
    wish_measures(world.deps, session, ["screen"])
    withdraw_wish(world.deps, session, "screen")
    (promise,) = tasks(world, case, "apply")
    assert promise.kept_at is None
    assert promise.cancelled_why


def test_what_was_applied_for_before_keeps_no_promise_about_something_else(
    world: World, case: SeededCase
) -> None:
    step(world, case, "applied", "live_link")
    plead(world, case, TODAY)
    session = victim(world, case)
    wish_measures(world.deps, session, ["screen"])
    withdraw_wish(world.deps, session, "screen")
    (promise,) = tasks(world, case, "apply")
    assert (promise.kept_at, promise.cancelled_why) == (None, NOT_WANTED)


def test_a_plea_that_is_put_right_counts_the_limit_anew(world: World, case: SeededCase) -> None:
    step(world, case, "asked")
    plead(world, case, TODAY, CROWN)
    plead(world, case, TODAY, MAGISTRATES)
    (promise,) = open_tasks(world, case, "apply")
    assert promise.due_on == date(2026, 12, 16)
    assert len(tasks(world, case, "apply")) == 2


def test_a_plea_needs_a_charge_a_day_that_was_and_the_case_as_it_was_seen(
    world: World, case: SeededCase
) -> None:
    before = followed(world)
    with pytest.raises(BeforeChargeError):
        plead(world, before, TODAY)
    for wrong in (date(2026, 8, 31), date(2026, 11, 19)):
        with pytest.raises(NotAllowedError):
            plead(world, case, wrong)
    plead(world, case, TODAY)
    with pytest.raises(StaleError):
        record_plea(world.deps, staff(world), case.key, Plea(TODAY, MAGISTRATES), seen=0)
    assert case_of(world, case).plea == Plea(TODAY, CROWN)

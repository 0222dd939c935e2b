"""What is owed reads as before while news waits to be told: nothing comes, goes or moves (D10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told
from chalicelib.domain.promises import LINE, REVIEW, TASK, TELL
from chalicelib.services.keep_measures import RESULT
from chalicelib.services.leave_case import record_left
from chalicelib.services.read_case import expectations
from chalicelib.services.record_contact import record_contact
from chalicelib.services.victim_sessions import read_victim
from chalicelib.services.wish_measures import wish_measures, withdraw_wish
from tests.builders import OFFICER
from tests.integration.services.court_steps import (
    HEARING,
    charged,
    dated,
    in_charge,
    needs_told,
    reviewed,
    reviews,
    stopped,
)
from tests.integration.services.following import only, owed
from tests.integration.services.measure_steps import open_tasks, plead, step, tasks
from tests.integration.services.staff_steps import staff, victim
from tests.integration.web.victim_steps import tell

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World

LATER = date(2027, 2, 9)
Read = tuple[str, str, str, date]


def reads(world: World, case: SeededCase) -> list[Read]:
    """Return what the victim's page lists as owed, in its order."""
    opened = read_victim(world.deps, victim(world, case))
    found = expectations(opened, world.deps.today(), world.deps.rules)
    return [
        (state, each.kind, each.event or each.line, each.due_on)
        for state, rows in (("late", found.late), ("due", found.due), ("kept", found.kept))
        for each in rows
    ]


def kinds(world: World, case: SeededCase, state: str = "due") -> list[str]:
    """Return the kinds of what is listed in one state."""
    return [row[1] for row in reads(world, case) if row[0] == state]


# --- behind news of the case


@pytest.mark.parametrize("on", [None, LATER])
def test_a_date_behind_hidden_news_takes_nothing_off_the_page(
    world: World, on: date | None
) -> None:
    case = charged(world, crime_type="rape", officer=OFFICER)
    dated(world, case)
    before = reads(world, case)
    assert {REVIEW, TELL, LINE} <= {row[1] for row in before}
    entry = stopped(world, case)
    dated(world, case, on)
    assert reads(world, case) == before
    tell(world, case, entry)
    assert reads(world, case) != before


def test_what_is_to_be_done_stays_on_the_page_and_nothing_joins_it(world: World) -> None:
    case = charged(world, officer=OFFICER)
    wish_measures(world.deps, victim(world, case), ["screen"])
    plead(world, case, world.deps.today())
    before = reads(world, case)
    stopped(world, case)
    # The plea is put right: what was owed by it is cancelled, and owed anew.
    plead(world, case, world.deps.today() - timedelta(days=1))
    assert len(tasks(world, case, "apply")) == 2
    assert reads(world, case) == before


def test_what_they_no_longer_want_goes_at_once(world: World) -> None:
    case = charged(world, officer=OFFICER)
    wish_measures(world.deps, victim(world, case), ["screen"])
    plead(world, case, world.deps.today())
    stopped(world, case)
    world.clock.forward(minutes=1)
    withdraw_wish(world.deps, victim(world, case), "screen")
    assert "apply" not in [row[2] for row in reads(world, case)]


def test_who_hears_nothing_more_is_shown_nothing_that_was_cancelled_for_it(world: World) -> None:
    case = charged(world, crime_type="rape", officer=OFFICER)
    dated(world, case)
    stopped(world, case)
    world.clock.forward(minutes=1)
    record_left(world.deps, in_charge(world, case), case.key, case.victim, "by phone")
    assert kinds(world, case) == [REVIEW]


# --- behind what a court decided about a measure


@pytest.mark.parametrize("state", ["refused", "partly"])
def test_a_review_opened_again_by_a_decision_waits_until_they_are_told(
    world: World, state: str
) -> None:
    case = charged(world, officer=OFFICER)
    dated(world, case)
    step(world, case, "applied")
    reviewed(world, case)
    before = reads(world, case)
    assert REVIEW in [row[1] for row in before if row[0] == "kept"]
    step(world, case, state, note="No reason.")
    assert len(reviews(world, case)) == 1
    assert reads(world, case) == before
    reviewed(world, case, "Talk about a link.")
    assert reads(world, case) == before
    needs_told(world, case)
    assert reads(world, case) == before
    (result,) = [each for each in owed(world, case, TELL) if each.event == RESULT]
    record_contact(
        world.deps,
        staff(world),
        case.key,
        case.victim,
        Told(world.deps.today(), "by phone"),
        promise_id=result.id,
    )
    assert kinds(world, case).count(REVIEW) == 1
    assert kinds(world, case, "kept").count(REVIEW) == 2


def test_a_review_before_another_date_is_listed_also_behind_a_decision(world: World) -> None:
    case = charged(world, officer=OFFICER)
    dated(world, case)
    step(world, case, "applied")
    step(world, case, "refused")
    dated(world, case, LATER)
    assert [p.subject for p in reviews(world, case)] == [f"{LATER}"]
    assert kinds(world, case).count(REVIEW) == 1
    # Nobody held the one before the date that comes back.
    dated(world, case)
    assert kinds(world, case).count(REVIEW) == 1


def test_a_review_that_a_date_begins_again_is_listed(world: World) -> None:
    case = charged(world, officer=OFFICER)
    dated(world, case)
    reviewed(world, case)
    needs_told(world, case)
    assert only(world, case, REVIEW).subject == f"{HEARING}"
    assert kinds(world, case).count(REVIEW) == 1


def test_asking_again_after_a_hidden_refusal_changes_nothing(world: World) -> None:
    case = charged(world, officer=OFFICER)
    wish_measures(world.deps, victim(world, case), ["screen"])
    plead(world, case, world.deps.today())
    step(world, case, "applied")
    before = reads(world, case)
    step(world, case, "refused", note="No reason.")
    step(world, case, "asked", note="Again.")
    assert len(open_tasks(world, case, "apply")) == 1
    assert reads(world, case) == before
    assert kinds(world, case).count(TASK) == 1

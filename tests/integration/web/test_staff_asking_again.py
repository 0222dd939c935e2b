"""Asking a victim again whether safe contact is right: a row of the officer's list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import seed_case
from tests.integration.services.contact_steps import sets_contact
from tests.integration.services.following import owed

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Visitor

ASK = "Ask whether their safe contact is still right"


@pytest.fixture
def case(world: World) -> SeededCase:
    """Return a case whose victim said how to contact them."""
    case = seed_case(world.deps)
    sets_contact(world, case)
    return case


def _open(world: World, case: SeededCase) -> list[str]:
    return [p.id for p in owed(world, case, "task") if p.event == "confirm_contact"]


def _to_task(desk: Visitor, world: World, case: SeededCase) -> str:
    """Open safe contact and go from there to where asking again ends; return its address."""
    seen = desk.get(f"/cases/{case.key}/safe-contact?victim={case.victim}")
    assert "Asking again is no longer needed" in seen.main
    (promise,) = _open(world, case)
    address = f"/cases/{case.key}/task?victim={case.victim}&promise={promise}"
    assert any(element.get("href") == address for element in seen.tree.iter())
    return address


def test_the_row_leads_to_where_it_is_confirmed(world: World, case: SeededCase) -> None:
    desk = world.desk()
    seen = desk.get(f"/cases/{case.key}")
    assert ASK in seen.main
    here = f"/cases/{case.key}/safe-contact?victim={case.victim}"
    assert any(element.get("href") == here for element in seen.tree.iter())


def test_it_is_done_by_asking_and_by_no_other_form(world: World, case: SeededCase) -> None:
    desk = world.desk()
    seen = desk.get(_to_task(desk, world, case))
    assert "This is done when their safe contact is confirmed again." in seen.main
    task, drop = f"/cases/{case.key}/task", f"/cases/{case.key}/task/drop"
    assert not seen.has_form(task)
    sent = desk.send(task, {**seen.fields(drop), "note": "I asked them.", "on": "today"})
    assert sent.status == 400
    assert "I asked them." in sent.main
    assert _open(world, case)


def test_it_ends_when_somebody_says_that_it_is_no_longer_needed(
    world: World, case: SeededCase
) -> None:
    desk = world.desk()
    seen = desk.get(_to_task(desk, world, case))
    drop = f"/cases/{case.key}/task/drop"
    assert seen.has_form(drop)
    assert desk.post(drop, why="The case has ended.").status == 303
    assert not _open(world, case)


def test_it_is_owed_by_its_day_and_nothing_to_do_before_court(
    world: World, case: SeededCase
) -> None:
    desk = world.desk()
    owed_first, _, before_court = desk.get(f"/cases/{case.key}").main.partition("Before court")
    assert ASK in owed_first
    assert ASK not in before_court

"""A form of the desk that comes twice: the same words once, other words never lost in silence.

Browsers that keep pages send them again with the same key, perhaps with other words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import seed_case
from tests.integration.services.staff_steps import asked, case_of, colleague, file_of

if TYPE_CHECKING:
    from tests.integration.conftest import World


def test_an_answer_that_was_changed_and_sent_from_a_kept_page_is_not_lost(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    desk = world.desk()
    path = f"/cases/{case.key}/answer"
    form = desk.get(f"/cases/{case.key}").fields(path)
    assert desk.send(path, {**form, "answer": "Yes."}).status == 303
    changed = desk.send(path, {**form, "answer": "No, not yes."})
    assert changed.status == 409
    assert "No, not yes." in changed.main
    assert len(file_of(world, case).threads[0].answers) == 1


def test_an_update_that_was_changed_and_sent_from_a_kept_page_is_not_lost(world: World) -> None:
    case = seed_case(world.deps)
    desk = world.desk()
    path = f"/cases/{case.key}/update"
    form = {**desk.get(f"/cases/{case.key}").fields(path), "to": case.victim, "choice": "none"}
    assert desk.send(path, {**form, "text": "On Monday."}).status == 303
    changed = desk.send(path, {**form, "text": "On Tuesday."})
    assert changed.status == 409
    assert "On Tuesday." in changed.main
    assert "On Monday." in changed.main


def test_an_outcome_that_was_changed_and_sent_from_a_kept_page_is_not_lost(world: World) -> None:
    case = seed_case(world.deps)
    world.clock.forward(minutes=1)
    desk = world.desk()
    path = f"/cases/{case.key}/outcome"
    form = {**desk.get(path).fields(path), "since": "today", f"how_{case.victim}": "not_yet"}
    assert desk.send(path, {**form, "news": "outcome:no_suspect_found"}).status == 303
    assert desk.send(path, {**form, "news": "outcome:charged"}).status == 409
    assert case_of(world, case).current.outcome == "no_suspect_found"


def test_an_absence_sent_twice_is_noted_once(world: World) -> None:
    away, cover = colleague(world, "away-1"), colleague(world, "cover-1")
    desk = world.desk("keeper", role="administrator")
    form = desk.get("/admin/absences").fields("/admin/absences")
    days = {"first_day": "2026-11-18", "last_day": "2026-11-20"}
    for _ in range(2):
        desk.send("/admin/absences", {**form, **days, "officer": away, "cover": cover})
    absences = world.deps.cases.read_force().absences
    assert len([absence for absence in absences if absence.officer == away]) == 1

"""Needs as victims tell them and as staff write them down."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.cases import Hearing
from chalicelib.services.court_dates import court_parts
from chalicelib.services.keep_needs import note_need, tell_need
from chalicelib.services.need_changes import NeedTold
from tests.integration.services.staff_steps import case_of, file_of, staff, victim

if TYPE_CHECKING:
    from datetime import date

    from tests.builders import SeededCase
    from tests.integration.conftest import World

EPILEPSY = "Epilepsy"


def health(text: str = EPILEPSY, seen: int = 0, **parts: str) -> NeedTold:
    """Return what a form says of somebody's health."""
    return NeedTold("health", {"health_what": text, **parts}, (), seen)


def tells(
    world: World, case: SeededCase, told: NeedTold | None = None, label: str | None = None
) -> None:
    """Let a victim tell a need on their page, and the clock go on."""
    tell_need(world.deps, victim(world, case, label), told or health())
    world.clock.forward(minutes=1)


def notes(
    world: World, case: SeededCase, told: NeedTold | None = None, label: str | None = None
) -> None:
    """Let the officer write a need down, and the clock go on."""
    key = case.victim if label is None else case.victims[label]
    note_need(world.deps, staff(world), case.key, key, told or health())
    world.clock.forward(minutes=1)


def listed_at_court(world: World, case: SeededCase, on: date) -> None:
    """Give the case a date at court, as who types one does."""
    read, deps = case_of(world, case), world.deps
    hearing = Hearing(on, "Example Court")
    parts = [deps.cases.desk_change(read, officer=None, at=deps.now(), hearing=hearing)]
    after = replace(read, hearing=hearing, court=hearing.court, next_hearing_on=on)
    for label, key in case.victims.items():
        whose = after.victim(key)
        assert whose is not None
        parts += court_parts(deps, after, whose, file_of(world, case, label))
    deps.ledger.write(parts)
    world.clock.forward(minutes=1)

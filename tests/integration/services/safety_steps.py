"""Safe mode as victims wish it and as staff confirm it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.safety import in_safe_mode
from chalicelib.services.keep_safety import confirm_off, wish_safe_mode
from chalicelib.services.safety_changes import Seen
from tests.integration.services.staff_steps import case_of, file_of, staff, victim

if TYPE_CHECKING:
    from chalicelib.domain.safety import Safety
    from tests.builders import SeededCase
    from tests.integration.conftest import World

WHY = "They live alone now, and nobody else has the phone."


def safety_of(world: World, case: SeededCase, label: str | None = None) -> Safety:
    """Return what a victim chose."""
    return file_of(world, case, label).safety


def is_safe(world: World, case: SeededCase, label: str | None = None) -> bool:
    """Return whether safe mode is on for a victim."""
    return in_safe_mode(case_of(world, case), safety_of(world, case, label), world.deps.rules)


def wishes(world: World, case: SeededCase, label: str | None = None, *, on: bool) -> None:
    """Let a victim wish safe mode on or off upon what stands, and the clock go on."""
    seen = safety_of(world, case, label).version
    wish_safe_mode(world.deps, victim(world, case, label), on=on, seen=seen)
    world.clock.forward(minutes=1)


def seen_now(world: World, case: SeededCase) -> Seen:
    """Return what an officer reads who opens safe mode of the first victim now."""
    return Seen(safety_of(world, case).version, case_of(world, case).version)


def confirms_off(world: World, case: SeededCase) -> None:
    """Let the officer confirm upon what stands that it may be off, and the clock go on."""
    seen = seen_now(world, case)
    confirm_off(world.deps, staff(world), case.key, case.victim, WHY, seen)
    world.clock.forward(minutes=1)

"""Cases whose victims are followed, as an import leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.services.choose_rhythm import agree_rhythm
from chalicelib.services.follow import begin_parts, open_of
from tests.builders import seed_case
from tests.integration.services.staff_steps import case_of, file_of, staff

if TYPE_CHECKING:
    from typing import Any

    from chalicelib.domain.promises import Promise
    from tests.builders import SeededCase
    from tests.integration.conftest import World


def followed(world: World, **options: Any) -> SeededCase:
    """Put a case as an import leaves it: its victims are followed."""
    case = seed_case(world.deps, **options)
    read = case_of(world, case)
    for victim in read.victims:
        if parts := begin_parts(world.deps, read, victim):
            world.deps.ledger.write(parts)
    # What is recorded next comes after what is there.
    world.clock.forward(minutes=1)
    return case


def in_rhythm(world: World, rhythm: str = "every_10", **options: Any) -> SeededCase:
    """Put a case whose victims agreed on a rhythm of updates."""
    case = followed(world, **options)
    officer = case_of(world, case).officer
    for victim in case.victims.values():
        session = staff(world, officer.id, team=officer.team, name=officer.name)
        agree_rhythm(world.deps, session, case.key, victim, rhythm)
    return case


def owed(world: World, case: SeededCase, kind: str, label: str | None = None) -> list[Promise]:
    """Return what is still owed to a victim of one kind, besides answers."""
    return open_of(file_of(world, case, label), kind)


def only(world: World, case: SeededCase, kind: str, label: str | None = None) -> Promise:
    """Return the one promise of a kind that is owed to a victim."""
    (promise,) = owed(world, case, kind, label)
    return promise

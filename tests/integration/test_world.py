"""The harness itself: what the other tests take for granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import seed_case

if TYPE_CHECKING:
    from tests.integration.conftest import World


def test_a_victim_opens_the_case_with_reference_and_code(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    assert victim.seen is not None
    assert victim.seen.location == "/case"


def test_the_health_page_reads_nothing(world: World) -> None:
    with world.watched() as calls:
        assert world.visitor().get("/health").status == 200
    assert not calls.seen

"""Both kinds of stores: what one of them does, the other does too."""

from __future__ import annotations

import pytest

from chalicelib.stores.imports import ImportStore
from tests.fake_stores import fake_deps, fake_stores
from tests.fakes import FixedClock
from tests.seeding import Hub


@pytest.fixture(params=["in-memory", "stand-in"])
def hub(request: pytest.FixtureRequest) -> Hub:
    """Give dependencies over each kind of stores."""
    if request.param == "in-memory":
        stores, clock = fake_stores(), FixedClock()
        return Hub(fake_deps(stores, clock), stores.imports, clock)
    world = request.getfixturevalue("world")
    return Hub(world.deps, ImportStore.alone(), world.clock)

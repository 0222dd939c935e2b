"""What tests of stores and whole requests stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from operate.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def stand_in() -> Iterator[StandIn]:
    """One stand-in for AWS for all tests; it forgets everything afterwards."""
    with StandIn.started() as running:
        yield running

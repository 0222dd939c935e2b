"""What every test stands on. Sockets are closed but to loopback: see pyproject.toml."""

from __future__ import annotations

import os

from hypothesis import settings

from operate.stand_in import ACCOUNT

# The same examples every time: a test that fails here fails everywhere.
settings.register_profile("hub", deadline=None, derandomize=True)
settings.load_profile("hub")


def pytest_configure() -> None:
    """Leave no test a way to a real account: the keys are the stand-in's own."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(ACCOUNT)

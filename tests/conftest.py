"""What every test stands on. Sockets are closed but to loopback: see pyproject.toml."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from operate.stand_in import ACCOUNT
from tests import all_messages

if TYPE_CHECKING:
    from pathlib import Path

    from _pytest.terminal import TerminalReporter

WRONG_MESSAGES = pytest.StashKey[list[str]]()

# The same examples every time: a test that fails here fails everywhere.
settings.register_profile("hub", deadline=None, derandomize=True)
settings.load_profile("hub")


def pytest_configure() -> None:
    """Leave no test a way to a real account: the keys are the stand-in's own."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(ACCOUNT)
    all_messages.watch_aws()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when any message that any test handed over says what none may say."""
    folder: Path = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # noqa: SLF001
    all_messages.keep(folder)
    # Where tests run in several processes, the first of them looks through what all have kept.
    if hasattr(session.config, "workerinput"):
        return
    found = all_messages.findings(all_messages.collected(folder))
    session.config.stash[WRONG_MESSAGES] = found
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    """Say which messages were wrong; the run failed for them, whatever the tests say."""
    for line in config.stash.get(WRONG_MESSAGES, []):
        terminalreporter.write_line(f"MESSAGE {line}", red=True)

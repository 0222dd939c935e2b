"""The search through all messages of a run finds what must not be there, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from chalicelib.clients.console import Console
from chalicelib.domain.contact import EMAIL, TEXT
from operate.hub_home import ROOT
from tests import cleared
from tests.all_messages import Seen, collected, findings

if TYPE_CHECKING:
    from chalicelib.domain.gate import Cleared

GOOD = "There is a new message for you. Check words: amber otter"
SUBJECT = "A new message"
WRONG_TEST = f"""def test_it():
    record("a test", "", "{GOOD} 12/345678/90")
"""


@pytest.mark.parametrize(
    "message",
    [
        cleared.to_a_victim(TEXT),
        cleared.to_a_victim(TEXT, linked=True),
        cleared.to_a_victim(EMAIL, linked=True, home="http://localhost:8000"),
        cleared.to_an_officer(),
    ],
)
def test_what_the_gate_clears_is_right(message: Cleared) -> None:
    assert findings([Seen("a test", message.subject, message.words)]) == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (f"{GOOD} 12/345678/90", "a number"),
        (f"{GOOD} ABCD-EFGH-JKLM-NPQR", "a name or a code"),
        (GOOD.replace("for you", "for you, Rowan"), "a name or a code"),
        (GOOD.replace("for you", "from PC Alder"), "a name or a code"),
        (GOOD.replace("amber", "burglary"), "a crime or a force: ['burglary']"),
        (GOOD.replace("amber", "police"), "a crime or a force: ['police']"),
        (GOOD.replace("otter", "staffordshire"), "a crime or a force: ['staffordshire']"),
        (GOOD.replace("otter", "stalking"), "a crime or a force: ['stalking']"),
        (f"{GOOD} today", "other words"),
        (f"{GOOD} https://home.example/case/open", "other words"),
        (f"{GOOD} https://home.example/?c=a", "other words"),
    ],
)
def test_what_a_message_must_not_say_is_found(words: str, why: str) -> None:
    found = findings([Seen("a test", SUBJECT, words)])
    assert any(why in line for line in found), found


def test_a_subject_and_a_sender_are_searched_too() -> None:
    assert findings([Seen("a test", "Your case", GOOD)])
    assert findings([Seen("a test", SUBJECT, GOOD, "updates@police.example")])
    assert not findings([Seen("a test", SUBJECT, GOOD, "messages@your-information.example")])


def test_lines_of_a_console_are_collected(tmp_path: Path) -> None:
    message = cleared.to_a_victim(TEXT)
    (tmp_path / "hub").mkdir()
    assert Console(tmp_path / "hub" / "messages.jsonl").deliver(message) == "taken"
    assert collected(tmp_path) == {Seen("console", message.subject, message.words)}


def test_a_run_in_which_all_tests_pass_fails_for_one_wrong_message() -> None:
    # Its folder is not below ours: there the wrong message would fail this run, too.
    with TemporaryDirectory() as folder:
        test = Path(folder) / "test_nothing.py"
        test.write_text(f"from tests.all_messages import record\n\n\n{WRONG_TEST}", "utf-8")
        run = _pytest(test, Path(folder) / "run")
    assert "1 passed" in run.stdout
    assert "MESSAGE a test: a number" in run.stdout
    assert run.returncode == pytest.ExitCode.TESTS_FAILED


def _pytest(test: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    words = ["-c", "pyproject.toml", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words, "--basetemp", folder, test],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

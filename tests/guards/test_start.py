"""A stage starts with what every request needs and nothing else: who waits for it is a person."""

from __future__ import annotations

import ast
import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.settings import PUBLIC, STAFF

API = Path(__file__).parents[2] / "api"
# Made by the library itself.
BY_THE_LIBRARY = {
    "gate.py": {"Cleared"},  # it has a seal, which is no field; nothing of ours has a hand in it
}
# Each is slow to load, and one page or job needs it.
LATE = {
    "authlib",
    "chalicelib.domain.text_check",
    "chalicelib.rules.guidance",
    "govuk_bank_holidays",
    "joserfc",
    "notifications_python_client",
    "requests",
    "stdnum",
}
STARTED = """
import app, gc, json, sys
print(json.dumps([gc.isenabled(), gc.get_freeze_count(), *sys.modules]))
"""


def _never_changing(path: Path) -> set[str]:
    """Return the classes of a module that the library is asked to freeze."""
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any("frozen=True" in ast.unparse(each) for each in node.decorator_list)
    }


def test_a_class_that_never_changes_is_made_the_quick_way() -> None:
    found = {
        (path.name, name)
        for path in sorted(API.rglob("*.py"))
        for name in _never_changing(path) - BY_THE_LIBRARY.get(path.name, set())
    }
    assert not found


@pytest.mark.parametrize("audience", [PUBLIC, STAFF])
def test_a_stage_loads_nothing_that_few_requests_need(audience: str) -> None:
    env = {**os.environ, "HUB_AUDIENCE": audience, "PYTHONPATH": str(API)}
    done = subprocess.run(
        [sys.executable, "-c", STARTED], env=env, check=True, capture_output=True, text=True
    )
    collects, kept, *modules = json.loads(done.stdout)
    assert not LATE & set(modules)
    # Rubbish is looked for again from now on, and not in what stays.
    assert collects is True
    assert kept > gc.get_threshold()[0]

"""The restore drill counts every item, and finds the one that is wrong."""

from __future__ import annotations

import os
import subprocess
import sys

from operate.hub_home import ROOT


def _drill(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the command by itself: it binds the models to tables of its own."""
    return subprocess.run(
        [sys.executable, "-m", "operate", "drill", "--items", "400", *options],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": f"{ROOT / 'api'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_mistake_is_undone_without_a_difference() -> None:
    done = _drill()
    assert done.stdout.splitlines()[-1] == "400 items: 0 differences", done.stdout + done.stderr
    assert done.returncode == 0
    # It broke something first, and says which call is not AWS's own.
    broken = [line for line in done.stdout.splitlines() if "The mistake: " in line]
    assert " 0 partitions" not in broken[0]
    assert "stands in for" in done.stdout
    assert '"hub-threads" = "hub-threads-' in done.stdout


def test_one_item_that_differs_fails_the_drill() -> None:
    done = _drill("--spoil")
    assert done.stdout.splitlines()[-1] == "400 items: 1 difference", done.stdout + done.stderr
    assert done.returncode == 1

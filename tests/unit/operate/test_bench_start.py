"""What is measured is a stage alone with what was packed for it, in turns with the floor."""

from __future__ import annotations

from subprocess import CalledProcessError
from typing import TYPE_CHECKING

import pytest

from operate.bench_start import Starts, measure_starts

if TYPE_CHECKING:
    from pathlib import Path

# A stage that starts only for staff, and only where nothing but the tree can be imported.
STAGE = """
import os
from importlib.util import find_spec
from packed import LOG
if os.environ["HUB_AUDIENCE"] != "staff" or find_spec("chalice"):
    raise SystemExit("not alone")
LOG.open("a").write("stage ")
"""
FLOOR = 'from packed import LOG; LOG.open("a").write("floor ")'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "packed.py").write_text(
        f"from pathlib import Path\nLOG = Path({str(tmp_path / 'log')!r})\n", "utf-8"
    )
    (tmp_path / "app.py").write_text(STAGE, "utf-8")
    return tmp_path


def test_one_slow_start_changes_no_ratio() -> None:
    stage, floor = Starts((0.3, 0.9, 0.35)), Starts((0.2, 0.25, 0.8))
    assert stage.against(floor) == "min 1.50 (median 1.40)"
    assert str(stage) == "min 300 ms (median 350)"


def test_stage_and_floor_start_in_turns_each_time_anew(tree: Path) -> None:
    stage, floor = measure_starts(tree, "staff", 2, FLOOR)
    assert (len(stage.seconds), len(floor.seconds)) == (2, 2)
    assert (tree / "log").read_text("utf-8") == "stage floor stage floor "


def test_a_stage_that_does_not_start_stops_the_bench(tree: Path) -> None:
    with pytest.raises(CalledProcessError):
        measure_starts(tree, "public", 1, FLOOR)

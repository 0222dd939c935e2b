"""How long a stage takes to load in a new process, against the libraries that it needs anyway."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from operate.aws.package import AUDIENCES, Target, compile_tree, lay_out, vendor

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNS = 15
MOST_RATIO = 1.25
STAGE = "import app"
# A stage makes its clients later, with the first request; the floor makes one, as the task says.
FLOOR = """
import argon2, boto3, chalice, jinja2, pynamodb.models
boto3.client("kms", region_name="eu-west-2")
"""
MEASURED = """
import sys, time
sys.path.insert(0, {tree!r})
began = time.process_time()
{code}
print(time.process_time() - began)
"""
# An invented account, so that the client looks for none.
ACCOUNT = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "invented")


@dataclass(frozen=True, slots=True)
class Starts:
    """How long each of several new processes took, in seconds of the processor."""

    seconds: tuple[float, ...]

    def __str__(self) -> str:
        """Return the figures for the terminal."""
        least, middle = min(self.seconds) * 1000, median(self.seconds) * 1000
        return f"min {least:.0f} ms (median {middle:.0f})"

    def against(self, floor: Starts) -> str:
        """Return how many times as long as the floor this took: the quickest, and the middle."""
        least = min(self.seconds) / min(floor.seconds)
        middle = median(self.seconds) / median(floor.seconds)
        return f"min {least:.2f} (median {middle:.2f})"


def bench_start(runs: int = RUNS) -> None:
    """Print for each stage how long it takes to load, as it goes to Lambda: packed and compiled."""
    with TemporaryDirectory() as name:
        for audience, tree in packed_trees(Path(name)):
            stage, floor = measure_starts(tree, audience, runs)
            print(f"start, {audience:<6} stage        {stage}")
            print(f"start, its libraries       {floor}")
            print(f"ratio                      {stage.against(floor)} (at most {MOST_RATIO})")


def packed_trees(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give each audience with what is packed for it, compiled by and for this machine."""
    target = Target.of_this_machine()
    libraries = vendor(folder / "vendor", target)
    for audience in AUDIENCES:
        tree = lay_out(folder / audience, audience, libraries)
        compile_tree(tree, target)
        yield audience, tree


def measure_starts(
    tree: Path, audience: str, runs: int, floor: str = FLOOR
) -> tuple[Starts, Starts]:
    """Return what the stage of a packed tree and the floor take."""
    # In turns, so that a slow minute of the machine falls on both.
    pairs = [
        (_seconds(STAGE, tree, audience), _seconds(floor, tree, audience)) for _ in range(runs)
    ]
    stage, bare = zip(*pairs, strict=True)
    return Starts(stage), Starts(bare)


def _seconds(code: str, tree: Path, audience: str) -> float:
    """Return what the code takes in a new process that knows the tree and the standard library."""
    command = [sys.executable, "-I", "-S", "-B", "-c", MEASURED.format(tree=str(tree), code=code)]
    env = ACCOUNT | {"HUB_AUDIENCE": audience}
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)

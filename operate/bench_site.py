"""How long our build of the guidance site takes against the theme alone on the same pages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from operate.hub_home import ROOT

RUNS = 5
MOST_RATIO = 2
# The theme alone has no templates of ours, and stops at a page that names one.
OWN_TEMPLATE = re.compile(r"^template: .*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Built:
    """How long each of several builds took, in seconds of the whole process."""

    seconds: tuple[float, ...]

    def __str__(self) -> str:
        """Return the figures for the terminal."""
        return f"min {min(self.seconds):.2f} s (median {median(self.seconds):.2f})"

    def against(self, bare: Built) -> float:
        """Return how many times as long as the other this took.

        The quickest of each are compared: what else the machine does only ever adds.
        """
        return min(self.seconds) / min(bare.seconds)


def bench_site(runs: int = RUNS) -> None:
    """Print how long both builds take."""
    with TemporaryDirectory() as name:
        ours, bare = measure_builds(Path(name), runs)
    print(f"site, our build            {ours}")
    print(f"site, bare theme           {bare}")
    print(f"ratio                      {ours.against(bare):.2f} (at most {MOST_RATIO})")


def measure_builds(folder: Path, runs: int) -> tuple[Built, Built]:
    """Return what our build and the bare one take; the folder is empty and filled by them."""
    config = bare_site(folder)
    # In turns, so that a slow minute of the machine falls on both.
    pairs = [
        (
            _seconds("--strict", "--site-dir", str(folder / "ours")),
            _seconds("--config-file", str(config), "--site-dir", str(folder / "bare")),
        )
        for _ in range(runs)
    ]
    ours, bare = zip(*pairs, strict=True)
    return Built(ours), Built(bare)


def bare_site(folder: Path) -> Path:
    """Return the configuration of a site with our pages, the theme and nothing else."""
    docs = folder / "docs"
    shutil.copytree(ROOT / "docs", docs)
    for page in docs.rglob("*.md"):
        page.write_text(OWN_TEMPLATE.sub("", page.read_text("utf-8"), count=1), "utf-8")
    config = folder / "mkdocs.yml"
    config.write_text(f"site_name: Bare\ndocs_dir: {docs}\ntheme: material\n", "utf-8")
    return config


def _seconds(*options: str) -> float:
    """Return how long a build takes from its start to its end, Python's own start included."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", *options]
    path = os.pathsep.join([str(ROOT / "api"), str(ROOT)])
    env = os.environ | {"PYTHONPATH": path, "NO_MKDOCS_2_WARNING": "1"}
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=env, check=True)
    return time.perf_counter() - started

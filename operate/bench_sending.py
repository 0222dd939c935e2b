"""Does any message leave outside of what was agreed, in ten times the lives that a test draws?"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from operate.hub_home import ROOT

LIVES, KILLS = 20_000, 200
TESTS = "tests/unit/services"
BROKEN = "NOT kept"


def bench_sending(lives: int = LIVES, kills: int = KILLS) -> bool:
    """Print whether the rules of sending are kept in so many lives and kills; return that."""
    started = time.perf_counter()
    asked = {"HUB_TEST_SENDINGS": str(lives), "HUB_TEST_KILLS": str(kills)}
    command = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", TESTS]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    kept = run.returncode == 0
    verdict = "rules kept" if kept else f"rules {BROKEN}\n{run.stdout}{run.stderr}"
    drawn = f"{lives:,} lives, {kills} kills in {seconds:.0f} s"
    print(f"sending                    {drawn}: {verdict}")
    return kept

"""A whole hub as people start it: a process of its own with a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from operate.children import free_port, is_free
from operate.hub_home import ROOT

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable

UP_SECONDS = 120
DOWN_SECONDS = 60


def operate(*words: object, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the hub in this folder and return what it said."""
    command = [sys.executable, "-m", "operate", *map(str, words), "--home", str(home)]
    return subprocess.run(
        command, cwd=ROOT, env=_environ(), capture_output=True, text=True, timeout=120, check=False
    )


def _environ() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT / 'api'}{os.pathsep}{ROOT}", "COLUMNS": "200"}


@dataclass
class HubProcess:
    """`make run` without make."""

    home: Path
    public: int
    staff: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, home: Path) -> HubProcess:
        """Return a hub that answers, on free ports."""
        public, staff = free_port(), free_port()
        home.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "operate", "run", "--home", str(home)]
        ports = ["--public-port", str(public), "--staff-port", str(staff)]
        with (home / "run.out").open("wb") as said:
            process = subprocess.Popen(
                [*command, *ports], cwd=ROOT, env=_environ(), stdout=said, stderr=said
            )
        hub = cls(home, public, staff, process)
        wait_until(lambda: hub.demo_file.exists() or process.poll() is not None, UP_SECONDS)
        assert process.poll() is None, (home / "run.out").read_text()
        return hub

    @property
    def demo_file(self) -> Path:
        return self.home / "demo.json"

    @property
    def demo(self) -> dict[str, Any]:
        """Return what demo.json says."""
        said: dict[str, Any] = json.loads(self.demo_file.read_text())
        return said

    @property
    def children(self) -> list[int]:
        """Return the processes that it started."""
        pid = self.process.pid
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]

    def handles(self, number: signal.Signals) -> bool:
        """Return whether it has a handler of its own for a signal."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        caught = next(line.split()[1] for line in status.splitlines() if "SigCgt" in line)
        return bool(int(caught, 16) & 1 << (number - 1))

    @property
    def ports_are_free(self) -> bool:
        return is_free(self.public) and is_free(self.staff)

    def stop(self, number: signal.Signals) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(DOWN_SECONDS)


def wait_until(happened: Callable[[], bool], seconds: float) -> None:
    """Return when it happened; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_gone(pid: int) -> bool:
    """Return whether a process ended; one that nobody waits for any more counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True

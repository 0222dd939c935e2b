"""The folder `.hub/`: what the running hub keeps on this machine, and who may use it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from operate.children import answers
from operate.demo_force import PEOPLE
from operate.stand_in import HOST, STOP_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
NOT_RUNNING = "The hub is not running. Start it in another window: make run"
STAND_IN_PATH = "/_ministack/health"
LOOK_SECONDS = 0.1
# Lines of JSON, one a message that the running hub would have sent.
MESSAGES = "messages.jsonl"
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


class HomeError(Exception):
    """The folder cannot be used as asked; the message is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where a running hub answers."""

    endpoint: str
    public: str
    staff: str
    issuer: str


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A code that was issued for the demonstration; nobody else's code is ever kept."""

    reference: str
    code: str
    victim: str
    officer: str
    key: str


@dataclass(frozen=True, slots=True)
class HubHome:
    """Paths of one hub; two hubs on one machine have two of these."""

    folder: Path = ROOT / ".hub"

    @property
    def stand_in(self) -> Path:
        """Return the folder of the stand-in for AWS."""
        return self.folder / "stand-in"

    @property
    def demo(self) -> Path:
        """Return the file that says how to try the hub; it is there while the hub answers."""
        return self.folder / "demo.json"

    @property
    def messages(self) -> Path:
        """Return the file of the messages that would have gone out."""
        return self.folder / MESSAGES

    def log(self, name: str) -> Path:
        """Return the log of one process."""
        return self.folder / f"{name}.log"

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Hold the folder for the length of a block.

        Raises:
            HomeError: a hub runs in it already.
        """
        self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        with (self.folder / "lock").open("a+") as lock:
            if not _holds(lock):
                raise HomeError(f"The hub is running already, with its data in {self.folder}.")
            self._forget_running()
            try:
                yield
            finally:
                self._forget_running()

    def wait_for_old_stand_in(self) -> None:
        """Wait while a stand-in whose hub was killed still writes its state."""
        lock_file = self.stand_in / "lock"
        deadline = time.monotonic() + STOP_SECONDS
        while lock_file.exists() and time.monotonic() < deadline:
            with lock_file.open("a+") as lock:
                if _holds(lock):
                    return
            time.sleep(LOOK_SECONDS)

    def _forget_running(self) -> None:
        self.demo.unlink(missing_ok=True)
        self._running.unlink(missing_ok=True)

    @property
    def _running(self) -> Path:
        return self.folder / "running.json"

    def say_running(self, running: Running) -> None:
        """Note where the hub answers, for the commands that work on it."""
        write_private(
            self._running,
            {
                "endpoint": running.endpoint,
                "public": running.public,
                "staff": running.staff,
                "issuer": running.issuer,
            },
        )

    def running(self) -> Running:
        """Return where the hub of this folder answers.

        Raises:
            HomeError: it does not run, or its store is not the stand-in on this machine.
        """
        try:
            said = Running(**json.loads(self._running.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            raise HomeError(NOT_RUNNING) from None
        endpoint = urlsplit(said.endpoint)
        if endpoint.hostname != HOST or endpoint.port is None:
            raise HomeError("This works on the stand-in of this machine alone, on no other store.")
        if not answers(endpoint.port, STAND_IN_PATH):
            raise HomeError(NOT_RUNNING)
        return said

    # --- how to try it

    def say_how_to_try(self, running: Running, codes: list[DemoCode]) -> None:
        """Write the file that people and tests begin with; its form is in CONTRIBUTING.

        `victim` is the records system's label, `officer` the sub of a staff sign-in.
        """
        shown = ("reference", "code", "victim", "officer")
        write_private(
            self.demo,
            {
                "public": running.public,
                "staff": running.staff,
                "cases": [{name: getattr(code, name) for name in shown} for code in codes],
                "staff_sign_ins": [{"sub": p.id, "role": p.role, "name": p.name} for p in PEOPLE],
            },
        )

    def how_to_try(self) -> dict[str, Any]:
        """Return what that file says."""
        demo: dict[str, Any] = json.loads(self.demo.read_text("utf-8"))
        return demo

    # --- codes of the demonstration, shown once by the service and kept here to try it with

    @property
    def _codes(self) -> Path:
        return self.folder / "demo-codes.json"

    def demo_codes(self) -> list[DemoCode] | None:
        """Return the codes that were issued, none when the force was never loaded whole."""
        try:
            return [DemoCode(**row) for row in json.loads(self._codes.read_text("utf-8"))]
        except (OSError, ValueError, TypeError):
            return None

    def keep_demo_codes(self, codes: list[DemoCode]) -> None:
        """Keep these codes in place of those that are there."""
        rows = [{name: getattr(code, name) for name in DemoCode.__slots__} for code in codes]
        write_private(self._codes, rows)

    def forget_demo_codes(self) -> None:
        """Have no codes, as long as the force is not loaded whole."""
        self._codes.unlink(missing_ok=True)

    def forget_everything(self) -> None:
        """Empty the store, and the list of codes that open it."""
        self.forget_demo_codes()
        shutil.rmtree(self.stand_in, ignore_errors=True)


def write_private(path: Path, value: Any) -> None:  # noqa: ANN401  anything JSON
    """Write a file for this user alone; it is whole whenever somebody reads it."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w") as file:
        json.dump(value, file, indent=2)
        file.write("\n")
    part.replace(path)


def _holds(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""The processes of a running hub: each with its log, each stopped with the hub."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from operate.stand_in import HOST, end_with_parent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

START_SECONDS = 60
STOP_SECONDS = 10
LAST_WORDS = 2000
LOOK_SECONDS = 0.05


class ChildError(Exception):
    """A process did not come up, or ended by itself; the message holds what it last said."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process answers, at which address to ask whether it does, and where it logs."""

    name: str
    port: int
    path: str
    log: Path


@dataclass(frozen=True, slots=True)
class Child:
    """A process that answers on a port of this machine."""

    place: Place
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, place: Place, command: list[str], environ: Mapping[str, str]) -> Child:
        """Return the process, which does not answer yet."""
        with place.log.open("wb") as words:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal goes to the hub alone, which stops its parts in order.
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - no threads run here
            )
        return cls(place, process)

    def check(self) -> None:
        """Return while it runs.

        Raises:
            ChildError: it ended.
        """
        if self.process.poll() is not None:
            words = self.place.log.read_text(errors="replace")[-LAST_WORDS:]
            raise ChildError(f"The {self.place.name} stopped by itself. It said:\n{words}")

    def wait_until_it_answers(self) -> None:
        """Return when the process answers.

        Raises:
            ChildError: it ended, or takes too long.
        """
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.place.port, self.place.path):
            self.check()
            if time.monotonic() > deadline:
                log = self.place.log
                raise ChildError(f"The {self.place.name} does not answer. Its log is {log}.")
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """End it and wait."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def answers(port: int, path: str) -> bool:
    """Return whether a service on this machine answers, with no proxy in between."""
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def is_free(port: int) -> bool:
    """Return whether nothing listens on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

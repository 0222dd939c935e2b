"""Messages on one machine: each is a line of a file, and goes nowhere else."""

import json
import os
from pathlib import Path
from typing import IO

from chalicelib.domain.gate import Cleared
from chalicelib.domain.notices import FAILED, TAKEN

# Nobody else on the machine reads to whom something was written.
PRIVATE_FILE = 0o600


class Console:
    """Carries a message of any channel into a file, where whoever tries the hub reads it."""

    name = "console"
    knows = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def deliver(self, message: Cleared) -> str:
        """Write a message once, as a line of JSON; return `TAKEN`, or `FAILED` if nobody can."""
        line = {
            "receipt": message.receipt,
            "channel": message.channel,
            "address": message.address,
            "subject": message.subject,
            "words": message.words,
        }
        try:
            with self._opened() as file:
                file.write(f"{json.dumps(line)}\n")
        except OSError:
            return FAILED
        return TAKEN

    def has(self, receipt: str) -> bool | None:  # noqa: ARG002 -- the protocol's question
        """Return none, as those do that cannot be asked."""
        return None

    def answers(self) -> bool:
        """Return whether the file can be written."""
        try:
            self._opened().close()
        except OSError:
            return False
        return True

    def _opened(self) -> IO[str]:
        # Path.open cannot make a private file.
        return open(self._path, "a", encoding="utf-8", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE_FILE)

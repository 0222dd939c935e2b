"""How a command is told to stop, and never misses it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Breaks off the work at the first signal; later ones must not break off the stopping."""

    def __init__(self) -> None:
        self._asked = False

    def listen(self) -> None:
        """Handle the signals, also where the shell that started us had them ignored."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._hear)

    def check(self) -> None:
        """Return as long as nobody asked.

        What a handler raises is lost when it comes while Python clears up an object, so
        whoever waits for long asks here.

        Raises:
            SystemExit: status 0.
        """
        if self._asked:
            raise SystemExit(0)

    def _hear(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._asked:
            self._asked = True
            raise SystemExit(0)

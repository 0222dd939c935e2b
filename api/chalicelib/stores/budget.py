"""The time that one request has, shared by every call it makes (decision D12)."""

from collections.abc import Callable
from threading import local


class RequestBudget:
    """Seconds left of the present request.

    Outside a request (the importer, a scheduled job) there is no end. One object
    serves a process; each thread has a request of its own.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._thread = local()

    def begin(self, seconds: float) -> None:
        """Start the time of a new request."""
        self._thread.ends = self._monotonic() + seconds

    def end(self) -> None:
        """Forget the request: what runs next on this thread has no limit of its own."""
        self._thread.ends = None

    def left(self) -> float:
        """Return the seconds left, infinity outside a request."""
        ends = getattr(self._thread, "ends", None)
        return float("inf") if ends is None else ends - self._monotonic()

"""A clock and ids that a test sets, and a count of what is asked of AWS."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.stores.tables import CasesTable

if TYPE_CHECKING:
    from collections.abc import Iterator

MORNING = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


@dataclass
class FixedClock:
    """A clock that stands until a test moves it."""

    moment: datetime = MORNING

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        """Move on, for example `forward(minutes=16)`."""
        self.moment += timedelta(**by)


@dataclass
class Calls:
    """What was asked of DynamoDB and KMS while a test watched."""

    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def names(self) -> Counter[str]:
        """Return how often each operation was asked for."""
        return Counter(name for name, _ in self.seen)

    @property
    def dynamodb(self) -> int:
        """Return the number of DynamoDB requests."""
        return sum(1 for name, _ in self.seen if name != "GenerateMac")

    def text(self) -> str:
        """Return every request as text, to look for a partition's key in it."""
        return repr(self.seen)


@contextmanager
def watched(kms: Any) -> Iterator[Calls]:
    """Count the requests of DynamoDB and KMS inside the block."""
    calls = Calls()

    def note(model: Any, params: dict[str, Any], **_: Any) -> None:
        calls.seen.append((model.name, {"url": params["url_path"], "body": params["body"]}))

    clients = [CasesTable._get_connection().connection.client, kms]  # noqa: SLF001
    for client in clients:
        client.meta.events.register("before-call", note, unique_id="watched")
    try:
        yield calls
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", unique_id="watched")

"""What belongs together is written together: one transaction, all of it or nothing."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Literal

from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.frozen import frozen
from chalicelib.services.ports import ConflictError, Part
from chalicelib.stores.attempts import Attempts

CONDITION_FAILED = "ConditionalCheckFailed"
# The order in which pynamodb sends a transaction, and so the order of its reasons.
SENT_ORDER = ("check", "delete", "put", "update")


@frozen
class StorePart:
    """One write of a transaction: its name, for telling which failed, and how to add it."""

    name: str
    kind: Literal["check", "delete", "put", "update"]
    add_to: Callable[[TransactWrite], None]


@frozen
class AddPart:
    """An amount for one counter; what a transaction adds to the same counter is one write."""

    key: Hashable
    amount: int
    part_of: Callable[[int], StorePart]

    @property
    def name(self) -> str:
        """Return the name of every counter's write: none of them can fail alone."""
        return "count"


class Ledger:
    """Writes parts of any of the four tables in one transaction."""

    def __init__(
        self, connection: Connection, attempts: Attempts, new_token: Callable[[], str]
    ) -> None:
        self._connection = connection
        self._attempts = attempts
        self._new_token = new_token

    def write(self, parts: Sequence[Part]) -> None:
        """Write all parts or none.

        The request token is made anew for each call: it covers this call's own
        retries and nothing else (D12).

        Raises:
            ConflictError: a condition failed; it names the parts.
            StoreUnavailableError: no answer in time; the parts may or may not be written.
        """
        ordered = sorted(
            [*(p for p in parts if isinstance(p, StorePart)), *_added_up(parts)],
            key=lambda part: SENT_ORDER.index(part.kind),
        )
        if not all(isinstance(part, StorePart | AddPart) for part in parts):
            message = "a part came from another store"
            raise TypeError(message)
        token = self._new_token()
        try:
            self._attempts.run(lambda: self._send(ordered, token))
        except TransactWriteError as error:
            raise _conflict(error, ordered) from error

    def _send(self, parts: Sequence[StorePart], token: str) -> None:
        with TransactWrite(connection=self._connection, client_request_token=token) as write:
            for part in parts:
                part.add_to(write)


def _added_up(parts: Sequence[Part]) -> list[StorePart]:
    """Return one write for each counter, since a transaction may touch an item only once."""
    adds = [part for part in parts if isinstance(part, AddPart)]
    amounts: Counter[Hashable] = Counter()
    for add in adds:
        amounts[add.key] += add.amount
    part_of = {add.key: add.part_of for add in adds}
    return [part_of[key](amount) for key, amount in amounts.items() if amount]


def _conflict(error: TransactWriteError, parts: Sequence[StorePart]) -> Exception:
    reasons = error.cancellation_reasons
    failed = {
        part.name
        for part, reason in zip(parts, reasons, strict=False)
        if reason is not None and reason.code == CONDITION_FAILED
    }
    return ConflictError(frozenset(failed)) if failed else error

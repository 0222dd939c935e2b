"""What every part of the access table's store stands on."""

from chalicelib.rules import Rules
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.tables import AccessTable


class AccessItems:
    """Reads one item at a time."""

    def __init__(self, attempts: Attempts, rules: Rules) -> None:
        self._attempts = attempts
        self._limits = rules.limits

    def _get(self, pk: str) -> AccessTable | None:
        def read() -> AccessTable | None:
            try:
                return AccessTable.get(pk, consistent_read=True)
            except AccessTable.DoesNotExist:
                return None

        return self._attempts.run(read)

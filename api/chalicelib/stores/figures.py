"""What is counted of promises: counters that transactions add to, and months that ended."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.figures import CountKey, Tally
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.ledger import AddPart, StorePart
from chalicelib.stores.parts import put
from chalicelib.stores.tables import CountItem, MonthItem
from chalicelib.stores.text import stamp

# So many items share the load of one counter; every process adds to one of them.
SHARDS = 4
MOST_MONTHS = 13


class FigureStore:
    """Adds to counters inside transactions, reads them, and keeps what ended months had."""

    def __init__(self, attempts: Attempts, shard: int) -> None:
        self._attempts = attempts
        self._shard = shard % SHARDS

    def add(self, key: CountKey, amount: int) -> AddPart:
        """Add to a counter; it is made where it is absent."""
        pk = f"figures#{key.month}#{self._shard}"
        sk = f"{key.team}#{key.kind}#{key.what}"

        def part_of(total: int) -> StorePart:
            made, more = CountItem.kind.set(CountItem), CountItem.amount.add(total)
            return StorePart(
                "count", "update", lambda write: write.update(CountItem(pk, sk), [made, more])
            )

        return AddPart((pk, sk), amount, part_of)

    def live(self, month: str) -> tuple[Tally, ...]:
        """Return the counters of a month by team and kind, by one query a shard."""
        counts: dict[tuple[str, str], Counter[str]] = {}
        for shard in range(SHARDS):
            pk = f"figures#{month}#{shard}"
            rows = self._attempts.run(lambda pk=pk: list(CountItem.query(pk, consistent_read=True)))  # type: ignore[misc]
            for row in rows:
                team, kind, what = row.sk.rsplit("#", 2)
                counts.setdefault((team, kind), Counter())[what] += int(row.amount)
        return tuple(Tally(month, team, kind, found) for (team, kind), found in counts.items())

    def published(self, team: str = "") -> tuple[Tally, ...]:
        """Return the newest ended months of a team, or of the whole force, by one query."""
        rows = self._attempts.run(
            lambda: list(
                MonthItem.query(
                    f"figures#months#{team}", scan_index_forward=False, limit=MOST_MONTHS
                )
            )
        )
        return tuple(
            Tally(row.sk, team, kind, counts) for row in rows for kind, counts in row.counts.items()
        )

    def end_month(self, tallies: Sequence[Tally], counted_at: datetime) -> list[StorePart]:
        """Put what a month had, one item for each team and one for the force (team "")."""
        of_team: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
        for tally in tallies:
            kinds = of_team.setdefault((tally.team, tally.month), {})
            kinds[tally.kind] = dict(tally.counts)
        return [
            put(
                "month",
                MonthItem(
                    f"figures#months#{team}", month, counted_at=stamp(counted_at), counts=kinds
                ),
                MonthItem.pk.does_not_exist(),
            )
            for (team, month), kinds in of_team.items()
        ]

"""What the threads table keeps for court: needs, measures, agreements, the date and its review."""

from collections.abc import Mapping, Sequence
from datetime import date

from pynamodb.attributes import NumberAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.domain.agreements import Agreement
from chalicelib.domain.cases import OfficerId, TeamId, VictimKey
from chalicelib.domain.measures import Measure
from chalicelib.domain.needs import Needs, NeedsSeen, PastNeed
from chalicelib.domain.reviews import Court
from chalicelib.stores import court_items as items
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.parts import put
from chalicelib.stores.tables import (
    AgreementItem,
    CourtItem,
    MeasureItem,
    NeedsItem,
    NeedsSeenItem,
    PastNeedItem,
    ThreadsTable,
)


class CourtStore:
    """Reads lists of court dates and agreements; makes the parts that change what they hold."""

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    # --- needs

    def needs_of(self, victims: Sequence[VictimKey]) -> Mapping[VictimKey, Needs]:
        """Return what is known of the needs of some victims, by one batch of reads."""
        rows = self._batch([(victim, items.NEEDS) for victim in victims])
        return {VictimKey(r.pk): items.needs_of(r) for r in rows if isinstance(r, NeedsItem)}

    def needs_seen_by(
        self, victims: Sequence[VictimKey], by: OfficerId
    ) -> Mapping[VictimKey, NeedsSeen]:
        """Return of which victims somebody has read the needs, by one batch of reads."""
        rows = self._batch([(victim, items.seen_key(by)) for victim in victims])
        return {VictimKey(r.pk): items.seen_of(r) for r in rows if isinstance(r, NeedsSeenItem)}

    def keep_needs(self, victim: VictimKey, now: Needs) -> StorePart:
        """Put or replace all needs; fails when anything changed them meanwhile."""
        return put("needs", items.needs_item(victim, now), unmoved(NeedsItem.version, now.version))

    def see_needs(self, victim: VictimKey, seen: NeedsSeen) -> StorePart:
        """Put that somebody has read the needs as they stand."""
        return put("needs seen", items.seen_item(victim, seen))

    def new_past_need(self, victim: VictimKey, past: PastNeed) -> StorePart:
        """Put what a need was until now."""
        return put("past need", items.past_need_item(victim, past))

    def past_needs(self, victim: VictimKey) -> tuple[PastNeed, ...]:
        """Return what needs were before, newest first, by one query."""
        within = PastNeedItem.sk.startswith(items.PAST_NEEDS)
        rows = self._attempts.run(
            lambda: list(
                ThreadsTable.query(victim, within, scan_index_forward=False, consistent_read=True)
            )
        )
        return tuple(items.past_need_of(row) for row in rows if isinstance(row, PastNeedItem))

    # --- measures and agreements

    def keep_measure(self, victim: VictimKey, now: Measure) -> StorePart:
        """Put or replace a measure; fails when anything changed it meanwhile."""
        item = items.measure_item(victim, now)
        return put("measure", item, unmoved(MeasureItem.version, now.version))

    def keep_agreement(self, now: Agreement) -> StorePart:
        """Put or replace an agreement; fails when anything changed it meanwhile."""
        item = items.agreement_item(now)
        return put("agreement", item, unmoved(AgreementItem.version, now.version))

    def agreed_with(self, partner: str, today: date) -> tuple[Agreement, ...]:
        """Return the agreements with a partner that hold today; a list may lag behind them."""
        holding = AgreementItem.agreed_until >= today.isoformat()
        rows = self._attempts.run(lambda: list(AgreementItem.agreed.query(partner, holding)))
        return tuple(items.agreement_of(row) for row in rows)

    def agreements_of(self, partner: str, victims: Sequence[VictimKey]) -> tuple[Agreement, ...]:
        """Return what some victims agreed with a partner, as it stands, by one batch of reads."""
        rows = self._batch([(victim, items.agreement_key(partner)) for victim in victims])
        return tuple(items.agreement_of(r) for r in rows if isinstance(r, AgreementItem))

    # --- court

    def next_court(self, team: TeamId, first: date, last: date) -> tuple[Court, ...]:
        """Return a team's victims with a court date within these days, soonest first."""
        within = CourtItem.court_on.between(first.isoformat(), last.isoformat())
        rows = self._attempts.run(lambda: list(CourtItem.next_court.query(team, within)))
        return tuple(items.court_of(row) for row in rows)

    def courts_of(self, victims: Sequence[VictimKey]) -> Mapping[VictimKey, Court]:
        """Return the court dates and reviews of some victims, by one batch of reads."""
        rows = self._batch([(victim, items.COURT) for victim in victims])
        return {VictimKey(r.pk): items.court_of(r) for r in rows if isinstance(r, CourtItem)}

    def keep_court(self, now: Court) -> StorePart:
        """Put or replace a court date and its review; fails when they changed meanwhile."""
        return put("court", items.court_item(now), unmoved(CourtItem.version, now.version))

    def _batch(self, keys: Sequence[tuple[str, str]]) -> list[ThreadsTable]:
        once = list(dict.fromkeys(keys))
        return self._attempts.run(lambda: list(ThreadsTable.batch_get(once, consistent_read=True)))


def unmoved(attribute: NumberAttribute, version: int) -> Condition:
    """Return the condition that an item still has the version that was read, or is not there."""
    if version:
        unmoved: Condition = attribute == version
        return unmoved
    return attribute.does_not_exist()

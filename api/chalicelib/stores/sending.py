"""What the access table keeps of sending: check words, the brake, providers that fail."""

from datetime import date, datetime, timedelta

from chalicelib.domain.brake import Brake, Carrier
from chalicelib.domain.dates import in_london
from chalicelib.stores.courts import unmoved
from chalicelib.stores.desk_access import DeskAccess
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.parts import put
from chalicelib.stores.tables import BrakeRow, CarrierRow, PairRow
from chalicelib.stores.text import epoch, maybe_moment, maybe_stamp, stamp

BRAKE = "sending#brake"
# The day it was sent on and the one after; readers ask for days of their own.
PAIR_LIVES = timedelta(days=3)


class SendingStore(DeskAccess):
    """Reads and makes the parts of what one sender must know of all that was sent."""

    def new_pair(self, pair: str, at: datetime) -> StorePart:
        """Put the check words of a message that is sent on this day."""
        day = in_london(at).date()
        row = PairRow(_pair_key(pair, day), at=stamp(at), expires_at=epoch(at + PAIR_LIVES))
        return put("pair", row)

    def pair_was_sent(self, pair: str, day: date) -> bool:
        """Return whether a message with these check words was sent on a day."""
        return isinstance(self._get(_pair_key(pair, day)), PairRow)

    def brake(self) -> Brake:
        """Return how much was sent in the last hour, and whether all sending stopped."""
        row = self._get(BRAKE)
        if not isinstance(row, BrakeRow):
            return Brake()
        asked = row.asked_by
        return Brake(
            minutes={int(minute): int(n) for minute, n in row.minutes.items()},
            stopped_at=maybe_moment(row.stopped_at),
            asked_by=(asked[0], asked[1]) if asked else None,
            asked_at=maybe_moment(row.asked_at),
            version=int(row.version),
        )

    def keep_brake(self, now: Brake) -> StorePart:
        """Put or replace the brake that still carries the version that was read."""
        row = BrakeRow(
            BRAKE,
            version=now.version + 1,
            minutes={str(minute): n for minute, n in now.minutes.items()},
            stopped_at=maybe_stamp(now.stopped_at),
            asked_by=list(now.asked_by) if now.asked_by else None,
            asked_at=maybe_stamp(now.asked_at),
        )
        return put("brake", row, unmoved(BrakeRow.version, now.version))

    def carrier(self, name: str) -> Carrier:
        """Return whether a provider of messages answered last."""
        row = self._get(_carrier_key(name))
        if not isinstance(row, CarrierRow):
            return Carrier(name)
        return Carrier(
            name,
            maybe_moment(row.down_since),
            maybe_moment(row.asked_at),
            maybe_moment(row.up_since),
            int(row.version),
        )

    def keep_carrier(self, now: Carrier) -> StorePart:
        """Put or replace what is known of a provider, by its version as read."""
        row = CarrierRow(
            _carrier_key(now.name),
            version=now.version + 1,
            down_since=maybe_stamp(now.down_since),
            asked_at=maybe_stamp(now.asked_at),
            up_since=maybe_stamp(now.up_since),
        )
        return put("carrier", row, unmoved(CarrierRow.version, now.version))


def _pair_key(pair: str, day: date) -> str:
    return f"pair#{day}#{pair}"


def _carrier_key(name: str) -> str:
    return f"sending#carrier#{name}"

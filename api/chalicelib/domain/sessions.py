"""A victim's session: 15 minutes idle, 2 hours in all, ended by leaving or by a cancelled code."""

from datetime import datetime, timedelta

from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.frozen import frozen
from chalicelib.rules import Rules


@frozen
class VictimSession:
    """An open case in one browser; `key` is the hash of the cookie's token."""

    key: str
    case: CaseKey
    victim: VictimKey
    code_key: str
    started_at: datetime
    seen_at: datetime

    def ends_at(self, rules: Rules) -> datetime:
        """Return when it ends if nothing more is asked: idle or in all, whichever is first."""
        limits = rules.limits
        return min(
            self.seen_at + timedelta(minutes=limits.session_idle_minutes),
            self.started_at + timedelta(minutes=limits.session_total_minutes),
        )

    def is_open(self, now: datetime, rules: Rules) -> bool:
        """Return whether the session still lets a victim in."""
        return now < self.ends_at(rules)

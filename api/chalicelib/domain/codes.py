"""What is known of an access code without knowing the code."""

from datetime import datetime

from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.frozen import frozen

PENDING = "pending"
# Read back correctly, but for somebody under 18: a supervisor confirms it first (D4).
WAITING = "waiting"
ACTIVE = "active"
CANCELLED = "cancelled"


@frozen
class CodeItem:
    """The item that a right code finds: whom it lets in, and whether it still does."""

    key: str
    case: CaseKey
    victim: VictimKey
    state: str
    expires_at: datetime | None
    used_at: datetime | None

    def opens(self, now: datetime) -> bool:
        """Return whether the code lets in now; an unused one dies after 14 days (D4)."""
        if self.state != ACTIVE:
            return False
        return self.used_at is not None or self.expires_at is None or now < self.expires_at


@frozen
class CodeRecord:
    """What staff see of a code: for whom, how it was checked and by whom; never the code."""

    id: str
    code_key: str
    state: str
    for_whom: str
    checked_how: str
    made_by: str
    made_at: datetime
    confirmed_by: str | None = None
    cancelled_at: datetime | None = None

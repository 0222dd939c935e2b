"""What every service may use: one frozen object, replaced whole in tests."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.access import Argon2Cost
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.calendar import WorkingDays
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services.ports import (
    AccessStore,
    AuditStore,
    Budget,
    CaseStore,
    FigureStore,
    KeyRing,
    Ledger,
    Part,
    SignIn,
    ThreadStore,
)

LONDON = ZoneInfo("Europe/London")


@frozen
class Deps:
    """Stores, keys, clock and chance of one process."""

    rules: Rules
    calendar: WorkingDays
    keys: KeyRing
    cases: CaseStore
    threads: ThreadStore
    figures: FigureStore
    access: AccessStore
    audit: AuditStore
    ledger: Ledger
    budget: Budget
    code_cost: Argon2Cost
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_token: Callable[[], str]
    random_below: Callable[[int], int]
    sign_in: SignIn | None = None

    def today(self) -> date:
        """Return the day it is in Staffordshire."""
        return self.now().astimezone(LONDON).date()

    def audited(
        self, about: str, who: str, what: str, *, why: str = "", cases: tuple[str, ...] = ()
    ) -> Part:
        """Return the audit line that belongs into the transaction of what it tells of."""
        line = AuditLine(self.new_id(), about, who, what, self.now(), why, cases)
        return self.audit.line(line)

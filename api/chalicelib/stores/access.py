"""The access table: codes, sessions, failure counters. Every item dies by its TTL."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from pynamodb.exceptions import DoesNotExist

from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.codes import ACTIVE, CANCELLED, PENDING, CodeItem
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import AwayNote
from chalicelib.stores.force import AWAY, FORCE, away_note
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.parts import put, update
from chalicelib.stores.sending import SendingStore
from chalicelib.stores.tables import (
    AccessTable,
    AwayItem,
    CasesTable,
    CodeRow,
    FailuresRow,
    HubModel,
    SessionRow,
    read_together,
)
from chalicelib.stores.text import epoch, maybe_moment, maybe_stamp, moment, stamp

M = TypeVar("M", bound=HubModel)


class AccessStore(SendingStore):
    """Reads what lets people in, one item at a time, and makes the parts that change it."""

    # --- codes

    def code(self, key: str) -> CodeItem | None:
        """Return the code item by one consistent read, or none."""
        row = self._get(f"code#{key}")
        if not isinstance(row, CodeRow):
            return None
        return CodeItem(
            key=key,
            case=CaseKey(row.case_key),
            victim=VictimKey(row.victim_key),
            state=row.state,
            expires_at=maybe_moment(row.unused_until),
            used_at=maybe_moment(row.used_at),
        )

    def new_code(self, item: CodeItem) -> StorePart:
        """Put a code item; fails where one is."""
        row = CodeRow(
            f"code#{item.key}",
            case_key=item.case,
            victim_key=item.victim,
            state=item.state,
            unused_until=maybe_stamp(item.expires_at),
            used_at=maybe_stamp(item.used_at),
            expires_at=epoch(item.expires_at) if item.expires_at else None,
        )
        return put("code", row, CodeRow.pk.does_not_exist())

    def activate_code(self, key: str, unused_until: datetime) -> StorePart:
        """Make a pending code active; fails unless it is pending."""
        actions = [
            CodeRow.state.set(ACTIVE),
            CodeRow.unused_until.set(stamp(unused_until)),
            CodeRow.expires_at.set(epoch(unused_until)),
        ]
        return update("code", CodeRow(f"code#{key}"), actions, CodeRow.state == PENDING)

    def use_code(self, item: CodeItem, at: datetime) -> StorePart:
        """Note the first use; fails unless the code opens at this moment."""
        still_opens = (CodeRow.state == ACTIVE) & (
            CodeRow.used_at.exists()
            | CodeRow.unused_until.does_not_exist()
            | (CodeRow.unused_until > stamp(at))
        )
        # A used code lives until it is cancelled: neither the 14 days nor the TTL end it.
        first_use = CodeRow.used_at.set(CodeRow.used_at | stamp(at))
        actions = [first_use, CodeRow.unused_until.remove(), CodeRow.expires_at.remove()]
        return update("code", CodeRow(f"code#{item.key}"), actions, still_opens)

    def code_is_active(self, key: str) -> StorePart:
        """Check that the code of a session was not cancelled."""
        return StorePart(
            "code",
            "check",
            lambda write: write.condition_check(
                CodeRow, f"code#{key}", condition=CodeRow.state == ACTIVE
            ),
        )

    def cancel_code(self, key: str, name: str = "code") -> StorePart:
        """Cancel at once, which ends its sessions with the next request; fails when it was.

        `name` tells it from another code in the same transaction.
        """
        actions = [CodeRow.state.set(CANCELLED)]
        not_yet = CodeRow.pk.exists() & (CodeRow.state != CANCELLED)
        return update(name, CodeRow(f"code#{key}"), actions, not_yet)

    def confirm_code(self, key: str, at: datetime) -> StorePart:
        """Make a pending code active and used; fails unless it is pending and in time."""
        actions = [
            CodeRow.state.set(ACTIVE),
            CodeRow.used_at.set(stamp(at)),
            CodeRow.unused_until.remove(),
            CodeRow.expires_at.remove(),
        ]
        in_time = (CodeRow.state == PENDING) & (CodeRow.unused_until > stamp(at))
        return update("new code", CodeRow(f"code#{key}"), actions, in_time)

    # --- victims' sessions and failures

    def session(self, key: str) -> VictimSession | None:
        """Return a victim's session, over or not, or none."""
        row = self._get(f"session#{key}")
        return _session(key, row) if isinstance(row, SessionRow) else None

    def session_and_away(self, key: str) -> tuple[VictimSession | None, AwayNote]:
        """Return a victim's session and what is noted of absences, by one request.

        Both items of two tables in one transaction: the page has no request to spare (D3).
        """

        def read() -> tuple[AccessTable | None, CasesTable | None]:
            with read_together() as found:
                row = found.get(AccessTable, f"session#{key}")
                note = found.get(CasesTable, FORCE, AWAY)
            return _found(row.get), _found(note.get)

        row, note = self._attempts.run(read)
        session = _session(key, row) if isinstance(row, SessionRow) else None
        return session, away_note(note if isinstance(note, AwayItem) else None)

    def new_session(self, session: VictimSession, keep_until: datetime) -> StorePart:
        """Put a session."""
        row = SessionRow(
            f"session#{session.key}",
            case_key=session.case,
            victim_key=session.victim,
            code_key=session.code_key,
            started_at=stamp(session.started_at),
            seen_at=stamp(session.seen_at),
            expires_at=epoch(keep_until),
        )
        return put("session", row)

    def touch_session(self, session: VictimSession, at: datetime) -> StorePart:
        """Note that the session was used; fails when it is gone."""
        row = SessionRow(f"session#{session.key}")
        return update("session", row, [SessionRow.seen_at.set(stamp(at))], SessionRow.pk.exists())

    def move_session(self, session: VictimSession, code_key: str, at: datetime) -> StorePart:
        """Let the session stand on another code; fails when it is gone or was moved already."""
        row = SessionRow(f"session#{session.key}")
        actions = [SessionRow.code_key.set(code_key), SessionRow.seen_at.set(stamp(at))]
        return update("session", row, actions, SessionRow.code_key == session.code_key)

    def end_session(self, key: str) -> None:
        """Delete a victim's session; fine when there is none."""
        self._attempts.run(SessionRow(f"session#{key}").delete)

    def count_failure(self, address_key: str, at: datetime) -> int:
        """Count one failed look-up and return how many this window has.

        Windows are fixed, so that counting is one write and reads nothing: two full
        windows may meet, which lets an address fail at most twice the limit in a row.
        """
        seconds = self._limits.failure_window_minutes * 60
        window = epoch(at) // seconds
        row = FailuresRow(f"failures#{address_key}#{window}")
        actions = [
            FailuresRow.failures.add(1),
            FailuresRow.kind.set(FailuresRow),
            FailuresRow.expires_at.set((window + 2) * seconds),
        ]
        self._attempts.run(lambda: row.update([*actions]))
        return int(row.failures)


def _session(key: str, row: SessionRow) -> VictimSession:
    return VictimSession(
        key=key,
        case=CaseKey(row.case_key),
        victim=VictimKey(row.victim_key),
        code_key=row.code_key,
        started_at=moment(row.started_at),
        seen_at=moment(row.seen_at),
    )


def _found(item: Callable[[], M]) -> M | None:
    """Return an item of a read of several, or none when it is not there."""
    try:
        return item()
    except DoesNotExist:
        return None

"""The desk's half of the access table: sessions, sign-ins under way, leave by broken glass."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pynamodb.exceptions import DeleteError
from pynamodb.expressions.condition import Condition

from chalicelib.domain.cases import CaseKey, OfficerId, TeamId
from chalicelib.domain.staff import (
    BrokenGlass,
    BulkRequest,
    BulkRequests,
    StaffMember,
    StaffSession,
)
from chalicelib.stores.access_items import AccessItems
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.parts import put, update
from chalicelib.stores.tables import (
    AccessTable,
    BrokenGlassRow,
    BulkRow,
    DeskEndedRow,
    DeskSessionRow,
    SignInRow,
)
from chalicelib.stores.text import epoch, maybe_moment, maybe_stamp, moment, stamp

BULK = "waiting#bulk"
CONDITION_FAILED = "ConditionalCheckFailedException"


class DeskAccess(AccessItems):
    """Reads what lets staff in and makes the parts that change it."""

    def staff_session(self, key: str) -> StaffSession | None:
        """Return a staff session, over or not, or none."""
        row = self._get(f"desk#{key}")
        if not isinstance(row, DeskSessionRow):
            return None
        return StaffSession(
            key=key,
            member=StaffMember(OfficerId(row.staff_id), row.name, row.number, TeamId(row.team)),
            role=row.role,
            started_at=moment(row.started_at),
            seen_at=moment(row.seen_at),
            fresh_at=maybe_moment(row.fresh_at),
        )

    def new_staff_session(self, session: StaffSession, keep_until: datetime) -> StorePart:
        """Put a staff session."""
        row = DeskSessionRow(
            f"desk#{session.key}",
            staff_id=session.member.id,
            name=session.member.name,
            number=session.member.number,
            team=session.member.team,
            role=session.role,
            started_at=stamp(session.started_at),
            seen_at=stamp(session.seen_at),
            fresh_at=maybe_stamp(session.fresh_at),
            expires_at=epoch(keep_until),
        )
        return put("session", row)

    def touch_staff_session(self, session: StaffSession, at: datetime) -> StorePart:
        """Note that the session was used; fails when it is gone."""
        row = DeskSessionRow(f"desk#{session.key}")
        actions = [DeskSessionRow.seen_at.set(stamp(at))]
        return update("session", row, actions, DeskSessionRow.pk.exists())

    def end_staff_session(self, key: str) -> None:
        """Delete a staff session; fine when there is none."""
        self._attempts.run(DeskSessionRow(f"desk#{key}").delete)

    def end_sessions_of(self, member: OfficerId, at: datetime) -> StorePart:
        """End every session that this person has by now, wherever it is open."""
        row = DeskEndedRow(
            f"desk-ended#{member}",
            at=stamp(at),
            # A day later each of them is over anyway.
            expires_at=epoch(at + timedelta(days=1)),
        )
        return put("ended", row)

    def session_stands(self, session: StaffSession) -> StorePart:
        """Check that this person's sessions were not ended since this one began."""
        stands = DeskEndedRow.pk.does_not_exist() | (DeskEndedRow.at < stamp(session.started_at))
        key = f"desk-ended#{session.member.id}"
        return StorePart(
            "stands",
            "check",
            lambda write: write.condition_check(DeskEndedRow, key, condition=stands),
        )

    def keep_sign_in(self, key: str, start: dict[str, str], until: datetime) -> None:
        """Put what a sign-in's return must agree with."""
        row = SignInRow(f"sign-in#{key}", start=start, expires_at=epoch(until))
        self._attempts.run(row.save)

    def take_sign_in(self, key: str, now: datetime) -> dict[str, str] | None:
        """Return and delete it: a sign-in comes back once."""
        row = self._get(f"sign-in#{key}")
        if not isinstance(row, SignInRow):
            return None
        try:
            self._attempts.run(lambda: row.delete(condition=SignInRow.pk.exists()))
        except DeleteError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return None
            raise
        return dict(row.start) if row.expires_at and epoch(now) < row.expires_at else None

    def broken_glass(self, by: OfficerId, case: CaseKey) -> BrokenGlass | None:
        """Return the leave this person asked for, or none."""
        return _glass(self._get(f"glass#{case}#{by}"))

    def keep_broken_glass(self, glass: BrokenGlass) -> StorePart:
        """Put or replace a leave."""
        return put("leave", _glass_row(f"glass#{glass.case}#{glass.by}", glass))

    def waiting_leave(self, case: CaseKey) -> BrokenGlass | None:
        """Return the newest leave for a restricted case that was asked for, or none."""
        return _glass(self._get(f"waiting#{case}"))

    def keep_waiting_leave(self, glass: BrokenGlass) -> StorePart:
        """Put a leave that waits for a second supervisor, in place of an earlier one."""
        return put("waiting", _glass_row(f"waiting#{glass.case}", glass))

    def confirm_waiting_leave(self, seen: BrokenGlass, confirmed: BrokenGlass) -> StorePart:
        """Put the confirmed leave; fails when it was confirmed already or another waits now."""
        unchanged = (
            (BrokenGlassRow.by == seen.by)
            & (BrokenGlassRow.until == stamp(seen.until))
            & BrokenGlassRow.confirmed_by.does_not_exist()
        )
        return put("waiting", _glass_row(f"waiting#{seen.case}", confirmed), unchanged)

    def bulk_requests(self) -> BulkRequests:
        """Return what supervisors of all teams asked for, by one read."""
        row = self._get(BULK)
        if not isinstance(row, BulkRow):
            return BulkRequests()
        return BulkRequests(int(row.version), tuple(_bulk_request(one) for one in row.requests))

    def keep_bulk_requests(
        self, seen: BulkRequests, requests: Sequence[BulkRequest], at: datetime
    ) -> StorePart:
        """Put these in place of what was seen; fails when anything changed it meanwhile."""
        row = BulkRow(
            BULK,
            version=seen.version + 1,
            requests=[_bulk_json(request) for request in requests],
            expires_at=epoch(max((r.until for r in requests), default=at) + timedelta(days=1)),
        )
        return put("bulk", row, _bulk_is_as(seen))

    def bulk_requests_stand(self, seen: BulkRequests) -> StorePart:
        """Check that what was asked for is as it was seen."""
        unchanged = _bulk_is_as(seen)
        return StorePart(
            "bulk", "check", lambda write: write.condition_check(BulkRow, BULK, condition=unchanged)
        )


def _glass_row(pk: str, glass: BrokenGlass) -> BrokenGlassRow:
    return BrokenGlassRow(
        pk,
        by=glass.by,
        name=glass.name,
        team=glass.team,
        case_key=glass.case,
        reason=glass.reason,
        until=stamp(glass.until),
        confirmed_by=glass.confirmed_by,
        expires_at=epoch(glass.until + timedelta(days=1)),
    )


def _glass(row: AccessTable | None) -> BrokenGlass | None:
    if not isinstance(row, BrokenGlassRow):
        return None
    return BrokenGlass(
        by=OfficerId(row.by),
        name=row.name,
        team=TeamId(row.team),
        case=CaseKey(row.case_key),
        reason=row.reason,
        until=moment(row.until),
        confirmed_by=OfficerId(row.confirmed_by) if row.confirmed_by else None,
    )


def _bulk_is_as(seen: BulkRequests) -> Condition:
    unchanged: Condition = BulkRow.version == seen.version
    return unchanged if seen.version else BulkRow.pk.does_not_exist()


def _bulk_json(request: BulkRequest) -> dict[str, Any]:
    return {
        "by": request.by,
        "name": request.name,
        "role": request.role,
        "team": request.team,
        "chosen": list(request.chosen),
        "owners": request.owners,
        "late": request.late,
        "to": request.to,
        "to_name": request.to_name,
        "reason": request.reason,
        "asked_at": stamp(request.asked_at),
        "until": stamp(request.until),
        "decided_by": request.decided_by,
        "refused_why": request.refused_why,
        "there": request.there,
    }


def _bulk_request(value: dict[str, Any]) -> BulkRequest:
    return BulkRequest(
        by=OfficerId(value["by"]),
        name=value["name"],
        role=value["role"],
        team=TeamId(value["team"]),
        chosen=tuple(value["chosen"]),
        owners=value["owners"],
        late=int(value["late"]),
        to=OfficerId(value["to"]),
        to_name=value["to_name"],
        reason=value["reason"],
        asked_at=moment(value["asked_at"]),
        until=moment(value["until"]),
        decided_by=value["decided_by"],
        refused_why=value["refused_why"],
        there=int(value["there"]),
    )

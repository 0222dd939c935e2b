"""What lets people in, in memory, as the access table keeps it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chalicelib.domain.brake import Brake, Carrier
from chalicelib.domain.codes import ACTIVE, CANCELLED, PENDING, CodeItem
from chalicelib.domain.dates import in_london
from chalicelib.domain.staff import BulkRequest, BulkRequests
from tests.fake_ledger import FakePart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from chalicelib.domain.cases import CaseKey, OfficerId
    from chalicelib.domain.sessions import VictimSession
    from chalicelib.domain.staff import AwayNote, BrokenGlass, StaffSession
    from chalicelib.rules import Rules
    from tests.fake_cases import FakeCases


@dataclass
class FakeAccess:
    """Codes, sessions, sign-ins under way, leave by broken glass."""

    rules: Rules
    cases: FakeCases
    codes: dict[str, CodeItem] = field(default_factory=dict)
    sessions: dict[str, VictimSession] = field(default_factory=dict)
    desks: dict[str, StaffSession] = field(default_factory=dict)
    ended: dict[OfficerId, datetime] = field(default_factory=dict)
    failures: Counter[tuple[str, int]] = field(default_factory=Counter)
    sign_ins: dict[str, tuple[dict[str, str], datetime]] = field(default_factory=dict)
    glass: dict[tuple[CaseKey, OfficerId], BrokenGlass] = field(default_factory=dict)
    waiting: dict[CaseKey, BrokenGlass] = field(default_factory=dict)
    bulk: BulkRequests = field(default_factory=BulkRequests)
    pairs: set[tuple[str, date]] = field(default_factory=set)
    brakes: list[Brake] = field(default_factory=list)
    carriers: dict[str, Carrier] = field(default_factory=dict)

    # --- codes

    def code(self, key: str) -> CodeItem | None:
        return self.codes.get(key)

    def new_code(self, item: CodeItem) -> FakePart:
        return FakePart(
            "code",
            ("code", item.key),
            lambda: self.codes.update({item.key: item}),
            lambda: item.key not in self.codes,
        )

    def activate_code(self, key: str, unused_until: datetime) -> FakePart:
        return self._code(
            "code",
            key,
            lambda code: replace(code, state=ACTIVE, expires_at=unused_until),
            lambda code: code.state == PENDING,
        )

    def use_code(self, item: CodeItem, at: datetime) -> FakePart:
        return self._code(
            "code",
            item.key,
            lambda code: replace(code, used_at=code.used_at or at, expires_at=None),
            lambda code: code.opens(at),
        )

    def code_is_active(self, key: str) -> FakePart:
        return self._code("code", key, lambda code: code, lambda code: code.state == ACTIVE)

    def cancel_code(self, key: str, name: str = "code") -> FakePart:
        return self._code(
            name,
            key,
            lambda code: replace(code, state=CANCELLED),
            lambda code: code.state != CANCELLED,
        )

    def confirm_code(self, key: str, at: datetime) -> FakePart:
        return self._code(
            "new code",
            key,
            lambda code: replace(code, state=ACTIVE, used_at=at, expires_at=None),
            lambda code: (
                code.state == PENDING and code.expires_at is not None and at < code.expires_at
            ),
        )

    def _code(
        self,
        name: str,
        key: str,
        change: Callable[[CodeItem], CodeItem],
        holds: Callable[[CodeItem], bool],
    ) -> FakePart:
        return FakePart(
            name,
            ("code", key),
            lambda: self.codes.update({key: change(self.codes[key])}),
            lambda: key in self.codes and holds(self.codes[key]),
        )

    # --- victims' sessions and failures

    def session(self, key: str) -> VictimSession | None:
        return self.sessions.get(key)

    def session_and_away(self, key: str) -> tuple[VictimSession | None, AwayNote]:
        return self.sessions.get(key), self.cases.force.away

    def new_session(self, session: VictimSession, keep_until: datetime) -> FakePart:
        del keep_until  # when it is thrown away is the table's business
        return FakePart(
            "session",
            ("session", session.key),
            lambda: self.sessions.update({session.key: session}),
        )

    def touch_session(self, session: VictimSession, at: datetime) -> FakePart:
        return self._session(session.key, lambda one: replace(one, seen_at=at), lambda _: True)

    def move_session(self, session: VictimSession, code_key: str, at: datetime) -> FakePart:
        return self._session(
            session.key,
            lambda one: replace(one, code_key=code_key, seen_at=at),
            lambda one: one.code_key == session.code_key,
        )

    def _session(
        self,
        key: str,
        change: Callable[[VictimSession], VictimSession],
        holds: Callable[[VictimSession], bool],
    ) -> FakePart:
        return FakePart(
            "session",
            ("session", key),
            lambda: self.sessions.update({key: change(self.sessions[key])}),
            lambda: key in self.sessions and holds(self.sessions[key]),
        )

    def end_session(self, key: str) -> None:
        self.sessions.pop(key, None)

    def count_failure(self, address_key: str, at: datetime) -> int:
        window = int(at.timestamp()) // (self.rules.limits.failure_window_minutes * 60)
        self.failures[address_key, window] += 1
        return self.failures[address_key, window]

    # --- sending

    def new_pair(self, pair: str, at: datetime) -> FakePart:
        key = (pair, in_london(at).date())
        return FakePart("pair", ("pair", *key), lambda: self.pairs.add(key))

    def pair_was_sent(self, pair: str, day: date) -> bool:
        return (pair, day) in self.pairs

    def brake(self) -> Brake:
        return self.brakes[-1] if self.brakes else Brake()

    def keep_brake(self, now: Brake) -> FakePart:
        return FakePart(
            "brake",
            ("brake",),
            lambda: self.brakes.append(replace(now, version=now.version + 1)),
            lambda: self.brake().version == now.version,
        )

    def carrier(self, name: str) -> Carrier:
        return self.carriers.get(name, Carrier(name))

    def keep_carrier(self, now: Carrier) -> FakePart:
        kept = replace(now, version=now.version + 1)
        return FakePart(
            "carrier",
            ("carrier", now.name),
            lambda: self.carriers.update({now.name: kept}),
            lambda: self.carrier(now.name).version == now.version,
        )

    # --- the desk

    def staff_session(self, key: str) -> StaffSession | None:
        return self.desks.get(key)

    def new_staff_session(self, session: StaffSession, keep_until: datetime) -> FakePart:
        del keep_until
        return FakePart(
            "session",
            ("desk", session.key),
            lambda: self.desks.update({session.key: session}),
        )

    def touch_staff_session(self, session: StaffSession, at: datetime) -> FakePart:
        key = session.key
        return FakePart(
            "session",
            ("desk", key),
            lambda: self.desks.update({key: replace(self.desks[key], seen_at=at)}),
            lambda: key in self.desks,
        )

    def end_staff_session(self, key: str) -> None:
        self.desks.pop(key, None)

    def end_sessions_of(self, member: OfficerId, at: datetime) -> FakePart:
        return FakePart("ended", ("ended", member), lambda: self.ended.update({member: at}))

    def session_stands(self, session: StaffSession) -> FakePart:
        member = session.member.id
        return FakePart(
            "stands",
            ("ended", member),
            lambda: None,
            lambda: member not in self.ended or self.ended[member] < session.started_at,
        )

    def keep_sign_in(self, key: str, start: dict[str, str], until: datetime) -> None:
        self.sign_ins[key] = (dict(start), until)

    def take_sign_in(self, key: str, now: datetime) -> dict[str, str] | None:
        start, until = self.sign_ins.pop(key, ({}, now))
        return start if int(now.timestamp()) < int(until.timestamp()) else None

    # --- broken glass

    def broken_glass(self, by: OfficerId, case: CaseKey) -> BrokenGlass | None:
        return self.glass.get((case, by))

    def keep_broken_glass(self, glass: BrokenGlass) -> FakePart:
        key = (glass.case, glass.by)
        return FakePart("leave", ("glass", key), lambda: self.glass.update({key: glass}))

    def waiting_leave(self, case: CaseKey) -> BrokenGlass | None:
        return self.waiting.get(case)

    def keep_waiting_leave(self, glass: BrokenGlass) -> FakePart:
        return FakePart(
            "waiting", ("waiting", glass.case), lambda: self.waiting.update({glass.case: glass})
        )

    def confirm_waiting_leave(self, seen: BrokenGlass, confirmed: BrokenGlass) -> FakePart:
        def is_unchanged() -> bool:
            now = self.waiting.get(seen.case)
            return (
                now is not None
                and (now.by, now.until) == (seen.by, seen.until)
                and now.confirmed_by is None
            )

        return replace(self.keep_waiting_leave(confirmed), holds=is_unchanged)

    # --- what supervisors asked to move

    def bulk_requests(self) -> BulkRequests:
        return self.bulk

    def keep_bulk_requests(
        self, seen: BulkRequests, requests: Sequence[BulkRequest], at: datetime
    ) -> FakePart:
        del at

        def put() -> None:
            self.bulk = BulkRequests(seen.version + 1, tuple(requests))

        return FakePart("bulk", "bulk", put, lambda: self.bulk.version == seen.version)

    def bulk_requests_stand(self, seen: BulkRequests) -> FakePart:
        return FakePart("bulk", "bulk", lambda: None, lambda: self.bulk.version == seen.version)

"""What every kind of stores does alike with who may look, and with the audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.cases import (
    OfficerId,
)
from chalicelib.domain.codes import ACTIVE, PENDING, CodeItem
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import (
    BrokenGlass,
    StaffMember,
    StaffSession,
)
from tests.builders import STOKE
from tests.integration.stores.contract_steps import conflict, new_name

if TYPE_CHECKING:
    from tests.seeding import Hub


def test_a_session_is_used_while_it_is_there(hub: Hub) -> None:
    case, access, now, key = hub.seed(), hub.deps.access, hub.clock(), new_name()
    session = VictimSession(key, case.key, case.victim, "code", now, now)
    assert conflict(hub, access.touch_session(session, now)) == {"session"}
    hub.write(access.new_session(session, now + timedelta(hours=2)))
    hub.clock.forward(minutes=5)
    hub.write(access.touch_session(session, hub.clock()))
    assert access.session(key) == replace(session, seen_at=hub.clock())
    assert access.session_and_away(key)[0] == access.session(key)
    hub.write(access.move_session(session, "other", hub.clock()))
    assert conflict(hub, access.move_session(session, "third", hub.clock())) == {"session"}
    for _ in range(2):
        access.end_session(key)
    assert access.session(key) is None
    assert conflict(hub, access.touch_session(session, now)) == {"session"}


def test_a_code_is_put_used_and_cancelled_once(hub: Hub) -> None:
    case, access, now, key = hub.seed(), hub.deps.access, hub.clock(), new_name()
    pending = CodeItem(key, case.key, case.victim, PENDING, now + timedelta(days=1), None)
    hub.write(access.new_code(pending))
    assert conflict(hub, access.new_code(pending)) == {"code"}
    assert conflict(hub, access.code_is_active(key)) == {"code"}
    assert conflict(hub, access.use_code(pending, now)) == {"code"}
    until = now + timedelta(days=14)
    hub.write(access.activate_code(key, until))
    assert conflict(hub, access.activate_code(key, until)) == {"code"}
    assert access.code(key) == replace(pending, state=ACTIVE, expires_at=until)
    assert conflict(hub, access.use_code(pending, until)) == {"code"}
    hub.write(access.use_code(pending, now))
    hub.write(access.use_code(pending, until))
    assert access.code(key) == replace(pending, state=ACTIVE, expires_at=None, used_at=now)
    hub.write(access.code_is_active(key))
    hub.write(access.cancel_code(key, "old code"))
    assert conflict(hub, access.cancel_code(key, "old code")) == {"old code"}
    assert conflict(hub, access.code_is_active(key)) == {"code"}
    assert conflict(hub, access.cancel_code("no such code")) == {"code"}


def test_a_pending_code_is_confirmed_in_time_and_once(hub: Hub) -> None:
    case, access, now, key = hub.seed(), hub.deps.access, hub.clock(), new_name()
    until = now + timedelta(days=1)
    hub.write(access.new_code(CodeItem(key, case.key, case.victim, PENDING, until, None)))
    assert conflict(hub, access.confirm_code(key, until)) == {"new code"}
    hub.write(access.confirm_code(key, now))
    assert access.code(key) == CodeItem(key, case.key, case.victim, ACTIVE, None, now)
    assert conflict(hub, access.confirm_code(key, now)) == {"new code"}


def test_a_desk_session_stands_until_it_is_ended(hub: Hub) -> None:
    access, now, key = hub.deps.access, hub.clock(), new_name()
    member = StaffMember(OfficerId(key), "PC One", "0001", STOKE)
    session = StaffSession(key, member, "officer", now, now, fresh_at=None)
    assert conflict(hub, access.touch_staff_session(session, now)) == {"session"}
    hub.write(access.new_staff_session(session, now + timedelta(days=1)))
    hub.clock.forward(minutes=1)
    hub.write(access.session_stands(session), access.touch_staff_session(session, hub.clock()))
    assert access.staff_session(key) == replace(session, seen_at=hub.clock())
    hub.write(access.end_sessions_of(member.id, hub.clock()))
    assert conflict(hub, access.session_stands(session)) == {"stands"}
    later = replace(session, started_at=hub.clock() + timedelta(seconds=1))
    hub.write(access.session_stands(later))
    access.end_staff_session(key)
    assert access.staff_session(key) is None


def test_failures_are_counted_by_address_and_window(hub: Hub) -> None:
    access, address = hub.deps.access, new_name()
    assert [access.count_failure(address, hub.clock()) for _ in range(3)] == [1, 2, 3]
    assert access.count_failure(new_name(), hub.clock()) == 1
    hub.clock.forward(hours=1)
    assert access.count_failure(address, hub.clock()) == 1


def test_a_sign_in_comes_back_once_and_in_time(hub: Hub) -> None:
    access, key, until = hub.deps.access, new_name(), hub.clock() + timedelta(minutes=10)
    access.keep_sign_in(key, {"nonce": "n"}, until)
    assert access.take_sign_in(key, hub.clock()) == {"nonce": "n"}
    assert access.take_sign_in(key, hub.clock()) is None
    access.keep_sign_in(key, {"nonce": "n"}, until)
    assert access.take_sign_in(key, until) is None


def test_leave_by_broken_glass_comes_back_and_is_confirmed_once(hub: Hub) -> None:
    access, case, by = hub.deps.access, hub.seed(), OfficerId("sergeant")
    until = hub.clock() + timedelta(hours=1)
    glass = BrokenGlass(by, "Sergeant", STOKE, case.key, "a good reason", until)
    assert access.broken_glass(by, case.key) is access.waiting_leave(case.key) is None
    hub.write(access.keep_broken_glass(glass), access.keep_waiting_leave(glass))
    assert access.broken_glass(by, case.key) == access.waiting_leave(case.key) == glass
    confirmed = replace(glass, confirmed_by=OfficerId("second"))
    hub.write(access.confirm_waiting_leave(glass, confirmed))
    assert access.waiting_leave(case.key) == confirmed
    assert conflict(hub, access.confirm_waiting_leave(glass, confirmed)) == {"waiting"}


def test_what_supervisors_ask_for_is_changed_by_who_saw_it(hub: Hub) -> None:
    access = hub.deps.access
    seen = access.bulk_requests()
    hub.write(access.bulk_requests_stand(seen))
    part = access.keep_bulk_requests(seen, (), hub.clock())
    hub.write(part)
    assert access.bulk_requests() == replace(seen, version=seen.version + 1)
    assert conflict(hub, part) == {"bulk"}
    assert conflict(hub, access.bulk_requests_stand(seen)) == {"bulk"}


def test_an_audit_line_can_only_be_added(hub: Hub) -> None:
    line = AuditLine("the same id", new_name(), "who", "what", hub.clock(), "why", ("case",))
    hub.write(hub.deps.audit.line(line))
    other = hub.deps.audit.line(replace(line, what="something else"))
    assert conflict(hub, other) == {"audit"}

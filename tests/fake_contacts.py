"""Safe contact and messages that wait, in memory, as the threads table keeps them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.notices import Notice, Recipient
from chalicelib.services.ports import ContactShown
from tests.fake_courts import FakeCourts
from tests.fake_ledger import FakePart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from chalicelib.domain.cases import CaseKey, VictimKey
    from chalicelib.domain.contact import SafeContact
    from chalicelib.domain.reaching import Reaching
    from chalicelib.domain.safety import Safety

WAITS, GAVE_UP = "waits", "gave up"


@dataclass(frozen=True)
class Listed:
    """A message as it is stored, with its key in the list of messages, if it has one."""

    notice: Notice
    sending: str = ""
    send_at: datetime | None = None


class FakeContacts(FakeCourts):
    """Reads safe contact and messages; makes the parts that change them."""

    notices: dict[Recipient, Listed]

    def contacts_of(self, victims: Sequence[VictimKey]) -> Mapping[VictimKey, ContactShown]:
        of = self.partitions
        return {
            victim: ContactShown(of[victim].contact, of[victim].safety, of[victim].needs)
            for victim in victims
        }

    def keep_contact(self, victim: VictimKey, now: SafeContact) -> FakePart:
        of = self.partitions[victim]

        def put() -> None:
            of.contact = replace(now, version=now.version + 1)

        return FakePart(
            "contact", ("contact", victim), put, lambda: of.contact.version == now.version
        )

    def keep_safety(self, victim: VictimKey, now: Safety) -> FakePart:
        of = self.partitions[victim]

        def put() -> None:
            of.safety = replace(now, version=now.version + 1)

        return FakePart("safety", ("safety", victim), put, lambda: of.safety.version == now.version)

    def keep_reaching(self, victim: VictimKey, now: Reaching) -> FakePart:
        of = self.partitions[victim].reaching

        def put() -> None:
            of[now.subject] = replace(now, version=now.version + 1)

        def holds() -> bool:
            there = of.get(now.subject)
            return (there.version if there else 0) == now.version

        return FakePart("reaching", ("reaching", victim, now.subject), put, holds)

    def visited(self, victim: VictimKey, at: datetime) -> FakePart:
        of = self.partitions[victim]

        def put() -> None:
            of.visited_at = at

        return FakePart("visit", ("visit", victim), put)

    # --- messages

    def want_notice(self, to: Recipient, case: CaseKey | None, at: datetime) -> FakePart:
        def want() -> None:
            listed = self.notices.get(to, Listed(Notice(to)))
            send_at = listed.send_at or at
            now = listed.notice
            now = replace(
                now,
                case_key=case or now.case_key,
                wanted=now.wanted + 1,
                wanted_at=at,
                due_at=send_at,
                version=now.version + 1,
            )
            self.notices[to] = Listed(now, WAITS, send_at)

        return FakePart("count", ("notice", to), want, is_counter=True)

    def notice(self, to: Recipient) -> Notice | None:
        listed = self.notices.get(to)
        return listed.notice if listed else None

    def due_notices(self, now: datetime, limit: int) -> tuple[Notice, ...]:
        return self._listed(WAITS, limit, now)

    def waiting_notices(self, limit: int) -> tuple[Notice, ...]:
        return self._listed(WAITS, limit)

    def given_up_notices(self, limit: int) -> tuple[Notice, ...]:
        return self._listed(GAVE_UP, limit)

    def _listed(self, which: str, limit: int, upto: datetime | None = None) -> tuple[Notice, ...]:
        found = [
            (each.send_at, each.notice.to, each.notice)
            for each in self.notices.values()
            if each.sending == which and each.send_at and (upto is None or each.send_at <= upto)
        ]
        return tuple(notice for _, _, notice in sorted(found, key=lambda one: one[:2])[:limit])

    def keep_notice(self, now: Notice) -> FakePart:
        def put() -> None:
            kept = replace(now, version=now.version + 1)
            gave_up = bool(now.gave_up_why) and not now.is_waiting
            which = GAVE_UP if gave_up else WAITS
            self.notices[now.to] = Listed(kept, which if now.due_at else "", now.due_at)

        def holds() -> bool:
            listed = self.notices.get(now.to)
            return (listed.notice.version if listed else 0) == now.version

        return FakePart("notice", ("notice", now.to), put, holds)

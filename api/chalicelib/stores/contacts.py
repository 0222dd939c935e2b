"""What the threads table keeps of safe contact, and the messages that wait in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.contact import SafeContact
from chalicelib.domain.needs import Needs
from chalicelib.domain.notices import Notice, Recipient
from chalicelib.domain.reaching import Reaching
from chalicelib.domain.safety import Safety
from chalicelib.services.ports import ContactShown
from chalicelib.stores import contact_items as items
from chalicelib.stores.court_items import NEEDS, needs_of
from chalicelib.stores.courts import CourtStore, unmoved
from chalicelib.stores.ledger import AddPart, StorePart
from chalicelib.stores.parts import put
from chalicelib.stores.tables import (
    ContactItem,
    NeedsItem,
    NoticeItem,
    ReachingItem,
    SafetyItem,
    VisitItem,
)
from chalicelib.stores.text import stamp

# What stands first of a victim, each an item of their partition.
SHOWN = (items.CONTACT, items.SAFETY, NEEDS)


class ContactStore(CourtStore):
    """Reads safe contact and messages; makes the parts that change them."""

    def contacts_of(self, victims: Sequence[VictimKey]) -> Mapping[VictimKey, ContactShown]:
        """Return contact, choices and needs of some victims, by one batch of reads."""
        rows = self._batch([(victim, sk) for victim in victims for sk in SHOWN])
        contacts = {r.pk: items.contact_of(r) for r in rows if isinstance(r, ContactItem)}
        safeties = {r.pk: items.safety_of(r) for r in rows if isinstance(r, SafetyItem)}
        needs = {r.pk: needs_of(r) for r in rows if isinstance(r, NeedsItem)}
        return {
            victim: ContactShown(
                contacts.get(victim, SafeContact()),
                safeties.get(victim, Safety()),
                needs.get(victim, Needs()),
            )
            for victim in victims
        }

    def keep_contact(self, victim: VictimKey, now: SafeContact) -> StorePart:
        """Put or replace safe contact; fails when anything changed it meanwhile."""
        item = items.contact_item(victim, now)
        return put("contact", item, unmoved(ContactItem.version, now.version))

    def keep_safety(self, victim: VictimKey, now: Safety) -> StorePart:
        """Put or replace what a victim chose; fails when anything changed it meanwhile."""
        item = items.safety_item(victim, now)
        return put("safety", item, unmoved(SafetyItem.version, now.version))

    def keep_reaching(self, victim: VictimKey, now: Reaching) -> StorePart:
        """Put or replace the tries to tell of one piece of news; fails when they changed."""
        item = items.reaching_item(victim, now)
        return put("reaching", item, unmoved(ReachingItem.version, now.version))

    def visited(self, victim: VictimKey, at: datetime) -> StorePart:
        """Put when the victim last looked."""
        return put("visit", VisitItem(victim, items.VISIT, at=stamp(at)))

    # --- messages

    def want_notice(self, to: Recipient, case: CaseKey | None, at: datetime) -> AddPart:
        """Say that there is a reason for a message; more of them in a transaction are one write."""

        def part_of(total: int) -> StorePart:
            actions = [
                NoticeItem.kind.set(NoticeItem),
                NoticeItem.sending.set(items.WAITS),
                NoticeItem.send_at.set(NoticeItem.send_at | stamp(at)),
                NoticeItem.wanted_at.set(stamp(at)),
                NoticeItem.wanted.add(total),
                NoticeItem.version.add(1),
            ]
            known = [NoticeItem.case_key.set(case)] if case else []
            item = NoticeItem(to, items.NOTICE)
            return StorePart(
                "count", "update", lambda write: write.update(item, [*actions, *known])
            )

        return AddPart((to, items.NOTICE), 1, part_of)

    def notice(self, to: Recipient) -> Notice | None:
        """Return what waits for a recipient and what went before, or none."""
        rows = self._batch([(to, items.NOTICE)])
        return next((items.notice_of(r) for r in rows if isinstance(r, NoticeItem)), None)

    def due_notices(self, now: datetime, limit: int) -> tuple[Notice, ...]:
        """Return messages to look at now, the longest due first; a list may lag behind them."""
        upto = NoticeItem.send_at <= stamp(now)
        rows = self._attempts.run(
            lambda: list(NoticeItem.to_send.query(items.WAITS, upto, limit=limit))
        )
        return tuple(items.notice_of(row) for row in rows)

    def waiting_notices(self, limit: int) -> tuple[Notice, ...]:
        """Return messages that wait, the soonest first."""
        return self._listed(items.WAITS, limit)

    def given_up_notices(self, limit: int) -> tuple[Notice, ...]:
        """Return messages that are not tried any more, the oldest first."""
        return self._listed(items.GAVE_UP, limit)

    def _listed(self, which: str, limit: int) -> tuple[Notice, ...]:
        rows = self._attempts.run(lambda: list(NoticeItem.to_send.query(which, limit=limit)))
        return tuple(items.notice_of(row) for row in rows)

    def keep_notice(self, now: Notice) -> StorePart:
        """Replace a message that still carries the version that was read; fails when it moved."""
        return put("notice", items.notice_item(now), unmoved(NoticeItem.version, now.version))

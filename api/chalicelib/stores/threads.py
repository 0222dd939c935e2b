"""The threads table: what passes between one victim and the police, one partition a victim."""

import base64
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex

from chalicelib.domain.cases import OfficerId, TeamId, VictimKey
from chalicelib.domain.codes import CodeRecord
from chalicelib.domain.contact import SafeContact
from chalicelib.domain.messages import Door, Draft, FormReceipt, Message, Thread
from chalicelib.domain.needs import Needs
from chalicelib.domain.promises import Move, Promise
from chalicelib.domain.safety import Safety
from chalicelib.rules import Rules
from chalicelib.services.ports import PromisePage, VictimFile
from chalicelib.stores import thread_items as items
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.contact_items import (
    SAFETY,
    contact_of,
    notice_of,
    reaching_of,
    safety_of,
)
from chalicelib.stores.contacts import ContactStore
from chalicelib.stores.court_items import (
    agreement_of,
    court_of,
    measure_of,
    needs_of,
    seen_of,
)
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.parts import delete, put, update
from chalicelib.stores.tables import (
    AgreementItem,
    CodeRecordItem,
    ContactItem,
    CourtItem,
    DoorItem,
    DraftItem,
    FormItem,
    MeasureItem,
    NeedsItem,
    NeedsSeenItem,
    NoticeItem,
    PromiseItem,
    ReachingItem,
    SafetyItem,
    ThreadsTable,
    VisitItem,
)
from chalicelib.stores.text import epoch, moment, stamp

# What stands of a victim beside the threads: what is owed and was, measures, who read needs. It is
# read with every page, so that one query is to hold it, up to the 1 MB that a query returns.
ROWS_OF_VICTIM = 400
# A due date, a time and an id.
ORDER = re.compile(r"\d{4}-\d\d-\d\d#[\d:.T+-]{1,40}#\w{1,80}", re.ASCII)


class ThreadStore(ContactStore):
    """Reads victims' partitions and lists of open promises; makes the parts that change them."""

    def __init__(self, attempts: Attempts, rules: Rules) -> None:
        super().__init__(attempts)
        self._limits = rules.limits

    def read(self, victim: VictimKey, *, before: int | None = None) -> VictimFile:
        """Return the newest threads, or those before a number, by one query.

        The read runs backwards from what every page needs to ever older threads and
        stops behind the last thread that fits, so its cost does not grow with time. Of a page
        of older ones nothing else is returned but what was chosen for pages: safe mode.
        """
        shown = self._limits.threads_page
        rows, has_older = self._attempts.run(lambda: _backwards(victim, before, shown))
        return VictimFile(
            door=next((items.door_of(r) for r in rows if isinstance(r, DoorItem)), Door()),
            threads=items.threads_of(rows),
            owed=items.owed_of(rows),
            codes=tuple(items.code_of(r) for r in rows if isinstance(r, CodeRecordItem)),
            draft=next((items.draft_of(r) for r in rows if isinstance(r, DraftItem)), None),
            has_older=has_older,
            court=next((court_of(r) for r in rows if isinstance(r, CourtItem)), None),
            needs=next((needs_of(r) for r in rows if isinstance(r, NeedsItem)), Needs()),
            seen=tuple(seen_of(r) for r in rows if isinstance(r, NeedsSeenItem)),
            measures=tuple(measure_of(r) for r in rows if isinstance(r, MeasureItem)),
            agreements=tuple(agreement_of(r) for r in rows if isinstance(r, AgreementItem)),
            contact=next(
                (contact_of(r) for r in rows if isinstance(r, ContactItem)), SafeContact()
            ),
            safety=next((safety_of(r) for r in rows if isinstance(r, SafetyItem)), Safety()),
            reaching=tuple(reaching_of(r) for r in rows if isinstance(r, ReachingItem)),
            notice=next((notice_of(r) for r in rows if isinstance(r, NoticeItem)), None),
            visited_at=next((moment(r.at) for r in rows if isinstance(r, VisitItem)), None),
        )

    def read_form(self, victim: VictimKey, form_key: str) -> FormReceipt | None:
        """Return what a form made if it was stored, by one read of its key."""

        def read() -> FormReceipt | None:
            try:
                row = FormItem.get(victim, f"form#{form_key}", consistent_read=True)
            except FormItem.DoesNotExist:
                return None
            return FormReceipt(int(row.thread))

        return self._attempts.run(read)

    def moved_door(self, victim: VictimKey, seen: Door, now: Door) -> StorePart:
        """Replace the door; fails when anything moved it meanwhile."""
        item = DoorItem(
            victim,
            "victim#door",
            version=seen.version + 1,
            threads=now.threads,
            closed_on=now.closed_on.isoformat() if now.closed_on else None,
            team=now.team or None,
            rhythm=now.rhythm or None,
            rhythm_on=now.rhythm_on.isoformat() if now.rhythm_on else None,
            rhythm_by=now.rhythm_by or None,
        )
        unmoved = (
            DoorItem.version == seen.version if seen.version else DoorItem.version.does_not_exist()
        )
        return put("door", item, unmoved)

    def new_thread(self, victim: VictimKey, thread: Thread) -> StorePart:
        """Put a question."""
        return put("question", items.question_item(victim, thread))

    def new_promise(self, promise: Promise) -> StorePart:
        """Put a promise with its index entries."""
        return put("promise", items.promise_item(promise), PromiseItem.pk.does_not_exist())

    def new_form(
        self, victim: VictimKey, form_key: str, receipt: FormReceipt, at: datetime
    ) -> StorePart:
        """Put the form's key where it is absent; fails when the form was stored already."""
        item = FormItem(
            victim,
            f"form#{form_key}",
            thread=receipt.thread,
            expires_at=epoch(at + timedelta(hours=self._limits.form_key_hours)),
        )
        return put("form", item, FormItem.pk.does_not_exist())

    def form_is_unused(self, victim: VictimKey, form_key: str) -> StorePart:
        """Check that the form was not stored before."""
        unused = FormItem.pk.does_not_exist()
        return StorePart(
            "form",
            "check",
            lambda write: write.condition_check(
                FormItem, victim, f"form#{form_key}", condition=unused
            ),
        )

    def keep_draft(self, victim: VictimKey, draft: Draft) -> StorePart:
        """Put the draft in place of an earlier one."""
        item = DraftItem(
            victim,
            "victim#draft",
            text=draft.text,
            saved_at=stamp(draft.saved_at),
            expires_at=epoch(draft.saved_at + timedelta(hours=self._limits.draft_hours)),
        )
        return put("draft", item)

    def drop_draft(self, victim: VictimKey) -> StorePart:
        """Delete the draft; fine when there is none."""
        return delete("draft", DraftItem(victim, "victim#draft"))

    def new_answer(self, victim: VictimKey, thread: Thread, answer: Message) -> StorePart:
        """Put an answer behind those that stand; fails when another took its place."""
        item = items.answer_item(victim, thread, answer)
        return put("answer", item, ThreadsTable.pk.does_not_exist())

    def keep_promise(
        self, promise: Promise, at: datetime, *, how: str, recorded_at: datetime, note: str = ""
    ) -> StorePart:
        """Mark a promise kept and take it off the lists; fails when it changed meanwhile."""
        kept = [PromiseItem.kept_at.set(stamp(at)), PromiseItem.kept_how.set(how)]
        kept += [PromiseItem.note.set(note)] if note else []
        return self._close(promise, kept, recorded_at)

    def cancel_promise(self, promise: Promise, why: str, at: datetime) -> StorePart:
        """Mark a promise cancelled and take it off the lists; fails when it changed meanwhile."""
        return self._close(promise, [PromiseItem.cancelled_why.set(why)], at)

    def _close(self, promise: Promise, actions: Sequence[Action], at: datetime) -> StorePart:
        actions = [
            *actions,
            PromiseItem.closed_at.set(stamp(at)),
            PromiseItem.open_owner.remove(),
            PromiseItem.open_team.remove(),
            PromiseItem.due_order.remove(),
        ]
        return self._change(promise, actions)

    def _change(self, promise: Promise, actions: Sequence[Action]) -> StorePart:
        version = PromiseItem.version.set(promise.version + 1)
        handle = items.promise_handle(promise)
        return update("promise", handle, [*actions, version], items.is_unchanged(promise))

    def see_promise(self, promise: Promise, at: datetime) -> StorePart:
        """Note when the officer first saw what is owed."""
        actions = [PromiseItem.seen_at.set(stamp(at))]
        unseen = PromiseItem.pk.exists() & PromiseItem.seen_at.does_not_exist()
        return update("seen", items.promise_handle(promise), actions, unseen)

    def move_promise(self, promise: Promise, move: Move, *, follows: bool = False) -> StorePart:
        """Give an open promise to another officer; fails when it changed meanwhile."""
        actions = [
            PromiseItem.owner.set(move.owner),
            PromiseItem.owner_name.set(move.name),
            PromiseItem.team.set(move.team),
            PromiseItem.open_owner.set(move.owner),
            PromiseItem.open_team.set(move.team),
            PromiseItem.moves.set(items.moves_json((*promise.moves, move))),
            PromiseItem.stays.set(promise.stays and not follows),
        ]
        return self._change(promise, actions)

    def note_on_promise(self, promise: Promise, words: str) -> StorePart:
        """Replace what exactly is to be done; fails when the promise changed meanwhile."""
        return self._change(promise, [PromiseItem.task.set(words)])

    def raise_promise(self, promise: Promise, to: str, at: datetime) -> StorePart:
        """Note who looks into a late promise from now on; fails when it changed meanwhile."""
        actions = [PromiseItem.raised_at.set(stamp(at)), PromiseItem.raised_to.set(to)]
        if before := promise.raised_so_far:
            actions.append(PromiseItem.raised_before.set(items.raised_json(before)))
        return self._change(promise, actions)

    def keep_code_record(self, victim: VictimKey, record: CodeRecord) -> StorePart:
        """Put or replace what staff see of a code."""
        return put("code record", items.code_record_item(victim, record))

    def open_of_owner(self, owner: OfficerId, *, after: str | None, limit: int) -> PromisePage:
        """Return an officer's open promises by due date."""
        return self._promises(PromiseItem.open_by_owner, owner, after, limit)

    def open_of_team(
        self, team: TeamId, *, after: str | None, limit: int, due_before: date | None = None
    ) -> PromisePage:
        """Return a team's open promises by due date, perhaps only those due before a day."""
        return self._promises(PromiseItem.open_by_team, team, after, limit, due_before)

    def _promises(
        self,
        index: GlobalSecondaryIndex[Any],
        key: str,
        after: str | None,
        limit: int,
        due_before: date | None = None,
    ) -> PromisePage:
        # An order begins with its day, so that the day alone sorts before all of its orders.
        first, last = _order_of(after) or "0", due_before.isoformat() if due_before else "~"
        within = PromiseItem.due_order.between(first, last)
        if first >= last:
            return PromisePage((), None)
        rows: Sequence[Any] = self._attempts.run(
            # One more than fits says whether there is a next page; between has the cursor in it.
            lambda: list(index.query(key, within, limit=limit + (2 if after else 1)))
        )
        rows = [row for row in rows if row.due_order != first]
        more = len(rows) > limit
        return PromisePage(
            tuple(items.promise_of(row) for row in rows[:limit]),
            _cursor_at(rows[limit - 1].due_order) if more else None,
        )


def _backwards(
    victim: VictimKey, before: int | None, shown: int
) -> tuple[Sequence[ThreadsTable], bool]:
    """Return the rows of whole threads that a page shows, and whether older ones follow."""
    # Older threads are read past the newer ones: what was chosen for pages stands before all.
    found = ThreadsTable.query(
        victim,
        ThreadsTable.sk.between("thread#", "victim#~" if before is None else SAFETY),
        scan_index_forward=False,
        consistent_read=True,
        page_size=_rows_of(shown) if before is None else None,
    )
    end = "~" if before is None else f"thread#{before:05d}"
    rows: list[ThreadsTable] = []
    threads: set[str] = set()
    for row in found:
        if row.sk >= end and row.sk != SAFETY:
            continue
        if row.sk.startswith("thread#"):
            threads.add(row.sk[: items.THREAD_KEY_LENGTH])
        if len(threads) > shown:
            return rows, True
        rows.append(row)
    return rows, False


def _rows_of(shown: int) -> int:
    return items.ROWS_A_THREAD * (shown + 1) + ROWS_OF_VICTIM


def _cursor_at(order: str) -> str:
    return base64.urlsafe_b64encode(order.encode()).decode()


def _order_of(cursor: str | None) -> str | None:
    """Return the place in a list behind which a page begins; what is no cursor is its top."""
    try:
        order = base64.urlsafe_b64decode(cursor or "").decode()
    except ValueError:
        return None
    return order if ORDER.fullmatch(order) else None

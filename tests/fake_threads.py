"""What passes between victims and the police, in memory, as the threads table keeps it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chalicelib.domain.contact import SafeContact
from chalicelib.domain.messages import Door, Draft, FormReceipt, Message, Thread
from chalicelib.domain.needs import Needs
from chalicelib.domain.notices import Recipient, to_victim
from chalicelib.domain.promises import REPLY, Move, Promise
from chalicelib.domain.safety import Safety
from chalicelib.services.ports import PromisePage, VictimFile
from tests.fake_contacts import FakeContacts, Listed
from tests.fake_ledger import FakePart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from chalicelib.domain.agreements import Agreement
    from chalicelib.domain.cases import Case, OfficerId, TeamId, VictimKey
    from chalicelib.domain.codes import CodeRecord
    from chalicelib.domain.measures import Measure
    from chalicelib.domain.needs import NeedsSeen, PastNeed
    from chalicelib.domain.reaching import Reaching
    from chalicelib.domain.reviews import Court
    from chalicelib.rules import Rules

PromiseKey = tuple[str, str, str, str]
CURSOR = "after "


@dataclass
class Row:
    """A promise as it is stored, with its keys in both lists; none of them when it is closed."""

    promise: Promise
    open_owner: str | None = None
    open_team: str | None = None
    due_order: str | None = None


@dataclass
class Partition:
    """Everything of one victim."""

    door: Door | None = None
    promises: dict[PromiseKey, Row] = field(default_factory=dict)
    questions: dict[int, tuple[str, Message]] = field(default_factory=dict)
    answers: dict[tuple[int, int], Message] = field(default_factory=dict)
    codes: dict[str, CodeRecord] = field(default_factory=dict)
    forms: dict[str, FormReceipt] = field(default_factory=dict)
    draft: Draft | None = None
    court: Court | None = None
    needs: Needs = field(default_factory=Needs)
    seen: dict[OfficerId, NeedsSeen] = field(default_factory=dict)
    past_needs: list[PastNeed] = field(default_factory=list)
    measures: dict[str, Measure] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    contact: SafeContact = field(default_factory=SafeContact)
    safety: Safety = field(default_factory=Safety)
    reaching: dict[str, Reaching] = field(default_factory=dict)
    visited_at: datetime | None = None


def _key(promise: Promise) -> PromiseKey:
    # An answer's promise stands with its thread; what is owed besides may be owed again.
    own = "" if promise.kind == REPLY else promise.id
    return (promise.victim, promise.kind, promise.subject, own)


def _order(promise: Promise) -> str:
    return f"{promise.due_on}#{promise.made_at.timestamp():017.6f}#{promise.id}"


@dataclass
class FakeThreads(FakeContacts):
    """Reads victims' partitions and lists of open promises; makes the parts that change them."""

    rules: Rules
    partitions: defaultdict[VictimKey, Partition] = field(
        default_factory=lambda: defaultdict(Partition)
    )
    by_owner: defaultdict[str, dict[PromiseKey, Row]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    by_team: defaultdict[str, dict[PromiseKey, Row]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    notices: dict[Recipient, Listed] = field(default_factory=dict)

    # --- reading

    def read(self, victim: VictimKey, *, before: int | None = None) -> VictimFile:
        of, shown = self.partitions[victim], self.rules.limits.threads_page
        numbers = sorted((n for n in of.questions if before is None or n < before), reverse=True)
        threads = tuple(self._thread(of, victim, number) for number in numbers[:shown])
        has_older = len(numbers) > shown
        if before is not None:
            return VictimFile(Door(), threads, (), (), None, has_older, safety=of.safety)
        return VictimFile(
            door=of.door or Door(),
            threads=threads,
            owed=tuple(
                of.promises[key].promise
                for key in sorted(of.promises, reverse=True)
                if key[1] != REPLY
            ),
            codes=tuple(of.codes[identity] for identity in sorted(of.codes, reverse=True)),
            draft=of.draft,
            has_older=has_older,
            court=of.court,
            needs=of.needs,
            seen=tuple(of.seen[by] for by in sorted(of.seen, reverse=True)),
            measures=tuple(of.measures[key] for key in sorted(of.measures, reverse=True)),
            agreements=tuple(of.agreements[key] for key in sorted(of.agreements, reverse=True)),
            contact=of.contact,
            safety=of.safety,
            reaching=tuple(of.reaching[key] for key in sorted(of.reaching, reverse=True)),
            notice=self.notice(to_victim(victim)),
            visited_at=of.visited_at,
        )

    def _thread(self, of: Partition, victim: VictimKey, number: int) -> Thread:
        receipt, question = of.questions[number]
        return Thread(
            number,
            receipt,
            question,
            of.promises[victim, REPLY, str(number), ""].promise,
            tuple(of.answers[key] for key in sorted(of.answers) if key[0] == number),
        )

    def read_form(self, victim: VictimKey, form_key: str) -> FormReceipt | None:
        return self.partitions[victim].forms.get(form_key)

    def open_of_owner(self, owner: OfficerId, *, after: str | None, limit: int) -> PromisePage:
        return self._page(self.by_owner[owner].values(), after, limit)

    def open_of_team(
        self, team: TeamId, *, after: str | None, limit: int, due_before: date | None = None
    ) -> PromisePage:
        return self._page(self.by_team[team].values(), after, limit, due_before)

    def _page(
        self, rows: Iterable[Row], after: str | None, limit: int, due_before: date | None = None
    ) -> PromisePage:
        behind = after.removeprefix(CURSOR) if after and after.startswith(CURSOR) else ""
        upto = f"{due_before}" if due_before else "~"
        found = sorted((row.due_order, row.promise) for row in rows if row.due_order)
        left = [(order, promise) for order, promise in found if behind < order < upto]
        more = len(left) > limit
        return PromisePage(
            tuple(promise for _, promise in left[:limit]),
            CURSOR + left[limit - 1][0] if more else None,
        )

    # --- promises

    def new_promise(self, promise: Promise) -> FakePart:
        key, promises = _key(promise), self.partitions[promise.victim].promises

        def put() -> None:
            row = Row(replace(promise, version=promise.version + 1))
            if promise.is_open:
                row.open_owner, row.open_team = promise.owner, promise.team
                row.due_order = _order(promise)
            promises[key] = row
            self._list(key, row)

        return FakePart(
            "promise", ("promise", key), put, lambda: key not in promises, "made", promise
        )

    def keep_promise(
        self, promise: Promise, at: datetime, *, how: str, recorded_at: datetime, note: str = ""
    ) -> FakePart:
        def keep(row: Row) -> None:
            row.promise = replace(
                row.promise, kept_at=at, kept_how=how, closed_at=recorded_at, note=note
            )
            self._close(row)

        return self._change(promise, "kept", keep)

    def cancel_promise(self, promise: Promise, why: str, at: datetime) -> FakePart:
        def cancel(row: Row) -> None:
            row.promise = replace(row.promise, cancelled_why=why, closed_at=at)
            self._close(row)

        return self._change(promise, "cancelled", cancel)

    def move_promise(self, promise: Promise, move: Move, *, follows: bool = False) -> FakePart:
        def change(row: Row) -> None:
            row.promise = replace(
                row.promise,
                owner=move.owner,
                owner_name=move.name,
                team=move.team,
                moves=(*promise.moves, move),
                stays=promise.stays and not follows,
            )
            row.open_owner, row.open_team = move.owner, move.team

        return self._change(promise, "moved", change)

    def note_on_promise(self, promise: Promise, words: str) -> FakePart:
        def change(row: Row) -> None:
            row.promise = replace(row.promise, task=words)

        return self._change(promise, "noted", change)

    def raise_promise(self, promise: Promise, to: str, at: datetime) -> FakePart:
        def change(row: Row) -> None:
            row.promise = replace(
                row.promise, raised_at=at, raised_to=to, raised_before=promise.raised_so_far
            )

        return self._change(promise, "raised", change)

    def _close(self, row: Row) -> None:
        row.open_owner = row.open_team = row.due_order = None

    def _change(self, promise: Promise, word: str, change: Callable[[Row], None]) -> FakePart:
        key, promises = _key(promise), self.partitions[promise.victim].promises

        def apply() -> None:
            row = promises[key]
            self._unlist(key, row)
            change(row)
            row.promise = replace(row.promise, version=promise.version + 1)
            self._list(key, row)

        def is_unchanged() -> bool:
            return key in promises and promises[key].promise.version == promise.version

        return FakePart("promise", ("promise", key), apply, is_unchanged, word, promise)

    def see_promise(self, promise: Promise, at: datetime) -> FakePart:
        key, promises = _key(promise), self.partitions[promise.victim].promises

        def see() -> None:
            promises[key].promise = replace(promises[key].promise, seen_at=at)

        return FakePart(
            "seen",
            ("promise", key),
            see,
            lambda: key in promises and promises[key].promise.seen_at is None,
        )

    def flag(self, promise: Promise, case: Case, *, safe_mode: bool) -> FakePart:
        """As the importer's store does: lists show an open promise as the case's flags ask."""
        key, promises = _key(promise), self.partitions[promise.victim].promises

        def apply() -> None:
            promises[key].promise = replace(
                promises[key].promise,
                restricted=case.restricted,
                opposed=case.opposed,
                safe_mode=safe_mode,
            )

        return FakePart(
            "promise",
            ("promise", key),
            apply,
            lambda: key in promises and promises[key].open_owner is not None,
            "flagged",
            promise,
        )

    def _list(self, key: PromiseKey, row: Row) -> None:
        if row.open_owner is not None:
            self.by_owner[row.open_owner][key] = row
        if row.open_team is not None:
            self.by_team[row.open_team][key] = row

    def _unlist(self, key: PromiseKey, row: Row) -> None:
        if row.open_owner is not None:
            del self.by_owner[row.open_owner][key]
        if row.open_team is not None:
            del self.by_team[row.open_team][key]

    # --- everything else

    def moved_door(self, victim: VictimKey, seen: Door, now: Door) -> FakePart:
        of = self.partitions[victim]

        def put() -> None:
            of.door = replace(now, version=seen.version + 1)

        return FakePart(
            "door",
            ("door", victim),
            put,
            lambda: (of.door.version if of.door else 0) == seen.version,
        )

    def new_thread(self, victim: VictimKey, thread: Thread) -> FakePart:
        of = self.partitions[victim]
        value = {thread.number: (thread.receipt, thread.question)}
        item = ("question", victim, thread.number)
        return FakePart("question", item, lambda: of.questions.update(value))

    def new_answer(self, victim: VictimKey, thread: Thread, answer: Message) -> FakePart:
        of, place = self.partitions[victim], (thread.number, len(thread.answers) + 1)
        return FakePart(
            "answer",
            ("answer", victim, *place),
            lambda: of.answers.update({place: answer}),
            lambda: place not in of.answers,
        )

    def new_form(
        self, victim: VictimKey, form_key: str, receipt: FormReceipt, at: datetime
    ) -> FakePart:
        del at  # when it is thrown away is the table's business
        of = self.partitions[victim]
        return FakePart(
            "form",
            ("form", victim, form_key),
            lambda: of.forms.update({form_key: receipt}),
            lambda: form_key not in of.forms,
        )

    def form_is_unused(self, victim: VictimKey, form_key: str) -> FakePart:
        of = self.partitions[victim]
        item = ("form", victim, form_key)
        return FakePart("form", item, lambda: None, lambda: form_key not in of.forms)

    def keep_draft(self, victim: VictimKey, draft: Draft) -> FakePart:
        return self._draft(victim, draft)

    def drop_draft(self, victim: VictimKey) -> FakePart:
        return self._draft(victim, None)

    def _draft(self, victim: VictimKey, draft: Draft | None) -> FakePart:
        of = self.partitions[victim]

        def put() -> None:
            of.draft = draft

        return FakePart("draft", ("draft", victim), put)

    def keep_code_record(self, victim: VictimKey, record: CodeRecord) -> FakePart:
        of = self.partitions[victim]
        return FakePart(
            "code record",
            ("code record", victim, record.id),
            lambda: of.codes.update({record.id: record}),
        )

"""Items of the threads table as domain values, and back."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from pynamodb.expressions.condition import Condition

from chalicelib.domain.cases import OfficerId, TeamId, VictimKey
from chalicelib.domain.codes import CodeRecord
from chalicelib.domain.messages import Door, Draft, Message, Thread
from chalicelib.domain.promises import CALENDAR, REPLY, Move, Promise, Raised, Working
from chalicelib.stores.tables import (
    CodeRecordItem,
    DoorItem,
    DraftItem,
    MessageItem,
    PromiseItem,
    ThreadsTable,
)
from chalicelib.stores.text import maybe_day, maybe_moment, maybe_stamp, moment, stamp

# A question, its promise and mostly one or two answers.
ROWS_A_THREAD = 4
THREAD_KEY_LENGTH = len("thread#00000")


def question_item(victim: VictimKey, thread: Thread) -> MessageItem:
    """Return the item of a question."""
    return MessageItem(
        victim,
        f"thread#{thread.number:05d}#000",
        text=thread.question.text,
        sent_at=stamp(thread.question.sent_at),
        by_victim=True,
        receipt=thread.receipt,
    )


def answer_item(victim: VictimKey, thread: Thread, answer: Message) -> MessageItem:
    """Return the item of the next answer in a thread."""
    return MessageItem(
        victim,
        f"thread#{thread.number:05d}#{len(thread.answers) + 1:03d}",
        text=answer.text,
        sent_at=stamp(answer.sent_at),
        by_victim=False,
        officer_name=answer.officer_name,
    )


def _promise_key(promise: Promise) -> str:
    if promise.place:
        return promise.place
    if promise.kind == REPLY:
        return f"thread#{int(promise.subject):05d}#promise"
    # With the id: what was cancelled stays, and may be owed again.
    return f"victim#{promise.kind}#{promise.subject}#{promise.id}"


def promise_handle(promise: Promise) -> PromiseItem:
    """Return the key of a promise's item, for updates."""
    return PromiseItem(promise.victim, _promise_key(promise))


def is_unchanged(promise: Promise) -> Condition:
    """Return the condition that nobody moved, kept or cancelled a promise since it was read."""
    unchanged: Condition = PromiseItem.version == promise.version
    if not promise.version:
        unchanged = PromiseItem.pk.exists() & PromiseItem.version.does_not_exist()
    return unchanged


def promise_item(promise: Promise) -> PromiseItem:
    """Return the item of a promise; while it is open, with its entries in both lists."""
    item = PromiseItem(
        promise.victim,
        _promise_key(promise),
        promise_id=promise.id,
        what=promise.kind,
        case_key=promise.case_key,
        reference=promise.reference,
        owed=promise.owed,
        due_on=promise.due_on.isoformat(),
        made_at=stamp(promise.made_at),
        owner=promise.owner,
        owner_name=promise.owner_name or None,
        team=promise.team,
        made_team=promise.made_team,
        subject=promise.subject,
        working=_working_json(promise.working),
        event=promise.event or None,
        label=promise.label or None,
        restricted=promise.restricted,
        opposed=promise.opposed,
        safe_mode=promise.safe_mode,
        nothing_new=promise.nothing_new,
        task=promise.task or None,
        line=promise.line or None,
        stays=promise.stays,
        seen_at=maybe_stamp(promise.seen_at),
        kept_at=maybe_stamp(promise.kept_at),
        kept_how=promise.kept_how or None,
        note=promise.note or None,
        cancelled_why=promise.cancelled_why or None,
        closed_at=maybe_stamp(promise.closed_at),
        raised_at=maybe_stamp(promise.raised_at),
        raised_to=promise.raised_to or None,
        raised_before=raised_json(promise.raised_before) or None,
        moves=moves_json(promise.moves) or None,
        version=promise.version + 1,
    )
    if promise.is_open:
        item.open_owner, item.open_team = promise.owner, promise.team
        item.due_order = f"{promise.due_on.isoformat()}#{stamp(promise.made_at)}#{promise.id}"
    return item


def promise_of(item: PromiseItem) -> Promise:
    """Return the promise of an item, from the table or from a list."""
    return Promise(
        id=item.promise_id,
        kind=item.what,
        case_key=item.case_key,
        victim=VictimKey(item.pk),
        reference=item.reference,
        owed=item.owed,
        due_on=date.fromisoformat(item.due_on),
        made_at=moment(item.made_at),
        owner=OfficerId(item.owner),
        owner_name=item.owner_name or "",
        team=TeamId(item.team),
        made_team=TeamId(item.made_team or item.team),
        subject=item.subject,
        working=_working_of(item.working),
        event=item.event or "",
        label=item.label or "",
        place=item.sk,
        restricted=bool(item.restricted),
        opposed=bool(item.opposed),
        safe_mode=bool(item.safe_mode),
        nothing_new=int(item.nothing_new or 0),
        task=item.task or "",
        line=item.line or "",
        stays=bool(item.stays),
        seen_at=maybe_moment(item.seen_at),
        kept_at=maybe_moment(item.kept_at),
        kept_how=item.kept_how or "",
        note=item.note or "",
        cancelled_why=item.cancelled_why or "",
        closed_at=maybe_moment(item.closed_at),
        raised_at=maybe_moment(item.raised_at),
        raised_to=item.raised_to or "",
        raised_before=tuple(
            Raised(moment(value["at"]), value["to"]) for value in item.raised_before or ()
        ),
        moves=tuple(_move_of(value) for value in item.moves or ()),
        version=int(item.version or 0),
    )


def raised_json(raised: Iterable[Raised]) -> list[dict[str, str]]:
    """Return who looked into a promise before, as it is stored, oldest first."""
    return [{"at": stamp(each.at), "to": each.to} for each in raised]


def moves_json(moves: Iterable[Move]) -> list[dict[str, str]]:
    """Return moves as they are stored, oldest first."""
    return [
        {
            "at": stamp(move.at),
            "owner": move.owner,
            "name": move.name,
            "team": move.team,
            "why": move.why,
            "by": move.by,
        }
        for move in moves
    ]


def _move_of(value: dict[str, str]) -> Move:
    return Move(
        moment(value["at"]),
        OfficerId(value["owner"]),
        value["name"],
        TeamId(value["team"]),
        value["why"],
        value["by"],
    )


def _working_json(working: Working) -> dict[str, str | int]:
    return {
        "rule": working.rule,
        "from": working.counted_from.isoformat(),
        "days": working.working_days,
        "source": working.source,
        "calendar": working.calendar,
    }


def _working_of(value: dict[str, str]) -> Working:
    return Working(
        value["rule"],
        date.fromisoformat(value["from"]),
        int(value["days"]),
        value["source"],
        value.get("calendar", CALENDAR),
    )


def threads_of(rows: Iterable[ThreadsTable]) -> tuple[Thread, ...]:
    """Return the threads among these rows, newest first, each whole."""
    of_threads = [row for row in rows if row.sk.startswith("thread#")]
    grouped = groupby(of_threads, key=lambda row: row.sk[:THREAD_KEY_LENGTH])
    return tuple(_thread(int(key[-5:]), list(group)) for key, group in grouped)


def _thread(number: int, rows: Sequence[ThreadsTable]) -> Thread:
    promise = next(promise_of(row) for row in rows if isinstance(row, PromiseItem))
    messages = sorted((row for row in rows if isinstance(row, MessageItem)), key=lambda r: r.sk)
    return Thread(
        number=number,
        receipt=messages[0].receipt or "",
        question=_message(messages[0]),
        promise=promise,
        answers=tuple(_message(row) for row in messages[1:]),
    )


def _message(item: MessageItem) -> Message:
    return Message(item.text, moment(item.sent_at), bool(item.by_victim), item.officer_name or "")


def owed_of(rows: Iterable[ThreadsTable]) -> tuple[Promise, ...]:
    """Return what is owed besides answers: open, kept or cancelled."""
    return tuple(
        promise_of(row)
        for row in rows
        if isinstance(row, PromiseItem) and row.sk.startswith("victim#")
    )


def door_of(item: DoorItem) -> Door:
    """Return the door of an item."""
    return Door(
        int(item.version),
        int(item.threads),
        maybe_day(item.closed_on),
        TeamId(item.team or ""),
        item.rhythm or "",
        maybe_day(item.rhythm_on),
        item.rhythm_by or "",
    )


def draft_of(item: DraftItem) -> Draft:
    """Return the draft of an item; whether it is too old is for the reader's clock."""
    return Draft(item.text, moment(item.saved_at))


def code_record_item(victim: VictimKey, record: CodeRecord) -> CodeRecordItem:
    """Return the item of what staff see of a code."""
    return CodeRecordItem(
        victim,
        f"victim#code#{record.id}",
        code_key=record.code_key,
        state=record.state,
        for_whom=record.for_whom,
        checked_how=record.checked_how,
        made_by=record.made_by,
        made_at=stamp(record.made_at),
        confirmed_by=record.confirmed_by,
        cancelled_at=maybe_stamp(record.cancelled_at),
    )


def code_of(item: CodeRecordItem) -> CodeRecord:
    """Return what staff see of a code."""
    return CodeRecord(
        id=item.sk.rsplit("#", 1)[1],
        code_key=item.code_key,
        state=item.state,
        for_whom=item.for_whom,
        checked_how=item.checked_how,
        made_by=item.made_by,
        made_at=moment(item.made_at),
        confirmed_by=item.confirmed_by,
        cancelled_at=maybe_moment(item.cancelled_at),
    )

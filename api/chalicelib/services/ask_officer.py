"""Victim: a question to the officer in charge, stored once, acknowledged with a date."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain.dates import iso
from chalicelib.domain.errors import QuestionsClosedError, StoreUnavailableError
from chalicelib.domain.messages import Draft, FormReceipt, Message, Thread
from chalicelib.domain.promises import OWED_REPLY, REPLY, promise_of, reply_working
from chalicelib.domain.sessions import VictimSession
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.notices import word_to_officer
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.staff_case import stored_id
from chalicelib.services.victim_sessions import (
    Opened,
    read_victim,
    session_key,
    write_admitted,
)

RECEIPT_DIGITS = 8
TRIES = 6
# An item holds 400 kB; what is longer goes back to the person instead.
MOST_KEPT_CHARACTERS = 80_000


class PerhapsStoredError(StoreUnavailableError):
    """Nobody can say whether the question is stored; the same form sent again stores it once."""


class ClosedToQuestionsError(QuestionsClosedError):
    """A question came after the decision was told; carries what its page shows instead."""

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.opened = opened


def answer_due_on(deps: Deps) -> date:
    """Return by when a question that arrives now is answered."""
    return reply_working(deps.now(), deps.calendar, deps.rules)[0]


def may_ask(opened: Opened) -> bool:
    """Return whether questions still go to the officer: until an outcome was told (D10)."""
    return not opened.shown.decided and opened.file.door.closed_on is None


def ask_officer(
    deps: Deps, session: VictimSession, text: str, form_key: str, *, draft_shown: str = ""
) -> FormReceipt:
    """Return the receipt of a stored question; sending a form again returns the same one.

    The same form with other words, from a page that the browser kept, is another question.

    The question, its promise (whose index entry is the worklist's row), word for the
    officer, the form's key and the audit line are one transaction. The victim's door
    settles races: a told outcome, a hand-over or another question moves it, and then
    everything is read and decided anew.

    `draft_shown` is the `draft_mark` of the kept words that the form began with; these
    are dropped, words that were kept elsewhere meanwhile are not.

    Raises:
        ClosedToQuestionsError: an outcome was told; nothing was stored.
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing of this form is stored.
        PerhapsStoredError: what is stored could not be read.
    """
    form_id = stored_id(form_key, text)
    for _ in range(TRIES):
        opened = read_victim(deps, session)
        if not may_ask(opened):
            return _stored_before(deps, opened, form_id)
        thread = _new_thread(deps, opened, text)
        parts = _parts(deps, opened, thread, form_id) + _used_draft(deps, opened, draft_shown)
        try:
            write_admitted(deps, session, "asked a question", *parts)
        except ConflictError as conflict:
            if "form" in conflict.failed:
                return _what_was_stored(deps, session, form_id)
        except StoreUnavailableError:
            # The answer may have been lost after the write: read once and tell the truth.
            return _what_was_stored(deps, session, form_id)
        else:
            return FormReceipt(thread.number)
    raise StoreUnavailableError


def _stored_before(deps: Deps, opened: Opened, form_id: str) -> FormReceipt:
    """Return what this very form made before the door closed; usually there is nothing."""
    session = opened.session
    unused = deps.threads.form_is_unused(session.victim, form_id)
    try:
        write_admitted(deps, session, "asked after a decision", unused)
    except ConflictError:
        return _what_was_stored(deps, session, form_id)
    raise ClosedToQuestionsError(opened)


def _what_was_stored(deps: Deps, session: VictimSession, form_id: str) -> FormReceipt:
    try:
        stored = deps.threads.read_form(session.victim, form_id)
    except StoreUnavailableError as error:
        raise PerhapsStoredError from error
    if stored is None:
        raise StoreUnavailableError
    return stored


def _new_thread(deps: Deps, opened: Opened, text: str) -> Thread:
    number, now = opened.file.door.threads + 1, deps.now()
    promise = promise_of(
        kind=REPLY,
        identity=deps.new_id(),
        case=opened.case,
        victim=opened.session.victim,
        subject=str(number),
        owed=OWED_REPLY,
        made_at=now,
        due=reply_working(now, deps.calendar, deps.rules),
        rules=deps.rules,
    )
    receipt = "".join(str(deps.random_below(10)) for _ in range(RECEIPT_DIGITS))
    return Thread(number, receipt, Message(text, now, by_victim=True), promise)


def _parts(deps: Deps, opened: Opened, thread: Thread, form_id: str) -> list[Part]:
    victim, door = opened.session.victim, opened.file.door
    return [
        *promises.move_door(deps, victim, door, replace(door, threads=thread.number)),
        deps.threads.new_thread(victim, thread),
        *promises.make(deps, thread.promise),
        deps.threads.new_form(victim, form_id, FormReceipt(thread.number), deps.now()),
        *word_to_officer(deps, opened.case.officer.id),
    ]


def draft_mark(draft: Draft) -> str:
    """Return what a form carries to say which kept words it began with."""
    return iso(draft.saved_at)


def _used_draft(deps: Deps, opened: Opened, draft_shown: str) -> list[Part]:
    draft = opened.file.draft
    if draft is None or draft_mark(draft) != draft_shown:
        return []
    return [deps.threads.drop_draft(opened.session.victim)]


def keep_for_later(deps: Deps, session: VictimSession, text: str) -> None:
    """Keep words as a draft that only this victim sees, for a day; an empty box drops it."""
    words = deps.threads.keep_draft(session.victim, Draft(text, deps.now()))
    nothing = deps.threads.drop_draft(session.victim)
    write_admitted(deps, session, "kept a draft", words if text.strip() else nothing)


def keep_after_expiry(deps: Deps, token: str, text: str) -> bool:
    """Keep words typed in a session whose time is over; return whether that was possible.

    They go to the same victim of the same case as a draft and to nobody else. Not
    when the code was cancelled: then whoever typed may not be the victim.
    """
    session = deps.access.session(session_key(token))
    if session is None or not text.strip():
        return False
    try:
        words = _below(deps, deps.threads.read(session.victim).draft, text)
        if len(words) > MOST_KEPT_CHARACTERS:
            return False
        draft = Draft(words, deps.now())
        deps.ledger.write(
            [
                deps.access.code_is_active(session.code_key),
                deps.threads.keep_draft(session.victim, draft),
                deps.audited(session.case, f"victim {session.victim}", "kept a draft after expiry"),
            ]
        )
    except (ConflictError, StoreUnavailableError):
        return False
    return True


def _below(deps: Deps, kept: Draft | None, text: str) -> str:
    """Return the words below those that are kept already, from another tab perhaps."""
    if kept is None or deps.now() >= kept_until(deps, kept):
        return text
    return kept.text if text in kept.text else f"{kept.text}\n\n{text}"


def kept_until(deps: Deps, draft: Draft) -> datetime:
    """Return when words kept for later are gone."""
    return draft.saved_at + timedelta(hours=deps.rules.limits.draft_hours)


def draft_of(deps: Deps, opened: Opened) -> Draft | None:
    """Return the words kept for later, or none when there are none or they are too old."""
    draft: Draft | None = opened.file.draft
    return draft if draft is not None and deps.now() < kept_until(deps, draft) else None

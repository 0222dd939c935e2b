"""Victim: a new access code that nobody else has seen (decision D4).

The new code opens nothing until it was typed back correctly; until then the present one
goes on working, so that a code that was noted wrongly locks nobody out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hmac import compare_digest

from chalicelib.domain.access import AccessCode, CaseReference, CodeMistypedError, new_code
from chalicelib.domain.codes import ACTIVE, CANCELLED, PENDING, CodeItem, CodeRecord
from chalicelib.domain.errors import HubError, SessionEndedError, StoreUnavailableError
from chalicelib.domain.sessions import VictimSession
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.open_case import code_key, code_keys
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.victim_sessions import Opened, read_victim, write_admitted

BY_VICTIM = "victim"
OTHER_CODE = "other code"
HOW = "changed by who knew the code"
WHOSE = "the victim"
TRIES = 3


class NoNewCodeError(HubError):
    """No new code waits to be typed back: none was made, or it took too long."""


@frozen
class Made:
    """The new code, to be shown once; none when the present one was not typed rightly."""

    opened: Opened
    code: AccessCode | None


@frozen
class Confirmed:
    """Whether the new code was typed back correctly."""

    opened: Opened
    is_right: bool


def make_code(deps: Deps, session: VictimSession, present: str) -> Made:
    """Return a new code, for whom typed the present one again.

    Raises:
        SessionEndedError: the present code was cancelled meanwhile.
        KeysUnavailableError: the codes could not be compared; nothing was changed.
    """
    opened = read_victim(deps, session)
    if not _is_one_of(_keys_typed(deps, opened, present), session.code_key):
        write_admitted(deps, session, "typed another code when changing the code")
        return Made(opened, None)
    code = new_code(deps.random_below)
    key = code_key(deps, code, CaseReference(opened.case.reference))
    write_admitted(deps, session, "made a new code", *_making(deps, opened, key))
    return Made(opened, code)


def _making(deps: Deps, opened: Opened, key: str) -> list[Part]:
    """Return the parts that put a new code, pending, in place of one that already waits.

    It takes that one's record, so that making codes again and again adds nothing that
    every page would have to read.
    """
    session, now, waiting = opened.session, deps.now(), _pending(opened)
    item = CodeItem(key, session.case, session.victim, PENDING, _in_time(deps, now), None)
    record = CodeRecord(
        id=waiting[0].id if waiting else deps.new_id(),
        code_key=key,
        state=PENDING,
        for_whom=_whose(opened),
        checked_how=HOW,
        made_by=BY_VICTIM,
        made_at=now,
    )
    return [deps.access.new_code(item), deps.threads.keep_code_record(session.victim, record)]


def confirm_code(deps: Deps, session: VictimSession, typed: str) -> Confirmed:
    """Return whether the new code was typed back; if so it holds from now on.

    New code active, this session on it, the present code and every other of the same
    person cancelled, and all records: one transaction. Whoever else has a page open with
    one of them is out. Codes for other people, such as a parent, go on working.

    Raises:
        NoNewCodeError: there is none to be typed back any more; the present code holds.
        SessionEndedError: the present code was cancelled meanwhile; nothing was changed.
        StoreUnavailableError: other codes change all the time; nothing was changed.
    """
    opened = read_victim(deps, session)
    keys, pending = _keys_typed(deps, opened, typed), new_code_of(deps, opened)
    if pending is None:
        return _confirmed_before(opened, keys)
    if not _is_one_of(keys, pending.code_key):
        write_admitted(deps, session, "typed the new code wrongly")
        return Confirmed(opened, is_right=False)
    _confirm(deps, opened, pending)
    return Confirmed(opened, is_right=True)


def _confirm(deps: Deps, opened: Opened, pending: CodeRecord) -> None:
    others = _others(opened)
    for _ in range(TRIES):
        try:
            deps.ledger.write(_confirming(deps, opened, pending, others))
        except ConflictError as conflict:
            if conflict.failed == {OTHER_CODE}:
                # Nobody used it in time, or an officer cancels it at this moment: leave it out.
                others = [record for record in others if _opens(deps, record)]
                continue
            _explain(deps, opened.session, pending, conflict)
        return
    raise StoreUnavailableError


def _confirmed_before(opened: Opened, keys: Sequence[str]) -> Confirmed:
    """Return the same answer when the form that confirmed is sent once more."""
    confirmed = (r for r in opened.file.codes if r.state == ACTIVE and r.made_by == BY_VICTIM)
    if not any(_is_one_of(keys, record.code_key) for record in confirmed):
        raise NoNewCodeError
    return Confirmed(opened, is_right=True)


def _confirming(
    deps: Deps, opened: Opened, pending: CodeRecord, others: Sequence[CodeRecord]
) -> list[Part]:
    session, now = opened.session, deps.now()
    present = _record_of(opened, session.code_key)
    over = [*([present] if present else []), *others]
    records = [
        replace(pending, state=ACTIVE, confirmed_by=BY_VICTIM),
        *(replace(record, state=CANCELLED, cancelled_at=now) for record in over),
    ]
    return [
        deps.access.cancel_code(session.code_key),
        *(deps.access.cancel_code(record.code_key, OTHER_CODE) for record in others),
        deps.access.confirm_code(pending.code_key, now),
        deps.access.move_session(session, pending.code_key, now),
        deps.audited(session.case, f"victim {session.victim}", "changed the code"),
        *(deps.threads.keep_code_record(session.victim, record) for record in records),
    ]


def _others(opened: Opened) -> list[CodeRecord]:
    """Return the other codes of the same person; usually there are none."""
    present, whose = opened.session.code_key, _whose(opened)
    active = (record for record in opened.file.codes if record.state == ACTIVE)
    return [r for r in active if r.for_whom == whose and r.code_key != present]


def _opens(deps: Deps, record: CodeRecord) -> bool:
    item = deps.access.code(record.code_key)
    return item is not None and item.opens(deps.now())


def _explain(
    deps: Deps, session: VictimSession, pending: CodeRecord, conflict: ConflictError
) -> None:
    """Return when the same form had already done it; else raise what happened."""
    now = deps.access.session(session.key)
    if now is not None and now.code_key == pending.code_key:
        return
    if conflict.failed == {"new code"}:
        raise NoNewCodeError from conflict
    raise SessionEndedError from conflict


def new_code_of(deps: Deps, opened: Opened) -> CodeRecord | None:
    """Return the code that waits to be typed back, or none."""
    now = deps.now()
    waiting = (r for r in _pending(opened) if now < _in_time(deps, r.made_at))
    return max(waiting, key=lambda record: record.made_at, default=None)


def changed_at(opened: Opened) -> datetime | None:
    """Return when the victim made the code that this session stands on; none for an officer's."""
    record = _record_of(opened, opened.session.code_key)
    return record.made_at if record is not None and record.made_by == BY_VICTIM else None


def _in_time(deps: Deps, made_at: datetime) -> datetime:
    """Return until when a new code can be typed back: no session lasts longer."""
    return made_at + timedelta(minutes=deps.rules.limits.session_total_minutes)


def _pending(opened: Opened) -> list[CodeRecord]:
    """Return the victim's own pending codes; one that an officer began is the officer's to end."""
    return [r for r in opened.file.codes if r.state == PENDING and r.made_by == BY_VICTIM]


def _record_of(opened: Opened, key: str) -> CodeRecord | None:
    return next((r for r in opened.file.codes if r.code_key == key), None)


def _whose(opened: Opened) -> str:
    """Return for whom the present code is: the victim, a parent, a spokesperson."""
    present = _record_of(opened, opened.session.code_key)
    return present.for_whom if present else WHOSE


def _keys_typed(deps: Deps, opened: Opened, typed: str) -> Sequence[str]:
    """Return the keys of the code that was typed; one that cannot be a code has none."""
    try:
        return code_keys(deps, typed, CaseReference(opened.case.reference))
    except CodeMistypedError:
        return ()


def _is_one_of(keys: Sequence[str], known: str) -> bool:
    """Return whether one of a typed code's keys is this one; all of them are compared."""
    fits = [compare_digest(key, known) for key in keys]
    return any(fits)

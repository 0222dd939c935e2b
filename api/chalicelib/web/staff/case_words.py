"""What a page of the desk says about a case: every date and state as words, ready to show."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.cases import (
    Case,
    StageEntry,
    Update,
    Victim,
    VictimKey,
    is_high_harm,
    needs_telling,
)
from chalicelib.domain.codes import ACTIVE, CANCELLED, PENDING, WAITING, CodeRecord
from chalicelib.domain.dates import date_and_time, in_london, long_date
from chalicelib.domain.messages import Door, Thread
from chalicelib.domain.promises import NOT_COUNTED, Promise, Working
from chalicelib.domain.safety import in_safe_mode
from chalicelib.domain.tellings import how_told, replaces
from chalicelib.rules import Rules
from chalicelib.services.change_code import BY_VICTIM
from chalicelib.services.choose_rhythm import BY_VICTIM as BY_VICTIM_RHYTHM
from chalicelib.services.ports import ContactShown
from chalicelib.services.read_first import Known

Changes = dict[str, list[dict[str, Any]]]
SAFE_MODE = (
    "Safe mode. Somebody near this person may be a danger to them. Contact them only in the way "
    "they agreed, say nothing of the case to whoever else answers, and leave no "
    "message but one that they agreed to."
)
RESTRICTED = (
    "Restricted. Only the officer in charge and named people can open this case. Do not talk "
    "about it with others in the team."
)
OPPOSED = (
    "Opposed victims. The victims of this case may be a danger to each other. Say nothing of one "
    "to another. Nothing is shared on their pages but the stage."
)
HIGH_HARM = "High harm: the shorter limits hold, most news is told within 1 working day."
CODE_STATES = {
    PENDING: "Shown, not read back: it opens nothing",
    WAITING: "Read back, waits for a supervisor: it opens nothing yet",
    ACTIVE: "Active",
    CANCELLED: "Cancelled",
}


def victim_name(victim: Victim) -> str:
    """Return how staff name a victim: by the records system's own label."""
    return f"Victim {victim.label}"


def in_order(case: Case) -> tuple[Victim, ...]:
    """Return the victims of a case in the order of their labels, as people count them."""
    return tuple(sorted(case.victims, key=lambda v: (len(v.label), v.label)))


def names_of(case: Case, keys: frozenset[VictimKey]) -> str:
    """Return the names of some victims of a case in one line."""
    return ", ".join(victim_name(v) for v in in_order(case) if v.key in keys) or "nobody"


def warnings_of(case: Case, known: Known, rules: Rules) -> list[str]:
    """Return what everyone who opens the case must know first, in words."""
    told = [(case.restricted, RESTRICTED), (case.opposed, OPPOSED)]
    return _safe_mode_of(case, known, rules) + [words for holds, words in told if holds]


def _safe_mode_of(case: Case, known: Known, rules: Rules) -> list[str]:
    """Return the warning of safe mode, of each victim by name where it does not hold for all.

    Of whom nothing was read it holds by crime type and flags.
    """
    safe = [
        victim
        for victim in in_order(case)
        if in_safe_mode(case, known.get(victim.key, ContactShown()).safety, rules)
    ]
    if len(safe) == len(case.victims):
        return [SAFE_MODE] if safe else []
    return [f"{victim_name(victim)}: {SAFE_MODE}" for victim in safe]


def harm_of(case: Case, rules: Rules) -> str:
    """Return what high harm means for the limits, or nothing."""
    return HIGH_HARM if is_high_harm(case.crime_type, case.flags, rules) else ""


def flags_of(case: Case, rules: Rules) -> str:
    """Return the flags in words; one that the rules do not know stands as it came."""
    known = (rules.flags[flag].label if flag in rules.flags else flag for flag in case.flags)
    return ", ".join(sorted(known))


def news_label(entry: StageEntry, rules: Rules) -> str:
    """Return what an entry says: its outcome, or its stage when it has none."""
    if entry.outcome is None:
        return rules.stages[entry.stage].label
    outcome, stage = rules.outcomes[entry.outcome].label, rules.stages[entry.stage].label
    return outcome if outcome == stage else f"{stage}: {outcome}"


def entry_words(entry: StageEntry, case: Case, rules: Rules) -> dict[str, Any]:
    """Return one step of the history, with who was told of it and how."""
    return {
        "what": news_label(entry, rules),
        "since": long_date(entry.since),
        "recorded": date_and_time(entry.recorded_at),
        "told": _told_words(entry, case, rules) if needs_telling(entry, rules) else [],
    }


def _told_words(entry: StageEntry, case: Case, rules: Rules) -> list[str]:
    newer = case.entries[case.entries.index(entry) + 1 :]
    is_replaced = any(replaces(each, entry, rules) for each in newer)
    lines = []
    for victim in in_order(case):
        told = entry.told.get(victim.key)
        if told is not None:
            heard = f"told {how_told(told.how)} on {long_date(told.on)}"
        else:
            heard = "never told: another decision came first" if is_replaced else "not told yet"
        lines.append(f"{victim_name(victim)}: {heard}")
    return lines


def update_words(update: Update, case: Case, rules: Rules) -> dict[str, str]:
    """Return one update with to whom it is, and who cannot read it yet."""
    entry = next((e for e in case.entries if e.id == update.entry_id), None)
    waiting = update.to - entry.told.keys() if entry and needs_telling(entry, rules) else ()
    to = names_of(case, update.to)
    waits = f". Waits until told: {names_of(case, frozenset(waiting))}" if waiting else ""
    return {"text": update.text, "on": date_and_time(update.posted_at), "to": to + waits}


def changes_since(case: Case, rules: Rules, entries: int, updates: int) -> Changes:
    """Return what was added to a case behind so many entries and updates."""
    newer = sorted(case.updates, key=lambda update: update.posted_at)[max(updates, 0) :]
    return {
        "entries": [entry_words(e, case, rules) for e in case.entries[max(entries, 0) :]],
        "updates": [update_words(u, case, rules) for u in newer],
    }


def working_words(working: Working) -> str:
    """Return how a due date was counted."""
    if working.rule in NOT_COUNTED:
        return working.source
    if working.working_days == 0:
        return f"on the day itself, {working.source}"
    unit = "working day" if working.working_days == 1 else "working days"
    way, start = "before" if working.is_backwards else "from", long_date(working.counted_from)
    return f"{working.working_days} {unit} {way} {start}, {working.source}"


def promise_owner(promise: Promise, case: Case) -> str:
    """Return whose list a promise is in when it is not that of the officer in charge, and why."""
    if promise.owner == case.officer.id:
        return ""
    why = f" ({promise.moves[-1].why.rstrip('.')})" if promise.moves else ""
    return f"{promise.owner_name or promise.owner}{why}"


def rhythm_words(door: Door, rules: Rules) -> str:
    """Return how often a victim hears from us, and who chose it when."""
    row = rules.rhythms.get(door.rhythm)
    if row is None:
        return "Nobody has asked yet how often they want updates."
    who = "the victim" if door.rhythm_by == BY_VICTIM_RHYTHM else door.rhythm_by
    on = f" on {long_date(door.rhythm_on)}" if door.rhythm_on else ""
    return f"Updates: {row.short} (chosen by {who}{on})."


def made_words(name: str, promise: Promise) -> str:
    """Return what is owed to a victim of an event, or how they were told of it."""
    if promise.kept_at is not None:
        told = long_date(in_london(promise.kept_at).date())
        late = "" if promise.was_in_time else f", late: it was due by {long_date(promise.due_on)}"
        return f"{name}: told {how_told(promise.kept_how)} on {told}{late}."
    if promise.cancelled_why:
        return f"{name}: no longer owed. {promise.cancelled_why}"
    working = working_words(promise.working)
    return f"{name}: to be told by {long_date(promise.due_on)} ({working})."


def kept_words(name: str, promise: Promise, rules: Rules) -> str:
    """Return one line of what was owed and is no more."""
    row = rules.code_limits.get(promise.event)
    what = f"{name}. {row.event if row else promise.owed}"
    if promise.kept_at is None:
        return f"{what}: no longer owed. {promise.cancelled_why}"
    due, kept = long_date(promise.due_on), long_date(in_london(promise.kept_at).date())
    late = "" if promise.was_in_time else ", late"
    note = f" {promise.note}" if promise.note else ""
    return f"{what}: due by {due}, kept {how_told(promise.kept_how)} on {kept}{late}.{note}"


def thread_words(thread: Thread) -> dict[str, Any]:
    """Return a question with what was seen and answered when."""
    seen, kept = thread.promise.seen_at, thread.promise.kept_at
    return {
        "number": thread.number,
        "asked": date_and_time(thread.question.sent_at),
        "text": thread.question.text,
        "due": long_date(thread.promise.due_on),
        "seen": date_and_time(seen) if seen else "",
        "kept": date_and_time(kept) if kept else "",
        "answers": [
            {"who": a.officer_name, "when": date_and_time(a.sent_at), "text": a.text}
            for a in thread.answers
        ],
    }


def code_words(record: CodeRecord) -> dict[str, Any]:
    """Return what staff see of a code: for whom, by whom, how it was checked; never the code."""
    return {
        "id": record.id,
        "state": CODE_STATES[record.state],
        "is_open": record.state != CANCELLED,
        "waits": record.state == WAITING,
        "for_whom": record.for_whom,
        "made": date_and_time(record.made_at),
        "made_by": _by(record.made_by),
        "checked": record.checked_how,
        "confirmed_by": _by(record.confirmed_by) if record.confirmed_by else "",
        "cancelled": date_and_time(record.cancelled_at) if record.cancelled_at else "",
    }


def _by(name: str) -> str:
    return "the person themselves" if name == BY_VICTIM else name


def newest_first(codes: Sequence[CodeRecord]) -> list[dict[str, Any]]:
    """Return a victim's codes, the newest first."""
    return [code_words(c) for c in sorted(codes, key=lambda c: c.made_at, reverse=True)]

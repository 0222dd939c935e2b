"""What a file says of one case, and how it is joined with what the hub knows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from chalicelib.domain.access import CaseReference
from chalicelib.domain.case_file import CaseFacts, CaseRow
from chalicelib.domain.cases import (
    FROM_FILE,
    Case,
    CaseKey,
    StageEntry,
    Told,
    Victim,
    VictimKey,
    is_safe_mode,
    needs_telling,
)
from chalicelib.frozen import frozen
from chalicelib.rules import Rules

# What keeps a case in safe mode whose type does not ask for it, or no longer (D16).
SAFE_MODE = "safe_mode"
TICK = timedelta(microseconds=1)
DIGEST_LETTERS = 32


@frozen
class Statement:
    """What a file says of a case: facts, and rows of its victims that agree."""

    reference: CaseReference
    facts: CaseFacts
    rows: Sequence[CaseRow]
    digest: str

    @classmethod
    def of(cls, rows: Sequence[CaseRow]) -> "Statement":
        """Return what these rows say together."""
        return cls(rows[0].reference, rows[0].facts, rows, _digest(rows))


@frozen
class FiledCase:
    """A case with what its file said last, apart from what was typed.

    `digest` is that of the file's rows; it is empty while an import of them is unfinished.
    """

    case: Case
    facts: CaseFacts
    digest: str
    officer_typed: bool


@frozen
class FileMark:
    """What tells, without reading a case, whether a file says anything new of it."""

    digest: str
    desk_changed: bool


def _digest(rows: Sequence[CaseRow]) -> str:
    """Return the same letters for the same words of a file, in whichever order they stand."""
    facts = rows[0].facts
    said = [
        rows[0].reference,
        [facts.crime_type, sorted(facts.flags), facts.stage, facts.outcome, facts.court],
        [str(facts.reported_on), str(facts.outcome_on), str(facts.next_hearing_on)],
        [facts.officer.id, facts.officer.name, facts.officer.number, facts.officer.team],
        sorted(
            [r.victim_id, r.enhanced_rights, [str(r.told.on), r.told.how] if r.told else []]
            for r in rows
        ),
    ]
    return sha256(json.dumps(said).encode()).hexdigest()[:DIGEST_LETTERS]


def merged(known: CaseFacts, said: CaseFacts, rules: Rules) -> CaseFacts:
    """Return what the file says, with every flag that the hub has and with safe mode kept on."""
    flags = known.flags | said.flags
    was_safe = is_safe_mode(known.crime_type, known.flags, rules)
    if was_safe and not is_safe_mode(said.crime_type, flags, rules):
        flags |= {SAFE_MODE}
    return replace(said, flags=flags)


def knows_telling(entry: StageEntry, victim: VictimKey, on: date) -> bool:
    """Return whether a victim was told of an entry, or of something beside it, by this day."""
    told, beside = entry.told.get(victim), entry.told_beside.get(victim)
    return bool((told and on <= told.on) or (beside and on <= beside))


def is_stale(told: Told, victim: VictimKey, entries: Sequence[StageEntry], rules: Rules) -> bool:
    """Return whether a file's telling is not that of the newest entry, but left over.

    Files keep one telling a victim. When the stage moves on and the telling does not, it
    speaks of what stood there before, even where the desk noted another day for that. It
    still holds when they were told of the same outcome and what came after is not bad
    news: whoever was told of a charge may read that there is a hearing.
    """
    newest = entries[-1]
    earlier = [e for e in entries if knows_telling(e, victim, told.on)]
    if not earlier:
        return False
    of = earlier[-1]
    was_told_of_it = victim in of.told and needs_telling(of, rules)
    holds = was_told_of_it and of.outcome == newest.outcome
    return not holds or rules.stages[newest.stage].bad_news


@frozen
class Stamp:
    """The id of what an import makes, and when and on which day it makes it."""

    identity: str
    now: datetime
    today: date


def entry_said(
    statement: Statement, before: Sequence[StageEntry], stamp: Stamp, rules: Rules
) -> StageEntry:
    """Return the stage entry that the file's stage and outcome make; nobody is told of it yet.

    It never sorts before the entries that are there. Without a day of its own it began
    with the report when it is the first and no news; otherwise now, or when the first
    victim was told of it.
    """
    facts = statement.facts
    entry = StageEntry(
        stamp.identity,
        facts.stage,
        facts.reported_on,
        max([stamp.now, *(e.recorded_at + TICK for e in before)]),
        FROM_FILE,
        outcome=facts.outcome,
    )
    if facts.outcome_on is not None:
        return replace(entry, since=facts.outcome_on)
    if not before and not needs_telling(entry, rules):
        return entry
    return replace(entry, since=min([stamp.today, *(r.told.on for r in statement.rows if r.told)]))


def case_said(
    key: CaseKey,
    statement: Statement,
    victims: Mapping[str, VictimKey],
    entry: StageEntry,
    rules: Rules,
) -> Case:
    """Return the case that a first import makes of a statement."""
    news = needs_telling(entry, rules)
    told = {victims[r.victim_id]: r.told for r in statement.rows if r.told}
    if not news:
        entry = replace(entry, told_beside={victim: heard.on for victim, heard in told.items()})
    facts = statement.facts
    return Case(
        key=key,
        reference=statement.reference,
        crime_type=facts.crime_type,
        flags=facts.flags,
        reported_on=facts.reported_on,
        officer=facts.officer,
        entries=(replace(entry, told=told if news else {}),),
        victims=tuple(
            Victim(victims[r.victim_id], r.victim_id, r.enhanced_rights) for r in statement.rows
        ),
        court=facts.court,
        next_hearing_on=facts.next_hearing_on,
        filed_on=facts.next_hearing_on,
    )

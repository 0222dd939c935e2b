"""What a file changes in a case that is there, and what stays because it was typed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from chalicelib.domain.case_file import CaseFacts, CaseRow
from chalicelib.domain.cases import (
    Case,
    StageEntry,
    Told,
    Victim,
    VictimKey,
    needs_telling,
    newest_by_desk,
)
from chalicelib.domain.statements import (
    FiledCase,
    Stamp,
    Statement,
    entry_said,
    is_stale,
    knows_telling,
    merged,
)
from chalicelib.frozen import frozen
from chalicelib.rules import Rules


@frozen
class Joined:
    """A case as the file leaves it, before anybody is told of what is new.

    `facts` is what the file's item holds then. `is_new` is whether the newest entry is
    the file's own, `since` the day to which it moves that of the entry that is there.
    `kept` is whether the hub goes on showing something else than the file says, `yields`
    whether what was typed of the next court date gives way to the file's.
    """

    case: Case
    facts: CaseFacts
    rows: Mapping[VictimKey, CaseRow]
    is_new: bool
    since: date | None
    kept: bool
    speaks_of_entry: bool
    yields: bool = False


def join(
    seen: FiledCase,
    said: Statement,
    victims: Mapping[str, VictimKey],
    stamp: Stamp,
    rules: Rules,
) -> Joined:
    """Return the case with what the file says of it, and what was typed left as it is.

    `victims` are the victims' keys by the file's ids; `stamp` is for the stage entry, if
    the file adds one.
    """
    case, facts = seen.case, merged(seen.facts, said.facts, rules)
    typed = newest_by_desk(case.entries) is not None
    moved = _step(said.facts) != _step(case.current)
    entries = case.entries
    if moved and not typed:
        new = entry_said(said, entries, stamp, rules)
        new = replace(new, court_before=case.court, hearing_before=case.next_hearing_on)
        entries = (*entries, new)
    rows = {victims[row.victim_id]: row for row in said.rows}
    yields = case.hearing is not None and case.hearing.yields_to(facts.next_hearing_on, stamp.today)
    hearing = None if yields else case.hearing
    after = replace(
        case,
        crime_type=facts.crime_type,
        flags=facts.flags,
        reported_on=facts.reported_on,
        officer=case.officer if seen.officer_typed else facts.officer,
        entries=entries,
        victims=_victims(case, rows),
        hearing=hearing,
        court=case.court if hearing else facts.court,
        next_hearing_on=case.next_hearing_on if hearing else facts.next_hearing_on,
        filed_on=facts.next_hearing_on,
    )
    filed = (facts.next_hearing_on, facts.court)
    dates_kept = (after.next_hearing_on, after.court) != filed
    officer_kept = seen.officer_typed and case.officer.id != facts.officer.id
    return Joined(
        case=after,
        facts=facts,
        rows=rows,
        is_new=entries is not case.entries,
        since=None if moved or typed else _corrected_since(case.current, said.facts),
        kept=officer_kept or dates_kept or (moved and typed) or facts.flags != said.facts.flags,
        speaks_of_entry=not (moved and typed),
        yields=yields,
    )


def _step(holder: CaseFacts | StageEntry) -> tuple[str, str | None]:
    return holder.stage, holder.outcome


def _corrected_since(entry: StageEntry, facts: CaseFacts) -> date | None:
    return facts.outcome_on if facts.outcome_on not in (None, entry.since) else None


def _victims(case: Case, rows: Mapping[VictimKey, CaseRow]) -> tuple[Victim, ...]:
    """Return those who are there, as the file has them now, and then those who are new."""
    stay = [
        replace(victim, enhanced_rights=rows[victim.key].enhanced_rights)
        if victim.key in rows
        else victim
        for victim in case.victims
    ]
    known = {victim.key for victim in stay}
    new = [
        Victim(key, row.victim_id, row.enhanced_rights)
        for key, row in rows.items()
        if key not in known
    ]
    return (*stay, *new)


def heard_now(joined: Joined, victim: VictimKey, rules: Rules) -> Told | None:
    """Return when and how a victim heard the newest news, where the file says so first."""
    row, entry = joined.rows.get(victim), joined.case.current
    if row is None or row.told is None or not joined.speaks_of_entry:
        return None
    if not needs_telling(entry, rules) or victim in entry.told:
        return None
    return None if is_stale(row.told, victim, joined.case.entries, rules) else row.told


def told_beside(joined: Joined, victim: VictimKey, rules: Rules) -> date | None:
    """Return the file's day of telling, where it tells nothing and nothing stored knows it.

    It is kept, so that it is not taken for the telling of what comes later.
    """
    row = joined.rows.get(victim)
    if row is None or row.told is None or heard_now(joined, victim, rules) is not None:
        return None
    day = row.told.on
    known = any(knows_telling(entry, victim, day) for entry in joined.case.entries)
    return None if known else day


def told_kept(joined: Joined, victim: VictimKey) -> bool:
    """Return whether the hub has another day of telling than the file."""
    row, entry = joined.rows.get(victim), joined.case.current
    noted = entry.told.get(victim)
    if row is None or row.told is None or noted is None or not joined.speaks_of_entry:
        return False
    return noted.on != row.told.on

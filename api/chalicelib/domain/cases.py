"""A case as the police keep it, and what one victim of it may be shown.

A stage or an outcome that is bad news, or that decides the case, is *told* to each
victim by a person (decision D10). Until then the entry exists for staff only, and the
victim goes on reading the entry before it. That single rule is `shown_to`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from itertools import dropwhile
from typing import NewType

from chalicelib.frozen import frozen
from chalicelib.rules import Rules

CaseKey = NewType("CaseKey", str)
VictimKey = NewType("VictimKey", str)
OfficerId = NewType("OfficerId", str)
TeamId = NewType("TeamId", str)

NO_TEAM = TeamId("")
FROM_FILE = "file"
FROM_DESK = "desk"
STAGE_BEFORE_ANY_NEWS = "investigating"
RESTRICTED = "restricted"
OPPOSED_VICTIMS = "opposed_victims"
CROWN, MAGISTRATES = "crown", "magistrates"
COURTS = {CROWN: "Crown Court", MAGISTRATES: "Magistrates' court"}
# A year that is written wrongly is found by it: no court lists so far ahead.
HEARING_MONTHS_AHEAD = 60


@frozen
class Officer:
    """A member of staff as a case names them."""

    id: OfficerId
    name: str
    number: str
    team: TeamId


@frozen
class Victim:
    """A person with rights in one case; `label` is the records system's own id.

    From `left_on` on they want to hear nothing more of it.
    """

    key: VictimKey
    label: str
    enhanced_rights: bool
    left_on: date | None = None


@frozen
class Told:
    """When and how a victim heard an entry from a person."""

    on: date
    how: str


@frozen
class StageEntry:
    """One step of a case: a stage, perhaps with its outcome, since a day.

    `told_beside` is the newest day of telling that a file had for a victim while this
    was the newest entry, where it was not taken for the telling of it. `court_before` and
    `hearing_before` are what was known of court when the entry came.
    """

    id: str
    stage: str
    since: date
    recorded_at: datetime
    origin: str
    outcome: str | None = None
    told: Mapping[VictimKey, Told] = field(default_factory=dict)
    told_beside: Mapping[VictimKey, date] = field(default_factory=dict)
    court_before: str | None = None
    hearing_before: date | None = None


@frozen
class Update:
    """What named victims read: plain words with their date.

    `entry_id` ties an update to the stage entry that it explains, so that both
    appear to a victim together.
    """

    id: str
    text: str
    posted_at: datetime
    to: frozenset[VictimKey]
    entry_id: str | None = None


@frozen
class Event:
    """Something that the Code says a victim is told of, by the key of its row.

    `happened_on` is the day its clock starts: that of the event, or of what a court decided
    the day on which witness care received it. `victims` are those whom the officer named.
    """

    id: str
    key: str
    happened_on: date
    recorded_at: datetime
    by: str
    victims: frozenset[VictimKey]


@frozen
class GlassBreak:
    """A supervisor of another team opened the case and said why."""

    by: OfficerId
    name: str
    reason: str
    at: datetime


@frozen
class Plea:
    """A not-guilty plea, from which a court's limits are counted: on which day, in which court.

    `court` is the key of one of `COURTS`.
    """

    on: date
    court: str


@frozen
class Hearing:
    """What staff typed of the next court date; it holds against what a file says.

    `not_needed` are the victims who need not come on that day. `filed_on` is the date that
    the file had when it was typed, at `typed_at`; both are known once it was read.
    """

    on: date | None
    court: str | None
    not_needed: frozenset[VictimKey] = frozenset()
    filed_on: date | None = field(default=None, compare=False)
    typed_at: datetime | None = field(default=None, compare=False)

    def yields_to(self, filed_on: date | None, today: date) -> bool:
        """Return whether a file's date holds again: it is ahead, and it is news.

        What was typed holds while it is ahead itself. A date that has passed, or that there
        was none any more, says nothing of one that the file got since.
        """
        if filed_on is None or filed_on < today or filed_on == self.filed_on:
            return False
        return self.on is None or self.on < today


@frozen
class Case:
    """Everything that the police say of one recorded crime; entries run oldest first.

    `officer_since` and `officer_before` say since when the officer in charge has it and
    who had it before, once it has changed hands. `hearing` is what was typed of the next
    court date, none while the file's holds; `court` and `next_hearing_on` are what holds,
    `filed_on` is the file's date, whether it holds or not.
    """

    key: CaseKey
    reference: str
    crime_type: str
    flags: frozenset[str]
    reported_on: date
    officer: Officer
    entries: tuple[StageEntry, ...]
    victims: tuple[Victim, ...]
    updates: tuple[Update, ...] = ()
    events: tuple[Event, ...] = ()
    glass_breaks: tuple[GlassBreak, ...] = ()
    named: frozenset[OfficerId] = frozenset()
    court: str | None = None
    next_hearing_on: date | None = None
    version: int = 0
    changed_at: datetime | None = None
    officer_since: date | None = None
    officer_before: str = ""
    hearing: Hearing | None = None
    plea: Plea | None = None
    filed_on: date | None = None

    @property
    def current(self) -> StageEntry:
        """Return the newest entry, told or not: what staff see."""
        return self.entries[-1]

    @property
    def restricted(self) -> bool:
        """Return whether only named people may open the case."""
        return RESTRICTED in self.flags

    @property
    def opposed(self) -> bool:
        """Return whether its victims may be each other's danger (D17)."""
        return OPPOSED_VICTIMS in self.flags

    def needed_on(self, victim: VictimKey) -> date | None:
        """Return the next court date on which a victim may be needed, or none."""
        if self.hearing is not None and victim in self.hearing.not_needed:
            return None
        return self.next_hearing_on

    def victim(self, key: VictimKey) -> Victim | None:
        """Return the victim with this key, or none when they are not of this case."""
        return next((victim for victim in self.victims if victim.key == key), None)


@frozen
class CaseShown:
    """What one victim may read of a case: told entries and their own updates only."""

    entry: StageEntry
    decided: bool
    updates: tuple[Update, ...]
    changed_at: datetime
    officer: Officer
    court: str | None
    next_hearing_on: date | None


def needs_telling(entry: StageEntry, rules: Rules) -> bool:
    """Return whether a person must tell the victim before a page may (D10)."""
    stage = rules.stages[entry.stage]
    outcome = rules.outcomes[entry.outcome] if entry.outcome else None
    return (
        stage.bad_news
        or stage.decided
        or (outcome is not None and (outcome.bad_news or outcome.decided))
    )


def is_safe_mode(crime_type: str, flags: frozenset[str], rules: Rules) -> bool:
    """Return whether type or flags ask for safe mode; what is unknown does (D16)."""
    known_type = rules.crime_types.get(crime_type)
    if known_type is None or known_type.safe_mode:
        return True
    return any(flag not in rules.flags or rules.flags[flag].safe_mode for flag in flags)


def is_high_harm(crime_type: str, flags: frozenset[str], rules: Rules) -> bool:
    """Return whether type or flags mark the case as high harm; the unknown is (D16)."""
    known_type = rules.crime_types.get(crime_type)
    if known_type is None or known_type.high_harm:
        return True
    return any(flag not in rules.flags or rules.flags[flag].high_harm for flag in flags)


def is_sexual(crime_type: str, flags: frozenset[str], rules: Rules) -> bool:
    """Return whether type or flags put the case under the minimum expectations of ISVAs."""
    known_type = rules.crime_types.get(crime_type)
    if known_type is not None and known_type.sexual:
        return True
    return any(flag in rules.flags and rules.flags[flag].sexual for flag in flags)


def untold_victims(case: Case, rules: Rules) -> tuple[Victim, ...]:
    """Return the victims whom nobody has told of the newest entry yet."""
    if not needs_telling(case.current, rules):
        return ()
    return tuple(victim for victim in case.victims if victim.key not in case.current.told)


def entry_shown_to(victim: VictimKey, case: Case, rules: Rules) -> StageEntry:
    """Return the newest entry that this victim may read.

    When nothing may be read yet, it is the stage that says only that the police are
    working on the report, since the day of the report.
    """
    for entry in reversed(case.entries):
        if not needs_telling(entry, rules) or victim in entry.told:
            return entry
    return StageEntry(
        id="",
        stage=STAGE_BEFORE_ANY_NEWS,
        since=case.reported_on,
        recorded_at=case.entries[0].recorded_at,
        origin=FROM_FILE,
    )


def shown_to(victim: VictimKey, case: Case, rules: Rules) -> CaseShown:
    """Return what this victim may read of the case; untold news leaves no trace in it."""
    entry = entry_shown_to(victim, case, rules)
    # Whoever was told of another decision learns of a charge from a person, not from a date.
    goes_to_court = rules.stages[entry.stage].from_charge
    court, hearing = _court_known(entry, case)
    if _is_spent(hearing, entry, rules):
        hearing = None
    hidden = {e.id for e in case.entries if needs_telling(e, rules) and victim not in e.told}
    updates = tuple(
        update
        for update in sorted(case.updates, key=lambda u: (u.posted_at, u.id), reverse=True)
        if victim in update.to and update.entry_id not in hidden
    )
    return CaseShown(
        entry=entry,
        decided=is_decided(entry, rules),
        updates=updates,
        changed_at=max([entry.recorded_at, *(update.posted_at for update in updates)]),
        officer=case.officer,
        court=court if goes_to_court else None,
        next_hearing_on=hearing if goes_to_court else None,
    )


def _court_known(entry: StageEntry, case: Case) -> tuple[str | None, date | None]:
    """Return court and date as they were before the news that follows this entry came.

    A date that moved or went away would tell of news that nobody has told yet (D10).
    """
    later = list(dropwhile(lambda each: each.id != entry.id, case.entries))[1:]
    if later:
        return later[0].court_before, later[0].hearing_before
    return case.court, case.next_hearing_on


def court_is_over(victim: VictimKey, case: Case, rules: Rules) -> bool:
    """Return whether a victim knows that the case has ended, so that no date before it holds."""
    entry = entry_shown_to(victim, case, rules)
    has_ended = not rules.stages[case.current.stage].ahead
    return has_ended and _is_spent(case.next_hearing_on, entry, rules)


def _is_spent(hearing: date | None, entry: StageEntry, rules: Rules) -> bool:
    """Return whether there is no date but one from before an entry that ends the case."""
    is_new = hearing is not None and hearing != entry.hearing_before
    return not rules.stages[entry.stage].ahead and not is_new


def is_decided(entry: StageEntry, rules: Rules) -> bool:
    """Return whether the entry is an outcome decision, after which questions go elsewhere."""
    return rules.stages[entry.stage].decided


def newest_by_desk(entries: Sequence[StageEntry]) -> StageEntry | None:
    """Return the newest entry typed in the hub, which an import never overwrites."""
    return next((e for e in reversed(entries) if e.origin == FROM_DESK), None)

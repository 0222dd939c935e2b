"""News that a person tells a victim before any page does: by when, and what it changes (D10)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from chalicelib.domain.calendar import WorkingDays, add_working_days
from chalicelib.domain.cases import (
    NO_TEAM,
    Case,
    Event,
    StageEntry,
    Victim,
    VictimKey,
    is_decided,
    needs_telling,
)
from chalicelib.domain.dates import in_london
from chalicelib.domain.messages import Door
from chalicelib.domain.promises import (
    EXPECTATION,
    LINE,
    LOCAL_STANDARD,
    OUR_STANDARD,
    OWED_NEWS,
    OWED_TELLING,
    REVIEW,
    TASK,
    TELL,
    Promise,
    Working,
    has_enhanced_rights,
    line_covered,
    promise_of,
)
from chalicelib.rules import CodeLimit, Outcome, Rules, Stage

THE_CODE = "the Victims' Code"
CODE_TRUST = ("A", "B")
FROM_RECEIPT = "receipt"

# How a person heard it, as it is stored and read: always from somebody, never from a page.
WAYS_OF_TELLING = {
    "in_person": "in person",
    "phone": "by phone",
    "video": "in a video call",
    "supporter": "through somebody who supports them",
}
# What is harmless may also come in a letter, or be read here first.
HERE, LETTER = "here", "letter"
WAYS_OF_NEWS = WAYS_OF_TELLING | {LETTER: "by letter", HERE: HERE}
# How the page came to be first after all, as it is stored: a supervisor let it, its day had
# passed, or it was recorded, and the victim had chosen that.
RELEASED, LIMIT, CHOSEN_HERE = "released", "limit", "chosen"
TOLD_HERE = {
    RELEASED: "on their page, released by a supervisor",
    LIMIT: "on their page as they chose, because its day had passed",
    CHOSEN_HERE: "on their page at once, as they chose",
}
FIRST_TRY = "first_try"


def code_limit_for(entry: StageEntry, rules: Rules) -> CodeLimit | None:
    """Return the main event of the Code that this entry is, or none when it names none."""
    events = rules.stages[entry.stage].code_events
    return rules.code_limits[events[0]] if events else None


def is_same_day(news: StageEntry | Event, rules: Rules) -> bool:
    """Return whether somebody tries to reach the victim on the very day: release and bail.

    Source:
        Our standard, `same_day` in rules/code_limits.toml.
    """
    row = (
        rules.code_limits.get(news.key) if isinstance(news, Event) else code_limit_for(news, rules)
    )
    return row is not None and row.same_day


def how_told(how: str) -> str:
    """Return how a victim heard news, in words for staff."""
    return TOLD_HERE.get(how, how)


def telling_working(
    entry: StageEntry, victim: Victim, case: Case, calendar: WorkingDays, rules: Rules
) -> tuple[date, Working]:
    """Return by when a person tells this victim of an entry, and how that day was counted.

    Day 0 is the day of the news. Where the Code counts from the day on which witness
    care receives a court's result, it is the day on which the entry was recorded.

    Source:
        The events of the Victims' Code, rules/code_limits.toml; where they give no number
        of days, our reply standard, or for a sexual offence what police and ISVAs propose. A
        row that is not well founded is our standard (D11).
    """
    row = code_limit_for(entry, rules)
    start = entry.since
    if _counts_from_receipt(row) and _days_of(row, enhanced=True) is not None:
        start = in_london(entry.recorded_at).date()
    return _working_of(row, start, victim, case, calendar, rules)


def event_working(
    event: Event, victim: Victim, case: Case, calendar: WorkingDays, rules: Rules
) -> tuple[date, Working]:
    """Return by when this victim is told of an event, and how that day was counted.

    Day 0 is the day on which it happened, at whatever hour and however late it was
    recorded; of what a court decided, the day on which witness care received it.

    Source:
        As for `telling_working`.
    """
    row = rules.code_limits[event.key]
    return _working_of(row, event.happened_on, victim, case, calendar, rules)


def _working_of(
    row: CodeLimit | None,
    start: date,
    victim: Victim,
    case: Case,
    calendar: WorkingDays,
    rules: Rules,
) -> tuple[date, Working]:
    # What happened before the bank holidays that are known is late in any case; then it is
    # counted from the first of them.
    start = max(start, calendar.first_day)
    days = _days_of(row, enhanced=has_enhanced_rights(victim, case, rules))
    line = rules.expectations.get(line_covered(TELL, row.key, case, rules)) if row else None
    if days is None and line is not None and line.working_days is not None:
        days = line.working_days
        working = Working(f"{EXPECTATION}{line.key}", start, days, LOCAL_STANDARD)
    elif row is None or days is None:
        days = rules.limits.reply_working_days
        working = Working("contact.reply", start, days, OUR_STANDARD)
    else:
        source = THE_CODE if row.trust in CODE_TRUST else OUR_STANDARD
        working = Working(row.key, start, days, source)
    return add_working_days(start, days, calendar), working


def _counts_from_receipt(row: CodeLimit | None) -> bool:
    return row is not None and row.clock_from.startswith(FROM_RECEIPT)


def _days_of(row: CodeLimit | None, *, enhanced: bool) -> int | None:
    if row is None:
        return None
    return row.enhanced_working_days if enhanced else row.standard_working_days


def telling_of(
    entry: StageEntry,
    victim: Victim,
    case: Case,
    *,
    identity: str,
    calendar: WorkingDays,
    rules: Rules,
) -> Promise:
    """Return the open promise to tell this victim of an entry: a row in the officer's worklist."""
    row = code_limit_for(entry, rules)
    return promise_of(
        kind=TELL,
        identity=identity,
        case=case,
        victim=victim.key,
        subject=entry.id,
        owed=OWED_TELLING,
        made_at=entry.recorded_at,
        due=telling_working(entry, victim, case, calendar, rules),
        rules=rules,
        event=row.key if row else "",
    )


def event_telling_of(
    event: Event,
    victim: Victim,
    case: Case,
    *,
    identity: str,
    calendar: WorkingDays,
    rules: Rules,
) -> Promise:
    """Return the open promise to tell this victim of an event of the Code."""
    return promise_of(
        kind=TELL,
        identity=identity,
        case=case,
        victim=victim.key,
        subject=event.id,
        owed=OWED_NEWS,
        made_at=event.recorded_at,
        due=event_working(event, victim, case, calendar, rules),
        rules=rules,
        event=event.key,
    )


def may_be_listed(promise: Promise, rules: Rules, *, knows_of_charge: bool) -> bool:
    """Return whether a victim's page may list a promise: a telling that waits would tell (D10).

    What is done before court would tell of a charge whoever was not told of one.
    """
    if promise.kind == REVIEW:
        return knows_of_charge
    if promise.kind == TASK:
        task = rules.tasks.get(promise.event)
        if task is not None and task.staff_only:
            return False
        return knows_of_charge or (task is not None and not task.from_charge)
    if promise.kind == LINE:
        line = rules.expectations.get(promise.line)
        return bool(line and line.victim_says and (knows_of_charge or not line.from_charge))
    if promise.kind != TELL or promise.kept_at is not None:
        return True
    # News of the ladder of stages is never listed, whatever event of the Code it is.
    row = rules.code_limits.get(promise.event) if promise.owed == OWED_NEWS else None
    return row is not None and row.shown


def replaces(newer: StageEntry, older: StageEntry, rules: Rules) -> bool:
    """Return whether whoever is owed newer news is no longer owed the older.

    Only a decision takes the place of a decision. A release stays owed whatever comes
    after it: it is what somebody in danger must hear.
    """
    return is_decided(newer, rules) and is_decided(older, rules)


def untold_entries(
    case: Case, victim: VictimKey, tellings: Iterable[Promise], rules: Rules
) -> tuple[StageEntry, ...]:
    """Return the news that a person has yet to tell a victim, oldest first.

    That is the newest entry, and every earlier one whose promise to tell is still open.
    """
    owed = {each.subject for each in tellings if each.kind == TELL and each.is_open}
    return tuple(
        entry
        for entry in case.entries
        if needs_telling(entry, rules)
        and victim not in entry.told
        and (entry.id in owed or entry.id == case.current.id)
    )


def door_after(door: Door, day: date, case: Case, *, decided: bool) -> Door:
    """Return the door as what a victim may now read leaves it.

    An outcome decision closes it; a case that was opened again opens it again, and
    its team follows this victim again.
    """
    if decided == (door.closed_on is not None):
        return door
    if decided:
        return replace(door, closed_on=day, team=NO_TEAM)
    return replace(door, closed_on=None, team=case.officer.team)


def outcomes_to_record(rules: Rules) -> tuple[Outcome, ...]:
    """Return the outcomes that staff can choose, in the order of the stages they lead to."""
    order = list(rules.stages)
    chosen = (row for row in rules.outcomes.values() if row.on_form)
    return tuple(sorted(chosen, key=lambda row: order.index(row.stage)))


def stages_to_record(rules: Rules) -> tuple[Stage, ...]:
    """Return the stages that must be told and that no outcome of the form leads to."""
    reached = {row.stage for row in rules.outcomes.values() if row.on_form}
    return tuple(
        stage
        for stage in rules.stages.values()
        if (stage.bad_news or stage.decided) and stage.key not in reached
    )


def stages_to_post(rules: Rules) -> tuple[Stage, ...]:
    """Return the stages that a page may be first to show: neither bad news nor a decision."""
    return tuple(s for s in rules.stages.values() if not s.bad_news and not s.decided)

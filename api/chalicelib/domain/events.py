"""Events of the Victims' Code: which can be recorded in a case, for whom, and when not."""

from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.domain.cases import Case, StageEntry, Victim, VictimKey, is_decided
from chalicelib.domain.dates import long_date
from chalicelib.domain.tellings import HERE, WAYS_OF_NEWS, WAYS_OF_TELLING
from chalicelib.rules import CodeLimit, Rules

BEFORE_DECISION = "before_decision"
FROM_CHARGE = "from_charge"
RECORDED_AS_EVENT = "event"
# A court date that is typed is this event.
LISTED = "hearing_listed"
# One transaction holds what is owed to so many victims.
MOST_NAMED = 20


def events_to_record(case: Case, rules: Rules) -> tuple[CodeLimit, ...]:
    """Return the events that can happen in a case as it stands, in the order of the rules."""
    return tuple(
        row
        for row in rules.code_limits.values()
        if row.recorded_as == RECORDED_AS_EVENT and not when_problem(row, case, rules)
    )


def when_problem(row: CodeLimit, case: Case, rules: Rules) -> str:
    """Return why an event cannot happen in a case as it stands, or nothing."""
    if row.when == BEFORE_DECISION and is_decided(case.current, rules):
        label = rules.stages[case.current.stage].label
        return (
            f"This case has an outcome: {label}. If it was opened again, post the new stage "
            "first, then record this."
        )
    if row.when == FROM_CHARGE and not rules.stages[case.current.stage].from_charge:
        return "Nobody is charged in this case. Record the charge first, then this."
    return ""


def twice_problem(case: Case, key: str, day: date, victims: Iterable[VictimKey]) -> str:
    """Return that an event is recorded already for one of these victims, or nothing."""
    named = frozenset(victims)
    same = [e for e in case.events if e.key == key and e.happened_on == day and e.victims & named]
    if not same:
        return ""
    return (
        f"This is recorded already, for {long_date(day)}. If it happened again on another day, "
        "write that day. How they were told is recorded on the case page."
    )


def left_problem(victim: Victim) -> str:
    """Return that a victim asked to hear nothing more, or nothing."""
    if victim.left_on is None:
        return ""
    return (
        f"asked on {long_date(victim.left_on)} to hear nothing more. Choose Not for them; if "
        "they changed their mind, note that on the case page first."
    )


def untold_problem(how: str, untold: Sequence[StageEntry]) -> str:
    """Return that a victim is yet to be told other news, which a page or a letter would tell.

    `untold` is what a person has yet to tell them of the ladder of stages.
    """
    if not untold or how in WAYS_OF_TELLING.values() or how in WAYS_OF_TELLING:
        return ""
    return "has not been told the newest news. Tell them that first, or choose another way."


def ways_of(row: CodeLimit) -> dict[str, str]:
    """Return how a victim can hear of an event: from a person, unless it is harmless (D10)."""
    return dict(WAYS_OF_NEWS if row.shown else WAYS_OF_TELLING)


def is_read_here(how: str) -> bool:
    """Return whether the way of telling is words on the victim's page."""
    return how == HERE

"""By when the prosecutor asks the court for special measures, and for whom the law opens them.

The limits are for lawyers. A late application is still possible: the court may give more
time, and it wants to know why (Criminal Procedure Rules 2025, rule 18.6).
"""

from collections.abc import Iterable
from datetime import date, timedelta

from chalicelib.domain.calendar import WorkingDays, add_working_days
from chalicelib.domain.cases import CROWN, Case, Plea, is_sexual
from chalicelib.domain.finder import Eligibility, eligibility
from chalicelib.domain.measures import Measure, to_apply_for
from chalicelib.domain.needs import Needs
from chalicelib.domain.promises import Promise, Working
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.rules.measures import MeasureRules

APPLY_CROWN, APPLY_MAGISTRATES = "court.apply_crown", "court.apply_magistrates"
APPLY_RULES = (APPLY_CROWN, APPLY_MAGISTRATES)
THE_RULES = "the Criminal Procedure Rules 2025, rule 18.4"
ONE_DAY = timedelta(days=1)
MODERN_SLAVERY = "modern_slavery"
CHILD = "child"
# What a case and the needs in it show of a person, as facts on which the grounds rest.
FLAG_FACTS = {"domestic_abuse": "domestic_abuse", CHILD: "under_18"}
NEED_FACTS = {"health": "illness", "access": "disability", "fear": "afraid"}
CHOICE_FACTS = {"bsl": "deaf", "short_questions": "learning", "go_through_it": "learning"}


@frozen
class NearLimit:
    """The last day to apply is near or over, and so many wanted measures wait for it.

    `left` counts the business days that are left after today, none on the last one.
    """

    last_day: date
    left: int
    is_over: bool
    waiting: tuple[Measure, ...]


def apply_working(plea: Plea, calendar: WorkingDays, rules: Rules) -> tuple[date, Working]:
    """Return the last day to apply for special measures after a plea, and how it was counted.

    Source:
        Criminal Procedure Rules 2025, rule 18.4: keys `court.apply_crown` and
        `court.apply_magistrates` in rules/limits.toml.
    """
    limits = rules.limits
    if plea.court == CROWN:
        rule, days = APPLY_CROWN, limits.apply_crown_working_days
    else:
        rule, days = APPLY_MAGISTRATES, limits.apply_magistrates_working_days
    # What happened before the bank holidays that are known is over in any case.
    start = max(plea.on, calendar.first_day)
    return add_working_days(start, days, calendar), Working(rule, plea.on, days, THE_RULES)


def is_after_limit(promise: Promise, calendar: WorkingDays) -> bool:
    """Return whether the court's limit was over already when it was promised to apply."""
    working = promise.working
    if working.rule not in APPLY_RULES:
        return False
    start = max(working.counted_from, calendar.first_day)
    return promise.due_on > add_working_days(start, working.working_days, calendar)


def near_limit(
    plea: Plea | None,
    measures: Iterable[Measure],
    today: date,
    calendar: WorkingDays,
    rules: Rules,
    measure_rules: MeasureRules,
) -> NearLimit | None:
    """Return what waits to be applied for so near the limit that a page warns, or none.

    Source:
        Our standard, key `court.apply_near` in rules/limits.toml.
    """
    waiting = to_apply_for(measures, measure_rules)
    if plea is None or not waiting:
        return None
    last_day, _ = apply_working(plea, calendar, rules)
    if last_day < today:
        return NearLimit(last_day, 0, is_over=True, waiting=waiting)
    left = _working_days_left(today, last_day, calendar)
    if left >= rules.limits.apply_near_working_days:
        return None
    return NearLimit(last_day, left, is_over=False, waiting=waiting)


def _working_days_left(today: date, last_day: date, calendar: WorkingDays) -> int:
    days = (today + ONE_DAY * ahead for ahead in range(1, (last_day - today).days + 1))
    return sum(calendar.is_working_day(day) for day in days)


def known_facts(case: Case, needs: Needs, rules: Rules) -> frozenset[str]:
    """Return what a case and a victim's needs show of them, as facts of the finder.

    That there is a child in a case says which victim is under 18 only where there is one.
    """
    flags = case.flags if len(case.victims) == 1 else case.flags - {CHILD}
    chosen = {choice for need in needs.needs for choice in need.chosen}
    shown = {
        *(FLAG_FACTS[flag] for flag in flags if flag in FLAG_FACTS),
        *(NEED_FACTS[need.kind] for need in needs.needs if need.kind in NEED_FACTS),
        *(CHOICE_FACTS[choice] for choice in chosen if choice in CHOICE_FACTS),
    }
    if is_sexual(case.crime_type, case.flags, rules):
        shown.add("sexual")
    if case.crime_type == MODERN_SLAVERY:
        shown.add("slavery")
    return frozenset(shown)


def seems_open(
    key: str, case: Case, needs: Needs, rules: Rules, measure_rules: MeasureRules
) -> Eligibility:
    """Return how open a measure is to a victim by what a case shows; the court decides.

    Source:
        As for `chalicelib.domain.finder.eligibility`.
    """
    row = measure_rules.measures[key]
    return eligibility(row, known_facts(case, needs, rules), measure_rules)

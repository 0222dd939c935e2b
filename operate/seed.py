"""Loads the demonstration force: each deed of its history at its own moment, oldest first."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from chalicelib.domain.access import CaseReference
from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.dates import LONDON
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.services.watch import look_after
from operate import court_history
from operate.demo_court import ALL_CASES, BEFORE_COURT
from operate.demo_force import PEOPLE, TEAMS
from operate.desk import at_the_desk
from operate.history import History

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.services.deps import Deps
    from operate.demo_force import DemoCase, Person
    from operate.hub_home import DemoCode

# The order of a day, London time.
MORNINGS, FILES, CODES, NAMES, NOTES = time(6), time(8), time(8, 30), time(9), time(9, 30)
HAND_OVERS, QUESTIONS, LOOKS, ANSWERS = time(10), time(11), time(13), time(14)
EVENTS, TELLINGS, CALLS, UPDATES = time(15), time(15, 30), time(16), time(16, 30)
# Each deed of a case on its way to court has a minute of its own, in their order.
BEFORE_COURT_FROM = time(12)
# Before it nothing of the demonstration force was late.
MORNINGS_DAYS = 30


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did; `do` gets dependencies whose clock stands at that moment."""

    at: datetime
    do: Callable[[Deps], None]


def is_loaded(deps: Deps) -> bool:
    """Return whether the demonstration cases are in the store."""
    last = deps.keys.case_key(CaseReference(ALL_CASES[-1].reference))
    return deps.cases.read(last) is not None


def load(deps: Deps) -> list[DemoCode]:
    """Return the codes of the demonstration cases, after all of their history was done again."""
    teams = [deps.cases.keep_team(Team(TeamId(key), name)) for key, name in TEAMS.items()]
    people = [deps.cases.keep_member(_member(person)) for person in PEOPLE]
    roles = [deps.cases.note_role(OfficerId(person.id), person.role) for person in PEOPLE]
    line = deps.audited("force", "operator", "loaded the demonstration force")
    deps.ledger.write([*teams, *people, *roles, line])
    with ExitStack() as stack, TemporaryDirectory() as folder:
        desk = {
            person.id: stack.enter_context(at_the_desk(deps, _member(person), person.role))
            for person in PEOPLE
        }
        history = History(deps.today(), Path(folder), desk)
        for deed in sorted(_deeds(deps, history), key=lambda deed: deed.at):
            deed.do(replace(deps, now=partial(_same, deed.at)))
        history.somebody_is_away(deps)
        history.everybody_leaves(deps)
    order = [case.reference for case in ALL_CASES]
    return sorted(history.codes, key=lambda code: (order.index(code.reference), code.victim))


def _same(at: datetime) -> datetime:
    return at


def _member(person: Person) -> StaffMember:
    return StaffMember(
        OfficerId(person.id),
        person.name,
        person.number,
        TeamId(person.team),
        email=f"{person.id}@desk.example",
    )


def _following(case: DemoCase, history: History, deed: Callable[..., Deed]) -> Iterator[Deed]:
    """Give what is done so that a victim is not left without word."""
    first = case.steps[0].days_ago
    if case.greeted:
        yield deed(first - 1, CALLS, history.officer_gets_in_touch, case)
    if case.before:
        handed = case.handed_days_ago
        yield deed(handed, HAND_OVERS, history.case_is_handed_over, case)
        yield deed(handed - 1, CALLS, history.officer_gets_in_touch, case)
    for day in range(first - 1, case.quiet_days_ago, -1):
        yield deed(day, UPDATES, history.update_is_given, case)
    for happened in case.happened:
        yield deed(happened.days_ago, EVENTS, history.event_happens, case, happened)
        if happened.told_days_ago is not None:
            yield deed(happened.told_days_ago, TELLINGS, history.event_is_told, case, happened)


def _deeds(deps: Deps, history: History) -> Iterator[Deed]:
    def deed(days_ago: int, hour: time, do: Callable[..., None], *what: object) -> Deed:
        local = datetime.combine(history.day(deps, days_ago), hour, LONDON)
        return Deed(local.astimezone(UTC), lambda then: do(then, *what))

    for day in range(MORNINGS_DAYS):
        yield deed(day, MORNINGS, look_after)
    for case in ALL_CASES:
        yield from _following(case, history, deed)
        yield from _said(case, history, deed)
    for court in BEFORE_COURT:
        for minute, done in enumerate(court.deeds):
            at = BEFORE_COURT_FROM.replace(minute=minute)
            yield deed(done.days_ago, at, court_history.happens, history, court.case, done)


def _said(case: DemoCase, history: History, deed: Callable[..., Deed]) -> Iterator[Deed]:
    """Give what the records system, the officer and the victims said of a case."""
    first = case.steps[0].days_ago
    yield deed(first, CODES, history.codes_are_given, case)
    for who in case.named:
        yield deed(first, NAMES, history.person_is_named, case, who)
    for note in case.notes:
        yield deed(note.days_ago, NOTES, history.update_is_posted, case, note)
    for step in case.steps:
        yield deed(step.days_ago, FILES, history.file_arrives, case, step)
        told = step.told_days_ago
        if told is not None and told != step.days_ago:
            yield deed(told, TELLINGS, history.news_is_told, case, step)
    for asked in case.questions:
        yield deed(asked.days_ago, QUESTIONS, history.question_is_asked, case, asked)
        answered, seen = asked.answered_days_ago, asked.seen_days_ago
        seen = answered if seen is None else seen
        if seen is not None:
            yield deed(seen, LOOKS, history.case_is_looked_at, case)
        if answered is not None:
            yield deed(answered, ANSWERS, history.question_is_answered, case, asked)

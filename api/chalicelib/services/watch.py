"""What the service does by itself: late promises go up one level, ended months are counted."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta

from chalicelib.domain.counting import kinds_counted
from chalicelib.domain.figures import (
    FOLLOWED,
    NOW,
    OPEN_LATE,
    Tally,
    added_up,
    first_day_of,
    month_of,
)
from chalicelib.domain.promises import LINE, REPLY, Promise, is_to_be_raised
from chalicelib.domain.staff import Force
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.end_agreements import take_back_ended
from chalicelib.services.escalate import line_goes_to, supervisor_of, team_that_looks
from chalicelib.services.late import late_of
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.release_news import release_due

# One audit line names up to so many cases; a transaction holds them all.
PROMISES_A_TRANSACTION = 20
MONTHS_A_TRANSACTION = 20
SERVICE = "service"
LOG = logging.getLogger("hub")
# An alarm goes by the figure in this line, so its words stand as they are; at a lower level than a
# warning Lambda keeps nothing.
LATE = "late promises: %d"


def look_after(deps: Deps) -> None:
    """Do what is due every morning; whatever was done already is not done again.

    Each job is done also where one before it failed; that is raised when all had their turn.
    """
    with ExitStack() as jobs:
        # Whatever is put last is done first.
        for job in (end_last_month, raise_late, release_due, take_back_ended):
            jobs.callback(job, deps)


def raise_late(deps: Deps) -> int:
    """Let somebody look into what is late for too long, and return how many promises.

    That is a supervisor of the team; of what police and ISVAs owe together, first the
    contact point of the other side.

    Running it again raises nothing twice. A promise that changes meanwhile is looked at
    again the next time.
    """
    force, raised, late = deps.cases.read_force(), 0, 0
    for team in force.all_teams():
        by_name: dict[str, list[Promise]] = {}
        for promise in late_of(deps, team.id):
            late += 1
            if name := _goes_to(deps, force, promise):
                by_name.setdefault(name, []).append(promise)
        for name, some in by_name.items():
            for start in range(0, len(some), PROMISES_A_TRANSACTION):
                raised += _raise(deps, some[start : start + PROMISES_A_TRANSACTION], name)
    LOG.warning(LATE, late)
    return raised


def _goes_to(deps: Deps, force: Force, promise: Promise) -> str:
    """Return who looks into a promise from now on, or nothing if it is not that late."""
    if promise.kind == LINE:
        return line_goes_to(deps, force, promise)
    today = deps.today()
    if not is_to_be_raised(promise, today, deps.calendar, deps.rules):
        return ""
    return supervisor_of(force, team_that_looks(deps, force, promise), today, promise)


def _raise(deps: Deps, late: Sequence[Promise], who: str) -> int:
    parts = [part for promise in late for part in promises.raise_to(deps, promise, who)]
    cases = tuple(dict.fromkeys(promise.case_key for promise in late))
    line = deps.audited(SERVICE, SERVICE, "raised late promises", cases=cases)
    try:
        deps.ledger.write([*parts, line])
    except ConflictError:
        if len(late) == 1:
            return 0
        return sum(_raise(deps, [promise], who) for promise in late)
    return len(late)


def end_last_month(deps: Deps) -> bool:
    """Keep what was counted of the month before this one; return whether it was not kept yet.

    What is open and late is counted from the lists as they stand now, so this runs soon
    after the month's last day. Its moment is kept with it.
    """
    today = deps.today()
    month = month_of(today.replace(day=1) - timedelta(days=1))
    if any(tally.month == month for tally in deps.figures.published()):
        return False
    of_teams = [*deps.figures.live(month), *_late_tallies(deps, month), *_followed(deps, month)]
    # The force has a month even if nothing happened in it, so that it is counted once.
    nothing = Tally(month, "", REPLY, {})
    tallies = [*_joined(of_teams), nothing, *added_up(of_teams)]
    # The force's own month is put last: until then a run that was cut short starts again.
    parts = deps.figures.end_month(tallies, deps.now())
    for start in range(0, len(parts), MONTHS_A_TRANSACTION):
        _keep_months(deps, month, parts[start : start + MONTHS_A_TRANSACTION])
    return True


def _keep_months(deps: Deps, month: str, parts: Sequence[Part]) -> None:
    """Put months that are not there yet; what an earlier run put stays as it is."""
    try:
        deps.ledger.write([*parts, deps.audited(SERVICE, SERVICE, f"counted {month}")])
    except ConflictError:
        if len(parts) > 1:
            for part in parts:
                _keep_months(deps, month, [part])


def _late_tallies(deps: Deps, month: str) -> Iterator[Tally]:
    force = deps.cases.read_force()
    following = first_day_of(month) + timedelta(days=31)
    for team in force.all_teams():
        for promise in late_of(deps, team.id, following.replace(day=1)):
            for kind in kinds_counted(promise):
                yield Tally(month, team.id, kind, {OPEN_LATE: 1})


def _joined(tallies: Iterable[Tally]) -> Iterator[Tally]:
    """Return one tally for each team and kind, with the counts of all."""
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for tally in tallies:
        counts.setdefault((tally.month, tally.team, tally.kind), Counter()).update(tally.counts)
    yield from (Tally(*key, dict(found)) for key, found in counts.items())


def _followed(deps: Deps, month: str) -> Iterator[Tally]:
    """Return how many victims are followed as the month ends, and how many in a rhythm."""
    for tally in deps.figures.live(NOW):
        if tally.counts.get(FOLLOWED):
            yield Tally(month, tally.team, tally.kind, tally.counts)

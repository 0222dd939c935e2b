"""Years of a small force that several files of tests look at, each lived once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.domain.dates import LONDON
from operate.simulation import Year
from operate.simulation_lived import Lived, SteppingClock
from tests.fake_stores import FakeStores, fake_deps, fake_stores

if TYPE_CHECKING:
    from datetime import date, datetime

    from chalicelib.domain.calendar import WorkingDays
    from chalicelib.domain.cases import Victim, VictimKey
    from chalicelib.domain.messages import Door
    from chalicelib.domain.promises import Promise
    from chalicelib.services.deps import Deps

# The whole year of a force, and shorter looks at others that chance could have made.
YEARS = ((1, 320), (2, 40), (3, 40), (30, 40))
ONE_DAY = timedelta(days=1)


@dataclass(repr=False)
class After:
    """What stands in the stores when a year is over."""

    deps: Deps
    stores: FakeStores
    lived: Lived
    promises: dict[str, Promise]
    doors: dict[VictimKey, Door]
    victims: dict[VictimKey, Victim]

    @property
    def is_whole(self) -> bool:
        """Return whether it was so large a year that of everything there was some."""
        return len(self.victims) > 300


def named(year: tuple[int, int]) -> str:
    """Return how a test of a year is called."""
    return f"seed-{year[0]}-{year[1]}-cases"


@cache
def year_lived(seed: int, cases: int) -> After:
    """Let a year pass, and read all of it."""
    stores, clock = fake_stores(), SteppingClock()
    deps = fake_deps(stores, clock, seed=seed)
    lived = Year(deps, stores.imports, clock, seed=seed, cases=cases).run()
    of_victims = {victim: _promises_of(deps, victim) for victim in lived.victims}
    found = [promise for promises in of_victims.values() for promise in promises]
    by_id = {promise.id: promise for promise in found}
    assert len(by_id) == len(found), "two promises have one id"
    return After(
        deps=deps,
        stores=stores,
        lived=lived,
        promises=by_id,
        doors={victim: deps.threads.read(victim).door for victim in lived.victims},
        victims={victim: _victim(deps, lived, victim) for victim in lived.victims},
    )


def _promises_of(deps: Deps, victim: VictimKey) -> list[Promise]:
    """Return every promise of a victim, however old."""
    file = deps.threads.read(victim)
    found = [*file.owed, *(thread.promise for thread in file.threads)]
    while file.has_older:
        file = deps.threads.read(victim, before=file.threads[-1].number)
        found += [thread.promise for thread in file.threads]
    return found


def _victim(deps: Deps, lived: Lived, key: VictimKey) -> Victim:
    case = deps.cases.read(lived.victims[key])
    assert case is not None
    return next(victim for victim in case.victims if victim.key == key)


def day_of(moment: datetime) -> date:
    """Return the day on which something was, in London."""
    return moment.astimezone(LONDON).date()


def is_working_day(day: date, calendar: WorkingDays) -> bool:
    """Return whether people work on a day, told by other code than the service's."""
    return day.isoweekday() <= 5 and day not in calendar.bank_holidays


def later(day: date, working_days: int, calendar: WorkingDays) -> date:
    """Return the day so many working days after another."""
    while working_days:
        day += ONE_DAY
        working_days -= is_working_day(day, calendar)
    return day


def earlier(day: date, working_days: int, calendar: WorkingDays) -> date:
    """Return the day from which so many working days are left until another."""
    while working_days:
        day -= ONE_DAY
        working_days -= is_working_day(day, calendar)
    return day

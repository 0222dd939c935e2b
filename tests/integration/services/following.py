"""Cases whose victims are followed, as an import leaves them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib.services.choose_rhythm import agree_rhythm
from chalicelib.services.follow import begin_parts, open_of
from chalicelib.services.record_event import EventNews, record_event
from tests.builders import OFFICER, seed_case
from tests.integration.services.staff_steps import case_of, file_of, staff

if TYPE_CHECKING:
    from chalicelib.domain.cases import Told
    from chalicelib.domain.promises import Promise
    from chalicelib.services.ports import VictimFile
    from tests.builders import SeededCase
    from tests.integration.conftest import World

FIRST_DAY = date(2026, 11, 18)


def followed(world: World, **options: Any) -> SeededCase:
    """Put a case as an import leaves it: its victims are followed."""
    case = seed_case(world.deps, **options)
    read = case_of(world, case)
    for victim in read.victims:
        if parts := begin_parts(world.deps, read, victim):
            world.deps.ledger.write(parts)
    # What is recorded next comes after what is there.
    world.clock.forward(minutes=1)
    return case


def in_rhythm(world: World, rhythm: str = "every_10", **options: Any) -> SeededCase:
    """Put a case whose victims agreed on a rhythm of updates."""
    case = followed(world, **options)
    officer = case_of(world, case).officer
    for victim in case.victims.values():
        session = staff(world, officer.id, team=officer.team, name=officer.name)
        agree_rhythm(world.deps, session, case.key, victim, rhythm)
    return case


def owed(world: World, case: SeededCase, kind: str, label: str | None = None) -> list[Promise]:
    """Return what is still owed to a victim of one kind, besides answers."""
    return open_of(file_of(world, case, label), kind)


def only(world: World, case: SeededCase, kind: str, label: str | None = None) -> Promise:
    """Return the one promise of a kind that is owed to a victim."""
    (promise,) = owed(world, case, kind, label)
    return promise


def news_of(case: SeededCase, told: Told | None, key: str = "suspect_interviewed") -> EventNews:
    """Return an event of the world's first day for the first victim, told or not."""
    return EventNews(
        key,
        FIRST_DAY,
        {case.victim: told},
        "On 4 January." if told is not None and told.how == "here" else "",
    )


def record(world: World, case: SeededCase, news: EventNews, form: str = "form") -> str:
    """Record an event upon the case as it stands, and return its id."""
    return record_event(
        world.deps, staff(world), case.key, news, seen=case_of(world, case).version, form_key=form
    )


def rows_of_owner(world: World) -> tuple[Promise, ...]:
    """Return what the officer of most tests owes to anybody."""
    return world.deps.threads.open_of_owner(OFFICER.id, after=None, limit=900).promises


class OnceAsBefore:
    """A store of threads that reads once what stood there a moment ago."""

    def __init__(self, store: Any, before: VictimFile) -> None:
        self._store, self._before = store, [before]

    def read(self, *args: Any, **options: Any) -> VictimFile:
        """Return the old file the first time."""
        return self._before.pop() if self._before else self._store.read(*args, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

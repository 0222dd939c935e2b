"""A year of a small force, day by day, through the services alone: arrivals, deeds, late nights.

Everything that happens is drawn from one seed, so that a year that goes wrong can be lived
again. The clock is stepped, never read.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.figures import month_of
from chalicelib.domain.staff import Absence, StaffMember, Team
from chalicelib.services.end_agreements import take_back_ended
from chalicelib.services.watch import end_last_month, raise_late
from operate.simulation_court import CourtNews
from operate.simulation_file import Records
from operate.simulation_lists import Lists
from operate.simulation_measures import Measures
from operate.simulation_needs import Needs
from operate.simulation_news import CaseNews, Supervisors, Victims
from operate.simulation_partners import Partners
from operate.simulation_review import Reviews
from operate.simulation_scene import (
    OFFICER,
    PARTNER,
    SUPERVISOR,
    WITNESS_CARE,
    Scene,
    supervisor_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.services.deps import Deps
    from chalicelib.services.import_ports import ImportStore
    from chalicelib.services.ports import Part
    from operate.simulation_lived import Lived, SteppingClock
    from operate.simulation_scene import Deed

FIRST_DAY = date(2026, 1, 5)
DAYS = 365
TEAMS = ("Stafford", "Stoke", "Tamworth", "Leek")
FIRST_TEAM = TeamId("stafford")
OFFICERS_A_TEAM = 5
ABSENCES = 8
# The last cases come when there is still time for something to happen in them.
ARRIVALS_END_AFTER_DAYS = 320
SAID_AGAIN_A_CASE = 0.004
RUN_TWICE = 0.1
IMPORTED_AT, SAID_AGAIN_AT, MONTH_ENDED_AT, RAISED_AT = 2 * 60, 3 * 60, 5 * 60, 6 * 60


@dataclass
class Year:
    """The people of a force and their cases; `run` lets a year pass."""

    deps: Deps
    imports: ImportStore
    clock: SteppingClock
    seed: int = 1
    cases: int = 500
    days: int = DAYS
    scene: Scene = field(init=False)

    def __post_init__(self) -> None:
        """Draw everything from one seed."""
        # Chance that can be had again, and no secret.
        rng = random.Random(self.seed)  # noqa: S311  # nosec B311
        self.scene = Scene(self.deps, self.imports, self.clock, rng)
        self._records = Records(self.scene)
        self._partners = Partners(self.scene)
        self._lists = Lists(self.scene)
        self._others = (
            Victims(self.scene),
            Supervisors(self.scene),
            CaseNews(self.scene),
            CourtNews(self.scene),
            Needs(self.scene),
            Measures(self.scene),
            Reviews(self.scene),
            self._partners,
        )

    def run(self) -> Lived:
        """Let the year pass and return what happened."""
        until = min(ARRIVALS_END_AFTER_DAYS, self.days)
        arrivals = Counter(self.scene.rng.randrange(until) for _ in range(self.cases))
        self.clock.set(FIRST_DAY, 0)
        self._hire()
        for number in range(self.days):
            day = FIRST_DAY + timedelta(days=number)
            deeds = sorted(self._deeds(day, arrivals[number]), key=lambda d: (d.minute, d.number))
            for deed in deeds:
                self.clock.set(day, deed.minute)
                self.scene.carry_out(deed.name, deed.do)
        return self.scene.lived

    def _deeds(self, day: date, arriving: int) -> Iterator[Deed]:
        scene = self.scene
        if arriving:
            yield scene.deed("import", partial(self._records.bring, day, arriving), IMPORTED_AT)
        if scene.happens(len(scene.said) * SAID_AGAIN_A_CASE):
            yield scene.deed("import again", partial(self._records.say_again, day), SAID_AGAIN_AT)
        if day.day == 1:
            yield scene.deed("month", self._end_month, MONTH_ENDED_AT)
        yield scene.deed("raise", self._raise, RAISED_AT)
        yield from self._lists.deeds(day)
        for others in self._others:
            yield from others.deeds()

    def _end_month(self) -> None:
        deps, lived = self.deps, self.scene.lived
        month = month_of(deps.today() - timedelta(days=1))
        self.scene.must(end_last_month(deps), f"{month} was not counted")
        lived.counted_at[month] = deps.now()
        lived.doors_at[month] = tuple(deps.threads.read(victim).door for victim in lived.victims)
        self.clock.tick()
        if any(tally.month == month for tally in deps.figures.published()):
            self.scene.must(not end_last_month(deps), f"{month} was counted twice")

    def _raise(self) -> None:
        lived = self.scene.lived
        lived.taken_back += take_back_ended(self.deps)
        self._partners.check()
        lived.raised += raise_late(self.deps)
        lived.raised_at.append(self.deps.now())
        if self.scene.happens(RUN_TWICE):
            self.clock.tick()
            self.scene.must(not raise_late(self.deps), "something was raised twice")

    def _hire(self) -> None:
        for name in TEAMS:
            self._write("hired a team", *self._team(name))
        rules = self.deps.rules
        point = rules.force.witness_care_contact_point
        self._write("hired a team", *self._others_of("witness-care", WITNESS_CARE, point))
        for row in rules.partners.values():
            self._write("hired a team", *self._others_of(row.team, PARTNER, row.contact_point))
        point = rules.force.isva_contact_point
        self._write("hired", *self._person(OfficerId(point), "0999", FIRST_TEAM, SUPERVISOR))
        self._write("noted who is away", *map(self._absence, range(ABSENCES)))

    def _write(self, what: str, *parts: Part) -> None:
        self.deps.ledger.write([*parts, self.deps.audited("force", "service", what)])

    def _team(self, name: str) -> Iterator[Part]:
        team = TeamId(name.lower())
        yield self.deps.cases.keep_team(Team(team, name))
        for number in range(OFFICERS_A_TEAM + 1):
            identity = OfficerId(f"pc-{team}-{number}") if number else supervisor_of(team)
            role = OFFICER if number else SUPERVISOR
            yield from self._person(identity, f"{number:04}", team, role)

    def _others_of(self, team: str, role: str, contact_point: str) -> Iterator[Part]:
        """Give a team of another role: its contact point and one more."""
        yield self.deps.cases.keep_team(Team(TeamId(team), team.title()))
        for number, identity in enumerate((contact_point, f"{team}-1")):
            yield from self._person(OfficerId(identity), f"{number:04}", TeamId(team), role)

    def _person(self, identity: OfficerId, number: str, team: TeamId, role: str) -> Iterator[Part]:
        member = StaffMember(identity, f"{identity.upper()} Example", number, team)
        self.scene.lived.staff[identity] = member
        self.scene.lived.roles[identity] = role
        yield self.deps.cases.keep_member(member)
        yield self.deps.cases.note_role(identity, role)

    def _absence(self, number: int) -> Part:
        rng = self.scene.rng
        police = [member.id for member in (*self.scene.officers(), *self.scene.supervisors())]
        away, cover = rng.sample(sorted(police), 2)
        first = FIRST_DAY + timedelta(days=rng.randrange(self.days))
        last = first + timedelta(days=rng.randrange(1, 21))
        return self.deps.cases.keep_absence(Absence(f"away-{number}", away, first, last, cover))

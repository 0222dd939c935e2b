"""Two hubs that are alike to the last byte, so that one piece of news is all that can differ.

Clock, ids, chance and tokens are fixed: whatever a page of the one says that a page of the
other does not say comes from the news.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalice.config import Config

from chalicelib.domain.access import CaseReference
from chalicelib.domain.cases import Hearing, Told
from chalicelib.domain.reaching import Try
from chalicelib.domain.safety import HERE, Safety
from chalicelib.domain.sessions import VictimSession
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.choose_rhythm import agree_rhythm
from chalicelib.services.follow import begin_parts
from chalicelib.services.keep_needs import note_need
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.reach_victim import note_try
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.record_hearing import record_hearing
from chalicelib.services.record_outcome import News, record_outcome
from chalicelib.services.victim_sessions import find_session, session_key
from chalicelib.services.wish_measures import wish_measures
from chalicelib.settings import PUBLIC, STAFF, Settings
from chalicelib.web import victim as victim_pages
from chalicelib.wiring import create_app
from operate.cloud import environ
from tests.builders import seed_code
from tests.fake_stores import fake_deps, fake_stores
from tests.fakes import FixedClock
from tests.integration.conftest import PUBLIC_ORIGIN, STAFF_ORIGIN, World
from tests.integration.services.staff_steps import case_of, file_of, staff
from tests.pages import Gateway
from tests.seeding import Hub

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.builders import SeededCase

NOWHERE = "http://localhost:9"
REFERENCE = CaseReference("12/777777/77")
# Leaving ends the session, and says nothing of a case.
LEAVING = {"/case/exit", "/case/left", "/case/open"}
PAGES = sorted(
    route.path.replace("{number}", "1")
    for pages in victim_pages.PAGES
    for route in pages.routes
    if "GET" in route.methods and route.path.startswith("/case") and route.path not in LEAVING
)

Looked = dict[str, tuple[int, "Mapping[str, Any]", str]]


@dataclass
class Twin:
    """One of two hubs with the same case; `charged` if somebody is, and the victim was told."""

    world: World
    case: SeededCase
    settings: Settings
    code_key: str

    def look(self) -> Looked:
        """Return every page of the victim with its headers, opened now with a fixed token."""
        token = f"token of {self.world.clock():%d %H %M}"
        now, deps = self.world.clock(), self.world.deps
        session = VictimSession(
            session_key(token), self.case.key, self.case.victim, self.code_key, now, now
        )
        deps.ledger.write([deps.access.new_session(session, now + timedelta(days=1))])
        fixed = replace(deps, new_token=lambda: "token")
        app = create_app(PUBLIC, lambda: (self.settings, fixed))
        headers = {"cookie": f"hub={token}"}
        found = {}
        for path in (*PAGES, "/case?older=2"):
            got = Gateway(app, Config()).handle_request("GET", path, dict(headers), None)
            found[path] = (int(got["statusCode"]), got["headers"], str(got["body"]))
        return found

    def records(self, news: News | EventNews) -> str:
        """Record news that nobody has told the victim, and return its id."""
        deps, version = self.world.deps, case_of(self.world, self.case).version
        if isinstance(news, EventNews):
            session, key = staff(self.world), self.case.key
            return record_event(deps, session, key, news, seen=version, form_key="news")
        record_outcome(deps, staff(self.world), self.case.key, news, seen=version, form_key="news")
        return case_of(self.world, self.case).current.id

    def tries(self, subject: str) -> None:
        """Ring the victim in vain, now."""
        attempt = Try(self.world.clock(), "phone", "PC Example")
        note_try(
            self.world.deps,
            staff(self.world),
            self.case.key,
            self.case.victim,
            subject,
            attempt,
        )


def twin(
    *, charged: bool, victims: tuple[str, ...] = ("V1",), flags: tuple[str, ...] = ("sexual",)
) -> Twin:
    """Return a hub in memory with one case, of which every page has something to show.

    Pages are those of the first victim; the others chose to read hard news here at once.
    """
    stores, clock = fake_stores(), FixedClock()
    deps = fake_deps(stores, clock)
    settings = {
        audience: Settings.from_environ(
            environ(audience, NOWHERE, public=PUBLIC_ORIGIN, staff=STAFF_ORIGIN, issuer=NOWHERE)
        )
        for audience in (PUBLIC, STAFF)
    }
    world = World(clock, deps, {audience: (each, deps) for audience, each in settings.items()})
    case = Hub(deps, stores.imports, clock).seed(flags=flags, reference=REFERENCE, victims=victims)
    read = case_of(world, case)
    for victim in read.victims:
        deps.ledger.write(begin_parts(deps, read, victim))
        agree_rhythm(deps, staff(world), case.key, victim.key, "every_10")
    for other in list(case.victims.values())[1:]:
        deps.ledger.write([deps.threads.keep_safety(other, Safety(hears=HERE))])
    seed_code(deps, case)
    code_key = file_of(world, case).codes[0].code_key
    made = Twin(world, case, settings[PUBLIC], code_key)
    _was_told_and_asked(made)
    if charged:
        _goes_to_court(made)
    clock.forward(minutes=1)
    return made


def _was_told_and_asked(made: Twin) -> None:
    world, case = made.world, made.case
    world.clock.forward(minutes=1)
    now, deps = world.clock(), world.deps
    session = VictimSession(
        session_key("token of a question"), case.key, case.victim, made.code_key, now, now
    )
    deps.ledger.write([deps.access.new_session(session, now + timedelta(days=1))])
    victim = find_session(deps, "token of a question")
    ask_officer(deps, victim, "Is there news?", deps.new_token())
    wish_measures(deps, victim, ["screen"])
    needs = NeedTold("health", {"health_what": "Epilepsy"}, (), 0)
    note_need(deps, staff(world), case.key, case.victim, needs)


def _goes_to_court(made: Twin) -> None:
    world, case = made.world, made.case
    world.clock.forward(minutes=1)
    told = {key: Told(world.deps.today(), "in person") for key in case.victims.values()}
    made.records(News("charged", world.deps.today(), "charged", told))
    world.clock.forward(minutes=1)
    record_hearing(
        world.deps,
        staff(world),
        case.key,
        Hearing(world.deps.today() + timedelta(days=40), "Example Crown Court"),
        heard_on=world.deps.today(),
        seen=case_of(world, case).version,
    )

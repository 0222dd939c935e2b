"""One world with a case of every kind and somebody of every role, for the whole table.

It stands on the stores in memory, which are held to what the real ones do: the table asks
some thousands of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from chalice.config import Config

from chalicelib.domain.cases import Officer, OfficerId, TeamId
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.domain.needs import Need, Needs
from chalicelib.domain.promises import LINE, TASK, UPDATE, WELCOME
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.choose_rhythm import agree_rhythm
from chalicelib.services.follow import begin_parts
from chalicelib.services.issue_code import Check, activate_code, issue_code
from chalicelib.services.staff_sessions import find_staff_session
from chalicelib.services.tasks import TaskGiven, task_of
from chalicelib.settings import PUBLIC, STAFF, Settings
from operate.cloud import environ
from tests.builders import seed_staff
from tests.fake_stores import fake_deps, fake_stores
from tests.fakes import FixedClock
from tests.integration.conftest import PUBLIC_ORIGIN, STAFF_ORIGIN, World
from tests.integration.partner_steps import has_hearing, says_no, says_yes
from tests.integration.services.staff_steps import case_of, file_of, victim
from tests.integration.web.victim_steps import record_outcome, tell
from tests.pages import FORM, Gateway
from tests.seeding import Hub

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.staff import StaffSession
    from tests.builders import SeededCase

MISSING_KEY = "a" * 32
NOWHERE = "http://localhost:9"
OURS, THEIRS, FAR = TeamId("table-ours"), TeamId("table-theirs"), TeamId("table-far")
# What differs between two answers to the same press: tokens, and the key that was asked for.
TOKENS = re.compile(r'(csrf_token|form_key)" value="[^"]*"|data-csrf="[^"]*"')


def officer(name: str, team: TeamId) -> Officer:
    """Return somebody who has cases."""
    return Officer(OfficerId(f"table-{name}"), f"PC {name.title()}", "0009", team)


ANNA, BEN, CARA = officer("anna", OURS), officer("ben", OURS), officer("cara", THEIRS)


@dataclass(frozen=True)
class Stored:
    """A case with something for every page and every form; `ids` fill in what a form names."""

    case: SeededCase
    ids: Mapping[str, str]


@dataclass(frozen=True)
class Answered:
    """What an address answered, without what differs from one press to the next."""

    status: int
    body: str
    headers: tuple[str, ...]


@dataclass
class Everybody:
    """The desk, the cases by their kind, and each role's cookie; none for nobody."""

    world: World
    cases: dict[str, Stored] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def asks(self, role: str, method: str, path: str, fields: Mapping[str, str]) -> Answered:
        """Return what somebody of a role gets; a form comes with a token that is right."""
        token = self.tokens[role]
        headers = {"cookie": f"desk={token}"} if token else {}
        body = None
        if method == "POST":
            csrf = self.world.deps.keys.csrf_token(token)
            body = urlencode({**fields, "csrf_token": csrf}).encode()
            headers["content-type"] = FORM
        elif fields:
            path = f"{path}?{urlencode(fields)}"
        answer = Gateway(self.world.staff, Config()).handle_request(method, path, headers, body)
        named = sorted(name.lower() for name in answer["headers"])
        where = str(answer["headers"].get("Location", ""))
        text = TOKENS.sub("", f"{where}\n{answer.get('body') or ''}")
        return Answered(int(answer["statusCode"]), text, tuple(named))

    def about(
        self, role: str, method: str, path: str, kind: str, fields: Mapping[str, str]
    ) -> Answered:
        """Return what somebody gets about a case, as if its key were that of none."""
        stored = self.cases[kind]
        filled = {name: value.format(**stored.ids) for name, value in fields.items()}
        key = stored.case.key
        answered = self.asks(role, method, path.format(**{**stored.ids, "case": key}), filled)
        return replace(answered, body=_without(answered.body, key, filled))

    def about_none(self, role: str, method: str, path: str, fields: Mapping[str, str]) -> Answered:
        """Return what somebody gets about a case that does not exist."""
        ids = self.cases["own"].ids
        filled = {name: value.format(**ids) for name, value in fields.items()}
        asked = path.format(**{**ids, "case": MISSING_KEY})
        answered = self.asks(role, method, asked, filled)
        return replace(answered, body=_without(answered.body, MISSING_KEY, filled))


def _without(body: str, key: str, fields: Mapping[str, str]) -> str:
    """Return a body without the key and the query of the address that was asked for."""
    query = urlencode(fields)
    return (body.replace(query, "…") if query else body).replace(key, "…")


def everybody() -> Everybody:
    """Put the cases and let somebody of each role sign in."""
    world, hub = _world()
    found, deps = Everybody(world), world.deps
    for team in (OURS, THEIRS, FAR):
        deps.ledger.write([deps.cases.keep_team(Team(team, team))])
    for who in (ANNA, BEN, CARA):
        member = StaffMember(who.id, who.name, who.number, who.team)
        deps.ledger.write([deps.cases.keep_member(member)])
    found.cases = {
        "own": _case(world, hub, ANNA),
        "team": _case(world, hub, BEN),
        "other": _case(world, hub, CARA),
        "charged": _case(world, hub, CARA, charged=True),
        "restricted": _case(world, hub, ANNA, flags=("restricted",)),
    }
    for stored in found.cases.values():
        _agreements(world, stored.case)
    says_yes(world, hub.seed(), row=deps.rules.partners["table_elsewhere"])
    # What was agreed for the day alone is over.
    world.clock.forward(days=1)
    found.tokens = {role: _token(world, role, who) for role, who in PEOPLE.items()}
    found.tokens["nobody"] = ""
    return found


AGENCIES = ("agreed", "withdrawn", "expired", "never", "elsewhere")
PEOPLE = {
    "officer in charge": (ANNA.id, "officer", OURS),
    "officer of the team": ("table-dora", "officer", OURS),
    "officer of another team": ("table-emil", "officer", FAR),
    "supervisor of the team": ("table-fern", "supervisor", OURS),
    "supervisor of another team": ("table-gale", "supervisor", FAR),
    "witness care": ("table-hope", "witness_care", FAR),
    "partner, agreed": ("table-iris", "partner", TeamId("table-agreed")),
    "partner, withdrawn": ("table-june", "partner", TeamId("table-withdrawn")),
    "partner, expired": ("table-kay", "partner", TeamId("table-expired")),
    "partner, never agreed": ("table-lily", "partner", TeamId("table-never")),
    "partner of another agency": ("table-may", "partner", TeamId("table-elsewhere")),
    "administrator": ("table-nell", "administrator", FAR),
}


def _token(world: World, role: str, who: tuple[str, str, TeamId]) -> str:
    identity, signed_in_as, team = who
    return seed_staff(world.deps, identity, role=signed_in_as, team=team, name=role.title())


def _world() -> tuple[World, Hub]:
    """Return both services in memory, with a partner agency for each way of agreeing."""
    clock, stores = FixedClock(), fake_stores()
    made = fake_deps(stores, clock)
    row = next(row for row in made.rules.partners.values() if row.isva)
    partners = {
        f"table_{key}": replace(row, key=f"table_{key}", team=f"table-{key}") for key in AGENCIES
    }
    deps = replace(made, rules=replace(made.rules, partners=partners))
    settings = {
        audience: Settings.from_environ(
            environ(audience, NOWHERE, public=PUBLIC_ORIGIN, staff=STAFF_ORIGIN, issuer=NOWHERE)
        )
        for audience in (PUBLIC, STAFF)
    }
    parts = {audience: (given, deps) for audience, given in settings.items()}
    return World(clock, deps, parts), Hub(deps, stores.imports, clock)


def _agreements(world: World, case: SeededCase) -> None:
    """Let each agency but one have, or have had, something with this case's victim."""
    rows, today = world.deps.rules.partners, world.deps.today()
    says_yes(world, case, row=rows["table_agreed"])
    says_yes(world, case, row=rows["table_withdrawn"])
    says_no(world, case, rows["table_withdrawn"])
    says_yes(world, case, row=rows["table_expired"], until=today)


def _case(
    world: World, hub: Hub, who: Officer, *, flags: tuple[str, ...] = (), charged: bool = False
) -> Stored:
    """Put a case with a question, a need, a measure, a code, untold news and what is owed."""
    deps = world.deps
    case = hub.seed(officer=who, flags=["child", *flags])
    read = hub.case(case)
    deps.ledger.write(begin_parts(deps, read, read.victims[0]))
    session = _session(world, who.id, "officer", who.team)
    agree_rhythm(deps, session, case.key, case.victim, "every_5")
    ask_officer(deps, victim(world, case), "Is there news?", deps.new_token())
    _needs_and_measures(world, case)
    world.clock.forward(minutes=1)
    if charged:
        tell(world, case, record_outcome(world, case, "charged"))
        has_hearing(world, case)
    check = Check("face to face", "the victim")
    code = issue_code(deps, session, case.key, case.victim, check).record.id
    # For somebody under 18: read back, it waits for a supervisor.
    activate_code(deps, session, case.key, case.victim, code)
    entry = record_outcome(world, case, "sent_to_crown_court" if charged else "no_suspect_found")
    iris = _session(world, *PEOPLE["partner, agreed"])
    given = {
        "task": _owed(world, case, TASK, session),
        "own_task": _owed(world, case, TASK, iris),
        "line": _owed(world, case, LINE, session),
        "own_line": _owed(world, case, LINE, iris),
    }
    owed = {promise.kind: promise.id for promise in file_of(world, case).owed}
    ids = {
        "case": case.key,
        "victim": case.victim,
        "officer": who.id,
        "code": code,
        "spare": next(each.id for each in file_of(world, case).codes if each.id != code),
        "kind": "health",
        "entry": entry.id,
        "welcome": owed[WELCOME],
        "update": owed[UPDATE],
    }
    return Stored(case, ids | given)


def _session(world: World, identity: str, role: str, team: TeamId) -> StaffSession:
    token = seed_staff(world.deps, identity, role=role, team=team, name=identity)
    return find_staff_session(world.deps, token)


def _needs_and_measures(world: World, case: SeededCase) -> None:
    now, today, threads = world.clock(), world.deps.today(), world.deps.threads
    need = Need("health", {"health_what": "Epilepsy"}, (), now, "victim", since=1)
    step = MeasureStep("discussed", today, now, "PC Example")
    world.deps.ledger.write(
        [
            threads.keep_needs(case.victim, Needs((need,))),
            threads.keep_measure(case.victim, Measure("supporter", (step,))),
        ]
    )


def _owed(world: World, case: SeededCase, kind: str, by: StaffSession) -> str:
    """Put something that somebody is to do, and return its id."""
    read, me, deps = case_of(world, case), by.member, world.deps
    owner = Officer(me.id, me.name, me.number, me.team)
    promise = task_of(deps, read, read.victims[0], TaskGiven("letter", "Words", owner=owner))
    if kind == LINE:
        promise = replace(promise, kind=LINE, event="", line="introduction")
    deps.ledger.write([deps.threads.new_promise(promise)])
    return promise.id

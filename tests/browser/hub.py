"""The whole hub in this process: both services, the stand-in for AWS and a sign-in provider."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from chalicelib.domain.cases import Officer, OfficerId, TeamId
from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.settings import PUBLIC, STAFF, Settings
from chalicelib.wiring import build_deps, create_app
from operate.children import Child, Place, free_port
from operate.cloud import environ, prepare
from operate.gateway import Stage
from operate.hub_home import ROOT
from operate.run import PROVIDER_PATH
from operate.serve import SITE
from operate.site_files import SiteFiles
from operate.stand_in import HOST, StandIn
from tests.builders import SeededCase, seed_case, seed_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chalicelib.services.deps import Deps
    from chalicelib.services.ports import Ledger, Part

CLOSING_SECONDS = 0.05


@dataclass
class HubClock:
    """The time of this machine, or later: a test moves it and it comes back by itself."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, **by: float) -> None:
        """Move on, for example `forward(minutes=16)`."""
        self.ahead += timedelta(**by)


@dataclass
class BreakableLedger:
    """Writes as the real one does, until a test breaks it."""

    real: Ledger
    broken: bool = False

    def write(self, parts: Sequence[Part]) -> None:
        """Write all parts or none; as long as it is broken, none."""
        if self.broken:
            raise StoreUnavailableError
        self.real.write(parts)


@dataclass(frozen=True)
class Staff:
    """A member of staff who can sign in."""

    identity: str
    name: str
    role: str
    team: TeamId

    @property
    def officer(self) -> Officer:
        """Return them as the officer in charge of a case."""
        return Officer(OfficerId(self.identity), self.name, "0000", self.team)


@dataclass(frozen=True)
class Hub:
    """Where the services are, and what a test may put into them."""

    public: str
    staff: str
    issuer: str
    clock: HubClock
    ledger: BreakableLedger
    deps: Deps
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def team(self) -> TeamId:
        """Return a team that no other test has."""
        team = TeamId(f"team-{next(self._numbers)}")
        self.deps.ledger.write([self.deps.cases.keep_team(Team(team, "Stafford investigation"))])
        return team

    def person(
        self, name: str = "PC Example", role: str = "officer", team: TeamId | None = None
    ) -> Staff:
        """Return a member of staff whom administrator and sign-in provider know."""
        identity = f"{role}-{next(self._numbers)}"
        person = Staff(identity, name, role, team or self.team())
        member = StaffMember(OfficerId(identity), name, "0000", person.team)
        self.deps.ledger.write([self.deps.cases.keep_member(member)])
        claims = json.dumps({"name": name, "roles": [role]}).encode()
        headers = {"Content-Type": "application/json"}
        known = Request(f"{self.issuer}/users/{identity}", claims, headers, method="PUT")  # noqa: S310 -- this machine
        with urlopen(known, timeout=5) as answer:  # noqa: S310 -- this machine
            assert answer.status == HTTPStatus.NO_CONTENT
        return person

    def case(self, officer: Staff | None = None, **options: Any) -> SeededCase:
        """Return a case of this officer, or of one with nothing else to do."""
        return seed_case(self.deps, officer=(officer or self.person()).officer, **options)

    def code(self, case: SeededCase, victim: str | None = None) -> str:
        """Return an active code for a victim."""
        return seed_code(self.deps, case, victim)


@contextmanager
def running_hub() -> Iterator[Hub]:
    """Bring up the hub on free ports of this machine; it forgets everything afterwards."""
    with ExitStack() as running:
        stand_in = running.enter_context(StandIn.started())
        prepare(stand_in.endpoint)
        issuer = running.enter_context(provider())
        built: dict[str, tuple[Settings, Deps]] = {}
        ports = {
            audience: running.enter_context(_served(audience, partial(built.__getitem__, audience)))
            for audience in (PUBLIC, STAFF)
        }
        origins = {audience: f"http://localhost:{port}" for audience, port in ports.items()}
        settings = {
            audience: Settings.from_environ(
                environ(audience, stand_in.endpoint, issuer=issuer, **origins)
            )
            for audience in origins
        }
        real = build_deps(settings[STAFF])
        clock, ledger = HubClock(), BreakableLedger(real.ledger)
        deps = replace(real, now=clock, ledger=ledger)
        built.update({audience: (given, deps) for audience, given in settings.items()})
        yield Hub(origins[PUBLIC], origins[STAFF], issuer, clock, ledger, deps)


@contextmanager
def provider() -> Iterator[str]:
    """Run the provider that lets in whoever says who they are; give its address."""
    port = free_port()
    given = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "api"), str(ROOT)])}
    with TemporaryDirectory(prefix="provider-") as folder:
        place = Place("provider", port, PROVIDER_PATH, Path(folder) / "provider.log")
        child = Child.start(place, ["operate.provider", str(port)], given)
        try:
            child.wait_until_it_answers()
            yield f"http://{HOST}:{port}"
        finally:
            child.stop()


@contextmanager
def _served(audience: str, build: Callable[[], tuple[Settings, Deps]]) -> Iterator[int]:
    """Serve one stage and give its port; settings are read when the first request comes."""
    site = SiteFiles(SITE, under="assets" if audience == STAFF else "")
    stage = Stage(create_app(audience, build), site, 0)
    thread = Thread(target=stage.server.serve_forever, args=(CLOSING_SECONDS,), daemon=True)
    thread.start()
    try:
        yield int(stage.server.server_port)
    finally:
        stage.shutdown()
        stage.server.server_close()
        thread.join()

"""The hub as `make deploy` leaves it, on the stand-in: its zips, its templates, its roles."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
from playwright._impl._driver import compute_driver_executable

from chalicelib.domain.cases import Officer, OfficerId, TeamId
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.settings import PUBLIC, STAFF, Settings
from chalicelib.wiring import build_deps
from operate.aws.cloud import Cloud
from operate.aws.deploy import Deployment
from operate.aws.keys import SECRET_IDS, bring
from operate.aws.package import Target, package
from operate.aws.preflight import SITE_STACK
from operate.aws.stage import EDGE_REGION, REGION, Host, Sending, SignIn, StageFile
from operate.cloud import environ
from operate.stand_in import ACCOUNT, StandIn
from tests.browser.hub import provider
from tests.builders import SeededCase, seed_case, seed_code
from tests.deployed.cdn import CdnVisitor, Edge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.services.deps import Deps
    from operate.aws.release import Release

CERTIFICATE = (
    f"arn:aws:acm:{EDGE_REGION}:000000000000:certificate/00000000-0000-4000-8000-00000000000"
)


@dataclass(frozen=True)
class Person:
    """A member of staff who can sign in."""

    identity: str
    name: str
    team: TeamId

    @property
    def officer(self) -> Officer:
        """Return them as the officer in charge of a case."""
        return Officer(OfficerId(self.identity), self.name, "0000", self.team)


@dataclass(frozen=True)
class Deployed:
    """The deployed hub, and what a test may put into its tables as its operator."""

    deployment: Deployment
    release: Release
    folder: Path
    said: list[str]
    deps: Deps
    issuer: str
    edges: dict[str, Edge]
    numbers: Iterator[int]

    @property
    def cloud(self) -> Cloud:
        """Return the account."""
        return self.deployment.cloud

    def outputs(self, stack: str) -> Any:
        """Return what a stack says of itself."""
        found = self.deployment.stacks[EDGE_REGION if stack == SITE_STACK else REGION].find(stack)
        assert found
        return found.outputs

    def browser(self, audience: str = PUBLIC) -> CdnVisitor:
        """Return a browser that has seen nothing."""
        return CdnVisitor(edge=self.edges[audience])

    def victim(self, case: SeededCase) -> CdnVisitor:
        """Return the browser of a victim who has just opened their case."""
        browser, code = self.browser(), seed_code(self.deps, case)
        browser.never_in_addresses = [case.reference, code]
        browser.get("/case/open")
        answer = browser.post("/case/open", reference=case.reference, code=code)
        assert answer.status == 303, answer.main
        return browser

    def person(self, role: str = "officer", name: str = "PC Example", email: str = "") -> Person:
        """Return a member of staff whom administrator and provider know."""
        identity, team = f"{role}-{next(self.numbers)}", TeamId(f"team-{next(self.numbers)}")
        member = StaffMember(OfficerId(identity), name, "0000", team, email=email)
        keep = [self.deps.cases.keep_team(Team(team, "Stafford investigation"))]
        self.deps.ledger.write([*keep, self.deps.cases.keep_member(member)])
        claims = json.dumps({"name": name, "roles": [role]}).encode()
        headers = {"Content-Type": "application/json"}
        known = Request(f"{self.issuer}/users/{identity}", claims, headers, method="PUT")  # noqa: S310 -- this machine
        with urlopen(known, timeout=5):  # noqa: S310 -- this machine
            return Person(identity, name, team)

    def case(self, officer: Person | None = None, **options: Any) -> SeededCase:
        """Return a case of this officer, or of one with nothing else to do."""
        return seed_case(self.deps, officer=(officer or self.person()).officer, **options)


def stage_file(issuer: str) -> StageFile:
    """Return the deployment on the stand-in, as a file in infra/stages would say it."""
    roles = ("officer", "supervisor", "witness_care", "partner", "administrator")
    return StageFile(
        name="stand-in",
        account="000000000000",
        region=REGION,
        alarm_email="hub-alarms@force.example",
        public=Host("your-information.example", f"{CERTIFICATE}1"),
        staff=Host("hub-desk.example", f"{CERTIFICATE}2"),
        staff_addresses=("192.0.2.0/24",),
        sign_in=SignIn(
            issuer=issuer,
            client_id="hub-desk",
            roles_claim="roles",
            require_auth_time=False,
            role_names={role: role for role in roles},
        ),
        sending=Sending(how="aws", email_from="messages@your-information.example"),
    )


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Release]:
    """A release for this machine, which is what the stand-in runs functions on."""
    folder = tmp_path_factory.mktemp("package") / "release"
    return folder, package(folder, Target.of_this_machine(), print)


@pytest.fixture(scope="session")
def hub(release: tuple[Path, Release]) -> Iterator[Deployed]:
    """The hub, deployed once for all tests of this folder."""
    folder, packaged = release
    with ExitStack() as running:
        # The CDN's function runs on Node: the one that Playwright brings, so that none is needed.
        path = running.enter_context(pytest.MonkeyPatch.context())
        node, _ = compute_driver_executable()
        path.setenv("PATH", str(Path(node).parent), prepend=os.pathsep)
        stand_in = running.enter_context(StandIn.started(permissions=True))
        issuer = running.enter_context(provider())
        cloud, said = Cloud(stand_in.endpoint), list[str]()
        deployment = Deployment(
            stage_file(issuer), cloud, said.append, packaged.architecture, packaged.python
        )
        # A person brings it after the first part of the first deployment.
        deployment.prepare(folder)
        bring(cloud, "oidc_client_secret", "an invented secret of the provider")
        deployment.deploy(folder)
        yield _deployed(deployment, folder, packaged, said, issuer, stand_in)


def _deployed(
    deployment: Deployment,
    folder: Path,
    packaged: Release,
    said: list[str],
    issuer: str,
    stand_in: StandIn,
) -> Deployed:
    stage = deployment.stage
    hosts = {PUBLIC: stage.public, STAFF: stage.staff}
    site = deployment.stacks[EDGE_REGION].find(SITE_STACK)
    assert site
    domains = {PUBLIC: "PublicDistributionHost", STAFF: "StaffDistributionHost"}
    edges = {
        audience: Edge(hosts[audience].origin, site.outputs[output], stand_in.port)
        for audience, output in domains.items()
    }
    given = environ(
        STAFF, stand_in.endpoint, issuer=issuer, public="http://localhost", staff="http://localhost"
    )
    settings = Settings.from_environ({**given, "HUB_SECRET_ID": SECRET_IDS[STAFF]})
    deps = build_deps(settings)
    return Deployed(deployment, packaged, folder, said, deps, issuer, edges, count(1))


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test asks AWS for, it asks the stand-in's account."""
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)

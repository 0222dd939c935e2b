"""What `make package`, `make deploy` and their kin do."""

from __future__ import annotations

from getpass import getpass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from operate.aws.cloud import Cloud
from operate.aws.deploy import Deployment
from operate.aws.keys import bring
from operate.aws.package import Target, package, templates, write_json
from operate.aws.preflight import need_account
from operate.aws.stage import read_stage
from operate.hub_home import ROOT

if TYPE_CHECKING:
    from rich.console import Console

PACKAGE = ROOT / "build" / "package"
STAGES = ROOT / "infra" / "stages"


def write_templates(into: Path) -> None:
    """Write every template as it is deployed, for whoever checks or reads them."""
    with TemporaryDirectory(prefix="templates-") as work:
        for name, template in templates(Path(work)).items():
            write_json(into / name, template)


def make_package(console: Console, *, here: bool) -> None:
    """Make a release in build/package: for Lambda, or for this machine."""
    target = Target.of_this_machine() if here else Target.of_lambda()
    package(PACKAGE, target, console.print)


def deploy(stage: str, console: Console) -> None:
    """Deploy what lies in build/package."""
    release = _deployment(stage, console).deploy(PACKAGE)
    console.print(f"{stage} runs release {release}.")


def roll_back(stage: str, console: Console) -> None:
    """Bring back the release before."""
    release = _deployment(stage, console).roll_back()
    console.print(f"{stage} runs release {release} again.")


def renew_origin_secrets(stage: str, console: Console) -> None:
    """Give the CDN new secrets."""
    _deployment(stage, console).renew_origin_secrets()
    console.print("The CDN shows new secrets, and the old ones open nothing.")


def bring_secret(stage: str, part: str, console: Console) -> None:
    """Keep a secret that a person brings; it is typed unseen and stands in no history."""
    cloud = Cloud()
    need_account(cloud, read_stage(stage, STAGES))
    bring(cloud, part, getpass(f"{part}: "))
    console.print(f"{part} is kept. It is used from the next `make deploy STAGE={stage}` on.")


def _deployment(stage: str, console: Console) -> Deployment:
    return Deployment(read_stage(stage, STAGES), Cloud(), console.print)

"""What an operator does in an account: make somebody known to the desk, load a case file.

Both go through the hub's own services, so that each leaves its audit line, and have the
permissions of whoever runs them.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.clients.keys import SecretUnusableError
from chalicelib.domain.cases import TeamId
from chalicelib.domain.errors import KeysUnavailableError, StoreUnavailableError
from chalicelib.domain.force_forms import MemberForm, member_of, new_member_errors
from chalicelib.domain.staff import Team
from chalicelib.services.import_cases import CASE_FILE
from chalicelib.settings import PUBLIC, STAFF, MissingSettingError, Settings
from chalicelib.wiring import build_deps
from operate.aws.cloud import Cloud
from operate.aws.commands import STAGES
from operate.aws.errors import DeployError
from operate.aws.keys import SECRET_IDS, read_keys
from operate.aws.preflight import need_account
from operate.aws.stage import TABLES, read_stage
from operate.import_file import load, need_place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from chalicelib.domain.force_forms import Errors
    from chalicelib.domain.staff import StaffMember
    from chalicelib.services.deps import Deps
    from operate.aws.stage import StageFile

# Whoever keeps the staff list sees no case, so they are in a team that has none.
ADMINISTRATION = Team(TeamId("administration"), "Administration")
SECRET = SECRET_IDS[STAFF]
# What the person at the terminal calls the fields of the form.
SAID_AS = {"account": "ID", "name": "NAME", "number": "NUMBER"}


class OperatorError(DeployError):
    """It was not done, or not to its end; one sentence that says what to do."""


def settings_of(stage: StageFile, cloud: Cloud) -> Settings:
    """Return the settings of a process that works on an account's tables.

    Those of the public stage do: nobody signs in at a terminal, and nothing is sent from it.

    Raises:
        OperatorError: the stage names peppers that cannot be used together.
    """
    tables = {name: stage.tables.get(name, name) for name in TABLES}
    given = {
        "AWS_REGION": stage.region,
        "HUB_AUDIENCE": PUBLIC,
        "HUB_ORIGIN": stage.public.origin,
        "HUB_PUBLIC_ORIGIN": stage.public.origin,
        "HUB_SECRET_ID": SECRET,
        "HUB_PEPPER_KEY_ID": ",".join(stage.peppers),
        "HUB_VERSION": "operator",
        "HUB_AWS_ENDPOINT": cloud.endpoint or "",
        **{
            f"HUB_TABLE_{name.removeprefix('hub-').upper()}": table
            for name, table in tables.items()
        },
    }
    try:
        return Settings.from_environ(given)
    except MissingSettingError:
        # A stage file that was read has all the rest.
        raise OperatorError(
            f"infra/stages/{stage.name}.toml: peppers must be three different aliases at most."
        ) from None


@contextmanager
def working_in(stage: StageFile, cloud: Cloud) -> Iterator[Deps]:
    """Give stores, keys and clock over an account's tables for the length of a block.

    Raises:
        PreflightError: the credentials are not those of the stage's account.
        OperatorError: nothing is deployed there, or AWS refused or did not answer, in the block
            as well.
    """
    need_account(cloud, stage)
    settings = settings_of(stage, cloud)
    try:
        if not read_keys(cloud, STAFF).parts:
            raise OperatorError(
                f"There is no secret {SECRET} in the account {stage.account}, or nothing in it: "
                f"run `make deploy STAGE={stage.name}` first."
            )
        yield build_deps(settings)
    except SecretUnusableError as error:
        raise OperatorError(
            f"The secret {SECRET} cannot be used: {error} is missing or is not as "
            "infra/README.md says."
        ) from None
    except (KeysUnavailableError, StoreUnavailableError):
        raise OperatorError(
            "AWS stopped answering: run the same again, what is in stays as it is."
        ) from None
    except (PynamoDBException, BotoCoreError, ClientError) as error:
        raise OperatorError(
            f"AWS did not let this be done ({_code(error)}): look at your permissions, as "
            f"infra/README.md lists them, and at infra/stages/{stage.name}.toml, then run the "
            "same again."
        ) from None


def add_to_staff(
    stage: StageFile, cloud: Cloud, *, account: str, name: str, number: str
) -> StaffMember:
    """Return a member of staff who is known to the desk from now on, so that they can sign in.

    Args:
        stage: the deployment.
        cloud: its account.
        account: what the sign-in provider calls them, the `sub` of their token. Their role
            comes from the provider as well.
        name: with the rank, if they have one.
        number: their number in the force.

    Raises:
        DeployError: something typed does not do, they are known already, or see `working_in`.
    """
    form = MemberForm(account, name, number, ADMINISTRATION.id)
    with working_in(stage, cloud) as deps:
        force = deps.cases.read_force()
        known = force.member(account)
        if known is not None:
            raise OperatorError(_known(known, f"{stage.staff.origin}/admin"))
        new = ADMINISTRATION.id not in {team.id for team in force.teams}
        teams = [ADMINISTRATION] if new else []
        _check(new_member_errors(replace(force, teams=(*force.teams, *teams)), form))
        member = member_of(form, account, active=True)
        line = deps.audited(f"staff {member.id}", "operator", "added to the staff list")
        keep = [deps.cases.keep_team(team) for team in teams]
        deps.ledger.write([*keep, deps.cases.keep_member(member), line])
    return member


def load_file(
    stage: StageFile,
    cloud: Cloud,
    path: Path,
    form: str,
    *,
    report_to: Path | None,
    console: Console,
) -> None:
    """Load a case file as on one machine: the same rows, the same report.

    Raises:
        FileNotUsableError: the file is not what it claims; nothing was written.
        HomeError: the report has no place; nothing was written.
        DeployError: see `working_in`; it can be loaded again.
    """
    need_place(report_to)
    with working_in(stage, cloud) as deps:
        load(deps, path, form, report_to=report_to, console=console)


def administrator(stage: str, *, account: str, name: str, number: str, console: Console) -> None:
    """Make somebody known to the desk of this deployment, the first administrator above all."""
    read = read_stage(stage, STAGES)
    added = add_to_staff(read, Cloud(), account=account, name=name, number=number)
    said = f"{added.name} is in the staff list and signs in at {read.staff.origin}"
    console.print(f"{said}, with the role that the provider gives them.", markup=False)


def import_into(
    stage: str, path: Path, form: str, *, report_to: Path | None, console: Console
) -> None:
    """Load a case file into the account of this deployment.

    Raises:
        OperatorError: the file's form makes people up; nothing was written.
    """
    if form != CASE_FILE:
        raise OperatorError(
            f"FORMAT={form} invents officers and victims for trying the hub, so it is for the hub "
            "on one machine only. Nothing was loaded."
        )
    load_file(read_stage(stage, STAGES), Cloud(), path, form, report_to=report_to, console=console)


def _known(member: StaffMember, where: str) -> str:
    if member.active:
        already = f"{member.name} is in the staff list with this account already and can sign in"
        return f"{already}; an administrator changes the entry at {where}."
    gone = f"{member.name} was taken off the staff list"
    return f"{gone}; an administrator puts them back at {where}."


def _check(errors: Errors) -> None:
    for field, sentence in errors:
        raise OperatorError(f"{SAID_AS.get(field, field)}: {sentence}")


def _code(error: Exception) -> str:
    """Return AWS's word for what went wrong, never its whole text."""
    if isinstance(error, PynamoDBException):
        return error.cause_response_code or type(error.cause or error).__name__
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown"))
    return type(error).__name__

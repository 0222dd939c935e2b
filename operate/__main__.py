"""Commands for the people who run the hub; the Makefile calls them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

from operate.children import ChildError
from operate.hub_home import ROOT, HomeError, HubHome
from operate.stand_in import StandInError
from operate.stopping import Stop

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Home = Annotated[
    Path, typer.Option(help="Where the hub keeps its data.", resolve_path=True, file_okay=False)
]
Port = Annotated[int, typer.Option(min=1, max=65535)]
HOME = HubHome().folder


class FileForm(StrEnum):
    """The forms of file that can be imported."""

    CASE_FILE = "case-file"
    POLICE_UK = "police-uk"


class Audience(StrEnum):
    """Whom a stage is for."""

    PUBLIC = "public"
    STAFF = "staff"


@app.command()
def run(
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start with nothing.")] = False,
    public_port: Port = 8000,
    staff_port: Port = 8001,
    home: Home = HOME,
) -> None:
    """Bring up the whole hub with invented people."""
    stop = Stop()
    stop.listen()
    hub = HubHome(home)
    try:
        # First of all, so that what an earlier hub said of itself is gone at once.
        with hub.claimed():
            from operate.run import Ports  # noqa: PLC0415 -- heavy
            from operate.run import run as run_hub  # noqa: PLC0415

            run_hub(hub, Ports(public_port, staff_port), stop, fresh=fresh)
    except (HomeError, StandInError) as error:
        _refuse(error, 2)
    except ChildError as error:
        _refuse(error, 1)


@app.command()
def serve(audience: Audience, port: Port) -> None:
    """Answer as one stage; its settings are in the environment."""
    from operate.serve import serve as serve_stage  # noqa: PLC0415

    serve_stage(audience, port)


@app.command(name="import")
def import_(
    file: Path,
    *,
    form: Annotated[FileForm, typer.Option("--format")] = FileForm.CASE_FILE,
    report: Annotated[Path | None, typer.Option(help="Write the counts as JSON.")] = None,
    stage: Annotated[str | None, typer.Option(help="Into this deployment's account.")] = None,
    home: Home = HOME,
) -> None:
    """Load a case file into the running hub, or into a deployment's account."""
    from chalicelib.domain.csv_records import FileNotUsableError  # noqa: PLC0415
    from chalicelib.domain.errors import StoreUnavailableError  # noqa: PLC0415
    from operate.aws.errors import DeployError  # noqa: PLC0415
    from operate.import_file import import_file  # noqa: PLC0415

    try:
        if stage is not None:
            from operate.aws import operator  # noqa: PLC0415 -- heavy

            operator.import_into(stage, file, form, report_to=report, console=Console())
        else:
            import_file(HubHome(home), file, form, report_to=report, console=Console())
    except (HomeError, FileNotUsableError, DeployError) as error:
        _refuse(error, 2)
    except StoreUnavailableError:
        _refuse("The store stopped answering. Load the file again: what is in stays as it is.", 1)


@app.command()
def demo_codes(
    count: Annotated[int, typer.Argument(min=1, max=1000)] = 50, *, home: Home = HOME
) -> None:
    """Issue codes for imported cases of the running hub, to try it at size."""
    from operate.demo_codes import add_codes  # noqa: PLC0415

    try:
        add_codes(HubHome(home), count, Console())
    except HomeError as error:
        _refuse(error, 2)


@app.command()
def bench() -> None:
    """Print the figures that matter."""
    from operate.bench import bench as measure  # noqa: PLC0415

    measure()


@app.command()
def costs() -> None:
    """Measure what people's journeys use, and print what a month costs."""
    from operate.costs.printed import costs as work_out  # noqa: PLC0415 -- heavy
    from operate.costs.visitor import PageError  # noqa: PLC0415

    try:
        work_out(Console())
    except (HomeError, StandInError) as error:
        _refuse(error, 2)
    except (ChildError, PageError) as error:
        _refuse(error, 1)


@app.command()
def recount(*, home: Home = HOME) -> None:
    """Count all promises of the running hub again; status 1 when a counter differs."""
    from operate.recount import recount as count_again  # noqa: PLC0415

    try:
        agrees = count_again(HubHome(home), Console())
    except HomeError as error:
        _refuse(error, 2)
    if not agrees:
        raise typer.Exit(1)


@app.command()
def drill(
    *,
    items: Annotated[int, typer.Option(min=400, max=1_000_000)] = 10_000,
    spoil: Annotated[bool, typer.Option("--spoil", help="Put a difference in on purpose.")] = False,
) -> None:
    """Make a mistake on a stand-in, restore the tables; status 1 when an item differs."""
    from operate.restoring.drill import drill as rehearse  # noqa: PLC0415 -- heavy
    from operate.restoring.features import RestoreError  # noqa: PLC0415

    try:
        agrees = rehearse(Console(), items, spoil=spoil)
    except (StandInError, RestoreError) as error:
        _refuse(error, 1)
    if not agrees:
        raise typer.Exit(1)


@app.command()
def due(days: Annotated[int, typer.Option(min=0, help="How far to look ahead.")] = 30) -> None:
    """List the pages, rules and bank holidays that are to be checked soon."""
    from chalicelib.domain.dates import LONDON  # noqa: PLC0415
    from operate.due import UndatedError, print_due  # noqa: PLC0415

    try:
        print_due(ROOT, datetime.now(LONDON).date(), days, Console())
    except UndatedError as error:
        _refuse(error, 2)


@app.command()
def package(
    *, here: Annotated[bool, typer.Option("--here", help="For this machine, not Lambda.")] = False
) -> None:
    """Make a release in build/package."""
    with _commands() as commands:
        commands.make_package(Console(), here=here)


@app.command()
def templates(into: Path) -> None:
    """Write the templates of all stacks as they are deployed."""
    with _commands() as commands:
        commands.write_templates(into)


@app.command()
def deploy(stage: str) -> None:
    """Deploy the release in build/package, as infra/stages/<stage>.toml says."""
    with _commands() as commands:
        commands.deploy(stage, Console())


@app.command()
def rollback(stage: str) -> None:
    """Bring back the release before the present one."""
    with _commands() as commands:
        commands.roll_back(stage, Console())


@app.command()
def rotate_origin(stage: str) -> None:
    """Give the CDN new secrets; nobody is signed out."""
    with _commands() as commands:
        commands.renew_origin_secrets(stage, Console())


@app.command()
def secret(stage: str, part: str) -> None:
    """Keep a secret that a person brings, such as oidc_client_secret."""
    with _commands() as commands:
        commands.bring_secret(stage, part, Console())


@app.command()
def administrator(stage: str, account: str, name: str, number: str) -> None:
    """Make the first administrator of a deployment's account, so that they can sign in."""
    from operate.aws import operator  # noqa: PLC0415 -- heavy

    with _commands():
        operator.administrator(stage, account=account, name=name, number=number, console=Console())


@contextmanager
def _commands() -> Iterator[Any]:
    """Give what works on an account; whatever stops it is one sentence and status 2."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- heavy

    from operate.aws import commands  # noqa: PLC0415 -- the same
    from operate.aws.errors import DeployError, sentence_of  # noqa: PLC0415 -- the same

    try:
        yield commands
    except DeployError as error:
        _refuse(error, 2)
    except (BotoCoreError, ClientError) as error:
        _refuse(sentence_of(error), 2)


def _refuse(error: Exception | str, status: int) -> NoReturn:
    print(error, file=sys.stderr)
    raise typer.Exit(status)


if __name__ == "__main__":
    app()

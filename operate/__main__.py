"""Commands for the people who run the hub; the Makefile calls them."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from operate.children import ChildError
from operate.hub_home import ROOT, HomeError, HubHome
from operate.stand_in import StandInError
from operate.stopping import Stop

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
    home: Home = HOME,
) -> None:
    """Load a case file into the running hub."""
    from chalicelib.domain.csv_records import FileNotUsableError  # noqa: PLC0415
    from chalicelib.domain.errors import StoreUnavailableError  # noqa: PLC0415
    from operate.import_file import import_file  # noqa: PLC0415

    try:
        import_file(HubHome(home), file, form, report_to=report, console=Console())
    except (HomeError, FileNotUsableError) as error:
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
def due(days: Annotated[int, typer.Option(min=0, help="How far to look ahead.")] = 30) -> None:
    """List the pages, rules and bank holidays that are to be checked soon."""
    from chalicelib.domain.dates import LONDON  # noqa: PLC0415
    from operate.due import UndatedError, print_due  # noqa: PLC0415

    try:
        print_due(ROOT, datetime.now(LONDON).date(), days, Console())
    except UndatedError as error:
        _refuse(error, 2)


def _refuse(error: Exception | str, status: int) -> NoReturn:
    print(error, file=sys.stderr)
    raise typer.Exit(status)


if __name__ == "__main__":
    app()

"""Commands for the people who run the hub; the Makefile calls them."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from operate.hub_home import HomeError, HubHome

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Home = Annotated[Path, typer.Option(help="Where the hub keeps its data.")]
Port = Annotated[int, typer.Option(min=1, max=65535)]
HOME = HubHome().folder


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
    from operate.children import ChildError  # noqa: PLC0415 -- other commands start sooner
    from operate.run import Ports  # noqa: PLC0415
    from operate.run import run as run_hub  # noqa: PLC0415
    from operate.stand_in import StandInError  # noqa: PLC0415

    try:
        run_hub(HubHome(home), Ports(public_port, staff_port), fresh=fresh, console=Console())
    except (HomeError, StandInError) as error:
        _refuse(error, 2)
    except ChildError as error:
        _refuse(error, 1)


@app.command()
def serve(audience: Audience, port: Port) -> None:
    """Answer as one stage; its settings are in the environment."""
    from operate.serve import serve as serve_stage  # noqa: PLC0415

    serve_stage(audience, port)


def _refuse(error: Exception, status: int) -> None:
    print(error, file=sys.stderr)
    raise typer.Exit(status)


if __name__ == "__main__":
    app()

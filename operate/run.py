"""The whole hub on this machine: stand-ins, both services, the demonstration force."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from rich.table import Table

from chalicelib.domain.access import AccessCode, grouped
from chalicelib.settings import PUBLIC, STAFF
from operate.children import Child, free_port, is_free
from operate.cloud import environ, prepare
from operate.demo_codes import renewed
from operate.hub_deps import deps_of, use_stand_in_account
from operate.hub_home import ROOT, HomeError, HubHome, Running
from operate.seed import is_loaded, load
from operate.serve import SITE, port_is_taken
from operate.stand_in import HOST, StandIn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    from rich.console import Console

    from operate.hub_home import DemoCode

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_SECONDS = 0.5
SHOWN_CODES = 5
PROVIDER_PATH = "/.well-known/openid-configuration"
SHELL = ROOT / "api" / "chalicelib" / "templates" / "built" / "shell.html"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the two services answer."""

    public: int
    staff: int


def run(home: HubHome, ports: Ports, *, fresh: bool, console: Console) -> None:
    """Bring up the hub, say how to try it, and stop everything when told to.

    Raises:
        HomeError, StandInError, ChildError: it cannot come up; the message says why.
        SystemExit: status 0 after a signal.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    _check_site()
    with home.claimed(), ExitStack() as stack:
        home.wait_for_old_stand_in()
        _check_ports(ports)
        children = _start(home, ports, stack, fresh=fresh)
        _show(home, console)
        while True:
            time.sleep(LOOK_SECONDS)
            for child in children:
                child.check()


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    # Pressed twice, it must not break off the stopping: the stand-in is writing its state.
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def _check_site() -> None:
    if not (SITE / "index.html").is_file() or not SHELL.is_file():
        raise HomeError("The site is not built yet. Build it first: make site")


def _check_ports(ports: Ports) -> None:
    if ports.public == ports.staff:
        raise HomeError("The two services need two different ports.")
    for port in (ports.public, ports.staff):
        if not is_free(port):
            raise HomeError(port_is_taken(port))


def _start(home: HubHome, ports: Ports, stack: ExitStack, *, fresh: bool) -> list[Child]:
    """Return the running processes but the stand-in, which starts first and stops last."""
    use_stand_in_account()
    # Without its list of codes the force was never loaded whole: begin again.
    if fresh or home.demo_codes() is None:
        home.forget_everything()
    stand_in = StandIn.start(home=home.stand_in)
    stack.callback(stand_in.stop)
    issuer_port = free_port()
    running = Running(
        endpoint=stand_in.endpoint,
        public=f"http://localhost:{ports.public}",
        staff=f"http://localhost:{ports.staff}",
        issuer=f"http://{HOST}:{issuer_port}",
    )
    prepare(running.endpoint)
    children = [
        _child(stack, home, "provider", ["operate.provider", str(issuer_port)], issuer_port, {}),
        _stage(stack, home, PUBLIC, ports.public, running),
        _stage(stack, home, STAFF, ports.staff, running),
    ]
    codes = _demonstration(home, running)
    for child, path in zip(children, (PROVIDER_PATH, "/health", "/health"), strict=True):
        child.wait_until_it_answers(path)
    home.say_running(running)
    home.say_how_to_try(running, codes)
    return children


def _stage(stack: ExitStack, home: HubHome, audience: str, port: int, running: Running) -> Child:
    settings = environ(
        audience,
        running.endpoint,
        public=running.public,
        staff=running.staff,
        issuer=running.issuer,
    )
    command = ["operate", "serve", audience, "--port", str(port)]
    return _child(stack, home, audience, command, port, settings)


def _child(
    stack: ExitStack,
    home: HubHome,
    name: str,
    command: list[str],
    port: int,
    settings: Mapping[str, str],
) -> Child:
    path = os.pathsep.join([str(ROOT / "api"), str(ROOT)])
    given = {**os.environ, "PYTHONPATH": path, **settings}
    child = Child.start(name, command, given, port=port, log=home.log(name))
    stack.callback(child.stop)
    return child


def _demonstration(home: HubHome, running: Running) -> list[DemoCode]:
    """Return codes that open the demonstration cases, loading the force if it is not there."""
    deps = deps_of(running.endpoint)
    kept = home.demo_codes()
    if kept is not None and is_loaded(deps):
        codes = renewed(deps, kept)
    else:
        home.forget_demo_codes()
        codes = load(deps)
    home.keep_demo_codes(codes)
    return codes


def _show(home: HubHome, console: Console) -> None:
    """Print addresses, some codes and whom to sign in as."""
    demo = home.how_to_try()
    table = Table("Reference", "Access code", "Victim", "Officer", title="Cases to open")
    for case in demo["cases"][:SHOWN_CODES]:
        code = grouped(AccessCode(case["code"]))
        table.add_row(case["reference"], code, case["victim"], case["officer"])
    console.print(
        f"\nFor victims  {demo['public']}\nFor staff    {demo['staff']}\n", highlight=False
    )
    console.print(table)
    people = Table("Sign in as", "Role", "Name", title="Staff")
    for person in demo["staff_sign_ins"]:
        people.add_row(person["sub"], person["role"].replace("_", " "), person["name"])
    console.print(people)
    console.print(f"More in {home.demo}. Ctrl-C stops everything; the data is kept.")

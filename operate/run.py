"""The whole hub on this machine: stand-ins, both services, the demonstration force."""

from __future__ import annotations

import logging
import os
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from chalicelib.domain.access import AccessCode, grouped
from chalicelib.domain.brake import minute_of
from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.services.send import send_due
from chalicelib.services.watch import look_after
from chalicelib.settings import PUBLIC, STAFF, Settings
from chalicelib.wiring import build_providers
from operate.children import Child, Place, free_port, is_free
from operate.cloud import environ, prepare
from operate.demo_codes import is_whole, renewed
from operate.hub_deps import deps_of, use_stand_in_account
from operate.hub_home import ROOT, STAND_IN_PATH, HomeError, HubHome, Running
from operate.seed import is_loaded, load
from operate.serve import SITE, port_is_taken
from operate.stand_in import HOST, StandIn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chalicelib.services.deps import Deps
    from chalicelib.services.ports import Provider
    from operate.hub_home import DemoCode
    from operate.stopping import Stop

LOOK_SECONDS = 0.5
SHOWN_CODES = 5
HEALTH_PATH = "/health"
PROVIDER_PATH = "/.well-known/openid-configuration"
SHELL = ROOT / "api" / "chalicelib" / "templates" / "built" / "shell.html"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the two services answer."""

    public: int
    staff: int


def run(home: HubHome, ports: Ports, stop: Stop, *, fresh: bool) -> None:
    """Bring up the hub in a folder that is claimed, and stop all of it when told to.

    Raises:
        HomeError, StandInError, ChildError: it cannot come up; the message says why.
    """
    console = Console()
    # What the jobs say for alarms is of no use to a person at a terminal; what failed is.
    logging.getLogger("hub").setLevel(logging.ERROR)
    _check_site()
    home.wait_for_old_stand_in()
    _check_ports(ports)
    with ExitStack() as stack:
        console.print("Starting the stand-ins and both services …")
        children = _start(home, ports, stack, fresh=fresh)
        stack.callback(_say_stopping, console)
        stop.check()
        _show(home, console)
        running = home.running()
        deps, providers = deps_of(running.endpoint), build_providers(_desk(home, running))
        watched = Watch(deps)
        sender = Sender(deps, providers, running.public)
        while True:
            stop.check()
            for child in children:
                child.check()
            watched.look_after_once_a_day()
            sender.send_once_a_minute()
            time.sleep(LOOK_SECONDS)


@dataclass(slots=True)
class Watch:
    """Does here what a scheduled job does on AWS: once a day, and when the hub comes up."""

    deps: Deps
    last_day: date | None = None

    def look_after_once_a_day(self) -> None:
        """Look after the promises if it was not done on this day yet."""
        today = self.deps.today()
        if today == self.last_day:
            return
        self.last_day = today
        # Tomorrow it is done again; whoever watches the hub sees a store that is gone.
        with suppress(StoreUnavailableError):
            look_after(self.deps)


@dataclass(slots=True)
class Sender:
    """Does here what the other job does on AWS, every minute: its messages go into a file."""

    deps: Deps
    providers: Mapping[str, Provider]
    home: str
    last_minute: int | None = None

    def send_once_a_minute(self) -> None:
        """Send what is due if it was not looked at in this minute yet."""
        minute = minute_of(self.deps.now())
        if minute == self.last_minute:
            return
        self.last_minute = minute
        # The next minute goes on from what is stored.
        with suppress(StoreUnavailableError):
            send_due(self.deps, self.providers, home=self.home)


def _say_stopping(console: Console) -> None:
    # Where the terminal itself was closed there is nobody to tell.
    with suppress(OSError):
        console.print("Stopping. The stand-in writes its data first …")


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
    """Return the processes that must go on running; the stand-in starts first and stops last."""
    use_stand_in_account()
    stand_in = _stand_in(home, stack, fresh=fresh)
    running = _addresses(stand_in, ports)
    prepare(running.endpoint)
    services = [
        _provider(stack, home, running),
        _stage(stack, home, PUBLIC, ports.public, running),
        _stage(stack, home, STAFF, ports.staff, running),
    ]
    codes = _demonstration(home, running)
    for service in services:
        service.wait_until_it_answers()
    home.say_running(running)
    home.say_how_to_try(running, codes)
    return [stand_in, *services]


def _stand_in(home: HubHome, stack: ExitStack, *, fresh: bool) -> Child:
    # Without a code for every case the force was never loaded whole, or is that of a release
    # with other cases, over which this one's cannot be loaded: begin again.
    if fresh or not is_whole(home.demo_codes()):
        home.forget_everything()
    started = StandIn.start(home=home.stand_in)
    stack.callback(started.stop)
    log = home.stand_in / "stand-in.log"
    return Child(Place("stand-in for AWS", started.port, STAND_IN_PATH, log), started.process)


def _addresses(stand_in: Child, ports: Ports) -> Running:
    return Running(
        endpoint=f"http://{HOST}:{stand_in.place.port}",
        public=f"http://localhost:{ports.public}",
        staff=f"http://localhost:{ports.staff}",
        issuer=f"http://{HOST}:{free_port()}",
    )


def _provider(stack: ExitStack, home: HubHome, running: Running) -> Child:
    port = int(running.issuer.rpartition(":")[2])
    place = Place("provider", port, PROVIDER_PATH, home.log("provider"))
    return _child(stack, place, ["operate.provider", str(port)], {})


def _stage(stack: ExitStack, home: HubHome, audience: str, port: int, running: Running) -> Child:
    settings = _environ(home, audience, running)
    place = Place(audience, port, HEALTH_PATH, home.log(audience))
    return _child(stack, place, ["operate", "serve", audience, "--port", str(port)], settings)


def _environ(home: HubHome, audience: str, running: Running) -> Mapping[str, str]:
    return environ(
        audience,
        running.endpoint,
        public=running.public,
        staff=running.staff,
        issuer=running.issuer,
        messages=str(home.messages),
    )


def _desk(home: HubHome, running: Running) -> Settings:
    return Settings.from_environ(_environ(home, STAFF, running))


def _child(
    stack: ExitStack, place: Place, command: list[str], settings: Mapping[str, str]
) -> Child:
    path = os.pathsep.join([str(ROOT / "api"), str(ROOT)])
    child = Child.start(place, command, {**os.environ, "PYTHONPATH": path, **settings})
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

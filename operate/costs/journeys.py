"""What each journey uses, measured at the demonstration force, on a stand-in of its own."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from operate.cloud import prepare
from operate.costs.data import function_mb
from operate.costs.force import Force, provider
from operate.costs.meter import Meter, other_clients
from operate.costs.volumes import Measured
from operate.costs.walk import Walk
from operate.demo_court import ALL_CASES
from operate.hub_deps import use_stand_in_account
from operate.hub_home import HomeError
from operate.run import SHELL
from operate.seed import load
from operate.serve import SITE
from operate.stand_in import StandIn

# The functions of the jobs; every other journey is of the two services.
JOBS = {
    "minute_idle": "every_minute",
    "minute_message": "every_minute",
    "morning": "every_morning",
}


def measure(index_in_transaction: float, site: Path = SITE) -> Measured:
    """Return what the journeys use, on a stand-in of their own with the demonstration force.

    Raises:
        HomeError: the site is not built.
        PageError: a page did not answer as its journey needs.
    """
    if not (site / "index.html").is_file() or not SHELL.is_file():
        raise HomeError("The site is not built yet. Build it first: make site")
    use_stand_in_account()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        stand_in = stack.enter_context(StandIn.started())
        prepare(stand_in.endpoint)
        issuer = stack.enter_context(provider(folder))
        meter = Meter(stand_in.endpoint, index_in_transaction=index_in_transaction)
        stack.enter_context(other_clients(meter))
        with meter.counting() as start:
            force = Force.of(stand_in.endpoint, issuer, meter, site)
        start.milliseconds = force.start_ms()
        codes = load(force.deps)
        items, stored = meter.bytes_kept()
        journeys = Walk(force, codes, folder).all()
        mb = {name: function_mb(JOBS.get(name, "")) for name in journeys}
        return Measured(journeys, mb, start, items, stored, victims())


def victims() -> int:
    """Return how many victims the demonstration force has."""
    return sum(len(case.victims) for case in ALL_CASES)

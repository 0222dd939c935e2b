"""Does Back ever show a case after leaving? Each way of leaving, tried many times (D9).

It is a race between the browser's memory for Back and us, so one run says nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from threading import Thread
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from chalicelib.settings import PUBLIC, Settings
from chalicelib.wiring import build_deps, create_app
from operate.cloud import environ, prepare
from operate.gateway import Stage
from operate.hub_deps import use_stand_in_account
from operate.leaving import NEUTRAL_HOST, WAYS, OpenWith, browser_options, seen_after
from operate.neutral_site import neutral_site
from operate.seed import load
from operate.serve import SITE
from operate.site_files import SiteFiles
from operate.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser

    from chalicelib.services.deps import Deps
    from operate.leaving import Way

RUNS = 50


@dataclass(frozen=True, slots=True)
class Left:
    """How often Back showed something of a case."""

    way: str
    runs: int
    shown: int

    def __str__(self) -> str:
        """Return a line for the terminal."""
        return f"back after {self.way}: the case was seen in {self.shown} of {self.runs} runs"


def bench_exit(runs: int = RUNS) -> None:
    """Print for each way of leaving how often a demonstration case was seen again."""
    use_stand_in_account()
    with StandIn.started() as stand_in:
        prepare(stand_in.endpoint)
        with _public_service(stand_in.endpoint) as (origin, deps):
            cases = [OpenWith(origin, code.reference, code.code) for code in load(deps)]
            for left in measure_leaving(cases, runs):
                print(left)


def measure_leaving(cases: Sequence[OpenWith], runs: int) -> Iterator[Left]:
    """Give for each way of leaving how often something of a case was seen again."""
    with neutral_site(NEUTRAL_HOST) as rule, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**browser_options(rule))
        for way in WAYS:
            yield _measure(browser, way, cases, runs)
        browser.close()


def _measure(browser: Browser, way: Way, cases: Sequence[OpenWith], runs: int) -> Left:
    each = islice(cycle(cases), runs)
    return Left(way.name, runs, sum(bool(seen_after(browser, way, case)) for case in each))


@contextmanager
def _public_service(endpoint: str) -> Iterator[tuple[str, Deps]]:
    """Serve the public stage in this process; give its origin and what it works with."""
    built: list[tuple[Settings, Deps]] = []
    stage = Stage(create_app(PUBLIC, lambda: built[0]), SiteFiles(SITE), 0)
    origin = f"http://localhost:{stage.server.server_port}"
    given = environ(PUBLIC, endpoint, public=origin, staff=origin, issuer=origin)
    settings = Settings.from_environ(given)
    built.append((settings, build_deps(settings)))
    serving = Thread(target=stage.serve_forever, daemon=True)
    serving.start()
    try:
        yield origin, built[0][1]
    finally:
        stage.shutdown()
        stage.server.server_close()
        serving.join()

"""Both services in this process over a stand-in, as packaged, for whoever measures them."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.settings import PUBLIC, STAFF, Settings
from chalicelib.wiring import build_deps, create_app
from operate.children import Child, Place, free_port
from operate.cloud import environ
from operate.hub_home import ROOT
from operate.run import PROVIDER_PATH
from operate.stand_in import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chalicelib.application import Application
    from chalicelib.services.deps import Deps
    from operate.costs.meter import Meter

PUBLIC_ORIGIN, STAFF_ORIGIN = "http://localhost:8000", "http://localhost:8001"
STARTS = 2
START_CODE = (
    "import time; began = time.perf_counter(); import app; app.app.parts; "
    "print((time.perf_counter() - began) * 1000)"
)


@contextmanager
def provider(folder: Path) -> Iterator[str]:
    """Give the address of a provider that staff sign in with."""
    port = free_port()
    place = Place("provider", port, PROVIDER_PATH, folder / "provider.log")
    path = os.pathsep.join([str(ROOT / "api"), str(ROOT)])
    child = Child.start(place, ["operate.provider", str(port)], {**os.environ, "PYTHONPATH": path})
    try:
        child.wait_until_it_answers()
        yield f"http://{HOST}:{port}"
    finally:
        child.stop()


@dataclass(frozen=True)
class Force:
    """Both services over one stand-in, as they are packaged, and who measures them."""

    deps: Deps
    settings: Mapping[str, Settings]
    environs: Mapping[str, Mapping[str, str]]
    meter: Meter
    site: Path

    @classmethod
    def of(cls, endpoint: str, issuer: str, meter: Meter, site: Path) -> Force:
        """Return both services over the stand-in at this address."""
        environs = {
            audience: environ(
                audience, endpoint, public=PUBLIC_ORIGIN, staff=STAFF_ORIGIN, issuer=issuer
            )
            for audience in (PUBLIC, STAFF)
        }
        settings = {name: Settings.from_environ(given) for name, given in environs.items()}
        return cls(build_deps(settings[STAFF]), settings, environs, meter, site)

    @cached_property
    def public(self) -> Application:
        """Return the public service."""
        return create_app(PUBLIC, lambda: (self.settings[PUBLIC], self.deps))

    @cached_property
    def staff(self) -> Application:
        """Return the desk."""
        return create_app(STAFF, lambda: (self.settings[STAFF], self.deps))

    def start_ms(self) -> float:
        """Return how long a new process of the larger service takes until it could answer."""
        path = os.pathsep.join([str(ROOT / "api"), str(ROOT)])
        given = {**os.environ, **self.environs[STAFF], "PYTHONPATH": path}
        command = [sys.executable, "-W", "ignore", "-c", START_CODE]
        # The quickest of them: what else the machine does only ever adds.
        return min(
            float(subprocess.run(command, env=given, capture_output=True, check=True).stdout)
            for _ in range(STARTS)
        )

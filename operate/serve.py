"""One stage as a process of its own: `python -m operate serve public --port 8000`."""

from __future__ import annotations

import importlib
import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from chalicelib.settings import STAFF
from operate.gateway import Stage
from operate.site_files import SiteFiles

if TYPE_CHECKING:
    from types import FrameType

ROOT = Path(__file__).parent.parent
SITE = ROOT / "site"


def serve(audience: str, port: int) -> None:
    """Answer requests until SIGTERM; the settings of the stage are in the environment.

    Raises:
        SystemExit: status 2, after a sentence, when the port is taken.
    """
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("hub").setLevel(logging.INFO)
    signal.signal(signal.SIGTERM, _stop)
    app = importlib.import_module("app").app
    site = SiteFiles(SITE, under="assets" if audience == STAFF else "")
    try:
        stage = Stage(app, site, port)
    except OSError:
        print(port_is_taken(port), file=sys.stderr)
        raise SystemExit(2) from None
    # Settings and keys are read now, so that the first person does not wait for them.
    _ = app.parts
    stage.serve_forever()


def port_is_taken(port: int) -> str:
    """Return what a person at the terminal is told."""
    return (
        f"Port {port} is in use. Stop what listens there, or choose another one: "
        "make run PUBLIC_PORT=8010 STAFF_PORT=8011"
    )


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)

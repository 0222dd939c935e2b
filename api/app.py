"""The entry of one stage: which audience, and that is all."""

import os

from chalicelib.services.deps import Deps
from chalicelib.settings import PUBLIC, Settings
from chalicelib.wiring import build_deps, create_app


def build() -> tuple[Settings, Deps]:
    """Return settings and dependencies; called by the first request, never while packaging."""
    settings = Settings.from_environ()
    return settings, build_deps(settings)


app = create_app(os.environ.get("HUB_AUDIENCE", PUBLIC), build)

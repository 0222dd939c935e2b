"""The dependencies of a command that works on the hub of this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from chalicelib.settings import PUBLIC, Settings
from chalicelib.wiring import build_deps
from operate.cloud import environ
from operate.stand_in import ACCOUNT

if TYPE_CHECKING:
    from chalicelib.services.deps import Deps


def deps_of(endpoint: str) -> Deps:
    """Return stores, keys and clock over the stand-in at this address."""
    use_stand_in_account()
    nowhere = "http://localhost"
    settings = environ(PUBLIC, endpoint, public=nowhere, staff=nowhere, issuer=nowhere)
    return build_deps(Settings.from_environ(settings))


def use_stand_in_account() -> None:
    """Let clients of AWS in this process use the stand-in's account, and no proxy on the way."""
    os.environ.update(ACCOUNT)
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1", "localhost"]))

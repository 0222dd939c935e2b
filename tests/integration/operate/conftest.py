"""Both services behind their gateway, on a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.settings import PUBLIC, STAFF
from chalicelib.wiring import create_app
from operate.serve import SITE
from operate.site_files import SiteFiles
from tests.integration.operate.wire import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.services.deps import Deps
    from chalicelib.settings import Settings


@pytest.fixture(scope="module")
def public(built: dict[str, tuple[Settings, Deps]]) -> Iterator[int]:
    """The port of the public service."""
    with served(create_app(PUBLIC, lambda: built[PUBLIC]), SiteFiles(SITE)) as port:
        yield port


@pytest.fixture(scope="module")
def staff(built: dict[str, tuple[Settings, Deps]]) -> Iterator[int]:
    """The port of the desk."""
    with served(create_app(STAFF, lambda: built[STAFF]), SiteFiles(SITE, under="assets")) as port:
        yield port

"""The built site as fixtures."""

from pathlib import Path

import pytest

from tests.site.built_site import PATHS, SITE, BuiltPage, read_page


@pytest.fixture(params=PATHS, ids=lambda path: path.relative_to(SITE).as_posix())
def page(request: pytest.FixtureRequest) -> BuiltPage:
    """Each page of the built site in turn."""
    return read_page(request.param)


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site."""
    return SITE


@pytest.fixture(scope="session")
def addresses() -> set[str]:
    """Every address that the built site answers."""
    files = (path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file())
    return {f"/{name}".removesuffix("index.html") for name in files}


@pytest.fixture(scope="session")
def ids_of() -> dict[str, set[str]]:
    """The ids that each page offers to links."""
    return {page.address: set(page.values("id")) for page in map(read_page, PATHS)}

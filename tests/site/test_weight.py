"""What a visit transfers: bytes are exact, so they may fail a test."""

import gzip
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tests.site.built_site import BuiltPage

KB = 1000
# Far under the promised 90 and 40, so that a heavier page is noticed long before that.
PAGE, SCRIPT = 16 * KB, 3 * KB
SEARCH_PAGE, SEARCH_SCRIPT = 85 * KB, 32 * KB
# What the search page's script asks for when it is used.
ASKED_BY_SEARCH = (
    "assets/javascripts/search-worker.js",
    "search/lunr.js",
    "search/search_index.json",
)


def zipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), mtime=0))


def fetched_by(page: BuiltPage, site: Path) -> set[Path]:
    """Return the files that a browser fetches for a page, the page itself included."""
    named = page.values("src") + [link.get("href", "") for link in page.tree.iter("link")]
    paths = {urlsplit(urljoin(f"http://here{page.address}", each)).path for each in named}
    own = page.address + ("index.html" if page.address.endswith("/") else "")
    return {site / path.lstrip("/") for path in {own, *paths}}


def test_a_first_visit_is_light(page: BuiltPage, site: Path) -> None:
    files = fetched_by(page, site)
    most, most_script = (PAGE, SCRIPT)
    if page.address == "/search/":
        files |= {site / name for name in ASKED_BY_SEARCH}
        most, most_script = (SEARCH_PAGE, SEARCH_SCRIPT)
    assert sum(map(zipped, files)) <= most
    assert sum(zipped(file) for file in files if file.suffix == ".js") <= most_script


def test_pictures_are_in_the_page_or_small(page: BuiltPage, site: Path) -> None:
    for picture in page.tree.iter("img"):
        path = urlsplit(urljoin(f"http://here{page.address}", picture.get("src", ""))).path
        assert (site / path.lstrip("/")).stat().st_size < 15 * KB

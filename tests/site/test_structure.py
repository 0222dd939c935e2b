"""How pages hang together: where each belongs, how it is reached, how it ends."""

import re
from collections import defaultdict
from urllib.parse import urljoin, urlsplit

import pytest

from tests.site.built_site import MARKDOWN, PATHS, BuiltPage, address_of, front_matter, read_page
from tests.site.words import main_of
from tests.unit.rules.test_words import NAMES_OF_CRIMES

WRITTEN = {address_of(source): source for source in MARKDOWN}
# The pages that open the seven parts of the menu, and the two that are reached from the foot.
FIRST_OF_PART = {
    "/", "/check-your-case/", "/what-happens/", "/your-situation/", "/your-rights/",
    "/help-at-court/", "/get-support/", "/easy-read/", "/about/",
}  # fmt: skip
MENU_ENTRIES, CLICKS = 7, 3
PATHS_BY_ADDRESS = {read_page(path).address: path for path in PATHS}
ENDS = ["What to do next", "Someone to talk to"]
SITUATION = ["What to do first", "In Staffordshire", "What you are owed", "Good to know"]


@pytest.fixture(scope="session")
def links() -> dict[str, set[str]]:
    """The pages of this site that each page leads to."""
    found: dict[str, set[str]] = defaultdict(set)
    for page in map(read_page, PATHS):
        for link in page.tree.iter("a"):
            there = urlsplit(urljoin(f"http://here{page.address}", link.get("href", "")))
            if there.netloc == "here" and there.path in WRITTEN:
                found[page.address].add(there.path)
    return found


def test_every_page_is_three_clicks_from_home_without_search_or_index(
    links: dict[str, set[str]],
) -> None:
    reached, edge = {"/"}, {"/"}
    for _ in range(CLICKS):
        edge = {there for page in edge - {"/a-to-z/"} for there in links[page]} - reached
        reached |= edge
    assert set(WRITTEN) - reached == set()


def test_every_page_is_in_the_a_to_z() -> None:
    listed = {
        urlsplit(urljoin("http://here/a-to-z/", link.get("href", ""))).path
        for part in main_of(read_page(PATHS_BY_ADDRESS["/a-to-z/"])).iter("ul")
        if part.get("class") == "hub-terms"
        for link in part.iter("a")
    }
    assert listed == set(WRITTEN)


def test_the_a_to_z_is_in_order_and_finds_other_words(page: BuiltPage) -> None:
    if page.address != "/a-to-z/":
        return
    terms = [
        "".join(li.itertext()).strip()
        for ul in page.tree.iter("ul")
        if ul.get("class") == "hub-terms"
        for li in ul
    ]
    assert terms == sorted(terms, key=str.casefold)
    assert {"Bail", "Crime number", "Epilepsy", "NFA", "TV link"} <= set(terms)
    assert len(terms) == len(set(terms))


def test_the_menu_has_so_many_entries_as_a_person_can_hold_in_mind(page: BuiltPage) -> None:
    (menu,) = [nav for nav in page.tree.iter("nav") if nav.get("aria-label") == "Main"]
    entries = [li for ul in menu.iter("ul") if ul.get("class") != "hub-tools" for li in ul]
    assert len(entries) == MENU_ENTRIES
    tools = [
        a.get("href", "")
        for ul in menu.iter("ul")
        if ul.get("class") == "hub-tools"
        for a in ul.iter("a")
    ]
    assert [urljoin(page.address, href) for href in tools] == ["/easy-read/", "/search/"]


def test_a_page_says_where_it_belongs(page: BuiltPage) -> None:
    places = [each for each in page.tree.iter("p") if each.get("class") == "hub-where"]
    if page.address not in WRITTEN or page.address in FIRST_OF_PART:
        assert not places
        return
    (link,) = places[0].iter("a")
    assert urljoin(page.address, link.get("href", "")) in FIRST_OF_PART


@pytest.mark.parametrize(("part", "steps"), [("what-happens", 12), ("help-at-court", 7)])
def test_a_journey_leads_from_page_to_page_and_back(part: str, steps: int) -> None:
    index = read_page(PATHS_BY_ADDRESS[f"/{part}/"])
    (listed,) = [ol for ol in index.tree.iter("ol") if "hub-pages--steps" in ol.get("class", "")]
    order = [urljoin(index.address, link.get("href", "")) for link in listed.iter("a")]
    assert len(order) == len(set(order)) == steps
    for number, address in enumerate(order):
        page = read_page(PATHS_BY_ADDRESS[address])
        near = {
            link.get("rel"): urljoin(address, link.get("href", ""))
            for link in page.tree.iter("a")
            if link.get("rel") in ("prev", "next")
        }
        wanted = {"prev": order[number - 1]} if number else {}
        assert near == wanted | ({"next": order[number + 1]} if number + 1 < steps else {})
        assert f"<span>{number + 1} of {steps}</span>" in page.text


def test_every_page_ends_with_what_to_do_and_whom_to_talk_to(page: BuiltPage) -> None:
    if page.address in WRITTEN:
        assert page.texts("h2")[-2:] == ENDS
        last = page.text.split("Someone to talk to</h2>")[1].split("hub-sources")[0]
        assert "tel:" in last or "https://" in last


@pytest.mark.parametrize(
    "address", [address for address in WRITTEN if address.startswith("/your-situation/")]
)
def test_a_situation_is_told_in_the_same_order(address: str) -> None:
    if address != "/your-situation/":
        assert read_page(PATHS_BY_ADDRESS[address]).texts("h2") == SITUATION + ENDS


def test_no_address_and_no_place_in_a_page_names_a_crime(page: BuiltPage) -> None:
    assert not NAMES_OF_CRIMES.search(page.address)
    for href in page.values("href"):
        there = urlsplit(urljoin(f"http://here{page.address}", href))
        if there.netloc == "here":
            assert not NAMES_OF_CRIMES.search(f"{there.path}#{there.fragment}"), href


def test_no_title_that_a_browser_keeps_names_a_crime(page: BuiltPage) -> None:
    (title,) = page.texts("title")
    assert not NAMES_OF_CRIMES.search(title)
    descriptions = [
        each.get("content", "")
        for each in page.tree.iter("meta")
        if each.get("name") == "description"
    ]
    if page.address in WRITTEN and front_matter(WRITTEN[page.address]).get("tab_title"):
        assert not NAMES_OF_CRIMES.search(" ".join(descriptions))


def test_titles_are_all_different() -> None:
    titles = [read_page(path).texts("title")[0] for path in PATHS]
    assert len(titles) == len(set(titles))


def test_a_number_to_call_is_a_link_and_never_the_only_way_named_first(page: BuiltPage) -> None:
    for ways in page.tree.iter("ul"):
        lines = [" ".join("".join(li.itertext()).split()) for li in ways]
        online = [number for number, line in enumerate(lines) if line.startswith("Online:")]
        phones = [number for number, line in enumerate(lines) if re.match(r"Phone: ", line)]
        if online and phones:
            assert online[0] < phones[0]

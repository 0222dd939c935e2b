"""What must be true of each page of the built site."""

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from overrides.words.directory import DRAWINGS
from tests.site.built_site import MARKDOWN, ROOT, BuiltPage, address_of, front_matter, read_page

SERVICE = {"/case/open", "/case/exit", "/figures", "/what-might-help", "/check-a-message"}
# What stands at the head of a page; a key that nothing reads is a typing mistake.
KNOWN_KEYS = {
    "also", "any_time", "contents", "description", "easy", "easy_read", "found", "found_by",
    "full_version", "ordered", "review_by", "reviewed_on", "sources", "tab_title", "template",
    "title",
}  # fmt: skip
SERVICES = (ROOT / "api/chalicelib/rules/services.toml").read_text(encoding="utf-8")
TABS = {address_of(source): front_matter(source).get("tab_title") for source in MARKDOWN}


def test_every_page_that_is_written_is_published(addresses: set[str]) -> None:
    assert len(MARKDOWN) >= 45
    assert set(map(address_of, MARKDOWN)) <= addresses
    assert {"/404.html", "/500.html", "/503.html"} <= addresses


def test_the_shell_of_the_service_is_not_published(site: Path, addresses: set[str]) -> None:
    assert not [address for address in addresses if "shell" in address]
    assert "shell" not in (site / "sitemap.xml").read_text(encoding="utf-8")


def test_a_page_says_its_language(page: BuiltPage) -> None:
    assert page.tree.get("lang") == "en-GB"


def test_a_page_has_one_main_heading_and_its_title_begins_with_it(page: BuiltPage) -> None:
    (heading,) = page.texts("h1")
    (title,) = page.texts("title")
    assert heading
    assert title.startswith(TABS.get(page.address) or heading)


def test_headings_go_down_one_level_at_a_time(page: BuiltPage) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", page.text)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_page_has_one_visible_way_out_at_the_same_place(page: BuiltPage) -> None:
    (header,) = page.tree.iter("header")
    (link,) = [each for each in header.iter("a") if each.get("data-exit")]
    assert link.get("href") == "/case/exit"
    assert link.get("rel") == "nofollow noreferrer"
    assert urlsplit(link.get("data-exit", "")).scheme == "https"
    assert len(page.values("data-exit")) == 1


def test_the_first_two_links_skip_to_the_words_and_leave(page: BuiltPage) -> None:
    first, second = list(page.tree.iter("a"))[:2]
    assert first.get("href") == "#main"
    assert second.get("href") == "/case/exit"
    assert [each.get("id") for each in page.tree.iter("main")] == ["main"]


def test_the_emergency_line_stands_outside_main(page: BuiltPage) -> None:
    (aside,) = page.tree.iter("aside")
    assert "In danger now? Call 999." in "".join(aside.itertext())
    assert "press 55 when asked" in "".join(aside.itertext())
    (main,) = page.tree.iter("main")
    assert "In danger now? Call 999." not in "".join(main.itertext())


def test_the_foot_of_a_page_has_101_and_the_day_it_was_checked(page: BuiltPage) -> None:
    (footer,) = page.tree.iter("footer")
    words = "".join(footer.itertext())
    assert "101" in words
    assert re.search(r"Checked on \d{1,2} [A-Z][a-z]+ 20\d\d", words)


def test_nothing_is_fetched_from_another_site(page: BuiltPage) -> None:
    fetched = page.values("src") + [
        each.get("href", "") for each in page.tree.iter("link") if each.get("href")
    ]
    assert fetched
    assert not [address for address in fetched if urlsplit(address).netloc]


def test_a_page_has_no_inline_script_style_or_handler(page: BuiltPage) -> None:
    assert all(each.get("src") for each in page.tree.iter("script"))
    assert not list(page.tree.iter("style"))
    names = {name for each in page.tree.iter() for name in each.attrib}
    assert not [name for name in names if name == "style" or name.startswith("on")]


def test_the_only_script_is_the_way_out(page: BuiltPage) -> None:
    search = ["search.js"] if page.address == "/search/" else []
    assert [Path(each).name for each in page.values("src")] == ["exit.js", *search]


def test_every_link_leads_somewhere(
    page: BuiltPage, addresses: set[str], ids_of: dict[str, set[str]]
) -> None:
    for href in page.values("href"):
        if href.startswith("tel:"):
            assert re.fullmatch(r"tel:(0[0-9]{7,10}|1[0-9]{2,5})", href)
            continue
        if href.startswith("mailto:"):
            assert href.removeprefix("mailto:") in SERVICES
            continue
        there = urlsplit(urljoin(f"http://here{page.address}", href))
        if there.netloc != "here":
            assert there.scheme == "https"
        elif there.path not in SERVICE:
            assert there.path in addresses, href
            assert not there.fragment or there.fragment in ids_of[there.path], href


def test_error_pages_work_at_any_depth(site: Path) -> None:
    for name in ("404.html", "500.html", "503.html"):
        text = (site / name).read_text(encoding="utf-8")
        local = re.findall(r'(?:href|src)="([^"]+)"', text)
        assert all(address.startswith(("/", "#")) for address in local)


def test_the_exit_script_is_small(site: Path) -> None:
    assert (site / "assets/javascripts/exit.js").stat().st_size < 4096


@pytest.mark.parametrize("source", MARKDOWN, ids=address_of)
def test_a_page_says_when_it_was_checked_and_what_it_rests_on(source: Path) -> None:
    front = front_matter(source)
    assert set(front) <= KNOWN_KEYS
    assert front["title"]
    assert re.fullmatch(r"[^.!?]+\.( [^.!?]+\.)?", front["description"])
    assert isinstance(front["reviewed_on"], date)
    assert timedelta(0) < front["review_by"] - front["reviewed_on"] <= timedelta(days=92)
    assert front["sources"]
    assert all(each.startswith("https://") for each in front["sources"])


@pytest.mark.parametrize("area", ["staffordshire", "national"])
def test_every_service_has_the_day_it_was_checked(site: Path, area: str) -> None:
    page = read_page(site / f"get-support/{area}/index.html")
    cards = [each for each in page.tree.iter("dl") if each.get("class") == "hub-summary"]
    assert len(cards) == len(page.texts("h2")) - 2
    for card in cards:
        names = ["".join(each.itertext()) for each in card.iter("dt")]
        assert names[-1] == "Checked on"
        assert {"Phone", "Website", "How to find it", "Online chat or form"} & set(names)


def test_every_service_is_on_one_of_the_two_pages(site: Path) -> None:
    listed = [
        heading.replace("’", "'")
        for area in ("staffordshire", "national")
        for heading in read_page(site / f"get-support/{area}/index.html").texts("h2")[:-2]
    ]
    assert sorted(listed) == sorted(re.findall(r'^name = "(.+)"$', SERVICES, re.MULTILINE))


def test_every_picture_is_shown_somewhere() -> None:
    words = "".join(source.read_text(encoding="utf-8") for source in MARKDOWN)
    named = set(re.findall(r"pictures/([a-z-]+)\.svg", words))
    named |= {name for drawings in DRAWINGS.values() for name in drawings}
    assert named == {picture.stem for picture in (ROOT / "docs/pictures").iterdir()}


@pytest.mark.parametrize(
    "picture", sorted((ROOT / "docs/pictures").iterdir()), ids=lambda path: path.stem
)
def test_a_picture_takes_its_colours_from_the_page(picture: Path) -> None:
    drawing = picture.read_text(encoding="utf-8")
    assert drawing.startswith("<svg xmlns=")
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawing)) <= {"currentColor", "none"}
    assert not re.search(r"\b(id|class|style|href)=|<(style|script|title|image)", drawing)
    assert not re.search(r"<svg[^>]* (width|height)=", drawing)

"""Plain words: how hard each page is to read, and which words are not used."""

import re
from statistics import median
from urllib.parse import urljoin

import pytest

from tests.site.built_site import PATHS, BuiltPage, read_page
from tests.site.words import blocks_of, grade_of, main_of, prose_of, sentences_of

MEDIAN_GRADE, HARDEST_GRADE = 6, 8
LONGEST_SENTENCE_WORDS = 25
# Where a word is used as courts use it.
COURT_PAGES = ("/help-at-court/", "/what-happens/on-the-day/", "/what-happens/verdict/")
LATIN = r"\be\.?g\b|\bi\.?e\b|\betc\b|\bvia\b|\bper se\b|\bvice versa\b|\bad hoc\b|\bpro bono\b"
BANNED = re.compile(
    rf"\bclaim(s|ed|ing)? (that|to have|it)\b|\bclaims\b|click here|entitled to a (screen|link)|"
    rf"right to a (screen|link)|will be given a (screen|link)|\binvalid\b|leaves no trace|"
    rf"\bsavana\b|delete all your history|untraceable|anonymous visit|{LATIN}",
    re.IGNORECASE,
)
ALLEGED = re.compile(r"\balleg(e|ed|es|ing|edly)\b", re.IGNORECASE)


def words_of(page: BuiltPage) -> str:
    return " ".join(blocks_of(main_of(page), tables=True))


def test_half_of_the_pages_can_be_read_with_six_years_of_school() -> None:
    grades = [grade_of(prose_of(read_page(path))) for path in PATHS]
    assert median(grades) <= MEDIAN_GRADE


def test_no_page_is_hard_to_read(page: BuiltPage) -> None:
    assert grade_of(prose_of(page)) <= HARDEST_GRADE


def test_no_sentence_is_long(page: BuiltPage) -> None:
    sentences = [one for block in blocks_of(main_of(page)) for one in sentences_of(block)]
    assert sentences
    assert [one for one in sentences if len(one.split()) > LONGEST_SENTENCE_WORDS] == []


def test_words_that_blame_or_promise_too_much_are_not_used(page: BuiltPage) -> None:
    (title,) = page.texts("title")
    words = f"{title} {words_of(page)}"
    assert BANNED.findall(words) == []
    if not page.address.startswith(COURT_PAGES):
        assert ALLEGED.findall(words) == []


@pytest.mark.parametrize(
    "words",
    [
        "She claims that he did",
        "Click here",
        "You are entitled to a screen",
        "Call us, e.g. at night",
    ],
)
def test_the_list_of_words_finds_them(words: str) -> None:
    assert BANNED.search(words)


def test_an_easy_read_page_has_one_short_idea_a_line_each_with_a_picture(page: BuiltPage) -> None:
    if not page.address.startswith("/easy-read/"):
        return
    ideas = [each for each in page.tree.iter("div") if each.get("class") == "hub-idea"]
    assert len(ideas) >= 10
    for idea in ideas:
        assert [child.tag.rpartition("}")[2] for child in idea] == ["svg", "p"]
        assert idea[0].get("aria-hidden") == "true"
        words = "".join(idea.itertext()).split()
        assert 2 <= len(words) <= 25, words


def test_a_page_in_easy_read_and_its_full_form_lead_to_each_other() -> None:
    leads = {page.address: other_form_of(page) for page in map(read_page, PATHS)}
    easy = {address: there for address, there in leads.items() if "/easy-read/" in address}
    assert len(easy) == 5
    for address, full in easy.items():
        # The home page names its Easy read in its list and in the head of every page.
        assert full == "/" if address == "/easy-read/" else leads[full] == address


def other_form_of(page: BuiltPage) -> str:
    """Return where a page says that it stands in the other form, or nothing."""
    links = [
        link
        for place in page.tree.iter("p")
        if place.get("class") == "hub-other"
        for link in place.iter("a")
    ]
    return urljoin(page.address, links[0].get("href", "")) if links else ""

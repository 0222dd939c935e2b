"""Every number on a page stands in a data file, and is the one that stands there."""

import re
from pathlib import Path

import pytest

from tests.site import figures
from tests.site.built_site import MARKDOWN, SITE, BuiltPage, address_of, read_page
from tests.site.words import blocks_of, main_of

# A number with its unit, typed into the words of a page and not taken from the data.
TYPED = re.compile(rf"\b(\d+|one|two|three|five|ten|twenty) ({figures.UNITS})s?\b", re.IGNORECASE)
CODE = ("code_limits", "code_limit")
STANDARD, ENHANCED = "standard_working_days", "enhanced_working_days"


def words_of(page: BuiltPage) -> str:
    return " ".join(blocks_of(main_of(page), tables=True))


def page_at(address: str) -> str:
    return words_of(read_page(SITE / address.strip("/") / "index.html"))


def test_every_number_stands_in_a_data_file(page: BuiltPage) -> None:
    assert figures.unknown_in(words_of(page)) == []


@pytest.mark.parametrize(
    "words",
    [
        "within 7 working days",
        "within 5 weeks",
        "Call 0800 123 4567.",
        "Call 01632 960999.",
        "until 4 July 2031",
        "from 6:15am on",
        "section 44",
        "within three months",
        "1 working days or 6 working days",
    ],
)
def test_a_number_that_stands_nowhere_is_found(words: str) -> None:
    assert figures.unknown_in(f"You hear from us. {words} Ask by when.") != []


@pytest.mark.parametrize("words", ["5 working days", "08 08 16 89 111", "18001 101", "press 55"])
def test_a_number_of_the_data_is_known(words: str) -> None:
    assert figures.unknown_in(words) == []


@pytest.mark.parametrize("source", MARKDOWN, ids=address_of)
def test_no_limit_is_typed_into_a_page(source: Path) -> None:
    words = source.read_text(encoding="utf-8").split("---\n", 2)[2]
    typed = [
        hit[0] for hit in TYPED.finditer(words) if hit[0].lower() not in ("one time", "one day")
    ]
    assert typed == []


@pytest.mark.parametrize(
    ("address", "file", "kind", "key", "written"),
    [
        ("/what-happens/no-further-action/", "limits", "limit", "review.ask", "3 months"),
        ("/your-rights/compensation/", "figures", "figure", "compensation.apply", "2 years"),
        ("/your-rights/complain/", "figures", "figure", "complaint.review", "28 days"),
        ("/what-happens/verdict/", "figures", "figure", "sentence.review", "28 days"),
        ("/what-happens/verdict/", "figures", "figure", "court_results.send", "5 working days"),
        ("/what-happens/suspect/", "figures", "figure", "bail.first", "3 months"),
        ("/what-happens/suspect/", "figures", "figure", "bail.superintendent", "9 months"),
        ("/help-at-court/who-decides/", "figures", "figure", "measures.apply_crown",
         "10 business days"),
        ("/help-at-court/who-decides/", "figures", "figure", "measures.apply_magistrates",
         "20 business days"),
        ("/help-at-court/too-unwell/", "figures", "figure", "statement.object", "5 business days"),
        ("/check-your-case/", "limits", "limit", "contact.reply", "5 working days"),
        ("/easy-read/your-rights/", "limits", "limit", "review.ask", "3 months"),
    ],
)  # fmt: skip
def test_a_page_prints_the_limit_of_the_data(
    address: str, file: str, kind: str, key: str, written: str
) -> None:
    assert figures.amount(file, kind, key) == written
    assert written in page_at(address)


@pytest.mark.parametrize("address", ["/what-happens/suspect/", "/what-happens/waiting/"])
def test_news_of_an_arrest_is_told_within_the_limits_of_the_code(address: str) -> None:
    row = figures.row(*CODE, "suspect_arrested")
    assert (row[STANDARD], row[ENHANCED]) == (5, 1)
    assert f"within {row[STANDARD]} working days, or 1 working day" in page_at(address)


def table_rows() -> dict[str, list[str]]:
    """Return what the table of events says of each."""
    page = read_page(SITE / "your-rights/when-you-are-told/index.html")
    return {
        (next(row.iter("th")).text or "").strip(): [
            " ".join("".join(td.itertext()).split()) for td in row.iter("td")
        ]
        for row in page.tree.iter("tr")
        if next(row.iter("th")).get("scope") == "row"
    }


def test_the_table_of_events_is_the_data_row_for_row() -> None:
    shown = table_rows()
    rows = figures.rows(*CODE)
    part = {3: 0, 4: 0, 6: 1, 8: 2, 9: 3}
    in_order = sorted(rows, key=lambda row: part.get(row["right"], 4))
    assert list(shown) == [row["plain"] for row in in_order]
    for row in rows:
        cells = shown[row["plain"]]
        # One cell for both where they say the same.
        cells = cells * 2 if len(cells) == 1 else cells
        assert len(set(cells)) == len(shown[row["plain"]])
        for cell, key in zip(cells, (STANDARD, ENHANCED), strict=True):
            days = row.get(key)
            words = f"{days} working day{'' if days == 1 else 's'}"
            if days and row["trust"] in "AB":
                assert cell == words
            elif days and row["who_tells"] in ("police", "police or CPS", "WCU"):
                assert cell == f"We aim for {words}"
            else:
                assert cell == "Ask by when"


def test_the_worked_example_ends_on_the_day_that_counting_by_hand_gives() -> None:
    words = page_at("/your-rights/when-you-are-told/")
    start = figures.row("figures", "example", "told_of_arrest")["day"]
    assert f"{start:%A} {start.day} {start:%B %Y}: it happens" in words
    for days in (5, 1):
        due = figures.slow_working_day(start, days)
        assert f"{due:%A} {due.day} {due:%B %Y}: working day {days}. This is the last day." in words


def test_the_last_day_for_a_review_is_the_one_that_counting_by_hand_gives() -> None:
    told = figures.row("figures", "example", "told_of_decision")["day"]
    last = figures.slow_months_later(told, 3)
    words = page_at("/what-happens/no-further-action/")
    assert f"The last day to ask is {last:%A} {last.day} {last:%B %Y}." in words

"""The words of a built page, apart from what frames them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import textstat

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from tests.site.built_site import BuiltPage

BLOCKS = {"p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "summary", "figcaption"}
# What every page has in the same form, and where a page says on which addresses it rests.
FRAME = {"hub-where", "hub-other", "hub-sources", "hub-neighbours", "hub-contents", "hub-letters"}
SHORTEST_PROSE_WORDS = 3
SENTENCE_ENDS = re.compile(r"(?<=[.!?])[”\"’)]*\s+")


def main_of(page: BuiltPage) -> Element:
    """Return the main part of a page."""
    (main,) = page.tree.iter("main")
    return main


def blocks_of(element: Element, *, tables: bool = False) -> list[str]:
    """Return each paragraph, heading and list item in order, without those that frame a page."""
    found: list[str] = []
    _gather(element, found, tables=tables)
    return [words for words in found if words]


def _gather(element: Element, found: list[str], *, tables: bool) -> None:
    if set(str(element.get("class", "")).split()) & FRAME or element.tag == "svg":
        return
    if element.tag in BLOCKS or (tables and element.tag in {"th", "td", "caption"}):
        found.append(_own_words(element))
    for child in element:
        if child.tag != "table" or tables:
            _gather(child, found, tables=tables)


def _own_words(element: Element) -> str:
    """Return the words of a block without those of blocks inside it."""
    parts = [element.text or ""]
    for child in element:
        if child.tag not in BLOCKS | {"ul", "ol", "dl", "svg", "table"}:
            parts.append(_own_words(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def sentences_of(block: str) -> list[str]:
    """Return the sentences of a block."""
    return [one for one in SENTENCE_ENDS.split(block) if one]


@cache
def grade_of(text: str) -> float:
    """Return the Flesch-Kincaid grade: the school years it takes to read a text with ease."""
    return float(textstat.flesch_kincaid_grade(text))


def prose_of(page: BuiltPage) -> str:
    """Return the page's sentences as a reader meets them, each ended.

    Headings and lines of two or three words are left out: they count as sentences of their own
    and make a page look easier than it is.
    """
    main = main_of(page)
    headings = {" ".join("".join(each.itertext()).split()) for each in _headings(main)}
    found = [block for block in blocks_of(main) if block not in headings]
    full = [block for block in found if len(block.split()) > SHORTEST_PROSE_WORDS]
    return " ".join(block if block[-1] in ".!?" else f"{block}." for block in full)


def _headings(main: Element) -> list[Element]:
    return [each for each in main.iter() if each.tag in {"h1", "h2", "h3", "h4"}]

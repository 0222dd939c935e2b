"""Reading the built site. `make site` builds it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from mkdocs.utils import meta

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"


@dataclass(frozen=True)
class BuiltPage:
    """One page of the built site and its parsed tree."""

    address: str
    text: str
    tree: Element

    def texts(self, tag: str) -> list[str]:
        """Return the words of every element of this kind."""
        return [" ".join("".join(found.itertext()).split()) for found in self.tree.iter(tag)]

    def values(self, attribute: str) -> list[str]:
        """Return every value that this attribute has on the page."""
        return [value for each in self.tree.iter() if (value := each.get(attribute)) is not None]


@cache
def read_page(path: Path) -> BuiltPage:
    """Return a page; a mistake in its HTML raises `html5lib.html5parser.ParseError`."""
    text = path.read_text(encoding="utf-8")
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    address = "/" + path.relative_to(SITE).as_posix().removesuffix("index.html")
    return BuiltPage(address, text, tree)


def front_matter(source: Path) -> dict[str, Any]:
    """Return what stands at the head of a Markdown file."""
    given: dict[str, Any] = meta.get_data(source.read_text(encoding="utf-8"))[1]
    return given


def address_of(source: Path) -> str:
    """Return the address of the page that a Markdown file becomes."""
    name = source.relative_to(DOCS).as_posix().removesuffix(".md")
    return f"/{name}/".replace("index/", "") if name != "index" else "/"


DOCS = ROOT / "docs"
MARKDOWN = sorted(DOCS.rglob("*.md"))
PATHS = sorted(SITE.rglob("*.html"))

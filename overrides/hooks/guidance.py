"""Fills figures, services and pictures into the guidance pages; gathers A to Z and search."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, StrictUndefined
from mkdocs.structure.pages import Page

from chalicelib.domain.calendar import england_and_wales
from chalicelib.domain.dates import plain_date
from chalicelib.rules import load_rules
from chalicelib.rules.guidance import load_guidance
from overrides.words.directory import Directory
from overrides.words.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

# A picture at the head of a paragraph, or alone in one, as Markdown writes it.
PICTURE = re.compile(
    r'<p><img alt="(?P<alt>[^"]*)" src="[./]*pictures/(?P<name>[a-z0-9-]+)\.svg" />'
    r"(?P<words>.*?)</p>",
    re.DOTALL,
)


class Term(NamedTuple):
    """A line of the A to Z."""

    text: str
    page: Page
    letter: str


class Step(NamedTuple):
    """Where a page stands in the journey of its section, which its first page calls ordered."""

    number: int
    total: int
    before: Page | None
    after: Page | None


def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:  # noqa: ANN401
    """Return the page's words with its figures and services filled in."""
    return _words().from_string(markdown).render(reviewed_on=plain_date(page.meta["reviewed_on"]))


def on_page_content(html: str, *, config: MkDocsConfig, **_: Any) -> str:  # noqa: ANN401
    """Return the page with its pictures in it, so that they take the colours of the text."""
    pictures = Path(config.docs_dir) / "pictures"
    return PICTURE.sub(lambda found: _drawn(found, pictures), html)


def on_post_build(*, config: MkDocsConfig, **_: Any) -> None:  # noqa: ANN401
    """Leave whole pages in the builder's index, with the words that people type for them.

    The builder also lists each heading by itself, of which two stand on every page.
    """
    index = Path(config.site_dir) / "search/search_index.json"
    docs = json.loads(index.read_text(encoding="utf-8"))["docs"]
    known = config.extra["search_words"]
    pages = [known[doc["location"]] | doc for doc in docs if doc["location"] in known]
    index.write_text(json.dumps({"docs": pages}, separators=(",", ":")), encoding="utf-8")


def on_env(
    env: Environment,
    *,
    config: MkDocsConfig,
    files: Files,
    **_: Any,  # noqa: ANN401
) -> Environment:
    """Give the templates the pages by source, their places in journeys, and the A to Z."""
    pages = {file.src_uri: file.page for file in files.documentation_pages() if file.page}
    terms = [term for page in pages.values() for term in _terms(page)]
    config.extra["search_words"] = {
        page.url: _found_by(page) for page in pages.values() if page.meta.get("found", True)
    }
    env.globals["page_of"] = pages
    env.globals["steps"] = {
        step.url: place
        for page in pages.values()
        if page.meta.get("ordered")
        for step, place in _journey(page)
    }
    env.globals["a_to_z"] = sorted(terms, key=lambda term: term.text.casefold())
    return env


def _found_by(page: Page) -> dict[str, str]:
    """Return what the search knows of a page besides its title and its own words."""
    words = [*page.meta.get("also", []), *page.meta.get("found_by", [])]
    return {"description": page.meta["description"], "found_by": ", ".join(words)}


def _journey(first: Page) -> Iterator[tuple[Page, Step]]:
    section = first.parent.children[1:] if first.parent else []
    pages = [item for item in section if isinstance(item, Page)]
    steps = [page for page in pages if not page.meta.get("any_time")]
    for number, (before, page, after) in enumerate(
        zip([None, *steps], steps, [*steps[1:], None], strict=False), start=1
    ):
        yield page, Step(number, len(steps), before, after)


def _terms(page: Page) -> list[Term]:
    """Return the page under its own name and under other words for what it is about."""
    names = [page.meta["title"], *page.meta.get("also", [])]
    return [Term(name, page, name[0].upper()) for name in names]


@cache
def _words() -> Environment:
    rules, guidance = load_rules(), load_guidance()
    facts = Facts(
        rules,
        guidance,
        england_and_wales(rules.limits.working_day_starts, rules.limits.receipt_cut_off),
    )
    directory = Directory(guidance, rules)
    # Markdown of our own goes in and Markdown comes out: nothing here was typed by a visitor.
    words = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 # nosec B701
    for source in (facts, directory):
        names = [name for name in vars(type(source)) if not name.startswith("_")]
        words.globals |= {name: getattr(source, name) for name in names}
    return words


def _drawn(found: re.Match[str], pictures: Path) -> str:
    """Return a picture beside its words, or a drawing above what it shows, for all to read."""
    drawing = (pictures / f"{found['name']}.svg").read_text(encoding="utf-8").strip()
    drawing = drawing.replace("<svg ", '<svg aria-hidden="true" ', 1)
    words = found["words"].strip()
    if words:
        return f'<div class="hub-idea">{drawing}<p>{words}</p></div>'
    caption = f"<figcaption>{found['alt']}</figcaption>"
    return f'<figure class="hub-drawing">{drawing}{caption}</figure>'

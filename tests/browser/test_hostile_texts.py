"""What somebody typed is shown as they typed it, and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.people import AtDesk, Person, Victim
from tests.browser.sound import HEIGHT, SMALL, check_fits
from tests.browser.stories import asked

if TYPE_CHECKING:
    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub

LETTERS_AND_LINE_BREAKS = """elements => elements.map(element =>
  [...element.childNodes].map(node =>
    node.nodeName === "BR" ? "\\n" : node.nodeType === Node.TEXT_NODE ? node.data : node.nodeName
  ).join(""))"""
TEXTS = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "<svg onload=alert(1)><image href='https://evil.example/x'/></svg>",
    "</textarea></div></main><a href='javascript:alert(1)'>Exit this page</a>",
    '" autofocus onfocus="alert(1)" x=\'',
    "{{7*7}} {% include 'x' %} ${7*7} #{7*7} <%= 7*7 %> {{ csrf_token }}",
    "&lt;b&gt; &amp;amp; &#60; %3Cscript%3E \\u003c",
    "\u202egnol yrev\u202c \u2067\u05d0\u05d1\u2069 \u200f! \u061c123",
    "zero\u200bwidth\u200d\u2060\ufeff \u00ad\u034f",
    "\U0001f600" * 5000,
    "Donaudampfschiff" * 312,
    "\n\n  two  spaces\tand a tab \n\n\nthree lines below ",
    "Z\u0351\u036b\u0343a\u0337\u0321\u0322l\u0489g\u031b\u0327o" * 50,
]


def test_what_a_victim_types_stands_on_every_page_as_typed_and_does_nothing(
    hub: Hub, opens: Opens
) -> None:
    in_charge = hub.person()
    case = hub.case(in_charge)
    victim, officer = Victim(opens(), hub), AtDesk(opens(), hub)

    victim.opens(case)
    for text in TEXTS:
        victim.writes(text)
        victim.presses("Keep for later")
        victim.follows("Go on writing")
        expect(victim.main.get_by_label("Your question")).to_have_value(text)
        victim.presses("Send")
        victim.follows("Read your question")
        assert shown(victim) == [text]
        fits_a_small_screen(victim)
    victim.goes_to("/case")
    assert shown(victim) == [excerpt(text) for text in reversed(TEXTS)]
    fits_a_small_screen(victim)

    officer.signs_in(in_charge)
    officer.opens_first_row()
    assert shown(officer) == TEXTS
    fits_a_small_screen(officer)


def test_what_an_officer_types_stands_on_every_page_as_typed_and_does_nothing(
    hub: Hub, opens: Opens
) -> None:
    in_charge = hub.person()
    case = hub.case(in_charge)
    asked(hub, case, *["How is it going?"] * len(TEXTS))
    victim, officer = Victim(opens(), hub), AtDesk(opens(), hub)

    officer.signs_in(in_charge)
    officer.opens(case)
    for left in reversed(range(len(TEXTS))):
        with officer.page.expect_navigation():
            officer.answers(TEXTS[left])
        # What looks like a name is asked about once, on a page of its own.
        if officer.page.get_by_role("heading", name="Answer a question").is_visible():
            officer.presses("Send it as it is")
        officer.reads(f"Questions waiting ({left})")
    assert sorted(shown(officer)) == sorted([*TEXTS, *["How is it going?"] * len(TEXTS)])
    fits_a_small_screen(officer)

    victim.opens(case)
    for number, text in enumerate(reversed(TEXTS), 1):
        victim.goes_to(f"/case/thread/{number}")
        assert text in shown(victim)
        fits_a_small_screen(victim)


def shown(person: Person) -> list[str]:
    """Return every text on the page that somebody typed: letters and line breaks, no more."""
    texts: list[str] = person.main.locator(".hub-words").evaluate_all(LETTERS_AND_LINE_BREAKS)
    return texts


def excerpt(text: str) -> str:
    """Return what the list of questions shows of one: its first hundred characters."""
    words = " ".join(text.split())
    return words if len(words) <= 100 else f"{words[:100].rstrip()} …"


def fits_a_small_screen(person: Person) -> None:
    """Find nothing that is wider than a small phone."""
    person.page.set_viewport_size({"width": SMALL, "height": HEIGHT})
    check_fits(person.page)

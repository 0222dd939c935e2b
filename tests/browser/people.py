"""People at a browser. A test reads as their steps; what they look for, they look for as people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.builders import seed_staff

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.hub import Hub, Staff
    from tests.builders import SeededCase

DATE = re.compile(r"[A-Z][a-z]+day \d{1,2} [A-Z][a-z]+ 20\d\d")


@dataclass(frozen=True)
class Person:
    """Somebody at a browser of their own."""

    page: Page
    hub: Hub

    @property
    def main(self) -> Locator:
        """Return the part of the page that they read."""
        return self.page.get_by_role("main")

    def reads(self, *texts: str) -> None:
        """Find each text on the page."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def does_not_find(self, *texts: str) -> None:
        """Find none of these texts anywhere on the page."""
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)

    def heads(self, title: str) -> None:
        """Find themselves on the page with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def follows(self, link: str) -> None:
        """Follow a link in the page."""
        self.main.get_by_role("link", name=link, exact=True).click()

    def presses(self, button: str) -> None:
        """Press a button in the page."""
        self.main.get_by_role("button", name=button, exact=True).click()

    def types(self, label: str, text: str) -> None:
        """Type into a field, over what stands there."""
        self.main.get_by_label(label).fill(text)

    def chooses(self, label: str) -> None:
        """Tick one of several."""
        self.main.get_by_label(label, exact=True).check()

    def dates(self) -> list[str]:
        """Return the days that the page names."""
        return DATE.findall(self.main.inner_text())


class Victim(Person):
    """A victim, or somebody who has found their code."""

    def goes_to(self, path: str) -> None:
        """Type an address of the public service."""
        self.page.goto(f"{self.hub.public}{path}")

    def opens_lookup(self) -> None:
        """Come by the start page, as the officer told them."""
        self.goes_to("/check-your-case/")
        self.follows("Start")

    def enters(self, reference: str, code: str) -> None:
        """Type reference and access code."""
        self.types("Your crime reference", reference)
        self.types("Your access code", code)
        self.presses("Open")

    def opens(self, case: SeededCase, victim: str | None = None) -> None:
        """Open a case with a code that an officer gave them."""
        self.goes_to("/case/open")
        self.enters(case.reference, self.hub.code(case, victim))
        self.heads("Your information")

    def writes(self, text: str) -> None:
        """Write a question and do not send it yet."""
        self.goes_to("/case/message")
        self.types("Your question", text)

    def asks(self, text: str) -> str:
        """Ask the officer; return the day that the page promises."""
        self.follows("Ask a question")
        promised = self.dates()[0]
        self.types("Your question", text)
        self.presses("Send")
        self.heads("We have it")
        return promised

    def exits(self) -> None:
        """Press the red button."""
        self.page.get_by_role("link", name="Exit this page").click()
        expect(self.page.get_by_role("heading", name="Weather")).to_be_visible()


class AtDesk(Person):
    """A member of staff."""

    def goes_to(self, path: str) -> None:
        """Type an address of the staff service."""
        self.page.goto(f"{self.hub.staff}{path}")

    def signs_in(self, person: Staff) -> None:
        """Come to the list by way of the force's sign-in."""
        self.goes_to("/")
        self.proves_who_they_are(person)
        self.heads("Your list")

    def is_signed_in(self, person: Staff) -> None:
        """Be in already, as by a sign-in a moment ago."""
        token = seed_staff(
            self.hub.deps, person.identity, role=person.role, team=person.team, name=person.name
        )
        self.page.context.add_cookies([{"name": "desk", "value": token, "url": self.hub.staff}])

    def proves_who_they_are(self, person: Staff) -> None:
        """Say to the force's sign-in who they are."""
        self.page.get_by_role("textbox").fill(person.identity)
        self.page.get_by_role("button", name="Authorize").click()

    def first_row(self) -> Locator:
        """Return what stands first in the list."""
        return self.main.get_by_role("listitem").first

    def opens_first_row(self) -> None:
        """Press the button of the first row."""
        self.first_row().get_by_role("link", name="Answer").click()
        self.page.wait_for_url("**/cases/**")

    def opens(self, case: SeededCase) -> None:
        """Find a case by its reference."""
        self.goes_to("/")
        self.types("Crime reference", case.reference)
        self.presses("Find")
        self.heads(f"Case {case.reference}")

    def answers(self, text: str) -> None:
        """Answer the question that is due first."""
        self.main.get_by_label("Your answer").first.fill(text)
        self.main.get_by_role("button", name="Send the answer").first.click()

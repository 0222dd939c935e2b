"""The whole journey without a mouse: Tab, Space and Enter, and always a sight of where one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.people import AtDesk, Victim

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub

MOST_TABS = 60
# What has the focus is wholly in the window, nothing lies over it, and it looks unlike before.
FOCUS_IS_SEEN = """element => {
  const box = element.getBoundingClientRect();
  const middle = [box.x + box.width / 2, box.y + Math.min(box.height, 40) / 2];
  const style = getComputedStyle(element);
  const inWindow = box.top >= 0 && box.left >= 0 && box.top < innerHeight;
  const onTop = element.contains(document.elementFromPoint(...middle));
  return inWindow && onTop && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


@dataclass(frozen=True)
class Keyboard:
    """The keys of somebody who has no mouse."""

    page: Page

    def tabs_to(self, wanted: Locator) -> None:
        """Press Tab until it has the focus, seeing at each step where that is."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            focused = self.page.locator(":focus")
            assert focused.evaluate(FOCUS_IS_SEEN), focused.evaluate("e => e.outerHTML")
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"no way by Tab to {wanted}")

    def types(self, label: str, text: str) -> None:
        """Type into a field."""
        self.tabs_to(self.page.get_by_role("main").get_by_label(label).first)
        self.page.keyboard.type(text)

    def presses(self, role: str, name: str) -> None:
        """Press Enter on a button or a link."""
        self.tabs_to(self.page.get_by_role(role, name=name).first)  # type: ignore[arg-type]
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def test_the_whole_journey_works_by_keyboard_alone(hub: Hub, opens: Opens) -> None:
    in_charge = hub.person("PC Example")
    case = hub.case(in_charge)
    victim, officer = Victim(opens(), hub), AtDesk(opens(), hub)
    hers, his = Keyboard(victim.page), Keyboard(officer.page)

    victim.goes_to("/check-your-case/")
    hers.presses("link", "Start")
    hers.types("Your crime reference", case.reference)
    hers.types("Your access code", hub.code(case))
    hers.presses("button", "Open")
    hers.presses("link", "Ask a question")
    hers.types("Your question", "Can I come by?")
    hers.presses("button", "Send")
    victim.heads("We have it")
    hers.presses("link", "Back to your information")
    victim.heads("Your information")

    officer.goes_to("/")
    # The provider's page puts the keyboard into its field; what is typed before that is lost.
    expect(officer.page.get_by_role("textbox").first).to_be_focused()
    officer.page.keyboard.type(in_charge.identity)
    officer.page.keyboard.press("Enter")
    officer.heads("Your list")
    his.presses("link", "Answer")
    his.types("Your answer", "Yes, on Monday.")
    his.presses("button", "Send the answer")
    officer.reads("No question waits for an answer.")

    victim.page.reload()
    hers.presses("link", "Your question of")
    victim.reads("Yes, on Monday.")
    hers.presses("link", "Exit this page")
    expect(victim.page.get_by_role("heading", name="Weather")).to_be_visible()


def test_the_first_key_offers_to_skip_and_the_second_to_leave(hub: Hub, opens: Opens) -> None:
    victim = Victim(opens(), hub)
    victim.opens(hub.case())
    keys = Keyboard(victim.page)
    keys.tabs_to(victim.page.get_by_role("link", name="Skip to main content"))
    keys.tabs_to(victim.page.get_by_role("link", name="Leave this site now"))
    victim.page.keyboard.press("Enter")
    expect(victim.page.get_by_role("heading", name="Weather")).to_be_visible()


def test_an_error_takes_the_keyboard_to_what_is_wrong(hub: Hub, opens: Opens) -> None:
    victim = Victim(opens(), hub)
    victim.opens_lookup()
    victim.enters("12/345678/90", "BCDF")
    expect(victim.page.get_by_role("alert")).to_be_focused()
    keys = Keyboard(victim.page)
    keys.presses("link", "Check the code.")
    expect(victim.main.get_by_label("Your access code")).to_be_focused()

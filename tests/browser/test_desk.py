"""What officers do that a browser could spoil: codes shown once, two people at one form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from operate.leaving import go_back, press_back
from tests.browser.people import AtDesk, Victim
from tests.browser.staff_news_pages import fill_outcome
from tests.browser.stories import asked

if TYPE_CHECKING:
    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub


def test_a_code_is_shown_once_and_opens_the_case_after_it_was_read_back(
    hub: Hub, opens: Opens
) -> None:
    in_charge = hub.person()
    case = hub.case(in_charge)
    officer, victim = AtDesk(opens(), hub), Victim(opens(), hub)
    officer.signs_in(in_charge)
    officer.opens(case)
    officer.main.get_by_role("link", name="New access code").click()
    officer.proves_who_they_are(in_charge)
    code = makes_code(officer)

    victim.goes_to("/case/open")
    victim.enters(case.reference, code)
    victim.reads("We could not open your information with these details.")

    officer.presses("They read it back correctly: activate")
    officer.reads("Active.")
    officer.does_not_find(code)
    history = officer.page.context.new_cdp_session(officer.page)
    while press_back(history):
        officer.page.wait_for_timeout(100)
        officer.does_not_find(code)

    victim.enters(case.reference, code.lower().replace(" ", "-"))
    victim.heads("Your information")


def test_a_code_is_not_shown_again_when_its_page_is_loaded_again(hub: Hub, opens: Opens) -> None:
    in_charge = hub.person()
    case = hub.case(in_charge)
    officer, victim = AtDesk(opens(), hub), Victim(opens(), hub)
    officer.is_signed_in(in_charge)
    officer.opens(case)
    officer.main.get_by_role("link", name="New access code").click()
    code = makes_code(officer)
    officer.page.reload()
    officer.does_not_find(code)

    victim.goes_to("/case/open")
    victim.enters(case.reference, code)
    victim.reads("We could not open your information with these details.")


def makes_code(officer: AtDesk) -> str:
    """Answer what is asked before a code is made; return the code, which stands there now."""
    officer.heads("New access code")
    officer.chooses("Face to face")
    officer.chooses("The victim")
    officer.presses("Make the code")
    officer.heads("Read this code to them")
    return officer.main.locator(".hub-code").inner_text()


def test_of_two_at_one_outcome_one_wins_and_the_other_sees_both_texts(
    hub: Hub, opens: Opens
) -> None:
    in_charge = hub.person("PC Example")
    other = hub.person("PC Sample", team=in_charge.team)
    case = hub.case(in_charge)
    first, second = AtDesk(opens(), hub), AtDesk(opens(), hub)
    for officer, person in ((first, in_charge), (second, other)):
        officer.is_signed_in(person)
        officer.goes_to(f"/cases/{case.key}/outcome")

    fill_outcome(first, told=True, words="We rang you this morning.")
    first.heads(f"Case {case.reference}")
    fill_outcome(second, told=True, words="I came by at noon.")
    second.reads("Somebody changed this case while you were writing", "We rang you this morning.")
    expect(second.main.get_by_label("Your own words")).to_have_value("I came by at noon.")

    first.page.reload()
    first.reads("We rang you this morning.")
    first.does_not_find("I came by at noon.")


def test_back_shows_nothing_of_a_case_after_signing_out(hub: Hub, opens: Opens) -> None:
    in_charge = hub.person()
    case = hub.case(in_charge)
    asked(hub, case, "Is anybody at the next desk?")
    officer = AtDesk(opens(), hub)
    for _ in range(3):
        officer.signs_in(in_charge)
        officer.opens_first_row()
        officer.page.get_by_role("button", name="Sign out").click()
        officer.heads("You are signed out")
        assert go_back(officer.page, {"Is anybody at the next desk?", case.reference}) == set()

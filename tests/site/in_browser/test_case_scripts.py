"""What scripts add to a page of the service: counting, hiding, the end of the session."""

from playwright.sync_api import Page, expect

from tests.site.serving import Serving


def test_the_characters_left_are_counted_as_the_service_counts_them(page: Page) -> None:
    page.goto("/case")
    said = page.locator("#f-message-count")
    expect(said).to_have_text("20 characters left")
    page.get_by_label("Message").fill("nineteen letters \U0001f600\U0001f600")
    expect(said).to_have_text("1 character left")
    page.get_by_label("Message").fill("x" * 22)
    expect(said).to_have_text("2 characters too many")


def test_the_code_can_be_hidden_while_it_is_typed(page: Page) -> None:
    page.goto("/case")
    page.get_by_role("button", name="Hide what I type").click()
    field = page.get_by_label("Code")
    expect(field).to_have_css("-webkit-text-security", "disc")
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Show what I type").click()
    expect(field).to_have_css("-webkit-text-security", "none")


def test_staying_signed_in_is_offered_two_minutes_before_the_end(
    page: Page, serving: Serving
) -> None:
    page.clock.install()
    page.goto("/case")
    stay = page.get_by_role("button", name="Stay signed in")
    page.get_by_label("Message").focus()
    page.clock.run_for(778_000)
    expect(stay).to_be_hidden()
    page.clock.run_for(3_000)
    expect(stay).to_be_visible()
    expect(page.get_by_label("Message")).to_be_focused()

    stay.click()
    expect(page.get_by_text("You are still signed in.")).to_be_visible()
    expect(stay).to_be_hidden()
    assert serving.posted == [("/case/stay", "csrf_token=token")]
    page.clock.run_for(770_000)
    expect(stay).to_be_hidden()
    page.clock.run_for(20_000)
    expect(stay).to_be_visible()


def test_a_failed_wish_to_stay_is_said_and_can_be_tried_again(page: Page, serving: Serving) -> None:
    serving.answer = 403
    page.clock.install()
    page.goto("/case")
    page.clock.run_for(790_000)
    stay = page.get_by_role("button", name="Stay signed in")
    stay.click()
    expect(page.get_by_text("We could not reach the service.")).to_be_visible()
    serving.answer = 200
    stay.click()
    expect(page.get_by_text("You are still signed in.")).to_be_visible()


def test_a_page_left_open_stops_showing_the_case_when_the_session_ends(
    page: Page, serving: Serving
) -> None:
    page.clock.install()
    page.goto("/case")
    serving.pages["/case"] = "<!doctype html><title>Closed</title><h1>Closed</h1>"
    page.clock.run_for(905_000)
    expect(page.get_by_role("heading", name="Closed")).to_be_visible()


def test_a_message_in_the_box_is_not_lost_when_the_session_ends(page: Page) -> None:
    page.clock.install()
    page.goto("/case")
    page.get_by_label("Message").fill("My words")
    page.clock.run_for(905_000)
    expect(page.get_by_label("Message")).to_have_value("My words")
    expect(page.get_by_text("We have closed your information.")).to_be_visible()


def test_a_private_page_empties_itself_when_it_is_left(page: Page) -> None:
    page.goto("/case")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    expect(page.locator("body > *")).to_have_count(0)

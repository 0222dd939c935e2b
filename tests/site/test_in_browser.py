"""The built site and the shell's scripts in Chromium."""

from collections.abc import Iterator
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect, sync_playwright

from operate.browser import chromium_path
from tests.site.built_site import PATHS, ROOT, SITE
from tests.site.serving import Serving, server_of

NEUTRAL = "https://www.bbc.co.uk/weather"
TEMPLATES = ROOT / "api/chalicelib/templates"
ADDRESSES = ["/" + path.relative_to(SITE).as_posix().removesuffix("index.html") for path in PATHS]
# How many entries a browser keeps for this site besides its history.
LEFT_BEHIND = """async () => localStorage.length + sessionStorage.length
  + (await caches.keys()).length + (await indexedDB.databases()).length
  + (await navigator.serviceWorker.getRegistrations()).length"""
CASE = """{% extends "built/shell.html" %}{% import "components/forms.html" as forms %}
{% block title %}Your information{% endblock %}{% block main %}<h1>Your information</h1>
{% call forms.form("/case/message", csrf_token) %}
{{ forms.text_field("code", "Code", hideable=true) }}
{{ forms.text_area("message", "Message", limit=20) }}{{ forms.button("Send") }}{% endcall %}
{% endblock %}"""


class PrivatePage:
    """The view model's part that the shell reads."""

    private = True


def case_page() -> str:
    """Return a private page with one form, as the service would make it."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return templates.from_string(CASE).render(
        audience="public",
        page=PrivatePage(),
        exit_url=NEUTRAL,
        csrf_token="token",
        session_ends_in=900,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for this file alone."""
    with sync_playwright() as playwright:
        started = launched(playwright.chromium)
        yield started
        started.close()


def launched(chromium: BrowserType, *args: str) -> Browser:
    """Return a new browser."""
    path = chromium_path()
    return chromium.launch(executable_path=path and str(path), args=["--no-sandbox", *args])


@pytest.fixture
def serving() -> Serving:
    """What this test's server shows and was sent."""
    return Serving(pages={"/case": case_page()})


@pytest.fixture
def base(serving: Serving) -> Iterator[str]:
    """The address of a server that shows the site and one case page."""
    with server_of(serving) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def opened(
    browser: Browser, base: str, *, script: bool = True, width: int = 1280
) -> BrowserContext:
    """Return a context in which the neutral site is played by two words."""
    size = {"width": width, "height": 640}
    context = browser.new_context(base_url=base, java_script_enabled=script, viewport=size)  # type: ignore[arg-type]
    context.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="Fine today"))
    return context


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A browser page with scripts, on a wide screen."""
    context = opened(browser, base)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def site_base() -> Iterator[str]:
    """The address of one server for all tests that only look at the site."""
    with server_of(Serving()) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def reader(browser: Browser, site_base: str) -> Iterator[BrowserContext]:
    """Somebody who reads page after page, so that what pages leave behind would add up."""
    context = opened(browser, site_base)
    yield context
    context.close()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_sound_in_a_browser(reader: BrowserContext, site_base: str, address: str) -> None:
    page = reader.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 640})
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not said
    assert all(url.startswith(site_base) for url in asked)
    assert page.evaluate(LEFT_BEHIND) == 0
    assert not reader.cookies()

    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("[data-exit]")).to_be_in_viewport(ratio=1)
    page.close()


@pytest.mark.parametrize("address", ["/", "/what-happens/", "/case"])
def test_a_click_on_exit_ends_the_session_and_shows_the_weather(
    page: Page, serving: Serving, address: str
) -> None:
    page.goto("/privacy/")
    page.goto(address)
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url(NEUTRAL)
    assert ("/case/leave", "") in serving.posted
    page.go_back()
    assert page.url.endswith("/privacy/")


def test_shift_three_times_leaves_and_says_how_far_it_is(page: Page, serving: Serving) -> None:
    page.goto("/case")
    status = page.locator("[data-exit] + [aria-live]")
    page.keyboard.press("Shift")
    expect(status).to_have_text("Shift, press 2 more times to exit.")
    page.keyboard.press("Shift")
    expect(status).to_have_text("Shift, press 1 more time to exit.")
    page.keyboard.press("Shift")
    page.wait_for_url(NEUTRAL)
    assert ("/case/leave", "") in serving.posted


@pytest.mark.parametrize("combination", ["Control+Shift", "Alt+Shift", "Shift+A", "Shift+Control"])
def test_shift_together_with_another_key_never_leaves(page: Page, combination: str) -> None:
    page.goto("/case")
    page.get_by_label("Message").focus()
    for _ in range(4):
        page.keyboard.press(combination)
    page.wait_for_timeout(100)
    assert page.url.endswith("/case")
    expect(page.get_by_role("heading", name="Your information")).to_be_visible()


def test_three_slow_presses_do_not_leave(page: Page) -> None:
    page.clock.install()
    page.goto("/case")
    for _ in range(3):
        page.keyboard.press("Shift")
        page.clock.fast_forward(3000)
    assert page.url.endswith("/case")


def test_exit_works_without_scripts(browser: Browser, base: str) -> None:
    context = opened(browser, base, script=False)
    page = context.new_page()
    page.goto("/what-happens/")
    with page.expect_request("**/case/exit"):
        page.get_by_role("link", name="Exit this page").click()
    context.close()


def test_the_way_out_is_on_a_small_screen_also_with_letters_twice_the_size(
    browser: Browser, base: str
) -> None:
    large = launched(browser.browser_type, "--blink-settings=defaultFontSize=32")
    page = opened(large, base, script=False, width=320).new_page()
    for address in [*ADDRESSES, "/case"]:
        page.goto(address)
        box = page.locator("[data-exit]").bounding_box()
        assert box, address
        assert box["x"] + box["width"] <= 320, address
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    large.close()


def test_the_menu_works_without_scripts_on_a_small_screen(browser: Browser, base: str) -> None:
    context = opened(browser, base, script=False, width=320)
    page = context.new_page()
    page.goto("/")
    page.get_by_text("Menu").click()
    menu = page.get_by_role("navigation", name="Main")
    menu.get_by_role("link", name="What happens").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What happens")
    context.close()


def test_the_menu_stands_open_on_a_wide_screen(page: Page) -> None:
    page.goto("/")
    menu = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(menu).to_have_count(9)
    for entry in menu.all():
        expect(entry).to_be_visible()


def test_the_three_doors_are_seen_without_scrolling_on_a_small_phone(
    browser: Browser, base: str
) -> None:
    context = opened(browser, base, width=360)
    page = context.new_page()
    page.goto("/")
    for door in ("Check your case", "What happens, and what you are owed", "Find support"):
        link = page.get_by_role("main").get_by_role("link", name=door)
        expect(link).to_be_in_viewport(ratio=1)
    after = page.get_by_role("heading", level=2).first.bounding_box()
    assert after
    assert after["y"] >= 640
    context.close()


def test_the_first_tab_offers_to_skip_to_the_words(page: Page) -> None:
    page.goto("/what-happens/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    leave = page.get_by_role("link", name="Leave this site now")
    expect(leave).to_be_in_viewport(ratio=1)
    leave.press("Enter")
    page.wait_for_url(NEUTRAL)


def test_paper_shows_the_words_with_addresses_and_no_controls(page: Page) -> None:
    page.goto("/what-happens/no-further-action/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-exit]")).to_be_hidden()
    for nav in page.locator("nav").all():
        expect(nav).to_be_hidden()
    link = page.get_by_role("link", name="How to ask the police for a review")
    written = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert "https://www.staffordshire.police.uk" in written


# A tired person reads so many lines of what was found.
BEST = 3


def looks_for(page: Page, words: str) -> None:
    """Type words into the search and press Enter."""
    field = page.get_by_role("searchbox", name="What are you looking for?")
    field.fill(words)
    field.press("Enter")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("bail", "Arrest, interview and release"),
        ("epilepsy", "If you are too unwell to come"),
        ("compens", "Compensation"),
        ("  Not-Guilty? ", "The verdict and the sentence"),
        ("curtain ~ screen:*", "What can help at court"),
        ("ex follows me", "Stalking and harassment"),
        ("my husband hits me", "Domestic abuse"),
        ("court too ill", "If you are too unwell to come"),
        ("burgled", "Burglary and theft"),
        ("when will I hear", "Waiting, and how often you hear"),
        ("scared", "Are you safe now?"),
        ("lost my code", "Check your case"),
    ],
)
def test_search_finds_the_page(page: Page, words: str, title: str) -> None:
    page.goto("/search/")
    looks_for(page, words)
    best = page.locator(".hub-search li a")
    expect(best.first).to_be_visible()
    assert title in best.all_text_contents()[:BEST]
    expect(page.get_by_role("status")).to_contain_text("found.")
    assert page.url.endswith("/search/")


@pytest.mark.parametrize(
    ("words", "answer"),
    [("zzzz", "Nothing found."), ("me to my", "Nothing found."), (" ", "Type one")],
)
def test_search_says_what_to_do_when_it_finds_nothing(page: Page, words: str, answer: str) -> None:
    page.goto("/search/")
    looks_for(page, words)
    expect(page.get_by_role("status")).to_contain_text(answer)


def test_search_says_so_when_its_index_does_not_come(page: Page) -> None:
    page.route("**/search_index.json", lambda route: route.abort())
    page.goto("/search/")
    looks_for(page, "bail")
    expect(page.get_by_role("status")).to_contain_text("Search does not work just now.")
    expect(page.locator(".hub-search").get_by_role("link", name="A to Z")).to_be_visible()


def test_search_without_scripts_leads_to_the_a_to_z(browser: Browser, base: str) -> None:
    context = opened(browser, base, script=False)
    page = context.new_page()
    page.goto("/search/")
    assert page.locator("input").count() == 0
    page.get_by_role("main").get_by_role("link", name="A to Z").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A to Z")
    context.close()


def test_ten_pages_and_a_search_leave_nothing_behind(browser: Browser, base: str) -> None:
    context = opened(browser, base)
    page = context.new_page()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    for address in ADDRESSES[3:13]:
        page.goto(address)
    page.get_by_role("link", name="Search").click()
    assert not [url for url in asked if "lunr" in url or "search_index" in url]
    expect(page.get_by_role("searchbox")).to_have_attribute("autocomplete", "off")
    looks_for(page, "secret words")
    expect(page.get_by_role("status")).not_to_contain_text("Searching")
    page.locator(".hub-search li a").first.click()
    page.wait_for_url(lambda url: not url.endswith("/search/"))
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.locator(".hub-search li")).to_have_count(0)

    assert page.evaluate(LEFT_BEHIND) == 0
    assert not context.cookies()
    assert not [url for url in asked if not url.startswith(base) or "secret" in url or "?" in url]
    context.close()


def test_a_keyboard_alone_reaches_the_words_the_way_out_and_the_search(page: Page) -> None:
    page.goto("/get-support/by-need/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.goto("/what-happens/")
    stops = []
    for _ in range(16):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.textContent.trim()"))
        expect(page.locator(":focus")).to_be_in_viewport(ratio=1)
    order = [
        "Skip to main content",
        "Leave this site now",
        "Exit this page",
        "What happens",
        "Search",
    ]
    assert [stop for stop in stops if stop in order] == order
    page.get_by_role("link", name="Search").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "search":
            break
    page.keyboard.type("bail")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("found.")


@pytest.mark.parametrize("address", ["/help-at-court/measures/", "/easy-read/"])
def test_drawings_take_the_colours_that_a_person_chose(
    browser: Browser, base: str, address: str
) -> None:
    context = browser.new_context(base_url=base, forced_colors="active", color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    drawing = page.get_by_role("main").locator("svg").first
    expect(drawing).to_be_visible()
    colours = drawing.evaluate(
        "svg => [getComputedStyle(svg).color, getComputedStyle(svg.parentElement).color]"
    )
    assert colours[0] == colours[1]
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    context.close()


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


def test_the_keyboard_sees_where_it_is_in_the_bar(page: Page) -> None:
    page.goto("/")
    for name in ("Victim Information Hub", "Exit this page"):
        link = page.get_by_role("banner").get_by_role("link", name=name)
        page.keyboard.press("Tab")
        link.focus()
        expect(link).to_have_css("background-color", "rgb(255, 216, 77)")
        expect(link).to_have_css("color", "rgb(15, 28, 38)")
        expect(link).to_have_css("outline-color", "rgb(255, 255, 255)")

"""Opening the built site, and a page in the shell, in Chromium."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, BrowserContext, BrowserType

from operate.browser import chromium_path
from tests.site.built_site import PATHS, ROOT, SITE

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


def launched(chromium: BrowserType, *args: str) -> Browser:
    """Return a new browser."""
    path = chromium_path()
    return chromium.launch(executable_path=path and str(path), args=["--no-sandbox", *args])


def opened(
    browser: Browser, base: str, *, script: bool = True, width: int = 1280
) -> BrowserContext:
    """Return a context in which the neutral site is played by two words."""
    size = {"width": width, "height": 640}
    context = browser.new_context(base_url=base, java_script_enabled=script, viewport=size)  # type: ignore[arg-type]
    context.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="Fine today"))
    return context

"""The shell that the service's pages stand in, and the macros that fill it."""

from typing import Any

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateRuntimeError, nodes

from tests.site.built_site import ROOT

TEMPLATES = ROOT / "api/chalicelib/templates"
PAGE = """{% extends "built/shell.html" %}
{% import "components/forms.html" as forms %}{% import "components/parts.html" as parts %}
{% block title %}A heading{% endblock %}
{% block main %}BODY<h1>A heading</h1>{% endblock %}"""
HOSTILE = "<script>alert(1)</script>\"'{{ 7 * 7 }}"


class PrivatePage:
    """The view model's part that the shell reads."""

    private = True


@pytest.fixture(scope="session")
def templates() -> Environment:
    """The service's templates as the service loads them: strict and escaping."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )


def render(templates: Environment, body: str = "", **given: Any) -> str:
    """Return a page with this body; what the shell always needs has a sound value."""
    values = {
        "audience": "public",
        "csrf_token": "token",
        "exit_url": "https://www.bbc.co.uk/weather",
    } | given
    return templates.from_string(PAGE.replace("BODY", body)).render(values)


def parse(text: str) -> Any:
    """Return the tree of a page; a mistake in its HTML raises."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def test_the_shell_demands_a_title_and_a_main_part(templates: Environment) -> None:
    source = (TEMPLATES / "built/shell.html").read_text(encoding="utf-8")
    blocks = {block.name: block for block in templates.parse(source).find_all(nodes.Block)}
    assert set(blocks) == {"title", "head", "main"}
    assert blocks["title"].required
    assert blocks["main"].required
    with pytest.raises(TemplateRuntimeError, match="title"):
        templates.get_template("built/shell.html").render(audience="public", exit_url="x")


def test_the_shell_works_at_any_address(templates: Environment) -> None:
    tree = parse(render(templates))
    found = [each.get("href") or each.get("src") for each in tree.iter() if each.tag != "a"]
    assert all(address.startswith("/assets/") for address in found if address)


def test_the_shell_has_no_inline_script_style_or_handler(templates: Environment) -> None:
    tree = parse(render(templates, session_ends_in=900))
    assert all(each.get("src") for each in tree.iter("script"))
    assert not list(tree.iter("style"))
    names = {name for each in tree.iter() for name in each.attrib}
    assert not [name for name in names if name == "style" or name.startswith("on")]


def test_a_public_page_has_the_way_out_and_the_emergency_line(templates: Environment) -> None:
    tree = parse(render(templates))
    (link,) = [each for each in tree.iter("a") if "data-exit" in each.attrib]
    assert link.get("href") == "/case/exit"
    assert link.get("data-exit") == "https://www.bbc.co.uk/weather"
    (aside,) = tree.iter("aside")
    assert "Call 999" in "".join(aside.itertext())


def test_a_public_page_offers_no_way_that_loses_what_was_typed(templates: Environment) -> None:
    tree = parse(render(templates, page=PrivatePage()))
    assert not list(tree.iter("nav"))
    for link in tree.iter("a"):
        if link.get("href") not in {"#main", "/case/exit"}:
            assert link.get("target") == "_blank"
            assert link.get("rel") == "noopener"
            assert "opens in a new tab" in "".join(link.itertext())


def test_a_private_page_is_marked_so_that_leaving_empties_it(templates: Environment) -> None:
    assert "data-private" in parse(render(templates, page=PrivatePage())).find("body").attrib
    assert "data-private" not in parse(render(templates)).find("body").attrib


def test_a_session_says_when_it_ends_only_where_there_is_one(templates: Environment) -> None:
    body = parse(render(templates, session_ends_in=900))
    assert body.find("body").get("data-session-ends-in") == "900"
    assert [each.get("data-csrf") for each in body.iter() if "data-session" in each.attrib] == [
        "token"
    ]
    assert "data-session" not in render(templates)


@pytest.mark.parametrize(
    ("role", "links"),
    [
        ("officer", ["/", "/court"]),
        ("supervisor", ["/", "/court", "/team", "/figures"]),
        ("witness_care", ["/", "/court"]),
        ("administrator", ["/admin"]),
        ("partner", ["/"]),
    ],
)
def test_staff_see_only_what_their_role_can_open(
    templates: Environment, role: str, links: list[str]
) -> None:
    staff = {"name": "PC Example", "role": role}
    tree = parse(render(templates, audience="staff", staff=staff))
    found = [each.get("href") for nav in tree.iter("nav") for each in nav.iter("a")]
    assert found == links


def test_a_staff_page_has_sign_out_and_no_way_out_for_victims(templates: Environment) -> None:
    staff = {"name": HOSTILE, "role": "officer"}
    text = render(templates, audience="staff", staff=staff, nav_current="list")
    tree = parse(text)
    assert [each.get("action") for each in tree.iter("form")] == ["/sign-out"]
    assert "/case/exit" not in text
    assert HOSTILE not in text
    assert [each.get("href") for each in tree.iter("a") if each.get("aria-current")] == ["/"]


def test_nobody_signed_in_sees_no_staff_navigation(templates: Environment) -> None:
    tree = parse(render(templates, audience="staff", staff=None))
    assert not list(tree.iter("nav"))
    assert not list(tree.iter("form"))


FIELDS = """{{ forms.error_summary([("text", words), (none, "Two.")]) }}
{% call forms.form("/there", csrf_token, "key") %}
{{ forms.text_field("text", "Text", "Hint", words, words, width="code", hideable=true) }}
{{ forms.text_area("area", "Area", "Hint", words, words, 5000) }}
{{ forms.select("choice", "Choice", [("a", words)], value="a", error="E", empty="Choose") }}
{{ forms.radios("one", "One", [("a", "A"), ("b", words, words)], value="b", error="E") }}
{{ forms.checkboxes("some", "Some", [("a", "A"), ("b", "B")], hint="H", values=["a"]) }}
{{ forms.date_field("day", "Day", value=words) }}
{{ forms.button("Send", "second", "keep", "yes") }}{% endcall %}"""


@pytest.fixture
def form(templates: Environment) -> Any:
    """A page with every kind of field, filled with hostile words."""
    return parse(render(templates, FIELDS, words=HOSTILE))


def test_every_field_has_a_label_and_no_memory(form: Any) -> None:
    labels = {each.get("for") for each in form.iter("label")}
    kinds = [each for tag in ("input", "textarea", "select") for each in form.iter(tag)]
    shown = [each for each in kinds if each.get("type") != "hidden"]
    assert len(shown) == 8
    for field in shown:
        assert field.get("id") in labels
        assert field.get("autocomplete") == "off"


def test_hints_errors_and_the_summary_point_at_what_is_there(form: Any) -> None:
    ids = [each.get("id") for each in form.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    for each in form.iter():
        assert set((each.get("aria-describedby") or "").split()) <= set(ids)
    (summary,) = [each for each in form.iter("div") if each.get("role") == "alert"]
    assert [each.get("href") for each in summary.iter("a")] == ["#f-text"]
    assert "Two." in "".join(summary.itertext())


def test_a_form_carries_its_tokens_and_leaves_the_checking_to_us(form: Any) -> None:
    (sent,) = form.iter("form")
    hidden = {each.get("name"): each.get("value") for each in sent.iter("input")}
    assert sent.get("method") == "post"
    assert "novalidate" in sent.attrib
    assert hidden["csrf_token"] == "token"
    assert hidden["form_key"] == "key"


def test_what_was_typed_comes_back_exactly_and_inert(form: Any) -> None:
    assert form.find(".//input[@name='text']").get("value") == HOSTILE
    assert form.find(".//textarea").text == HOSTILE
    assert not [each for each in form.iter("script") if not each.get("src")]


def test_choices_made_stay_made(form: Any) -> None:
    chosen = [
        (each.get("name"), each.get("value")) for each in form.iter() if "checked" in each.attrib
    ]
    assert chosen == [("one", "b"), ("some", "a")]
    assert [each.get("value") for each in form.iter("option") if "selected" in each.attrib] == ["a"]


PARTS = """{{ parts.ladder([{"label": "One", "state": "done"}, {"label": "Two", "state": "here"},
  {"label": "Three", "state": "ahead"}]) }}
{% call parts.notice("good", "Title") %}<p>{{ words }}</p>{% endcall %}{{ parts.late(words) }}
{{ parts.summary_list([("Name", words), ("Other", "Value", "/there", "Change")]) }}
{{ parts.updates([{"on": "Monday 2 November 2026", "text": words}]) }}
<h2>Thread</h2>{{ parts.message("You asked", "today", words, ours=true) }}
{{ parts.pager("/older", "/newest") }}{{ parts.new_tab("/there", "There") }}
{{ parts.print_button() }}{{ parts.spelled(["BCDF", "GHJK"], ["Bravo", "Golf"]) }}"""


def test_parts_are_sound_html_and_show_words_as_typed(templates: Environment) -> None:
    text = render(templates, PARTS, words=HOSTILE)
    tree = parse(text)
    assert HOSTILE not in text
    shown = ["".join(each.itertext()) for each in tree.iter("div")]
    assert shown.count(HOSTILE) == 2


def test_the_present_stage_is_marked_in_words(templates: Environment) -> None:
    tree = parse(render(templates, PARTS, words="x"))
    (here,) = [each for each in tree.iter("li") if each.get("aria-current") == "step"]
    assert " ".join("".join(here.itertext()).split()) == "Two, you are here"

"""Rules about the code itself, which people forget."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from chalicelib.settings import PUBLIC, STAFF
from chalicelib.web import staff, victim
from chalicelib.wiring import create_app

API = Path(__file__).parents[2] / "api"
TEMPLATES = API / "chalicelib" / "templates"
MODULES = sorted(API.rglob("*.py"))
# The one module that knows the clock and chance.
WIRING = "wiring.py"
CLOCK_AND_CHANCE = {("datetime", "now"), ("date", "today"), ("secrets", "*"), ("uuid", "*")}


def _calls(path: Path) -> list[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_nothing_is_ever_found_by_a_scan() -> None:
    found = [
        (path.name, call.lineno)
        for path in MODULES
        for call in _calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("scan", "rate_limited_scan")
    ]
    assert not found


def test_only_the_wiring_asks_for_the_time_or_for_chance() -> None:
    found = []
    for path in MODULES:
        if path.name == WIRING:
            continue
        for call in _calls(path):
            function = call.func
            if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                asked = (function.value.id, function.attr)
                if asked in CLOCK_AND_CHANCE or (function.value.id, "*") in CLOCK_AND_CHANCE:
                    found.append((path.name, call.lineno))
    assert not found


def test_promises_are_changed_through_one_service_only() -> None:
    changing = {
        "new_promise", "keep_promise", "cancel_promise", "move_promise", "raise_promise",
        "note_on_promise",
        "moved_door",
    }  # fmt: skip
    found = [
        (path.name, call.func.attr)
        for path in MODULES
        for call in _calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in changing
    ]
    assert {name for name, _ in found} == {"promises.py"}
    assert {method for _, method in found} == changing


def test_nothing_is_marked_safe_for_the_page() -> None:
    found = [path.name for path in TEMPLATES.rglob("*.html") if "|safe" in _squeezed(path)]
    found += [path.name for path in MODULES if "Markup(" in path.read_text(encoding="utf-8")]
    assert not found


def _squeezed(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace(" ", "")


@pytest.mark.parametrize("audience", [PUBLIC, STAFF])
def test_every_route_is_a_page_of_ours(audience: str) -> None:
    app = create_app(audience, lambda: pytest.fail("a route was answered"))
    for methods in app.routes.values():
        for entry in methods.values():
            assert entry.view_function.__qualname__ == "Application._add.<locals>.view"


def test_every_page_of_the_desk_asks_who_is_signed_in() -> None:
    # Signing in and out, and the monitors' page, are for nobody in particular yet.
    open_to_all = {"/sign-in", "/signed-in", "/sign-out", "/health"}
    routes = [route for group in staff.PAGES for route in group.routes]
    unguarded = {
        route.path
        for route in routes
        if route.path not in open_to_all and not hasattr(route.view, "__wrapped__")
    }
    assert not unguarded


def test_every_page_of_a_case_shows_the_needs_first() -> None:
    # Opening another team's case shows nothing of it before it is open.
    # A partner agency sees needs only where the victim agreed to it.
    before_it_opens = {"glass", "support", "own_lines"}
    routes = [route for group in staff.PAGES for route in group.routes if "{case}" in route.path]
    modules = {route.view.__module__.rpartition(".")[2] for route in routes} - before_it_opens
    assert len(modules) > len(before_it_opens)
    for module in modules:
        tree = ast.parse((API / "chalicelib/web/staff" / f"{module}.py").read_text("utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert "desk_page" not in names, f"{module}: use case_desk_page"
    for path in (TEMPLATES / "staff").glob("*.html"):
        source = path.read_text(encoding="utf-8")
        if "ours.back(key)" in source:
            assert source.startswith('{% extends "staff/case_base.html" %}'), path.name


def test_no_page_of_a_case_can_leave_safe_contact_out() -> None:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    trees = {
        path.name: environment.parse(path.read_text(encoding="utf-8"))
        for path in (TEMPLATES / "staff").glob("*.html")
    }
    main = next(b for b in trees["case_base.html"].find_all(nodes.Block) if b.name == "main")
    replaceable = [block for block in main.find_all(nodes.Block) if block is not main]
    assert replaceable
    assert _shows_contact(main) == 1
    assert not any(_shows_contact(block) for block in replaceable)
    for name, tree in trees.items():
        extended = [node.template for node in tree.find_all(nodes.Extends)]
        if any(isinstance(t, nodes.Const) and t.value == "staff/case_base.html" for t in extended):
            blocks = {block.name for block in tree.find_all(nodes.Block)}
            assert "main" not in blocks, f"{name}: fill the block content"


def _shows_contact(node: nodes.Node) -> int:
    macros = (call.node for call in node.find_all(nodes.Call))
    return sum(isinstance(m, nodes.Getattr) and m.attr == "contact_first" for m in macros)


def test_no_page_that_changes_something_answers_get_alone() -> None:
    routes = [route for group in victim.PAGES for route in group.routes]
    tokenless = {route.path for route in routes if route.tokenless}
    assert tokenless == {"/case/leave"}


def test_every_template_is_used() -> None:
    sources = " ".join(path.read_text(encoding="utf-8") for path in MODULES)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    named = set()
    for path in TEMPLATES.rglob("*.html"):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
        for node in tree.find_all(kinds):
            assert isinstance(node, nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport)
            if isinstance(node.template, nodes.Const):
                named.add(node.template.value)
    for path in TEMPLATES.rglob("*.html"):
        name = path.relative_to(TEMPLATES).as_posix()
        assert name in named or f'"{name}"' in sources, name

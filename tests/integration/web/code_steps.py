"""What tests of changing the access code do again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import seed_code

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor


def opened(world: World, case: SeededCase, label: str | None = None) -> tuple[Visitor, str]:
    """Return a browser with the case open, and the code that opened it."""
    code = seed_code(world.deps, case, label)
    return open_with(world, case, code), code


def open_with(world: World, case: SeededCase, code: str) -> Visitor:
    """Return a browser that typed this code."""
    visitor = world.visitor()
    visitor.never_in_addresses = [case.reference, code]
    visitor.get("/case/open")
    visitor.post("/case/open", reference=case.reference, code=code)
    return visitor


def opens(world: World, case: SeededCase, code: str) -> bool:
    """Return whether this code opens the case now."""
    visitor = open_with(world, case, code)
    return "hub" in visitor.cookies and visitor.get("/case").status == 200


def make(victim: Visitor, present: str) -> Seen:
    """Ask for a new code with the present one."""
    victim.get("/case/code")
    return victim.post("/case/code", code=present)


def new_on(seen: Seen) -> str:
    """Return the code that a page shows."""
    shown = next(e for e in seen.tree.iter("p") if e.get("class") == "hub-code")
    return "".join("".join(span.itertext()) for span in shown.iter("span"))

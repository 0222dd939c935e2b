"""How a member of staff comes to a case, for all pages that begin there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.browser.hub import Staff
    from tests.browser.people import AtDesk
    from tests.builders import SeededCase


@dataclass(frozen=True)
class Opened:
    """A case that a member of staff has before them."""

    case: SeededCase
    by: Staff


def opened(d: AtDesk, role: str = "officer", **options: Any) -> Opened:
    """Open a case of one's own team."""
    by = d.hub.person(role=role)
    case = d.hub.case(d.hub.person("PC Sample", team=by.team), **options)
    d.is_signed_in(by)
    d.opens(case)
    return Opened(case, by)


def sees(d: AtDesk, path: str, role: str = "officer") -> None:
    """Open a page as somebody of this role."""
    d.is_signed_in(d.hub.person(role=role))
    d.goes_to(path)

"""Cases under the minimum expectations of police and ISVAs, and what is owed of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.promises import LINE
from tests.integration.partner_steps import agency, says_no, says_yes, supporter
from tests.integration.services.following import followed
from tests.integration.services.staff_steps import file_of

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.promises import Promise
    from chalicelib.domain.staff import StaffSession
    from tests.builders import SeededCase
    from tests.integration.conftest import World


def assault(world: World, **options: Any) -> SeededCase:
    """Put a case of a sexual offence as an import leaves it."""
    return followed(world, **{"crime_type": "rape", **options})


def lines(world: World, case: SeededCase, label: str | None = None) -> dict[str, Promise]:
    """Return the lines that are owed now, by key."""
    owed = [p for p in file_of(world, case, label).owed if p.kind == LINE and p.is_open]
    assert len({promise.line for promise in owed}) == len(owed)
    return {promise.line: promise for promise in owed}


def every(world: World, case: SeededCase, key: str) -> list[Promise]:
    """Return each promise of a line that there ever was, the oldest first."""
    owed = [p for p in file_of(world, case).owed if p.kind == LINE and p.line == key]
    return sorted(owed, key=lambda promise: promise.made_at)


def has_isva(world: World, case: SeededCase, *scope: str, **options: Any) -> StaffSession:
    """Let the victim agree to the ISVA service, and return the session of somebody there."""
    isva = supporter(world, agency(world, "isva"), "linden")
    says_yes(world, case, *scope, row=agency(world, "isva"), **options)
    return isva


def loses_isva(world: World, case: SeededCase) -> None:
    """Let the victim stop what the ISVA service sees."""
    says_no(world, case, agency(world, "isva"))


def due(world: World, case: SeededCase) -> dict[str, date]:
    """Return by when each line is owed now."""
    return {key: promise.due_on for key, promise in lines(world, case).items()}

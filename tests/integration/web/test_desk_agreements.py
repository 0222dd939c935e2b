"""An officer notes what a victim said of partner agencies, and how they said it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreements import DATES, MEASURES, NEEDS
from tests.builders import STOKE, seed_case
from tests.integration.partner_steps import agency, agreed, says_no, says_yes, with_partners
from tests.integration.services.staff_steps import file_of
from tests.integration.web.hostile_steps import token_of

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World as AnyWorld
    from tests.pages import Seen, Visitor


@pytest.fixture
def world(world: AnyWorld) -> AnyWorld:
    """Both services with partner agencies of this test alone."""
    return with_partners(world)


def _address(case: SeededCase) -> str:
    return f"/cases/{case.key}/support?victim={case.victim}"


def _notes(world: AnyWorld, desk: Visitor, case: SeededCase, **changed: str | list[str]) -> Seen:
    """Send the form of New Era; `scope`, `until`, `how` and `day` are those of that form."""
    key, own = agency(world).key, ("scope", "until", "how", "day")
    fields: dict[str, str | list[str]] = {
        "partner": key,
        "victim": case.victim,
        "seen": "",
        f"scope_{key}": [NEEDS, DATES],
        f"until_{key}": "short",
        f"how_{key}": "phone",
        **{f"{name}_{key}" if name in own else name: value for name, value in changed.items()},
    }
    return desk.send(f"/cases/{case.key}/support", {**token_of(desk), **fields})


def test_a_yes_is_noted_with_how_it_was_said(world: AnyWorld) -> None:
    case, desk = seed_case(world.deps), world.desk()
    seen = desk.get(_address(case))
    assert seen.main.startswith("What partner agencies may see Case")
    assert "Nothing was agreed. They see nothing." in seen.main
    sent = _notes(world, desk, case)
    assert (sent.status, sent.location) == (303, f"{_address(case)}&done=agreed")
    main = desk.get(sent.location).main
    assert "Noted. The partner agency sees it from now on." in main
    assert "They see: needs, court dates. Until Thursday 18 February 2027." in main
    assert "agreed with PC Example by phone" in main
    assert agreed(world, case).until == date(2027, 2, 18)


def test_a_no_is_noted_and_what_was_before_stays_for_staff(world: AnyWorld) -> None:
    case, desk = seed_case(world.deps), world.desk()
    says_yes(world, case)
    sent = _notes(world, desk, case, stop="yes", how="in_person")
    assert sent.location == f"{_address(case)}&done=stopped"
    main = desk.get(sent.location).main
    assert "No longer agreed since" in main
    assert "Taken back with PC Example in person" in main
    assert "agreed by the victim on their page" in main


@pytest.mark.parametrize("changed", [{}, {"stop": "yes"}], ids=["yes", "no"])
def test_how_they_said_it_is_asked_for(world: AnyWorld, changed: dict[str, str]) -> None:
    case, desk = seed_case(world.deps), world.desk()
    says_yes(world, case)
    before = agreed(world, case)
    seen = _notes(world, desk, case, how="", **changed)
    assert seen.status == 400
    assert "Say how they told you." in seen.main
    ticked = {e.get("value") for e in seen.tree.iter("input") if e.get("checked") is not None}
    assert {NEEDS, DATES, "short"} <= ticked
    assert agreed(world, case) == before


def test_all_that_is_missing_is_said_at_once(world: AnyWorld) -> None:
    case, desk = seed_case(world.deps), world.desk()
    seen = _notes(world, desk, case, scope=[], until="day", day="soon", how="")
    for sentence in ("Tick at least one thing", "Write the day like", "Say how they told you."):
        assert sentence in seen.main
    assert not file_of(world, case).agreements


def test_who_decided_upon_something_older_sees_what_stands(world: AnyWorld) -> None:
    case, desk = seed_case(world.deps), world.desk()
    old = says_yes(world, case).changed
    says_no(world, case)
    seen = _notes(world, desk, case, seen=old, scope=[MEASURES])
    assert seen.status == 409
    assert "This changed while you had the page open. Nothing was noted." in seen.main
    assert "No longer agreed since" in seen.main
    ticked = {e.get("value") for e in seen.tree.iter("input") if e.get("checked") is not None}
    assert ticked == {MEASURES, "short", "phone"}


def test_a_victim_of_another_case_and_a_service_that_is_none_are_not_there(
    world: AnyWorld,
) -> None:
    case, other, desk = seed_case(world.deps), seed_case(world.deps), world.desk()
    assert _notes(world, desk, case, victim=other.victim).status == 404
    assert _notes(world, desk, case, partner="nobody").status == 404
    assert desk.get(f"/cases/{case.key}/support?victim={other.victim}").status == 404
    elsewhere = world.desk("pc-stoke", team=STOKE)
    assert elsewhere.get(_address(case)).status == 404
    assert _notes(world, elsewhere, case).status == 404
    assert not file_of(world, case).agreements


def test_the_case_leads_to_it(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    seen = world.desk().get(f"/cases/{case.key}")
    assert _address(case) in {a.get("href") for a in seen.tree.iter("a")}

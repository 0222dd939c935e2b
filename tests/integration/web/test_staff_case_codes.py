"""Access codes at the desk: checked first, shown once, read back, confirmed, cancelled (D4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import seed_case, seed_code
from tests.integration.services.staff_steps import file_of

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

CHECKED = {"checked": "face_to_face", "for_whom": "victim"}
SAFE = {"safe": "yes", "place": "work"}


def _form(world: World, case: SeededCase, desk: Visitor | None = None) -> Visitor:
    desk = desk or world.desk()
    assert desk.get(f"/cases/{case.key}/codes/new?victim={case.victim}").status == 200
    return desk


def _make(desk: Visitor, case: SeededCase, **fields: Any) -> Seen:
    return desk.post(f"/cases/{case.key}/codes/new", **{**CHECKED, **fields})


def _code_on(page: Seen) -> str:
    shown = next(p for p in page.tree.iter("p") if p.get("class") == "hub-code")
    return "".join("".join(shown.itertext()).split())


def _press(desk: Visitor, what: str) -> Seen:
    """Press the first button that leads to an address with this ending."""
    assert desk.seen is not None
    forms = (form.get("action") or "" for form in desk.seen.tree.iter("form"))
    return desk.post(next(action for action in forms if action.endswith(what)))


def _opens(world: World, case: SeededCase, code: str) -> bool:
    visitor = world.visitor()
    visitor.get("/case/open")
    return visitor.post("/case/open", reference=case.reference, code=code).status == 303


def test_a_code_is_shown_once_in_groups_with_words_and_opens_after_the_read_back(
    world: World,
) -> None:
    case = seed_case(world.deps)
    desk = _form(world, case)
    page = _make(desk, case)
    assert page.status == 200
    code = _code_on(page)
    assert len(code) == 16
    assert "It is shown once." in page.main
    desk.never_in_addresses = [code]
    assert not _opens(world, case, code)
    assert _press(desk, "/activate").status == 303
    assert "The code is active." in desk.follow().main
    assert desk.seen is not None
    assert code not in desk.seen.body
    assert _opens(world, case, code)


def test_a_call_that_came_in_gets_no_code_and_the_page_says_why(world: World) -> None:
    case = seed_case(world.deps)
    page = _make(_form(world, case), case, checked="came_in")
    assert page.status == 400
    assert "A call that came in is not enough" in page.main
    assert not file_of(world, case).codes


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"checked": ""}, "Say how you checked who they are."),
        ({"for_whom": ""}, "Say for whom the code is."),
        ({"for_whom": "parent"}, "Say what they are to the victim."),
        ({"for_whom": "parent", "relation": "<b>neighbour"}, "Say what they are to the victim."),
    ],
)
def test_every_question_needs_an_answer(world: World, fields: Any, words: str) -> None:
    case = seed_case(world.deps)
    page = _make(_form(world, case), case, **fields)
    assert page.status == 400
    assert words in page.main
    assert not file_of(world, case).codes


def test_in_safe_mode_the_officer_is_asked_whether_looking_is_safe(world: World) -> None:
    case = seed_case(world.deps, flags=["domestic_abuse"])
    desk = _form(world, case)
    assert desk.seen is not None
    assert "Is it safe for this person to look?" in desk.seen.main
    assert _make(desk, case).status == 400
    unsafe = _make(desk, case, safe="no", place="paper")
    assert "Then do not make a code." in unsafe.main
    page = _make(desk, case, **SAFE)
    assert page.status == 200
    assert "no name, no reference beside it" in page.main


def test_a_case_that_is_not_in_safe_mode_is_not_asked(world: World) -> None:
    page = _form(world, seed_case(world.deps)).seen
    assert page is not None
    assert "Is it safe for this person to look?" not in page.main


def test_making_another_cancels_the_first_and_asks_nothing_twice(world: World) -> None:
    case = seed_case(world.deps, flags=["stalking"])
    desk = _form(world, case)
    first = _code_on(_make(desk, case, for_whom="parent", relation="mother", **SAFE))
    second = _code_on(_press(desk, "/codes/new"))
    assert first != second
    assert _press(desk, "/activate").status == 303
    assert (_opens(world, case, first), _opens(world, case, second)) == (False, True)
    assert {code.for_whom for code in file_of(world, case).codes} == {"parent or guardian: mother"}


def test_activating_a_code_that_was_replaced_says_what_to_do(world: World) -> None:
    case = seed_case(world.deps)
    first, second = _form(world, case), _form(world, case, world.desk("pc-second"))
    _make(first, case)
    _make(second, case)
    page = _press(first, "/activate")
    assert page.status == 409
    assert "Make another" in page.main


def test_cancelling_from_the_case_page_ends_the_victims_session(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    desk = world.desk(fresh=False)
    desk.get(f"/cases/{case.key}")
    assert _press(desk, "/cancel").status == 303
    assert "The code is cancelled." in desk.follow().main
    assert victim.get("/case").status == 401


def test_a_lost_code_is_cancelled_with_the_new_one(world: World) -> None:
    case = seed_case(world.deps)
    lost = seed_code(world.deps, case)
    desk = _form(world, case)
    assert _make(desk, case, cancel_others="yes").status == 200
    assert not _opens(world, case, lost)


@pytest.mark.parametrize("crime_type", ["homicide", "never heard of"])
def test_a_crime_type_that_is_not_open_has_a_reason_and_no_form(
    world: World, crime_type: str
) -> None:
    case = seed_case(world.deps, crime_type=crime_type)
    desk = _form(world, case)
    assert desk.seen is not None
    assert "There are no codes for this kind of case" in desk.seen.main
    assert "101" in desk.seen.main
    assert not desk.seen.has_form(f"/cases/{case.key}/codes/new")
    token = desk.seen.fields("/sign-out")["csrf_token"]
    fields = {**CHECKED, **SAFE, "victim": case.victim, "csrf_token": token}
    page = desk.send(f"/cases/{case.key}/codes/new", fields)
    assert "There are no codes for this kind of case" in page.main
    assert not file_of(world, case).codes


def test_a_childs_code_waits_until_a_supervisor_of_the_team_confirms(world: World) -> None:
    case = seed_case(world.deps, flags=["child"])
    desk = _form(world, case)
    code = _code_on(_make(desk, case, **SAFE))
    assert _press(desk, "/activate").status == 303
    assert "waits for a supervisor" in desk.follow().main
    record = file_of(world, case).codes[0]
    path = f"/cases/{case.key}/codes/{record.id}/confirm"
    assert desk.get(path).status == 404
    assert not _opens(world, case, code)
    supervisor = world.desk("sgt", role="supervisor")
    supervisor.get(f"/cases/{case.key}")
    assert supervisor.seen is not None
    assert any(a.get("href") == path for a in supervisor.seen.tree.iter("a"))
    assert supervisor.get(path).status == 200
    assert supervisor.post(path).status == 303
    assert "Confirmed" in supervisor.follow().main
    assert _opens(world, case, code)
    assert "There is nothing to confirm now." in supervisor.get(path).main


def test_a_confirmation_of_a_code_that_was_cancelled_says_so(world: World) -> None:
    case = seed_case(world.deps, flags=["child"])
    desk = _form(world, case)
    _make(desk, case, **SAFE)
    _press(desk, "/activate")
    path = f"/cases/{case.key}/codes/{file_of(world, case).codes[0].id}/confirm"
    supervisor = world.desk("sgt", role="supervisor")
    supervisor.get(path)
    desk.follow()
    assert _press(desk, "/cancel").status == 303
    assert supervisor.post(path).status == 409


def test_without_a_victim_the_only_one_is_meant_and_of_several_one_is_chosen(
    world: World,
) -> None:
    one, two = seed_case(world.deps), seed_case(world.deps, victims=("V1", "V2"))
    desk = world.desk()
    alone = desk.get(f"/cases/{one.key}/codes/new")
    assert alone.location.endswith(f"?victim={one.victim}")
    assert "Whose case is it to open?" in desk.get(f"/cases/{two.key}/codes/new").main
    assert desk.get(f"/cases/{one.key}/codes/new?victim={two.victim}").status == 404
    supervisor = world.desk("sgt", role="supervisor")
    for case in (one, two):
        assert supervisor.get(f"/cases/{case.key}/codes/unknown/confirm").status == 404

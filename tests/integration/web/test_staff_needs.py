"""Needs on the desk: first on every page of a case, in every list, written down and withdrawn."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.services.need_changes import NeedTold
from chalicelib.web import staff as desk_pages
from chalicelib.web.staff.desk import case_desk_page
from tests.builders import STOKE, seed_case
from tests.integration.services.contact_steps import NUMBER, notes_contact
from tests.integration.services.need_steps import EPILEPSY, health, notes, tells
from tests.integration.services.staff_steps import case_of, file_of
from tests.integration.web.board_steps import supervisor
from tests.integration.web.desk_steps import new_officer, owe
from tests.integration.web.hostile_steps import new_target

if TYPE_CHECKING:
    from tests.integration.conftest import World

# Nothing of a case is shown before it is open.
BEFORE_IT_OPENS = "/cases/{case}/confirm-leave"
PART = re.compile(r"\{[^}]+\}")


def test_every_page_of_a_case_says_safe_contact_and_needs_under_the_heading(world: World) -> None:
    target = new_target(world, "restricted", "child")
    desk, shown = world.desk(role="supervisor"), set()
    for address in target.pages:
        seen = desk.get(address)
        if seen.status == 303:
            seen = desk.follow()
        assert seen.status == 200, address
        before = seen.body.partition("<main")[2].partition("Words of a need")
        assert before[1], address
        assert "<form" not in before[0], address
        contact = f"Safe mode. Only as agreed: phone call {NUMBER}."
        assert f"Contact with Victim V1:</strong> {contact}" in before[0], address
        shown.add(_route_of(address))
    routes = {
        route.path
        for group in desk_pages.PAGES
        for route in group.routes
        if "GET" in route.methods and route.path.startswith("/cases/{case}")
    }
    assert routes - shown <= {BEFORE_IT_OPENS}


def _route_of(address: str) -> str:
    path = address.partition("?")[0]
    routes = [route.path for group in desk_pages.PAGES for route in group.routes]
    fits = (r for r in routes if re.fullmatch(PART.sub("[^/]+", r), path))
    return min(fits, key=lambda route: (route.count("{"), route))


def test_each_need_has_a_line_of_its_own_on_the_case_page(world: World) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"))
    desk = world.desk()
    empty = desk.get(f"/cases/{case.key}").main
    assert "Victim V1: no need was told yet. Ask once, and write it down." in empty
    notes(world, case, health(health_avoid="Flashing lights", health_emergency="Ring 999"))
    notes(world, case, NeedTold("communication", {}, ("interpreter", "easy_read"), 0))
    seen = desk.get(f"/cases/{case.key}").main
    health_line = "Victim V1, health: Epilepsy. Avoid: Flashing lights. In an emergency: Ring 999"
    assert health_line in seen
    assert "Victim V1, communication: Interpreter. Easy read" in seen
    assert "Victim V2: no need was told yet." in seen
    assert seen.index(health_line) < seen.index("Questions waiting")


def test_a_long_line_says_which_kinds_there_are_and_leads_to_all(world: World) -> None:
    case = seed_case(world.deps)
    notes(world, case, health("Epilepsy and much more " * 8))
    notes(world, case, NeedTold("fear", {"fear_what": "Seeing him"}, (), 0))
    seen = world.desk().get(f"/cases/{case.key}/event")
    assert "Read all: Health, Fear or distress" in seen.main
    assert f'href="/cases/{case.key}/needs?victim={case.victim}"' in seen.body
    assert "Seeing him" not in seen.main


@pytest.mark.parametrize(
    ("path", "reads"),
    [
        ("", {"GetItem": 1, "Query": 3}),
        ("/event", {"GetItem": 1, "Query": 3}),
        ("/rhythm?victim={v}", {"GetItem": 1, "Query": 2, "BatchGetItem": 1}),
        ("/told", {"GetItem": 1, "Query": 3}),
        ("/needs", {"GetItem": 1, "Query": 5}),
        ("/needs/health?victim={v}", {"GetItem": 1, "Query": 2, "BatchGetItem": 1}),
    ],
)
def test_needs_cost_one_batch_and_none_where_files_are_read(
    world: World, path: str, reads: dict[str, int]
) -> None:
    case, desk = seed_case(world.deps, victims=("V1", "V2")), world.desk()
    with world.watched() as calls:
        seen = desk.get(f"/cases/{case.key}{path.format(v=case.victim)}")
    assert seen.status == 200
    assert calls.names == {**reads, "TransactWriteItems": 1}


def test_older_questions_show_the_needs_that_stand(world: World) -> None:
    case = seed_case(world.deps)
    notes(world, case)
    seen = world.desk().get(f"/cases/{case.key}?older={case.victim}.3")
    assert f"Needs of Victim V1: {EPILEPSY}" in seen.main


# --- written down, changed, withdrawn


def test_an_officer_writes_a_need_down_and_the_page_says_who_and_who_read_it(
    world: World,
) -> None:
    case, desk = seed_case(world.deps), world.desk()
    desk.get(f"/cases/{case.key}/needs/health?victim={case.victim}")
    path = f"/cases/{case.key}/needs"
    sent = desk.post(path, health_what=EPILEPSY, health_helps="Short sessions")
    assert sent.location == f"/cases/{case.key}?done=need"
    assert "Written down. Everybody who opens this case reads it first." in desk.follow().main
    seen = desk.get(f"{path}?victim={case.victim}").main
    assert "Written down by PC Example, Wednesday 18 November 2026" in seen
    assert "Read by PC Example, officer, Wednesday 18 November 2026" in seen
    assert "What helps? Short sessions" in seen


def test_what_a_need_was_before_stays_for_staff(world: World) -> None:
    case, desk = seed_case(world.deps), world.desk()
    tells(world, case, health("Migraine"))
    form = desk.get(f"/cases/{case.key}/needs/health?victim={case.victim}")
    assert "Told on their own page" in form.main
    desk.post(f"/cases/{case.key}/needs", health_what=EPILEPSY)
    world.clock.forward(minutes=1)
    desk.get(f"/cases/{case.key}/needs/health?victim={case.victim}")
    gone = desk.post(f"/cases/{case.key}/needs/withdraw")
    assert gone.location == f"/cases/{case.key}?done=need-withdrawn"
    assert "Withdrawn." in desk.follow().main
    seen = desk.get(f"/cases/{case.key}/needs").main
    assert "What it was before (2)" in seen
    assert seen.index("Withdrawn by PC Example") < seen.index("Changed by PC Example")
    assert "Health: Migraine" in seen
    assert "No need was told yet: ask once, and write it down." in seen


def test_a_form_with_nothing_or_too_much_keeps_every_word(world: World) -> None:
    case, desk = seed_case(world.deps), world.desk()
    path = f"/cases/{case.key}/needs"
    desk.get(f"{path}/health?victim={case.victim}")
    empty = desk.post(path)
    assert empty.status == 400
    assert empty.main.count("Write something in a box, or tick something.") == 2
    long = "Epilepsy " * 60
    seen = desk.post(path, health_what=long)
    assert seen.status == 400
    assert "up to 500 fit" in seen.main
    assert seen.fields(path)["health_what"] == long
    assert not file_of(world, case).needs


def test_who_writes_while_the_victim_does_sees_theirs_and_keeps_their_own(world: World) -> None:
    case, desk = seed_case(world.deps), world.desk()
    path = f"/cases/{case.key}/needs"
    desk.get(f"{path}/health?victim={case.victim}")
    tells(world, case, health("Migraine"))
    seen = desk.post(path, health_what=EPILEPSY)
    assert seen.status == 409
    assert "Somebody changed this while you were writing" in seen.main
    assert "Migraine" in seen.main
    assert seen.fields(path)["health_what"] == EPILEPSY
    assert desk.post(path).status == 303
    assert file_of(world, case).needs.needs[0].words == {"health_what": EPILEPSY}


def test_nothing_is_withdrawn_that_the_victim_has_just_put_right(world: World) -> None:
    case, desk = seed_case(world.deps), world.desk()
    tells(world, case)
    desk.get(f"/cases/{case.key}/needs/health?victim={case.victim}")
    tells(world, case, health("Epilepsy, new medicine", seen=1))
    seen = desk.post(f"/cases/{case.key}/needs/withdraw")
    assert seen.status == 409
    assert "Nothing was withdrawn." in seen.main
    assert "Epilepsy, new medicine" in seen.main


@pytest.mark.parametrize("path", ["", "/nothing?victim={v}", "/health", "/health?victim=x"])
def test_a_made_up_address_is_no_error(world: World, path: str) -> None:
    case, desk = seed_case(world.deps), world.desk()
    seen = desk.get(f"/cases/{case.key}/needs{path.format(v=case.victim)}")
    assert seen.status == (404 if path else 200)


def test_another_victims_key_opens_nothing_of_their_case(world: World) -> None:
    case, other = seed_case(world.deps), seed_case(world.deps)
    notes(world, other)
    desk = world.desk()
    for path in ("needs", "needs/health"):
        seen = desk.get(f"/cases/{case.key}/{path}?victim={other.victim}")
        assert seen.status == 404
        assert EPILEPSY not in seen.body


# --- in the lists


def test_a_row_of_the_list_and_of_the_board_has_one_line_of_needs(world: World) -> None:
    officer = new_officer()
    case = seed_case(world.deps, officer=officer)
    desk = world.desk(officer.id, name=officer.name, team=officer.team)
    owe(world, officer, world.deps.today(), case=case)
    assert "Needs:" not in desk.get("/").main
    tells(world, case, health(health_avoid="Flashing lights"))
    line = "Needs: Epilepsy. Avoid: Flashing lights"
    assert line in desk.get("/").main
    assert line in supervisor(world, officer.team).get("/team").main


def test_a_row_of_a_restricted_case_says_nothing_of_needs(world: World) -> None:
    officer = new_officer()
    case = seed_case(world.deps, officer=officer, flags=["restricted"])
    owe(world, officer, world.deps.today(), case=case)
    tells(world, case)
    desk = supervisor(world, officer.team)
    with world.watched() as calls:
        seen = desk.get("/team")
    assert "Only named people see more of this." in seen.main
    assert EPILEPSY not in seen.body
    assert "BatchGetItem" not in calls.names


def test_a_page_of_a_case_for_a_partner_says_nothing_that_was_not_agreed(world: World) -> None:
    case = seed_case(world.deps)
    notes(world, case)
    notes_contact(world, case)
    visit: Any = SimpleNamespace(deps=world.deps, staff={"name": "Ash", "role": "partner"})
    page = case_desk_page(visit, case_of(world, case), "staff/case.html", {})
    assert not page.context["needs_first"]
    assert not page.context["contact_first"]
    visit.staff["role"] = "officer"
    page = case_desk_page(visit, case_of(world, case), "staff/case.html", {})
    assert [each.line for each in page.context["needs_first"]] == [EPILEPSY]
    assert [NUMBER in each.line for each in page.context["contact_first"]] == [True]


def test_a_role_that_sees_no_cases_reads_no_needs(world: World) -> None:
    case = seed_case(world.deps)
    notes(world, case)
    for role in ("partner", "administrator"):
        assert EPILEPSY not in world.desk(role, role=role).get("/").body
        seen = world.desk(role, role=role, team=STOKE).get(f"/cases/{case.key}/needs")
        assert seen.status == 404
        assert EPILEPSY not in seen.body


def test_words_that_run_the_other_way_turn_nothing_around_them(world: World) -> None:
    case = seed_case(world.deps)
    tells(world, case, health("\u202eEpilepsy \u05e9\u05dc\u05d5\u05dd"))
    desk = world.desk()
    for page in ("", "/needs", "/measures?victim=" + case.victim, "/review?victim=" + case.victim):
        body = desk.get(f"/cases/{case.key}{page}").body
        lines = [line for line in body.splitlines() if "Epilepsy" in line]
        assert lines, page
        assert all("<bdi>" in line or 'dir="auto"' in line for line in lines), page
    assert "\u202e" not in desk.get(f"/cases/{case.key}").body

"""Handing a case over, and naming who opens a restricted one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import OfficerId
from chalicelib.domain.staff import Absence
from chalicelib.services.hand_over import officer_of
from tests.builders import STOKE, seed_case
from tests.integration.services.staff_steps import asked, case_of, colleague, file_of

if TYPE_CHECKING:
    from tests.integration.conftest import World


def test_the_victim_sees_the_new_officer_and_the_question_goes_with_the_case(
    world: World,
) -> None:
    case, new = seed_case(world.deps), colleague(world, "robin")
    asked(world, case)
    desk = world.desk()
    desk.get(f"/cases/{case.key}/hand-over")
    sent = desk.post(f"/cases/{case.key}/hand-over", officer=new)
    assert sent.location == f"/cases/{case.key}?done=handed-over"
    assert "Officer in charge: PC Robin, number 0007" in desk.follow().main
    assert file_of(world, case).threads[0].promise.owner == new
    assert "PC Robin" in world.victim(case).get("/case").main


def test_a_case_given_to_another_team_leads_back_to_the_list(world: World) -> None:
    case, new = seed_case(world.deps), colleague(world, "kit", team=STOKE)
    desk = world.desk()
    desk.get(f"/cases/{case.key}/hand-over")
    path = f"/cases/{case.key}/hand-over"
    assert desk.post(path, officer=new).location == "/?done=handed-over"
    assert "Handed over." in desk.follow().main
    assert desk.get(f"/cases/{case.key}").status == 404


def test_who_is_away_or_gone_is_said_or_left_out(world: World) -> None:
    case = seed_case(world.deps)
    away, gone = colleague(world, "alex"), colleague(world, "jo", active=False)
    days = (date(2026, 11, 16), date(2026, 11, 20))
    absence = Absence("alex-away", away, *days, cover=OfficerId("pc-example"))
    world.deps.ledger.write([world.deps.cases.keep_absence(absence)])
    page = world.desk().get(f"/cases/{case.key}/hand-over")
    offered = {o.get("value"): "".join(o.itertext()) for o in page.tree.iter("option")}
    assert offered[away].endswith("away until Friday 20 November 2026")
    assert gone not in offered
    assert "pc-example" not in offered


@pytest.mark.parametrize("role", ["partner", "administrator"])
def test_a_case_goes_to_nobody_for_whom_it_would_not_exist(world: World, role: str) -> None:
    case = seed_case(world.deps, flags=["restricted"])
    blind, seeing = colleague(world, f"{role}-a"), colleague(world, f"{role}-b")
    for who, theirs in ((blind, role), (seeing, "witness_care")):
        world.deps.ledger.write([world.deps.cases.note_role(who, theirs)])
    desk = world.desk()
    for form in ("hand-over", "named"):
        page = desk.get(f"/cases/{case.key}/{form}")
        offered = {option.get("value") for option in page.tree.iter("option")}
        assert seeing in offered
        assert blind not in offered
        assert desk.post(f"/cases/{case.key}/{form}", officer=blind).status == 404


@pytest.mark.parametrize(("stage", "offered"), [("investigating", False), ("charged", True)])
def test_witness_care_gets_cases_from_charge_on(world: World, stage: str, *, offered: bool) -> None:
    case, care = seed_case(world.deps, stage=stage, told=True), colleague(world, "willow")
    world.deps.ledger.write([world.deps.cases.note_role(care, "witness_care")])
    desk, path = world.desk(), f"/cases/{case.key}/hand-over"
    page = desk.get(path)
    assert (care in {option.get("value") for option in page.tree.iter("option")}) is offered
    assert desk.post(path, officer=care).status == (303 if offered else 404)


def test_choosing_nobody_asks_again_and_a_stranger_does_not_exist(world: World) -> None:
    case, desk = seed_case(world.deps), world.desk()
    path = f"/cases/{case.key}/hand-over"
    desk.get(path)
    page = desk.post(path)
    assert page.status == 400
    assert "Choose who gets the case." in page.main
    assert desk.post(path, officer="stranger").status == 404


def test_whoever_hands_over_second_sees_to_whom_it_went(world: World) -> None:
    case = seed_case(world.deps)
    first_choice, second_choice = colleague(world, "lee"), colleague(world, "max")
    path = f"/cases/{case.key}/hand-over"
    officer, supervisor = world.desk(), world.desk("sgt", role="supervisor")
    for desk in (officer, supervisor):
        desk.get(path)
    assert officer.post(path, officer=first_choice).status == 303
    page = supervisor.post(path, officer=second_choice)
    assert page.status == 409
    assert "It belongs to PC Lee now." in page.main
    assert case_of(world, case).officer.id == first_choice


def test_only_the_officer_in_charge_and_supervisors_may(world: World) -> None:
    case = seed_case(world.deps)
    second = world.desk("pc-second")
    assert second.get(f"/cases/{case.key}/hand-over").status == 403
    assert "Hand over to another officer" not in second.get(f"/cases/{case.key}").main
    supervisor = world.desk("sgt", role="supervisor")
    assert supervisor.get(f"/cases/{case.key}/hand-over").status == 200


def test_what_a_hand_over_left_behind_is_moved_from_the_case_page(world: World) -> None:
    case, new = seed_case(world.deps), colleague(world, "sam")
    asked(world, case)
    member = world.deps.cases.read_force().member(new)
    assert member is not None
    found = case_of(world, case)
    change = world.deps.cases.desk_change(found, officer=officer_of(member), at=world.clock())
    world.deps.ledger.write([change])
    desk = world.desk("sam")
    page = desk.get(f"/cases/{case.key}")
    assert "a hand-over was cut short" in page.main
    assert desk.post(f"/cases/{case.key}/hand-over").location.endswith("?done=moved")
    assert "a hand-over was cut short" not in desk.follow().main
    assert file_of(world, case).threads[0].promise.owner == new


def test_naming_a_person_opens_a_restricted_case_to_them(world: World) -> None:
    case, second = seed_case(world.deps, flags=["restricted"]), world.desk("pc-second")
    assert second.get(f"/cases/{case.key}").status == 404
    desk, path = world.desk(), f"/cases/{case.key}/named"
    desk.get(path)
    assert desk.post(path).status == 400
    assert desk.post(path, officer="pc-second").status == 303
    assert "They can open this case now." in desk.follow().main
    assert second.get(f"/cases/{case.key}").status == 200
    assert second.get(path).status == 403
    assert "PC Example, and PC Example" in desk.get(path).main


def test_naming_upon_an_older_state_of_the_case_asks_again(world: World) -> None:
    case = seed_case(world.deps, flags=["restricted"])
    path = f"/cases/{case.key}/named"
    first, other = colleague(world, "first"), colleague(world, "other")
    one, two = world.desk(), world.desk()
    for desk in (one, two):
        desk.get(path)
    assert one.post(path, officer=first).status == 303
    page = two.post(path, officer=other)
    assert page.status == 409
    assert "PC First" in page.main


def test_there_is_nothing_to_name_in_a_case_that_is_not_restricted(world: World) -> None:
    case = seed_case(world.deps)
    assert world.desk().get(f"/cases/{case.key}/named").status == 403

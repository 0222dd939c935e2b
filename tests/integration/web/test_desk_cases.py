"""Which cases exist for whom: the search, other teams' cases, and breaking the glass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.clients.keys import KeyRing
from chalicelib.domain.errors import NotFoundError
from chalicelib.services.staff_sessions import find_case, find_staff_session
from chalicelib.settings import STAFF
from tests.builders import SeededCase, next_reference, seed_case
from tests.integration.web.desk_steps import lines_about, new_officer

if TYPE_CHECKING:
    from chalicelib.domain.cases import Case, CaseKey, Officer
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

REASON = "The victim rang and is afraid tonight"


@dataclass(frozen=True)
class Station:
    """A case with its officer, and a supervisor of another team with their browser."""

    case: SeededCase
    officer: Officer
    boss: Officer
    desk: Visitor


def _desk(world: World, person: Officer, role: str) -> Visitor:
    return world.desk(person.id, role=role, team=person.team, name=person.name)


def _station(world: World, *flags: str) -> Station:
    officer, boss = new_officer("PC Alder"), new_officer("Sergeant Birch")
    case = seed_case(world.deps, officer=officer, flags=flags)
    desk = _desk(world, boss, "supervisor")
    desk.never_in_addresses = [case.reference]
    return Station(case, officer, boss, desk)


def _key_of(world: World, reference: str) -> CaseKey:
    return world.deps.keys.case_key(reference)  # type: ignore[arg-type]


def _search(desk: Visitor, reference: str) -> Seen:
    desk.get("/")
    return desk.post("/search", reference=reference)


def _exists(world: World, desk: Visitor, key: str) -> bool:
    session = find_staff_session(world.deps, desk.cookies["desk"])
    try:
        find_case(world.deps, session, key)  # type: ignore[arg-type]
    except NotFoundError:
        return False
    return True


def _read(world: World, case: SeededCase) -> Case:
    read = world.deps.cases.read(case.key)
    assert read is not None
    return read


def _break(desk: Visitor, key: str, reason: str = REASON) -> Seen:
    path = f"/cases/{key}/break-glass"
    return desk.post(path, reason=reason)


# --- the search


@pytest.mark.parametrize("form", ["{}", " {} ", "digits", "spaced"])
def test_a_reference_of_my_team_leads_to_the_case(world: World, form: str) -> None:
    officer = new_officer()
    case = seed_case(world.deps, officer=new_officer("PC Other", officer.team))
    desk = _desk(world, officer, "officer")
    desk.never_in_addresses = [case.reference]
    digits = case.reference.replace("/", "")
    typed = {"digits": digits, "spaced": f"{digits[:2]} - {digits[2:]}"}.get(form)
    seen = _search(desk, typed or form.format(case.reference))
    assert seen.status == 303
    assert seen.location == f"/cases/{case.key}"


@pytest.mark.parametrize("role", ["officer", "supervisor", "witness_care"])
def test_a_case_of_others_looks_exactly_like_one_that_does_not_exist(
    world: World, role: str
) -> None:
    theirs, unknown = seed_case(world.deps, officer=new_officer()), next_reference()
    desk = _desk(world, new_officer(), role)
    pages, requests = [], []
    for reference in (theirs.reference, unknown):
        desk.get("/")
        with world.watched() as calls:
            seen = desk.post("/search", reference=reference)
        assert seen.status == 404
        assert f'value="{reference}"' in seen.body
        headers = [name for name in seen.headers if name not in {"date", "content-length"}]
        same = seen.body.replace(reference, "R").replace(_key_of(world, reference), "K")
        pages.append((headers, same))
        requests.append(calls.names)
    assert pages[0] == pages[1]
    assert requests[0] == requests[1]


@pytest.mark.parametrize("role", ["officer", "supervisor", "witness_care", "partner"])
def test_the_address_of_a_case_of_others_says_nothing_either(world: World, role: str) -> None:
    theirs, unknown = seed_case(world.deps, officer=new_officer()), next_reference()
    desk = _desk(world, new_officer(), role)
    pages, requests = [], []
    for key in (theirs.key, _key_of(world, unknown)):
        with world.watched() as calls:
            seen = desk.get(f"/cases/{key}")
        assert seen.status == 404
        pages.append(seen.body.replace(key, "K"))
        requests.append(calls.names)
    assert pages[0] == pages[1]
    assert requests[0] == requests[1]


def test_only_supervisors_read_how_to_open_a_case_of_others(world: World) -> None:
    theirs = seed_case(world.deps, officer=new_officer())
    path = f"/cases/{theirs.key}/break-glass"
    for role, has_form in (("officer", False), ("witness_care", False), ("supervisor", True)):
        seen = _search(_desk(world, new_officer(), role), theirs.reference)
        assert seen.has_form(path) is has_form
        assert (theirs.key in seen.body) is has_form


@pytest.mark.parametrize("typed", ["", "12", "abc", "12/3456789/01", "' OR 1=1", "\x00", "🦆" * 40])
def test_what_cannot_be_a_reference_is_said_beside_the_field(world: World, typed: str) -> None:
    desk = _desk(world, new_officer(), "officer")
    desk.get("/")
    with world.watched() as calls:
        seen = desk.post("/search", reference=typed)
    assert seen.status == 400
    assert "Type the whole reference, like 12/345678/90." in seen.main
    # The session alone: no case was looked for.
    assert calls.names == {"GetItem": 1}


def test_a_search_is_recorded_with_the_case_it_was_for(world: World) -> None:
    case, officer = seed_case(world.deps, officer=new_officer()), new_officer()
    _search(_desk(world, officer, "officer"), case.reference)
    lines = lines_about(f"staff {officer.id}")
    assert (f"officer {officer.id}", "searched for a case", "", frozenset({case.key})) in lines


def test_a_case_from_before_the_secret_changed_is_found(world: World) -> None:
    boss = new_officer()
    case = seed_case(world.deps, officer=boss)
    settings, deps = world.parts[STAFF]
    old = deps.keys._secrets  # type: ignore[attr-defined]  # noqa: SLF001
    secrets = replace(old, reference_key=b"x" * 32, previous_reference_key=old.reference_key)
    keys = KeyRing(deps.keys._kms, settings.pepper_key_id, secrets)  # type: ignore[attr-defined]  # noqa: SLF001
    world.parts[STAFF] = (settings, replace(deps, keys=keys))
    desk = _desk(world, boss, "officer")
    assert _search(desk, case.reference).location == f"/cases/{case.key}"
    assert _search(desk, next_reference()).status == 404


# --- roles


@pytest.mark.parametrize("role", ["partner", "administrator"])
def test_partners_and_administrators_see_no_case(world: World, role: str) -> None:
    person = new_officer()
    case = seed_case(world.deps, officer=person)
    desk = _desk(world, person, role)
    assert not _exists(world, desk, case.key)
    desk.get("/admin" if role == "administrator" else "/")
    token = desk.seen.fields("/sign-out") if desk.seen else {}
    seen = desk.send("/search", {**token, "reference": case.reference})
    assert seen.status == 403
    assert case.key not in seen.body


def test_witness_care_finds_a_case_from_charge_on(world: World) -> None:
    before = seed_case(world.deps, officer=new_officer(), stage="with_cps")
    after = seed_case(world.deps, officer=new_officer(), stage="charged")
    desk = _desk(world, new_officer(), "witness_care")
    assert _search(desk, before.reference).status == 404
    assert _search(desk, after.reference).location == f"/cases/{after.key}"


def test_a_restricted_case_does_not_exist_for_the_rest_of_its_team(world: World) -> None:
    station = _station(world, "restricted")
    colleague = new_officer("PC Cedar", station.officer.team)
    desk = _desk(world, colleague, "officer")
    assert _search(desk, station.case.reference).status == 404
    read = _read(world, station.case)
    named = world.deps.cases.name_person(read, colleague.id, world.clock())
    world.deps.ledger.write([named])
    assert _search(desk, station.case.reference).status == 303
    assert _exists(world, _desk(world, station.officer, "officer"), station.case.key)


# --- breaking the glass


def test_a_supervisor_opens_a_case_of_another_team_for_60_minutes(world: World) -> None:
    station = _station(world)
    assert _search(station.desk, station.case.reference).status == 404
    seen = _break(station.desk, station.case.key)
    assert seen.status == 303
    assert seen.location == f"/cases/{station.case.key}"
    assert station.desk.follow().status == 200
    for _ in range(5):
        world.clock.forward(minutes=11)
        assert station.desk.get(f"/cases/{station.case.key}").status == 200
    world.clock.forward(minutes=5)
    assert station.desk.get(f"/cases/{station.case.key}").status == 404


def test_the_officer_in_charge_sees_who_opened_it_and_why(world: World) -> None:
    station = _station(world)
    _search(station.desk, station.case.reference)
    _break(station.desk, station.case.key)
    (note,) = _read(world, station.case).glass_breaks
    assert (note.by, note.name, note.reason) == (station.boss.id, "Sergeant Birch", REASON)
    page = _desk(world, station.officer, "officer").get(f"/cases/{station.case.key}")
    assert "Sergeant Birch" in page.main
    assert REASON in page.main


def test_the_reason_stands_in_the_audit_line_of_the_case(world: World) -> None:
    station = _station(world)
    _search(station.desk, station.case.reference)
    _break(station.desk, station.case.key)
    who, what, why, _ = lines_about(station.case.key)[-1]
    assert (who, what, why) == (f"supervisor {station.boss.id}", "broke the glass", REASON)


@pytest.mark.parametrize("reason", ["", "too short", "a" + " " * 30 + "b", "x" * 501])
def test_a_reason_that_is_none_opens_nothing_and_stays_in_the_box(
    world: World, reason: str
) -> None:
    station = _station(world)
    pages = []
    for key in (station.case.key, _key_of(world, next_reference())):
        _search(station.desk, station.case.reference)
        with world.watched() as calls:
            seen = _break_at(station.desk, key, reason, reference="12/345678/90")
        assert seen.status == 400
        assert "Say why, in 10 to 500 characters." in seen.main
        assert seen.fields(f"/cases/{key}/break-glass")["reason"] == reason
        assert seen.fields("/search")["reference"] == "12/345678/90"
        # Nothing of any case is read before there is a reason.
        assert calls.names == {"GetItem": 1}
        pages.append(seen.body.replace(key, "K"))
    assert pages[0] == pages[1]
    assert not _exists(world, station.desk, station.case.key)
    assert not _read(world, station.case).glass_breaks


def _break_at(desk: Visitor, key: str, reason: str, **more: str) -> Seen:
    """Send the form of a case that the page before was not about."""
    assert desk.seen is not None
    token = desk.seen.fields("/search")["csrf_token"]
    return desk.send(f"/cases/{key}/break-glass", {"csrf_token": token, "reason": reason, **more})


def test_a_reason_for_a_case_that_does_not_exist_opens_the_same_page_again(world: World) -> None:
    station = _station(world)
    unknown = next_reference()
    _search(station.desk, unknown)
    seen = _break(station.desk, _key_of(world, unknown))
    assert seen.status == 404
    assert seen.fields(f"/cases/{_key_of(world, unknown)}/break-glass")["reason"] == REASON


@pytest.mark.parametrize("role", ["officer", "witness_care", "partner", "administrator"])
def test_nobody_but_a_supervisor_breaks_the_glass(world: World, role: str) -> None:
    case = seed_case(world.deps, officer=new_officer())
    desk = _desk(world, new_officer(), role)
    desk.get("/admin" if role == "administrator" else "/")
    assert desk.seen is not None
    token = desk.seen.fields("/sign-out")["csrf_token"]
    fields = {"csrf_token": token, "reason": REASON}
    assert desk.send(f"/cases/{case.key}/break-glass", fields).status == 403
    assert desk.get(f"/cases/{case.key}/confirm-leave").status == 404
    assert desk.send(f"/cases/{case.key}/confirm-leave", {"csrf_token": token}).status == 404
    assert not _exists(world, desk, case.key)


def test_who_may_open_the_case_anyway_breaks_nothing(world: World) -> None:
    boss = new_officer("Sergeant Birch")
    case = seed_case(world.deps, officer=new_officer("PC Alder", boss.team))
    desk = _desk(world, boss, "supervisor")
    _search(desk, next_reference())
    assert _break_at(desk, case.key, REASON).location == f"/cases/{case.key}"
    assert not _read(world, case).glass_breaks


def test_leave_is_for_one_person_and_one_case(world: World) -> None:
    station = _station(world)
    other = seed_case(world.deps, officer=station.officer)
    _search(station.desk, station.case.reference)
    _break(station.desk, station.case.key)
    assert not _exists(world, station.desk, other.key)
    colleague = new_officer("Sergeant Cedar", station.boss.team)
    assert not _exists(world, _desk(world, colleague, "supervisor"), station.case.key)


# --- restricted cases: a second supervisor


def _asked(world: World) -> tuple[Station, str]:
    station = _station(world, "restricted")
    _search(station.desk, station.case.reference)
    seen = _break(station.desk, station.case.key)
    path = f"/cases/{station.case.key}/confirm-leave"
    assert seen.location == path
    return station, path


def test_a_restricted_case_waits_for_a_second_supervisor(world: World) -> None:
    station, path = _asked(world)
    waits = station.desk.follow()
    assert "Your leave waits" in waits.main
    assert not waits.has_form(path)
    assert not _exists(world, station.desk, station.case.key)
    # The second finds it as the first was told: by the reference.
    second = _desk(world, new_officer("Inspector Cedar"), "supervisor")
    found = _search(second, station.case.reference)
    assert found.status == 404
    assert f'href="{path}"' in found.body
    asks = second.get(path)
    assert "Sergeant Birch asks to open a restricted case" in asks.main
    assert REASON in asks.main
    assert second.post(path).location == path
    assert "It is confirmed" in second.follow().main
    assert "The case opens for you until" in station.desk.get(path).main
    assert station.desk.get(f"/cases/{station.case.key}").status == 200
    assert not _exists(world, second, station.case.key)
    world.clock.forward(minutes=60)
    assert not _opens_still(world, station)


def _opens_still(world: World, station: Station) -> bool:
    return _exists(world, _desk(world, station.boss, "supervisor"), station.case.key)


def test_the_60_minutes_of_a_restricted_case_begin_with_the_second_supervisor(
    world: World,
) -> None:
    station, path = _asked(world)
    world.clock.forward(minutes=59)
    second = _desk(world, new_officer("Inspector Cedar"), "supervisor")
    second.get(path)
    second.post(path)
    world.clock.forward(minutes=59)
    assert _opens_still(world, station)
    world.clock.forward(minutes=1)
    assert not _opens_still(world, station)


def test_the_officer_in_charge_of_a_restricted_case_sees_both_names(world: World) -> None:
    station, path = _asked(world)
    assert not _read(world, station.case).glass_breaks
    second = _desk(world, new_officer("Inspector Cedar"), "supervisor")
    second.get(path)
    second.post(path)
    (note,) = _read(world, station.case).glass_breaks
    assert note.name == "Sergeant Birch, with leave of Inspector Cedar"
    why = [why for _, what, why, _ in lines_about(station.case.key) if "leave" in what]
    assert REASON in why


def test_nobody_confirms_their_own_leave(world: World) -> None:
    station, path = _asked(world)
    station.desk.get(path)
    seen = _break_at_confirm(station.desk, path)
    assert seen.status == 403
    assert not _exists(world, station.desk, station.case.key)


def _break_at_confirm(desk: Visitor, path: str) -> Seen:
    assert desk.seen is not None
    return desk.send(path, {"csrf_token": desk.seen.fields("/sign-out")["csrf_token"]})


def test_a_supervisor_of_the_same_team_cannot_confirm_and_sees_no_difference(
    world: World,
) -> None:
    station, path = _asked(world)
    inside = _desk(world, new_officer("Sergeant Elm", station.officer.team), "supervisor")
    seen = inside.get(path)
    assert seen.status == 404
    unknown = _key_of(world, next_reference())
    nothing = inside.get(f"/cases/{unknown}/confirm-leave")
    assert seen.body.replace(station.case.key, "K") == nothing.body.replace(unknown, "K")
    assert _break_at_confirm(inside, path).status == 404
    assert not _exists(world, station.desk, station.case.key)


def test_leave_that_nobody_confirmed_within_the_hour_is_gone(world: World) -> None:
    station, path = _asked(world)
    world.clock.forward(minutes=60)
    second = _desk(world, new_officer("Inspector Cedar"), "supervisor")
    assert second.get(path).status == 404
    assert _break_at_confirm(second, path).status == 404
    assert not _opens_still(world, station)


def test_two_supervisors_confirm_at_once_and_one_of_them_does(world: World) -> None:
    station, path = _asked(world)
    first = _desk(world, new_officer("Inspector Cedar"), "supervisor")
    other = _desk(world, new_officer("Inspector Elm"), "supervisor")
    first.get(path)
    other.get(path)
    assert first.post(path).status == 303
    assert other.post(path).status == 409
    assert len(_read(world, station.case).glass_breaks) == 1

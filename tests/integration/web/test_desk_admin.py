"""The administrator keeps staff, teams and absences, and sees no case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import TeamId
from chalicelib.domain.staff import Team
from chalicelib.services.keep_force import address_part
from tests.builders import seed_case
from tests.integration.web.desk_steps import lines_about, new_officer, owe

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
    from chalicelib.domain.staff import StaffMember
    from tests.integration.conftest import World
    from tests.pages import Visitor


def _desk(world: World, person: Officer, role: str = "administrator") -> Visitor:
    return world.desk(person.id, role=role, team=person.team, name=person.name)


def _colleague(world: World, name: str = "PC Elm", team: str | None = None) -> Officer:
    """Return somebody in the staff list, who is signed in nowhere."""
    officer = new_officer(name, team)
    _desk(world, officer, "officer")
    return officer


def _kept(world: World, identity: str) -> StaffMember | None:
    return world.deps.cases.read_force().member(identity)


def _of(officer: Officer) -> str:
    return f"/admin/staff/{address_part(officer.id)}"


def _team_of(team: str) -> str:
    return f"/admin/teams/{address_part(team)}"


ADDRESSES = ("/admin", "/admin/staff", "/admin/teams", "/admin/absences")


@pytest.mark.parametrize("role", ["officer", "supervisor", "witness_care", "partner"])
def test_only_the_administrator_keeps_the_staff_list(world: World, role: str) -> None:
    someone = _colleague(world)
    desk = _desk(world, new_officer(), role)
    for address in (*ADDRESSES, _of(someone), _team_of(someone.team)):
        assert desk.get(address).status == 403, address
    desk.get("/")
    assert desk.seen is not None
    token = {"csrf_token": desk.seen.fields("/sign-out")["csrf_token"]}
    for address in (*ADDRESSES[1:], _of(someone), f"{_of(someone)}/off", f"{_of(someone)}/on"):
        assert desk.send(address, token).status == 403, address
    kept = _kept(world, someone.id)
    assert kept is not None
    assert kept.active


def test_no_page_of_the_administrator_knows_a_case(world: World) -> None:
    officer = _colleague(world)
    promise = owe(world, officer, date(2026, 11, 20))
    desk = _desk(world, new_officer("Administrator"))
    for address in (*ADDRESSES, _of(officer), _team_of(officer.team)):
        seen = desk.get(address)
        assert seen.status == 200
        for secret in ("/cases", "/search", promise.reference, promise.case_key):
            assert secret not in seen.body, (address, secret)
    assert desk.get(f"/cases/{promise.case_key}").status == 404


def test_a_new_member_of_staff_is_kept_and_recorded(world: World) -> None:
    boss, team = new_officer("Administrator"), new_officer().team
    world.deps.ledger.write([world.deps.cases.keep_team(Team(team, "New team"))])
    desk = _desk(world, boss)
    desk.get("/admin/staff")
    account = f"account-of-{team}"
    desk.never_in_addresses = [account, "PC New", "4242"]
    seen = desk.post(
        "/admin/staff", account=f" {account} ", name=" PC  New ", number="4242", team=team
    )
    assert seen.location == _team_of(team)
    assert "PC New" in desk.follow().main
    kept = _kept(world, account)
    assert kept is not None
    assert (kept.name, kept.number, kept.team, kept.active) == ("PC New", "4242", team, True)
    who, what, _, _ = lines_about(f"staff {account}")[-1]
    assert (who, what) == (f"administrator {boss.id}", "added to the staff list")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("account", "", "Type the account as the sign-in knows it"),
        ("account", "with space", "no spaces"),
        ("account", "a#b", "Type the account"),
        ("account", "x" * 101, "up to 100 characters"),
        ("name", "  ", "Type the name"),
        ("name", "x" * 101, "up to 100 characters"),
        ("number", "", "Type the number"),
        ("number", "1" * 21, "up to 20 characters"),
        ("team", "", "Choose a team from the list."),
        ("team", "made-up", "Choose a team from the list."),
    ],
)
def test_what_does_not_do_is_said_and_everything_typed_stays(
    world: World, field: str, typed: str, sentence: str
) -> None:
    boss = new_officer("Administrator")
    desk = _desk(world, boss)
    desk.get("/admin/staff")
    right = {"account": "never-kept", "name": "PC New", "number": "4242", "team": boss.team}
    fields = {**right, field: typed}
    seen = desk.post("/admin/staff", **fields)
    assert seen.status == 400
    assert sentence in seen.main
    left = seen.fields("/admin/staff")
    for name in {"account", "name", "number"} - {field}:
        assert left[name] == right[name]
    assert _kept(world, "never-kept") is None


def test_an_account_stands_once_in_the_list(world: World) -> None:
    boss = new_officer("Administrator")
    desk = _desk(world, boss)
    desk.get("/admin/staff")
    seen = desk.post("/admin/staff", account=boss.id, name="PC Two", number="1", team=boss.team)
    assert seen.status == 400
    assert "Somebody has this account already" in seen.main
    kept = _kept(world, boss.id)
    assert kept is not None
    assert kept.name == "Administrator"


def test_a_change_of_team_ends_the_sessions_that_stood_on_the_old_one(world: World) -> None:
    officer, other = new_officer("PC Elm"), new_officer()
    theirs = _desk(world, officer, "officer")
    case = seed_case(world.deps, officer=new_officer("PC Mate", officer.team))
    assert theirs.get("/").status == 200
    _colleague(world, "PC There", other.team)
    desk = _desk(world, new_officer("Administrator"))
    desk.get(_of(officer))
    seen = desk.post(_of(officer), name="PC Elm", number="77", team=other.team)
    assert seen.location == _team_of(other.team)
    assert theirs.get(f"/cases/{case.key}").location.startswith("/sign-in")
    kept = _kept(world, officer.id)
    assert kept is not None
    assert (kept.team, kept.number) == (other.team, "77")


def test_a_change_that_does_not_do_changes_nothing_and_signs_nobody_out(world: World) -> None:
    officer = new_officer("PC Elm")
    theirs = _desk(world, officer, "officer")
    desk = _desk(world, new_officer("Administrator"))
    desk.get(_of(officer))
    seen = desk.post(_of(officer), name="", number="77", team=officer.team)
    assert seen.status == 400
    assert seen.fields(_of(officer))["number"] == "77"
    kept = _kept(world, officer.id)
    assert kept is not None
    assert kept.name == "PC Elm"
    assert theirs.get("/").status == 200


def test_who_is_taken_off_the_list_is_out_with_the_next_request(world: World) -> None:
    officer = new_officer("PC Elm")
    theirs = _desk(world, officer, "officer")
    assert theirs.get("/").status == 200
    desk = _desk(world, new_officer("Administrator"))
    desk.get(_of(officer))
    assert desk.post(f"{_of(officer)}/off").location == _team_of(officer.team)
    assert "no, taken off the list" in desk.follow().main
    assert theirs.get("/").location == "/sign-in?next=/"
    # Put back, the old session stays over; a later one is good.
    desk.get(_of(officer))
    desk.post(f"{_of(officer)}/on")
    assert theirs.get("/").location == "/sign-in?next=/"
    world.clock.forward(seconds=1)
    assert _desk(world, officer, "officer").get("/").status == 200


def test_nobody_takes_themselves_off_the_list(world: World) -> None:
    boss = new_officer("Administrator")
    desk = _desk(world, boss)
    desk.get(_of(boss))
    seen = desk.post(f"{_of(boss)}/off")
    assert seen.status == 400
    assert "Ask another administrator" in seen.main
    assert desk.get("/admin").status == 200


def test_a_person_or_team_that_is_not_there_is_not_found(world: World) -> None:
    desk = _desk(world, new_officer("Administrator"))
    desk.get("/admin")
    assert desk.seen is not None
    token = {"csrf_token": desk.seen.fields("/sign-out")["csrf_token"]}
    for address in ("/admin/staff/nobody", "/admin/teams/none"):
        assert desk.get(address).status == 404
        assert desk.send(address, token).status == 404
    assert desk.send("/admin/staff/nobody/off", token).status == 404
    assert desk.send("/admin/absences/none/end", token).status == 404


def test_a_team_is_added_and_renamed(world: World) -> None:
    desk = _desk(world, new_officer("Administrator"))
    team = f"in-files-{new_officer().team}"
    desk.get("/admin/teams")
    assert desk.post("/admin/teams", name="Cannock", team=team).location == _team_of(team)
    desk.follow()
    assert desk.post(_team_of(team), name="Cannock Chase").status == 303
    assert world.deps.cases.read_force().team_name(TeamId(team)) == "Cannock Chase"
    assert desk.follow().main.startswith("Cannock Chase")
    assert desk.post(_team_of(team), name="").status == 400
    desk.get("/admin/teams")
    assert "already" in desk.post("/admin/teams", name="Again", team=team).main
    desk.get("/admin/teams")
    seen = desk.post("/admin/teams", name="", team="two words")
    assert "Type the name" in seen.main
    assert "no spaces" in seen.main


def test_an_absence_is_noted_and_taken_off(world: World) -> None:
    officer = _colleague(world)
    cover = _colleague(world, "PC Cover", officer.team)
    desk = _desk(world, new_officer("Administrator"))
    desk.get("/admin/absences")
    days = {"first_day": "2026-11-18", "last_day": "2026-11-30"}
    seen = desk.post("/admin/absences", officer=officer.id, cover=cover.id, **days)
    assert seen.location == "/admin"
    page = desk.follow()
    assert "Wednesday 18 November 2026 to Monday 30 November 2026 PC Cover answers" in page.main
    force = world.deps.cases.read_force()
    (absence,) = [a for a in force.absences if a.officer == officer.id]
    found = force.cover_of(officer.id, date(2026, 11, 30))
    assert found is not None
    assert found.id == cover.id
    assert desk.post(f"/admin/absences/{absence.id}/end").location == "/admin"
    assert not [a for a in world.deps.cases.read_force().absences if a.officer == officer.id]


def test_days_of_an_absence_are_written_as_everywhere_on_the_desk(world: World) -> None:
    officer = _colleague(world)
    cover = _colleague(world, "PC Cover", officer.team)
    desk = _desk(world, new_officer("Administrator"))
    desk.get("/admin/absences")
    days = {"first_day": "tomorrow", "last_day": "4/12/2026"}
    assert desk.post("/admin/absences", officer=officer.id, cover=cover.id, **days).status == 303
    (absence,) = [a for a in world.deps.cases.read_force().absences if a.officer == officer.id]
    assert (absence.first_day, absence.last_day) == (date(2026, 11, 19), date(2026, 12, 4))


def test_the_same_words_on_another_day_are_another_absence(world: World) -> None:
    officer = _colleague(world)
    cover = _colleague(world, "PC Cover", officer.team)
    administrator = new_officer("Administrator")
    for _ in range(2):
        desk = _desk(world, administrator)
        for days in ({"first_day": "today", "last_day": "Tomorrow"}, _days_of(world)):
            desk.get("/admin/absences")
            desk.post("/admin/absences", officer=officer.id, cover=cover.id, **days)
        world.clock.forward(days=7)
    absences = [a for a in world.deps.cases.read_force().absences if a.officer == officer.id]
    assert sorted(a.first_day for a in absences) == [date(2026, 11, 18), date(2026, 11, 25)]


def _days_of(world: World) -> dict[str, str]:
    """Return today and tomorrow, written as dates."""
    today = world.deps.today()
    return {
        "first_day": today.isoformat(),
        "last_day": (today + timedelta(days=1)).isoformat(),
    }


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"officer": "nobody"}, "Choose who is away"),
        ({"cover": ""}, "Choose somebody else"),
        ({"first_day": "11/2026"}, "First day away: write the day like 2026-12-04"),
        ({"first_day": "2026-02-30"}, "First day away: write the day like"),
        ({"last_day": "soon"}, "Last day away: write the day like"),
        ({"last_day": "2026-11-17", "first_day": "2026-11-18"}, "not before the first"),
        ({"last_day": "2026-11-17", "first_day": "2026-11-16"}, "not over yet"),
    ],
)
def test_an_absence_that_does_not_do_is_said_beside_its_field(
    world: World, changed: dict[str, str], sentence: str
) -> None:
    officer = _colleague(world)
    cover = _colleague(world, "PC Cover", officer.team)
    desk = _desk(world, new_officer("Administrator"))
    desk.get("/admin/absences")
    days = {"first_day": "2026-11-18", "last_day": "2026-11-30"}
    fields = {"officer": officer.id, "cover": cover.id, **days, **changed}
    seen = desk.post("/admin/absences", **fields)
    assert seen.status == 400
    assert sentence in seen.main
    for name in ("first_day", "last_day"):
        assert seen.fields("/admin/absences")[name] == fields[name]


def test_who_answers_is_somebody_else_of_the_same_team(world: World) -> None:
    officer, stranger = _colleague(world), _colleague(world, "PC Far")
    desk = _desk(world, new_officer("Administrator"))
    days = {"first_day": "2026-11-18", "last_day": "2026-11-30"}
    for cover, sentence in ((officer, "somebody else"), (stranger, "of the same team")):
        desk.get("/admin/absences")
        seen = desk.post("/admin/absences", officer=officer.id, cover=cover.id, **days)
        assert seen.status == 400
        assert sentence in seen.main


def test_a_work_email_is_kept_changed_and_taken_away_again(world: World) -> None:
    team = new_officer().team
    world.deps.ledger.write([world.deps.cases.keep_team(Team(team, "New team"))])
    desk, account = _desk(world, new_officer("Administrator")), new_officer().id
    desk.get("/admin/staff")
    typed = {"account": account, "name": "PC New", "number": "4242", "team": team}
    assert desk.post("/admin/staff", **typed, email=" new@force.example ").status == 303
    address = f"/admin/staff/{address_part(account)}"
    kept = []
    for change in ({"number": "4243"}, {"email": "other@force.example"}, {"email": ""}):
        assert desk.get(address).status == 200
        assert desk.post(address, **change).status == 303
        member = _kept(world, account)
        assert member is not None
        kept.append((member.number, member.email))
    assert kept == [("4243", "new@force.example"), ("4243", "other@force.example"), ("4243", "")]


@pytest.mark.parametrize("email", ["new", "new@", "@force.example", "a@b.example, c@d.example"])
def test_what_is_no_email_is_told_beside_the_field_and_stays_there(
    world: World, email: str
) -> None:
    someone = _colleague(world)
    desk = _desk(world, new_officer("Administrator"))
    desk.get(_of(someone))
    seen = desk.post(_of(someone), email=email)
    assert seen.status == 400
    assert "Type one e-mail address, like name@force.example, or nothing." in seen.main
    assert seen.fields(_of(someone))["email"] == email
    kept = _kept(world, someone.id)
    assert kept is not None
    assert kept.email == ""


def test_taken_off_the_list_and_put_back_somebody_still_has_their_email(world: World) -> None:
    someone = _colleague(world)
    desk = _desk(world, new_officer("Administrator"))
    desk.get(_of(someone))
    desk.post(_of(someone), email="elm@force.example")
    for switch in ("off", "on"):
        desk.get(_of(someone))
        desk.post(f"{_of(someone)}/{switch}")
        kept = _kept(world, someone.id)
        assert kept is not None
        assert (kept.active, kept.email) == (switch == "on", "elm@force.example")

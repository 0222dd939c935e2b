"""Who of a team is there on a day, and who looks after it."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.staff import Absence, Force, StaffMember

DAY = date(2026, 11, 30)
TEAM, OTHER = TeamId("stafford"), TeamId("stoke")


def _member(identity: str, team: TeamId = TEAM, *, active: bool = True) -> StaffMember:
    return StaffMember(OfficerId(identity), f"Sergeant {identity.title()}", "0000", team, active)


def _away(identity: str, first: date, last: date, cover: str = "") -> Absence:
    return Absence(f"away-{identity}", OfficerId(identity), first, last, OfficerId(cover))


def _force(*absences: Absence, **roles: str) -> Force:
    staff = (
        _member("yew"),
        _member("birch"),
        _member("elm"),
        _member("left", active=False),
        _member("far", OTHER),
    )
    return Force(staff, (), absences, {OfficerId(name): role for name, role in roles.items()})


def test_the_supervisors_of_a_team_are_its_active_ones_by_name() -> None:
    force = _force(
        yew="supervisor", birch="supervisor", elm="officer", left="supervisor", far="supervisor"
    )
    assert [m.id for m in force.supervisors_of(TEAM, DAY)] == ["birch", "yew"]
    assert [m.id for m in force.supervisors_of(OTHER, DAY)] == ["far"]


def test_who_never_signed_in_is_not_known_to_be_a_supervisor() -> None:
    assert _force().supervisors_of(TEAM, DAY) == ()


def test_a_supervisor_who_is_away_comes_after_those_who_are_there() -> None:
    force = _force(_away("birch", DAY, DAY), birch="supervisor", yew="supervisor")
    assert [m.id for m in force.supervisors_of(TEAM, DAY)] == ["yew", "birch"]


def test_the_first_and_the_last_day_away_belong_to_an_absence() -> None:
    force = _force(_away("yew", date(2026, 11, 26), DAY))
    days = (date(2026, 11, 25), date(2026, 11, 26), DAY, date(2026, 12, 1))
    assert [force.is_away(OfficerId("yew"), day) for day in days] == [False, True, True, False]
    assert not force.is_away(OfficerId("birch"), DAY)


def test_who_is_away_with_cover_is_away_as_well() -> None:
    force = _force(_away("yew", DAY, DAY, cover="birch"))
    assert force.is_away(OfficerId("yew"), DAY)
    cover = force.cover_of(OfficerId("yew"), DAY)
    assert cover is not None
    assert cover.id == "birch"

"""Which cases exist for whom (decision D7)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.cases import Case, CaseKey, Officer, OfficerId, StageEntry, TeamId
from chalicelib.domain.staff import BrokenGlass, StaffMember, StaffSession, case_exists_for
from chalicelib.rules import load_rules

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
OURS, THEIRS = TeamId("ours"), TeamId("theirs")
OFFICER = Officer(OfficerId("officer"), "PC Example", "0001", OURS)


def _case(*, stage: str = "investigating", restricted: bool = False, named: str = "") -> Case:
    entry = StageEntry("e1", stage, date(2026, 11, 2), NOW, "file")
    return Case(
        key=CaseKey("key"),
        reference="12/345678/90",
        crime_type="burglary",
        flags=frozenset({"restricted"} if restricted else ()),
        reported_on=date(2026, 11, 2),
        officer=OFFICER,
        entries=(entry,),
        victims=(),
        named=frozenset({OfficerId(named)} if named else ()),
    )


def _exists(
    case: Case, who: str, role: str, team: TeamId, glass: BrokenGlass | None = None
) -> bool:
    member = StaffMember(OfficerId(who), who, "0002", team)
    session = StaffSession("s", member, role, NOW, NOW, None)
    return case_exists_for(session, case, load_rules(), glass, NOW)


@pytest.mark.parametrize(
    ("who", "role", "team", "stage", "exists"),
    [
        ("officer", "officer", OURS, "investigating", True),
        ("colleague", "officer", OURS, "investigating", True),
        ("stranger", "officer", THEIRS, "investigating", False),
        ("officer", "officer", THEIRS, "investigating", True),
        ("sergeant", "supervisor", OURS, "investigating", True),
        ("sergeant", "supervisor", THEIRS, "investigating", False),
        ("carer", "witness_care", THEIRS, "investigating", False),
        ("carer", "witness_care", THEIRS, "charged", True),
        ("carer", "witness_care", THEIRS, "court", True),
        ("carer", "witness_care", OURS, "no_further_action", False),
        ("adviser", "partner", OURS, "charged", False),
        ("keeper", "administrator", OURS, "charged", False),
    ],
)
def test_a_case_exists_for_its_team_and_from_charge_on_for_witness_care(
    who: str, role: str, team: TeamId, stage: str, *, exists: bool
) -> None:
    assert _exists(_case(stage=stage), who, role, team) is exists


@pytest.mark.parametrize(
    ("who", "role", "exists"),
    [
        ("officer", "officer", True),
        ("named", "officer", True),
        ("colleague", "officer", False),
        ("sergeant", "supervisor", False),
        ("carer", "witness_care", False),
        ("named", "administrator", False),
        ("named", "partner", False),
    ],
)
def test_a_restricted_case_exists_for_named_people_who_see_cases_at_all(
    who: str, role: str, *, exists: bool
) -> None:
    case = _case(stage="charged", restricted=True, named="named")
    assert _exists(case, who, role, OURS) is exists


@pytest.mark.parametrize(
    ("minutes", "restricted", "confirmed", "exists"),
    [
        (60, False, False, True),
        (0, False, False, False),
        (60, True, False, False),
        (60, True, True, True),
        (0, True, True, False),
    ],
)
def test_broken_glass_opens_for_its_time_and_a_restricted_case_when_a_second_agreed(
    minutes: int, *, restricted: bool, confirmed: bool, exists: bool
) -> None:
    second = OfficerId("second") if confirmed else None
    until = NOW + timedelta(minutes=minutes)
    glass = BrokenGlass(
        OfficerId("sergeant"), "S", THEIRS, CaseKey("key"), "a reason", until, second
    )
    case = _case(restricted=restricted)
    assert _exists(case, "sergeant", "supervisor", THEIRS, glass) is exists

"""The demonstration force: enough of everything, and nothing that the service could not do."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.access import CaseReference
from chalicelib.domain.cases import is_safe_mode, shown_to, untold_victims
from chalicelib.domain.codes import ACTIVE
from chalicelib.domain.measures import APPLIED, ASKED, DISCUSSED, GRANTED, REFUSED, WISHED
from chalicelib.domain.needs import needs_line, seen_by
from chalicelib.domain.promises import LINE, REPLY, REVIEW, TASK, TELL, UPDATE, WELCOME
from chalicelib.domain.reviews import is_red
from chalicelib.services.apply_tasks import near_limit_of
from chalicelib.settings import PUBLIC
from operate.demo_codes import is_whole, renewed
from operate.demo_court import ALL_CASES, BEFORE_COURT
from operate.demo_force import PEOPLE
from operate.seed import is_loaded, load
from tests.fakes import FixedClock
from tests.integration.conftest import CHEAP_KEY_DERIVATION

if TYPE_CHECKING:
    from chalicelib.domain.cases import Case
    from chalicelib.domain.promises import Promise
    from chalicelib.services.deps import Deps
    from chalicelib.services.ports import VictimFile
    from chalicelib.settings import Settings
    from operate.hub_home import DemoCode

OFFICERS = [person.id for person in PEOPLE if person.role == "officer"]


@pytest.fixture(scope="module")
def deps(built: dict[str, tuple[Settings, Deps]]) -> Deps:
    return replace(built[PUBLIC][1], now=FixedClock(), code_cost=CHEAP_KEY_DERIVATION)


@pytest.fixture(scope="module")
def codes(deps: Deps) -> list[DemoCode]:
    assert not is_loaded(deps)
    loaded = load(deps)
    assert is_loaded(deps)
    return loaded


@pytest.fixture
def cases(deps: Deps, codes: list[DemoCode]) -> list[Case]:
    keys = [deps.keys.case_key(CaseReference(code.reference)) for code in codes]
    read = [deps.cases.read(key) for key in dict.fromkeys(keys)]
    return [case for case in read if case is not None]


def open_rows(deps: Deps, officer: str) -> tuple[Promise, ...]:
    return deps.threads.open_of_owner(officer, after=None, limit=100).promises  # type: ignore[arg-type]


def test_there_is_a_case_at_every_stage(deps: Deps, cases: list[Case]) -> None:
    assert len(cases) == len(ALL_CASES)
    assert {case.current.stage for case in cases} == set(deps.rules.stages)


def test_references_are_invented(codes: list[DemoCode]) -> None:
    assert all(re.fullmatch(r"\d{2}/\d{6}/\d{2}", code.reference) for code in codes)
    assert len({code.reference[-2:] for code in codes}) > 8, "the digits mean nothing"


def test_every_code_opens_its_case(deps: Deps, codes: list[DemoCode]) -> None:
    assert renewed(deps, codes) == codes
    # One that was used does not die of age.
    later = FixedClock()
    later.forward(days=100)
    assert renewed(replace(deps, now=later), codes) == codes


def test_a_force_of_another_release_is_not_whole(codes: list[DemoCode]) -> None:
    assert is_whole(codes)
    assert not is_whole(codes[1:])
    assert not is_whole(None)


def test_the_first_cases_are_open_to_questions(deps: Deps, cases: list[Case]) -> None:
    for case in cases[:4]:
        for victim in case.victims:
            assert not shown_to(victim.key, case, deps.rules).decided
            assert deps.threads.read(victim.key).door.closed_on is None


def test_two_victims_of_one_case_have_their_own_codes_and_questions(
    deps: Deps, codes: list[DemoCode], cases: list[Case]
) -> None:
    shared = [code for code in codes if Counter(c.reference for c in codes)[code.reference] == 2]
    assert [code.victim for code in shared] == ["V1", "V2"]
    case = next(case for case in cases if case.reference == shared[0].reference)
    asked = [{t.question.text for t in deps.threads.read(v.key).threads} for v in case.victims]
    assert all(asked)
    assert not asked[0] & asked[1]


def test_no_officer_has_more_than_ten_rows(deps: Deps, codes: list[DemoCode]) -> None:
    assert codes
    for officer in OFFICERS:
        assert 1 <= len(open_rows(deps, officer)) <= 10


def test_some_promises_are_late_some_are_due_today_some_are_not_due(
    deps: Deps, codes: list[DemoCode]
) -> None:
    assert codes
    rows = [row for officer in OFFICERS for row in open_rows(deps, officer)]
    late = [row for row in rows if row.is_late(deps.today())]
    assert {row.kind for row in late} == {REPLY, TELL, UPDATE, REVIEW}
    assert {row.raised_to for row in late} >= {"Sergeant Hazel Example", "Sergeant Rowan Example"}
    assert {row.kind for row in rows} == {REPLY, TELL, UPDATE, WELCOME, REVIEW, TASK}
    assert any(row.due_on == deps.today() for row in rows)
    assert any(row.due_on > deps.today() for row in rows)
    assert any(row.seen_at for row in rows)


def test_bad_news_that_nobody_told_does_not_show(deps: Deps, cases: list[Case]) -> None:
    untold = [case for case in cases if untold_victims(case, deps.rules)]
    assert [case.current.stage for case in untold] == ["no_further_action"]
    shown = shown_to(untold[0].victims[0].key, untold[0], deps.rules)
    assert (shown.entry.stage, shown.decided) == ("investigating", False)


def test_one_case_is_restricted_and_two_are_in_safe_mode_by_their_flag(
    deps: Deps, cases: list[Case]
) -> None:
    restricted = [case for case in cases if case.restricted]
    assert [case.named for case in restricted] == [{"rowan"}]
    by_flag = [
        case
        for case in cases
        if is_safe_mode(case.crime_type, case.flags, deps.rules)
        and not is_safe_mode(case.crime_type, frozenset(), deps.rules)
        and not case.restricted
    ]
    assert len(by_flag) == 2


def test_one_case_has_a_day_in_court(cases: list[Case]) -> None:
    assert any(case.current.stage == "court" and case.next_hearing_on for case in cases)


def file_of(deps: Deps, crime_type: str, flag: str = "") -> tuple[Case, VictimFile]:
    """Return the case before court of this type, and what is kept of its victim."""
    found = next(
        each.case
        for each in BEFORE_COURT
        if each.case.crime_type == crime_type and (not flag or flag in each.case.flags)
    )
    case = deps.cases.read(deps.keys.case_key(CaseReference(found.reference)))
    assert case is not None
    return case, deps.threads.read(case.victims[0].key)


def states(file: VictimFile) -> dict[str, str]:
    return {measure.key: measure.state for measure in file.measures}


def test_a_man_who_may_be_too_unwell_for_court_told_it_once(deps: Deps, cases: list[Case]) -> None:
    assert cases
    case, file = file_of(deps, "serious_wounding")
    assert not case.restricted
    assert {need.kind for need in file.needs.needs} == {"health", "times"}
    health = file.needs.of("health")
    assert health is not None
    assert len(health.words) == 4
    assert needs_line(file.needs, deps.rules).startswith("Severe epilepsy")
    assert [who.name for who in seen_by(health, file.seen)] == [case.officer.name]
    assert states(file) == {
        "screen": DISCUSSED,
        "recorded_questions": ASKED,
        "link_elsewhere": WISHED,
        "breaks": WISHED,
    }
    near = near_limit_of(deps, case, file.measures)
    assert near is not None, "the limit after his plea is near and nothing was applied for"
    assert file.court is not None
    assert not file.court.is_reviewed
    assert not is_red(file.court, deps.today(), deps.calendar, deps.rules)


def test_a_case_is_red_and_its_supervisor_knows(deps: Deps, cases: list[Case]) -> None:
    assert cases
    _, file = file_of(deps, "violence", "domestic_abuse")
    assert file.court is not None
    assert is_red(file.court, deps.today(), deps.calendar, deps.rules)
    (review,) = (promise for promise in file.owed if promise.kind == REVIEW)
    assert review.raised_to == "Sergeant Hazel Example"
    (agreement,) = file.agreements
    assert agreement.partner == "new_era"
    assert agreement.holds(deps.today())
    assert agreement.view is not None
    assert states(file)["live_link"] == APPLIED


def test_a_review_was_closed_and_decisions_were_told(deps: Deps, cases: list[Case]) -> None:
    assert cases
    _, file = file_of(deps, "arson_endangering_life")
    assert file.court is not None
    assert file.court.is_reviewed
    assert states(file) == {"screen": GRANTED, "live_link": REFUSED}
    assert all(measure.current.told for measure in file.measures)
    assert not [promise for promise in file.owed if promise.kind == REVIEW and promise.is_open]


def test_the_lines_of_police_and_isvas_show(deps: Deps, cases: list[Case]) -> None:
    assert cases
    _, file = file_of(deps, "sexual_offences")
    assert [each.partner for each in file.agreements] == ["isva_service"]
    lines = [promise for promise in file.owed if promise.kind == LINE]
    assert any(line.is_open for line in lines)
    assert any(line.kept_at for line in lines)


def test_every_partner_agency_can_sign_in(deps: Deps) -> None:
    teams = {person.team for person in PEOPLE if person.role == "partner"}
    assert teams == {row.team for row in deps.rules.partners.values()}
    identities = {person.id for person in PEOPLE}
    assert {row.contact_point for row in deps.rules.partners.values()} <= identities
    points = {deps.rules.force.isva_contact_point, deps.rules.force.witness_care_contact_point}
    assert points <= identities


def test_history_lies_in_the_past_and_in_order(deps: Deps, cases: list[Case]) -> None:
    for case in cases:
        moments = [entry.recorded_at for entry in case.entries]
        assert moments == sorted(set(moments))
        assert moments[-1] < deps.now()
        for victim in case.victims:
            file = deps.threads.read(victim.key)
            assert [code.state for code in file.codes] == [ACTIVE]
            for thread in file.threads:
                answers = [answer.sent_at for answer in thread.answers]
                seen = [thread.promise.seen_at] if thread.promise.seen_at else []
                told = [thread.question.sent_at, *seen, *answers]
                assert told == sorted(told)
                assert bool(answers) == (thread.promise.kept_at is not None)

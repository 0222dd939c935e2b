"""Each of the 21 lines: what begins it, who owes it, by when, in which words, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.agreements import DATES, NEEDS, Agreement
from chalicelib.domain.calendar import england_and_wales
from chalicelib.domain.cases import (
    FROM_DESK,
    Case,
    CaseKey,
    Officer,
    OfficerId,
    StageEntry,
    TeamId,
    Told,
    Victim,
    VictimKey,
)
from chalicelib.domain.expectations import (
    DATE_CHANGED,
    Begun,
    goes_up_again,
    isva_with,
    line_due,
    line_of,
    lines_begun,
    may_know,
    triggers_of,
    whose_is,
)
from chalicelib.domain.promises import (
    LINE,
    LOCAL_STANDARD,
    OUR_STANDARD,
    REPLY,
    TELL,
    UPDATE,
    WELCOME,
    Promise,
    line_covered,
    next_update_due,
)
from chalicelib.domain.tellings import THE_CODE, may_be_listed, telling_working
from chalicelib.rules import load_rules

RULES = load_rules()
CALENDAR = england_and_wales(RULES.limits.working_day_starts, RULES.limits.receipt_cut_off)
# A Wednesday; Christmas lies between it and the hearing.
TODAY, HEARING = date(2026, 11, 18), date(2027, 1, 13)
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
VICTIM = Victim(VictimKey("v"), "V1", enhanced_rights=False)
OFFICER = Officer(OfficerId("pc"), "PC Example", "0001", TeamId("stafford"))
ISVA = Officer(OfficerId("linden"), "Linden Example", "0404", TeamId("isva-service"))
AGREEMENT = Agreement(
    "isva_service",
    VICTIM.key,
    CaseKey("c"),
    "12/345678/90",
    frozenset({NEEDS, DATES}),
    date(2027, 11, 18),
    NOW,
    "victim",
)


def _case(crime_type: str = "rape", *flags: str, told: bool = True) -> Case:
    reported = StageEntry("e1", "investigating", TODAY, NOW, FROM_DESK)
    heard = {VICTIM.key: Told(TODAY, "in person")} if told else {}
    charged = StageEntry("e2", "charged", TODAY, NOW, FROM_DESK, "charged", heard)
    return Case(
        key=CaseKey("c"),
        reference="12/345678/90",
        crime_type=crime_type,
        flags=frozenset(flags),
        reported_on=TODAY,
        officer=OFFICER,
        entries=(reported, charged),
        victims=(VICTIM,),
        next_hearing_on=HEARING,
        court="Example Crown Court",
    )


CASE = _case()
THEN = Begun("report", "report", TODAY)


def _promise(key: str, begun: Begun = THEN, owner: Officer = OFFICER) -> Promise:
    return line_of(
        RULES.expectations[key],
        begun,
        CASE,
        VICTIM,
        owner=owner,
        identity="p",
        now=NOW,
        calendar=CALENDAR,
        rules=RULES,
    )


# number, key, what begins it, who owes it, who without an ISVA, by when, whose rule.
PROMISED = [
    (1, "offer", "report", "officer", "officer", date(2026, 11, 20), THE_CODE),
    (2, "first_contact", "referral", "isva", "nobody", date(2026, 11, 20), LOCAL_STANDARD),
    (3, "introduction", "referral", "isva", "nobody", date(2026, 11, 25), LOCAL_STANDARD),
    (5, "plan", "plan", "officer", "officer", date(2026, 11, 25), LOCAL_STANDARD),
    (9, "stopping", "stopping", "isva", "officer", date(2026, 11, 20), LOCAL_STANDARD),
    (10, "wishes", "file_to_prosecutor", "officer", "officer", date(2026, 11, 19), OUR_STANDARD),
    (13, "not_guilty", "plea", "witness_care", "witness_care", date(2026, 11, 25), LOCAL_STANDARD),
    (15, "meeting", "before_trial", "witness_care", "witness_care", date(2026, 12, 29),
     OUR_STANDARD),
    (17, "trial_days", "trial", "isva", "witness_care", date(2027, 1, 6), LOCAL_STANDARD),
    (19, "afterwards", "sentence", "witness_care", "witness_care", date(2026, 12, 2), THE_CODE),
    (20, "ending", "ending", "isva", "officer", date(2027, 1, 6), LOCAL_STANDARD),
]  # fmt: skip
COVERED = {
    4: ("officer_named", [(WELCOME, "")]),
    6: ("events", [
        (TELL, "suspect_arrested"), (TELL, "suspect_interviewed"), (TELL, "released_no_charge"),
        (TELL, "released_bail"), (TELL, "released_rui"), (TELL, "bail_changed"),
    ]),
    7: ("no_news", [(UPDATE, "")]),
    8: ("question", [(REPLY, "")]),
    11: ("not_charged", [(TELL, "nfa_police"), (TELL, "nfa_cps")]),
    12: ("charged", [(TELL, "charged")]),
    14: ("measures", [(TELL, "special_measures_result")]),
    16: ("dates", [(TELL, "hearing_listed"), (TELL, "first_hearing_details")]),
    18: ("result", [(TELL, "case_outcome"), (TELL, "sentence")]),
}  # fmt: skip


def test_the_two_tables_and_the_line_of_what_was_missed_are_all_21() -> None:
    assert sorted([row[0] for row in PROMISED] + [*COVERED, 21]) == list(range(1, 22))
    assert RULES.expectations["missed"].number == 21


@pytest.mark.parametrize(
    ("number", "key", "begins", "owner", "alone", "due", "source"),
    PROMISED,
    ids=[row[1] for row in PROMISED],
)
def test_a_line_begins_with_its_stage_and_is_owed_by_a_day(  # noqa: PLR0917 -- a row of a table
    number: int, key: str, begins: str, owner: str, alone: str, due: date, source: str
) -> None:
    row = RULES.expectations[key]
    begun = Begun(begins, "s", TODAY)
    if row.before:
        begun = Begun(begins, "s", HEARING, is_ahead=True)
    assert (row.number, row.begins) == (number, begins)
    assert row in lines_begun(begun, CASE, (), RULES)
    assert whose_is(row, VICTIM, with_isva=True) == owner
    assert whose_is(row, VICTIM, with_isva=False) == alone
    day, working = line_due(row, begun, TODAY, CALENDAR, RULES)
    assert (day, working.source, working.is_backwards) == (due, source, row.before)
    assert lines_begun(begun, _case("burglary"), (), RULES) == ()


@pytest.mark.parametrize(
    ("number", "covered"), COVERED.items(), ids=[c[0] for c in COVERED.values()]
)
def test_what_is_owed_anyway_carries_its_line(
    number: int, covered: tuple[str, list[tuple[str, str]]]
) -> None:
    key, promises = covered
    row = RULES.expectations[key]
    assert row.number == number
    assert not lines_begun(Begun(row.begins, "s", TODAY), CASE, (), RULES)
    for kind, event in promises:
        assert line_covered(kind, event, CASE, RULES) == key
        assert line_covered(kind, event, _case("burglary", "sexual"), RULES) == key
        assert not line_covered(kind, event, _case("burglary"), RULES)


def test_nothing_begins_twice_for_the_same_and_once_is_once() -> None:
    first, again = Begun("referral", "monday", TODAY), Begun("referral", "friday", TODAY)
    owed = (_promise("first_contact", first), _promise("introduction", first))
    assert lines_begun(first, CASE, owed, RULES) == ()
    assert len(lines_begun(again, CASE, owed, RULES)) == 2
    kept = tuple(replace(promise, kept_at=NOW) for promise in owed)
    assert lines_begun(first, CASE, kept, RULES) == ()
    plan = replace(_promise("plan", Begun("plan", "one", TODAY)), kept_at=NOW)
    assert lines_begun(Begun("plan", "two", TODAY), CASE, (plan,), RULES) == ()


def test_what_was_cancelled_for_another_date_begins_for_the_date_again() -> None:
    begun = Begun("trial", f"{HEARING}", HEARING, is_ahead=True)
    gone = replace(_promise("trial_days", begun), cancelled_why=DATE_CHANGED)
    assert lines_begun(begun, CASE, (gone,), RULES) == (RULES.expectations["trial_days"],)
    declined = replace(gone, cancelled_why="They do not want it.")
    assert lines_begun(begun, CASE, (declined,), RULES) == ()


def test_who_wants_to_hear_nothing_more_is_owed_by_their_isva_alone() -> None:
    left = replace(VICTIM, left_on=TODAY)
    for row in RULES.expectations.values():
        expected = "isva" if row.owner == "isva" else "nobody"
        assert whose_is(row, left, with_isva=True) == expected
        assert whose_is(row, left, with_isva=False) == "nobody"


def test_an_old_report_is_counted_from_today_and_then_it_is_our_standard() -> None:
    long_ago = TODAY - timedelta(days=90)
    begun = Begun("report", "report", long_ago, is_news=True)
    day, working = line_due(RULES.expectations["offer"], begun, TODAY, CALENDAR, RULES)
    assert (day, working.source) == (date(2026, 11, 20), OUR_STANDARD)
    assert working.counted_from == TODAY
    row = RULES.expectations["wishes"]
    known = line_due(row, Begun("file_to_prosecutor", "e", long_ago), TODAY, CALENDAR, RULES)
    assert known[0] < TODAY


def test_a_hearing_that_is_near_is_no_day_in_the_past() -> None:
    near = Begun("trial", "s", TODAY + timedelta(days=2), is_ahead=True)
    assert line_due(RULES.expectations["trial_days"], near, TODAY, CALENDAR, RULES)[0] == TODAY


def test_what_an_officer_is_to_say_once_support_ended_is_counted_from_that_day() -> None:
    ended = Begun("ending", "ended", TODAY)
    day, working = line_due(RULES.expectations["ending"], ended, TODAY, CALENDAR, RULES)
    assert (day, working.is_backwards) == (date(2026, 11, 25), False)


def test_a_line_of_an_isva_stays_with_them_and_of_the_officer_goes_with_the_case() -> None:
    theirs, ours = _promise("first_contact", owner=ISVA), _promise("plan")
    assert (theirs.owner, theirs.team, theirs.made_team, theirs.stays) == (
        ISVA.id, ISVA.team, ISVA.team, True,
    )  # fmt: skip
    assert (ours.owner, ours.team, ours.stays) == (OFFICER.id, OFFICER.team, False)
    assert (theirs.line, theirs.kind, theirs.safe_mode) == ("first_contact", LINE, True)


def test_the_rungs_of_the_ladder_that_begin_something() -> None:
    begun = {
        rung: triggers_of(rung, RULES)
        for rung in [*RULES.stages, *RULES.outcomes]
        if triggers_of(rung, RULES)
    }
    assert begun == {"with_cps": ("file_to_prosecutor",), "sentenced": ("sentence",)}


def test_only_a_service_with_isvas_counts_as_one_and_only_while_it_is_agreed() -> None:
    other = replace(AGREEMENT, partner="new_era")
    assert isva_with((other, AGREEMENT), TODAY, RULES) == AGREEMENT
    assert isva_with((other,), TODAY, RULES) is None
    assert isva_with((AGREEMENT,), date(2027, 11, 19), RULES) is None
    assert isva_with((replace(AGREEMENT, withdrawn_at=NOW),), TODAY, RULES) is None
    assert isva_with((replace(AGREEMENT, partner="gone"),), TODAY, RULES) is None


@pytest.mark.parametrize(
    ("told", "scope", "known"),
    [(True, {NEEDS, DATES}, True), (True, {NEEDS}, False), (False, {NEEDS, DATES}, False)],
    ids=["told and agreed", "no dates agreed", "not told of the charge"],
)
def test_an_isva_gets_no_row_that_tells_of_a_day_at_court_before_the_victim_knows(
    *, told: bool, scope: set[str], known: bool
) -> None:
    agreement = replace(AGREEMENT, scope=frozenset(scope))
    court = Begun("trial", "s", HEARING, is_ahead=True)
    assert may_know(agreement, court, _case(told=told), RULES) is known
    assert may_know(agreement, Begun("referral", "s", TODAY), _case(told=told), RULES)


# --- what a victim reads of it


@pytest.mark.parametrize(
    ("key", "before_charge", "after"),
    [
        ("offer", True, True),
        ("introduction", False, False),
        ("wishes", True, True),
        ("not_guilty", False, True),
        ("trial_days", False, True),
        ("afterwards", False, True),
    ],
)
def test_a_page_lists_what_is_for_the_victim_and_tells_of_no_charge(
    key: str, *, before_charge: bool, after: bool
) -> None:
    promise = _promise(key)
    assert may_be_listed(promise, RULES, knows_of_charge=False) is before_charge
    assert may_be_listed(promise, RULES, knows_of_charge=True) is after
    assert not may_be_listed(replace(promise, line="gone"), RULES, knows_of_charge=True)


def test_what_is_between_the_services_has_words_for_staff_alone() -> None:
    row = RULES.expectations["introduction"]
    assert _promise("introduction").owed == row.does
    assert _promise("plan").owed == RULES.expectations["plan"].victim_says


# --- days that a line gives to what is owed anyway


def test_without_an_agreement_updates_come_all_the_same_in_a_sexual_offence() -> None:
    due = next_update_due("", TODAY, CASE, CALENDAR, RULES)
    assert due is not None
    assert (due[0], due[1].working_days, due[1].source) == (date(2026, 12, 16), 20, LOCAL_STANDARD)
    assert next_update_due("", TODAY, _case("burglary"), CALENDAR, RULES) is None
    assert next_update_due("no_updates", TODAY, CASE, CALENDAR, RULES) is None
    agreed = next_update_due("every_5", TODAY, CASE, CALENDAR, RULES)
    assert agreed is not None
    assert agreed[1].working_days == 5


def test_the_codes_day_goes_before_the_local_one() -> None:
    day, working = telling_working(CASE.current, VICTIM, CASE, CALENDAR, RULES)
    assert (day, working.rule) == (date(2026, 11, 19), "charged")


# --- what was missed


@pytest.mark.parametrize(("days", "again"), [(6, False), (7, True)])
def test_after_five_more_working_days_a_supervisor_has_it(days: int, *, again: bool) -> None:
    raised = replace(_promise("plan"), raised_at=NOW, raised_to="Linden Example")
    today = TODAY + timedelta(days=days)
    assert goes_up_again(raised, today, CALENDAR, RULES) is again
    assert not goes_up_again(replace(raised, kept_at=NOW), today, CALENDAR, RULES)
    assert not goes_up_again(replace(raised, kind=REPLY), today, CALENDAR, RULES)
    assert not goes_up_again(replace(raised, raised_at=None), today, CALENDAR, RULES)
    twice = replace(raised, raised_before=raised.raised_so_far)
    assert not goes_up_again(twice, today, CALENDAR, RULES)

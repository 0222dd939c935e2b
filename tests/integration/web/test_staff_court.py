"""The list before court, the form of the date, and what case page and board say of both."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.agreements import NEEDS, Agreement, View
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.stores.tables import FileItem
from tests.integration.services.court_steps import (
    HEARING,
    charged,
    court_of,
    dated,
    needs_told,
    reviewed,
)
from tests.integration.services.staff_steps import case_of, file_of
from tests.integration.web.board_steps import numbers
from tests.integration.web.desk_steps import lines_about, new_officer
from tests.integration.web.victim_steps import record_outcome

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

# The world's clock stands on Wednesday 18 November 2026.
SOON, NEXT = date(2026, 11, 27), date(2026, 12, 9)


def _desk(world: World, case: SeededCase, role: str = "officer") -> Visitor:
    officer = case_of(world, case).officer
    if role == "officer":
        return world.desk(officer.id, team=officer.team, name=officer.name)
    return world.desk(f"{role}-{officer.id}", role=role, team=officer.team, name=role.title())


def _listed(world: World, *days: date, officer: Officer | None = None) -> list[SeededCase]:
    """Put a case a day, all of one team."""
    officer = officer or new_officer()
    cases = []
    for day in days:
        case = charged(world, officer=officer)
        dated(world, case, day)
        cases.append(case)
    return cases


def _rows(seen: Seen) -> list[str]:
    return [
        " ".join("".join(li.itertext()).split())
        for li in seen.tree.iter("li")
        if li.get("class") == "hub-row"
    ]


# --- the list


def test_the_soonest_court_date_stands_first_and_red_is_said_in_words(world: World) -> None:
    later, soon = _listed(world, NEXT, SOON)
    seen = _desk(world, soon).get("/court")
    rows = _rows(seen)
    assert soon.reference in rows[0]
    assert "Court in 7 working days and no review." in rows[0]
    assert later.reference in rows[1]
    assert "To be reviewed by Wednesday 25 November 2026." in rows[1]
    assert "2 people, 1 is red." in seen.main


def test_a_row_says_needs_measures_what_is_missing_and_whether_partners_have_said(
    world: World,
) -> None:
    (case,) = _listed(world, SOON)
    needs_told(world, case)
    step = MeasureStep("discussed", world.deps.today(), world.clock(), "PC Example")
    agreement = Agreement(
        "new_era",
        case.victim,
        case.key,
        case.reference,
        frozenset({NEEDS}),
        SOON,
        world.clock(),
        "victim",
    )
    threads = world.deps.threads
    world.deps.ledger.write(
        [
            threads.keep_measure(case.victim, Measure("screen", (step,))),
            threads.keep_agreement(agreement),
        ]
    )
    (row,) = _rows(_desk(world, case).get("/court"))
    for words in (
        "Victim V1",
        "Health: Epilepsy",
        "talked about, not asked of the prosecutor",
        "Nobody is known who is with them at court.",
        "How they get to court and home is not known.",
        "New Era has not said what it thinks.",
    ):
        assert words in row, words
    stored = file_of(world, case).agreements[0]
    view = View("She needs a screen.", world.clock(), "Juniper Example")
    world.deps.ledger.write([threads.keep_agreement(_with(stored, view))])
    (row,) = _rows(_desk(world, case).get("/court"))
    assert "New Era, Wednesday 18 November 2026: She needs a screen." in row
    assert "has not said what it thinks" not in row


def _with(agreement: Agreement, view: View) -> Agreement:
    return replace(agreement, view=view)


def test_a_week_can_be_chosen_and_what_is_no_week_shows_the_next_days(world: World) -> None:
    soon, later = _listed(world, SOON, HEARING)
    desk = _desk(world, soon)
    seen = desk.get("/court?week=2027-01-06")
    assert "Week from Monday 4 January 2027, until 10 January 2027: 1 person" in seen.main
    assert later.reference in seen.main
    assert soon.reference not in seen.main
    for made_up in ("9999-12-31", "0001-01-01", "soon", "2026-13-45"):
        seen = desk.get(f"/court?week={made_up}")
        assert "The next 30 days" in seen.main
        assert soon.reference in seen.main


def test_thirty_days_before_court_a_case_is_on_the_list_at_the_latest(world: World) -> None:
    (case,) = _listed(world, date(2026, 12, 19))
    desk = _desk(world, case)
    assert "nobody" in desk.get("/court").main
    world.clock.forward(days=1)
    assert case.reference in _desk(world, case).get("/court").main


def test_who_is_not_under_review_is_not_on_the_list(world: World) -> None:
    case = charged(world, crime_type="burglary")
    dated(world, case, SOON)
    assert case.reference not in _desk(world, case).get("/court").main
    needs_told(world, case)
    assert case.reference in _desk(world, case).get("/court").main


def test_a_closed_review_says_so_and_one_that_is_open_again_says_why(world: World) -> None:
    (case,) = _listed(world, NEXT)
    reviewed(world, case)
    (row,) = _rows(_desk(world, case).get("/court"))
    assert "Reviewed on Wednesday 18 November 2026 by" in row
    assert "Look at it" in row
    needs_told(world, case)
    (row,) = _rows(_desk(world, case).get("/court"))
    assert "It was opened again: A need was told or changed." in row


def test_the_list_costs_one_query_and_two_reads_a_row(world: World) -> None:
    cases = _listed(world, SOON, NEXT)
    desk = _desk(world, cases[0])
    with world.watched() as calls:
        desk.get("/court")
    # Session, list, two a row, audit line.
    assert calls.dynamodb == 1 + 1 + 4 + 1
    (_, what, _, named) = lines_about(f"staff {case_of(world, cases[0]).officer.id}")[-1]
    assert what == "opened the list before court"
    assert named == {case.key for case in cases}


def test_a_long_list_goes_on_on_the_next_page(world: World) -> None:
    officer = new_officer()
    days = [SOON + timedelta(days=number % 3) for number in range(21)]
    cases = _listed(world, *days, officer=officer)
    desk = _desk(world, cases[0])
    first = desk.get("/court")
    assert len(_rows(first)) == 20
    link = next(a for a in first.tree.iter("a") if a.get("rel") == "next")
    second = desk.get(link.get("href", ""))
    assert len(_rows(second)) == 1
    shown = first.main + second.main
    assert all(shown.count(case.reference) for case in cases)


def test_of_a_restricted_case_others_see_the_day_and_nothing_else(world: World) -> None:
    case = charged(world, flags=["restricted"])
    dated(world, case, SOON)
    seen = _desk(world, case, "supervisor").get("/court")
    (row,) = _rows(seen)
    assert "Friday 27 November 2026" in row
    assert "Only named people see more of this." in row
    assert case.reference not in seen.body
    assert case.key not in seen.body
    assert case.victim not in seen.body
    (row,) = _rows(_desk(world, case).get("/court"))
    assert case.reference in row


def test_for_others_than_supervisors_a_restricted_case_is_not_there_at_all(world: World) -> None:
    case = charged(world, flags=["restricted"])
    dated(world, case, SOON)
    officer = case_of(world, case).officer
    seen = world.desk(f"nosy-{officer.id}", team=officer.team).get("/court")
    assert ": nobody." in seen.main
    assert _rows(seen) == []
    far = date(2028, 10, 11)
    dated(world, case, far)
    carer = world.desk("court-carer-3", role="witness_care").get("/court?week=2028-10-09")
    assert _rows(carer) == []
    assert "nobody" in carer.main


def test_the_address_of_the_next_page_tells_of_nobody(world: World) -> None:
    officer = new_officer()
    cases = _listed(world, *[SOON] * 21, officer=officer)
    seen = _desk(world, cases[0]).get("/court")
    link = next(a for a in seen.tree.iter("a") if a.get("rel") == "next").get("href", "")
    place = base64.urlsafe_b64decode(parse_qs(urlsplit(link).query)["after"][0]).decode()
    assert place.startswith("2026-11-27#")
    for case in cases:
        assert not any(each in place for each in (case.reference, case.key, case.victim, "V1"))


def test_whose_needs_the_list_shows_reads_who_has_read_them(world: World) -> None:
    cases = _listed(world, SOON, NEXT)
    needs_told(world, cases[0])
    officer = case_of(world, cases[0]).officer
    desk = world.desk(f"colleague-{officer.id}", team=officer.team, name="Clover Example")
    assert "Epilepsy" in desk.get("/court").main
    assert [seen.name for seen in file_of(world, cases[0]).seen] == ["Clover Example"]
    assert file_of(world, cases[1]).seen == ()
    with world.watched() as calls:
        desk.get("/court")
    assert "needs-seen" not in calls.text()


def test_the_list_is_of_ones_own_team_and_of_all_for_witness_care(world: World) -> None:
    (mine,), (others,) = _listed(world, SOON), _listed(world, SOON)
    for case in (mine, others):
        officer = case_of(world, case).officer
        world.desk(officer.id, team=officer.team)  # puts the team into the staff list
    assert others.reference not in _desk(world, mine).get("/court").main
    carer = world.desk("court-carer", role="witness_care", name="Witness Example")
    seen = _every_page(carer)
    assert mine.reference in seen
    assert others.reference in seen
    assert "of all teams" in seen
    assert case_of(world, mine).officer.team.title() in seen


def _every_page(desk: Visitor) -> str:
    """Return the words of every page of the list, which is long where tests share a store."""
    seen = desk.get("/court?week=2026-11-23")
    words = seen.main
    # An element without children is false.
    while (
        link := next((a for a in seen.tree.iter("a") if a.get("rel") == "next"), None)
    ) is not None:
        seen = desk.get(link.get("href", ""))
        words += seen.main
    return words


def test_for_witness_care_a_case_begins_with_the_charge(world: World) -> None:
    """A file can have a date before it has the charge; on a day that no other test has."""
    case = charged(world, stage="investigating", told=False)
    needs_told(world, case)
    far = date(2028, 10, 4)
    team = case_of(world, case).officer.team
    court = replace(court_of(world, case), on=far, team=team)
    world.deps.ledger.write([world.deps.threads.keep_court(court)])
    seen = _desk(world, case).get("/court?week=2028-10-02")
    assert case.reference in seen.main
    carer = world.desk("court-carer-2", role="witness_care").get("/court?week=2028-10-02")
    assert _rows(carer) == []
    assert "nobody" in carer.main


@pytest.mark.parametrize("role", ["partner", "administrator"])
def test_who_has_no_part_in_reviews_has_no_list(world: World, role: str) -> None:
    assert world.desk(f"court-{role}", role=role).get("/court").status == 403


def test_the_desk_leads_to_the_list(world: World) -> None:
    (case,) = _listed(world, SOON)
    links = {a.get("href") for a in _desk(world, case).get("/").tree.iter("a")}
    assert "/court" in links
    admin = world.desk("court-admin", role="administrator").get("/admin")
    assert "/court" not in {a.get("href") for a in admin.tree.iter("a")}


# --- the date


def _post(desk: Visitor, case: SeededCase, **fields: str) -> Seen:
    desk.get(f"/cases/{case.key}/hearing")
    return desk.post(f"/cases/{case.key}/hearing", **fields)


def test_a_date_is_recorded_and_the_case_page_offers_to_record_the_telling(world: World) -> None:
    case = charged(world)
    desk = _desk(world, case)
    sent = _post(desk, case, on="2027-01-08", court="Example Crown Court")
    assert sent.status == 303
    seen = desk.follow()
    assert "Victim V1: to be told by Thursday 19 November 2026" in seen.main
    assert (
        "Next date: Friday 8 January 2027, Example Crown Court (in 34 working days)." in seen.main
    )
    assert "Tell the victim: A hearing gets a date, time and place, or they change" in seen.main
    assert case_of(world, case).next_hearing_on == HEARING


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"on": "yesterday"}, "Tuesday 17 November 2026 is over. Write today or a later day."),
        ({"on": "1/10/2026"}, "is before the report, Monday 2 November 2026."),
        ({"on": "in spring"}, "Write the day like 2026-12-04 or 4/12/2026"),
        ({"on": "9999-12-31"}, "is after the last day that can be right"),
        ({"court": " "}, "Write which court it is."),
        ({"court": "x" * 101}, "The name of the court is 1 character too long"),
        ({"heard_on": "tomorrow"}, "has not come yet."),
        ({"there": ""}, "Say whether there is a court date."),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    world: World, fields: dict[str, str], said: str
) -> None:
    case = charged(world)
    desk = _desk(world, case)
    typed = {"there": "date", "on": "2027-01-08", "court": "Example Crown Court"} | fields
    seen = _post(desk, case, **typed)
    assert seen.status == 400
    assert said in seen.main
    kept = seen.fields(f"/cases/{case.key}/hearing")
    assert {name: kept.get(name, "") for name in typed} == typed
    assert case_of(world, case).next_hearing_on is None


def test_pressing_record_on_what_the_file_says_types_nothing(world: World) -> None:
    case = charged(world)
    FileItem(case.key, "case#file").update(
        [FileItem.court.set("Example Court"), FileItem.next_hearing_on.set("2026-12-01")]
    )
    same = {"there": "date", "on": "2026-12-01", "court": "Example Court", "heard_on": "today"}
    answer = _post(_desk(world, case), case, **same, needed=case.victim, version="0")
    assert answer.status == 400
    assert "from the case file, and follows it" in answer.main
    assert case_of(world, case).hearing is None


def test_everybody_is_ticked_and_who_need_not_come_is_taken_off(world: World) -> None:
    case = charged(world, victims=("V1", "V2"))
    desk = _desk(world, case)
    seen = desk.get(f"/cases/{case.key}/hearing")
    boxes = [i for i in seen.tree.iter("input") if i.get("name") == "needed"]
    assert len(boxes) == 2
    assert all(box.get("checked") is not None for box in boxes)
    fields = {"on": "2027-01-08", "court": "Example Crown Court", "needed": case.victims["V1"]}
    assert _post(desk, case, **fields).status == 303
    assert case_of(world, case).needed_on(case.victims["V2"]) is None
    seen = desk.get(f"/cases/{case.key}/hearing")
    boxes = [i for i in seen.tree.iter("input") if i.get("name") == "needed"]
    assert [box.get("checked") is not None for box in boxes] == [True, False]


def test_nobody_is_said_to_be_owed_word_where_only_changed_who_may_be_needed(world: World) -> None:
    case = charged(world, officer=new_officer(), victims=("V1", "V2"))
    desk = _desk(world, case)
    day = {"there": "date", "on": "2027-01-08", "court": "Example Court", "heard_on": "today"}
    assert _post(desk, case, **day).status == 303
    assert "Who is to be told of the date" in desk.follow().main
    seen = _post(desk, case, **day, needed=case.victim)
    assert seen.status == 303
    after = desk.follow().main
    assert "Recorded." in after
    assert "Who is to be told of the date" not in after


def test_that_there_is_no_date_any_more_needs_no_day_and_no_court(world: World) -> None:
    (case,) = _listed(world, SOON)
    desk = _desk(world, case)
    assert _post(desk, case, there="none", on="", court="").status == 303
    assert case_of(world, case).next_hearing_on is None
    assert "No court date is recorded." in desk.follow().main


def test_of_two_who_record_a_date_one_wins_and_the_other_sees_it(world: World) -> None:
    case = charged(world)
    one, other = _desk(world, case), _desk(world, case, "supervisor")
    other.get(f"/cases/{case.key}/hearing")
    assert _post(one, case, on="2027-01-08", court="Example Crown Court").status == 303
    seen = other.post(f"/cases/{case.key}/hearing", on="2027-01-11", court="Other Court")
    assert seen.status == 409
    assert "Recorded now: Friday 8 January 2027, Example Crown Court" in seen.main
    assert seen.fields(f"/cases/{case.key}/hearing")["on"] == "2027-01-11"
    assert other.post(f"/cases/{case.key}/hearing").status == 303
    assert case_of(world, case).next_hearing_on == date(2027, 1, 11)


def test_before_a_charge_the_form_says_what_to_do_first(world: World) -> None:
    case = charged(world, stage="investigating", told=False)
    desk = _desk(world, case)
    assert "Record the charge first" in desk.get(f"/cases/{case.key}/hearing").main
    assert "Before court" not in _words_of_main(desk.get(f"/cases/{case.key}"))


def _words_of_main(seen: Seen) -> list[str]:
    return ["".join(h.itertext()).strip() for h in seen.tree.iter("h2")]


# --- case page and board


def test_the_case_page_says_red_first_and_leads_to_the_review(world: World) -> None:
    case = charged(world, victims=("V1", "V2"))
    dated(world, case, SOON)
    reviewed(world, case)
    seen = _desk(world, case).get(f"/cases/{case.key}")
    section = seen.main.partition("Before court")[2].partition("What helps at court")[0]
    red, done = (
        section.index("Court in 7 working days and no review."),
        section.index("Reviewed on"),
    )
    assert red < done
    links = {a.get("href") for a in seen.tree.iter("a")}
    for victim in case.victims.values():
        assert f"/cases/{case.key}/review?victim={victim}" in links


def test_the_board_shows_what_is_near_court_without_a_review(world: World) -> None:
    soon, later = _listed(world, SOON, HEARING)
    boss = _desk(world, soon, "supervisor")
    seen = boss.get("/team?show=court")
    assert numbers(seen)["Before court without a review"] == 1
    assert "Before court without a review (1)" in seen.main
    assert "Court is in less than 10 working days, and nobody has closed the review." in seen.main
    rows = seen.main.partition("Before court without a review (1)")[2]
    assert soon.reference in rows
    assert later.reference not in rows
    reviewed(world, soon)
    assert numbers(boss.get("/team"))["Before court without a review"] == 0


def test_the_list_of_the_officer_leads_to_the_review(world: World) -> None:
    (case,) = _listed(world, SOON)
    seen = _desk(world, case).get("/")
    assert "Review before court" in seen.main
    assert "Court is in 9 days, on Friday 27 November 2026, and nobody has" in seen.main
    links = {a.get("href") for a in seen.tree.iter("a")}
    assert f"/cases/{case.key}/review?victim={case.victim}" in links


# --- what the victim reads of it


def test_the_victim_reads_of_the_review_only_once_they_know_of_the_charge(world: World) -> None:
    told, untold = charged(world), charged(world, told=False)
    for case in (told, untold):
        dated(world, case, SOON)
    seen = world.victim(told).get("/case")
    assert "We look at what you need before you may have to go to court" in seen.main
    assert "10 working days before Friday 27 November 2026" in seen.main
    seen = world.victim(untold).get("/case")
    assert "go to court" not in seen.main
    assert "27 November" not in seen.main


def test_a_review_names_no_date_that_came_behind_news_which_nobody_told(world: World) -> None:
    case = charged(world)
    dated(world, case, NEXT)
    assert "9 December 2026" in world.victim(case).get("/case").main
    record_outcome(world, case, "", stage="court")
    dated(world, case, HEARING)
    assert "8 January 2027" not in world.victim(case).get("/case").body


def test_a_review_that_is_late_or_done_reads_well(world: World) -> None:
    case = charged(world)
    dated(world, case, NEXT)
    world.clock.moment = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    seen = world.victim(case).get("/case")
    assert (
        "We should have looked at what you need before court by Wednesday 25 November 2026. "
        "We are sorry." in seen.main
    )
    reviewed(world, case, "Secret words of the meeting.")
    seen = world.victim(case).get("/case")
    assert "done on Thursday 26 November 2026, late" in seen.main
    assert "Secret words" not in seen.body
    assert "in a meeting" not in seen.main

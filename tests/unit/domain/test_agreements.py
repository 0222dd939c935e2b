"""What a victim agreed with a partner agency: when it holds, and how it came to be as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.agreements import (
    BY_VICTIM,
    DATES,
    MEASURES,
    NEEDS,
    PAST_LINES,
    Agreement,
    Said,
    Terms,
    agreed,
    agreement_with,
    changed_of,
    in_force,
    is_agreed,
    last_day,
    partner_of,
    scope_words,
    withdrawn,
)
from chalicelib.domain.cases import (
    FROM_FILE,
    Case,
    CaseKey,
    Officer,
    OfficerId,
    StageEntry,
    TeamId,
    Victim,
    VictimKey,
)
from chalicelib.domain.staff import StaffMember
from chalicelib.rules import load_rules

RULES = load_rules()
TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
ANNE = VictimKey("anne")
TERMS = Terms(frozenset({NEEDS, DATES}), date(2027, 2, 18))
BY_THEM = Said(NOW, BY_VICTIM)
CASE = Case(
    key=CaseKey("case"),
    reference="12/345678/90",
    crime_type="burglary",
    flags=frozenset(),
    reported_on=TODAY,
    officer=Officer(OfficerId("pc"), "PC Example", "0001", TeamId("stafford")),
    entries=(StageEntry("1", "recorded", TODAY, NOW, FROM_FILE),),
    victims=(Victim(ANNE, "V1", enhanced_rights=False),),
)


def _given(before: Agreement | None = None, said: Said = BY_THEM) -> Agreement:
    return agreed(before, CASE, ANNE, "new_era", TERMS, said)


def test_it_holds_until_the_end_of_its_last_day() -> None:
    given = _given()
    assert given.holds(given.until)
    assert not given.holds(given.until + timedelta(days=1))


def test_it_covers_what_was_ticked_and_nothing_else() -> None:
    given = _given()
    assert [given.covers(what, TODAY) for what in (NEEDS, DATES, MEASURES)] == [True, True, False]
    assert not given.covers(NEEDS, given.until + timedelta(days=1))
    assert not given.covers("messages", TODAY)


def test_what_is_taken_back_holds_no_more() -> None:
    gone = withdrawn(_given(), Said(NOW, "PC Example", "by phone"))
    assert not gone.holds(TODAY)
    assert not any(gone.covers(what, TODAY) for what in (NEEDS, DATES, MEASURES))
    assert gone.withdrawn_by == "PC Example"


def test_saying_yes_again_begins_anew_and_keeps_what_was() -> None:
    later = Said(NOW + timedelta(days=1), "PC Example", "in person")
    again = _given(withdrawn(_given(), BY_THEM), later)
    assert again.holds(TODAY)
    assert (again.given_by, again.given_at, again.withdrawn_by) == ("PC Example", later.at, "")
    what = "Needs, court dates, until Thursday 18 February 2027: agreed"
    assert again.past == (
        f"{what} by the victim on their page, Wednesday 18 November 2026 at 9:30am.",
        "Taken back by the victim on their page, Wednesday 18 November 2026 at 9:30am.",
        f"{what} with PC Example in person, Thursday 19 November 2026 at 9:30am.",
    )


def test_the_history_does_not_grow_without_end() -> None:
    given = _given()
    for _ in range(PAST_LINES):
        given = _given(withdrawn(given, BY_THEM))
    assert len(given.past) == PAST_LINES
    assert given.past[-1].startswith("Needs, court dates")


def test_a_form_knows_whether_the_victims_word_changed_and_a_view_is_not_their_word() -> None:
    given = _given()
    assert not changed_of(None)
    assert changed_of(given) == changed_of(replace(given, version=7, view=None))
    assert changed_of(given) != changed_of(withdrawn(given, Said(NOW + timedelta(1), BY_VICTIM)))


def test_the_same_terms_are_agreed_already_only_while_they_hold() -> None:
    given = _given()
    assert is_agreed(given, TERMS, TODAY)
    assert not is_agreed(given, replace(TERMS, scope=frozenset({NEEDS})), TODAY)
    assert not is_agreed(given, replace(TERMS, until=TODAY), TODAY)
    assert not is_agreed(given, TERMS, given.until + timedelta(days=1))
    assert not is_agreed(withdrawn(given, BY_THEM), TERMS, TODAY)
    assert not is_agreed(None, TERMS, TODAY)


def test_those_in_force_are_found_in_the_order_of_their_partners() -> None:
    isva, era = replace(_given(), partner="isva_service"), _given()
    gone = withdrawn(replace(_given(), partner="b"), BY_THEM)
    assert in_force([era, gone, isva], TODAY) == (isva, era)
    assert agreement_with([isva, era], "new_era") == era
    assert agreement_with([isva], "new_era") is None


def test_it_lasts_for_a_year_at_most() -> None:
    assert last_day(TODAY, RULES) == date(2027, 11, 18)


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ({MEASURES, NEEDS}, "needs, what may help at court"),
        ({DATES}, "court dates"),
        (set(), "nothing"),
    ],
)
def test_what_may_be_seen_is_said_in_one_order(scope: set[str], words: str) -> None:
    assert scope_words(scope) == words


@pytest.mark.parametrize("partner", RULES.partners.values(), ids=lambda row: row.key)
def test_somebody_works_for_the_agency_of_their_team(partner: object) -> None:
    team = TeamId(partner.team)  # type: ignore[attr-defined]
    member = StaffMember(OfficerId("juniper"), "Juniper", "0401", team)
    assert partner_of(member, RULES) == partner
    assert partner_of(replace(member, team=TeamId("stafford")), RULES) is None

"""What is worth asking for: people, what each should be told, what each must not, and why.

What is expected was written down by hand in finder_people.csv, from the Act and from what the
person said; nothing of it was worked out by the code under test.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chalicelib.domain.finder import (
    Found,
    Openness,
    Suggestion,
    eligibility,
    facts_of,
    grounds_for,
    worth_asking,
)
from chalicelib.rules.measures import MeasureRules, load_measures

TABLE = Path(__file__).with_name("finder_people.csv")
RULES = load_measures()


@dataclass(frozen=True)
class Person:
    """Somebody who answers; keys stand with a gap between them."""

    who: str
    answers: str
    worth: str
    perhaps: str
    never: str
    why: str


def _people() -> list[Person]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Person(**row) for row in csv.DictReader(file, strict=True)]


PEOPLE = _people()


def answers_of(keys: str) -> dict[str, frozenset[str]]:
    """Return the answers by question, as a form brings them."""
    chosen = [RULES.answers[key] for key in keys.split()]
    return {
        question: frozenset(row.key for row in chosen if row.question == question)
        for question in RULES.questions
    }


def find(keys: str, rules: MeasureRules = RULES) -> Found:
    return worth_asking(answers_of(keys), rules)


def keys_in(*groups: tuple[Suggestion, ...]) -> set[str]:
    return {each.measure.key for group in groups for each in group}


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.who)
def test_each_person_is_told_what_fits_and_nothing_else(person: Person) -> None:
    found = find(person.answers)
    assert keys_in(found.instead, found.measures, found.arrangements) == set(person.worth.split())
    assert keys_in(found.perhaps) == set(person.perhaps.split()), person.why
    assert not set(found.keys) & set(person.never.split()), person.why


def test_the_table_is_of_many_people_and_says_of_each_why() -> None:
    assert len(PEOPLE) >= 80
    assert len({person.who for person in PEOPLE}) == len(PEOPLE)
    assert all(person.why and (person.worth or person.never) for person in PEOPLE)
    assert PEOPLE[0].who == "A man with epilepsy who cannot go to court"


def test_every_answer_and_every_measure_is_in_the_table() -> None:
    assert {key for person in PEOPLE for key in person.answers.split()} == set(RULES.answers)
    assert {key for person in PEOPLE for key in person.worth.split()} == set(RULES.measures)
    every = {key for person in PEOPLE for key in person.never.split()}
    assert {row.key for row in RULES.of_kind("measure")} <= every


@pytest.mark.parametrize("reason", list(RULES.reasons))
def test_without_any_one_reason_somebody_in_the_table_is_told_less(reason: str) -> None:
    less = replace(RULES, reasons={key: row for key, row in RULES.reasons.items() if key != reason})
    differ = [
        person
        for person in PEOPLE
        if [each.reasons for each in _every(find(person.answers, less))]
        != [each.reasons for each in _every(find(person.answers))]
    ]
    assert differ, f"no one in the table needs the reason {reason}"


def _every(found: Found) -> tuple[Suggestion, ...]:
    return (*found.instead, *found.measures, *found.arrangements, *found.perhaps)


@pytest.mark.parametrize("ground", list(RULES.grounds))
def test_a_broken_ground_is_seen_in_the_table(ground: str) -> None:
    broken = replace(RULES, grounds={k: row for k, row in RULES.grounds.items() if k != ground})
    assert any(
        [(each.measure.key, each.eligibility) for each in _every(find(person.answers, broken))]
        != [(each.measure.key, each.eligibility) for each in _every(find(person.answers))]
        for person in PEOPLE
    )


@pytest.mark.parametrize(
    ("facts", "measure", "openness", "grounds"),
    [
        ("under_18", "screen", Openness.BY_LAW, ["age"]),
        ("illness", "screen", Openness.IF_SATISFIED, ["condition"]),
        ("afraid", "screen", Openness.IF_SATISFIED, ["fear"]),
        ("", "screen", Openness.NOT_SHOWN, []),
        ("afraid domestic_abuse", "screen", Openness.BY_LAW, ["domestic_abuse_reported", "fear"]),
        ("weapon", "live_link", Openness.BY_LAW, ["weapon_seen"]),
        # Sections 29 and 30 are for vulnerable witnesses alone (section 18).
        ("sexual afraid", "intermediary", Openness.NOT_SHOWN, []),
        ("learning", "intermediary", Openness.IF_SATISFIED, ["condition"]),
        ("under_18 sexual", "communication_aids", Openness.BY_LAW, ["age"]),
        # Section 25 is open in some cases alone, whoever the witness is.
        ("under_18", "in_private", Openness.NOT_SHOWN, []),
        ("under_18 domestic_abuse", "in_private", Openness.BY_LAW,
         ["age", "domestic_abuse_reported"]),
        ("others_frighten", "in_private", Openness.IF_SATISFIED, ["fear"]),
        # Section 28: vulnerable witnesses, and those of section 17(4).
        ("domestic_abuse", "recorded_questions", Openness.NOT_SHOWN, []),
        ("weapon afraid", "recorded_questions", Openness.NOT_SHOWN, []),
        ("domestic_abuse illness", "recorded_questions", Openness.IF_SATISFIED, ["condition"]),
        ("slavery", "recorded_questions", Openness.BY_LAW, ["sexual_or_slavery"]),
        ("", "breaks", Openness.ANYBODY, []),
        ("", "unfit_statement", Openness.ANYBODY, []),
    ],
)  # fmt: skip
def test_to_whom_the_law_opens_a_measure(
    facts: str, measure: str, openness: Openness, grounds: list[str]
) -> None:
    found = eligibility(RULES.measures[measure], facts.split(), RULES)
    assert found.openness == openness
    assert [ground.key for ground in found.grounds] == grounds


def test_the_sure_grounds_stand_first() -> None:
    found = grounds_for({"afraid", "illness", "sexual"}, RULES)
    assert [ground.key for ground in found] == ["sexual_or_slavery", "condition", "fear"]


def test_what_is_no_answer_to_its_question_counts_for_nothing() -> None:
    answers = {"age": {"illness", "<b>"}, "health": {"deaf", "under_18"}, "never": {"afraid"}}
    assert facts_of(answers, RULES) == {"deaf"}


def test_nobody_who_answers_nothing_is_told_anything() -> None:
    assert worth_asking({}, RULES) == Found((), (), (), (), ())


def test_a_general_reason_is_silent_beside_an_exact_one_and_said_once() -> None:
    (screen,) = (each for each in find("afraid not_see").measures if each.measure.key == "screen")
    assert screen.reasons == (RULES.reasons["screen_see"].why,)
    (screen,) = (each for each in find("afraid sexual").measures if each.measure.key == "screen")
    assert screen.reasons == (RULES.reasons["screen_fear"].why,)


def test_what_is_found_stands_in_the_order_of_the_rules() -> None:
    everything = find(" ".join(key for key in RULES.answers if key != "cannot_come"))
    order = list(RULES.measures)
    for group in (everything.measures, everything.arrangements):
        places = [order.index(each.measure.key) for each in group]
        assert places == sorted(places)

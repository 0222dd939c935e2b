"""What pages write of figures and limits, however sure we are of them."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from chalicelib.domain.calendar import england_and_wales
from chalicelib.rules import load_rules
from chalicelib.rules.guidance import load_guidance
from chalicelib.rules.pair_words import load_pair_words
from overrides.words.directory import Directory
from overrides.words.facts import LOOKED_UP_SAFELY, Facts, UnsureFigureError


def changed(rows: Any, key: str, **values: Any) -> Any:
    """Return rows in which one says something else."""
    return MappingProxyType({**rows, key: replace(rows[key], **values)})


@pytest.fixture
def facts() -> Facts:
    """The facts as pages have them."""
    rules = load_rules()
    return Facts(
        rules,
        load_guidance(),
        england_and_wales(rules.limits.working_day_starts, rules.limits.receipt_cut_off),
    )


def with_limit(facts: Facts, event: str, **values: Any) -> Facts:
    limits = changed(facts.rules.code_limits, event, **values)
    return replace(facts, rules=replace(facts.rules, code_limits=limits))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("compensation.apply", "2 years"),
        ("contact.reply", "5 working days"),
        ("session.idle", "15 minutes"),
        ("session.total", "2 hours"),
        ("exit.presses", "3 times"),
    ],
)
def test_an_amount_has_its_unit(facts: Facts, key: str, words: str) -> None:
    assert facts.amount(key) == words


def test_one_of_a_unit_is_one(facts: Facts) -> None:
    figures = changed(facts.guidance.figures, "compensation.apply", amount=1)
    one = replace(facts, guidance=replace(facts.guidance, figures=figures))
    assert one.amount("compensation.apply") == "1 year"


@pytest.mark.parametrize("trust", ["C", "U"])
def test_a_figure_that_is_not_sure_cannot_be_printed(facts: Facts, trust: str) -> None:
    figures = changed(facts.guidance.figures, "compensation.apply", trust=trust)
    unsure = replace(facts, guidance=replace(facts.guidance, figures=figures))
    with pytest.raises(UnsureFigureError):
        unsure.amount("compensation.apply")


@pytest.mark.parametrize("event", ["charged", "written_confirmation", "complaint_reply"])
def test_a_limit_that_is_not_sure_cannot_be_called_the_codes(facts: Facts, event: str) -> None:
    with pytest.raises(UnsureFigureError):
        facts.within(event)


def test_a_limit_of_the_code_says_so(facts: Facts) -> None:
    assert facts.told("suspect_arrested") == (
        "The Victims' Code says within **5 working days**, or **1 working day** if you have"
        " Enhanced Rights."
    )
    assert facts.told("hearing_listed") == "The Victims' Code says within **1 working day**."


def test_a_limit_of_ours_is_called_our_own(facts: Facts) -> None:
    assert facts.told("charged").startswith("We aim to tell you within **5 working days**")
    assert facts.told("charged").endswith("That is our own standard.")


@pytest.mark.parametrize("event", ["expenses_paid", "written_confirmation", "charge_altered"])
def test_a_limit_of_others_that_is_not_sure_is_not_printed(facts: Facts, event: str) -> None:
    assert facts.told(event) == "Ask by when you will hear."


def test_a_changed_rule_changes_the_page(facts: Facts) -> None:
    other = with_limit(facts, "suspect_arrested", standard_working_days=3)
    assert "**3 working days**" in other.told("suspect_arrested")
    assert "<td role" in other.limits_table("Told", 6)
    assert ">3 working days<" in other.limits_table("Told", 6)
    counted = other.counted("told_of_arrest", "suspect_arrested")
    assert counted.endswith("30 December 2026: working day 3. **This is the last day.**")
    doubted = with_limit(facts, "suspect_arrested", trust="C")
    assert "We aim for 5 working days" in doubted.limits_table("Told", 6)


def test_days_are_counted_past_a_weekend_and_bank_holidays(facts: Facts) -> None:
    lines = facts.counted("told_of_arrest", "suspect_arrested").splitlines()
    assert lines[0] == "- Wednesday 23 December 2026: it happens. This day is not counted."
    assert lines[2] == "- Friday 25 December 2026: a bank holiday, not counted."
    assert lines[3] == "- Saturday 26 December 2026: the weekend, not counted."
    assert lines[-1] == "- Monday 4 January 2027: working day 5. **This is the last day.**"


def test_the_last_day_is_counted_in_days_or_months(facts: Facts) -> None:
    assert facts.last_day("told_of_decision", "review.ask") == "Sunday 28 February 2027"
    assert facts.last_day("letter_on_complaint", "complaint.review") == "Monday 30 November 2026"
    examples = changed(facts.guidance.examples, "told_of_decision", day=date(2028, 2, 29))
    leap = replace(facts, guidance=replace(facts.guidance, examples=examples))
    assert leap.last_day("told_of_decision", "compensation.apply") == "Thursday 28 February 2030"


def test_pages_say_of_looking_up_what_the_service_does(facts: Facts) -> None:
    assert "often check a case like this" in facts.looked_up("burglary")
    assert facts.looked_up("rape") == facts.looked_up("hate") == LOOKED_UP_SAFELY
    closed = facts.rules.crime_types["homicide"].closed_reason
    assert facts.looked_up("homicide") == closed


def test_a_number_that_is_not_known_cannot_be_called_for() -> None:
    directory = Directory(load_guidance(), load_rules())
    assert 'href="tel:08081689111"' in directory.phone("victim_support")
    with pytest.raises(LookupError):
        directory.phone("survive")


def test_ways_that_nobody_overhears_stand_first() -> None:
    lines = Directory(load_guidance(), load_rules()).talk("new_era").splitlines()
    assert [line.split(":")[0].strip(" -") for line in lines[1:]] == ["Online", "Phone"]


def test_what_a_message_says_is_what_is_sent_with_words_that_no_message_has(facts: Facts) -> None:
    words = facts.rules.notices["en"]
    assert facts.message() == words.text.format(pair="amber otter")
    assert facts.subject() == words.subject
    assert "amber" not in load_pair_words()

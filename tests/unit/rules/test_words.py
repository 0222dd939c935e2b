"""What a page may never say, looked for in every text of the rules."""

import re

import pytest

from chalicelib.rules import Rules

NAMES_OF_CRIMES = re.compile(
    r"burglar|theft|stole|robb|violen|assault|wound|rape|sexual|abuse|stalk|harass|hate|drug"
    r"|weapon|murder|kidnap|slave|fraud|arson|cannabis|domestic",
    re.IGNORECASE,
)
WORDS_OF_CUSTODY = re.compile(
    r"custody|prison|jail|remand|arrest|detain|locked|cell\b|behind bars", re.IGNORECASE
)
WORDS_OF_BLAME = re.compile(
    r"victim|withdr|refus|declin|support(s|ed)? (the )?(action|prosecution)|claim|alleg|invalid",
    re.IGNORECASE,
)


def words_of_stages(rules: Rules) -> list[str]:
    stages = [f"{s.label} {s.meaning} {s.next_step} {s.who}" for s in rules.stages.values()]
    return stages + [update.text for update in rules.updates.values()]


def words_of_outcomes(rules: Rules) -> list[str]:
    return [f"{outcome.label} {outcome.explanation}" for outcome in rules.outcomes.values()]


def test_no_text_for_a_victim_says_or_implies_custody(rules: Rules) -> None:
    for words in words_of_stages(rules) + words_of_outcomes(rules):
        assert not WORDS_OF_CUSTODY.search(words), words


def test_no_text_about_a_case_names_a_crime(rules: Rules) -> None:
    titles = [title.text for title in rules.titles.values()]
    for words in words_of_stages(rules) + words_of_outcomes(rules) + titles:
        assert not NAMES_OF_CRIMES.search(words), words


def test_no_text_about_a_case_blames_anyone(rules: Rules) -> None:
    for words in words_of_stages(rules) + words_of_outcomes(rules):
        assert not WORDS_OF_BLAME.search(words), words


def test_a_prison_sentence_reads_like_any_other(rules: Rules) -> None:
    prison = rules.outcome_for_police_uk("Offender sent to prison")

    assert prison == rules.outcome_for_police_uk("Offender otherwise dealt with")


@pytest.mark.parametrize(
    "number",
    ["0330 0881 339", "0808 800 5000", "0800 1111", "116 123", "0808 802 4040", "0800 555 111"],
)
def test_numbers_that_nobody_confirmed_stand_in_no_contact(rules: Rules, number: str) -> None:
    for contact in rules.contacts.values():
        assert number not in f"{contact.phone} {contact.text}"


def test_titles_are_short_and_all_different(rules: Rules) -> None:
    titles = [title.text for title in rules.titles.values()]

    assert len(set(titles)) == len(titles)
    assert all(len(title) < 40 for title in titles)

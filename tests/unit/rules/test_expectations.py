"""The minimum expectations of police and ISVAs as data: what is refused, and what must agree."""

import pytest

from chalicelib.rules import Rules
from tests.unit.rules.spoiled import Folder

FILE = "expectations.toml"


def test_the_line_of_what_was_missed_says_the_days_that_the_job_waits(rules: Rules) -> None:
    assert rules.expectations["missed"].working_days == rules.limits.escalate_working_days


def test_each_line_is_promised_or_covered_but_for_the_last(rules: Rules) -> None:
    rows = list(rules.expectations.values())
    assert [row.number for row in rows if not row.is_promised and not row.covered_by] == [21]
    assert not [row.key for row in rows if row.is_promised and row.covered_by]


def test_no_line_that_is_local_is_called_a_rule(rules: Rules) -> None:
    for row in rules.expectations.values():
        words = f"{row.what} {row.does} {row.victim_says}".lower()
        for claim in ("the code", "national rule", "you will get", "entitled"):
            assert claim not in words, row.key


def test_a_line_by_an_isva_tells_the_person_of_a_support_worker(rules: Rules) -> None:
    for row in rules.expectations.values():
        if row.owner == "isva":
            assert "isva" not in row.victim_says.lower(), row.key


@pytest.mark.parametrize(
    ("row", "old", "new", "words"),
    [
        ("plan", "working_days = 5", "", "within how many"),
        ("offer", 'code_limit = "support_referral"', 'code_limit = "support"', "no such event"),
        ("charged", 'covered_by = ["tell:charged"]', 'covered_by = ["tell:nobody"]', "twice"),
        ("question", 'covered_by = ["reply"]', 'covered_by = ["update"]', "twice"),
        ("wishes", 'at = ["with_cps"]', 'at = ["with_cp"]', "no such stage"),
        ("afterwards", 'at = ["sentenced"]', 'at = ["prison"]', "no such stage"),
        ("plan", 'begins = "plan"', 'begins = "plans"', "one of report"),
        ("plan", 'owner = "officer"', 'owner = "nobody"', "one of officer"),
    ],
)
def test_a_line_that_cannot_be_promised_is_refused(
    folder: Folder, row: str, old: str, new: str, words: str
) -> None:
    line = folder.change(FILE, row, old, new)
    if not new:
        # What is missing is reported where what begins the line stands.
        line = folder.change(FILE, row, f'begins = "{row}"', f'begins = "{row}"')
    folder.refuses(FILE, line, words)


@pytest.mark.parametrize("word", ["your ISVA", "a sexual offence", "Rape"])
def test_words_that_name_the_crime_on_a_page_are_refused(folder: Folder, word: str) -> None:
    says = "Your support worker gets in touch with you in the way that is safe for you"
    old = f'victim_says = "{says}"'
    line = folder.change(FILE, "first_contact", old, f'victim_says = "Somebody of {word} calls"')
    folder.refuses(FILE, line, "names neither crime nor ISVA")

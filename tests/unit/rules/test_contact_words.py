"""The fixed words of messages: the start stops when they gain a field or lose a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.rules import load_rules

if TYPE_CHECKING:
    from tests.unit.rules.spoiled import Folder

SUBJECT = 'subject = "A new message"'
TEXT = 'text = "There is a new message for you. Check words: {pair}"'
LINKED = 'linked = "There is a new message for you. Check words: {pair} {home}"'
LONGEST_TEXT = 160
LONGEST_PAIR, LONGEST_HOME = "seven77 seven77", "https://your-information.example"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TEXT, TEXT.replace("{pair}", "{pair} {name}")),
        (TEXT, TEXT.replace("{pair}", "{pair} {pair}")),
        (TEXT, TEXT.replace("{pair}", "{pair} {home}")),
        (TEXT, TEXT.replace("{pair}", "{pair.name}")),
        (TEXT, TEXT.replace("{pair}", "{}")),
        (TEXT, TEXT.replace(" Check words: {pair}", "")),
        (LINKED, LINKED.replace("{home}", "{home}{reference}")),
        (LINKED, LINKED.replace(" {home}", "")),
        (SUBJECT, SUBJECT.replace("message", "message about {crime}")),
        (SUBJECT, SUBJECT.replace("message", "message {pair}")),
    ],
)
def test_words_with_any_other_field_stop_the_start(folder: Folder, old: str, new: str) -> None:
    line = folder.change("contact.toml", "en", old, new)
    folder.refuses("contact.toml", line, "names these fields and no other")


@pytest.mark.parametrize("key", ["en", "officer"])
def test_missing_words_stop_the_start(folder: Folder, key: str) -> None:
    folder.change("contact.toml", key, f'key = "{key}"', 'key = "xx"')
    folder.refuses("contact.toml", 1, f"no words for '{key}'")


def test_no_words_name_a_field_but_check_words_and_the_home_page() -> None:
    for row in load_rules().notices.values():
        assert row.text.count("{") == row.text.count("{pair}") == 1
        assert row.linked.count("{") == 2
        assert "{" not in row.subject


def test_words_for_victims_fit_into_one_text() -> None:
    for row in load_rules().notices.values():
        text = row.linked.format(pair=LONGEST_PAIR, home=LONGEST_HOME)
        assert text.isascii()
        assert len(text) <= LONGEST_TEXT

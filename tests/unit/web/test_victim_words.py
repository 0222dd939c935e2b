"""Words and numbers of the victim's pages, without a store."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.cases import Officer, OfficerId, TeamId, VictimKey
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.promises import OWED_REPLY, REPLY, Promise, Working
from chalicelib.rules import load_rules
from chalicelib.services.read_case import ladder_of
from chalicelib.web.http import Form
from chalicelib.web.victim.visits import number_of
from chalicelib.web.victim.words import excerpt, late_sentence, working_words

OFFICER = Officer(OfficerId("pc-example"), "PC Example", "0001", TeamId("stafford"))


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("20", 20), ("9999", 9999)])
def test_a_number_in_an_address_is_read(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text", ["", "0", "01", "-1", "+1", "1.0", "1e3", "10000", "x", " 1", "1\n", "²", "١", "1" * 99]
)
def test_anything_else_in_an_address_is_not_found(text: str) -> None:
    with pytest.raises(NotFoundError):
        number_of(text)


def test_a_form_key_is_taken_only_as_we_make_it() -> None:
    assert Form({"form_key": ["aZ09_-"]}).key() == "aZ09_-"
    for text in ("", "a#b", "a b", "x" * 65, "é", "a\n"):
        assert Form({"form_key": [text]}).key() is None
    assert Form().key() is None


def test_the_ladder_names_the_steps_behind_the_stage_in_its_own_words_and_the_steps_ahead() -> None:
    rungs = ladder_of("with_cps", load_rules())
    assert [(rung.label, rung.state) for rung in rungs] == [
        ("Report", "done"),
        ("Investigation", "done"),
        ("With the Crown Prosecution Service", "here"),
        ("Decision", "ahead"),
    ]


@pytest.mark.parametrize(("days", "words"), [(1, "1 working day,"), (5, "5 working days,")])
def test_the_counting_of_a_date_is_told_in_words(days: int, words: str) -> None:
    working = Working("contact.reply", date(2026, 11, 23), days, "our standard")
    expected = f"{words} counted from Monday 23 November 2026; our standard"
    assert working_words(working) == expected


def test_the_apology_names_the_question_by_its_london_day() -> None:
    promise = Promise(
        id="p",
        kind=REPLY,
        case_key="c",
        victim=VictimKey("v"),
        reference="12/345678/90",
        owed=OWED_REPLY,
        due_on=date(2026, 7, 8),
        # Half past eleven at night by Greenwich is the next day in a London summer.
        made_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
        owner=OFFICER.id,
        team=OFFICER.team,
        subject="1",
        working=Working("contact.reply", date(2026, 7, 1), 5, "our standard"),
    )
    sentence = late_sentence(promise, OFFICER)
    assert "your question of Wednesday 1 July 2026 by Wednesday 8 July 2026" in sentence
    assert "We are sorry." in sentence


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("  two\n\nlines\t here ", "two lines here"),
        ("word " * 30, "word " * 20 + "…"),
        ("x" * 101, "x" * 100 + " …"),
        ("x" * 100, "x" * 100),
    ],
)
def test_an_excerpt_ends_with_a_whole_word_where_there_is_one(text: str, shown: str) -> None:
    assert excerpt(text) == shown

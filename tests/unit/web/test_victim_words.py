"""Words and numbers of the victim's pages, without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.domain.cases import Officer, OfficerId, TeamId, VictimKey
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.promises import (
    AGREED,
    CHOSEN,
    CHOSEN_DAY,
    KINDS,
    LINE,
    OWED_NEWS,
    OWED_REPLY,
    OWED_REVIEW,
    OWED_TELLING,
    OWED_UPDATE,
    OWED_WELCOME,
    REPLY,
    REVIEW,
    TASK,
    TELL,
    UPDATE,
    WELCOME,
    Promise,
    Working,
)
from chalicelib.domain.staff import Away, AwayNote
from chalicelib.domain.tellings import THE_CODE, WAYS_OF_NEWS
from chalicelib.rules import load_rules
from chalicelib.services.read_case import ladder_of
from chalicelib.web.http import Form
from chalicelib.web.victim.visits import number_of
from chalicelib.web.victim.words import (
    NEWS_TOLD,
    away_sentence,
    excerpt,
    kept_words,
    late_sentence,
    owed_words,
    working_sentence,
    working_words,
)

OFFICER = Officer(OfficerId("pc-example"), "PC Example", "0001", TeamId("stafford"))
RULES = load_rules()
OWED = {
    REPLY: OWED_REPLY,
    TELL: OWED_NEWS,
    UPDATE: OWED_UPDATE,
    WELCOME: OWED_WELCOME,
    REVIEW: OWED_REVIEW,
    TASK: "Someone talks with you about what you need",
    LINE: "Your ISVA gets in touch with you",
}


def _promise(kind: str = REPLY, **changed: Any) -> Promise:
    promise = Promise(
        id="p",
        kind=kind,
        case_key="c",
        victim=VictimKey("v"),
        reference="12/345678/90",
        owed=OWED[kind],
        due_on=date(2026, 7, 8),
        # Half past eleven at night by Greenwich is the next day in a London summer.
        made_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
        owner=OFFICER.id,
        team=OFFICER.team,
        subject="1",
        working=Working("contact.reply", date(2026, 7, 1), 5, "our standard"),
    )
    return replace(promise, **changed)


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
    sentence = late_sentence(_promise(), OFFICER, RULES)
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


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_late_is_said_with_its_day_an_apology_and_a_name(kind: str) -> None:
    promise = _promise(kind, event="hearing_listed")
    sentence = late_sentence(promise, OFFICER, RULES)
    assert "should have" in sentence
    assert "by Wednesday 8 July 2026. We are sorry. " in sentence
    assert sentence.endswith("It stands first in PC Example's list.")
    moved = late_sentence(replace(promise, owner_name="DC Birch"), OFFICER, RULES)
    assert moved.endswith("It stands first in DC Birch's list.")
    raised = late_sentence(replace(promise, raised_to="a supervisor"), OFFICER, RULES)
    assert raised.endswith("We are sorry. A supervisor is now looking into it.")


def test_a_cover_is_named_only_for_what_the_officer_who_is_away_owes() -> None:
    away = _away("DC Birch")
    sentence = late_sentence(_promise(), OFFICER, RULES, away)
    assert sentence.endswith("first in the list of DC Birch, who answers for PC Example now.")
    other = _promise(owner=OfficerId("other"), owner_name="PC Other")
    assert late_sentence(other, OFFICER, RULES, away).endswith(
        "It stands first in PC Other's list."
    )


def test_only_harmless_news_is_named_before_and_after_it_is_told() -> None:
    for key, row in RULES.code_limits.items():
        words = owed_words(_promise(TELL, event=key), RULES)
        assert words == (f"News: “{row.plain}”" if row.shown else NEWS_TOLD)
        ladder = _promise(TELL, event=key, owed=OWED_TELLING)
        assert owed_words(ladder, RULES) == NEWS_TOLD
    assert owed_words(_promise(TELL, event="no such row"), RULES) == NEWS_TOLD


@pytest.mark.parametrize("how", WAYS_OF_NEWS.values())
def test_every_way_of_hearing_is_said_to_who_heard_it(how: str) -> None:
    kept = _promise(kept_at=datetime(2026, 7, 8, 22, 59, tzinfo=UTC), kept_how=how)
    words = kept_words(kept)
    assert words.startswith("due by Wednesday 8 July 2026, given on Wednesday 8 July 2026, ")
    assert "them" not in words
    assert "late" not in words
    after_midnight = replace(kept, kept_at=datetime(2026, 7, 8, 23, 0, tzinfo=UTC))
    assert kept_words(after_midnight).endswith(", late")


def test_words_of_a_file_on_how_somebody_was_told_are_not_repeated() -> None:
    kept = _promise(TELL, kept_at=datetime(2026, 7, 1, tzinfo=UTC), kept_how="left with ex-partner")
    assert kept_words(kept) == "due by Wednesday 8 July 2026, told on Wednesday 1 July 2026"
    assert kept_words(_promise()) == ""


@pytest.mark.parametrize(
    ("source", "by", "words"),
    [
        (
            "our standard",
            "",
            "We aim for 1 working day from Wednesday 1 July 2026. That is our own",
        ),
        (THE_CODE, "", "The Victims' Code gives us 1 working day from Wednesday 1 July 2026."),
        (AGREED, "victim", "1 working day from Wednesday 1 July 2026, as you chose."),
        (AGREED, "PC Example", "1 working day from Wednesday 1 July 2026, as agreed with you."),
    ],
)
def test_the_rule_behind_a_day_is_said_as_far_as_it_is_founded(
    source: str, by: str, words: str
) -> None:
    sentence = working_sentence(Working("rule", date(2026, 7, 1), 1, source), by)
    assert sentence.startswith(words)
    assert ("Code" in sentence) == (source == THE_CODE)


def test_a_day_that_somebody_chose_was_not_counted() -> None:
    sentence = working_sentence(Working(CHOSEN, date(2026, 7, 1), 0, CHOSEN_DAY))
    assert sentence == "This is the day that we chose."


def _away(name: str, last: date = date(2026, 11, 30), cover: str = "birch") -> Away:
    return Away(OFFICER.id, date(2026, 11, 2), last, OfficerId(cover), name)


def test_the_page_says_who_answers_or_whom_to_call() -> None:
    assert away_sentence(_away("DC Birch")) == (
        "Away until Monday 30 November 2026: DC Birch answers for them."
    )
    nobody = "Away until Monday 30 November 2026. "
    assert away_sentence(_away("")) == f"{nobody}Their team answers: call 101."
    assert "team" not in away_sentence(_away(""), restricted=True)


def test_of_several_absences_the_one_counts_in_which_somebody_answers() -> None:
    alone, short = _away("", date(2026, 12, 24)), _away("DC Birch", date(2026, 11, 20))
    long = _away("DC Elm", cover="elm")
    note = AwayNote((alone, short, long))
    assert note.of(OFFICER.id, date(2026, 11, 18)) == long
    assert note.of(OFFICER.id, date(2026, 12, 24)) == replace(alone, cover=OfficerId(""))
    assert note.of(OFFICER.id, date(2026, 12, 25)) is None
    assert note.of(OfficerId("birch"), date(2026, 11, 18)) is None


def test_a_cover_who_is_away_as_well_does_not_answer() -> None:
    gone = Away(OfficerId("birch"), date(2026, 11, 18), date(2026, 11, 18), OfficerId("elm"), "Elm")
    note = AwayNote((_away("DC Birch"), gone))
    on_the_day, after = (note.of(OFFICER.id, date(2026, 11, day)) for day in (18, 19))
    assert on_the_day is not None
    assert (on_the_day.name, on_the_day.cover) == ("", "")
    assert after == _away("DC Birch")

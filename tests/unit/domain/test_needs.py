"""Needs: one of a kind, told in a line, and who has read them as they stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.cases import OfficerId
from chalicelib.domain.needs import (
    LINE_CHARACTERS,
    Need,
    Needs,
    NeedsSeen,
    in_order,
    is_told,
    need_words,
    needs_line,
    same_need,
    seen_by,
    with_need,
    without_need,
)
from chalicelib.rules import load_rules

RULES = load_rules()
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def _need(kind: str = "health", text: str = "Epilepsy", **more: str) -> Need:
    first = RULES.need_kinds[kind].parts[0]
    return Need(kind, {first: text, **more}, (), NOON, "victim")


def test_a_need_takes_the_place_of_the_one_of_its_kind_and_no_other() -> None:
    needs = with_need(Needs(), _need("fear", "Him")).now
    first = with_need(Needs(needs.needs, 1), _need())
    assert first.past is None
    second = with_need(Needs(first.now.needs, 2), _need(text="Asthma"))
    assert [need.kind for need in second.now.needs] == ["fear", "health"]
    assert second.now.needs[1].since == 3
    assert second.past is not None
    assert second.past.need.words == {"health_what": "Epilepsy"}
    assert not second.past.withdrawn


def test_what_is_withdrawn_is_gone_and_known_as_what_was() -> None:
    needs = Needs((_need(), _need("fear", "Him")), 2)
    change = without_need(needs, "health", NOON, "PC Example")
    assert [need.kind for need in change.now.needs] == ["fear"]
    assert change.past is not None
    assert (change.past.ended_by, change.past.withdrawn) == ("PC Example", True)
    assert without_need(change.now, "health", NOON, "PC Example").past is None


def test_the_same_words_are_the_same_need_whoever_says_them() -> None:
    later = Need("health", {"health_what": "Epilepsy"}, (), NOON + timedelta(1), "PC Example", 7)
    assert same_need(_need(), later)
    assert not same_need(_need(text="Asthma"), later)
    assert not same_need(None, later)


@pytest.mark.parametrize(
    ("words", "chosen", "told"),
    [({}, (), False), ({"a": " \n"}, (), False), ({"a": "x"}, (), True), ({}, ("bsl",), True)],
)
def test_something_is_told_when_it_was_said_or_ticked(
    words: dict[str, str], chosen: tuple[str, ...], *, told: bool
) -> None:
    assert is_told(words, chosen) is told


def test_a_need_reads_as_one_sentence_after_the_other_in_the_order_of_the_rules() -> None:
    need = _need(health_emergency="Ring 999.", health_avoid="Flashing\nlight", health_helps="Rest")
    line = "Epilepsy. Helps: Rest. Avoid: Flashing light. In an emergency: Ring 999"
    assert need_words(need, RULES) == line
    spoken = Need("communication", {"communication_language": "Polish"}, ("interpreter",), NOON, "")
    assert need_words(spoken, RULES) == "Interpreter. Language: Polish"


def test_all_needs_are_one_line_in_the_order_of_the_rules_and_cut_between_words() -> None:
    needs = Needs((_need("fear", "Him"), _need()))
    assert needs_line(needs, RULES) == "Epilepsy; Him"
    assert [kind.key for kind, _ in in_order(needs, RULES)] == ["health", "fear"]
    long = needs_line(Needs((_need(text="Epilepsy and " * 30),)), RULES)
    assert len(long) <= LINE_CHARACTERS + 1
    assert long.endswith(("and…", "Epilepsy…"))
    assert not needs_line(Needs(), RULES)
    turned = needs_line(Needs((_need(text="Epilep\u202esy \u2067and\u2069 pain"),)), RULES)
    assert turned == "Epilepsy and pain"


def test_who_read_an_older_version_has_not_read_what_stands_now() -> None:
    def reader(name: str, version: int, minutes: int) -> NeedsSeen:
        at = NOON + timedelta(minutes=minutes)
        return NeedsSeen(OfficerId(name), name, "Officer", at, version)

    seen = [reader("late", 3, 9), reader("before", 1, 1), reader("first", 2, 5)]
    need = with_need(Needs((), 1), _need()).now.needs[0]
    assert [each.name for each in seen_by(need, seen)] == ["first", "late"]

"""Two words from a receipt, and two words as people type them."""

from collections import Counter

import pytest

from chalicelib.domain.pairs import pair_of, read_pair
from chalicelib.rules.pair_words import load_pair_words

WORDS = load_pair_words()
MANY = 20_000


def test_a_receipt_always_has_the_same_pair_of_two_different_words() -> None:
    assert pair_of("receipt-1", WORDS) == pair_of("receipt-1", WORDS) == "spinach crocus"
    for number in range(MANY):
        first, second = pair_of(f"receipt-{number}", WORDS).split(" ")
        assert first != second
        assert {first, second} <= set(WORDS)


def test_every_word_comes_first_and_second_about_as_often_as_any_other() -> None:
    pairs = [pair_of(f"receipt-{number}", WORDS).split(" ") for number in range(MANY)]
    expected = MANY / len(WORDS)
    for place in (0, 1):
        counts = Counter(pair[place] for pair in pairs)
        spread = sum((counts[word] - expected) ** 2 / expected for word in WORDS)
        # Chi squared of 511 degrees of freedom is beyond 620 once in a thousand times.
        assert spread < 620


def test_of_three_words_each_of_the_six_pairs_comes_up() -> None:
    words = ("lemon", "otter", "puffin")
    pairs = Counter(pair_of(f"receipt-{number}", words) for number in range(6_000))
    assert len(pairs) == 6
    assert all(900 < count < 1_100 for count in pairs.values())


def test_every_pair_is_read_as_it_was_written() -> None:
    for number in range(MANY):
        pair = pair_of(f"receipt-{number}", WORDS)
        assert read_pair(pair) == pair


@pytest.mark.parametrize(
    "typed",
    [
        "lemon otter", "Lemon Otter", "LEMON OTTER", "  lemon   otter ", "lemon, otter",
        "lemon-otter", "lemon – otter.", "“lemon otter”", "'lemon' 'otter'", "lemon\notter",
        "lemon_otter", "lemon.otter", "Lemon\u00a0otter!",
    ],
)  # fmt: skip
def test_capitals_gaps_and_marks_do_not_matter(typed: str) -> None:
    assert read_pair(typed) == "lemon otter"


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "lemon", "lemonotter", "lemon otter puffin", "lemon 0tter", "lemon otter 2",
        "l emon otter", "lemon ottér", "lemon otterotterotterotterx",
        "pair#2026-11-26#lemon otter", "lemon\x00otter2",
        "There is a new message for you. Check words: lemon otter",
        "lemon" + " " * 60 + "otter", "Лемон оттер",
    ],
)  # fmt: skip
def test_anything_but_two_words_is_none(typed: str) -> None:
    assert read_pair(typed) is None


def test_words_that_are_none_of_ours_are_read_as_well() -> None:
    assert read_pair("Elephant ox") == "elephant ox"


def test_the_order_of_the_words_matters() -> None:
    assert read_pair("otter lemon") != read_pair("lemon otter")

"""The access code: typed, made, shown, read out and stretched."""

import json
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import TypedDict

import pytest
from argon2.low_level import Type, hash_secret_raw
from stdnum.iso7064 import mod_37_36

from chalicelib.domain.access import (
    CODE_LETTERS,
    AccessCode,
    Argon2Cost,
    CaseReference,
    CodeMistypedError,
    code_item_key,
    code_salt,
    grouped,
    nato_words,
    new_code,
    read_code,
    stretch,
)

CHEAP = Argon2Cost(memory_kib=8, passes=1)
REFERENCE = CaseReference("12/345678/26")


class Vector(TypedDict):
    """One line of the vector file; `reads_as` is none where the code is mistyped."""

    name: str
    typed: str
    reads_as: str | None


VECTORS: list[Vector] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "access_codes.json").read_text(encoding="ascii")
)


def code_from(numbers: bytes) -> AccessCode:
    drawn = iter(numbers)
    return new_code(lambda below: next(drawn) % below)


CODES = [code_from(sha256(bytes([number])).digest()) for number in range(5)]


def reads(typed: str) -> str | None:
    try:
        return read_code(typed)
    except CodeMistypedError:
        return None


def running_sum(*letters: str) -> int:
    return mod_37_36.checksum("".join(letters), CODE_LETTERS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_typed_code_reads_as_the_vector_file_says(vector: Vector) -> None:
    assert reads(vector["typed"]) == vector["reads_as"]


def test_the_vector_file_is_large_enough_and_names_each_vector_once() -> None:
    assert len(VECTORS) >= 200
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


def test_a_mistyped_code_says_nothing_of_what_was_typed() -> None:
    with pytest.raises(CodeMistypedError) as error:
        read_code("BCDFGHJKMNPQRSTB")
    assert "BCDF" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_mistyped_code_is_answered_before_any_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    def hashing(**_: object) -> bytes:
        pytest.fail("hashed before the code was checked")

    monkeypatch.setattr("chalicelib.domain.access.hash_secret_raw", hashing)
    with pytest.raises(CodeMistypedError):
        read_code("BCDFGHJKMNPQRSTB")


@pytest.mark.parametrize("code", CODES)
def test_every_single_wrong_letter_is_found(code: AccessCode) -> None:
    for place, right in enumerate(code):
        for wrong in set(CODE_LETTERS) - {right}:
            assert reads(code[:place] + wrong + code[place + 1 :]) is None


def test_a_swap_is_missed_only_between_neighbours_of_the_alphabet_one_time_in_190() -> None:
    # The letters before a swap leave nothing behind but the running sum, and each sum is
    # left by one single letter: 20 letters and 380 pairs are every case there is.
    steps = [
        (CODE_LETTERS.index(second) - CODE_LETTERS.index(first)) % 20
        for before, first, second in product(CODE_LETTERS, repeat=3)
        if first != second
        and running_sum(before, first, second) == running_sum(before, second, first)
    ]
    assert len({running_sum(letter) for letter in CODE_LETTERS}) == 20
    assert len(steps) == 20 * 380 // 190
    assert set(steps) == {1, 19}


@pytest.mark.parametrize("code", CODES)
def test_every_swap_of_letters_that_are_not_neighbours_in_the_alphabet_is_found(
    code: AccessCode,
) -> None:
    for place in range(15):
        first, second = code[place], code[place + 1]
        if (CODE_LETTERS.index(first) - CODE_LETTERS.index(second)) % 20 in (0, 1, 19):
            continue
        assert reads(code[:place] + second + first + code[place + 2 :]) is None


def test_a_new_code_is_fifteen_letters_drawn_from_twenty_and_one_check_letter() -> None:
    asked: list[int] = []

    def draw(below: int) -> int:
        asked.append(below)
        return len(asked) - 1

    code = new_code(draw)
    assert code == "BCDFGHJKMNPQRSTP"
    assert asked == [20] * 15


def test_a_code_is_shown_in_four_groups_with_dashes() -> None:
    assert grouped(AccessCode("BCDFGHJKMNPQRSTP")) == "BCDF – GHJK – MNPQ – RSTP"


def test_a_code_is_read_out_in_words_group_by_group() -> None:
    assert nato_words(AccessCode("BCDFGHJKMNPQRSTP")) == [
        ["Bravo", "Charlie", "Delta", "Foxtrot"],
        ["Golf", "Hotel", "Juliett", "Kilo"],
        ["Mike", "November", "Papa", "Quebec"],
        ["Romeo", "Sierra", "Tango", "Papa"],
    ]


def test_every_letter_of_a_code_has_a_word_that_begins_with_it() -> None:
    for letter in CODE_LETTERS:
        words = nato_words(AccessCode(letter * 16))
        assert {word[0] for group in words for word in group} == {letter}


def test_the_default_cost_is_the_one_decided() -> None:
    assert Argon2Cost() == Argon2Cost(memory_kib=19 * 1024, passes=2, lanes=1)


def test_stretching_is_argon2id_with_the_cost_and_a_salt_from_the_reference() -> None:
    expected = hash_secret_raw(
        secret=CODES[0].encode(),
        salt=code_salt(REFERENCE),
        time_cost=2,
        memory_cost=19 * 1024,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )
    assert stretch(CODES[0], REFERENCE, Argon2Cost()) == expected


def test_the_same_code_stretches_differently_for_another_reference_code_or_cost() -> None:
    other = CaseReference("12/345679/26")
    results = {
        stretch(CODES[0], REFERENCE, CHEAP),
        stretch(CODES[0], other, CHEAP),
        stretch(CODES[1], REFERENCE, CHEAP),
        stretch(CODES[0], REFERENCE, Argon2Cost(memory_kib=16, passes=1)),
    }
    assert len(results) == 4
    assert stretch(CODES[0], REFERENCE, CHEAP) == stretch(CODES[0], REFERENCE, CHEAP)


def test_the_salt_is_sixteen_bytes_for_any_text() -> None:
    for text in ("12/345678/26", "?", "?\ud800", "?" + "é" * 64):
        assert len(code_salt(CaseReference(text))) == 16


def test_the_key_of_an_access_item_is_the_mac_as_text() -> None:
    assert code_item_key(bytes(range(32))) == bytes(range(32)).hex()

"""The reference: what is forgiven, and what a misfit becomes."""

import pytest

from chalicelib.domain.access import normalise_reference, reference_text_for_hashing

PATTERN = r"\d{2}/\d{6}/\d{2}"


@pytest.mark.parametrize(
    "typed",
    [
        "12/345678/26",
        "1234567826",
        "12 345678 26",
        " 12/ 345678 /26 ",
        "12-345678-26",
        "12\\345678\\26",
        "12\u2013345678\u201326",
        "12\u00a0345678\u00a026",
        "12 / 345678 / 26\r\n",
    ],
)
def test_spaces_slashes_and_dashes_of_a_reference_do_not_matter(typed: str) -> None:
    assert normalise_reference(typed, PATTERN) == "12/345678/26"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "12/345678/2",
        "12/345678/267",
        "12/34567B/26",
        "12.345678.26",
        "\u0661\u0662/345678/26",
        "\uff11\uff12/345678/26",
        "12/345678/26\0",
        "12\u200b/345678/26",
        "\u202e12/345678/26",
        "12/345678/26" + " " * 200,
        "1" * 10_240,
        "12/345678/26\ud800",
    ],
)
def test_a_reference_that_does_not_fit_is_none(typed: str) -> None:
    assert normalise_reference(typed, PATTERN) is None


def test_small_letters_do_not_matter_where_a_force_writes_letters() -> None:
    assert normalise_reference("22cc 1234 26", r"\d{2}[A-Z]{2}/\d{4}/\d{2}") == "22CC/1234/26"


def test_a_letter_that_only_unicode_calls_the_same_does_not_fit() -> None:
    assert normalise_reference("22\u017fs/1", r"\d{2}[A-Z]{2}/\d") is None


def test_the_pattern_of_the_force_is_data() -> None:
    assert normalise_reference("ab-7", r"[A-Z]{2}\d") == "AB7"
    assert normalise_reference("12/345678/26", r"[A-Z]{2}\d") is None


@pytest.mark.parametrize("typed", ["", "12/345678/26", "12/345678/2", "x" * 10_240, "\0", "\ud800"])
def test_a_misfit_becomes_a_short_text_that_no_case_has(typed: str) -> None:
    text = reference_text_for_hashing(typed)
    assert len(text) <= 65
    assert text.startswith("?")
    assert normalise_reference(text, PATTERN) is None


def test_a_misfit_typed_with_other_gaps_is_the_same_misfit() -> None:
    assert reference_text_for_hashing("ab/12 3") == reference_text_for_hashing("AB-123")


def test_only_the_beginning_of_a_huge_misfit_is_looked_at() -> None:
    assert reference_text_for_hashing(" " * 200 + "AB") == reference_text_for_hashing("")

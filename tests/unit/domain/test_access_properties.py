"""What holds for every code and every text, not only for the examples."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access import (
    CODE_LETTERS,
    AccessCode,
    CodeMistypedError,
    grouped,
    new_code,
    normalise_reference,
    read_code,
    reference_text_for_hashing,
)
from chalicelib.domain.spelling import GAPS, HYPHENS, LOOK_ALIKES, SLASHES

PATTERN = r"\d{2}/\d{6}/\d{2}"
DIGIT_FOR = {letter: typed for typed, letter in LOOK_ALIKES.items()}


def code_from(numbers: list[int]) -> AccessCode:
    drawn = iter(numbers)
    return new_code(lambda _: next(drawn))


codes = st.lists(st.integers(0, 19), min_size=15, max_size=15).map(code_from)
gaps = st.text(GAPS + HYPHENS, max_size=3)
any_text = st.text(st.characters(exclude_categories=[]))
references = st.from_regex(PATTERN.replace(r"\d", "[0-9]"), fullmatch=True)


def is_accepted(text: str) -> bool:
    try:
        read_code(text)
    except CodeMistypedError:
        return False
    return True


@given(codes)
def test_a_new_code_is_accepted_as_it_is_and_as_it_is_shown(code: AccessCode) -> None:
    assert read_code(code) == code
    assert read_code(grouped(code)) == code


@given(codes, st.data())
def test_gaps_hyphens_case_and_look_alikes_never_matter(
    code: AccessCode, data: st.DataObject
) -> None:
    typed = data.draw(gaps)
    for letter in code:
        spellings = [letter, letter.lower(), DIGIT_FOR.get(letter, letter)]
        typed += data.draw(st.sampled_from(spellings)) + data.draw(gaps)
    assert read_code(typed) == code


@given(codes, st.integers(0, 15), st.sampled_from(CODE_LETTERS))
def test_one_wrong_letter_is_always_refused(code: AccessCode, place: int, wrong: str) -> None:
    typed = code[:place] + wrong + code[place + 1 :]
    assert is_accepted(typed) == (typed == code)


@given(codes, st.integers(0, 16), st.characters(exclude_categories=[]))
def test_one_more_character_is_refused_unless_it_is_a_gap_or_a_hyphen(
    code: AccessCode, place: int, extra: str
) -> None:
    assert is_accepted(code[:place] + extra + code[place:]) == (extra in GAPS + HYPHENS)


@given(codes, st.integers(0, 15))
def test_one_letter_less_is_refused(code: AccessCode, place: int) -> None:
    assert not is_accepted(code[:place] + code[place + 1 :])


@given(any_text)
def test_any_text_is_read_or_refused_and_what_is_read_reads_as_itself(text: str) -> None:
    if is_accepted(text):
        code = read_code(text)
        assert read_code(code) == code
        assert set(code) <= set(CODE_LETTERS)


@given(references, st.data())
def test_a_reference_reads_the_same_with_any_gaps(reference: str, data: st.DataObject) -> None:
    between = st.text(GAPS + HYPHENS + SLASHES, max_size=3)
    typed = "".join(data.draw(between) + digit for digit in reference.replace("/", "")) + data.draw(
        between
    )
    assert normalise_reference(typed, PATTERN) == reference


@given(any_text)
def test_any_reference_is_normalised_once_and_for_all_or_a_short_misfit(text: str) -> None:
    fit = normalise_reference(text, PATTERN)
    if fit is not None:
        assert normalise_reference(fit, PATTERN) == fit
    misfit = reference_text_for_hashing(text)
    assert len(misfit) <= 65
    assert normalise_reference(misfit, PATTERN) is None

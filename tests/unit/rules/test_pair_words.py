"""Check words are short, friendly and cannot be taken for one another."""

import re
from pathlib import Path

import pytest

from chalicelib.rules import load_rules
from chalicelib.rules.pair_words import FEWEST, FILE, load_pair_words, read_pair_words
from chalicelib.rules.places import load_places
from chalicelib.rules.tables import RulesError
from tests.all_messages import forbidden_words

WORDS = load_pair_words()


def denied() -> set[str]:
    """Return what frightens, wounds or misleads, as it was written down for this test."""
    text = (Path(__file__).parent / "pair_denied.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {word for line in lines for word in line.split()}


def changed(folder: Path, old: str, new: str) -> Path:
    """Write the file with one line replaced, and return where."""
    lines = FILE.read_text("utf-8").splitlines()
    lines[lines.index(old)] = new
    path = folder / FILE.name
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_the_words_are_a_power_of_two_and_each_stands_once() -> None:
    assert len(WORDS) == len(set(WORDS)) >= FEWEST
    assert len(WORDS).bit_count() == 1


def test_each_word_is_short_in_small_letters_and_told_by_its_first_four() -> None:
    assert all(re.fullmatch("[a-z]{3,7}", word) for word in WORDS)
    assert len({word[:4] for word in WORDS}) == len(WORDS)


def test_no_word_frightens_wounds_misleads_or_sounds_like_another() -> None:
    assert len(denied()) > len(WORDS)
    assert not set(WORDS) & denied()


def test_no_word_is_a_given_name_a_place_or_speaks_of_crime_or_police() -> None:
    places = load_places()
    parts = {part for name in places.names for part in re.findall("[a-z]+", name.lower())}
    assert not set(WORDS) & (places.given_names | parts | forbidden_words(load_rules()))


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("Lemon", "is not 3 to 7 small letters"),
        ("ox", "is not 3 to 7 small letters"),
        ("lemonade", "is not 3 to 7 small letters"),
        ("lemon tree", "is not 3 to 7 small letters"),
        ("otters", "begins like 'otter'"),
        ("otter", "begins like 'otter'"),
    ],
)
def test_a_word_that_does_not_do_is_refused_by_its_line(
    tmp_path: Path, new: str, words: str
) -> None:
    line = FILE.read_text("utf-8").splitlines().index("puffin") + 1
    path = changed(tmp_path, "puffin", new)
    with pytest.raises(RulesError, match=rf"^pair_words\.txt:{line}: .*{words}"):
        read_pair_words(path)


def test_fewer_words_than_make_guessing_hopeless_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="511 check words are fewer than 512"):
        read_pair_words(changed(tmp_path, "puffin", ""))

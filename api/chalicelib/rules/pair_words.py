"""The words of which two stand in every message, so that a person can ask whether it is ours."""

import re
from functools import cache
from pathlib import Path

from chalicelib.rules.tables import RulesError

FILE = Path(__file__).parent / "pair_words.txt"
# Half as many words would let a guess be right four times as often.
FEWEST = 512
WORD = re.compile("[a-z]{3,7}")
# As many first letters tell two words apart.
TELLING = 4


@cache
def load_pair_words() -> tuple[str, ...]:
    """Return the check words of this release in their order, read once in a process."""
    return read_pair_words(FILE)


def read_pair_words(path: Path) -> tuple[str, ...]:
    """Return the check words of a file.

    Raises:
        RulesError: a word is not 3 to 7 small letters or begins like another one, or there
            are too few; names file and line.
    """
    begins: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        word = line.strip()
        if not word or word.startswith("#"):
            continue
        where = f"{path.name}:{number}: {word!r}"
        if not WORD.fullmatch(word):
            message = f"{where} is not 3 to 7 small letters"
            raise RulesError(message)
        if word[:TELLING] in begins:
            message = f"{where} begins like {begins[word[:TELLING]]!r}"
            raise RulesError(message)
        begins[word[:TELLING]] = word
    if len(begins) < FEWEST:
        message = f"{path.name}: {len(begins)} check words are fewer than {FEWEST}"
        raise RulesError(message)
    return tuple(begins.values())

"""Check words: two words in a message, by which its reader can ask whether it is ours."""

import re
from collections.abc import Sequence
from hashlib import sha256

# What pages show in place of the two words of a message; no message ever has these.
EXAMPLE_PAIR = "amber otter"
MOST_TYPED_CHARACTERS = 60
BETWEEN = re.compile(r"[\W_]+")
# Longer than any of ours, so that somebody else's words get an answer as well.
PAIR = re.compile("[a-z]{1,20} [a-z]{1,20}")


def pair_of(receipt: str, words: Sequence[str]) -> str:
    """Return the check words of a receipt, as "lemon otter": two different ones of `words`.

    Every pair is as likely as any other, and the same receipt always has the same one.
    """
    number = int.from_bytes(sha256(receipt.encode()).digest())
    number, first = divmod(number, len(words))
    second = number % (len(words) - 1)
    # The place of the first word is left out, so that no message says one word twice.
    second += second >= first
    return f"{words[first]} {words[second]}"


def read_pair(text: str) -> str | None:
    """Return two words as `pair_of` writes them, or none where anything else was typed.

    Capitals, gaps, commas, hyphens, full stops and quotation marks do not matter. A whole
    message is not read: its other words may be somebody else's.
    """
    if len(text) > MOST_TYPED_CHARACTERS:
        return None
    typed = BETWEEN.sub(" ", text.lower()).strip()
    return typed if PAIR.fullmatch(typed) else None

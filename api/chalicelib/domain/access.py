"""The reference and the access code: how they are read, checked and stretched (D4).

The reference is not a secret; the code is. Neither is ever stored: an item is found
under a key that is made from them here and in `clients.keys`.
"""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import NewType

from argon2.low_level import Type, hash_secret_raw

from chalicelib.domain.errors import HubError
from chalicelib.domain.spelling import NATO, bare_code, bare_reference
from chalicelib.frozen import frozen

CaseReference = NewType("CaseReference", str)
AccessCode = NewType("AccessCode", str)
CodeKey = NewType("CodeKey", str)

CODE_LETTERS = "BCDFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
GROUP_LENGTH = 4
MOST_TYPED_CHARACTERS = 200
MISFIT_CHARACTERS = 64
SALT_BYTES = 16
STRETCHED_BYTES = 32


class CodeMistypedError(HubError):
    """The code is not as an officer gave it: a letter is wrong, missing or too many."""


@frozen
class Argon2Cost:
    """What one guess at a code costs; the default is the one of D4."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


def normalise_reference(text: str, pattern: str) -> CaseReference | None:
    r"""Return the reference as the force writes it, or none when it does not fit.

    Args:
        text: as typed; case, gaps, hyphens and slashes do not matter.
        pattern: the force's form as a regular expression without groups, its parts
            separated by slashes: `\d{2}/\d{6}/\d{2}`. At most one part may vary in length,
            or two references would read the same.
    """
    if len(text) > MOST_TYPED_CHARACTERS:
        return None
    parts = "".join(f"({part})" for part in pattern.split("/"))
    fit = re.fullmatch(parts, bare_reference(text), re.ASCII)
    return CaseReference("/".join(fit.groups())) if fit else None


def reference_text_for_hashing(text: str) -> CaseReference:
    """Return a short stand-in, which no case has, for a reference that does not fit.

    With it a misfit takes the same work as a reference that is unknown (D5).
    """
    bare = bare_reference(text[:MOST_TYPED_CHARACTERS])
    return CaseReference("?" + bare[:MISFIT_CHARACTERS])


def read_code(text: str) -> AccessCode:
    """Return the code that was typed.

    Raises:
        CodeMistypedError: the length, a letter or the check letter is wrong. One answer
            for all, before any hashing, so that it says nothing about any reference.
    """
    from stdnum.iso7064 import mod_37_36  # noqa: PLC0415 -- slow to load, and few visits need it

    if len(text) > MOST_TYPED_CHARACTERS:
        raise CodeMistypedError
    letters = bare_code(text)
    if len(letters) != CODE_LENGTH or not mod_37_36.is_valid(letters, CODE_LETTERS):
        raise CodeMistypedError
    return AccessCode(letters)


def new_code(random_below: Callable[[int], int]) -> AccessCode:
    """Return a new code: 15 random letters (64.8 bits) and their check letter.

    Args:
        random_below: returns an unguessable number from 0 to below its argument.

    Source:
        ISO 7064, hybrid system MOD n+1,n with our 20 letters. It finds every wrong
        letter. Of two neighbouring letters swapped it misses 1 in 190: letters next to
        each other in the alphabet (B and C, also Z and B) where the running sum stands
        so that doubling brings both orders to the same remainder.
    """
    from stdnum.iso7064 import mod_37_36  # noqa: PLC0415 -- the same

    letters = "".join(CODE_LETTERS[random_below(len(CODE_LETTERS))] for _ in range(CODE_LENGTH - 1))
    return AccessCode(letters + mod_37_36.calc_check_digit(letters, CODE_LETTERS))


def code_groups(code: AccessCode) -> list[str]:
    """Return the four groups of four letters."""
    return [code[start : start + GROUP_LENGTH] for start in range(0, CODE_LENGTH, GROUP_LENGTH)]


def grouped(code: AccessCode) -> str:
    """Return the code as a page shows it: four groups with dashes between."""
    return " \u2013 ".join(code_groups(code))


def nato_words(code: AccessCode) -> list[list[str]]:
    """Return the words to read the code out with, four for each group."""
    return [[NATO[letter] for letter in group] for group in code_groups(code)]


def code_salt(reference: CaseReference) -> bytes:
    """Return the 16 bytes that make the same code stretch differently in each case."""
    # A lone surrogate cannot be encoded; it must still take the same path as any misfit.
    text = reference.encode("utf-8", "backslashreplace")
    return sha256(b"hub access code salt\0" + text).digest()[:SALT_BYTES]


def stretch(code: AccessCode, reference: CaseReference, cost: Argon2Cost) -> bytes:
    """Return the 32 bytes that take a guesser the given cost to make."""
    return hash_secret_raw(
        secret=code.encode(),
        salt=code_salt(reference),
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=STRETCHED_BYTES,
        type=Type.ID,
    )


def code_item_key(mac: bytes) -> CodeKey:
    """Return the key of the access item that a right code finds, as text."""
    return CodeKey(mac.hex())

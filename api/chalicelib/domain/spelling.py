"""What is forgiven when a reference or a code is typed, and how a code is read out (D4).

Forgiven is what people do without noticing: small letters, gaps, hyphens. Gaps are the
spaces that a person can see (also those that a phone or a word processor puts in their
place, and the line break that comes along when text is pasted). Hyphens are the dashes
that a keyboard, a phone or our own page shows. Nothing else is forgiven: a look-alike of
another alphabet, a full-width letter or an invisible mark is not what the officer gave,
and Unicode's own folding (NFKC, `upper`) would let in far more than the decision lists.
"""

from string import ascii_lowercase, ascii_uppercase

GAPS = (
    " \t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
SLASHES = "/\\"
LOOK_ALIKES = {"5": "S", "2": "Z", "8": "B", "6": "G", "U": "V", "u": "V"}

NATO = {
    "B": "Bravo",
    "C": "Charlie",
    "D": "Delta",
    "F": "Foxtrot",
    "G": "Golf",
    "H": "Hotel",
    "J": "Juliett",
    "K": "Kilo",
    "M": "Mike",
    "N": "November",
    "P": "Papa",
    "Q": "Quebec",
    "R": "Romeo",
    "S": "Sierra",
    "T": "Tango",
    "V": "Victor",
    "W": "Whiskey",
    "X": "X-ray",
    "Y": "Yankee",
    "Z": "Zulu",
}

# Letter by letter instead of `str.upper`, which turns a long s or a dotless i into ours.
_CAPITALS = dict(zip(ascii_lowercase, ascii_uppercase, strict=True))
_REFERENCE = str.maketrans(_CAPITALS | dict.fromkeys(GAPS + HYPHENS + SLASHES, ""))
_CODE = str.maketrans(_CAPITALS | LOOK_ALIKES | dict.fromkeys(GAPS + HYPHENS, ""))


def bare_reference(text: str) -> str:
    """Return the text in capitals without gaps, hyphens and slashes."""
    return text.translate(_REFERENCE)


def bare_code(text: str) -> str:
    """Return the text in capitals without gaps and hyphens, look-alikes as our letters."""
    return text.translate(_CODE)

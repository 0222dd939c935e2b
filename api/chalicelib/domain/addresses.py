"""Telephone numbers and e-mail addresses as people type them, in the one form that we keep."""

import re

COUNTRY = re.compile(r"^(?:\+|00)44(?:\(?0\)?)?")
# What stands between digits, and the marks that nobody sees around a number that was copied.
NOT_A_DIGIT = re.compile(r"[\s().\-\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
# Some towns and some freephone numbers have ten digits, all others eleven: one digit less is a
# mistake. Nobody is reached on 04 and 06, and 09 costs whoever rings.
NATIONAL = re.compile(r"0(?:[18][0-9]{8,9}|[2357][0-9]{9})")
MOBILE = re.compile(r"07[0-9]{9}")
# London and the like, big cities and the numbers that cost the same from everywhere; all
# others have five digits first.
GROUPED = ((r"02", (3, 7)), (r"01(1\d|\d1)|0[389]", (4, 7)))
# One plain address: no names, no second address, nothing that ends a line of a message's head.
EMAIL = re.compile(
    r"[a-z0-9_][a-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.ASCII | re.IGNORECASE,
)


def read_phone(text: str) -> str:
    """Return a UK number as pages write it, like 07700 900123, or nothing if it is none.

    Gaps, hyphens, brackets and +44 are forgiven.
    """
    bare = NOT_A_DIGIT.sub("", text)
    digits = COUNTRY.sub("0", bare)
    if not (digits.isascii() and NATIONAL.fullmatch(digits)):
        return ""
    return _grouped(digits)


def is_mobile(phone: str) -> bool:
    """Return whether a number, as `read_phone` gives it, can take a text."""
    return MOBILE.fullmatch(phone.replace(" ", "")) is not None


def read_email(text: str, most: int) -> str:
    """Return an e-mail address of at most so many characters, or nothing if it is none."""
    bare = text.strip()
    return bare if len(bare) <= most and EMAIL.fullmatch(bare) else ""


def _grouped(digits: str) -> str:
    for begins, (first, second) in GROUPED:
        if re.match(begins, digits):
            return f"{digits[:first]} {digits[first:second]} {digits[second:]}"
    return f"{digits[:5]} {digits[5:]}"

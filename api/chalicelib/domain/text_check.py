"""What in an officer's text may tell a victim who or where somebody is, before it is sent.

The check asks for a second look and forbids nothing. It is made to find what is typed in
haste, not what is hidden on purpose; it knows no name in a script without capital letters.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from chalicelib.domain.text_names import WORD, find_names, folded
from chalicelib.domain.text_patterns import (
    Span,
    find_addresses,
    find_links,
    find_phones,
    find_postcodes,
    national,
)
from chalicelib.domain.text_words import NOT_A_PERSON, RANKS
from chalicelib.frozen import frozen
from chalicelib.rules.places import load_places

PLAIN_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
MOST_WORDS_OF_A_PERSON = 3


class Kind(StrEnum):
    """What a finding looks like."""

    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    POSTCODE = "postcode"


@frozen
class Finding:
    """Words that may be personal, as they stand in the text."""

    kind: Kind
    text: str


def find_personal(text: str, known: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return what may be a name, a phone number, an address or a postcode, in the text's order.

    Args:
        text: what an officer wrote.
        known: names and numbers that may stand: officers, teams, services, courts. Each word of
            an officer's name may stand alone too. The places of places.toml are known anyway.

    Returns:
        Each finding once.
    """
    places = load_places()
    names = tuple(known)
    staff = frozenset(folded(word) for name in names for word in _person_words(name))
    may_stand = _Marks(_known_spans(text, [*names, *places.names, *staff]))
    found = [
        (span, kind)
        for kind, spans in _patterns(text, names, places.given_names)
        for span in spans
        if not may_stand.cover(*span)
    ]
    taken = _Marks([*(span for span, _ in found), *(span for span, _ in find_links(text))])

    def masked(start: int, end: int) -> bool:
        return may_stand.cover(start, end) or taken.touch(start, end)

    spans = find_names(text, masked, staff, places.given_names)
    found += [(span, Kind.NAME) for span in spans]
    found.sort()
    return tuple(dict.fromkeys(Finding(kind, text[start:end]) for (start, end), kind in found))


class _Marks:
    """Which characters of a text are spoken for, and by which stretch."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._owner: dict[int, Span] = {}
        for start, end in spans:
            for place in range(start, end):
                before = self._owner.get(place, (0, 0))
                self._owner[place] = max(before, (start, end), key=_length)

    def cover(self, start: int, end: int) -> bool:
        """Return whether one stretch holds all of it."""
        first, last = self._owner.get(start, (0, 0)), self._owner.get(end - 1, (0, 0))
        return first[1] >= end or (last[1] > 0 and last[0] <= start)

    def touch(self, start: int, end: int) -> bool:
        """Return whether any of it is spoken for."""
        return any(place in self._owner for place in range(start, end))


def _length(span: Span) -> int:
    return span[1] - span[0]


def _patterns(
    text: str, known: Sequence[str], given: frozenset[str]
) -> Iterator[tuple[Kind, Iterable[Span]]]:
    numbers = {national(name[slice(*span)]) for name in known for span in find_phones(name)}
    phones = (each for each in find_phones(text) if national(text[slice(*each)]) not in numbers)
    yield Kind.PHONE, phones
    yield Kind.POSTCODE, find_postcodes(text)
    yield Kind.ADDRESS, find_addresses(text)
    links = (span for span, public in find_links(text) if not public)
    yield Kind.NAME, (each for each in links if _names_somebody(text[slice(*each)], given))


def _names_somebody(mail: str, given: frozenset[str]) -> bool:
    owner, _, _ = mail.partition("@")
    return any(folded(word) in given for word in PLAIN_WORD.findall(owner))


def _known_spans(text: str, known: Iterable[str]) -> Iterator[Span]:
    """Yield where known names stand as whole words, the longest at each place."""
    by_first: dict[str, list[list[str]]] = {}
    for name in known:
        keys = [_key(word) for word in PLAIN_WORD.findall(name)]
        if keys:
            by_first.setdefault(keys[0], []).append(keys)
    words = [(_key(found[0]), found) for found in PLAIN_WORD.finditer(text)]
    keys_of_text = [key for key, _ in words]
    for i, (key, found) in enumerate(words):
        lengths = [len(k) for k in by_first.get(key, ()) if keys_of_text[i : i + len(k)] == k]
        if lengths:
            yield found.start(), words[i + max(lengths) - 1][1].end()


def _key(word: str) -> str:
    return folded(POSSESSIVE.sub("", word))


def _person_words(name: str) -> list[str]:
    """Return the words of a person's name without the rank; none if it names no person."""
    words = WORD.findall(name)
    own = [word for word in words if folded(word) not in RANKS]
    ranked = len(own) < len(words)
    alike = 1 < len(own) <= MOST_WORDS_OF_A_PERSON and all(word[0].isupper() for word in own)
    group = any(folded(POSSESSIVE.sub("", word)) in NOT_A_PERSON for word in own)
    return own if ranked or (alike and not group) else []

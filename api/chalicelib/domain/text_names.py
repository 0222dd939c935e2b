"""Words of a text that look like a person's name, judged by their place in the sentence."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from chalicelib.domain.text_patterns import Span
from chalicelib.domain.text_words import (
    ACRONYMS,
    BRANDS,
    DAYS,
    HOLIDAYS,
    MATTERS,
    PARTICLES,
    PEOPLES,
    PREFIXES,
    RANKS,
    SAID_OF_PEOPLE,
    SHORTENED,
    SMALL_TITLES,
    STARTERS,
    TITLES,
    WORDS_TOO,
)
from chalicelib.frozen import frozen

ORDINARY = STARTERS | MATTERS | HOLIDAYS | BRANDS | PEOPLES | ACRONYMS | DAYS | RANKS | TITLES
NEVER_A_SURNAME = DAYS | HOLIDAYS | ACRONYMS | RANKS | TITLES | {"i"}
NOT_AFTER_A_TITLE = STARTERS | NEVER_A_SURNAME
WORDS_ANYHOW = ORDINARY | WORDS_TOO
WORDS_BEFORE_A_HYPHEN = ORDINARY | PREFIXES
# Accents that stand apart from their letter belong to the word.
WORD = re.compile(r"[\w\u0300-\u036f]+(?:['’\-\u2010\u2011][\w\u0300-\u036f]+)*")
JOINS = re.compile(r"['’\-\u2010\u2011]")
ENDING = re.compile(r"['’](?:s|ll|re|ve|d|m)$", re.IGNORECASE)
ONE_SPACE = re.compile(r"\.?[ \t\u00a0]{1,2}|\.")
SENTENCE_END = re.compile(r"[.!?:;•*\n\r“\"‘…]|^\s*[-–]\s*$")
WORDLIKE_ENDINGS = ("ly", "ing", "tion", "sion", "ment", "ness", "ed", "ity", "ance", "ence", "ism")
NAME_SHAPE = re.compile(r"(?:Mc|Mac|Fitz|De|Di|La|Le|Van|O['’]|D['’])[A-Z]\w+")
SHORTEST_SURNAME_IN_CAPITALS = 4
MOST_WORDS_AFTER_A_RANK = 2
# Two particles, as in van der Berg, then the surname.


@frozen
class Word:
    """A word without its possessive ending, and how it stands in the text."""

    start: int
    end: int
    text: str
    key: str
    gap: str
    opens: bool
    owns: bool
    masked: bool

    @property
    def small(self) -> bool:
        """Return whether it begins with a small letter."""
        return not self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        """Return whether it is all in capitals."""
        return len(self.text) > 1 and self.text.isupper()

    @property
    def initial(self) -> bool:
        """Return whether it is one capital letter; I and A need their full stop to be one."""
        return len(self.text) == 1 and self.text.isupper() and self.text != "I"


def folded(word: str) -> str:
    """Return the word in small letters without accents and with plain apostrophes."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'"))
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()


def find_names(
    text: str, masked: Callable[[int, int], bool], staff: frozenset[str], given: frozenset[str]
) -> Iterator[Span]:
    """Yield where names stand.

    Args:
        text: what an officer wrote.
        masked: whether the characters from one place to another are spoken for already.
        staff: single words of officers' names, folded.
        given: given names, folded.
    """
    words = list(_words(text, masked))
    yield from _Names(words, staff, given).spans()


def _words(text: str, masked: Callable[[int, int], bool]) -> Iterator[Word]:
    end = 0
    before = ""
    for found in WORD.finditer(text):
        gap = text[end : found.start()]
        bare = ENDING.sub("", found[0])
        abbreviated = gap[:1] == "." and (
            (len(before) == 1 and before.isupper()) or folded(before) in SHORTENED
        )
        opens = not end or bool(SENTENCE_END.search(gap[1:] if abbreviated else gap))
        start, bare_end = found.start(), found.start() + len(bare)
        owns = bare != found[0] and found[0][-1] in "sS"
        blocked = any(each.isdigit() or each == "_" for each in bare) or masked(start, bare_end)
        yield Word(start, bare_end, bare, folded(bare), gap, opens, owns, blocked)
        end, before = found.end(), found[0]


class _Names:
    """The words of one text and which of them are names."""

    def __init__(self, words: Sequence[Word], staff: frozenset[str], given: frozenset[str]) -> None:
        self.words = words
        self.staff = staff
        self.given = given
        self.in_small = {word.key for word in words if word.small}
        self.officers = set(self._after_ranks())
        self.titled = set(filter(self._titled, range(len(words))))
        inside = {i for i in range(len(words)) if self._inside(i)} | self.titled
        self.seen = {words[i].key for i in inside if len(words[i].key) > 1}
        self.cores = inside | {i for i in range(len(words)) if self._opening(i, inside)}

    def spans(self) -> Iterator[Span]:
        """Yield first and last character of each name, its title and initials with it."""
        done = -1
        for core in sorted(self.cores):
            if core > done:
                first, last = self._first(core, done), self._last(core)
                done = last
                yield self.words[first].start, self.words[last].end

    def _joined(self, i: int) -> bool:
        """Return whether one space, or a full stop after an initial, joins this to the last."""
        if not 0 < i < len(self.words):
            return False
        word, before = self.words[i], self.words[i - 1]
        stopped = word.gap.startswith(".")
        may_stop = before.initial or before.text == "I" or before.key in SHORTENED
        return bool(ONE_SPACE.fullmatch(word.gap)) and (may_stop or not stopped) and not before.owns

    def _after_ranks(self) -> Iterator[int]:
        """Yield the words after an officer's rank: "PC Birch", "Detective Sergeant Elm Example"."""
        for i, word in enumerate(self.words):
            if word.key not in RANKS or (word.small and word.key == "officer"):
                continue
            for j in range(i + 1, i + 1 + MOST_WORDS_AFTER_A_RANK):
                if not self._joined(j) or self.words[j].small or self._known_word(j):
                    break
                yield j

    def _known_word(self, i: int) -> bool:
        key = self.words[i].key
        return key in ORDINARY and key not in self.given

    def _titled(self, i: int) -> bool:
        """Return whether the word follows Mr, Mrs or the like and is no officer's."""
        word = self.words[i]
        title = self.words[i - 1]
        small = title.small and title.key not in SMALL_TITLES
        if not self._joined(i) or title.key not in TITLES or small or word.key in self.staff:
            return False
        free = word.key in self.given or not self._wordlike(word)
        if word.small:
            return title.key in SMALL_TITLES and not word.masked and free and len(word.key) > 1
        return not title.masked and (free or word.key not in NOT_AFTER_A_TITLE)

    def _inside(self, i: int) -> bool:
        """Return whether the word is a name wherever it stands in a sentence."""
        word = self.words[i]
        if word.masked or i in self.officers or len(word.key) == 1 or self._operation(i):
            return False
        if word.small:
            return self._small_name(word)
        if word.shouted:
            return self._shouted_name(i)
        if self._shaped(word):
            return True
        if word.opens or word.key in DAYS:
            return False
        return word.key in self.given or not (self._wordlike(word) or self._brand(word))

    def _small_name(self, word: Word) -> bool:
        first, *rest = JOINS.split(word.text)
        if first in PARTICLES and rest and rest[0][:1].isupper():
            return folded(rest[0]) not in ORDINARY
        return word.key in self.given and word.key not in WORDS_ANYHOW

    def _shouted_name(self, i: int) -> bool:
        word = self.words[i]
        if word.key in WORDS_ANYHOW:
            return False
        if word.key in self.given:
            return True
        around = [*self.words[max(0, i - 1) : i], *self.words[i + 1 : i + 2]]
        alone = not any(each.shouted and each.key not in ACRONYMS for each in around)
        long = len(word.text) >= SHORTEST_SURNAME_IN_CAPITALS
        return alone and long and not self._wordlike(word)

    def _opening(self, i: int, inside: set[int]) -> bool:
        """Return whether a word that opens a sentence is a name."""
        word = self.words[i]
        if not word.opens or word.masked or word.small or word.shouted or i in self.officers:
            return False
        if word.key in DAYS or len(word.key) == 1 or self._brand(word):
            return False
        joined = self._joined(i + 1)
        said = joined and self.words[i + 1].key in SAID_OF_PEOPLE
        surname = joined and i + 1 in inside and self.words[i + 1].key not in self.given
        if word.key in self.given:
            return word.key not in ORDINARY or said or surname
        if self._wordlike(word) or word.key.endswith(WORDLIKE_ENDINGS):
            return word.key in self.seen and word.key not in ORDINARY
        return (
            word.key in self.seen
            or said
            or word.owns
            or (joined and i + 1 in inside)
            or self._listed(i, inside)
        )

    def _listed(self, i: int, inside: set[int]) -> bool:
        """Return whether a name or "who" comes next: "Chaudhry and Smith", "Chaudhry, who"."""
        after = self.words[i + 1 : i + 3]
        if not after or after[0].gap not in {" ", ", "}:
            return False
        if after[0].key == "and":
            return i + 2 in inside and self._joined(i + 2)
        return after[0].gap == ", " and (i + 1 in inside or after[0].key in {"who", "aged"})

    def _shaped(self, word: Word) -> bool:
        """Return whether only names are written so: O'Neil, McDonald, Smith-Jones."""
        parts = JOINS.split(word.text)
        double = len(parts) > 1 and all(part[:1].isupper() for part in parts)
        if double and "'" not in word.key:
            ordinary = all(folded(part) in ORDINARY for part in parts)
            return not ordinary and folded(parts[0]) not in PREFIXES
        return bool(NAME_SHAPE.fullmatch(word.text))

    def _operation(self, i: int) -> bool:
        """Return whether the police named a piece of work so: "Operation Nightingale"."""
        return self._joined(i) and self.words[i - 1].key in {"operation", "op"}

    def _brand(self, word: Word) -> bool:
        """Return whether a capital inside makes it no name: PayPal, eBay, TikTok."""
        return word.text.isalpha() and not word.text[1:].islower() and not self._shaped(word)

    def _wordlike(self, word: Word) -> bool:
        """Return whether it is an ordinary word, or stands in small letters elsewhere."""
        first = JOINS.split(word.key)[0] if JOINS.search(word.key) else word.key
        if first != word.key and (first in WORDS_BEFORE_A_HYPHEN or word.key.endswith("n't")):
            return True
        known = word.key in ORDINARY or word.key.removesuffix("s") in ORDINARY
        return known or (word.key in self.in_small and not word.small)

    def _first(self, core: int, done: int) -> int:
        """Return the first word of the name: its title, initials or an officer's given name."""
        first = core
        while first - 1 > done and self._joined(first):
            before = self.words[first - 1]
            dotted = self.words[first].gap.startswith(".")
            title = first in self.titled
            initial = before.initial and (before.text != "A" or dotted)
            given = before.masked and before.key in self.given and not before.small
            if not (title or initial or given or (before.text == "I" and dotted)):
                break
            first -= 1
        return first

    def _last(self, core: int) -> int:
        """Return the last word of the name: surnames, also such as Brown, and van der Berg."""
        last = core
        while self._joined(last + 1):
            following = next(
                filter(partial(self._goes_on, core, last), range(last + 1, last + 4)), 0
            )
            if not following:
                break
            last = following
        return last

    def _goes_on(self, core: int, last: int, i: int) -> bool:
        """Return whether the name goes on at this word; particles and initials may lie between."""
        between = self.words[last + 1 : i]
        if i >= len(self.words) or not all(map(self._joined, range(last + 1, i + 1))):
            return False
        if not all(each.key in PARTICLES or each.initial for each in between):
            return False
        word = self.words[i]
        if i in self.cores:
            return i not in self.titled
        if word.small or word.key in NEVER_A_SURNAME or i in self.officers or len(word.key) == 1:
            return False
        sure = self.words[core].key in self.given or core in self.titled
        if self.words[core].shouted and word.shouted:
            return sure and not self._wordlike(word) and not word.key.endswith(WORDLIKE_ENDINGS)
        return sure and word.key not in STARTERS and not self._in_longer_mask(i)

    def _in_longer_mask(self, i: int) -> bool:
        """Return whether the word is part of a known name of several words."""
        return self.words[i].masked and i + 1 < len(self.words) and self.words[i + 1].masked

"""What a person told us once, so that everybody takes account of it and nobody asks again."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime

from chalicelib.domain.cases import OfficerId
from chalicelib.frozen import frozen
from chalicelib.rules import NeedKind, Rules

BY_VICTIM = "victim"
# A row of a list has one line for all needs of a person.
LINE_CHARACTERS = 120
CUT = "…"
# What turns the order of letters: harmless in a box of its own, but not inside a line of ours.
TURNS = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


@frozen
class Need:
    """One kind of need in a person's own words.

    `words` maps the parts that the rules ask for to what was said, `chosen` are the keys of
    what was ticked. `told_by` is `BY_VICTIM` or the name of who noted it with them, in the role
    with the key `told_role`; `since` is the version of all needs with which these words came.
    """

    kind: str
    words: Mapping[str, str]
    chosen: tuple[str, ...]
    told_at: datetime
    told_by: str
    since: int = 0
    told_role: str = ""


@frozen
class Needs:
    """All needs of one victim, one of a kind at most; `version` moves with every change."""

    needs: tuple[Need, ...] = ()
    version: int = 0

    def __bool__(self) -> bool:
        """Return whether any need is known."""
        return bool(self.needs)

    def of(self, kind: str) -> Need | None:
        """Return the need of a kind, or none."""
        return next((need for need in self.needs if need.kind == kind), None)


@frozen
class NeedsSeen:
    """Somebody who works on the case has read the needs as they stood with a version.

    `role` is said of them in words, for a partner agency by its name; `role_key` is its key.
    """

    by: OfficerId
    name: str
    role: str
    at: datetime
    version: int
    role_key: str = ""


@frozen
class PastNeed:
    """A need as it was until it was put right or withdrawn, for staff alone."""

    need: Need
    ended_at: datetime
    ended_by: str
    withdrawn: bool


@frozen
class NeedsChange:
    """What all needs become by one change, and what was true until then, if anything was."""

    now: Needs
    past: PastNeed | None = field(default=None)


def is_told(words: Mapping[str, str], chosen: Iterable[str]) -> bool:
    """Return whether anything was said or ticked at all."""
    return any(text.strip() for text in words.values()) or any(True for _ in chosen)


def with_need(needs: Needs, need: Need) -> NeedsChange:
    """Return all needs with this one in place of what was said of its kind before."""
    before = needs.of(need.kind)
    now = replace(need, since=needs.version + 1)
    others = [each for each in needs.needs if each.kind != need.kind]
    past = PastNeed(before, need.told_at, need.told_by, withdrawn=False) if before else None
    return NeedsChange(Needs((*others, now), needs.version), past)


def without_need(needs: Needs, kind: str, at: datetime, by: str) -> NeedsChange:
    """Return all needs without the one of a kind, which is withdrawn."""
    before = needs.of(kind)
    left = tuple(each for each in needs.needs if each.kind != kind)
    past = PastNeed(before, at, by, withdrawn=True) if before else None
    return NeedsChange(Needs(left, needs.version), past)


def same_need(one: Need | None, other: Need) -> bool:
    """Return whether two needs say the same, whoever told them and when."""
    return one is not None and (one.kind, dict(one.words), one.chosen) == (
        other.kind,
        dict(other.words),
        other.chosen,
    )


def in_order(needs: Needs, rules: Rules) -> tuple[tuple[NeedKind, Need], ...]:
    """Return the needs in the order of the rules, each with its kind."""
    return tuple((row, need) for row in rules.need_kinds.values() if (need := needs.of(row.key)))


def need_words(need: Need, rules: Rules) -> str:
    """Return one need as staff read it: what was ticked, then what was said, part by part.

    It can stand inside a line: what turns the order of letters is left out.
    """
    ticked = [rules.need_choices[key].label for key in need.chosen if key in rules.need_choices]
    said = [
        f"{row.short}: {text}" if row.short else text
        for row in rules.need_parts.values()
        if (text := " ".join(need.words.get(row.key, "").translate(TURNS).split()))
    ]
    parts = [part.rstrip(".") for part in (*ticked, *said) if part]
    return ". ".join(parts)


def needs_line(needs: Needs, rules: Rules) -> str:
    """Return all needs in one line for a row of a list, cut where it grows too long."""
    line = "; ".join(need_words(need, rules) for _, need in in_order(needs, rules))
    if len(line) <= LINE_CHARACTERS:
        return line
    return line[:LINE_CHARACTERS].rsplit(" ", 1)[0].rstrip(" ;.,") + CUT


def seen_by(need: Need, seen: Iterable[NeedsSeen]) -> tuple[NeedsSeen, ...]:
    """Return who has read a need as it stands now, the first to do so first."""
    readers = (each for each in seen if each.version >= need.since)
    return tuple(sorted(readers, key=lambda each: (each.at, each.by)))


def may_be_named(role_key: str, rules: Rules, *, knows_of_charge: bool) -> bool:
    """Return whether a victim may read who worked with their needs, by the key of the role.

    Who has to do with a case only from charge on tells of one (D10).
    """
    role = rules.roles.get(role_key)
    return knows_of_charge or role is None or not role.from_charge_only

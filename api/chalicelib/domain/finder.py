"""What is worth asking for: from a few answers to measures, each with why.

It says what may help and whom the law opens it to. It never says what a court decides.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from chalicelib.frozen import frozen
from chalicelib.rules.measures import Ground, Kind, Measure, MeasureRules, Reason


class Openness(StrEnum):
    """To whom the law opens a measure, by what is known of a person; a court still decides."""

    BY_LAW = "by_law"
    IF_SATISFIED = "if_satisfied"
    NOT_SHOWN = "not_shown"
    ANYBODY = "anybody"


@frozen
class Eligibility:
    """How open a measure is to a person, and the grounds for it, the sure ones first."""

    openness: Openness
    grounds: tuple[Ground, ...] = ()


@frozen
class Suggestion:
    """A measure that is worth asking for, why, and how open it is to this person."""

    measure: Measure
    reasons: tuple[str, ...]
    eligibility: Eligibility


@frozen
class Found:
    """What is worth asking for, in the order of the rules, and the grounds that the law names.

    `perhaps` are special measures that fit, but that the law does not open by these answers.
    """

    instead: tuple[Suggestion, ...]
    measures: tuple[Suggestion, ...]
    arrangements: tuple[Suggestion, ...]
    perhaps: tuple[Suggestion, ...]
    grounds: tuple[Ground, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of all that can be asked for, in the order in which it is shown."""
        every = (*self.instead, *self.measures, *self.arrangements, *self.perhaps)
        return tuple(each.measure.key for each in every)


def worth_asking(answers: Mapping[str, Collection[str]], rules: MeasureRules) -> Found:
    """Return what is worth asking for by a person's answers.

    Args:
        answers: the keys of the answers by the key of their question; one that is no answer
            to its question counts for nothing.
        rules: the rules on measures.

    Source:
        The rows of measures.toml: sections 16 to 19 of the Youth Justice and Criminal Evidence
        Act 1999 for whom the law opens a measure; our own reading for what may help.
    """
    facts = facts_of(answers, rules)
    every = [
        Suggestion(measure, why, eligibility(measure, facts, rules))
        for measure in rules.measures.values()
        if (why := _reasons(measure, facts, rules))
    ]
    return Found(
        instead=_open_of("instead", every),
        measures=_open_of("measure", every),
        arrangements=_open_of("arrangement", every),
        perhaps=tuple(each for each in every if not _is_open(each)),
        grounds=grounds_for(facts, rules),
    )


def facts_of(answers: Mapping[str, Collection[str]], rules: MeasureRules) -> frozenset[str]:
    """Return the facts in a person's answers: what they chose of what could be chosen."""
    return frozenset(
        answer.key
        for answer in rules.answers.values()
        if answer.key in answers.get(answer.question, ())
    )


def grounds_for(facts: Collection[str], rules: MeasureRules) -> tuple[Ground, ...]:
    """Return why a person may be eligible, the grounds first for which no court is satisfied.

    Args:
        facts: keys of answers, as a person gave them or as a case shows them: its crime type
            (`sexual`, `slavery`), its flags (`domestic_abuse`), the age (`under_18`), needs.
        rules: the rules on measures.
    """
    found = [ground for ground in rules.grounds.values() if set(ground.facts) & set(facts)]
    return tuple(sorted(found, key=lambda ground: not ground.automatic))


def eligibility(measure: Measure, facts: Collection[str], rules: MeasureRules) -> Eligibility:
    """Return how open a measure is by what is known of a person.

    For a page that warns and does not refuse: what is not shown may still be so, and the
    court decides.

    Source:
        Youth Justice and Criminal Evidence Act 1999, sections 16 to 18 and 25(4).
    """
    if measure.kind != "measure":
        return Eligibility(Openness.ANYBODY)
    grounds = tuple(ground for ground in grounds_for(facts, rules) if _opens(ground, measure))
    if not grounds or (measure.only_with and not set(measure.only_with) & set(facts)):
        return Eligibility(Openness.NOT_SHOWN)
    sure = grounds[0].automatic
    return Eligibility(Openness.BY_LAW if sure else Openness.IF_SATISFIED, grounds)


def _opens(ground: Ground, measure: Measure) -> bool:
    """Return whether a ground opens a measure: by its section, and by name where it says so."""
    by_section = (ground.vulnerable and measure.vulnerable) or (
        ground.intimidated and measure.intimidated
    )
    return by_section and (not measure.grounds or ground.key in measure.grounds)


def _reasons(measure: Measure, facts: Collection[str], rules: MeasureRules) -> tuple[str, ...]:
    """Return why a measure fits; a general reason only where no other holds."""
    held = [
        reason
        for reason in rules.reasons.values()
        if reason.measure == measure.key and _holds(reason, set(facts))
    ]
    exact = [reason for reason in held if not reason.general]
    return tuple(reason.why for reason in exact or held[:1])


def _holds(reason: Reason, facts: set[str]) -> bool:
    return (
        facts.issuperset(reason.all_of)
        and (not reason.one_of or not facts.isdisjoint(reason.one_of))
        and facts.isdisjoint(reason.none_of)
    )


def _open_of(kind: Kind, every: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    return tuple(each for each in every if each.measure.kind == kind and _is_open(each))


def _is_open(suggestion: Suggestion) -> bool:
    return suggestion.eligibility.openness != Openness.NOT_SHOWN

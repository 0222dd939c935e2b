"""What is said of a measure's state, to staff and to the victim: an arrangement is no court's."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.measures import ASKED, GRANTED, PARTLY, REFUSED, VARIED
from chalicelib.rules.measures import Kind, Measure, MeasureRules, State

ARRANGEMENT = "arrangement"
KINDS: dict[Kind, str] = {
    "measure": "Special measures",
    "arrangement": "Other arrangements",
    "instead": "Instead of coming to court",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What staff and the victim read of a state, and what comes next."""

    label: str
    says: str
    next: str


# What nobody applies for is arranged, or not; the rows speak of the court.
ARRANGED = {
    ASKED: Words(
        "Asked for",
        "The police asked for this.",
        "Whoever decides answers. Your officer or witness care tells you.",
    ),
    GRANTED: Words(
        "It is arranged",
        "This is arranged.",
        "It can still change. If something is different for you, tell witness care.",
    ),
    PARTLY: Words(
        "A part of it is arranged",
        "A part of this is arranged.",
        "Witness care explains which part, and why. You can ask what else would help.",
    ),
    REFUSED: Words(
        "It cannot be arranged",
        "This could not be arranged.",
        "Ask witness care why, and what else would help.",
    ),
    VARIED: Words(
        "It was changed",
        "What was arranged has changed.",
        "Witness care explains what is different now, and why.",
    ),
}


def state_words(row: Measure, state: State) -> Words:
    """Return what is said of a state of this measure."""
    if row.kind == ARRANGEMENT and state.key in ARRANGED:
        return ARRANGED[state.key]
    return Words(state.label, state.says, state.next)


def in_groups(keys: Iterable[str], rules: MeasureRules) -> list[tuple[str, list[Measure]]]:
    """Return measures by kind, in the order of the rules, each group with its heading."""
    wanted = set(keys)
    groups = [
        (heading, [row for row in rules.of_kind(kind) if row.key in wanted])
        for kind, heading in KINDS.items()
    ]
    return [(heading, rows) for heading, rows in groups if rows]

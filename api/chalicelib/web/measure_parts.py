"""What is said of a measure's state, to staff and to the victim, and measures in groups."""

from collections.abc import Iterable

from chalicelib.frozen import frozen
from chalicelib.rules.measures import Kind, Measure, MeasureRules, State, StateWords, load_measures

ARRANGEMENT = "arrangement"
KINDS: dict[Kind, str] = {
    "measure": "Special measures",
    "arrangement": "Other arrangements",
    "instead": "Instead of coming to court",
}


@frozen
class Words:
    """What staff and the victim read of a state, and what comes next."""

    label: str
    says: str
    next: str


def state_words(row: Measure, state: State) -> Words:
    """Return what is said of a state of this measure: its own words before those of the state."""
    own = load_measures().words_for(row, state.key)
    said: tuple[StateWords | State, ...] = (*own, state)
    return Words(
        next(each.label for each in said if each.label),
        next(each.says for each in said if each.says),
        next(each.next for each in said if each.next),
    )


def in_groups(keys: Iterable[str], rules: MeasureRules) -> list[tuple[str, list[Measure]]]:
    """Return measures by kind, in the order of the rules, each group with its heading."""
    wanted = set(keys)
    groups = [
        (heading, [row for row in rules.of_kind(kind) if row.key in wanted])
        for kind, heading in KINDS.items()
    ]
    return [(heading, rows) for heading, rows in groups if rows]

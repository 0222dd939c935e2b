"""A victim chose to read here at once what a person would tell them first."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from chalicelib.domain.cases import Case, Update, Victim, VictimKey
from chalicelib.domain.safety import HERE
from chalicelib.domain.tellings import untold_entries
from chalicelib.rules import CodeLimit
from chalicelib.services.deps import Deps
from chalicelib.services.notices import word_to_victim
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.rounds import MOST_WRITES, writes_of


def who_chose_here(
    victims: Iterable[Victim], files: Mapping[VictimKey, VictimFile]
) -> tuple[Victim, ...]:
    """Return those of these victims who want to read hard news here at once."""
    return tuple(victim for victim in victims if chose_here(victim, files[victim.key]))


def as_many_as_fit(
    chose: Sequence[Victim], parts_of: Callable[[Sequence[Victim]], list[Part]]
) -> list[Part]:
    """Return the writes with as many of these victims reading it here as one transaction holds.

    Whoever is left over is told by a person.
    """
    for count in range(len(chose), 0, -1):
        parts = parts_of(chose[:count])
        if writes_of(parts) <= MOST_WRITES:
            return parts
    return parts_of(())


def chose_here(victim: Victim, file: VictimFile) -> bool:
    """Return whether a victim wants to read hard news here at once."""
    return file.safety.hears == HERE and victim.left_on is None


def may_read_event(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, row: CodeLimit
) -> bool:
    """Return whether a page may tell a victim of an event: there are words, and nothing waits.

    Where victims may be each other's danger nothing but the stage is shared (D17). Behind news
    of the ladder that waits, the words would tell of that. The words are an update: whoever
    took updates off their page would count as told of a release that they never saw.
    """
    if case.opposed or not row.here or file.safety.hides_history:
        return False
    return not untold_entries(case, victim.key, file.owed, deps.rules)


def words_here(deps: Deps, case: Case, readers: Iterable[VictimKey], row: CodeLimit) -> Part:
    """Return the write of the row's own words for these victims' pages."""
    update = Update(deps.new_id(), row.here, deps.now(), frozenset(readers))
    return deps.cases.new_update(case.key, update)


def here_parts(deps: Deps, case: Case, victim: Victim, file: VictimFile) -> list[Part]:
    """Return the writes of word that something is to be read, as long as their choices stand.

    They are written as they were read: one that is changed this very moment makes the
    transaction fail, and it is decided anew.
    """
    unmoved = deps.threads.keep_safety(victim.key, file.safety)
    return [unmoved, *word_to_victim(deps, case, victim, file)]

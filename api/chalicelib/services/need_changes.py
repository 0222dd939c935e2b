"""How a need changes: what is there already, who was first, and which writes belong together."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.domain.cases import Case, Victim, VictimKey
from chalicelib.domain.errors import StaleError
from chalicelib.domain.needs import Need, Needs, NeedsChange, same_need, with_need, without_need
from chalicelib.domain.reviews import Court
from chalicelib.frozen import frozen
from chalicelib.services.court_dates import court_parts
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part, VictimFile

CHANGED = "A need was told or changed."


@frozen
class NeedTold:
    """What a form says of one kind of need; `seen` is the `since` of what stood on it, or 0."""

    kind: str
    words: Mapping[str, str]
    chosen: tuple[str, ...]
    seen: int


# What all needs become, or none where they are so already; StaleError where somebody was first.
Decide = Callable[[Needs], NeedsChange | None]


def telling(deps: Deps, told: NeedTold, by: str, role: str = "") -> Decide:
    """Return how needs change when one is told; the same words change nothing.

    `role` is the key of the role in which somebody of the staff notes it.
    """

    def decide(needs: Needs) -> NeedsChange | None:
        need = Need(told.kind, dict(told.words), told.chosen, deps.now(), by, told_role=role)
        if same_need(needs.of(told.kind), need):
            return None
        _need_unmoved(needs, told.kind, told.seen)
        return with_need(needs, need)

    return decide


def withdrawing(deps: Deps, kind: str, seen: int, by: str) -> Decide:
    """Return how needs change when one is withdrawn; one that is gone changes nothing."""

    def decide(needs: Needs) -> NeedsChange | None:
        if needs.of(kind) is None:
            return None
        _need_unmoved(needs, kind, seen)
        return without_need(needs, kind, deps.now(), by)

    return decide


def _need_unmoved(needs: Needs, kind: str, seen: int) -> None:
    now = needs.of(kind)
    if (now.since if now else 0) != seen:
        raise StaleError


def need_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, change: NeedsChange
) -> list[Part]:
    """Return the writes of a change, and of what a review before court has to know of it."""
    parts: list[Part] = [deps.threads.keep_needs(victim.key, change.now)]
    if change.past is not None:
        parts.append(deps.threads.new_past_need(victim.key, change.past))
    known = replace(file, court=file.court or _no_court(case, victim, file, change.now))
    return [*parts, *court_parts(deps, case, victim, known, needs=change.now, changed=CHANGED)]


def _no_court(case: Case, victim: Victim, file: VictimFile, now: Needs) -> Court | None:
    """Return what is put where there is no court date, if there are needs for the first time.

    Who writes a date at this very moment has read the needs as they were, and would not put
    the case under review: so one of the two must meet a conflict and look again.
    """
    if bool(file.needs) == bool(now):
        return None
    return Court(victim.key, case.key, case.reference, victim.label)


def is_so(deps: Deps, victim: VictimKey, decide: Decide) -> bool:
    """Return whether what was to be written stands: the store's answer alone may be lost."""
    try:
        return decide(deps.threads.read(victim).needs) is None
    except StaleError:
        return False

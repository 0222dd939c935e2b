"""What concerns every victim of a case, in rounds: as many victims a transaction as fit."""

from collections.abc import Callable, Iterable, Sequence

from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey
from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.domain.staff import StaffSession
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError, Part, VictimFile
from chalicelib.services.staff_sessions import find_case, write_as

# A transaction holds 100 writes, those of the session, the audit line and the case among them.
MOST_WRITES = 90
TRIES = 8
COUNT = "count"

PartsOf = Callable[[Case, Victim, VictimFile], list[Part]]


def writes_of(parts: Sequence[Part]) -> int:
    """Return how many items these parts write: all that adds to one counter is one write."""
    counters = {getattr(part, "key", part) for part in parts if part.name == COUNT}
    return sum(part.name != COUNT for part in parts) + len(counters)


def fitting(parts: Sequence[Part], more: Iterable[list[Part]]) -> tuple[list[Part], int]:
    """Return parts with as many more as one transaction holds, and of how many those are."""
    fits, count = list(parts), 0
    for each in more:
        if writes_of([*fits, *each]) > MOST_WRITES:
            break
        fits += each
        count += 1
    return fits, count


def reach_everyone(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    what: str,
    parts_of: PartsOf,
    *,
    holds: Callable[[Case], bool],
) -> None:
    """Write for each victim what is still missing of a change of their case.

    Each round carries the case's version, so that it goes by the case as it stands. Running it
    again finishes what was cut short; where nothing is missing it writes nothing.

    Args:
        deps: stores, rules and clock.
        session: whose change it is.
        key: the case.
        what: what the audit line says.
        parts_of: makes the writes for one victim, none where nothing is missing.
        holds: whether the case as read still asks for this.

    Raises:
        NotFoundError: the case does not exist for this person.
        StoreUnavailableError: no answer, or others kept changing the case; some may be reached.
    """
    reached: set[VictimKey] = set()
    failed = 0
    while True:
        case = find_case(deps, session, key)
        if not holds(case):
            return
        waiting = [victim for victim in case.victims if victim.key not in reached]
        each = (parts_of(case, one, deps.threads.read(one.key)) for one in waiting)
        parts, count = fitting([], each)
        if not parts:
            return
        unmoved = deps.cases.desk_change(case, officer=None, at=deps.now())
        try:
            write_as(deps, session, what, unmoved, *parts, about=key)
        except ConflictError:
            failed += 1
            if failed == TRIES:
                raise StoreUnavailableError from None
            continue
        reached |= {victim.key for victim in waiting[:count]}

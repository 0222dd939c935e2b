"""Staff: all needs of a case on one page, with who read them and what they were before."""

from collections.abc import Mapping

from chalicelib.domain.cases import Case, CaseKey, VictimKey
from chalicelib.domain.needs import PastNeed
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.ports import VictimFile
from chalicelib.services.read_needs import needs_seen_parts
from chalicelib.services.staff_case import read_files, victim_of
from chalicelib.services.staff_sessions import find_case, write_as


@frozen
class NeedsPage:
    """A case with the files of its victims; `past` are the needs that were, newest first."""

    case: Case
    files: Mapping[VictimKey, VictimFile]
    past: Mapping[VictimKey, tuple[PastNeed, ...]]


def open_needs(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey | None = None
) -> NeedsPage:
    """Return the needs of one victim, or of all; who opens them has read them.

    Raises:
        NotFoundError: the case does not exist for this person, or the victim not in it.
    """
    case = find_case(deps, session, key)
    asked = [victim_of(case, victim)] if victim else case.victims
    files = read_files(deps, case)
    past = {each.key: deps.threads.past_needs(each.key) for each in asked}
    seen = needs_seen_parts(deps, session, case, {each.key: files[each.key] for each in asked})
    write_as(deps, session, "opened needs", *seen, about=key)
    return NeedsPage(case, files, past)

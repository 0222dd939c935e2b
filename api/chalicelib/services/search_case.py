"""Staff: from a reference, as it was typed, to a case that exists for them."""

from chalicelib.domain.access import normalise_reference
from chalicelib.domain.cases import CaseKey
from chalicelib.domain.errors import HubError, NotFoundError
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.staff_sessions import case_for, need_role, write_as


class ReferenceMistypedError(HubError):
    """No case of this force can have this reference; answered before anything is read."""


@frozen
class Searched:
    """The key that belongs to a reference, whether or not the case exists for this person."""

    key: CaseKey
    exists: bool


def search_case(deps: Deps, session: StaffSession, typed: str) -> Searched:
    """Return what a reference leads to; a case of others takes the same work as none.

    Raises:
        NotAllowedError: this role sees no cases.
        ReferenceMistypedError: it does not fit the force's pattern.
    """
    need_role(deps, session, "sees_cases")
    reference = normalise_reference(typed, deps.rules.force.reference_pattern)
    if reference is None:
        raise ReferenceMistypedError
    current, previous = deps.keys.case_key(reference), deps.keys.previous_case_key(reference)
    read = {key: deps.cases.read(key) for key in (current, previous) if key is not None}
    key = next((key for key, case in read.items() if case is not None), current)
    try:
        case_for(deps, session, key, read[key])
        exists = True
    except NotFoundError:
        exists = False
    write_as(deps, session, "searched for a case", cases=(key,))
    return Searched(key, exists)

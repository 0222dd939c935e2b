"""Staff: a case and what stands of one victim's measures, after the audit line of looking at it."""

from chalicelib.domain.cases import Case, CaseKey, VictimKey
from chalicelib.domain.staff import StaffSession
from chalicelib.services.deps import Deps
from chalicelib.services.ports import VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role, open_case_page


def open_measures(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, what: str
) -> tuple[Case, VictimFile]:
    """Return a case and what passed with a victim of it.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the case does not exist for this person, or the victim not in it.
    """
    need_role(deps, session, "answers")
    case = open_case_page(deps, session, key, what)
    return case, deps.threads.read(victim_of(case, victim).key)

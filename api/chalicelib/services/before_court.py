"""What is done before court has in common: the date, what is missing, how something is written."""

from collections.abc import Callable

from chalicelib.domain.agreements import in_force
from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey
from chalicelib.domain.errors import StaleError, StoreUnavailableError
from chalicelib.domain.missing import Known, missing
from chalicelib.domain.reviews import Court
from chalicelib.domain.staff import StaffSession
from chalicelib.rules.measures import load_measures
from chalicelib.services.apply_tasks import near_limit_of
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError, Part, VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import find_case, need_role, write_as

TRIES = 6
# The writes for a victim's side as it stands, or none where it is so already; it may raise.
PartsOf = Callable[[Case, Court, VictimFile], list[Part] | None]


def court_of(case: Case, victim: Victim, file: VictimFile) -> Court:
    """Return a victim's court date and its review; one without a date where nothing is kept."""
    return file.court or Court(
        victim.key,
        case.key,
        case.reference,
        victim.label,
        team=case.officer.team,
        restricted=case.restricted,
    )


def missing_of(deps: Deps, case: Case, victim: Victim, file: VictimFile) -> tuple[str, ...]:
    """Return what is missing for a victim before court, in sentences for staff."""
    known = Known(
        court=court_of(case, victim, file),
        needs=file.needs,
        measures=file.measures,
        agreements=in_force(file.agreements, deps.today()),
        near=near_limit_of(deps, case, file.measures),
    )
    return missing(known, deps.today(), deps.calendar, deps.rules, load_measures())


def change_before_court(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    what: str,
    parts_of: PartsOf,
) -> None:
    """Write what is decided upon a victim's side as it stands; none where it is so already.

    Raises:
        NotAllowedError: this role has no part in reviews.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    need_role(deps, session, "reviews")
    for _ in range(TRIES):
        parts = _parts(deps, session, key, victim, parts_of)
        if parts is None:
            return write_as(deps, session, "sent again what stands", about=key)
        try:
            return write_as(deps, session, what, *parts, about=key)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if not _is_so(deps, session, key, victim, parts_of):
                raise
            return None
    raise StoreUnavailableError


def _parts(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, parts_of: PartsOf
) -> list[Part] | None:
    # The victim's side before the case, as everywhere: see `read_victim`.
    file = deps.threads.read(victim)
    case = find_case(deps, session, key)
    whose = victim_of(case, victim)
    return parts_of(case, court_of(case, whose, file), file)


def _is_so(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, parts_of: PartsOf
) -> bool:
    """Return whether what was to be written stands: the store's answer alone may be lost."""
    try:
        return _parts(deps, session, key, victim, parts_of) is None
    except StaleError:
        return False

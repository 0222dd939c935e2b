"""Staff: one press that tells a victim there is nothing new, and when they hear again."""

from chalicelib.domain.cases import Case, CaseKey, Update, VictimKey
from chalicelib.domain.dates import long_date
from chalicelib.domain.errors import HubError, StaleError
from chalicelib.domain.promises import TELL, UPDATE, Promise, update_working
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import HERE, untold_entries
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.deps import Deps
from chalicelib.services.follow import informed_parts, open_of
from chalicelib.services.notices import word_to_victim
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.post_update import OpposedVictimsError, has_made
from chalicelib.services.staff_case import stored_id, victim_of
from chalicelib.services.staff_sessions import need_role


class UntoldNewsError(HubError):
    """There is news that nobody has told this victim yet: "nothing new" would not be true."""


class ToldTodayError(HubError):
    """They heard from us today already: saying so twice would only look like more."""


def say_nothing_new(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, promise_id: str
) -> None:
    """Write to a victim that there is nothing new, which keeps the update that was owed.

    Pressed twice it writes once: what it makes has an id made of the promise's.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: no such case for this person, or no such victim in it.
        OpposedVictimsError: nothing is written to the victims of this case.
        StaleError: that update is not owed any more; somebody was first.
        ToldTodayError: they heard from us today already.
        UntoldNewsError: there is news to tell first.
    """
    need_role(deps, session, "answers")
    made = stored_id(promise_id, "nothing new")
    change = Change(
        "said that there is nothing new",
        is_done=lambda case: has_made(case, made),
        parts_of=lambda case: _parts(deps, case, victim, promise_id, made),
    )
    change_case(deps, session, key, change)


def _parts(deps: Deps, case: Case, victim: VictimKey, promise_id: str, made: str) -> list[Part]:
    if case.opposed:
        raise OpposedVictimsError
    whose = victim_of(case, victim)
    file = deps.threads.read(whose.key)
    promise = next((p for p in open_of(file, UPDATE) if p.id == promise_id), None)
    if promise is None:
        raise StaleError
    if open_of(file, TELL) or untold_entries(case, victim, file.owed, deps.rules):
        raise UntoldNewsError
    if promise.working.counted_from >= deps.today():
        raise ToldTodayError
    text = _sentence(deps, case, file, promise)
    update = Update(made, text, deps.now(), frozenset({victim}))
    return [
        deps.cases.new_update(case.key, update),
        *informed_parts(deps, case, victim, file, HERE, news=False),
        *word_to_victim(deps, case, whose, file),
    ]


def _sentence(deps: Deps, case: Case, file: VictimFile, promise: Promise) -> str:
    """Return the words that the victim reads: true whatever happened, with the next date."""
    since = long_date(promise.working.counted_from)
    still = f"There is nothing new since {since}. {case.officer.name} has your case."
    due = update_working(file.door.rhythm, deps.today(), deps.calendar, deps.rules)
    return f"{still} You hear from us again by {long_date(due[0])}." if due else still

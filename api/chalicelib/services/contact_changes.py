"""How safe contact changes: who was first, what follows, and which writes belong together."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.cases import Case, Victim
from chalicelib.domain.contact import CONFIRM, SafeContact, expires_at, with_number_of
from chalicelib.domain.dates import in_london
from chalicelib.domain.errors import StaleError
from chalicelib.domain.promises import ASK_AGAIN, ASK_AGAIN_DAY, TASK, Promise, Working
from chalicelib.domain.safety import in_safe_mode
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.follow import open_of
from chalicelib.services.notices import ended_parts
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.tasks import TaskGiven, task_parts

CONFIRMED = "confirmed"


@frozen
class ContactSaid:
    """What a form says: safe contact without who confirmed it and when.

    `seen` is the version that the form showed. A code word left empty stays as it is, unless
    the form `drops_code_word`.
    """

    contact: SafeContact
    seen: int
    drops_code_word: bool = False


# What safe contact becomes, or none where it is so already; StaleError where somebody was first.
Decide = Callable[[Case, VictimFile], SafeContact | None]


def setting(deps: Deps, said: ContactSaid, by: str) -> Decide:
    """Return how safe contact changes when somebody says it; sent twice it changes nothing."""

    def decide(case: Case, file: VictimFile) -> SafeContact | None:
        stands = file.contact
        wanted = _as_stored(said, stands)
        if in_safe_mode(case, file.safety, deps.rules):
            wanted = without_messages(wanted, stands, deps.rules)
        wanted = with_number_of(wanted, stands, at=deps.now(), by=by)
        wanted = replace(wanted, said_in=stands.version + 1, version=stands.version)
        if said.seen == stands.version:
            return replace(wanted, confirmed_at=deps.now(), confirmed_by=by)
        if same_words(wanted, stands):
            return None
        raise StaleError

    return decide


def confirming(deps: Deps, seen: int, by: str) -> Decide:
    """Return how safe contact changes when somebody says that the words they saw are right.

    Said twice it changes nothing. Words that came later are not theirs, whoever wrote them:
    several people may have a victim's page open. In safe mode they saw nothing of messages, so
    none stays agreed by it.
    """

    def decide(case: Case, file: VictimFile) -> SafeContact | None:
        stands = file.contact
        if not stands.said_in <= seen <= stands.version:
            raise StaleError
        if seen < stands.version and stands.confirmed_by == by:
            return None
        if in_safe_mode(case, file.safety, deps.rules):
            stands = without_messages(stands, stands, deps.rules)
        return replace(stands, confirmed_at=deps.now(), confirmed_by=by)

    return decide


def same_words(one: SafeContact, other: SafeContact) -> bool:
    """Return whether two say the same, whoever confirmed it and when."""
    return _bare(one) == _bare(other)


def _bare(contact: SafeContact) -> SafeContact:
    return replace(
        contact,
        ways=dict(contact.ways),
        number_at=None,
        number_by="",
        confirmed_at=None,
        confirmed_by="",
        said_in=0,
        version=0,
    )


def _as_stored(said: ContactSaid, stands: SafeContact) -> SafeContact:
    if said.contact.code_word or said.drops_code_word:
        return said.contact
    return replace(said.contact, code_word=stands.code_word)


def without_messages(contact: SafeContact, stands: SafeContact, rules: Rules) -> SafeContact:
    """Return safe contact as a form can say it in safe mode, where nothing is ever sent.

    What must never be used stays so, since the form does not ask.
    """
    sent = {key for key, row in rules.channels.items() if row.sends}
    return replace(
        contact,
        ways={key: address for key, address in contact.ways.items() if key not in sent},
        never=(contact.never - sent) | (stands.never & sent),
        notify_by="",
        links=False,
    )


def contact_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, now: SafeContact
) -> list[Part]:
    """Return the writes of a change: what it no longer allows to be sent, and asking again."""
    return [
        # The door as it was read: a case handed over at this moment decides anew who asks.
        *promises.move_door(deps, victim.key, file.door, file.door),
        deps.threads.keep_contact(victim.key, now),
        *ended_parts(deps, case, victim, file, replace(file, contact=now)),
        *_asked_parts(deps, file),
        *ask_again_parts(deps, case, victim, now),
    ]


def _asked_parts(deps: Deps, file: VictimFile) -> list[Part]:
    return [
        part
        for promise in open_confirmations(file)
        for part in promises.keep(deps, promise, deps.now(), CONFIRMED)
    ]


def open_confirmations(file: VictimFile) -> list[Promise]:
    """Return what is owed of asking a victim again; never more than one."""
    return [promise for promise in open_of(file, TASK) if promise.event == CONFIRM]


def ask_again_parts(deps: Deps, case: Case, victim: Victim, contact: SafeContact) -> list[Part]:
    """Return the writes of the promise to ask again by the day on which it is too old.

    Whoever wants to hear nothing more is asked nothing, and who was never asked is not owed it.
    """
    ends = expires_at(contact, deps.rules)
    if ends is None or victim.left_on is not None:
        return []
    today = deps.today()
    due = max(in_london(ends).date(), today)
    working = Working(ASK_AGAIN, today, 0, ASK_AGAIN_DAY)
    return task_parts(deps, case, victim, TaskGiven(CONFIRM, due=(due, working)))

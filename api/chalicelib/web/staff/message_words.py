"""Messages that wait or were given up, in words for a supervisor; never an address."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.brake import Brake
from chalicelib.domain.dates import date_and_time
from chalicelib.domain.gate import Answer, Cleared, Later
from chalicelib.domain.notices import NOT_KNOWN_WHETHER_SENT, Notice
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services.read_messages import Messages, Whose, message_id
from chalicelib.services.release_sending import stop_id
from chalicelib.services.send import NOT_MADE_YET, Planned
from chalicelib.settings import AWS, CONSOLE, NOTIFY, OFF, Settings

SOMEBODY = "Somebody of another team, or of a case that only named people open"
TWO_WORDS = "[two check words]"
LEAVES = {
    OFF: "Sending is switched off in the settings. Nothing leaves, whatever waits.",
    CONSOLE: "This is a trial on one machine. Messages go into a file and reach nobody.",
    NOTIFY: "Sending is on. Messages leave through GOV.UK Notify.",
    AWS: "Sending is on. Messages leave through Amazon.",
}
MAY_HAVE_COME = "It may have come, or not. "
OF_VICTIM = "Reach them as was agreed: safe contact stands first on the case."
OF_OFFICER = "Tell them in person. Ask an administrator to look at their work e-mail."
DONE = {
    "asked": "You asked that sending goes on. A second supervisor confirms it.",
    "withdrawn": "You no longer ask that sending goes on. It stays stopped.",
    "released": "Sending goes on. What waits leaves within minutes.",
    "dealt": "The message is off the list. What you did is recorded.",
}


@frozen
class Shown:
    """A message as a row: `address` leads to the case, `which` names it in a form.

    `words` is exactly what would leave, empty where nothing may. `may_deal` says that this
    reader knows whom it is for.
    """

    whose: str
    address: str
    how: str
    when: str
    words: str = ""
    which: str = ""
    may_deal: bool = False


def leaves_words(settings: Settings) -> str:
    """Return whether messages leave this service, and through whom."""
    how = settings.staff.sending.how if settings.staff else OFF
    if how == CONSOLE and not settings.plain_localhost:
        how = OFF
    return LEAVES[how]


def brake_words(found: Messages, session: StaffSession) -> Mapping[str, object] | None:
    """Return what a supervisor reads and may press while all sending is stopped, or none."""
    brake = found.brake
    if brake.stopped_at is None:
        return None
    asked_by = brake.asked_by if found.release_asked else None
    return {
        "stopped_at": date_and_time(brake.stopped_at),
        "seen": stop_id(brake),
        "asked_by": asked_by[1] if asked_by else "",
        "asked_at": _asked_at(brake) if asked_by else "",
        "is_own": asked_by is not None and asked_by[0] == session.member.id,
    }


def _asked_at(brake: Brake) -> str:
    return date_and_time(brake.asked_at) if brake.asked_at else ""


def waiting_row(plan: Planned, whose: Whose, rules: Rules) -> Shown:
    """Return a message that waits: who would get which words when, or why they get none."""
    who, address = _whose_words(whose)
    answer = plan.answer
    if isinstance(answer, Cleared):
        how = f"By {rules.channels[answer.channel].label.lower()}{_tried(plan.notice)}"
        words = answer.words.replace(NOT_MADE_YET, TWO_WORDS)
        return Shown(who, address, how, "Now: with the next run", words=words)
    return Shown(who, address, _not_now(answer), _when_not(answer))


def _not_now(answer: Answer) -> str:
    if isinstance(answer, Later):
        return "Not yet: outside the agreed hours, or too soon after the last message."
    return f"Nothing is sent: {answer.why}." if not isinstance(answer, Cleared) else ""


def _when_not(answer: Answer) -> str:
    if isinstance(answer, Later):
        return f"Looked at again: {date_and_time(answer.at)}"
    return "Never: it ends with the next run"


def _tried(notice: Notice) -> str:
    if not notice.is_begun or not notice.tries:
        return ""
    return f", tried {notice.tries} {'time' if notice.tries == 1 else 'times'} so far"


def given_up_row(notice: Notice, whose: Whose) -> Shown:
    """Return a message that is not tried any more: since when, why, and what to do now."""
    who, address = _whose_words(whose)
    to_do = OF_VICTIM if notice.officer is None else OF_OFFICER
    if notice.gave_up_why == NOT_KNOWN_WHETHER_SENT:
        to_do = MAY_HAVE_COME + to_do
    return Shown(
        who,
        address,
        how=f"Given up: {notice.gave_up_why}. {to_do if whose.is_known else ''}".rstrip(),
        when=_since(notice.due_at),
        which=message_id(notice),
        may_deal=whose.is_known,
    )


def _since(at: datetime | None) -> str:
    return date_and_time(at) if at else ""


def _whose_words(whose: Whose) -> tuple[str, str]:
    """Return whom a message is for, as far as the reader may know, and where their case is."""
    if whose.officer is not None:
        return whose.officer.name, ""
    if whose.case is None:
        return SOMEBODY, ""
    label = f", victim {whose.victim.label}" if whose.victim else ""
    return f"Reference {whose.case.reference}{label}", f"/cases/{whose.case.key}"

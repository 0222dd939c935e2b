"""What the administrator may type, with a sentence for each thing that does not do."""

import re
from datetime import date
from hashlib import sha256

from chalicelib.domain.addresses import read_email
from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.dates import read_day
from chalicelib.domain.errors import HubError
from chalicelib.domain.staff import Absence, Force, StaffMember
from chalicelib.frozen import frozen

LONGEST_NAME = 100
LONGEST_NUMBER = 20
# What mail allows.
LONGEST_EMAIL = 254
ID_LETTERS = 20
# What the provider calls an account, and what the records system calls a team.
OUTSIDE_NAME = re.compile(r"[^\s#\x00-\x20]{1,100}")
ASK_FOR_DAY = "write the day like 2026-12-04 or 4/12/2026, or write today or tomorrow."
Errors = tuple[tuple[str, str], ...]


class CheckAgainError(HubError):
    """Something typed does not do; `errors` are pairs of a field and what to type instead."""

    def __init__(self, force: Force, errors: Errors) -> None:
        super().__init__("fields to look at again: " + ", ".join(name for name, _ in errors))
        self.force = force
        self.errors = errors


@frozen
class MemberForm:
    """A member of staff as typed."""

    account: str
    name: str
    number: str
    team: str
    email: str = ""


@frozen
class AbsenceForm:
    """An absence as typed."""

    officer: str
    first_day: str
    last_day: str
    cover: str


def new_member_errors(force: Force, form: MemberForm) -> Errors:
    """Return what does not do in a new member of staff."""
    errors = list(member_errors(force, form))
    if not OUTSIDE_NAME.fullmatch(form.account):
        sentence = "Type the account as the sign-in knows it: up to 100 characters, no spaces."
        errors.insert(0, ("account", sentence))
    elif force.member(form.account) is not None:
        errors.insert(0, ("account", "Somebody has this account already. Change them instead."))
    return tuple(errors)


def member_errors(force: Force, form: MemberForm) -> Errors:
    """Return what does not do in the rest of a member of staff."""
    errors = [*name_errors(form.name, "with the rank, as victims read it")]
    if not 1 <= len(form.number.strip()) <= LONGEST_NUMBER:
        errors.append(("number", f"Type the number, up to {LONGEST_NUMBER} characters."))
    if form.team not in {team.id for team in force.all_teams()}:
        errors.append(("team", "Choose a team from the list."))
    if form.email.strip() and not read_email(form.email, LONGEST_EMAIL):
        errors.append(("email", "Type one e-mail address, like name@force.example, or nothing."))
    return tuple(errors)


def name_errors(name: str, hint: str) -> Errors:
    """Return what does not do in a name."""
    if 1 <= len(name.strip()) <= LONGEST_NAME:
        return ()
    return (("name", f"Type the name, {hint}, up to {LONGEST_NAME} characters."),)


def new_team_errors(force: Force, identity: str, name: str) -> Errors:
    """Return what does not do in a new team."""
    errors = [*name_errors(name, "as staff read it")]
    if not OUTSIDE_NAME.fullmatch(identity):
        sentence = "Type the team as case files name it: up to 100 characters, no spaces."
        errors.append(("team", sentence))
    elif any(team.id == identity for team in force.all_teams()):
        errors.append(("team", "There is a team with this name in case files already."))
    return tuple(errors)


def absence_of(force: Force, form: AbsenceForm, today: date) -> Absence:
    """Return the absence that was typed.

    The same absence noted twice is one: a button is pressed twice, a page sent again.

    Raises:
        CheckAgainError: something typed does not do.
    """
    first, last = read_day(form.first_day, today), read_day(form.last_day, today)
    errors = _absence_errors(force, form, today)
    if errors or first is None or last is None:
        raise CheckAgainError(force, errors)
    said = f"{form.officer} {first} {last} {form.cover}"
    identity = sha256(said.encode()).hexdigest()[:ID_LETTERS]
    return Absence(identity, OfficerId(form.officer), first, last, OfficerId(form.cover))


def _absence_errors(force: Force, form: AbsenceForm, today: date) -> Errors:
    officer, cover = force.member(form.officer), force.member(form.cover)
    errors = [] if is_active(officer) else [("officer", "Choose who is away from the list.")]
    errors += _day_errors(form, today)
    if not is_active(cover) or officer == cover:
        errors.append(("cover", "Choose somebody else, who answers meanwhile."))
    elif officer is not None and cover is not None and officer.team != cover.team:
        sentence = "Choose somebody of the same team. Others cannot open the cases."
        errors.append(("cover", sentence))
    return tuple(errors)


def is_active(member: StaffMember | None) -> bool:
    """Return whether there is such a member of staff and they work here now."""
    return member is not None and member.active


def _day_errors(form: AbsenceForm, today: date) -> list[tuple[str, str]]:
    first, last = read_day(form.first_day, today), read_day(form.last_day, today)
    errors = []
    if first is None:
        errors.append(("first_day", f"First day away: {ASK_FOR_DAY}"))
    if last is None:
        errors.append(("last_day", f"Last day away: {ASK_FOR_DAY}"))
    if first is not None and last is not None and last < first:
        errors.append(("last_day", "Type a last day that is not before the first."))
    elif last is not None and last < today:
        errors.append(("last_day", "Type a last day that is not over yet."))
    return errors


def member_of(form: MemberForm, account: str, *, active: bool) -> StaffMember:
    """Return the member of staff of a form that was checked."""
    return StaffMember(
        OfficerId(account),
        " ".join(form.name.split()),
        " ".join(form.number.split()),
        TeamId(form.team),
        active=active,
        email=read_email(form.email, LONGEST_EMAIL),
    )

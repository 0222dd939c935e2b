"""What the form about safe contact says, on a victim's page and on the desk alike.

Nothing chosen is an answer as well: here only.
"""

from collections.abc import Mapping, Sequence
from datetime import time

from chalicelib.domain.addresses import is_mobile, read_email, read_phone
from chalicelib.domain.contact import FIRST_LANGUAGE, TEXT, SafeContact
from chalicelib.domain.gate import TO_OFFICERS
from chalicelib.rules import Channel, Rules
from chalicelib.services.contact_changes import ContactSaid
from chalicelib.web.http import Form
from chalicelib.web.need_forms import seen_of

YES, NEVER = "yes", "never"
DAYS_IN_A_WEEK = 7
HOURS = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
# What somebody may have typed there is given back where it could not be stored, and nothing else.
TEXTS = ("leave_words", "who_else", "more")
ADDRESS = {"phone": "Number", "email": "E-mail address", "post": "Postal address"}
WANTED = {
    "phone": "Type a UK phone number, like 07700 900123.",
    "email": "Type one e-mail address, like somebody@mail.example.",
    "post": "Type the address to which we may write.",
}
NO_MOBILE = "Type a mobile number, like 07700 900123: a text reaches no other."
NO_DAYS = "Tick at least one day."
NO_FIRST = "Choose from what time on."
NO_LAST = "Choose until what time."
NOT_LATER = (
    "Choose a time that is later than the one from which on we may. Hours past midnight do not fit "
    "here: write those under “Anything else”."
)
CODE_WORD_AGAIN = "Type the code word again: no page shows it."
CODE_WORD_BOTH = "You typed a new code word and ticked that there is none. Do one of the two."
Errors = Sequence[tuple[str, str]]


def contact_typed(
    form: Form, rules: Rules, *, shows_code_word: bool = False
) -> tuple[ContactSaid, Errors]:
    """Return what a form says, and field and sentence of what cannot be stored as it is.

    Where a form comes again a code word that was typed is not in it, unless it
    `shows_code_word`; then it has to be typed again.
    """
    said = {key: _said(form, key) for key in rules.channels}
    typed = {key: form.text(f"address_{key}").strip() for key in rules.channels}
    by = _one_of(form.text("notify_by"), senders(rules))
    contact = SafeContact(
        ways={key: _kept(typed[key], row, rules) for key, row in rules.channels.items()
              if said[key] == (YES,)},
        never=frozenset(key for key in rules.channels if said[key] == (NEVER,)),
        days=frozenset(day for day in range(DAYS_IN_A_WEEK) if str(day) in form.every("days")),
        first=_hour(form.text("first")),
        last=_hour(form.text("last")),
        leave_words=form.text("leave_words").strip(),
        who_else=form.text("who_else").strip(),
        code_word=form.text("code_word").strip(),
        language=_one_of(form.text("language"), languages(rules)) or FIRST_LANGUAGE,
        more=form.text("more").strip(),
        notify_by=by,
        links=bool(by) and YES in form.every("links"),
        may_tell=frozenset(key for key in rules.partners if key in form.every("may_tell")),
    )  # fmt: skip
    drops = YES in form.every("drop_code_word")
    errors = [*_way_problems(said, typed, rules), *_hour_problems(contact)]
    errors += [*_word_problems(contact, rules, drops=drops), *_message_problems(contact, rules)]
    is_lost = contact.code_word and not shows_code_word and "code_word" not in dict(errors)
    if errors and is_lost:
        errors.append(("code_word", CODE_WORD_AGAIN))
    return ContactSaid(contact, seen_of(form), drops_code_word=drops), errors


def senders(rules: Rules) -> dict[str, str]:
    """Return the channels by which the hub itself can send a message, with what to call each."""
    return {key: row.label for key, row in rules.channels.items() if row.sends}


def languages(rules: Rules) -> dict[str, str]:
    """Return the languages in which there are words for a message to a victim."""
    return {key: row.label for key, row in rules.notices.items() if key != TO_OFFICERS}


def _said(form: Form, channel: str) -> tuple[str, ...]:
    """Return what was chosen of a channel; both, where somebody sends yes and never together."""
    chosen = form.every(f"way_{channel}")
    return tuple(answer for answer in (YES, NEVER) if answer in chosen)


def _one_of(text: str, known: Mapping[str, str]) -> str:
    return text if text in known else ""


def _hour(text: str) -> time | None:
    return next((hour for hour in HOURS if f"{hour:%H:%M}" == text), None)


def _kept(typed: str, row: Channel, rules: Rules) -> str:
    """Return an address in the one form that is kept, or nothing where it is none."""
    if row.address == "phone":
        phone = read_phone(typed)
        return phone if row.key != TEXT or is_mobile(phone) else ""
    if row.address == "email":
        return read_email(typed, rules.limits.contact_email_characters)
    return typed


# --- what cannot be stored as it is


def _way_problems(
    said: Mapping[str, tuple[str, ...]], typed: Mapping[str, str], rules: Rules
) -> list[tuple[str, str]]:
    rows = rules.channels.items()
    problems = (_way_problem(said[key], typed[key], row, rules) for key, row in rows)
    return [problem for problem in problems if problem]


def _way_problem(
    said: tuple[str, ...], typed: str, row: Channel, rules: Rules
) -> tuple[str, str] | None:
    way, address = f"way_{row.key}", f"address_{row.key}"
    if len(said) > 1:
        return way, f"You chose both yes and never for “{row.label}”. Choose one of them."
    if not said and typed:
        box = ADDRESS[row.address].lower()
        return way, f"Choose “{row.ask}” if we may use this {box}, or clear the box below."
    if said != (YES,):
        return None
    if over := _over(typed, rules.limits.contact_characters):
        return address, over
    if row.key == TEXT and read_phone(typed) and not is_mobile(read_phone(typed)):
        return address, NO_MOBILE
    return None if _kept(typed, row, rules) else (address, WANTED[row.address])


def _hour_problems(contact: SafeContact) -> list[tuple[str, str]]:
    """Return what is missing of days and hours: all of them or none, and with messages all."""
    begun = bool(contact.days or contact.first or contact.last)
    if not begun and not contact.notify_by:
        return []
    missing = [
        *([] if contact.days else [("days", NO_DAYS)]),
        *([] if contact.first else [("first", NO_FIRST)]),
        *([] if contact.last else [("last", NO_LAST)]),
    ]
    if contact.first and contact.last and contact.last <= contact.first:
        missing.append(("last", NOT_LATER))
    return missing


def _word_problems(contact: SafeContact, rules: Rules, *, drops: bool) -> list[tuple[str, str]]:
    limits = rules.limits
    texts = [(name, getattr(contact, name), limits.contact_characters) for name in TEXTS]
    texts.append(("code_word", contact.code_word, limits.contact_code_characters))
    problems = [(name, over) for name, text, most in texts if (over := _over(text, most))]
    return [*problems, *([("code_word", CODE_WORD_BOTH)] if drops and contact.code_word else [])]


def _message_problems(contact: SafeContact, rules: Rules) -> list[tuple[str, str]]:
    by = contact.notify_by
    if not by or by in contact.ways:
        return []
    row = rules.channels[by]
    box = ADDRESS[row.address].lower()
    sentence = f"Choose “{row.ask}” above with the {box}, or choose no messages."
    return [("notify_by", sentence)]


def _over(text: str, most: int) -> str:
    over = len(text) - most
    if over <= 0:
        return ""
    characters = f"{over:,} character{'' if over == 1 else 's'}"
    return f"This is {characters} too long: up to {most:,} fit. Shorten it."

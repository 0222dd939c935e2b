"""The form about safe contact, for the person themselves and for staff who fill it in with them."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from chalicelib.domain.contact import PHONE, SafeContact
from chalicelib.rules import Channel, Rules
from chalicelib.web.contact_typed import ADDRESS, HOURS, NEVER, YES, languages, senders
from chalicelib.web.http import Form

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NO_MESSAGES = ("", "No messages")
NO_ANSWER = ("", "No answer")
NOON = 12
# 12am and 12pm mean one thing to some people and the other to others.
PLAIN_HOURS = {time(0): "midnight", time(NOON): "midday"}


def contact_form(
    rules: Rules,
    stands: SafeContact,
    form: Form | None = None,
    *,
    safe_mode: bool,
    shows_code_word: bool = False,
) -> dict[str, Any]:
    """Return what the form shows: what was typed, or what stands.

    In safe mode nothing is ever sent, so what is for messages is not offered. The box of the
    code word is for a new one; only the desk `shows_code_word` that was typed again. `seen` is
    what stands at this moment, which is shown beside what was typed: a form that is sent again
    goes by that.
    """
    form = form or _as_typed(stands)
    offered = [row for row in rules.channels.values() if not (safe_mode and row.sends)]
    return {
        "seen": stands.version,
        "ways": [_way(row, form) for row in offered],
        "days": [(str(number), name) for number, name in enumerate(DAYS)],
        "days_chosen": form.every("days"),
        "firsts": _options(HOURS[:-1]),
        "lasts": _options(HOURS[1:]),
        "value": {name: form.text(name) for name in ("first", "last", "leave_words", "who_else")}
        | {name: form.text(name) for name in ("notify_by", "language", "more")},
        "code_word": form.text("code_word") if shows_code_word else "",
        "has_code_word": bool(stands.code_word),
        "drops_code_word": form.every("drop_code_word"),
        "notify": [] if safe_mode else [NO_MESSAGES, *senders(rules).items()],
        "languages": list(languages(rules).items()),
        "links": form.every("links"),
        "partners": [(row.key, row.name, row.quiet) for row in rules.partners.values()],
        "may_tell": form.every("may_tell"),
        "limit": rules.limits.contact_characters,
    }


def hour_words(hour: time) -> str:
    """Return a time of day as pages write it: "9am", "9:30am", "midday"."""
    if hour in PLAIN_HOURS:
        return PLAIN_HOURS[hour]
    minutes = f":{hour.minute:02}" if hour.minute else ""
    return f"{hour.hour % NOON or NOON}{minutes}{'am' if hour.hour < NOON else 'pm'}"


def _way(row: Channel, form: Form) -> dict[str, Any]:
    # A number is asked for twice; the other addresses are named by what they are.
    of_which = f" ({row.label.lower()})" if row.address == PHONE else ""
    return {
        "name": f"way_{row.key}",
        "label": row.label,
        "options": [(YES, row.ask), (NEVER, "Never"), NO_ANSWER],
        "chosen": form.text(f"way_{row.key}"),
        "address_name": f"address_{row.key}",
        "address_label": f"{ADDRESS[row.address]}{of_which}",
        "address": form.text(f"address_{row.key}"),
        "is_long": row.address == "post",
    }


def _options(hours: Sequence[time]) -> list[tuple[str, str]]:
    return [(f"{hour:%H:%M}", hour_words(hour)) for hour in hours]


def _as_typed(stands: SafeContact) -> Form:
    """Return the form as it would come if somebody typed what stands."""
    said = {f"way_{key}": [YES] for key in stands.ways}
    said |= {f"way_{key}": [NEVER] for key in stands.never}
    said |= {f"address_{key}": [address] for key, address in stands.ways.items()}
    texts: Mapping[str, str] = {
        "first": f"{stands.first:%H:%M}" if stands.first else "",
        "last": f"{stands.last:%H:%M}" if stands.last else "",
        "leave_words": stands.leave_words,
        "who_else": stands.who_else,
        "language": stands.language,
        "more": stands.more,
        "notify_by": stands.notify_by,
        "links": YES if stands.links else "",
    }
    return Form(
        said
        | {name: [text] for name, text in texts.items()}
        | {"days": [str(day) for day in stands.days], "may_tell": [*stands.may_tell]}
    )

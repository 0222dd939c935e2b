"""What stands in items of safe contact, safe mode, tries to reach somebody, and messages."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from chalicelib.domain.cases import VictimKey
from chalicelib.domain.contact import SafeContact
from chalicelib.domain.notices import Notice, Recipient
from chalicelib.domain.reaching import Reaching, Try
from chalicelib.domain.safety import SafeModeOff, Safety
from chalicelib.stores.tables import (
    ContactItem,
    NoticeItem,
    ReachingItem,
    SafetyItem,
)
from chalicelib.stores.text import maybe_moment, maybe_stamp, moment, stamp

CONTACT, SAFETY, VISIT, NOTICE = (
    "victim#contact",
    "victim#safety",
    "victim#visit",
    "victim#notice",
)
REACHING = "victim#reaching#"
# The two halves of the index of messages.
WAITS, GAVE_UP = "waits", "gave up"
Values = Mapping[str, Any]


def contact_item(victim: VictimKey, now: SafeContact) -> ContactItem:
    """Return the item of safe contact, with the version that follows the one that was read."""
    values = {
        "ways": dict(now.ways),
        "never": sorted(now.never),
        "days": sorted(now.days),
        "first": _time_text(now.first),
        "last": _time_text(now.last),
        "leave_words": now.leave_words,
        "who_else": now.who_else,
        "code_word": now.code_word,
        "language": now.language,
        "more": now.more,
        "notify_by": now.notify_by,
        "links": now.links,
        "may_tell": sorted(now.may_tell),
        "number_at": maybe_stamp(now.number_at),
        "number_by": now.number_by,
        "confirmed_by": now.confirmed_by,
        "said_in": now.said_in,
    }
    return ContactItem(
        victim,
        CONTACT,
        version=now.version + 1,
        contact=values,
        confirmed_at=maybe_stamp(now.confirmed_at),
    )


def contact_of(item: ContactItem) -> SafeContact:
    """Return the safe contact of an item."""
    values: Values = item.contact
    return SafeContact(
        ways=dict(values["ways"]),
        never=frozenset(values["never"]),
        days=frozenset(int(day) for day in values["days"]),
        first=_time(values["first"]),
        last=_time(values["last"]),
        leave_words=values["leave_words"],
        who_else=values["who_else"],
        code_word=values["code_word"],
        language=values["language"],
        more=values["more"],
        notify_by=values["notify_by"],
        links=bool(values["links"]),
        may_tell=frozenset(values["may_tell"]),
        number_at=maybe_moment(values.get("number_at")),
        number_by=values.get("number_by", ""),
        confirmed_at=maybe_moment(item.confirmed_at),
        confirmed_by=values["confirmed_by"],
        # Of an item from before it was noted, no version but its own is known to say the same.
        said_in=int(values.get("said_in", item.version)),
        version=int(item.version),
    )


def _time_text(clock: time | None) -> str:
    return clock.isoformat(timespec="minutes") if clock else ""


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def safety_item(victim: VictimKey, now: Safety) -> SafetyItem:
    """Return the item of what was chosen, with the version that follows the one that was read."""
    off = now.off
    values = {
        "wish": now.wish,
        "wish_at": maybe_stamp(now.wish_at),
        "wish_by": now.wish_by,
        "off": off
        and {
            "at": stamp(off.at),
            "by": off.by,
            "why": off.why,
            "crime_type": off.crime_type,
            "flags": sorted(off.flags),
        },
        "hides_history": now.hides_history,
        "hides_at": maybe_stamp(now.hides_at),
        "hears": now.hears,
        "hears_by": now.hears_by,
        "hears_at": maybe_stamp(now.hears_at),
    }
    return SafetyItem(victim, SAFETY, version=now.version + 1, safety=values)


def safety_of(item: SafetyItem) -> Safety:
    """Return what a victim chose."""
    values: Values = item.safety
    return Safety(
        wish=values["wish"],
        wish_at=maybe_moment(values["wish_at"]),
        wish_by=values["wish_by"],
        off=_off(values["off"]) if values["off"] else None,
        hides_history=bool(values["hides_history"]),
        hides_at=maybe_moment(values["hides_at"]),
        hears=values["hears"],
        hears_by=values["hears_by"],
        hears_at=maybe_moment(values["hears_at"]),
        version=int(item.version),
    )


def _off(values: Values) -> SafeModeOff:
    return SafeModeOff(
        at=moment(values["at"]),
        by=values["by"],
        why=values["why"],
        crime_type=values["crime_type"],
        flags=frozenset(values["flags"]),
    )


def reaching_item(victim: VictimKey, now: Reaching) -> ReachingItem:
    """Return the item of tries, with the version that follows the one that was read."""
    tries = [{"at": stamp(each.at), "how": each.how, "by": each.by} for each in now.tries]
    return ReachingItem(victim, f"{REACHING}{now.subject}", version=now.version + 1, tries=tries)


def reaching_of(item: ReachingItem) -> Reaching:
    """Return the tries of an item."""
    tries = tuple(Try(moment(each["at"]), each["how"], each["by"]) for each in item.tries)
    return Reaching(item.sk.removeprefix(REACHING), tries, int(item.version))


def notice_item(now: Notice) -> NoticeItem:
    """Return the item of a message, with the version that follows the one that was read."""
    item = NoticeItem(
        now.to,
        NOTICE,
        version=now.version + 1,
        wanted=now.wanted,
        case_key=now.case_key or None,
        covered=now.covered,
        receipt=now.receipt or None,
        channel=now.channel or None,
        claimed=now.claimed,
        claimed_until=maybe_stamp(now.claimed_until),
        tries=now.tries,
        unknown=now.unknown,
        tried_at=maybe_stamp(now.tried_at),
        sent_at=maybe_stamp(now.sent_at),
        gave_up_why=now.gave_up_why or None,
        wanted_at=maybe_stamp(now.wanted_at),
    )
    if now.due_at is not None:
        gave_up = now.gave_up_why and not now.is_waiting
        item.sending = GAVE_UP if gave_up else WAITS
        item.send_at = stamp(now.due_at)
    return item


def notice_of(item: NoticeItem) -> Notice:
    """Return the message of an item."""
    return Notice(
        to=Recipient(item.pk),
        case_key=item.case_key or "",
        wanted=int(item.wanted),
        covered=int(item.covered or 0),
        due_at=maybe_moment(item.send_at),
        receipt=item.receipt or "",
        channel=item.channel or "",
        claimed=int(item.claimed or 0),
        claimed_until=maybe_moment(item.claimed_until),
        tries=int(item.tries or 0),
        unknown=int(item.unknown or 0),
        tried_at=maybe_moment(item.tried_at),
        sent_at=maybe_moment(item.sent_at),
        gave_up_why=item.gave_up_why or "",
        wanted_at=maybe_moment(item.wanted_at),
        version=int(item.version),
    )

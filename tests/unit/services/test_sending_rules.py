"""No message leaves outside of what was agreed, whatever happens in whatever order.

People's agreements, clocks around the nights on which summer time begins and ends, reasons for
messages, changes of mind, providers' faults and killed senders are drawn by chance. What was
agreed is judged here by code of its own, which knows nothing of the gate's.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.contact import SafeContact
from chalicelib.domain.notices import FAILED, REFUSED, TAKEN
from chalicelib.domain.safety import SafeModeOff, Safety
from tests.sending import (
    HOME,
    KILLED_AFTER,
    KILLED_BEFORE,
    LOSES_ANSWER,
    LOSES_REQUEST,
    Handed,
    PlayedProvider,
    Sending,
    sending,
)

if TYPE_CHECKING:
    from chalicelib.domain.cases import OfficerId
    from chalicelib.domain.gate import Cleared
    from tests.builders import SeededCase

# `make bench` asks for ten times as many.
RUNS = int(os.environ.get("HUB_TEST_SENDINGS", "2000"))
LONDON = ZoneInfo("Europe/London")
# Around the nights on which the clocks change, when an hour was agreed that is over in London and
# not in Greenwich, and a day like any other.
STARTS = [
    datetime(2026, 3, 28, 19, tzinfo=UTC),
    datetime(2026, 3, 29, 16, 10, tzinfo=UTC),
    datetime(2026, 10, 24, 22, 50, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 10, tzinfo=UTC),
    datetime(2027, 3, 27, 22, 30, tzinfo=UTC),
    datetime(2026, 7, 1, 16, 10, tzinfo=UTC),
    datetime(2026, 12, 31, 20, tzinfo=UTC),
]
PEOPLE = 2
OFFICERS = 2
HOURS_OF_REST, MINUTES_OF_REST, DAYS_THAT_IT_HOLDS, MOST_TRIES = 24, 10, 90, 8
WORDS = "There is a new message for you. Check words: [a-z]{3,7} [a-z]{3,7}"
LINKED = f"{WORDS} {re.escape(HOME)}"
OF_OFFICERS = (
    "Something new waits in your list. Sign in as you always do. Check words: [a-z]{3,7} [a-z]{3,7}"
)
FAULTS = [TAKEN, FAILED, REFUSED, LOSES_ANSWER, LOSES_REQUEST, KILLED_BEFORE, KILLED_AFTER]

Drawn = Mapping[str, Any]
GOOD = {
    "has": "text email",
    "never": "",
    "days": "0123456",
    "hours": (0, 24),
    "notify_by": "text",
    "links": False,
    "language": "en",
    "confirmed_days_ago": 0,
}
channel = st.sampled_from(["text", "email"])
# Messages pass an agreement but for one thing or two: else hardly any would be near to leaving.
one_thing = st.sampled_from(
    [
        *[("notify_by", channel) for channel in ("phone", "")],
        *[("has", has) for has in ("text", "email phone", "")],
        *[("never", never) for never in ("text", "email", "post", "text email")],
        *[("days", days) for days in ("01234", "6", "56", "")],
        *[("hours", hours) for hours in ((9, 17), (20, 21), (1, 2), (22, 24), (0, 1), None)],
        *[("confirmed_days_ago", days) for days in (30, 89, 90, 200, None)],
        ("language", "pl"),
    ]
)
contacts = st.builds(
    lambda channel, links, changes: GOOD | {"notify_by": channel, "links": links} | dict(changes),
    channel,
    st.booleans(),
    st.lists(one_thing, max_size=2),
)
safeties = st.sampled_from(["", "", "", "on", "off", "confirmed off", "confirmed for another"])
person = st.integers(0, PEOPLE - 1)
minutes = st.sampled_from(
    [1, 1, 2, 4, 5, 9, 10, 30, 58, 58, 60, 6 * 60, 13 * 60, 23 * 60 + 30, 24 * 60, 25 * 60]
)
often = [
    st.tuples(st.just("news"), person),
    st.tuples(st.just("to do"), st.integers(0, OFFICERS - 1)),
    st.tuples(st.just("run"), minutes),
]
steps = st.one_of(
    *often,
    *often,
    *often,
    st.tuples(st.just("minutes"), st.integers(1, 12)),
    st.tuples(st.just("contact"), person, contacts),
    st.tuples(st.just("safety"), person, safeties),
    st.tuples(st.just("leaves"), person),
    st.tuples(st.just("looks"), person),
    st.tuples(
        st.just("fault"), channel, st.sampled_from(FAULTS), st.sampled_from([*FAULTS, TAKEN])
    ),
    st.tuples(st.just("fault"), channel, st.sampled_from(FAULTS), st.just(TAKEN)),
    st.tuples(st.just("down"), channel, st.booleans()),
    st.tuples(st.just("off"), minutes),
    st.tuples(st.just("happens meanwhile"), person, contacts),
)
lives = st.fixed_dictionaries(
    {
        "start": st.sampled_from(STARTS),
        "knows": st.fixed_dictionaries({"text": st.booleans(), "email": st.booleans()}),
        "an_hour": st.sampled_from([1, 3, 200, 200]),
        "flags": st.tuples(*[st.sampled_from(["", "", "", "stalking", "unknown flag"])] * PEOPLE),
        "agreed": st.tuples(*[contacts] * PEOPLE),
        "emails": st.sampled_from([("a", "b"), ("a", ""), ("", "")]),
        "steps": st.lists(steps, min_size=12, max_size=36),
    }
)


@dataclass
class Person:
    """What somebody said, as this test remembers it."""

    case: SeededCase
    flags: str
    said: Drawn = field(default_factory=dict)
    said_at: datetime | None = None
    ways: dict[str, str] = field(default_factory=dict)
    safety: str = ""
    left: bool = False
    looked_at: datetime | None = None
    reason_at: datetime | None = None

    def may_get(self, channel: str, address: str, at: datetime) -> bool:
        """Return whether a message may reach them this way at a moment."""
        there, said = at.astimezone(LONDON), self.said
        if self.left or self._in_safe_mode() or self._has_looked() or said["hours"] is None:
            return False
        first, last = (60 * hour for hour in said["hours"])
        return all(
            [
                channel == said["notify_by"] and channel in {"text", "email"},
                channel not in said["never"].split(),
                address == self.ways.get(channel),
                self.said_at is not None,
                self.said_at and at - self.said_at < timedelta(days=DAYS_THAT_IT_HOLDS),
                str(there.weekday()) in said["days"],
                first <= 60 * there.hour + there.minute < min(last, 24 * 60 - 1),
                said["language"] == "en",
            ]
        )

    def _in_safe_mode(self) -> bool:
        if self.safety == "on":
            return True
        if self.safety.startswith(("off", "confirmed")):
            return self.safety != "confirmed off"
        return bool(self.flags)

    def _has_looked(self) -> bool:
        if self.looked_at is None or self.reason_at is None:
            return False
        return self.looked_at > self.reason_at


class Life:
    """What happens to some people, and whether each message that leaves was allowed."""

    def __init__(self, drawn: Drawn) -> None:
        self.world: Sending = sending(drawn["start"], an_hour=drawn["an_hour"])
        self.an_hour: int = drawn["an_hour"]
        self.providers = {
            channel: PlayedProvider(
                self.world.clock, channel, knows=knows, meanwhile=partial(self._handed, channel)
            )
            for channel, knows in drawn["knows"].items()
        }
        self.addresses: dict[str, int] = {}
        self.meanwhile: list[tuple[int, Drawn]] = []
        self.judged: list[Handed] = []
        self.people = [self._person(flags) for flags in drawn["flags"]]
        for number, said in enumerate(drawn["agreed"]):
            self.contact(number, said)
        self.emails = [f"{name}@desk.example" if name else "" for name in drawn["emails"]]
        self.officers: list[OfficerId] = [
            self.world.officer(f"pc-{number}", email=email)
            for number, email in enumerate(self.emails)
        ]

    def _person(self, flags: str) -> Person:
        return Person(self.world.hub.seed(flags=[flags] if flags else []), flags)

    def live(self, steps: list[Any]) -> None:
        """Let things happen one after the other."""
        for what, *how in steps:
            getattr(self, what.replace(" ", "_"))(*how)
        self._judge_rates()

    # --- what can happen

    def new(self, number: int) -> None:
        self.people[number].reason_at = self.world.clock()
        self.world.something_new(self.people[number].case)

    def news(self, number: int) -> None:
        """Give a reason that the next run sees."""
        self.new(number)
        self.run(1)

    def to_do(self, number: int) -> None:
        self.world.something_to_do(self.officers[number])

    def run(self, minutes: int) -> None:
        self.world.clock.forward(minutes=minutes)
        stopped = self.world.hub.deps.access.brake().stopped_at
        before = len(self.judged)
        self.world.run(self.providers)
        assert stopped is None or len(self.judged) == before

    def minutes(self, many: int) -> None:
        for _ in range(many):
            self.run(1)

    def off(self, minutes: int) -> None:
        self.world.clock.forward(minutes=minutes)
        before = len(self.judged)
        assert self.world.run({}) == 0
        assert len(self.judged) == before

    def contact(self, number: int, said: Drawn) -> None:
        person, days_ago = self.people[number], said["confirmed_days_ago"]
        now = self.world.clock()
        person.said = said
        person.said_at = None if days_ago is None else now - timedelta(days=days_ago)
        person.ways = {channel: self._address(number, channel) for channel in said["has"].split()}
        first, last = said["hours"] or (None, None)
        self.world.agrees(
            person.case,
            SafeContact(
                ways=person.ways,
                never=frozenset(said["never"].split()),
                days=frozenset(map(int, said["days"])),
                first=None if first is None else time(first),
                last=None if last is None else time(23, 59) if last == 24 else time(last),
                notify_by=said["notify_by"],
                links=said["links"],
                language=said["language"],
                confirmed_at=person.said_at,
            ),
        )

    def _address(self, number: int, channel: str) -> str:
        serial = len(self.addresses)
        new = f"p{serial}@mail.example" if channel == "email" else f"07700 900{serial:03}"
        self.addresses[new] = number
        return new

    def safety(self, number: int, chosen: str) -> None:
        person, deps = self.people[number], self.world.hub.deps
        person.safety = chosen
        flags = frozenset({person.flags} - {""}) if chosen == "confirmed off" else frozenset()
        crime_type = "theft" if chosen == "confirmed for another" else "burglary"
        off = SafeModeOff(self.world.clock(), "PC Example", "They asked.", crime_type, flags)
        wish = {"": "", "on": "on"}.get(chosen, "off")
        now = Safety(wish, off=off if chosen.startswith("confirmed") else None)
        version = deps.threads.read(person.case.victim).safety.version
        part = deps.threads.keep_safety(person.case.victim, replace(now, version=version))
        self.world.hub.write(part)

    def leaves(self, number: int) -> None:
        person = self.people[number]
        person.left = True
        (victim,) = self.world.hub.case(person.case).victims
        gone = replace(victim, left_on=self.world.hub.deps.today())
        self.world.hub.write(self.world.hub.deps.cases.keep_victim(person.case.key, gone))

    def looks(self, number: int) -> None:
        self.world.clock.forward(seconds=1)
        person = self.people[number]
        person.looked_at = self.world.clock()
        seen = self.world.hub.deps.threads.visited(person.case.victim, self.world.clock())
        self.world.hub.write(seen)
        self.world.clock.forward(seconds=1)

    def fault(self, channel: str, first: str, then: str) -> None:
        self.providers[channel].does = [first, then]

    def down(self, channel: str, is_down: bool) -> None:  # noqa: FBT001 -- as it is drawn
        self.providers[channel].is_up = not is_down

    def happens_meanwhile(self, number: int, said: Drawn) -> None:
        self.meanwhile = [(number, said)]

    # --- whether it was allowed

    def _handed(self, channel: str, message: Cleared) -> None:
        handed = self.providers[channel].handed[-1]
        assert message.channel == channel
        self._judge(message, handed.at)
        self.judged.append(handed)
        while self.meanwhile:
            number, said = self.meanwhile.pop()
            self.new(number)
            self.contact(number, said)

    def _judge(self, message: Cleared, at: datetime) -> None:
        whole = f"{message.subject}: {message.words}"
        if message.address not in self.addresses:
            assert message.address in self.emails, message.address
            assert message.channel == "email"
            assert re.fullmatch(f"Something new in your list: {OF_OFFICERS}", whole)
            return
        person = self.people[self.addresses[message.address]]
        assert person.may_get(message.channel, message.address, at)
        words = LINKED if person.said["links"] else WORDS
        assert re.fullmatch(f"A new message: {words}", whole)

    def _judge_rates(self) -> None:
        for one in self.judged:
            hour = [x for x in self.judged if one.at <= x.at < one.at + timedelta(hours=1)]
            assert len(hour) <= self.an_hour
        for receipt, times in Counter(one.message.receipt for one in self.judged).items():
            assert times <= MOST_TRIES, receipt
        self._judge_arrivals()

    def _judge_arrivals(self) -> None:
        arrived: defaultdict[object, list[Handed]] = defaultdict(list)
        for one in self.judged:
            address = one.message.address
            if one.arrived:
                arrived[self.addresses.get(address, address)].append(one)
        for whom, messages in arrived.items():
            rest = timedelta(hours=HOURS_OF_REST)
            if isinstance(whom, str):
                rest = timedelta(minutes=MINUTES_OF_REST)
            for before, after in pairwise(messages):
                is_again = before.message.receipt == after.message.receipt
                assert is_again or after.at - before.at >= rest
            receipts = Counter(one.message.receipt for one in messages)
            for one in messages:
                most = 1 if self.providers[one.message.channel].knows else 2
                assert receipts[one.message.receipt] <= most


def test_no_message_leaves_outside_of_what_was_agreed() -> None:
    left: Counter[str] = Counter()

    @settings(
        max_examples=RUNS, suppress_health_check=list(HealthCheck), database=None, print_blob=True
    )
    @given(lives)
    def one_life(drawn: Drawn) -> None:
        life = Life(drawn)
        life.live(drawn["steps"])
        left.update(_kinds(life))

    one_life()
    # Lives in which nothing leaves would prove nothing.
    assert min(left[kind] for kind in KINDS) >= RUNS // 50, left


KINDS = ("to a victim", "to an officer", "with a link", "again", "stopped", "text", "email")


def _kinds(life: Life) -> list[str]:
    handed = life.judged
    receipts = Counter(one.message.receipt for one in handed)
    stopped = life.world.hub.deps.access.brake().stopped_at is not None
    kinds = ["stopped"] * stopped + ["again"] * any(times > 1 for times in receipts.values())
    for one in handed:
        is_victim = one.message.address in life.addresses
        kinds += ["to a victim" if is_victim else "to an officer"]
        if is_victim:
            kinds += [one.message.channel, *["with a link"] * one.message.linked]
    return kinds

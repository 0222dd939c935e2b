"""Needs, measures, agreements and court dates, in memory, as the threads table keeps them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.fake_ledger import FakePart

if TYPE_CHECKING:
    from collections import defaultdict
    from collections.abc import Mapping, Sequence
    from datetime import date

    from chalicelib.domain.agreements import Agreement
    from chalicelib.domain.cases import OfficerId, TeamId, VictimKey
    from chalicelib.domain.measures import Measure
    from chalicelib.domain.needs import Needs, NeedsSeen, PastNeed
    from chalicelib.domain.reviews import Court
    from tests.fake_threads import Partition


class FakeCourts:
    """Reads lists of court dates and agreements; makes the parts that change what they hold."""

    partitions: defaultdict[VictimKey, Partition]

    # --- needs

    def needs_of(self, victims: Sequence[VictimKey]) -> Mapping[VictimKey, Needs]:
        known = {victim: self.partitions[victim].needs for victim in victims}
        return {victim: needs for victim, needs in known.items() if needs.version}

    def needs_seen_by(
        self, victims: Sequence[VictimKey], by: OfficerId
    ) -> Mapping[VictimKey, NeedsSeen]:
        found = {victim: self.partitions[victim].seen.get(by) for victim in victims}
        return {victim: seen for victim, seen in found.items() if seen is not None}

    def keep_needs(self, victim: VictimKey, now: Needs) -> FakePart:
        of = self.partitions[victim]

        def put() -> None:
            of.needs = replace(now, version=now.version + 1)

        return FakePart("needs", ("needs", victim), put, lambda: of.needs.version == now.version)

    def see_needs(self, victim: VictimKey, seen: NeedsSeen) -> FakePart:
        of = self.partitions[victim]
        item = ("seen", victim, seen.by)
        return FakePart("needs seen", item, lambda: of.seen.update({seen.by: seen}))

    def new_past_need(self, victim: VictimKey, past: PastNeed) -> FakePart:
        of = self.partitions[victim]
        item = ("past need", victim, past.ended_at, past.need.kind)
        return FakePart("past need", item, lambda: of.past_needs.append(past))

    def past_needs(self, victim: VictimKey) -> tuple[PastNeed, ...]:
        past = self.partitions[victim].past_needs
        return tuple(sorted(past, key=lambda p: (p.ended_at, p.need.kind), reverse=True))

    # --- measures and agreements

    def keep_measure(self, victim: VictimKey, now: Measure) -> FakePart:
        of, next_one = self.partitions[victim], replace(now, version=now.version + 1)

        def is_unmoved() -> bool:
            there = of.measures.get(now.key)
            return (there.version if there else 0) == now.version

        return FakePart(
            "measure",
            ("measure", victim, now.key),
            lambda: of.measures.update({now.key: next_one}),
            is_unmoved,
        )

    def keep_agreement(self, now: Agreement) -> FakePart:
        of, next_one = self.partitions[now.victim], replace(now, version=now.version + 1)

        def is_unmoved() -> bool:
            there = of.agreements.get(now.partner)
            return (there.version if there else 0) == now.version

        return FakePart(
            "agreement",
            ("agreement", now.victim, now.partner),
            lambda: of.agreements.update({now.partner: next_one}),
            is_unmoved,
        )

    def agreed_with(self, partner: str, today: date) -> tuple[Agreement, ...]:
        every = (of.agreements.get(partner) for of in self.partitions.values())
        holding = [each for each in every if each is not None and each.holds(today)]
        return tuple(sorted(holding, key=lambda each: each.until))

    def agreements_of(self, partner: str, victims: Sequence[VictimKey]) -> tuple[Agreement, ...]:
        every = (self.partitions[victim].agreements.get(partner) for victim in victims)
        return tuple(each for each in every if each is not None)

    # --- court

    def next_court(self, team: TeamId, first: date, last: date) -> tuple[Court, ...]:
        listed = [
            (of.court.on, of.court)
            for of in self.partitions.values()
            if of.court and of.court.on and of.court.team == team and first <= of.court.on <= last
        ]
        return tuple(court for _, court in sorted(listed, key=lambda row: row[0]))

    def courts_of(self, victims: Sequence[VictimKey]) -> Mapping[VictimKey, Court]:
        courts = {victim: self.partitions[victim].court for victim in victims}
        return {victim: court for victim, court in courts.items() if court}

    def keep_court(self, now: Court) -> FakePart:
        of = self.partitions[now.victim]

        def put() -> None:
            of.court = replace(now, version=now.version + 1)

        return FakePart(
            "court",
            ("court", now.victim),
            put,
            lambda: (of.court.version if of.court else 0) == now.version,
        )

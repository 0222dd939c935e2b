"""Needs, measures, agreements and court dates: the stores and their fakes keep one contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.agreements import DATES, NEEDS, Agreement, View
from chalicelib.domain.cases import Hearing, Plea, Told
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.domain.needs import Need, Needs, NeedsSeen, PastNeed
from chalicelib.domain.reviews import Closing, Court
from tests.integration.stores.contract_steps import conflict, new_name
from tests.seeding import officer

if TYPE_CHECKING:
    from chalicelib.domain.cases import VictimKey
    from tests.builders import SeededCase
    from tests.seeding import Hub


def _need(hub: Hub, kind: str = "health", since: int = 1) -> Need:
    words = {"health_what": "Epilepsy", "health_avoid": "Flashing light"}
    return Need(kind, words, ("bsl", "interpreter"), hub.clock(), "victim", since, "officer")


def _court(hub: Hub, case: SeededCase, on: date | None, **more: object) -> Court:
    there = hub.case(case)
    base = Court(case.victim, case.key, case.reference, "V1", there.officer.team, on)
    return replace(base, **more)  # type: ignore[arg-type]


def _agreement(hub: Hub, case: SeededCase, partner: str, **more: object) -> Agreement:
    base = Agreement(
        partner=partner,
        victim=case.victim,
        case_key=case.key,
        reference=case.reference,
        scope=frozenset({NEEDS, DATES}),
        until=hub.deps.today() + timedelta(days=30),
        given_at=hub.clock(),
        given_by="victim",
    )
    return replace(base, **more)  # type: ignore[arg-type]


def test_needs_come_back_as_they_were_told_and_one_of_two_changes_wins(hub: Hub) -> None:
    victim, threads = hub.seed().victim, hub.deps.threads
    assert threads.read(victim).needs == Needs()
    hub.write(threads.keep_needs(victim, Needs((_need(hub),))))
    needs = threads.read(victim).needs
    assert needs == Needs((_need(hub),), version=1)
    assert conflict(hub, threads.keep_needs(victim, Needs())) == {"needs"}
    hub.write(threads.keep_needs(victim, replace(needs, needs=())))
    assert threads.read(victim).needs == Needs((), version=2)


def test_the_needs_of_many_are_read_at_once(hub: Hub) -> None:
    with_needs, without, threads = hub.seed().victim, hub.seed().victim, hub.deps.threads
    hub.write(threads.keep_needs(with_needs, Needs((_need(hub),))))
    found = threads.needs_of([with_needs, without, with_needs])
    assert found == {with_needs: Needs((_need(hub),), version=1)}


def test_who_has_seen_needs_is_kept_once_a_person(hub: Hub) -> None:
    victim, threads = hub.seed().victim, hub.deps.threads
    first = NeedsSeen(officer("pc-a").id, "PC A", "officer", hub.clock(), 1, "officer")
    other = NeedsSeen(officer("pc-b").id, "PC B", "officer", hub.clock(), 1)
    for seen in (first, other, replace(first, version=2)):
        hub.write(threads.see_needs(victim, seen))
    assert set(threads.read(victim).seen) == {replace(first, version=2), other}


def test_whose_needs_somebody_has_seen_is_read_at_once(hub: Hub) -> None:
    victim, other, threads = hub.seed().victim, hub.seed().victim, hub.deps.threads
    mine = NeedsSeen(officer("pc-a").id, "PC A", "officer", hub.clock(), 1, "officer")
    theirs = NeedsSeen(officer("pc-b").id, "PC B", "officer", hub.clock(), 1, "officer")
    hub.write(threads.see_needs(victim, mine), threads.see_needs(other, theirs))
    assert threads.needs_seen_by([victim, other, victim], mine.by) == {victim: mine}


def test_what_needs_were_is_read_apart_and_newest_first(hub: Hub) -> None:
    victim, threads = hub.seed().victim, hub.deps.threads
    older = PastNeed(_need(hub), hub.clock(), "victim", withdrawn=False)
    newer = PastNeed(
        _need(hub, "fear"), hub.clock() + timedelta(hours=1), "PC Example", withdrawn=True
    )
    hub.write(threads.new_past_need(victim, older))
    hub.write(threads.new_past_need(victim, newer))
    assert threads.past_needs(victim) == (newer, older)
    assert threads.past_needs(hub.seed().victim) == ()


def test_a_measure_keeps_every_step_and_one_of_two_changes_wins(hub: Hub) -> None:
    victim, threads = hub.seed().victim, hub.deps.threads
    day, told = hub.deps.today(), Told(hub.deps.today(), "in person")
    asked = MeasureStep("asked", day, hub.clock(), "PC Example")
    by = "Witness Example"
    refused = MeasureStep("refused", day, hub.clock(), by, "A reason", told, "event")
    measure = Measure("screen", (asked,), view="I want this most", changed_mind_at=hub.clock())
    hub.write(threads.keep_measure(victim, measure))
    stored = threads.read(victim).measure("screen")
    assert stored == replace(measure, version=1)
    assert conflict(hub, threads.keep_measure(victim, measure)) == {"measure"}
    after = replace(stored, steps=(asked, refused), changed_mind_at=None)
    hub.write(threads.keep_measure(victim, after))
    assert threads.read(victim).measures == (replace(after, version=2),)
    assert threads.read(victim).measure("live_link") is None


def test_an_agreement_stands_in_the_list_of_its_partner_until_it_is_withdrawn(hub: Hub) -> None:
    case, partner, threads = hub.seed(), new_name(), hub.deps.threads
    view = View("She needs a screen.", hub.clock(), "Juniper Example")
    agreed = _agreement(hub, case, partner, view=view, past=("given in June",), label="V1")
    hub.write(threads.keep_agreement(agreed))
    stored = replace(agreed, version=1)
    assert threads.read(case.victim).agreements == (stored,)
    assert threads.agreed_with(partner, hub.deps.today()) == (stored,)
    assert threads.agreed_with(partner, agreed.until) == (stored,)
    assert threads.agreed_with(partner, agreed.until + timedelta(days=1)) == ()
    assert threads.agreed_with(new_name(), hub.deps.today()) == ()
    assert conflict(hub, threads.keep_agreement(agreed)) == {"agreement"}
    withdrawn = replace(stored, withdrawn_at=hub.clock(), withdrawn_by="victim", scope=frozenset())
    hub.write(threads.keep_agreement(withdrawn))
    assert threads.agreed_with(partner, hub.deps.today()) == ()
    others = hub.seed().victim
    found = threads.agreements_of(partner, [case.victim, others])
    assert found == (replace(withdrawn, version=2),)


def test_the_court_list_is_of_one_team_and_soonest_first(hub: Hub) -> None:
    who, threads = officer(new_name()), hub.deps.threads
    days = [date(2026, 12, day) for day in (9, 1, 24)]
    victims: list[VictimKey] = []
    for day in days:
        case = hub.seed(officer=who)
        hub.write(threads.keep_court(_court(hub, case, day)))
        victims.append(case.victim)
    found = threads.next_court(who.team, date(2026, 12, 1), date(2026, 12, 23))
    assert [(row.victim, row.on) for row in found] == [
        (victims[1], days[1]),
        (victims[0], days[0]),
    ]
    assert threads.next_court(officer(new_name()).team, days[1], days[2]) == ()


def test_the_court_dates_of_many_are_read_at_once(hub: Hub) -> None:
    with_date, without, threads = hub.seed(), hub.seed().victim, hub.deps.threads
    court = _court(hub, with_date, date(2026, 12, 9))
    hub.write(threads.keep_court(court))
    found = threads.courts_of([with_date.victim, without, with_date.victim])
    assert found == {with_date.victim: replace(court, version=1)}


def test_a_court_date_keeps_its_review_and_one_of_two_changes_wins(hub: Hub) -> None:
    case, day, threads = hub.seed(officer=officer(new_name())), date(2026, 12, 9), hub.deps.threads
    closing = Closing(hub.clock(), "Sergeant Example", day, "Ask for a screen.", "New Era")
    court = _court(
        hub,
        case,
        day,
        high_harm=True,
        has_needs=True,
        restricted=True,
        supporter="Her sister",
        travel="By bus",
        interpreter="Booked",
        closings=(closing,),
        reopened_why="A new need",
        reopened_at=hub.clock(),
    )
    hub.write(threads.keep_court(court))
    stored = replace(court, version=1)
    assert threads.read(case.victim).court == stored
    assert threads.next_court(court.team, day, day) == (stored,)
    assert conflict(hub, threads.keep_court(court)) == {"court"}
    hub.write(threads.keep_court(replace(stored, on=None)))
    assert threads.next_court(court.team, day, day) == ()
    after = threads.read(case.victim).court
    assert after is not None
    assert (after.on, after.closings, after.version) == (None, (closing,), 2)


def test_what_is_typed_of_court_holds_against_the_file(hub: Hub) -> None:
    case = hub.seed()
    typed = Hearing(date(2026, 12, 9), "Example Crown Court", frozenset({case.victim}))
    plea = Plea(date(2026, 11, 20), "crown")
    cases, at = hub.deps.cases, hub.clock()
    hub.write(cases.desk_change(hub.case(case), officer=None, at=at, hearing=typed, plea=plea))
    after = hub.case(case)
    assert (after.hearing, after.plea) == (typed, plea)
    assert after.hearing is not None
    assert after.hearing.typed_at == at
    assert (after.next_hearing_on, after.court) == (typed.on, typed.court)
    assert after.needed_on(case.victim) is None
    none = Hearing(None, None)
    hub.write(cases.desk_change(after, officer=None, at=at, hearing=none))
    gone = hub.case(case)
    assert (gone.hearing, gone.next_hearing_on, gone.court, gone.plea) == (none, None, None, plea)


def test_with_what_is_typed_stands_what_the_file_said_until_it_yields_to_the_file(hub: Hub) -> None:
    case = hub.seed(hearing_on=date(2026, 12, 1))
    typed = Hearing(date(2026, 12, 9), "Example Crown Court", frozenset({case.victim}))
    cases, at = hub.deps.cases, hub.clock()
    before = hub.case(case)
    assert (before.next_hearing_on, before.filed_on) == (date(2026, 12, 1), date(2026, 12, 1))
    hub.write(cases.desk_change(before, officer=None, at=at, hearing=typed))
    after = hub.case(case)
    assert after.hearing is not None
    assert (after.hearing.filed_on, after.filed_on) == (date(2026, 12, 1), date(2026, 12, 1))
    hub.write(cases.desk_change(after, officer=None, at=at, file_holds=True))
    filed = hub.case(case)
    assert (filed.hearing, filed.next_hearing_on) == (None, date(2026, 12, 1))
    assert filed.needed_on(case.victim) == date(2026, 12, 1)

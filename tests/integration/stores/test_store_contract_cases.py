"""What every kind of stores does alike with cases and the force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chalicelib.domain.cases import (
    FROM_DESK,
    Event,
    GlassBreak,
    OfficerId,
    StageEntry,
    Told,
    Update,
)
from chalicelib.domain.staff import (
    Absence,
    Away,
    AwayNote,
    StaffMember,
    Team,
)
from tests.builders import STOKE
from tests.integration.stores.contract_steps import BY, conflict, new_name
from tests.seeding import Hub, officer


def test_a_case_without_its_file_does_not_exist(hub: Hub) -> None:
    key = hub.deps.keys.case_key("77/777777/78")  # type: ignore[arg-type]
    entry = StageEntry(hub.deps.new_id(), "recorded", hub.deps.today(), hub.clock(), FROM_DESK)
    hub.write(hub.deps.cases.new_entry(key, entry))
    assert hub.deps.cases.read(key) is None
    assert hub.imports.read(key) is None
    assert hub.imports.marks([key]) == {}


def test_a_case_is_made_once(hub: Hub) -> None:
    seeded = hub.seed()
    filed = hub.imports.read(seeded.key)
    assert filed is not None
    part = hub.imports.new_file(seeded.key, seeded.reference, filed.facts, "again")
    assert conflict(hub, part) == {"file"}
    assert hub.imports.marks([seeded.key])[seeded.key].digest == "seeded"


def test_of_two_changes_of_a_case_one_wins(hub: Hub) -> None:
    seeded = hub.seed()
    case = hub.case(seeded)
    part = hub.deps.cases.desk_change(case, officer=None, at=hub.clock())
    hub.write(part)
    assert conflict(hub, part) == {"case"}
    naming = hub.deps.cases.name_person(case, OfficerId("pc"), hub.clock())
    assert conflict(hub, naming) == {"case"}
    assert hub.case(seeded).version == 1


def test_a_new_officer_is_noted_with_the_day_and_who_was_before(hub: Hub) -> None:
    seeded, new = hub.seed(), officer(new_name())
    before = hub.case(seeded)
    assert (before.officer_since, before.officer_before, before.changed_at) == (None, "", None)
    # London is an hour ahead of the clock in summer: the day is London's.
    hub.clock.moment = hub.clock.moment.replace(month=7, day=1, hour=23, minute=30)
    hub.write(hub.deps.cases.desk_change(before, officer=new, at=hub.clock()))
    case = hub.case(seeded)
    assert (case.officer, case.officer_since) == (new, date(2026, 7, 2))
    assert (case.officer_before, case.changed_at) == (before.officer.name, hub.clock())
    hub.clock.forward(days=1)
    hub.write(hub.deps.cases.desk_change(case, officer=None, at=hub.clock()))
    later = hub.case(seeded)
    assert (later.officer_since, later.version) == (date(2026, 7, 2), 2)
    filed = hub.imports.read(seeded.key)
    assert filed is not None
    assert filed.officer_typed


def test_a_file_with_another_officer_says_since_when(hub: Hub) -> None:
    seeded, new = hub.seed(), officer(new_name())
    filed = hub.imports.read(seeded.key)
    assert filed is not None
    facts, day = replace(filed.facts, officer=new, court="Stafford"), hub.deps.today()
    hub.write(hub.imports.file(seeded.key, facts, "d2", handed=(day, filed.facts.officer)))
    case = hub.case(seeded)
    assert (case.officer, case.officer_since, case.court) == (new, day, "Stafford")
    assert case.officer_before == filed.facts.officer.name
    hub.write(hub.imports.finished(seeded.key, "d3"))
    mark = hub.imports.marks([seeded.key])[seeded.key]
    assert (mark.digest, mark.desk_changed) == ("d3", False)


def test_named_people_add_up(hub: Hub) -> None:
    seeded = hub.seed(flags=("restricted",))
    for name in ("one", "two"):
        hub.write(hub.deps.cases.name_person(hub.case(seeded), OfficerId(name), hub.clock()))
    assert hub.case(seeded).named == {"one", "two"}
    assert hub.case(seeded).version == 2


def test_entries_updates_and_events_run_oldest_first(hub: Hub) -> None:
    seeded, cases = hub.seed(victims=("A", "B")), hub.deps.cases
    to = frozenset(seeded.victims.values())
    for name in ("z", "a"):
        hub.clock.forward(seconds=1)
        now, day = hub.clock(), hub.deps.today()
        hub.write(
            cases.new_entry(seeded.key, StageEntry(name, "with_cps", day, now, FROM_DESK)),
            cases.new_update(seeded.key, Update(name, "words", now, to, "entry")),
            cases.new_event(seeded.key, Event(name, "suspect_arrested", day, now, BY, to)),
            cases.glass_break(seeded.key, GlassBreak(OfficerId(name), name, "reason", now)),
        )
    case = hub.case(seeded)
    assert [entry.id for entry in case.entries[1:]] == ["z", "a"]
    assert [(update.id, update.to, update.entry_id) for update in case.updates] == [
        ("z", to, "entry"),
        ("a", to, "entry"),
    ]
    assert [glass.by for glass in case.glass_breaks] == ["z", "a"]
    assert {victim.label for victim in case.victims} == {"A", "B"}


def test_events_come_back_as_they_were_recorded(hub: Hub) -> None:
    seeded = hub.seed()
    event = Event(
        "e1",
        "suspect_arrested",
        date(2026, 11, 3),
        hub.clock(),
        BY,
        frozenset(seeded.victims.values()),
    )
    hub.write(hub.deps.cases.new_event(seeded.key, event))
    assert hub.case(seeded).events == (event,)


def test_a_telling_is_noted_once_for_each_victim(hub: Hub) -> None:
    seeded = hub.seed(victims=("A", "B"))
    hub.clock.forward(seconds=1)
    entry = StageEntry("e2", "no_further_action", hub.deps.today(), hub.clock(), FROM_DESK)
    hub.write(hub.deps.cases.new_entry(seeded.key, entry))
    told = Told(hub.deps.today(), "phone")
    part = hub.deps.cases.told(seeded.key, entry, seeded.victims["A"], told)
    hub.write(part)
    assert conflict(hub, part) == {"told"}
    hub.write(hub.deps.cases.told(seeded.key, entry, seeded.victims["B"], told))
    assert hub.case(seeded).current.told == dict.fromkeys(seeded.victims.values(), told)


def test_a_telling_makes_no_entry(hub: Hub) -> None:
    seeded = hub.seed()
    ghost = StageEntry("ghost", "charged", hub.deps.today(), hub.clock(), FROM_DESK)
    told = Told(hub.deps.today(), "phone")
    assert conflict(hub, hub.deps.cases.told(seeded.key, ghost, seeded.victim, told)) == {"told"}
    assert len(hub.case(seeded).entries) == 1


def test_a_file_notes_tellings_beside_those_that_stand(hub: Hub) -> None:
    seeded = hub.seed(victims=("A", "B"))
    a, b, told = seeded.victims["A"], seeded.victims["B"], Told(date(2026, 11, 5), "phone")
    entry = replace(hub.case(seeded).current, since=date(2026, 11, 4), told_beside={a: told.on})
    part = hub.imports.entry(seeded.key, entry, {b: told})
    hub.write(part)
    stored = hub.case(seeded).current
    assert (stored.since, stored.told, stored.told_beside) == (entry.since, {b: told}, {a: told.on})
    assert conflict(hub, part) == {"told"}


def test_what_was_read_does_not_change_when_the_store_does(hub: Hub) -> None:
    seeded = hub.seed()
    before = hub.case(seeded)
    told = Told(hub.deps.today(), "phone")
    hub.write(hub.deps.cases.told(seeded.key, before.current, seeded.victim, told))
    assert before.current.told == {}
    assert hub.case(seeded).current.told == {seeded.victim: told}


def test_only_a_victim_of_the_case_is_replaced(hub: Hub) -> None:
    seeded, other = hub.seed(), hub.seed()
    (victim,) = hub.case(seeded).victims
    left = replace(victim, left_on=hub.deps.today())
    hub.write(hub.deps.cases.keep_victim(seeded.key, left))
    assert hub.case(seeded).victims == (left,)
    assert conflict(hub, hub.deps.cases.keep_victim(other.key, left)) == {"victim"}


def test_the_force_is_what_was_typed_last(hub: Hub) -> None:
    name = new_name()
    member = StaffMember(OfficerId(name), "PC One", "0001", STOKE)
    absence = Absence(name, member.id, date(2026, 11, 1), date(2026, 11, 2), OfficerId("cover"))
    cases, team = hub.deps.cases, Team(officer(name).team, "One")
    hub.write(
        cases.keep_member(member),
        cases.keep_team(team),
        cases.note_role(member.id, "supervisor"),
        cases.keep_absence(absence),
    )
    hub.write(cases.keep_member(replace(member, active=False)))
    force = cases.read_force()
    assert force.member(name) == replace(member, active=False)
    assert force.roles[member.id] == "supervisor"
    assert team in force.teams
    assert absence in force.absences
    seen = force.away
    noted = Away(member.id, absence.first_day, absence.last_day, absence.cover, "PC Cover")
    note = cases.note_away(seen, [noted])
    hub.write(note)
    assert cases.read_force().away == AwayNote((noted,), seen.version + 1)
    assert hub.deps.access.session_and_away("nobody") == (None, cases.read_force().away)
    assert conflict(hub, note) == {"away"}
    for _ in range(2):
        hub.write(cases.end_absence(name))
    assert absence not in cases.read_force().absences
    assert conflict(hub, hub.imports.new_member(member)) == {"member"}
    assert conflict(hub, hub.imports.new_team(team)) == {"team"}

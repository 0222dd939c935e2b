"""What a later file changes: news, who was told, the officer; and what was typed holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import FROM_DESK, FROM_FILE, Hearing, OfficerId, TeamId, Told
from chalicelib.domain.errors import QuestionsClosedError
from chalicelib.domain.promises import REPLY, REVIEW, TELL, WELCOME
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.services import import_changes
from chalicelib.services.answer_message import Answer, answer_message
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.hand_over import hand_over
from chalicelib.services.import_changes import CaseChange
from chalicelib.services.import_parts import flag_open_promises
from chalicelib.services.ports import ConflictError
from chalicelib.services.post_update import Post, post_update
from chalicelib.services.record_hearing import record_hearing
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from chalicelib.stores.imports import ImportStore
from tests.integration.import_steps import COLLEAGUE, DECIDED, TOLD, Records
from tests.integration.services.staff_steps import asked, colleague, staff, victim

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.services.ports import VictimFile
    from tests.integration.conftest import World

STAFFORD = {"team": "Stafford"}


@pytest.fixture
def records(world: World, tmp_path: Path) -> Records:
    return Records(world, tmp_path)


# --- news and who was told ---------------------------------------------------------


def test_bad_news_that_nobody_told_is_one_row_in_the_worklist(records: Records) -> None:
    records.say(DECIDED)
    (row,) = records.to_tell()
    assert records.on_list_of("pc-example", TELL) == [row]
    assert (row.due_on, row.working.source) == (date(2026, 11, 17), "our standard")
    assert row.subject == records.case.current.id
    records.say(DECIDED)
    assert records.to_tell() == [row]


def test_an_untold_outcome_leaves_the_victims_form_open(world: World, records: Records) -> None:
    records.say({})
    asked(world, records.seeded)
    records.say(DECIDED)
    asked(world, records.seeded, "Is there news now?")
    assert len(records.file().threads) == 2


def test_told_later_closes_the_door_and_keeps_the_promise(world: World, records: Records) -> None:
    records.say({})
    session = victim(world, records.seeded)
    records.say(DECIDED)
    assert records.say(DECIDED | TOLD) == {"changed": 1}
    case, file = records.case, records.file()
    assert case.current.told[records.seeded.victim].on == date(2026, 11, 11)
    assert file.door.closed_on is not None
    assert [t.kept_at is not None for t in file.owed if t.kind == TELL] == [True]
    assert not records.on_list_of("pc-example")
    with pytest.raises(QuestionsClosedError):
        ask_officer(world.deps, session, "Too late?", "form")


def test_an_outcome_that_comes_told_closes_the_door_at_once(records: Records) -> None:
    records.say({}, {"victim_id": "V2"})
    told, untold = DECIDED | TOLD, DECIDED | {"victim_id": "V2"}
    assert records.say(told, untold) == {"changed": 2}
    assert records.file("V1").door.closed_on is not None
    assert records.file("V2").door.closed_on is None
    assert (len(records.to_tell("V1")), len(records.to_tell("V2"))) == (0, 1)


def test_a_case_that_is_opened_again_opens_the_door_again(records: Records) -> None:
    records.say({})
    records.say(DECIDED | TOLD)
    records.say({})
    assert records.file().door.closed_on is None
    assert [e.stage for e in records.case.entries] == [
        "investigating",
        "no_further_action",
        "investigating",
    ]


def test_a_telling_of_earlier_news_does_not_tell_later_bad_news(records: Records) -> None:
    told = {"told_on": "2026-11-13", "told_how": "phone"}
    records.say({"stage": "released_bail"} | told)
    records.say({"stage": "released_rui"} | told)
    assert not records.case.current.told
    assert len(records.to_tell()) == 1


def test_a_telling_of_a_charge_holds_for_the_hearing_that_follows(records: Records) -> None:
    charged = {"stage": "charged", "outcome": "charged", "outcome_on": "2026-11-10"} | TOLD
    records.say(charged)
    records.say(charged | {"stage": "court"})
    assert records.case.current.told
    assert not records.to_tell()


def test_a_victim_who_comes_later_is_owed_the_news_as_well(records: Records) -> None:
    records.say(DECIDED | TOLD)
    assert records.say(DECIDED | TOLD, DECIDED | {"victim_id": "V2"}) == {"same": 1, "new": 1}
    assert (len(records.to_tell("V1")), len(records.to_tell("V2"))) == (0, 1)


def test_two_victims_told_at_once_and_a_corrected_day(records: Records) -> None:
    records.say(DECIDED, DECIDED | {"victim_id": "V2"})
    told = DECIDED | TOLD | {"outcome_on": "2026-11-09"}
    assert records.say(told, told | {"victim_id": "V2"}) == {"changed": 2}
    (entry,) = records.case.entries
    assert (len(entry.told), entry.since) == (2, date(2026, 11, 9))
    assert records.say(told, told | {"victim_id": "V2"}) == {"same": 2}


def test_news_from_before_the_known_bank_holidays_is_late_and_no_fault(records: Records) -> None:
    old = DECIDED | {"reported_on": "2009-01-05", "outcome_on": "2009-02-02"}
    assert records.say(old) == {"new": 1}
    (row,) = records.to_tell()
    assert row.due_on < date(2026, 1, 1)


def test_the_enhanced_rights_shorten_the_limit(records: Records) -> None:
    records.say(DECIDED | {"enhanced_rights": "yes"})
    (row,) = records.to_tell()
    assert row.due_on == date(2026, 11, 11)


# --- court ---------------------------------------------------------------------------


def test_the_next_hearing_stands_in_the_court_list_of_the_team(
    world: World, records: Records
) -> None:
    team = {"team": f"Court team {records.reference}"}
    records.say(team)
    records.say(team | {"next_hearing_on": "2027-01-08"})
    identity, key = records.case.officer.team, records.seeded.victim

    def listed(first: date, last: date) -> list[tuple[str, date]]:
        found = world.deps.threads.next_court(identity, first, last)
        return [(court.victim, court.on) for court in found if court.on]

    year = date(2027, 1, 1), date(2027, 12, 31)
    assert listed(*year) == [(key, date(2027, 1, 8))]
    records.say(team | {"next_hearing_on": "2027-02-09"})
    assert listed(*year) == [(key, date(2027, 2, 9))]
    records.say(team)
    assert listed(*year) == []


def test_a_court_date_that_was_typed_holds_and_is_counted_as_kept(
    world: World, records: Records
) -> None:
    charge = {"stage": "charged", "outcome": "charged", "outcome_on": "2026-11-10"} | TOLD
    filed = charge | {"next_hearing_on": "2027-01-08", "court": "Filed Crown Court"}
    records.say(filed)
    typed = Hearing(date(2027, 2, 9), "Typed Crown Court")
    heard_on, seen = world.deps.today(), records.case.version
    record_hearing(world.deps, staff(world), records.case.key, typed, heard_on=heard_on, seen=seen)
    assert records.say(filed) == {"kept": 1}
    assert records.say(filed | {"next_hearing_on": "2027-01-11"}) == {"kept": 1}
    assert (records.case.next_hearing_on, records.case.court) == (typed.on, typed.court)
    court = records.file().court
    assert court is not None
    assert court.on == typed.on
    # The same date at another court is not the same either.
    assert records.say(filed | {"next_hearing_on": "2027-02-09"}) == {"kept": 1}
    same = {"next_hearing_on": "2027-02-09", "court": "Typed Crown Court"}
    assert records.say(filed | same) == {"changed": 1}


CHARGED = {"stage": "charged", "outcome": "charged", "outcome_on": "2026-11-10"} | TOLD
FILED = CHARGED | {"next_hearing_on": "2026-12-10", "court": "Filed Crown Court"}
ANOTHER = FILED | {"next_hearing_on": "2027-01-20"}


def _typed(world: World, records: Records, on: date | None) -> None:
    record_hearing(
        world.deps,
        staff(world),
        records.case.key,
        Hearing(on, "Typed Crown Court" if on else None),
        heard_on=world.deps.today(),
        seen=records.case.version,
    )


def _court_day(records: Records) -> tuple[date | None, date | None]:
    """Return the next court date of the case and of its victim."""
    court = records.file().court
    return records.case.next_hearing_on, court.on if court else None


def test_a_typed_date_that_has_passed_yields_to_a_date_that_the_file_got_since(
    world: World, records: Records
) -> None:
    records.say(FILED | {"crime_type": "rape"})
    _typed(world, records, date(2026, 12, 14))
    world.clock.forward(days=40)
    assert records.say(ANOTHER | {"crime_type": "rape"}) == {"changed": 1}
    assert _court_day(records) == (date(2027, 1, 20), date(2027, 1, 20))
    assert (records.case.hearing, records.case.court) == (None, "Filed Crown Court")
    reviews = [p.subject for p in records.file().owed if p.kind == REVIEW and p.is_open]
    assert reviews == ["2027-01-20"]
    assert records.say(ANOTHER | {"crime_type": "rape"}) == {"same": 1}


def test_it_yields_on_the_day_after_also_to_words_that_the_file_had_before(
    world: World, records: Records
) -> None:
    records.say(FILED)
    _typed(world, records, date(2026, 12, 14))
    assert records.say(ANOTHER) == {"kept": 1}
    world.clock.moment = datetime(2026, 12, 14, 9, tzinfo=UTC)
    assert records.say(ANOTHER) == {"kept": 1}
    assert _court_day(records) == (date(2026, 12, 14), date(2026, 12, 14))
    world.clock.forward(days=1)
    assert records.say(ANOTHER) == {"changed": 1}
    assert _court_day(records) == (date(2027, 1, 20), date(2027, 1, 20))
    assert records.say(ANOTHER) == {"same": 1}


def test_that_there_was_no_date_any_more_yields_to_a_later_one_and_not_to_the_same(
    world: World, records: Records
) -> None:
    records.say(FILED)
    _typed(world, records, None)
    assert records.say(FILED) == {"kept": 1}
    assert _court_day(records) == (None, None)
    # A day that has passed is no next date either.
    world.clock.forward(days=25)
    assert records.say(FILED | {"next_hearing_on": "2026-12-01"}) == {"kept": 1}
    assert records.say(ANOTHER) == {"changed": 1}
    assert _court_day(records) == (date(2027, 1, 20), date(2027, 1, 20))


def test_with_the_date_of_the_file_everybody_may_be_needed_again(
    world: World, records: Records
) -> None:
    many = [{"victim_id": f"V{n}"} for n in range(1, 31)]
    records.say(*(FILED | one for one in many))
    typed = Hearing(None, None, frozenset({records.seeded.victims["V30"]}))
    seen, today = records.case.version, world.deps.today()
    record_hearing(world.deps, staff(world), records.case.key, typed, heard_on=today, seen=seen)
    assert records.say(*(ANOTHER | one for one in many)) == {"changed": 30}
    days = {records.file(str(one["victim_id"])).court for one in many}
    assert {court.on for court in days if court} == {date(2027, 1, 20)}


# --- officers and teams --------------------------------------------------------------


def test_a_new_officer_in_the_file_takes_over_what_is_owed(world: World, records: Records) -> None:
    records.say(DECIDED, DECIDED | {"victim_id": "V2"})
    asked(world, records.seeded, times=23)
    door = records.file().door
    handed = DECIDED | COLLEAGUE | {"team": "Stoke"}
    assert records.say(handed, handed | {"victim_id": "V2"}) == {"changed": 2}
    case = records.case
    assert (case.officer.name, case.officer.team) == ("PC Other", "stoke")
    assert not records.on_list_of("pc-example")
    # A first contact by the new officer is owed to each of the two besides.
    assert len(records.on_list_of("pc-other", WELCOME)) == 2
    moved = records.on_list_of("pc-other", REPLY, TELL)
    assert len(moved) == 25
    assert (case.officer_since, case.officer_before) == (world.deps.today(), "PC Example")
    assert {promise.team for promise in moved} == {case.officer.team}
    assert records.file().door.version > door.version
    assert records.say(handed, handed | {"victim_id": "V2"}) == {"same": 2}


def test_a_hand_over_that_was_cut_short_is_finished_by_the_next_import(
    world: World, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.say({})
    asked(world, records.seeded, times=2)

    def cut_short(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(import_changes, "move_open_promises", cut_short)
        with pytest.raises(KeyboardInterrupt):
            records.say(COLLEAGUE)
    assert len(records.on_list_of("pc-example")) == 3
    assert records.say(COLLEAGUE) == {"changed": 1}
    assert not records.on_list_of("pc-example")
    assert sorted(row.kind for row in records.on_list_of("pc-other")) == [REPLY, REPLY, WELCOME]
    assert records.say(COLLEAGUE) == {"same": 1}


def test_a_case_that_becomes_restricted_hides_what_is_owed(world: World, records: Records) -> None:
    records.say({})
    asked(world, records.seeded, times=23)
    records.say({"flags": "restricted"})
    assert [p.restricted for p in records.on_list_of("pc-example")] == [True] * 24


def test_victims_who_become_opposed_are_marked_in_the_rows_that_are_open(
    world: World, records: Records
) -> None:
    records.say({})
    asked(world, records.seeded, times=2)
    assert [p.opposed for p in records.on_list_of("pc-example")] == [False] * 3
    records.say({"flags": "opposed_victims"})
    assert [p.opposed for p in records.on_list_of("pc-example")] == [True] * 3
    assert [p.safe_mode for p in records.on_list_of("pc-example")] == [True] * 3
    assert not any(p.restricted for p in records.on_list_of("pc-example"))


def test_an_answer_given_while_promises_are_hidden_does_not_stop_the_others(
    world: World, records: Records
) -> None:
    records.say(STAFFORD)
    asked(world, records.seeded, times=2)
    case, before = records.case, records.file()
    officer = staff(world, team=case.officer.team)
    answered = Answer(case.victims[0].key, 1, 0, "We have spoken to a neighbour.")
    answer_message(world.deps, officer, case.key, answered, "form")
    seen_before = replace(world.deps, threads=_AsBefore(world.deps.threads, before))  # type: ignore[arg-type]
    restricted = replace(case, flags=frozenset({"restricted"}))
    flag_open_promises(seen_before, ImportStore.alone(), restricted)
    assert [p.restricted for p in records.on_list_of("pc-example")] == [True, True]


class _AsBefore:
    """A store of threads that reads what stood there a moment ago."""

    def __init__(self, store: object, before: VictimFile) -> None:
        self._store, self._before = store, before

    def read(self, *_: object, **__: object) -> VictimFile:
        return self._before

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def test_staff_and_teams_of_a_file_are_kept_and_what_was_typed_stays(
    world: World, records: Records
) -> None:
    deps, letters = world.deps, records.reference.replace("/", "")
    typed = StaffMember(OfficerId(f"typed-{letters}"), "DS Typed", "0042", TeamId("typed"))
    team = Team(TeamId(f"t{letters}"), f"Typed team {letters}")
    deps.ledger.write([deps.cases.keep_member(typed), deps.cases.keep_team(team)])
    records.say({"officer_id": typed.id, "officer_name": "PC Filed", "team": team.name.upper()})
    new = {"officer_id": f"new-{letters}", "team": f"New Team {letters}"}
    records.say(new | {"reference": "71/000001/71"})
    force = deps.cases.read_force()
    assert force.member(typed.id) == typed
    assert records.case.officer.team == team.id
    member = force.member(f"new-{letters}")
    assert member is not None
    assert (member.name, member.active, member.team) == ("PC Example", True, f"new-team-{letters}")
    assert Team(TeamId(f"new-team-{letters}"), f"New Team {letters}") in force.teams


# --- what was typed holds ---------------------------------------------------------------


def test_a_stage_that_was_typed_holds_against_the_file(world: World, records: Records) -> None:
    records.say(STAFFORD)
    officer = staff(world, team=records.case.officer.team)
    world.clock.forward(minutes=1)
    post = Post(stage="suspect_spoken_to")
    post_update(
        world.deps, officer, records.case.key, post, seen=records.case.version, form_key="f"
    )
    assert records.say(STAFFORD) == {"kept": 1}
    assert records.say(STAFFORD | DECIDED) == {"kept": 1}
    assert records.say(STAFFORD | DECIDED) == {"kept": 1}
    assert records.case.current.stage == "suspect_spoken_to"
    assert not records.to_tell()
    assert records.say(STAFFORD | {"stage": "suspect_spoken_to"}) == {"changed": 1}
    assert records.say(STAFFORD | {"stage": "suspect_spoken_to"}) == {"same": 1}


def test_the_file_can_say_who_was_told_of_an_outcome_that_was_typed(
    world: World, records: Records
) -> None:
    records.say(STAFFORD)
    _typed_outcome(world, records)
    assert records.say(STAFFORD | DECIDED | {"told_on": "2026-11-17"}) == {"changed": 1}
    assert records.case.current.origin == FROM_DESK
    assert not records.to_tell()
    assert records.file().door.closed_on is not None


def test_a_telling_that_was_typed_holds_against_the_file(world: World, records: Records) -> None:
    records.say(DECIDED | STAFFORD)
    officer, case = staff(world, team=records.case.officer.team), records.case
    told = Told(date(2026, 11, 16), "in person")
    record_telling(
        world.deps, officer, case.key, case.victims[0].key, told, entry_id=case.current.id
    )
    assert records.say(DECIDED | STAFFORD | TOLD) == {"kept": 1}
    assert records.case.current.told == {case.victims[0].key: told}


def test_an_officer_who_was_typed_holds_against_the_file(world: World, records: Records) -> None:
    records.say(STAFFORD)
    team = records.case.officer.team
    to = colleague(world, "typed", team=team)
    hand_over(
        world.deps,
        staff(world, team=team),
        records.case.key,
        to,
        seen_officer=OfficerId("pc-example"),
    )
    assert records.say(STAFFORD) == {"kept": 1}
    assert records.say(STAFFORD | COLLEAGUE) == {"kept": 1}
    assert records.case.officer.id == to
    assert records.say(STAFFORD | {"officer_id": "typed"}) == {"changed": 1}
    assert records.say(STAFFORD | {"officer_id": "typed"}) == {"same": 1}


def test_what_is_typed_while_the_import_runs_is_not_lost(
    world: World, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.say(STAFFORD)
    look = CaseChange.look
    looks = 0

    def typed_after_the_look(change: CaseChange) -> None:
        nonlocal looks
        look(change)
        looks += 1
        if looks == 1:
            _typed_outcome(world, records)

    monkeypatch.setattr(CaseChange, "look", typed_after_the_look)
    assert records.say(STAFFORD | {"stage": "with_cps", "court": "Invented Court"}) == {"kept": 1}
    assert looks == 2
    case = records.case
    assert (case.current.origin, case.current.outcome) == (FROM_DESK, "no_suspect_found")
    assert [e.origin for e in case.entries] == [FROM_FILE, FROM_DESK]
    assert case.court == "Invented Court"


def test_a_case_that_others_change_without_end_is_reported(
    records: Records, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    records.say({})
    write = type(world.deps.ledger).write

    def conflicting(ledger: object, parts: list[object]) -> None:
        if any(getattr(part, "name", "") == "case" for part in parts):
            raise ConflictError(frozenset({"case"}))
        write(ledger, parts)  # type: ignore[arg-type]

    monkeypatch.setattr(type(world.deps.ledger), "write", conflicting)
    report = records.report({"court": "Invented Court"})
    assert [(r.line, "import the file again" in r.reason) for r in report.rejected] == [(2, True)]


def _typed_outcome(world: World, records: Records) -> None:
    world.clock.forward(minutes=1)
    case = records.case
    news = News("no_further_action", date(2026, 11, 10), outcome="no_suspect_found")
    officer = staff(world, team=case.officer.team)
    record_outcome(world.deps, officer, case.key, news, seen=case.version, form_key=case.key)

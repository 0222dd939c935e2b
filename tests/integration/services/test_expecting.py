"""The minimum expectations of police and ISVAs begin by themselves, and follow what happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreements import NEEDS
from chalicelib.domain.cases import Hearing, Plea, Told
from chalicelib.domain.expectations import (
    DATE_CHANGED,
    DATE_PASSED,
    NO_DATE,
    NOT_AGREED,
    OTHER_END,
)
from chalicelib.domain.promises import LINE, TELL, UPDATE, WELCOME
from chalicelib.services.end_agreements import take_back_ended
from chalicelib.services.expect import hearing_parts, plea_parts, report_parts, stopping_parts
from chalicelib.services.hand_over import hand_over
from chalicelib.services.isva_lines import OFFERED
from chalicelib.services.leave_case import record_back, record_left
from chalicelib.services.post_update import Post, post_update
from chalicelib.services.read_case import expectations
from chalicelib.services.record_contact import record_contact
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from chalicelib.services.record_plea import record_plea
from chalicelib.services.victim_sessions import read_victim
from tests.builders import OFFICER, STAFFORD, seed_case
from tests.integration.partner_steps import agency, has_hearing, says_yes, with_partners
from tests.integration.services.court_steps import needs_told
from tests.integration.services.following import followed, news_of, only, owed, record
from tests.integration.services.line_steps import (
    assault,
    due,
    every,
    has_isva,
    lines,
    loses_isva,
)
from tests.integration.services.staff_steps import (
    case_of,
    colleague,
    file_of,
    staff,
    victim,
)

if TYPE_CHECKING:
    from chalicelib.domain.cases import VictimKey
    from chalicelib.domain.promises import Promise
    from tests.builders import SeededCase
    from tests.integration.conftest import World as AnyWorld

TODAY = date(2026, 11, 18)  # a Wednesday
COURT = date(2026, 12, 9)
BY_PHONE = Told(TODAY, "by phone")
CHARGED = {"stage": "charged", "outcome": "charged", "told": True}


@pytest.fixture
def world(world: AnyWorld) -> AnyWorld:
    """Both services with partner agencies of this test alone."""
    return with_partners(world)


def _greeted(world: AnyWorld, case: SeededCase, rhythm: str = "") -> None:
    promise = only(world, case, WELCOME)
    record_contact(
        world.deps,
        staff(world),
        case.key,
        case.victim,
        BY_PHONE,
        promise_id=promise.id,
        rhythm=rhythm,
    )


def _shown(world: AnyWorld, case: SeededCase) -> set[str]:
    """Return the lines that the victim's page lists, open or kept."""
    opened = read_victim(world.deps, victim(world, case))
    found = expectations(opened, world.deps.today(), world.deps.rules)
    every_one = (*found.late, *found.due, *found.kept)
    return {promise.line for promise in every_one if promise.kind == LINE}


# --- the police's own


def test_a_new_case_begins_the_offer_and_its_first_contact_is_a_line(world: AnyWorld) -> None:
    case = assault(world)
    # Reported on 2 November: asked for anew, counted from today.
    assert due(world, case) == {"offer": date(2026, 11, 20)}
    assert only(world, case, WELCOME).line == "officer_named"
    assert lines(world, case)["offer"].owner == OFFICER.id


def test_of_other_crimes_there_are_none_and_what_is_owed_carries_no_line(world: AnyWorld) -> None:
    case = followed(world)
    assert lines(world, case) == {}
    assert only(world, case, WELCOME).line == ""


def test_a_flag_is_enough(world: AnyWorld) -> None:
    assert set(lines(world, followed(world, flags=("sexual",)))) == {"offer"}


def test_the_first_contact_begins_the_plan_once(world: AnyWorld) -> None:
    case = assault(world)
    _greeted(world, case)
    assert due(world, case)["plan"] == date(2026, 11, 25)
    hand_over(
        world.deps, staff(world), case.key, colleague(world, "robin"), seen_officer=OFFICER.id
    )
    robin = staff(world, "robin", team=STAFFORD, name="PC Robin")
    world.clock.forward(days=1)
    told = Told(world.deps.today(), "by phone")
    again = only(world, case, WELCOME)
    record_contact(world.deps, robin, case.key, case.victim, told, promise_id=again.id)
    assert len(every(world, case, "plan")) == 1
    assert lines(world, case)["plan"].owner == "robin"


def test_without_a_rhythm_an_update_is_owed_all_the_same(world: AnyWorld) -> None:
    case = assault(world)
    _greeted(world, case)
    update = only(world, case, UPDATE)
    assert (update.due_on, update.line) == (date(2026, 12, 16), "no_news")
    other = followed(world)
    _greeted(world, other)
    assert owed(world, other, UPDATE) == []


def test_a_rhythm_that_is_agreed_takes_its_place(world: AnyWorld) -> None:
    case = assault(world)
    _greeted(world, case, "every_5")
    assert only(world, case, UPDATE).due_on == date(2026, 11, 25)


def test_news_of_an_event_carries_its_line(world: AnyWorld) -> None:
    case = assault(world)
    record(world, case, news_of(case, None))
    assert only(world, case, TELL).line == "events"


def test_a_plea_begins_what_witness_care_does_and_once(world: AnyWorld) -> None:
    case = assault(world, **CHARGED)
    seen = case_of(world, case).version
    record_plea(world.deps, staff(world), case.key, Plea(TODAY, "crown"), seen=seen)
    line = lines(world, case)["not_guilty"]
    assert line.due_on == date(2026, 11, 25)
    # Nobody of the staff list is Witness Care's contact point here: then it is the officer's.
    assert (line.owner, line.stays) == (OFFICER.id, False)
    read, file = case_of(world, case), file_of(world, case)
    assert plea_parts(world.deps, read, read.victims[0], file, TODAY + timedelta(days=1)) == []


def test_what_witness_care_does_stands_in_the_list_of_its_contact_point(world: AnyWorld) -> None:
    care = colleague(world, "care-contact")
    own = replace(world.deps.rules.force, witness_care_contact_point=care)
    deps = replace(world.deps, rules=replace(world.deps.rules, force=own))
    case = assault(world, **CHARGED)
    read = case_of(world, case)
    parts = plea_parts(deps, read, read.victims[0], file_of(world, case), TODAY)
    deps.ledger.write(parts)
    line = lines(world, case)["not_guilty"]
    assert (line.owner, line.stays) == (care, True)


def test_before_a_charge_witness_care_is_given_nothing_it_cannot_open(world: AnyWorld) -> None:
    care = colleague(world, "care-contact")
    own = replace(world.deps.rules.force, witness_care_contact_point=care)
    deps = replace(world.deps, rules=replace(world.deps.rules, force=own))
    case = assault(world)
    read = case_of(world, case)
    deps.ledger.write(plea_parts(deps, read, read.victims[0], file_of(world, case), TODAY))
    assert lines(world, case)["not_guilty"].owner == OFFICER.id


# --- before court


def test_a_court_date_begins_what_is_done_before_it(world: AnyWorld) -> None:
    case = assault(world, **CHARGED)
    has_hearing(world, case, COURT)
    found = due(world, case)
    assert found["trial_days"] == date(2026, 12, 2)
    assert found["meeting"] == date(2026, 11, 25)


def test_another_date_moves_what_is_open_and_repeats_nothing_that_is_for_once(
    world: AnyWorld,
) -> None:
    case = assault(world, **CHARGED)
    has_hearing(world, case, COURT)
    _kept(world, lines(world, case)["meeting"])
    world.clock.forward(minutes=1)
    has_hearing(world, case, date(2026, 12, 16))
    first, second = every(world, case, "trial_days")
    assert (first.cancelled_why, second.due_on) == (DATE_CHANGED, date(2026, 12, 9))
    assert len(every(world, case, "meeting")) == 1
    world.clock.forward(minutes=1)
    has_hearing(world, case, COURT)
    assert due(world, case)["trial_days"] == date(2026, 12, 2)


def test_what_was_missed_before_court_stays_until_there_is_another_date(world: AnyWorld) -> None:
    case = assault(world, **CHARGED)
    has_hearing(world, case, COURT)
    missed = due(world, case)
    world.clock.forward(days=25)
    needs_told(world, case)
    assert due(world, case) == missed
    has_hearing(world, case, date(2027, 1, 20))
    first, second = every(world, case, "meeting")
    assert (first.cancelled_why, second.is_open) == (DATE_PASSED, True)


def test_who_comes_back_is_owed_again_what_was_owed_before_they_left(world: AnyWorld) -> None:
    case = assault(world, **CHARGED)
    has_hearing(world, case, COURT)
    before = set(lines(world, case))
    world.clock.forward(minutes=1)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    assert lines(world, case) == {}
    world.clock.forward(minutes=1)
    record_back(world.deps, staff(world), case.key, case.victim)
    assert {"meeting", "trial_days"} <= before
    assert set(lines(world, case)) == before | {"offer"}


def test_without_a_date_nothing_is_done_before_it(world: AnyWorld) -> None:
    case = assault(world, **CHARGED)
    has_hearing(world, case, COURT)
    has_hearing(world, case, None)
    assert {"meeting", "trial_days"}.isdisjoint(lines(world, case))
    assert every(world, case, "trial_days")[0].cancelled_why == NO_DATE


def _kept(world: AnyWorld, promise: Promise) -> None:
    now = world.clock()
    part = world.deps.threads.keep_promise(promise, now, how="by phone", recorded_at=now)
    world.deps.ledger.write([part])


# --- with an ISVA


def test_who_agrees_to_an_isva_was_offered_one_and_is_owed_their_lines(world: AnyWorld) -> None:
    case = assault(world)
    isva = has_isva(world, case)
    assert due(world, case) == {
        "first_contact": date(2026, 11, 20),
        "introduction": date(2026, 11, 25),
        "ending": date(2027, 11, 11),
    }
    assert {promise.owner for promise in lines(world, case).values()} == {isva.member.id}
    assert all(promise.stays for promise in lines(world, case).values())
    (offer,) = every(world, case, "offer")
    assert offer.kept_how == OFFERED


def test_a_partner_without_isvas_begins_nothing(world: AnyWorld) -> None:
    case = assault(world)
    says_yes(world, case)
    assert set(lines(world, case)) == {"offer"}


def test_while_nobody_works_for_the_isva_service_the_officer_has_its_lines(
    world: AnyWorld,
) -> None:
    case = assault(world)
    says_yes(world, case, row=agency(world, "isva"))
    owners = {key: promise.owner for key, promise in lines(world, case).items()}
    assert owners == dict.fromkeys(("first_contact", "introduction", "ending"), OFFICER.id)


def test_an_isva_agreed_to_before_the_case_was_of_this_kind_owes_its_lines_then(
    world: AnyWorld,
) -> None:
    case = followed(world, crime_type="stalking_harassment")
    isva = has_isva(world, case)
    assert lines(world, case) == {}
    read = replace(case_of(world, case), crime_type="rape")
    file = file_of(world, case)
    world.deps.ledger.write(report_parts(world.deps, read, read.victims[0], file))
    owners = {key: promise.owner for key, promise in lines(world, case).items()}
    theirs = dict.fromkeys(("first_contact", "introduction", "ending"), isva.member.id)
    assert owners == theirs
    again = report_parts(world.deps, read, read.victims[0], file_of(world, case))
    assert again == []


def test_another_scope_or_end_begins_no_second_first_contact(world: AnyWorld) -> None:
    case = assault(world)
    has_isva(world, case)
    has_isva(world, case, NEEDS, until=date(2027, 5, 18))
    assert len(every(world, case, "first_contact")) == 1
    first, second = every(world, case, "ending")
    assert (first.cancelled_why, second.due_on) == (OTHER_END, date(2027, 5, 11))


def test_who_stops_it_owes_nothing_and_the_officer_says_how_to_come_back(
    world: AnyWorld,
) -> None:
    case = assault(world)
    isva = has_isva(world, case)
    loses_isva(world, case)
    assert {key: p.owner for key, p in lines(world, case).items()} == {"ending": OFFICER.id}
    assert due(world, case) == {"ending": date(2026, 11, 25)}
    after = world.deps.rules.expectations["ending"].says_after
    assert lines(world, case)["ending"].owed == after
    (gone,) = every(world, case, "introduction")
    assert gone.cancelled_why == NOT_AGREED
    assert world.deps.threads.open_of_owner(isva.member.id, after=None, limit=9).promises == ()


def test_who_agrees_again_is_contacted_again(world: AnyWorld) -> None:
    case = assault(world)
    has_isva(world, case)
    loses_isva(world, case)
    has_isva(world, case)
    assert len(every(world, case, "first_contact")) == 2
    assert lines(world, case)["first_contact"].owner.startswith("linden")


def test_what_somebody_else_can_do_goes_to_them(world: AnyWorld) -> None:
    case = assault(world, **CHARGED)
    isva = has_isva(world, case)
    has_hearing(world, case, COURT)
    assert lines(world, case)["trial_days"].owner == isva.member.id
    loses_isva(world, case)
    moved = lines(world, case)["trial_days"]
    assert (moved.owner, moved.moves[-1].why) == (OFFICER.id, NOT_AGREED)


def test_without_leave_to_see_dates_the_day_at_court_is_not_in_their_list(
    world: AnyWorld,
) -> None:
    case = assault(world, **CHARGED)
    has_isva(world, case, NEEDS)
    has_hearing(world, case, COURT)
    assert lines(world, case)["trial_days"].owner == OFFICER.id


def test_an_agreement_that_is_over_is_taken_back_in_the_morning(world: AnyWorld) -> None:
    case = assault(world)
    isva = has_isva(world, case, until=date(2026, 11, 19))
    world.clock.forward(days=2)
    take_back_ended(world.deps)
    assert {key: p.owner for key, p in lines(world, case).items()} == {"ending": OFFICER.id}
    take_back_ended(world.deps)
    assert len(every(world, case, "ending")) == 2
    assert world.deps.threads.open_of_owner(isva.member.id, after=None, limit=9).promises == ()


def test_of_a_case_with_many_victims_all_is_taken_back_on_one_morning(world: AnyWorld) -> None:
    labels = tuple(f"V{number}" for number in range(1, 21))
    case = assault(world, **CHARGED, victims=labels)
    isva = has_isva(world, case, until=date(2026, 11, 19))
    for label in labels[1:]:
        says_yes(world, case, row=agency(world, "isva"), until=date(2026, 11, 19), label=label)
    deps, read, hearing = world.deps, case_of(world, case), Hearing(COURT, "Example Crown Court")
    deps.ledger.write([deps.cases.desk_change(read, officer=None, at=deps.now(), hearing=hearing)])
    for victim_key in case.victims.values():
        _dated_and_unsure(world, case, victim_key)
    world.clock.forward(days=2)
    assert take_back_ended(world.deps) == 5 * len(labels)
    assert world.deps.threads.open_of_owner(isva.member.id, after=None, limit=9).promises == ()


def _dated_and_unsure(world: AnyWorld, case: SeededCase, key: VictimKey) -> None:
    """Let a victim have a day at court, and think of stopping."""
    read, file, deps = case_of(world, case), world.deps.threads.read(key), world.deps
    whose = read.victim(key)
    assert whose is not None
    begun = hearing_parts(deps, read, whose, file, COURT) + stopping_parts(deps, read, whose, file)
    deps.ledger.write(begun)


def test_a_line_that_the_checklist_names_no_more_ends_with_their_isva(world: AnyWorld) -> None:
    case = assault(world)
    has_isva(world, case, until=date(2026, 11, 19))
    world.clock.forward(days=2)
    rows = {k: r for k, r in world.deps.rules.expectations.items() if k != "introduction"}
    rules = replace(world.deps.rules, expectations=rows)
    take_back_ended(replace(world.deps, rules=rules))
    assert set(lines(world, case)) == {"ending"}


def test_a_hand_over_leaves_an_isvas_lines_with_them(world: AnyWorld) -> None:
    case = assault(world)
    isva = has_isva(world, case)
    robin = colleague(world, "robin")
    hand_over(world.deps, staff(world), case.key, robin, seen_officer=OFFICER.id)
    assert lines(world, case)["first_contact"].owner == isva.member.id


def test_who_wants_to_hear_nothing_more_keeps_their_isva(world: AnyWorld) -> None:
    case = assault(world)
    has_isva(world, case)
    _greeted(world, case)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    assert set(lines(world, case)) == {"first_contact", "introduction", "ending"}


# --- what a victim reads, and what is counted


def test_a_victim_reads_their_side_and_nothing_between_the_services(world: AnyWorld) -> None:
    case = assault(world)
    has_isva(world, case)
    assert _shown(world, case) == {"offer", "first_contact", "ending"}


def test_nothing_before_court_is_read_by_who_was_not_told_of_the_charge(world: AnyWorld) -> None:
    case = assault(world)
    _records(world, case, News("charged", TODAY, "charged"))
    assert only(world, case, TELL).line == "charged"
    has_hearing(world, case, COURT)
    assert {"meeting", "trial_days"} <= set(lines(world, case))
    assert _shown(world, case) == {"offer"}


def test_who_was_told_reads_what_is_done_before_court(world: AnyWorld) -> None:
    case = assault(world, **CHARGED)
    has_hearing(world, case, COURT)
    assert {"meeting", "trial_days"} <= _shown(world, case)


def test_a_sentence_that_nobody_told_begins_nothing_on_their_page(world: AnyWorld) -> None:
    case = assault(world, **CHARGED)
    _records(world, case, News("closed", TODAY, "sentenced"))
    assert due(world, case)["afterwards"] == date(2026, 12, 2)
    assert only(world, case, TELL).line == "result"
    assert "afterwards" not in _shown(world, case)
    entry = case_of(world, case).current
    record_telling(world.deps, staff(world), case.key, case.victim, BY_PHONE, entry_id=entry.id)
    assert "afterwards" in _shown(world, case)


def test_the_file_goes_to_the_prosecutor_and_the_wishes_with_it(world: AnyWorld) -> None:
    case = assault(world, stage="with_cps")
    # The stage was reached on 2 November, before the hub heard of the case.
    assert due(world, case) == {"offer": date(2026, 11, 20), "wishes": date(2026, 11, 19)}


def test_a_stage_that_is_posted_begins_its_lines_from_its_day(world: AnyWorld) -> None:
    case = assault(world)
    _greeted(world, case)
    post = Post("It is with the prosecutors now.", frozenset({case.victim}), "with_cps")
    seen = case_of(world, case).version
    post_update(world.deps, staff(world), case.key, post, seen=seen, form_key="form")
    assert due(world, case)["wishes"] == date(2026, 11, 19)
    news = News("no_further_action", TODAY, "not_enough_evidence", {case.victim: BY_PHONE})
    _records(world, case, news)
    # Whatever was decided, somebody still offers support.
    assert set(lines(world, case)) == {"offer"}
    assert every(world, case, "plan")[0].cancelled_why


def _records(world: AnyWorld, case: SeededCase, news: News) -> None:
    world.clock.forward(minutes=1)
    seen = case_of(world, case).version
    record_outcome(world.deps, staff(world), case.key, news, seen=seen, form_key=f"{news}")
    world.clock.forward(minutes=1)


def test_a_case_that_is_over_and_told_begins_nothing(world: AnyWorld) -> None:
    case = seed_case(world.deps, crime_type="rape", stage="closed", outcome="sentenced", told=True)
    assert lines(world, case) == {}

"""Whole visits ask AWS for nothing that their stage's role may not do (D1, D3).

The stand-in lets everybody do everything. So the requests of a visit are noted and
held against the role's policy, as AWS would.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.agreements import SCOPES, Terms
from chalicelib.domain.cases import OfficerId, TeamId, Told
from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.domain.notices import FAILED, TAKEN, TOO_MANY_TRIES, given_up, to_officer, to_victim
from chalicelib.domain.promises import TELL
from chalicelib.domain.safety import PERSON_THEN_HERE, Safety
from chalicelib.domain.staff import Absence, StaffMember, Team
from chalicelib.domain.tellings import LIMIT
from chalicelib.services.agree import note_agreement, note_stop
from chalicelib.services.answer_message import Answer, answer_message
from chalicelib.services.board import open_board
from chalicelib.services.break_glass import asking_id, break_glass, confirm_leave, waiting_leave
from chalicelib.services.hand_over import hand_over
from chalicelib.services.issue_code import Check, activate_code, cancel_code, issue_code
from chalicelib.services.keep_needs import note_need
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.open_needs import open_needs
from chalicelib.services.post_update import Post, post_update
from chalicelib.services.read_messages import message_id, note_dealt_with, open_messages
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from chalicelib.services.release_sending import ask_release, confirm_release, stop_id
from chalicelib.services.search_case import search_case
from chalicelib.services.send import send_due
from chalicelib.services.staff_case import open_staff_case
from chalicelib.services.support import open_supported
from chalicelib.services.support_list import open_support_list
from chalicelib.services.support_work import OwnTask, keep_view, mark_done, take_on
from chalicelib.services.watch import look_after
from chalicelib.services.worklist import open_worklist
from chalicelib.settings import PUBLIC, STAFF
from tests.builders import OFFICER, STOKE, seed_case, seed_code
from tests.infra.permissions import Wish, read_policy, wishes
from tests.integration.partner_steps import (
    agency,
    has_hearing,
    has_need,
    has_task,
    says_yes,
    supporter,
    with_partners,
)
from tests.integration.services.contact_steps import notes_contact
from tests.integration.services.following import followed
from tests.integration.services.staff_steps import asked, case_of, colleague, file_of, staff
from tests.integration.web.desk_steps import new_officer
from tests.integration.web.victim_steps import ask, tell
from tests.integration.web.victim_steps import record_outcome as seed_outcome
from tests.sending import PlayedProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.cases import Officer
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.staff import Force, StaffSession
    from chalicelib.services.ports import CaseStore, ThreadStore
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor


@pytest.fixture
def world(world: World) -> World:
    """Both services with partner agencies of this test alone."""
    return with_partners(world)


@dataclass
class Visits:
    """What visits asked of DynamoDB, apart from what a test put there itself."""

    world: World
    wishes: set[Wish] = field(default_factory=set)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note what is asked inside the block."""
        with self.world.watched() as calls:
            yield
        for name, request in calls.seen:
            if name != "GenerateMac":
                self.wishes |= set(wishes(name, request["body"]))

    def used(self) -> set[tuple[str, str]]:
        """Return each action by table."""
        return {(wish.table, wish.action) for wish in self.wishes}


def _new_code(seen: Seen) -> str:
    shown = next(e for e in seen.tree.iter("p") if e.get("class") == "hub-code")
    return "".join("".join(span.itertext()) for span in shown.iter("span"))


def _decide_on_a_partner(
    world: World, victim: Visitor, case: SeededCase, partner: StaffSession
) -> None:
    """Let a victim say yes to a partner and then no, while it is to do something."""
    path, key = "/case/support", agency(world).key
    form = victim.get(path).fields(path)
    victim.send(path, {**form, f"scope_{key}": "needs", f"until_{key}": "long"})
    has_task(world, case, partner, "letter")
    victim.send(path, {**form, "stop": "yes"})
    (task,) = (each for each in file_of(world, case).owed if each.event == "letter")
    assert task.owner == OFFICER.id


def _look_at_what_is_for_anybody(visitor: Visitor) -> None:
    """Open the pages that need no case, and send their forms."""
    visitor.get("/what-might-help")
    visitor.post("/what-might-help", journey="cannot_come")
    visitor.get("/check-a-message")
    visitor.post("/check-a-message", words="lemon otter")


def _victims_visits(world: World) -> Visits:
    """Do everything that a victim can do, with what can go wrong on the way."""
    visits, case, partner = Visits(world), seed_case(world.deps), supporter(world)
    victim, code, wrong = world.visitor(), seed_code(world.deps, case), "BCDF GHJK MNPQ RSTP"
    with visits.noted():
        victim.get("/case/open")
        victim.post("/case/open", reference=case.reference, code=wrong)
        victim.post("/case/open", reference=case.reference, code=code)
        victim.get("/case")
        victim.get("/case/rhythm")
        victim.post("/case/rhythm", rhythm="every_5")
        victim.follow()
        victim.get("/case/rhythm")
        victim.post("/case/rhythm", rhythm="every_10")
        victim.get("/case/needs/1")
        victim.post("/case/needs", health_what="Epilepsy")
        victim.follow()
        victim.get("/case/needs/1/withdraw")
        victim.post("/case/needs/withdraw")
        victim.get("/case/contact/change")
        victim.post("/case/contact/change", more="Ring twice.")
        victim.follow()
        victim.post("/case/contact")
        token = victim.get("/what-might-help").fields("/what-might-help")
        victim.send("/case/measures/add", {**token, "measure": ["screen", "supporter"]})
        victim.get("/case/measures")
        victim.post("/case/measures", measure="screen", do="changed", view_screen="A link.")
        victim.get("/case/measures")
        victim.post("/case/measures", measure="screen", do="withdraw")
        victim.get("/case/court")
        _look_at_what_is_for_anybody(victim)
        _decide_on_a_partner(world, victim, case, partner)
        victim.get("/case/message")
        victim.post("/case/message", message="Is there news?", keep="yes")
        ask(victim, "Is there news?")
        victim.follow()
        victim.get("/case/code")
        new = _new_code(victim.post("/case/code", code=code))
        victim.post("/case/code/confirm", code=new)
        victim.follow()
        form = victim.get("/case/message").fields("/case/message")
        victim.send("/case/message", {**form, "message": "And now?"})
        victim.send("/case/message", {**form, "message": "And now?"})
    tell(world, case, seed_outcome(world, case, "charged"))
    with visits.noted():
        victim.send("/case/message", {**form, "message": "And now?"})
        victim.send("/case/message", {**form, "message": "Too late", "form_key": "another"})
        world.clock.forward(minutes=16)
        victim.send("/case/message", {**form, "message": "While I was away"})
        victim.get("/case/exit")
    return visits


class OneTeam:
    """The cases of the world, and of its force one team: other tests left much in others."""

    def __init__(self, cases: CaseStore, team: TeamId) -> None:
        self._cases, self._team = cases, team

    def read_force(self) -> Force:
        force = self._cases.read_force()
        mine = tuple(member for member in force.staff if member.team == self._team)
        return replace(force, staff=mine, teams=(Team(self._team, "One team"),))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)


class OnlyFor:
    """The threads of the world, and of the messages that are due those to these alone."""

    def __init__(self, threads: ThreadStore, to: set[str]) -> None:
        self._threads, self._to = threads, to

    def due_notices(self, now: datetime, limit: int) -> tuple[Notice, ...]:
        due = self._threads.due_notices(now, 1000 * limit)
        return tuple(notice for notice in due if notice.to in self._to)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._threads, name)


def test_the_morning_job_needs_all_that_its_role_may_do_and_no_more(world: World) -> None:
    officer = new_officer()
    case = followed(world, officer=officer)
    staff(world, officer.id, team=officer.team)
    says_yes(world, case, until=world.deps.today())
    has_task(world, case, supporter(world))
    released = _chose_to_read_it_then(world, officer)
    # A month that no other test lets end.
    world.clock.moment = datetime(2027, 6, 1, 3, 10, tzinfo=UTC)
    visits, policy = Visits(world), read_policy("every-morning")
    with visits.noted():
        look_after(replace(world.deps, cases=OneTeam(world.deps.cases, officer.team)))
    assert all(promise.raised_at is not None for promise in file_of(world, case).owed)
    assert {promise.owner for promise in file_of(world, case).owed} == {officer.id}
    told = [p.kept_how for p in file_of(world, released).owed if p.kind == TELL]
    assert told == [LIMIT, LIMIT]
    assert {wish for wish in visits.wishes if not policy.allows(wish)} == set()
    assert policy.table_actions() - visits.used() == set()


def _chose_to_read_it_then(world: World, officer: Officer) -> SeededCase:
    """Put a case with an event and a stage of which a victim reads once their day has passed."""
    case, deps = followed(world, officer=officer), world.deps
    session = staff(world, officer.id, team=officer.team)
    chosen = deps.threads.keep_safety(case.victim, Safety(hears=PERSON_THEN_HERE))
    deps.ledger.write([chosen])
    event = EventNews("released_no_charge", deps.today(), {case.victim: None})
    record_event(deps, session, case.key, event, seen=case_of(world, case).version, form_key="e")
    world.clock.forward(minutes=1)
    news = News("released_rui", deps.today())
    record_outcome(deps, session, case.key, news, seen=case_of(world, case).version, form_key="o")
    return case


def test_the_minute_job_needs_all_that_its_role_may_do_and_no_more(world: World) -> None:
    case, officer = seed_case(world.deps), new_officer()
    notes_contact(world, case)
    threads, now = world.deps.threads, world.clock()
    wanted = threads.want_notice(to_victim(case.victim), case.key, now)
    to_do = threads.want_notice(to_officer(officer.id), None, now)
    world.deps.ledger.write([wanted, to_do])
    mine = replace(world.deps, threads=OnlyFor(threads, {case.victim, f"officer#{officer.id}"}))
    provider = PlayedProvider(world.clock, f"played {case.reference}", does=[FAILED, TAKEN])
    visits, policy = Visits(world), read_policy("every-minute")
    with visits.noted():
        for _ in range(7):
            send_due(mine, {TEXT: provider, EMAIL: provider}, home="http://localhost:8000")
            world.clock.forward(minutes=1)
    assert len(provider.arrived) == 1
    assert {wish for wish in visits.wishes if not policy.allows(wish)} == set()
    assert policy.table_actions() - visits.used() == set()


def test_a_victims_visits_need_all_that_the_public_role_may_do_and_no_more(world: World) -> None:
    visits, policy = _victims_visits(world), read_policy(PUBLIC)
    assert {wish for wish in visits.wishes if not policy.allows(wish)} == set()
    assert policy.table_actions() - visits.used() == set()


def _work_on_a_case(world: World, visits: Visits, case: SeededCase) -> None:
    """Do what an officer does with a case, up to handing it over."""
    asked(world, case)
    officer, new, deps = staff(world), colleague(world, "new"), world.deps
    told, today = Told(deps.today(), "in person"), deps.today()
    everyone = frozenset(case.victims.values())
    with visits.noted():
        search_case(deps, officer, case.reference)
        open_staff_case(deps, officer, case.key)
        for words, seen in (("Epilepsy", 0), ("Asthma", 1)):
            need = NeedTold("health", {"health_what": words}, (), seen)
            note_need(deps, officer, case.key, case.victim, need)
            world.clock.forward(minutes=1)
            open_needs(deps, officer, case.key)
        notes_contact(world, case)
        notes_contact(world, case, ways={}, notify_by="")
        for _ in range(2):
            answer_message(deps, officer, case.key, Answer(case.victim, 1, 0, "Soon."), "form 1")
        post_update(deps, officer, case.key, Post("News.", everyone), seen=0, form_key="form 2")
        for number, outcome in enumerate(("no_suspect_found", "not_enough_evidence"), start=1):
            world.clock.forward(minutes=1)
            news = News("no_further_action", today, outcome)
            form = f"form of {outcome}"
            record_outcome(deps, officer, case.key, news, seen=number, form_key=form)
        entry = case_of(world, case).current.id
        record_telling(deps, officer, case.key, case.victim, told, entry_id=entry)
        hand_over(deps, officer, case.key, new, seen_officer=OFFICER.id)


def _make_codes(world: World, visits: Visits, case: SeededCase) -> None:
    officer, check, deps = staff(world), Check("face to face", "the victim"), world.deps
    with visits.noted():
        made = issue_code(deps, officer, case.key, case.victim, check)
        activate_code(deps, officer, case.key, case.victim, made.record.id)
        cancel_code(deps, officer, case.key, case.victim, made.record.id)


def _look_at_messages(world: World, visits: Visits, case: SeededCase) -> None:
    """Do what supervisors do with messages, and with sending that was stopped."""
    deps, threads, access = world.deps, world.deps.threads, world.deps.access
    to, home = to_victim(case.victim), "https://your-information.example"
    deps.ledger.write([threads.want_notice(to, case.key, deps.now())])
    first, second = (staff(world, i, role="supervisor") for i in ("sgt-ash", "sgt-yew"))
    with visits.noted():
        open_messages(deps, first, home=home)
    waiting = threads.notice(to)
    assert waiting is not None
    deps.ledger.write([threads.keep_notice(given_up(waiting, deps.now(), TOO_MANY_TRIES))])
    deps.ledger.write([access.keep_brake(replace(access.brake(), stopped_at=deps.now()))])
    with visits.noted():
        open_messages(deps, first, home=home)
        for gone in threads.given_up_notices(9):
            if gone.to == to:
                note_dealt_with(deps, first, message_id(gone))
        ask_release(deps, first, stop_id(access.brake()))
        confirm_release(deps, second, stop_id(access.brake()))


def _look_at_others(world: World, visits: Visits, case: SeededCase) -> None:
    """Do what supervisors do: the team's board, and a restricted case of another team."""
    boss = staff(world, "sgt-elm", role="supervisor")
    asks, confirms = (staff(world, i, role="supervisor", team=STOKE) for i in ("ash", "yew"))
    with visits.noted():
        open_worklist(world.deps, boss, None)
        open_board(world.deps, boss)
        break_glass(world.deps, asks, case.key, "covering for a sick colleague")
        asked = asking_id(waiting_leave(world.deps, confirms, case.key))
        confirm_leave(world.deps, confirms, case.key, asked)


def _support(world: World, visits: Visits, case: SeededCase) -> None:
    """Do what an officer and a partner agency do with what a victim agreed to."""
    deps, partner, me = world.deps, agency(world), supporter(world)
    terms = Terms(frozenset(SCOPES), deps.today())
    whose, said = (case.key, case.victim), "by phone"
    has_need(world, case)
    has_hearing(world, case)
    with visits.noted():
        note_agreement(deps, staff(world), *whose, partner.key, terms, how=said, seen="")
        open_support_list(deps, me)
        open_supported(deps, me, *whose)
        keep_view(deps, me, *whose, "A screen.", seen="")
        take_on(deps, me, *whose, OwnTask("talk"), "form")
        (task,) = open_supported(deps, me, *whose).tasks
        mark_done(deps, me, *whose, task.id)
        note_stop(deps, staff(world), *whose, partner.key, how=said)


def _keep_the_force(world: World, visits: Visits) -> None:
    """Do what an administrator does, and sign in and out."""
    deps, today = world.deps, world.deps.today()
    member = StaffMember(OfficerId("oak"), "PC Oak", "0008", TeamId("stoke"))
    absence = Absence("1", member.id, today, today, OFFICER.id)
    with visits.noted():
        session = staff(world)
        deps.access.keep_sign_in("state", {"nonce": "n"}, world.clock())
        deps.access.take_sign_in("state", world.clock())
        force = deps.cases
        changes = [force.keep_member(member), force.keep_team(Team(member.team, "Stoke"))]
        ending = deps.access.end_sessions_of(member.id, world.clock())
        deps.ledger.write([*changes, force.keep_absence(absence), ending])
        deps.ledger.write([force.end_absence(absence.id)])
        deps.threads.next_court(member.team, today, today)
        deps.access.end_staff_session(session.key)


def test_the_desks_work_needs_all_that_the_staff_role_may_do_and_no_more(world: World) -> None:
    visits, policy = Visits(world), read_policy(STAFF)
    _make_codes(world, visits, seed_case(world.deps))
    _work_on_a_case(world, visits, seed_case(world.deps))
    _look_at_messages(world, visits, seed_case(world.deps))
    _look_at_others(world, visits, seed_case(world.deps, flags=["restricted"]))
    _support(world, visits, seed_case(world.deps))
    _keep_the_force(world, visits)
    assert {wish for wish in visits.wishes if not policy.allows(wish)} == set()
    assert policy.table_actions() - visits.used() == set()

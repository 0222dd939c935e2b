"""Who gets word that something is new: those whose page shows it at once, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.cases import OfficerId, Told
from chalicelib.domain.notices import to_officer, to_victim
from chalicelib.domain.promises import UPDATE
from chalicelib.services.answer_message import Answer, answer_message
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.contact_changes import ContactSaid
from chalicelib.services.give_task import TaskWanted, give_task
from chalicelib.services.hand_over import hand_over
from chalicelib.services.keep_contact import note_contact
from chalicelib.services.keep_measures import StepGiven, keep_step
from chalicelib.services.keep_needs import tell_need
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.nothing_new import say_nothing_new
from chalicelib.services.post_update import Post, post_update
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.record_outcome import News, record_outcome
from chalicelib.services.wish_measures import change_mind, wish_measures
from tests.builders import seed_case
from tests.integration.services.contact_steps import contact_by_text
from tests.integration.services.following import in_rhythm
from tests.integration.services.staff_steps import case_of, file_of, staff, victim
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
    from chalicelib.domain.staff import StaffSession
    from tests.builders import SeededCase
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)


@dataclass
class Desk:
    """An officer of one test alone, with a case whose victims agreed to texts."""

    world: World
    officer: Officer = field(default_factory=new_officer)
    case: SeededCase = field(init=False)
    session: StaffSession = field(init=False)

    def begin(self, case: SeededCase) -> None:
        self.case = case
        self.session = staff(self.world, self.officer.id, team=self.officer.team)
        for key in case.victims.values():
            said = ContactSaid(contact_by_text(), 0)
            note_contact(self.world.deps, self.session, case.key, key, said)
        self.world.clock.forward(minutes=1)

    def words(self, label: str = "V1") -> int:
        """Return how many reasons for a message a victim had."""
        return self._wanted(to_victim(self.case.victims[label]))

    def to_do(self, officer: OfficerId | None = None) -> int:
        """Return how many reasons for a message an officer had."""
        return self._wanted(to_officer(officer or self.officer.id))

    def _wanted(self, to: Any) -> int:
        notice = self.world.deps.threads.notice(to)
        return notice.wanted if notice else 0


@pytest.fixture
def desk(world: World) -> Desk:
    """Give a desk with a case of two victims."""
    desk = Desk(world)
    desk.begin(seed_case(world.deps, victims=("V1", "V2"), officer=desk.officer))
    return desk


def _untold(desk: Desk, *but: str) -> None:
    """Record a decision of which only these victims were told, by a person."""
    told = {desk.case.victims[label]: Told(TODAY, "in person") for label in but}
    news = News("no_further_action", TODAY, "no_suspect_found", told=told)
    seen = case_of(desk.world, desk.case).version
    record_outcome(desk.world.deps, desk.session, desk.case.key, news, seen=seen, form_key="news")
    desk.world.clock.forward(minutes=1)


def _post(desk: Desk, *labels: str, stage: str | None = None) -> None:
    to = frozenset(desk.case.victims[label] for label in labels)
    post = Post("We have the pictures." if labels else "", to, stage)
    seen = case_of(desk.world, desk.case).version
    post_update(desk.world.deps, desk.session, desk.case.key, post, seen=seen, form_key="post")


def test_words_give_word_to_those_they_are_for(desk: Desk) -> None:
    _post(desk, "V2")
    assert (desk.words("V1"), desk.words("V2")) == (0, 1)


def test_a_stage_gives_word_to_everybody(desk: Desk) -> None:
    _post(desk, stage="with_cps")
    assert (desk.words("V1"), desk.words("V2")) == (1, 1)


def test_words_that_wait_behind_news_give_no_word_to_whom_they_wait_for(desk: Desk) -> None:
    _untold(desk, "V2")
    assert (desk.words("V1"), desk.words("V2")) == (0, 0)
    _post(desk, "V1", "V2")
    assert (desk.words("V1"), desk.words("V2")) == (0, 1)


def test_an_answer_gives_word_to_who_asked_and_the_question_to_the_officer(desk: Desk) -> None:
    world, case = desk.world, desk.case
    before = desk.to_do()
    session = victim(world, case, "V1")
    ask_officer(world.deps, session, "Is there news?", "question")
    assert desk.to_do() == before + 1
    answer_message(world.deps, desk.session, case.key, Answer(case.victim, 1, 0, "Soon."), "form")
    assert (desk.words("V1"), desk.words("V2")) == (1, 0)


def test_an_event_gives_word_to_whom_it_tells_here_and_not_to_whom_a_person_told(
    desk: Desk,
) -> None:
    case = desk.case
    told = {
        case.victims["V1"]: Told(TODAY, "here"),
        case.victims["V2"]: Told(TODAY, "in person"),
    }
    news = EventNews("support_referral", TODAY, told, "Somebody will ring you.")
    seen = case_of(desk.world, case).version
    record_event(desk.world.deps, desk.session, case.key, news, seen=seen, form_key="event")
    assert (desk.words("V1"), desk.words("V2")) == (1, 0)


def test_a_step_gives_word_where_nobody_spoke_with_them_of_it(desk: Desk) -> None:
    deps, case = desk.world.deps, desk.case
    for seen, (state, words) in enumerate((("discussed", 0), ("asked", 1))):
        given = StepGiven("screen", state, TODAY, seen=seen)
        keep_step(deps, desk.session, case.key, case.victim, given, form_key=state)
        assert desk.words() == words


def test_nothing_new_gives_word(world: World) -> None:
    desk = Desk(world)
    desk.begin(in_rhythm(world, officer=desk.officer))
    world.clock.forward(days=7)
    desk.session = staff(world, desk.officer.id, team=desk.officer.team)
    (owed,) = (one for one in file_of(world, desk.case).owed if one.kind == UPDATE)
    before = desk.words(next(iter(desk.case.victims)))
    say_nothing_new(world.deps, desk.session, desk.case.key, desk.case.victim, owed.id)
    assert desk.words(next(iter(desk.case.victims))) == before + 1


def test_whoever_agreed_to_no_message_leaves_no_trace_of_one(desk: Desk) -> None:
    said = ContactSaid(
        contact_by_text(notify_by=""), file_of(desk.world, desk.case).contact.version
    )
    note_contact(desk.world.deps, desk.session, desk.case.key, desk.case.victim, said)
    _post(desk, "V1")
    assert desk.world.deps.threads.notice(to_victim(desk.case.victim)) is None


def test_what_a_victim_tells_or_changes_gives_word_to_the_officer(desk: Desk) -> None:
    world, session = desk.world, victim(desk.world, desk.case, "V1")
    before = desk.to_do()
    tell_need(world.deps, session, NeedTold("health", {"health_what": "Epilepsy"}, (), 0))
    assert desk.to_do() == before + 1
    wish_measures(world.deps, session, ["screen"])
    assert desk.to_do() == before + 2
    change_mind(world.deps, session, "screen")
    assert desk.to_do() == before + 3


def test_what_is_given_gives_word_to_whom_it_is_given_and_to_nobody_who_takes_it(
    desk: Desk,
) -> None:
    deps, case, other = desk.world.deps, desk.case, new_officer(team=desk.officer.team)
    boss = staff(desk.world, other.id, role="supervisor", team=other.team)
    before = desk.to_do()
    for number, giver in enumerate((desk.session, boss)):
        wanted = TaskWanted("supporter", "Ask her sister.", desk.officer.id)
        give_task(deps, giver, case.key, case.victim, wanted, form_key=f"form {number}")
        assert desk.to_do() == before + number
    hand_over(deps, desk.session, case.key, other.id, seen_officer=desk.officer.id)
    assert desk.to_do(other.id) == 1

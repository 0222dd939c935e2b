"""What a victim can expect: every promise with its date, late ones first, and no untold news."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Officer, OfficerId, Told
from chalicelib.domain.force_forms import AbsenceForm
from chalicelib.domain.promises import WELCOME
from chalicelib.services import promises
from chalicelib.services.choose_rhythm import agree_rhythm
from chalicelib.services.follow import begin_parts, open_of
from chalicelib.services.hand_over import hand_over
from chalicelib.services.keep_force import add_absence
from chalicelib.services.record_contact import record_contact
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from tests.builders import OFFICER, seed_case
from tests.integration.services.following import in_rhythm
from tests.integration.services.staff_steps import case_of, colleague, file_of, staff
from tests.integration.web.victim_steps import answer, ask, page

if TYPE_CHECKING:
    from chalicelib.services.ports import Part
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen

ARREST = "suspect_arrested"
HEARING = "hearing_listed"
REFERRAL = "support_referral"
TODAY = date(2026, 11, 18)
BY_PHONE = Told(TODAY, "by phone")


def _followed(world: World, **options: object) -> SeededCase:
    """Put a case whose victims are owed a first contact, as an import does."""
    case = seed_case(world.deps, **options)  # type: ignore[arg-type]
    read = case_of(world, case)
    parts: list[Part] = []
    for victim in read.victims:
        parts += begin_parts(world.deps, read, victim)
    world.deps.ledger.write(parts)
    return case


def _event(world: World, case: SeededCase, key: str, told: Told | None = None) -> None:
    world.clock.forward(minutes=1)
    news = EventNews(key, world.deps.today(), dict.fromkeys(case.victims.values(), told), "Words.")
    seen = case_of(world, case).version
    token = world.deps.new_token()
    record_event(world.deps, staff(world), case.key, news, seen=seen, form_key=token)


def _outcome(world: World, case: SeededCase, stage: str, outcome: str | None) -> None:
    world.clock.forward(minutes=1)
    news = News(stage, world.deps.today(), outcome)
    seen = case_of(world, case).version
    token = world.deps.new_token()
    record_outcome(world.deps, staff(world), case.key, news, seen=seen, form_key=token)


def _rhythm(world: World, case: SeededCase, rhythm: str = "every_10") -> None:
    agree_rhythm(world.deps, staff(world), case.key, case.victim, rhythm)


def _with_everything(world: World, **options: object) -> SeededCase:
    """Put a case in which something of each kind is owed, with one promise kept."""
    case = _followed(world, **options)
    _rhythm(world, case)
    _event(world, case, REFERRAL)
    victim = world.victim(case)
    ask(victim, "First?")
    answer(world, case.victim, 1, "Yes.")
    ask(victim, "Second?")
    return case


def _items(seen: Seen) -> list[str]:
    """Return what is owed, line by line."""
    lists = [e for e in seen.tree.iter("ul") if "by" in "".join(e.itertext())]
    return [" ".join("".join(item.itertext()).split()) for item in lists[0].iter("li")]


def _folds(seen: Seen) -> list[str]:
    folds = seen.tree.iter("details")
    return [" ".join("".join(fold.itertext()).split()) for fold in folds]


def _late(seen: Seen) -> list[str]:
    boxes = (e for e in seen.tree.iter("div") if "hub-notice--late" in e.get("class", ""))
    return [" ".join("".join(box.itertext()).split()) for box in boxes]


def test_what_is_owed_comes_first_soonest_first_each_with_its_day_and_its_rule(
    world: World,
) -> None:
    case = _with_everything(world)
    seen = world.victim(case).follow()
    assert _items(seen) == [
        (
            "News: “You are referred to a support service”, by Friday 20 November 2026"
            "The Victims' Code gives us 2 working days from Wednesday 18 November 2026."
        ),
        (
            "Your officer gets in touch with you, by Monday 23 November 2026"
            "We aim for 3 working days from Wednesday 18 November 2026. That is our own standard."
        ),
        (
            "An answer to your question of Wednesday 18 November 2026, by "
            "Wednesday 25 November 2026"
            "We aim for 5 working days from Wednesday 18 November 2026. That is our own standard."
        ),
        (
            "An update, even if there is nothing new, by Wednesday 2 December 2026"
            "10 working days from Wednesday 18 November 2026, as agreed with you."
        ),
    ]
    sentences = [
        "What you can expect",
        "If a day passes, this page says so at the top, and who looks into it.",
        (
            "You get an update every 10 working days, as agreed with PC Example on "
            "Wednesday 18 November 2026. Change how often"
        ),
        "Kept so far (1)",
        world.deps.rules.stages["investigating"].meaning,
    ]
    places = [seen.main.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert "without the bank holidays of England and Wales" in _folds(seen)[0]


def test_a_page_with_everything_on_it_needs_four_requests(world: World) -> None:
    case, cover = (
        _with_everything(world, officer=_officer("quince-0")),
        colleague(world, "medlar-0"),
    )
    _be_away(world, "quince-0", cover)
    world.clock.forward(days=6)
    victim = world.victim(case)
    for path in ("/case", "/case/message"):
        with world.watched() as calls:
            seen = victim.get(path)
        assert "PC Medlar-0 answers for them" in seen.main
        assert calls.dynamodb == 4
        assert calls.names == {"TransactGetItems": 1, "TransactWriteItems": 1, "Query": 2}
    assert len(_late(victim.get("/case"))) == 2


@pytest.mark.parametrize(
    ("days", "apology"),
    [
        (4, "You should have had this news, “You are referred to a support service”, by Friday"),
        (6, "Your officer should have got in touch with you by Monday 23 November 2026."),
        (8, "You should have had an answer to your question of Wednesday 18 November 2026 by W"),
        (15, "You should have had an update by Wednesday 2 December 2026."),
    ],
)
def test_whatever_is_late_stands_first_with_an_apology_and_who_has_it(
    world: World, days: int, apology: str
) -> None:
    case = _with_everything(world)
    world.clock.forward(days=days)
    seen = world.victim(case).follow()
    assert seen.main.startswith("Your information We are late. You should have had this news")
    assert [box for box in _late(seen) if box.startswith(f"We are late. {apology}")]
    for box in _late(seen):
        assert box.endswith("We are sorry. It stands first in PC Example's list.")


def test_a_late_promise_names_the_supervisor_who_looks_into_it(world: World) -> None:
    case = _followed(world)
    ask(world.victim(case), "When will I hear from you?")
    world.clock.forward(days=9)
    for who, named in (("Sergeant Example", "Sergeant Example"), ("a supervisor", "A supervisor")):
        for promise in [*file_of(world, case).owed, file_of(world, case).threads[0].promise]:
            world.deps.ledger.write(promises.raise_to(world.deps, promise, who))
        victim = world.victim(case)
        for path in ("/case", "/case/thread/1", "/case/message/1"):
            boxes = _late(victim.get(path))
            assert boxes, path
            for box in boxes:
                assert box.endswith(f"We are sorry. {named} is now looking into it.")


def test_a_late_promise_that_moved_names_the_list_in_which_it_stands(world: World) -> None:
    case, new = _followed(world), colleague(world, "birch")
    ask(world.victim(case), "When will I hear from you?")
    hand_over(world.deps, staff(world), case.key, new, seen_officer=OFFICER.id)
    world.clock.forward(days=9)
    victim = world.victim(case)
    for path in ("/case", "/case/thread/1", "/case/message/1"):
        assert all("It stands first in PC Birch's list." in box for box in _late(victim.get(path)))
    assert "will be here by" not in victim.get("/case/message/1").main


def test_what_was_kept_is_folded_with_its_dates_and_how_and_says_where_it_was_late(
    world: World,
) -> None:
    case = _with_everything(world)
    world.clock.forward(days=6)
    (welcome,) = open_of(file_of(world, case), WELCOME)
    told = Told(world.deps.today(), "through somebody who supports them")
    args = (world.deps, staff(world), case.key, case.victim, told)
    record_contact(*args, promise_id=welcome.id)
    _event(world, case, ARREST, Told(world.deps.today(), "by phone"))
    fold = _folds(world.victim(case).follow())[-1]
    for line in (
        (
            "We told you what had happened: due by Tuesday 1 December 2026, told on "
            "Tuesday 24 November 2026, by phone"
        ),
        (
            "Your officer gets in touch with you: due by Monday 23 November 2026, done on "
            "Tuesday 24 November 2026, through somebody who supports you, late"
        ),
        (
            "An update, even if there is nothing new: due by Wednesday 2 December 2026, given on "
            "Tuesday 24 November 2026, by phone"
        ),
        (
            "An answer to your question of Wednesday 18 November 2026: due by "
            "Wednesday 25 November 2026, given on Wednesday 18 November 2026, here"
        ),
    ):
        assert line in fold
    assert fold.startswith("Kept so far (4)")


def test_what_was_cancelled_is_gone(world: World) -> None:
    case = _followed(world)
    _rhythm(world, case, "every_5")
    _rhythm(world, case, "every_20")
    seen = world.victim(case).follow()
    assert [line for line in _items(seen) if "update" in line] == [
        (
            "An update, even if there is nothing new, by Wednesday 16 December 2026"
            "20 working days from Wednesday 18 November 2026, as agreed with you."
        )
    ]
    assert "cancel" not in seen.body.lower()
    assert "Another rhythm" not in seen.body


@pytest.mark.parametrize("flags", [(), ("domestic_abuse",)], ids=["plain", "safe mode"])
@pytest.mark.parametrize(
    ("stage", "outcome"),
    [
        ("no_further_action", "not_enough_evidence"),
        ("charged", "charged"),
        ("released_bail", None),
        ("verdict", "not_guilty"),
    ],
)
def test_untold_news_changes_nothing_of_what_can_be_expected(
    world: World, stage: str, outcome: str | None, flags: tuple[str, ...]
) -> None:
    if stage not in world.deps.rules.stages:
        stage = world.deps.rules.outcomes[str(outcome)].stage
    case = _with_everything(world, flags=flags)
    victim = world.victim(case)
    paths = ("/case", "/case/message", "/case/rhythm", "/case/rhythm/chosen", "/case/thread/2")
    before = {path: page(victim, path) for path in paths}
    _event(world, case, ARREST)
    _outcome(world, case, stage, outcome)
    assert {path: page(victim, path) for path in paths} == before
    world.clock.forward(days=30)
    late = _late(world.victim(case).follow())
    assert len(late) == 4
    assert "told" not in " ".join(late)


def test_harmless_news_that_follows_an_untold_charge_waits_with_it(world: World) -> None:
    case = _with_everything(world)
    victim = world.victim(case)
    before = page(victim, "/case")
    _outcome(world, case, "charged", "charged")
    _event(world, case, HEARING)
    assert page(victim, "/case") == before
    read = case_of(world, case)
    args = (world.deps, staff(world), case.key, case.victim, BY_PHONE)
    record_telling(*args, entry_id=read.current.id)
    news = world.deps.rules.code_limits[HEARING].plain
    assert f"News: “{news}”, by" in victim.get("/case").main


def test_harmless_news_says_we_aim_where_its_limit_is_not_well_founded(world: World) -> None:
    case = _followed(world)
    _event(world, case, "written_confirmation")
    (line,) = [each for each in _items(world.victim(case).follow()) if each.startswith("News")]
    assert "We aim for 5 working days" in line
    assert "the Code" not in line


def test_after_a_decision_nothing_of_it_stands_above_and_what_was_kept_stays(world: World) -> None:
    case = _with_everything(world)
    answer(world, case.victim, 2, "Soon.")
    (telling,) = [p for p in file_of(world, case).owed if p.event == REFERRAL]
    args = (world.deps, staff(world), case.key, case.victim, BY_PHONE)
    record_contact(*args, promise_id=telling.id)
    _outcome(world, case, "no_further_action", "not_enough_evidence")
    record_telling(*args, entry_id=case_of(world, case).current.id)
    seen = world.victim(case).follow()
    assert "What you can expect" not in seen.main
    assert "/case/rhythm" not in seen.body
    help_for_you = seen.main.index("Help for you")
    ended = "What we promised you Regular updates ended with the decision. Kept so far ("
    assert help_for_you < seen.main.index(ended)
    assert "We told you what had happened: due by" in seen.main


# --- who the officer is, and who answers while they are away


def _officer(identity: str) -> Officer:
    return Officer(OfficerId(identity), f"PC {identity.title()}", "0009", OFFICER.team)


def _be_away(world: World, who: str, cover: str, last: date = date(2026, 11, 30)) -> None:
    colleague(world, who)
    form = AbsenceForm(who, TODAY.isoformat(), last.isoformat(), cover)
    add_absence(world.deps, staff(world, "admin", role="administrator"), form)


def test_a_new_officer_is_named_since_when_and_after_whom(world: World) -> None:
    case, new = _with_everything(world), colleague(world, "newcomer")
    victim = world.victim(case)
    before = _items(victim.get("/case"))
    assert "has had your case since" not in victim.get("/case").main
    hand_over(world.deps, staff(world), case.key, new, seen_officer=OFFICER.id)
    seen = victim.get("/case")
    assert (
        "PC Newcomer, number 0007 PC Newcomer has had your case since Wednesday 18 November 2026. "
        "PC Example had it before. What we owe you moved to them with the same dates." in seen.main
    )
    assert _items(seen) == before


def test_while_the_officer_is_away_both_pages_say_who_answers_and_until_when(world: World) -> None:
    case, cover = seed_case(world.deps, officer=_officer("quince-1")), colleague(world, "medlar-1")
    victim = world.victim(case)
    assert "Away until" not in victim.get("/case").main
    _be_away(world, "quince-1", cover)
    words = "Away until Monday 30 November 2026: PC Medlar-1 answers for them."
    assert f"PC Quince-1, number 0009. {words}" in victim.get("/case").main
    seen = victim.get("/case/message")
    assert f"You get an answer by Wednesday 25 November 2026 (5 working days). {words}" in seen.main
    world.clock.moment = world.clock.moment.replace(day=30, hour=23)
    assert words in world.victim(case).follow().main
    world.clock.moment = world.clock.moment.replace(month=12, day=1)
    assert "Away until" not in world.victim(case).follow().main


def test_a_late_promise_of_an_officer_who_is_away_names_who_answers(world: World) -> None:
    case, cover = seed_case(world.deps, officer=_officer("quince-2")), colleague(world, "medlar-2")
    ask(world.victim(case), "When?")
    _be_away(world, "quince-2", cover)
    world.clock.forward(days=8)
    (box,) = _late(world.victim(case).follow())
    assert "first in the list of PC Medlar-2, who answers for PC Quince-2 now." in box


def test_when_nobody_answers_the_page_says_whom_to_call(world: World) -> None:
    case, cover = seed_case(world.deps, officer=_officer("quince-3")), colleague(world, "medlar-3")
    _be_away(world, "quince-3", cover)
    colleague(world, "medlar-4")
    _be_away(world, "medlar-3", "medlar-4", date(2026, 11, 20))
    words = "Away until Monday 30 November 2026. Their team answers: call 101."
    victim = world.victim(case)
    assert words in victim.get("/case").main
    assert words in victim.get("/case/message").main
    world.clock.forward(days=4)
    assert "PC Medlar-3 answers for them" in world.victim(case).follow().main


def test_who_cannot_open_a_restricted_case_does_not_answer_in_it(world: World) -> None:
    officer, cover = _officer("quince-5"), colleague(world, "medlar-5")
    case = seed_case(world.deps, officer=officer, flags=["restricted"])
    _be_away(world, "quince-5", cover)
    main = world.victim(case).follow().main
    assert "30 November 2026. If you need somebody before that, call 101." in main
    assert "Medlar-5" not in main
    named = world.deps.cases.name_person(case_of(world, case), cover, world.clock())
    world.deps.ledger.write([named])
    assert "PC Medlar-5 answers for them" in world.victim(case).follow().main


def test_somebody_elses_absence_stands_on_no_page(world: World) -> None:
    case, cover = seed_case(world.deps), colleague(world, "medlar-6")
    _be_away(world, "quince-6", cover)
    assert "Away until" not in world.victim(case).follow().main


def test_a_victim_who_wants_to_hear_nothing_more_reads_how_to_change_that(world: World) -> None:
    case = seed_case(world.deps)
    (victim,) = case_of(world, case).victims
    left = replace(victim, left_on=world.deps.today())
    world.deps.ledger.write([world.deps.cases.keep_victim(case.key, left)])
    main = world.victim(case).follow().main
    assert "You asked us on Wednesday 18 November 2026 to tell you nothing more." in main
    assert "Choose how often" not in main


def test_what_is_due_on_this_very_day_says_today(world: World) -> None:
    case = in_rhythm(world)
    world.clock.moment = world.clock.moment.replace(month=12, day=2, hour=9)
    seen = world.victim(case).get("/case").main
    assert "An update, even if there is nothing new, by today, Wednesday 2 December 2026" in seen

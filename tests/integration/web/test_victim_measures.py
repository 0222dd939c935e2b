"""What a victim asked for, and their day: what their pages say, and what no page may hint at."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Hearing, Told
from chalicelib.domain.needs import Need, Needs
from chalicelib.domain.reviews import Court
from chalicelib.services.keep_needs import tell_need
from chalicelib.services.leave_case import record_left
from chalicelib.services.need_changes import NeedTold
from tests.builders import OFFICER, STAFFORD
from tests.integration.services.court_steps import stopped
from tests.integration.services.following import followed
from tests.integration.services.measure_steps import measure_of, open_tasks, plead, states, step
from tests.integration.services.staff_steps import case_of, file_of, staff
from tests.integration.services.staff_steps import victim as session_of
from tests.integration.web.victim_steps import page, record_outcome, store_is_silent, tell

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

HERE, ADD = "/case/measures", "/case/measures/add"
HEARING = date(2026, 12, 14)
COURT = "Example Crown Court"
PAGES = (HERE, "/case/court", "/case/court/date")


@pytest.fixture
def case(world: World) -> SeededCase:
    """Return a case in which somebody is charged, and its victim was told."""
    return followed(world, stage="charged", told=True)


def wishes(victim: Visitor, *keys: str) -> Seen:
    """Add measures as the page of the finder does."""
    token = victim.get("/what-might-help").fields("/what-might-help")
    return victim.send(ADD, {**token, "form_key": "k", "measure": list(keys)})


def says(victim: Visitor, do: str, view: str = "", measure: str = "screen") -> Seen:
    """Send what they think of a measure."""
    victim.get(HERE)
    return victim.post(HERE, measure=measure, do=do, **{f"view_{measure}": view})


def has_date(world: World, case: SeededCase, *, needed: bool = True) -> None:
    """Give a case a date at court."""
    world.clock.forward(minutes=1)
    read = case_of(world, case)
    not_needed = frozenset() if needed else frozenset({case.victim})
    hearing = Hearing(HEARING, COURT, not_needed)
    world.deps.ledger.write(
        [world.deps.cases.desk_change(read, officer=None, at=world.clock(), hearing=hearing)]
    )


def test_what_was_ticked_in_the_finder_is_added_with_one_press(
    world: World, case: SeededCase
) -> None:
    victim = world.victim(case)
    assert "There is nothing here yet" in victim.get(HERE).main
    assert wishes(victim, "screen", "supporter").location == f"{HERE}?done=new"
    seen = victim.follow().main
    assert "It is on this page now." in seen
    for words in ("A screen", "A supporter near you", "You asked for this.", "Who decides:"):
        assert words in seen
    assert wishes(victim, "screen").location == f"{HERE}?done=there"
    assert len(open_tasks(world, case, "talk")) == 1


def test_what_the_rules_do_not_know_is_left_out_and_said(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    wishes(victim, "screen", "a_castle")
    assert "We left out something that we do not know." in victim.follow().main
    assert [each.key for each in file_of(world, case).measures] == ["screen"]


def test_nothing_ticked_adds_nothing(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    wishes(victim)
    assert "Nothing was ticked" in victim.follow().main
    assert not file_of(world, case).measures


def test_they_say_what_they_think_and_change_their_mind(world: World, case: SeededCase) -> None:
    step(world, case, "applied")
    victim = world.victim(case)
    assert says(victim, "view", "I would like that.").location == f"{HERE}?done=view"
    assert measure_of(world, case).view == "I would like that."
    assert says(victim, "changed").location == f"{HERE}?done=changed"
    seen = victim.follow().main
    assert "that you changed your mind" in seen
    assert measure_of(world, case).view == "I would like that."
    assert says(victim, "view", "A link instead.").location == f"{HERE}?done=view"
    assert len(open_tasks(world, case, "talk")) == 1


def test_a_wish_is_withdrawn_before_a_decision(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    wishes(victim, "screen")
    assert says(victim, "withdraw").location == f"{HERE}?done=withdrawn"
    seen = victim.follow()
    assert "You no longer want this." in seen.main
    assert 'value="withdraw"' not in seen.body
    step(world, case, "granted", "supporter")
    assert 'value="withdraw"' not in victim.get(HERE).body
    assert says(victim, "withdraw", measure="supporter").location == f"{HERE}?done=decided"


def test_a_wish_that_is_withdrawn_twice_answers_twice_that_it_is(
    world: World, case: SeededCase
) -> None:
    victim = world.victim(case)
    wishes(victim, "screen")
    for _ in range(2):
        assert says(victim, "withdraw").location == f"{HERE}?done=withdrawn"


def test_words_that_are_too_long_stay_in_the_box(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    wishes(victim, "screen")
    seen = says(victim, "view", "x" * 2001)
    assert seen.status == 400
    assert "1 character too long" in seen.main
    assert seen.fields(HERE)["view_screen"] == "x" * 2001


def test_words_that_somebody_wrote_meanwhile_stand_beside_theirs(
    world: World, case: SeededCase
) -> None:
    step(world, case, "discussed", view="First")
    victim = world.victim(case)
    victim.get(HERE)
    step(world, case, "asked", view="The officer's words")
    seen = victim.post(HERE, do="view", view_screen="My words")
    assert seen.status == 409
    assert "The officer's words" in seen.main
    assert seen.fields(HERE)["view_screen"] == "My words"
    assert victim.post(HERE, do="view").status == 303
    assert measure_of(world, case).view == "My words"


def test_words_come_back_when_the_store_is_silent(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    wishes(victim, "screen")
    victim.get(HERE)
    with store_is_silent(world, victim):
        seen = victim.post(HERE, do="view", view_screen="My words")
    assert seen.status == 503
    assert "My words" in seen.main


def test_what_was_ticked_is_named_when_the_store_is_silent(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    token = victim.get("/what-might-help").fields("/what-might-help")
    with store_is_silent(world, victim):
        seen = victim.send(ADD, {**token, "measure": ["screen", "a_castle", "breaks"]})
    assert seen.status == 503
    assert "What you ticked was not sent. It is in the box below" in seen.main
    assert "What you ticked A screen Breaks" in seen.main
    assert "a_castle" not in seen.body


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_four_requests(world: World, case: SeededCase, path: str) -> None:
    has_date(world, case)
    step(world, case, "granted")
    victim = world.victim(case)
    with world.watched() as calls:
        assert victim.get(path).status == 200
    assert len(calls.seen) == 4


def test_nothing_of_one_victim_stands_on_the_page_of_another(world: World) -> None:
    case = followed(world, stage="charged", told=True, victims=("V1", "V2"))
    step(world, case, "granted", label="V1", view="Words of the first", note="For the first")
    victim = world.victim(case, "V2")
    for path in ("/case", HERE, "/case/court"):
        seen = victim.get(path).main
        assert "A screen" not in seen
        assert "the first" not in seen
    token = victim.get("/what-might-help").fields("/what-might-help")
    theirs = {"measure": "screen", "do": "view", "view_screen": "Mine"}
    assert victim.send(HERE, {**token, **theirs}).status == 404


def test_who_wants_to_hear_nothing_more_may_wish_and_is_promised_no_talk(
    world: World, case: SeededCase
) -> None:
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    world.clock.forward(minutes=1)
    victim = world.victim(case)
    assert wishes(victim, "screen").location == f"{HERE}?done=new"
    seen = [victim.follow().main]
    says(victim, "changed")
    seen += [victim.follow().main, victim.get("/case").main]
    tell_need(world.deps, session_of(world, case), NeedTold("times", {"times_what": "10"}, (), 0))
    assert not open_tasks(world, case, "talk")
    assert "nobody gets in touch about this" in seen[0]
    assert not [each for each in seen if "talks with you" in each]
    assert states(measure_of(world, case)) == ["wished"]


# --- no hint at what nobody told them (D10)


def test_before_they_know_of_a_charge_no_page_tells_of_one(world: World) -> None:
    case = followed(world)
    step(world, case, "discussed", view="Mine")
    victim = world.victim(case)
    before = [page(victim, path) for path in ("/case", HERE, "/case/court")]
    record_outcome(world, case, "charged")
    has_date(world, case)
    plead(world, case, world.deps.today())
    step(world, case, "applied")
    step(world, case, "granted", note="Allowed.")
    assert [page(victim, path) for path in ("/case", HERE, "/case/court")] == before
    assert victim.get("/case/court/date").location == "/case/court"
    assert victim.get("/case/court/date.ics").location == "/case/court"


def test_who_is_told_of_the_charge_reads_where_it_stands(world: World) -> None:
    case = followed(world)
    entry = record_outcome(world, case, "charged")
    step(world, case, "applied")
    victim = world.victim(case)
    assert "The prosecutor asked the court" not in victim.get(HERE).main
    tell(world, case, entry)
    assert "The prosecutor asked the court for this." in victim.get(HERE).main


@pytest.mark.parametrize("state", ["refused", "partly"])
@pytest.mark.parametrize("before", ["asked", "applied"])
def test_what_a_person_tells_first_changes_no_word_until_then(
    world: World, case: SeededCase, before: str, state: str
) -> None:
    has_date(world, case)
    plead(world, case, world.deps.today())
    step(world, case, "asked", "live_link")
    step(world, case, before)
    victim = world.victim(case)
    says(victim, "view", "Perhaps not.")
    says(victim, "changed")
    known = [page(victim, path) for path in (HERE, "/case/court")]
    step(world, case, state, note="The judge said why.")
    assert [page(victim, path) for path in (HERE, "/case/court")] == known
    assert wishes(victim, "screen").location == f"{HERE}?done=there"


def test_to_ask_again_after_an_untold_refusal_changes_no_word(
    world: World, case: SeededCase
) -> None:
    has_date(world, case)
    plead(world, case, world.deps.today())
    step(world, case, "applied")
    victim = world.victim(case)
    before = [page(victim, path) for path in ("/case", HERE, "/case/court")]
    step(world, case, "refused", note="No reason.")
    step(world, case, "asked", note="Again.")
    assert [page(victim, path) for path in ("/case", HERE, "/case/court")] == before


@pytest.mark.parametrize("measure", ["screen", "live_link"])
@pytest.mark.parametrize("do", ["changed", "withdraw", "view"])
def test_what_they_may_not_read_of_is_not_there_for_a_forged_form(
    world: World, measure: str, do: str
) -> None:
    case = followed(world)
    record_outcome(world, case, "charged")
    step(world, case, "applied", "screen")
    victim = world.victim(case)
    token = victim.get("/case/needs/1").fields("/case/needs")
    sent = {"measure": measure, "do": do, f"view_{measure}": "Mine"}
    assert victim.send(HERE, {**token, **sent}).status == 404


def test_who_need_not_come_reads_so_only_if_it_was_known_before_hidden_news(
    world: World, case: SeededCase
) -> None:
    has_date(world, case)
    victim = world.victim(case)
    needed = page(victim, "/case/court")
    stopped(world, case)
    has_date(world, case, needed=False)
    assert page(victim, "/case/court") == needed


def test_that_they_need_not_come_stays_on_the_page_behind_hidden_news(
    world: World, case: SeededCase
) -> None:
    has_date(world, case, needed=False)
    victim = world.victim(case)
    before = page(victim, "/case/court")
    assert "You do not have to come on this day." in before
    stopped(world, case)
    assert page(victim, "/case/court") == before


def test_what_was_told_is_read_with_its_reasons(world: World, case: SeededCase) -> None:
    told = Told(world.deps.today(), "by phone")
    step(world, case, "refused", note="The judge can see no fear.", told=told)
    seen = world.victim(case).get(HERE).main
    assert "The court did not allow this." in seen
    assert "The judge can see no fear." in seen


def test_what_staff_note_on_the_way_is_not_read(world: World, case: SeededCase) -> None:
    step(world, case, "asked", note="A note for staff")
    assert "A note for staff" not in world.victim(case).get(HERE).main


# --- by when


def test_by_when_says_the_limit_then_the_date_at_court(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    wishes(victim, "screen")
    assert "There is no day for this yet." in victim.get(HERE).main
    has_date(world, case)
    assert "Before your date at court, Monday 14 December 2026" in victim.get(HERE).main
    plead(world, case, world.deps.today())
    assert "by Wednesday 2 December 2026; later is possible too" in victim.get(HERE).main
    assert "That is the limit in the court's rules. Later is possible" in victim.get("/case").main


def test_a_limit_that_is_over_is_no_reason_not_to_ask(world: World) -> None:
    case = followed(world, stage="charged", told=True, reported_on=date(2026, 9, 1))
    step(world, case, "asked")
    plead(world, case, date(2026, 10, 1))
    seen = world.victim(case).get(HERE).main
    assert "It can still be asked for, with a reason." in seen
    owed = world.victim(case).get("/case").main
    assert "The usual time is over. It can still be asked for, with a reason." in owed
    assert "Later is possible too." not in owed


# --- the day


def test_the_day_on_one_page(world: World, case: SeededCase) -> None:
    has_date(world, case)
    step(world, case, "granted", note="On all days.")
    step(world, case, "applied", "live_link")
    need = Need("health", {"health_what": "Epilepsy"}, (), world.clock(), "victim")
    court = Court(
        case.victim,
        case.key,
        case.reference,
        "V1",
        STAFFORD,
        HEARING,
        supporter="Robin of Example Support",
        travel="A taxi at 9",
        interpreter="A Polish interpreter",
    )
    threads = world.deps.threads
    world.deps.ledger.write(
        [threads.keep_needs(case.victim, Needs((need,))), threads.keep_court(court)]
    )
    seen = world.victim(case).get("/case/court").main
    for words in (
        "Monday 14 December 2026",
        COURT,
        "The court allowed this.",
        "On all days.",
        "A live link: The prosecutor asked the court for this.",
        "Robin of Example Support",
        "A taxi at 9",
        "A Polish interpreter",
        "Epilepsy",
        "Who to call on the day",
    ):
        assert words in seen, words


def test_who_need_not_come_is_told_so(world: World, case: SeededCase) -> None:
    has_date(world, case, needed=False)
    seen = world.victim(case).get("/case/court").main
    assert "You do not have to come on this day." in seen
    assert "calendar" not in seen


def test_without_a_date_there_is_no_entry(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    assert "There is no date here now." in victim.get("/case/court").main
    assert victim.get("/case/court/date.ics").location == "/case/court"


def test_an_entry_says_nothing_of_what_it_is(world: World, case: SeededCase) -> None:
    has_date(world, case)
    victim = world.victim(case)
    assert "Others may see your calendar" in victim.get("/case/court/date").main
    found = [victim.get("/case/court/date.ics") for _ in range(2)]
    seen = found[0]
    assert seen.headers["content-type"] == "text/calendar; charset=utf-8"
    assert seen.headers["content-disposition"] == 'attachment; filename="appointment.ics"'
    assert "SUMMARY:Appointment\r\n" in seen.body
    assert "DTSTART;VALUE=DATE:20261214\r\n" in seen.body
    for words in (case.key, case.victim, case.reference, COURT, OFFICER.name, "Court", "hub"):
        assert words not in seen.body, words
    uids = {re.search(r"UID:(\S+)", each.body) for each in found}
    assert len({match[1] for match in uids if match}) == 2


def test_the_case_leads_there(world: World, case: SeededCase) -> None:
    victim = world.victim(case)
    wishes(victim, "screen", "live_link")
    seen = victim.get("/case")
    assert "What you asked for (2)" in seen.main
    assert 'href="/case/court"' in seen.body
    assert states(measure_of(world, case)) == ["wished"]


def test_who_knows_of_no_charge_and_asked_for_nothing_reads_of_the_finder_alone(
    world: World,
) -> None:
    seen = world.victim(followed(world)).get("/case").body
    assert 'href="/what-might-help"' in seen
    assert 'href="/case/court"' not in seen
    assert 'href="/case/measures"' not in seen

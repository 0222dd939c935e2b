"""What helps at court: the pages of the victim and of the desk, and what goes wrong on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.cases import CROWN, Hearing, Plea, Told
from chalicelib.domain.wishes import view_mark
from chalicelib.services.keep_measures import StepGiven, keep_step
from chalicelib.services.open_case import open_case
from chalicelib.services.staff_sessions import find_staff_session
from chalicelib.services.victim_sessions import find_session
from chalicelib.services.wish_measures import change_mind, say_view
from tests.browser.desk_steps import Opened, opened
from tests.browser.gallery import Gallery
from tests.browser.stories import ELSEWHERE
from tests.builders import seed_code, seed_staff

if TYPE_CHECKING:
    from chalicelib.domain.cases import Case
    from tests.browser.hub import Hub
    from tests.browser.people import AtDesk, Victim
    from tests.builders import SeededCase

PAGES: Gallery[Victim] = Gallery()
STAFF_PAGES: Gallery[AtDesk] = Gallery()
VIEW = "I do not want to see him. A link from another building would be best."


def read(hub: Hub, case: SeededCase) -> Case:
    """Return the case as it stands."""
    found = hub.deps.cases.read(case.key)
    assert found is not None
    return found


def step(hub: Hub, case: SeededCase, state: str, measure: str = "screen", **given: object) -> None:
    """Let the officer in charge record a step of today."""
    officer = read(hub, case).officer
    token = seed_staff(hub.deps, officer.id, team=officer.team, name=officer.name)
    before = hub.deps.threads.read(case.victim).measure(measure)
    made = StepGiven(
        measure,
        state,
        hub.deps.today(),
        seen=before.version if before else 0,
        **given,  # type: ignore[arg-type]
    )
    session = find_staff_session(hub.deps, token)
    keep_step(hub.deps, session, case.key, case.victim, made, form_key=hub.deps.new_id())


def typed(hub: Hub, case: SeededCase, *, plea_days_ago: int | None = None) -> None:
    """Give a case a date at court, and perhaps a plea."""
    today = hub.deps.today()
    ago = today - timedelta(days=plea_days_ago) if plea_days_ago is not None else None
    hub.ledger.write(
        [
            hub.deps.cases.desk_change(
                read(hub, case),
                officer=None,
                at=hub.clock(),
                hearing=Hearing(today + timedelta(days=40), "Stafford Crown Court"),
                plea=Plea(ago, CROWN) if ago else None,
            )
        ]
    )


def charged(hub: Hub) -> SeededCase:
    """Return a case in which somebody is charged, and its victim was told."""
    reported = hub.deps.today() - timedelta(days=90)
    flags = ("domestic_abuse",)
    return hub.case(stage="charged", told=True, reported_on=reported, flags=flags)


# --- the victim


@PAGES.page
def measures_none(v: Victim) -> None:
    v.opens(v.hub.case())
    v.goes_to("/case/measures")
    v.reads("There is nothing here yet.")


@PAGES.page
def measures_added(v: Victim) -> None:
    v.opens(v.hub.case())
    v.goes_to("/what-might-help")
    for label in ("I am afraid", "I am afraid to see them, or to be seen by them"):
        v.chooses(label)
    v.presses("Show what might help")
    v.main.get_by_role("checkbox", name="A screen").check()
    v.main.get_by_role("checkbox", name="A live link").check()
    v.presses("Add what I ticked to my information")
    v.heads("What you asked for")
    v.reads("It is on this page now.", "You asked for this.")


@PAGES.page
def measures_in_every_state(v: Victim) -> SeededCase:
    case = charged(v.hub)
    typed(v.hub, case, plea_days_ago=2)
    told = Told(v.hub.deps.today(), "by phone")
    step(v.hub, case, "discussed", view=VIEW)
    step(v.hub, case, "applied", "live_link")
    step(v.hub, case, "granted", "supporter", note="Your sister sits beside you.")
    step(v.hub, case, "refused", "no_wigs", note="The judge sees no need for it.", told=told)
    v.opens(case)
    v.goes_to("/case/measures")
    v.reads("The court did not allow this.", "By when:", "This is arranged.")
    return case


@PAGES.page
def measure_changed_mind(v: Victim) -> None:
    measures_in_every_state(v)
    v.main.get_by_role("button", name="I have changed my mind").first.click()
    v.reads("We have it. Somebody talks with you about what you want instead.")


@PAGES.page
def measure_written_by_two(v: Victim) -> None:
    case = measures_in_every_state(v)
    v.main.get_by_text("Change what you think of it").first.click()
    v.main.get_by_label("What you think of it").first.fill("My own words")
    step(v.hub, case, "asked", view="The officer's words")
    v.main.get_by_role("button", name="Save").first.click()
    v.reads("Somebody wrote something here while you were writing.", "The officer's words")


@PAGES.page
def case_with_measures(v: Victim) -> None:
    measures_in_every_state(v)
    v.goes_to("/case")
    v.reads("What you asked for (4)", "Your day")


@PAGES.page
def day_without_a_date(v: Victim) -> None:
    v.opens(v.hub.case())
    v.goes_to("/case/court")
    v.reads("There is no date here now.")


@PAGES.page
def day_with_everything(v: Victim) -> None:
    case = measures_in_every_state(v)
    court = v.hub.deps.threads.read(case.victim).court
    assert court is not None
    court = replace(
        court,
        supporter="Robin of Example Support, from the door on",
        travel="A taxi at 8:30, paid by Witness Care",
    )
    v.hub.ledger.write([v.hub.deps.threads.keep_court(court)])
    v.goes_to("/case/court")
    v.reads("What is arranged for you", "Robin of Example Support")


@PAGES.page
def calendar(v: Victim) -> None:
    measures_in_every_state(v)
    v.goes_to("/case/court")
    v.follows("Put the date in my calendar")
    v.reads("Others may see your calendar")


# --- the desk


def _opened(d: AtDesk) -> Opened:
    reported = d.hub.deps.today() - timedelta(days=90)
    flags = ("domestic_abuse",)
    return opened(d, stage="charged", told=True, reported_on=reported, flags=flags)


def clicks(d: AtDesk, link: str) -> None:
    """Follow a link whose name says more than what is seen of it."""
    d.main.get_by_role("link", name=link).first.click()


def _measures(d: AtDesk, found: Opened) -> None:
    d.goes_to(f"/cases/{found.case.key}/measures?victim={found.case.victim}")


@STAFF_PAGES.page
def desk_measures_none(d: AtDesk) -> Opened:
    found = _opened(d)
    clicks(d, "Measures and arrangements")
    d.heads("What helps at court")
    d.reads("Nothing yet.")
    for group in ("Special measures", "Other arrangements", "Instead of coming to court"):
        d.main.get_by_text(group).first.click()
    return found


@STAFF_PAGES.page
def desk_measure_form(d: AtDesk) -> Opened:
    found = desk_measures_none(d)
    d.follows("A screen")
    d.heads("Record a step")
    return found


@STAFF_PAGES.page
def desk_measure_form_empty(d: AtDesk) -> None:
    desk_measure_form(d)
    d.presses("Record")
    d.reads("Write what they think of it, as they said it.")


@STAFF_PAGES.page
def desk_measure_not_open(d: AtDesk) -> None:
    found = opened(d, stage="charged", told=True)
    _measures(d, found)
    d.main.get_by_text("Special measures").first.click()
    d.follows("An intermediary")
    d.reads("the law does not seem to open this to them")


@STAFF_PAGES.page
def desk_measure_decided(d: AtDesk) -> Opened:
    found = _opened(d)
    step(d.hub, found.case, "applied")
    _measures(d, found)
    d.main.get_by_text("Something else").first.click()
    clicks(d, "The court did not allow it")
    d.reads("Only a person tells this first.")
    return found


@STAFF_PAGES.page
def desk_measure_second(d: AtDesk) -> None:
    found = desk_measure_decided(d)
    step(d.hub, found.case, "partly", note="Only on the first day.")
    d.types("On which day?", "today")
    d.types("What was decided", "The judge saw no reason.")
    d.chooses("Not yet")
    d.presses("Record")
    d.reads("Somebody was first", "Only on the first day.")


@STAFF_PAGES.page
def desk_measures_in_every_state(d: AtDesk) -> Opened:
    found = _opened(d)
    typed(d.hub, found.case, plea_days_ago=40)
    step(d.hub, found.case, "discussed", view=VIEW)
    step(d.hub, found.case, "applied", "live_link")
    step(d.hub, found.case, "granted", "supporter", note="Her sister sits beside her.")
    step(d.hub, found.case, "refused", "no_wigs", note="The judge sees no need for it.")
    changed(d.hub, found.case, "live_link")
    _measures(d, found)
    d.reads("They changed their mind", "A late application is still possible", "not told yet")
    return found


def changed(hub: Hub, case: SeededCase, measure: str) -> None:
    """Let the victim change their mind."""
    deps = hub.deps
    code = seed_code(deps, case)
    token = open_case(deps, reference=case.reference, code=code, address=ELSEWHERE)
    session = find_session(deps, token)
    say_view(deps, session, measure, "I want to be in the room.", mark=view_mark(""))
    change_mind(deps, session, measure)


@STAFF_PAGES.page
def desk_measures_on_the_case(d: AtDesk) -> None:
    found = desk_measures_in_every_state(d)
    d.goes_to(f"/cases/{found.case.key}")
    d.reads("What helps at court", "They changed their mind")


@STAFF_PAGES.page
def desk_measure_talked_about(d: AtDesk) -> None:
    desk_measures_in_every_state(d)
    d.main.get_by_role("link", name="We talked about it").click()
    d.heads("What they think of it")


@STAFF_PAGES.page
def desk_measure_talked_about_empty(d: AtDesk) -> None:
    desk_measure_talked_about(d)
    d.types("What they think of it", "")
    d.presses("We talked: write it down")
    d.reads("as they said it")


@STAFF_PAGES.page
def desk_measure_late(d: AtDesk) -> None:
    found = _opened(d)
    typed(d.hub, found.case, plea_days_ago=40)
    step(d.hub, found.case, "asked")
    _measures(d, found)
    clicks(d, "The prosecutor applied to the court")
    d.types("On which day?", "today")
    d.presses("Record")
    d.reads("The limit is over", "Say why it is late")


@STAFF_PAGES.page
def desk_unwell(d: AtDesk) -> Opened:
    found = _opened(d)
    _measures(d, found)
    d.follows("Too unwell to come to court?")
    d.heads("Too unwell to come to court")
    return found


@STAFF_PAGES.page
def desk_unwell_started(d: AtDesk) -> None:
    desk_unwell(d)
    d.main.get_by_role("link", name="We talked about this: start it").first.click()
    d.heads("Record a step")


@STAFF_PAGES.page
def desk_plea(d: AtDesk) -> Opened:
    found = _opened(d)
    d.follows("A not-guilty plea")
    d.heads("A not-guilty plea")
    return found


@STAFF_PAGES.page
def desk_plea_empty(d: AtDesk) -> None:
    desk_plea(d)
    d.presses("Record")
    d.reads("Choose the court.")


@STAFF_PAGES.page
def desk_plea_second(d: AtDesk) -> None:
    found = desk_plea(d)
    typed(d.hub, found.case, plea_days_ago=2)
    d.types("On which day", "today")
    d.chooses("Crown Court")
    d.presses("Record")
    d.reads("Somebody changed this case while you were writing")


@STAFF_PAGES.page
def desk_plea_before_a_charge(d: AtDesk) -> None:
    opened(d)
    d.follows("A not-guilty plea")
    d.reads("Nobody is charged in this case.")

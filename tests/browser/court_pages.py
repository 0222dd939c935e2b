"""Before court: the list, the date, the review and what is given to do, and what goes wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.agreements import DATES, MEASURES, NEEDS, Agreement, View
from chalicelib.domain.cases import Hearing
from chalicelib.domain.promises import TASK
from chalicelib.services.follow import open_of
from chalicelib.services.keep_needs import note_need
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.record_hearing import record_hearing
from chalicelib.services.staff_sessions import find_staff_session
from tests.browser.desk_steps import Opened
from tests.browser.gallery import Gallery
from tests.browser.measure_pages import read, step
from tests.builders import seed_staff

if TYPE_CHECKING:
    from chalicelib.domain.staff import StaffSession
    from tests.browser.hub import Hub, Staff
    from tests.browser.people import AtDesk
    from tests.builders import SeededCase

PAGES: Gallery[AtDesk] = Gallery()

EPILEPSY = {
    "health_what": "Severe epileptic seizures since that night",
    "health_helps": "A quiet room, somebody beside her who knows what to do",
    "health_avoid": "Flashing light, long waiting, seeing him",
}
VIEW = "She comes if she need not pass the main door. One of us comes with her."
DECIDED = "The screen is applied for this week. She waits in the room of the witness service."
LONG = "We spoke about this for a while. " * 80


def _session(hub: Hub, by: Staff) -> StaffSession:
    return find_staff_session(
        hub.deps, seed_staff(hub.deps, by.identity, team=by.team, name=by.name)
    )


def _charged(
    hub: Hub, by: Staff, days: int | None, *flags: str, victims: tuple[str, ...] = ("V1",)
) -> SeededCase:
    """Put a case of high harm, perhaps with a court date in so many days."""
    case = hub.case(
        by,
        victims=victims,
        stage="charged",
        told=True,
        reported_on=hub.deps.today() - timedelta(days=90),
        flags=("domestic_abuse", *flags),
    )
    if days is not None:
        today = hub.deps.today()
        record_hearing(
            hub.deps,
            _session(hub, by),
            case.key,
            Hearing(today + timedelta(days=days), "Stafford Crown Court"),
            heard_on=today,
            seen=read(hub, case).version,
        )
    return case


def _full(hub: Hub, by: Staff, days: int) -> SeededCase:
    """Put a case of which the meeting has everything to look at."""
    case = _charged(hub, by, days)
    told = NeedTold("health", EPILEPSY, (), 0)
    note_need(hub.deps, _session(hub, by), case.key, case.victim, told)
    language = NeedTold(
        "communication", {"communication_language": "Polish, a woman"}, ("interpreter",), 0
    )
    note_need(hub.deps, _session(hub, by), case.key, case.victim, language)
    step(hub, case, "discussed", view="I do not want to see him.")
    step(hub, case, "applied", "live_link")
    for partner, view in (
        ("new_era", View(VIEW, hub.clock(), "Juniper Example")),
        ("isva_service", None),
    ):
        agreement = Agreement(
            partner,
            case.victim,
            case.key,
            case.reference,
            frozenset({NEEDS, DATES, MEASURES}),
            hub.deps.today() + timedelta(days=90),
            hub.clock(),
            "victim",
            view=view,
        )
        hub.ledger.write([hub.deps.threads.keep_agreement(agreement)])
    return case


def _reviewing(d: AtDesk, days: int = 40) -> Opened:
    by = d.hub.person()
    case = _full(d.hub, by, days)
    d.is_signed_in(by)
    d.goes_to(f"/cases/{case.key}/review?victim={case.victim}")
    d.heads("Review before court")
    return Opened(case, by)


# --- the list


@PAGES.page
def court_list(d: AtDesk) -> None:
    by = d.hub.person("PC Example")
    _full(d.hub, by, 5)
    _charged(d.hub, by, 12, victims=("V1", "V2"))
    _charged(d.hub, d.hub.person("PC Other", team=by.team), 20, "restricted")
    _full(d.hub, by, 25)
    # To an officer the restricted case of another does not exist.
    d.is_signed_in(d.hub.person("Sergeant Example", "supervisor", by.team))
    d.goes_to("/court")
    d.reads("and no review", "Only named people see more of this.", "To be reviewed by")


@PAGES.page
def court_list_of_nobody(d: AtDesk) -> None:
    d.is_signed_in(d.hub.person())
    d.goes_to("/court?week=2027-03-01")
    d.reads("Nobody who is under review goes to court in this time.")


@PAGES.page
def court_red_on_the_board(d: AtDesk) -> None:
    by = d.hub.person()
    _full(d.hub, by, 5)
    d.is_signed_in(d.hub.person("Sergeant Example", "supervisor", by.team))
    d.goes_to("/team?show=court")
    d.reads("Before court without a review (1)", "Court is in 5 days")


@PAGES.page
def court_rows_of_the_list(d: AtDesk) -> None:
    task_given(d)
    d.goes_to("/")
    d.reads("Review before court", "Find who is with them at court")


# --- the date


@PAGES.page
def hearing_form(d: AtDesk) -> Opened:
    by = d.hub.person()
    case = _charged(d.hub, by, None, victims=("V1", "V2"))
    d.is_signed_in(by)
    d.goes_to(f"/cases/{case.key}/hearing")
    d.heads("The next court date")
    return Opened(case, by)


@PAGES.page
def hearing_empty(d: AtDesk) -> None:
    hearing_form(d)
    d.types("On which day did you hear of it from the court?", "soon")
    d.presses("Record")
    d.reads("Write which court it is.", "Write the day like")


@PAGES.page
def hearing_recorded(d: AtDesk) -> None:
    hearing_form(d)
    d.main.get_by_label("On which day?", exact=True).fill(
        (d.hub.deps.today() + timedelta(days=40)).isoformat()
    )
    d.types("Which court?", "Stafford Crown Court")
    d.presses("Record")
    d.reads("Victim V1: to be told by", "Before court", "To be reviewed by")


@PAGES.page
def hearing_before_a_charge(d: AtDesk) -> None:
    by = d.hub.person()
    case = d.hub.case(by)
    d.is_signed_in(by)
    d.goes_to(f"/cases/{case.key}/hearing")
    d.reads("Record the charge first")


@PAGES.page
def hearing_after_somebody_else(d: AtDesk) -> None:
    found = hearing_form(d)
    today = d.hub.deps.today()
    typed = Hearing(today + timedelta(days=30), "Stafford Crown Court")
    record_hearing(
        d.hub.deps,
        _session(d.hub, found.by),
        found.case.key,
        typed,
        heard_on=today,
        seen=read(d.hub, found.case).version,
    )
    d.main.get_by_label("On which day?", exact=True).fill("tomorrow")
    d.types("Which court?", "Stoke Magistrates' Court")
    d.presses("Record")
    d.reads("Somebody changed this case while you were writing", "Recorded now:")


# --- the review


@PAGES.page
def review_of_everything(d: AtDesk) -> Opened:
    return _reviewing(d)


@PAGES.page
def review_that_is_red(d: AtDesk) -> None:
    _reviewing(d, 5)
    d.reads("and no review")


@PAGES.page
def review_empty(d: AtDesk) -> None:
    _reviewing(d)
    d.presses("Close the review")
    d.reads("Write what was decided.", "Write who was there.")


@PAGES.page
def review_too_long(d: AtDesk) -> None:
    _reviewing(d)
    d.types("What was decided?", LONG)
    d.presses("Close the review")
    d.reads("too long")


@PAGES.page
def review_closed(d: AtDesk) -> Opened:
    found = _reviewing(d)
    d.types("What was decided?", DECIDED)
    d.types("Who was there?", "Sergeant Example; Juniper Example, New Era")
    d.presses("Close the review")
    d.reads("The review is closed", DECIDED)
    return found


@PAGES.page
def review_closed_by_somebody_else(d: AtDesk) -> None:
    _reviewing(d)
    first = d.page.context.new_page()
    first.goto(d.page.url)
    main = first.get_by_role("main")
    main.get_by_label("What was decided?").fill("She does not come; her words are read.")
    main.get_by_label("Who was there?").fill("Sergeant Example")
    main.get_by_role("button", name="Close the review").click()
    first.get_by_text("The review is closed.").wait_for()
    first.close()
    d.types("What was decided?", DECIDED)
    d.types("Who was there?", "Sergeant Example; Juniper Example, New Era")
    d.presses("Close the review")
    d.reads("Somebody changed this while you were writing", "her words are read", DECIDED)


@PAGES.page
def review_opened_again(d: AtDesk) -> None:
    review_closed(d)
    d.presses("Open it again")
    d.reads("Say why it is opened again.")
    d.types("Why is it opened again?", "Her sister cannot come.")
    d.presses("Open it again")
    d.reads("The review is open again.", "Her sister cannot come.", "Earlier reviews (1)")


@PAGES.page
def review_without_a_date(d: AtDesk) -> None:
    by = d.hub.person()
    case = _charged(d.hub, by, None)
    d.is_signed_in(by)
    d.goes_to(f"/cases/{case.key}/review?victim={case.victim}")
    d.reads("So there is nothing to close.")


@PAGES.page
def coming_noted(d: AtDesk) -> None:
    _reviewing(d)
    d.types("Who is with them?", "Juniper Example of New Era")
    d.types("How do they get there and home?", "By taxi, paid by witness care")
    d.presses("Note it")
    d.reads("Noted.")


# --- tasks


@PAGES.page
def task_given(d: AtDesk) -> Opened:
    found = _reviewing(d)
    d.main.get_by_label("What?", exact=True).select_option("supporter")
    d.types("What exactly?", "Ask New Era first, then the witness service.")
    d.presses("Give it")
    d.reads("Given. It is in their list with its date.", "Who does what by when (1)")
    return found


@PAGES.page
def task_after_court(d: AtDesk) -> None:
    _reviewing(d)
    d.types("By when?", (d.hub.deps.today() + timedelta(days=50)).isoformat())
    d.presses("Give it")
    d.reads("is after the court date", "Choose what is to be done.")


@PAGES.page
def task_form(d: AtDesk) -> Opened:
    found = task_given(d)
    d.main.get_by_role("link", name="Record it").click()
    d.heads("Something to do before court")
    return found


@PAGES.page
def task_empty(d: AtDesk) -> None:
    task_form(d)
    d.presses("It is done")
    d.reads("Say what was done, in a few words.")


@PAGES.page
def task_done(d: AtDesk) -> None:
    found = task_form(d)
    (task,) = open_of(d.hub.deps.threads.read(found.case.victim), TASK)
    d.types("What was done?", "Juniper Example comes with her.")
    d.types("On which day?", "today")
    d.presses("It is done")
    d.reads("Recorded: it is done.")
    d.goes_to(f"/cases/{found.case.key}/task?victim={found.case.victim}&promise={task.id}")
    d.reads("Nothing is left to do here", "Juniper Example comes with her.")

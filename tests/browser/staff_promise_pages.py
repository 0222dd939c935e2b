"""What an officer presses to keep what is owed, and the words that are looked at before they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.desk_steps import Opened
from tests.browser.gallery import Gallery
from tests.browser.stories import asked, followed

if TYPE_CHECKING:
    from tests.browser.people import AtDesk

PAGES: Gallery[AtDesk] = Gallery()


def _in_charge(d: AtDesk, rhythm: str = "every_10") -> Opened:
    by = d.hub.person()
    case = d.hub.case(by, victims=("V1", "V2"))
    followed(d.hub, case, rhythm, days_ago=30)
    d.is_signed_in(by)
    return Opened(case, by)


@PAGES.page
def list_of_every_kind(d: AtDesk) -> Opened:
    found = _in_charge(d)
    asked(d.hub, found.case, "Is there news?")
    d.goes_to("/")
    d.reads("Give an update", "Get in touch for the first time", "Answer a question", "Late by")
    return found


@PAGES.page
def nothing_new_pressed(d: AtDesk) -> None:
    list_of_every_kind(d)
    d.main.get_by_role("button", name="Nothing new").first.click()
    d.reads("Written: there is nothing new.")


@PAGES.page
def contact_form(d: AtDesk) -> None:
    list_of_every_kind(d)
    d.main.get_by_role("link", name="Record it").first.click()
    d.heads("Record a contact")


@PAGES.page
def contact_empty(d: AtDesk) -> None:
    contact_form(d)
    d.presses("Record")
    d.reads("Say how they were contacted.")


@PAGES.page
def case_with_everything_owed(d: AtDesk) -> Opened:
    found = list_of_every_kind(d)
    d.goes_to(f"/cases/{found.case.key}")
    d.reads("Give an update", "Updates: every 10 working days")
    return found


@PAGES.page
def event_form(d: AtDesk) -> Opened:
    found = _in_charge(d)
    d.goes_to(f"/cases/{found.case.key}/event")
    d.heads("Record an event")
    return found


@PAGES.page
def event_empty(d: AtDesk) -> None:
    event_form(d)
    d.presses("Record")
    d.reads("Choose what happened.")


@PAGES.page
def event_recorded(d: AtDesk) -> None:
    event_form(d)
    d.main.get_by_label("What happened?").select_option(label="Suspect interviewed under caution")
    d.main.get_by_role("textbox", name="On which day?", exact=True).fill("today")
    d.main.get_by_role("group", name="Victim V1").get_by_label("Not yet").check()
    d.presses("Record")
    d.reads("Victim V1: to be told by")


@PAGES.page
def rhythm_form(d: AtDesk) -> Opened:
    found = _in_charge(d)
    d.goes_to(f"/cases/{found.case.key}/rhythm?victim={found.case.victim}")
    d.heads("How often they want to hear from us")
    return found


@PAGES.page
def nothing_more_without_how(d: AtDesk) -> None:
    rhythm_form(d)
    d.presses("They asked to hear nothing more")
    d.reads("Say how they said it.")


@PAGES.page
def nothing_more_asked_for(d: AtDesk) -> None:
    found = rhythm_form(d)
    d.chooses("In person")
    d.presses("They asked to hear nothing more")
    d.reads("to hear nothing more.")
    d.goes_to(f"/cases/{found.case.key}/rhythm?victim={found.case.victim}")
    d.reads("They want to hear of it again")


@PAGES.page
def answer_that_names_somebody(d: AtDesk) -> None:
    found = list_of_every_kind(d)
    d.goes_to(f"/cases/{found.case.key}")
    d.answers("We have spoken to Darren Miller of 12 Mill Lane.")
    d.reads("looks like a person's name", "Send it as it is")


@PAGES.page
def ready_answer_in_the_box(d: AtDesk) -> None:
    found = list_of_every_kind(d)
    d.goes_to(f"/cases/{found.case.key}")
    d.main.get_by_label("A ready answer").select_option(index=1)
    d.main.get_by_role("button", name="Put it in the box").first.click()
    d.heads("Answer a question")


@PAGES.page
def ready_sentence_in_the_box(d: AtDesk) -> None:
    found = _in_charge(d)
    d.goes_to(f"/cases/{found.case.key}")
    d.main.get_by_role("group", name="A ready sentence").get_by_role("radio").first.check()
    d.presses("Put the ready sentence in the box first")
    d.heads("Post an update")


@PAGES.page
def away_noted(d: AtDesk) -> None:
    by = d.hub.person()
    d.hub.person("PC Sample", team=by.team)
    d.is_signed_in(by)
    d.goes_to("/away")
    d.types("First day away", "today")
    d.types("Last day away", "tomorrow")
    d.main.get_by_label("Who answers meanwhile").select_option(label="PC Sample, 0000")
    d.presses("Note it")
    d.reads("PC Sample answers.", "Take it off")


@PAGES.page
def away_empty(d: AtDesk) -> None:
    d.is_signed_in(d.hub.person())
    d.goes_to("/away")
    d.presses("Note it")
    d.reads("Choose somebody else, who answers meanwhile.")


@PAGES.page
def figures_of_a_team(d: AtDesk) -> None:
    d.is_signed_in(d.hub.person("Sergeant Example", "supervisor"))
    d.goes_to("/figures")
    d.reads("Figures")

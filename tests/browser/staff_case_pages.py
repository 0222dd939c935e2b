"""One case at the desk: the case, its questions, its updates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.desk_steps import Opened, opened
from tests.browser.gallery import Gallery
from tests.browser.stories import answered, asked
from tests.builders import seed_update

if TYPE_CHECKING:
    from tests.browser.people import AtDesk

PAGES: Gallery[AtDesk] = Gallery()
LONG = "We are still looking at the film. " * 150


@PAGES.page
def case_without_anything(d: AtDesk) -> None:
    opened(d)


@PAGES.page
def case_with_everything(d: AtDesk) -> Opened:
    by = d.hub.person()
    case = d.hub.case(
        by, victims=("V1", "V2"), crime_type="stalking_harassment", flags=("domestic_abuse",)
    )
    asked(d.hub, case, "Did you find my telephone?", days_ago=40)
    answered(d.hub, case, "Not yet. We are still looking.", days_ago=38)
    asked(d.hub, case, "Is the film of the shop there?", days_ago=20)
    asked(d.hub, case, "May I move away while this goes on?", victim="V2")
    seed_update(d.hub.deps, case, "We have spoken to people who live nearby.", "V1")
    d.hub.code(case, "V1")
    d.is_signed_in(by)
    d.opens(case)
    d.reads("Safe mode.", "Late by", "Cancel this code at once")
    return Opened(case, by)


@PAGES.page
def case_of_opposed_victims(d: AtDesk) -> None:
    opened(d, victims=("V1", "V2"), flags=("opposed_victims",))
    d.reads("Opposed victims.")


@PAGES.page
def answer_empty(d: AtDesk) -> None:
    case_with_everything(d)
    d.answers("")
    d.heads("Answer a question")


@PAGES.page
def answer_too_long(d: AtDesk) -> None:
    case_with_everything(d)
    d.answers(LONG)
    d.reads("too long")


@PAGES.page
def answer_after_somebody_else(d: AtDesk) -> None:
    found = opened(d)
    asked(d.hub, found.case, "When?")
    d.page.reload()
    answered(d.hub, found.case, "On Monday.")
    d.answers("On Tuesday.")
    d.reads("Somebody answered while you were writing", "On Monday.")


@PAGES.page
def answer_sent(d: AtDesk) -> None:
    case_with_everything(d)
    d.answers("Yes, it has come.")
    d.reads("Questions waiting (1)")


@PAGES.page
def answer_to_add(d: AtDesk) -> None:
    answer_sent(d)
    d.main.get_by_role("link", name="Add to the answer").first.click()
    d.heads("Answer a question")


@PAGES.page
def update_empty(d: AtDesk) -> None:
    case_with_everything(d)
    d.presses("Post")
    d.heads("Post an update")


@PAGES.page
def update_posted(d: AtDesk) -> None:
    opened(d)
    d.chooses("Victim V1")
    d.types("Your own words", "We have the film now.")
    d.presses("Post")
    d.reads("We have the film now.", "Back to your list")


@PAGES.page
def answer_after_the_end(d: AtDesk) -> None:
    case_with_everything(d)
    d.hub.clock.forward(minutes=16)
    d.answers("I wrote for a long time")
    d.reads("I wrote for a long time")


@PAGES.page
def answer_not_stored(d: AtDesk) -> None:
    case_with_everything(d)
    d.hub.ledger.broken = True
    d.answers("Nobody can store this")
    d.heads("Not available now")
    d.hub.ledger.broken = False
    d.reads("Nobody can store this")


@PAGES.page
def form_of_another_sign_in(d: AtDesk) -> None:
    case_with_everything(d)
    d.is_signed_in(d.hub.person())
    d.answers("My words")
    d.reads("My words")


@PAGES.page
def questions_older(d: AtDesk) -> None:
    found = opened(d)
    asked(d.hub, found.case, *(f"Question {number}" for number in range(21)))
    d.page.reload()
    d.follows("Older questions of Victim V1")
    d.heads("Older questions")

"""Every page of the public service and every state of it, by the steps that lead there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.browser.gallery import Gallery
from tests.browser.stories import answered, asked, kept
from tests.builders import seed_update

if TYPE_CHECKING:
    from tests.browser.people import Victim
    from tests.builders import SeededCase

PAGES: Gallery[Victim] = Gallery()
WRONG_CODE = "BCDF-GHJK-MNPQ-RST"
LONG = "How long does this take? " * 210


@PAGES.page
def lookup(v: Victim) -> None:
    v.opens_lookup()
    v.heads("Open your information")


@PAGES.page
def lookup_mistyped(v: Victim) -> None:
    lookup(v)
    v.enters("12/345678/90", WRONG_CODE)
    v.reads("Check the code.")


@PAGES.page
def lookup_not_opened(v: Victim) -> None:
    lookup(v)
    v.enters("12/345678/90", v.hub.code(v.hub.case()))
    v.reads("We could not open your information with these details.")


@PAGES.page
def lookup_after_many_failures(v: Victim) -> None:
    # In a time of its own: what counts against this address now must not count in other tests.
    v.hub.clock.ahead += timedelta(days=1)
    address = v.hub.deps.keys.address_key("127.0.0.1")
    for _ in range(11):
        v.hub.deps.access.count_failure(address, v.hub.deps.now())
    lookup_not_opened(v)
    v.reads("You are not locked out")


@PAGES.page
def finder(v: Victim) -> None:
    v.goes_to("/help-at-court/measures/")
    v.follows("What might help")
    v.heads("What might help")


@PAGES.page
def finder_unanswered(v: Victim) -> None:
    finder(v)
    v.presses("Show what might help")
    v.reads("Choose at least one answer")


@PAGES.page
def finder_list(v: Victim) -> None:
    finder(v)
    for label in ("An illness", "I am afraid", "I am afraid to see them, or to be seen by them"):
        v.chooses(label)
    v.presses("Show what might help")
    v.heads("Worth asking for")
    v.reads("Take this list to your officer")


@PAGES.page
def finder_list_of_somebody_who_cannot_come(v: Victim) -> None:
    v.opens(v.hub.case())
    v.goes_to("/what-might-help")
    for label in ("18 or over", "An illness", "I cannot come to court, because of my health"):
        v.chooses(label)
    v.presses("Show what might help")
    v.reads("Instead of coming to court", "Add what I ticked to my information")


@PAGES.page
def finder_list_of_somebody_for_whom_the_law_opens_little(v: Victim) -> None:
    finder(v)
    v.chooses("Wigs, gowns and a big room would make it harder")
    v.presses("Show what might help")
    v.reads("Perhaps")


@PAGES.page
def finder_list_of_nothing(v: Victim) -> None:
    finder(v)
    v.chooses("I feel all right about it")
    v.presses("Show what might help")
    v.reads("we cannot say what would help you")


@PAGES.page
def finder_changed(v: Victim) -> None:
    finder_list(v)
    v.presses("Change my answers")
    v.heads("What might help")


@PAGES.page
def case_without_anything(v: Victim) -> None:
    v.opens(v.hub.case())


@PAGES.page
def case_with_everything(v: Victim) -> SeededCase:
    case = v.hub.case(crime_type="stalking_harassment")
    for text in ("We have spoken to people who live nearby.", "The film of the shop has come."):
        seed_update(v.hub.deps, case, text)
    asked(v.hub, case, "Did you find my bicycle?", days_ago=40)
    answered(v.hub, case, "Not yet. We are still looking.", days_ago=38)
    asked(v.hub, case, "Is the film of the shop there?", days_ago=20)
    asked(v.hub, case, "May I move away while this goes on?")
    kept(v.hub, case, "I wanted to ask as well")
    v.opens(case)
    v.reads("We are late.", "Your words are here", "Do not wait for this page")
    return case


@PAGES.page
def case_with_many_questions(v: Victim) -> None:
    case = v.hub.case()
    asked(v.hub, case, *(f"Question {number}" for number in range(21)))
    v.opens(case)
    v.follows("Show older ones")
    v.reads("Older questions and answers", "Question 0")


@PAGES.page
def case_decided(v: Victim) -> None:
    v.opens(v.hub.case(stage="no_further_action", outcome="not_enough_evidence", told=True))
    v.reads("Who to ask now")


@PAGES.page
def case_charged(v: Victim) -> None:
    v.opens(v.hub.case(stage="charged", outcome="charged", told=True))
    v.reads("Who to ask now")


@PAGES.page
def question(v: Victim) -> None:
    v.opens(v.hub.case())
    v.follows("Ask a question")
    v.heads("Your question")


@PAGES.page
def question_empty(v: Victim) -> None:
    question(v)
    v.presses("Send")
    v.reads("Write your question in the box")


@PAGES.page
def question_too_long(v: Victim) -> None:
    question(v)
    v.types("Your question", LONG)
    v.presses("Send")
    v.reads("too long")


@PAGES.page
def question_sent(v: Victim) -> None:
    v.opens(v.hub.case())
    v.asks("When will I hear from you?")


@PAGES.page
def question_kept(v: Victim) -> None:
    question(v)
    v.types("Your question", "Not yet ready")
    v.presses("Keep for later")
    v.heads("Kept for later")


@PAGES.page
def question_from_draft(v: Victim) -> None:
    question_kept(v)
    v.follows("Go on writing")
    v.reads("These are the words that you kept")


@PAGES.page
def question_after_the_decision(v: Victim) -> None:
    case_decided(v)
    v.goes_to("/case/message")
    v.reads("Questions no longer go to")


@PAGES.page
def question_not_stored(v: Victim) -> None:
    question(v)
    v.types("Your question", "Nobody can store this")
    v.hub.ledger.broken = True
    v.presses("Send")
    v.heads("Not sent")
    v.hub.ledger.broken = False


@PAGES.page
def question_after_the_end(v: Victim) -> None:
    question(v)
    v.types("Your question", "I wrote for a long time")
    v.hub.clock.forward(minutes=16)
    v.presses("Send")
    v.heads("Your information is closed")


@PAGES.page
def thread_waiting(v: Victim) -> None:
    question_sent(v)
    v.follows("Read your question")
    v.reads("Not yet")


@PAGES.page
def thread_answered_late(v: Victim) -> None:
    case = case_with_everything(v)
    assert case.reference
    v.goes_to("/case/thread/2")
    v.reads("We are late.")


@PAGES.page
def thread_answered(v: Victim) -> None:
    case_with_everything(v)
    v.goes_to("/case/thread/1")
    v.reads("PC Example answered")


@PAGES.page
def code(v: Victim) -> None:
    v.opens(v.hub.case())
    v.follows("Change your code")
    v.heads("Your code")


@PAGES.page
def code_wrong(v: Victim) -> None:
    code(v)
    v.types("Your present code", WRONG_CODE)
    v.presses("Show my new code")
    v.reads("It is not the one that opened your information")


@PAGES.page
def code_new(v: Victim) -> None:
    case = v.hub.case()
    present = v.hub.code(case)
    v.goes_to("/case/open")
    v.enters(case.reference, present)
    v.follows("Change your code")
    v.types("Your present code", present)
    v.presses("Show my new code")
    v.heads("Your new code")


@PAGES.page
def code_new_mistyped(v: Victim) -> None:
    code_new(v)
    v.types("Your new code", WRONG_CODE)
    v.presses("Use my new code")
    v.reads("It is not your new one")


@PAGES.page
def code_changed(v: Victim) -> None:
    code_new(v)
    v.types("Your new code", v.main.locator(".hub-code").inner_text())
    v.presses("Use my new code")
    v.reads("Only you know it now")


@PAGES.page
def left(v: Victim) -> None:
    v.goes_to("/case/left")


@PAGES.page
def closed(v: Victim) -> None:
    v.goes_to("/case")
    v.heads("Your information is closed")


@PAGES.page
def closed_by_cancelling(v: Victim) -> None:
    case = v.hub.case()
    v.opens(case)
    record = v.hub.deps.threads.read(case.victim).codes[0]
    v.hub.ledger.write([v.hub.deps.access.cancel_code(record.code_key)])
    v.goes_to("/case")
    v.heads("Your information is closed")


@PAGES.page
def not_there(v: Victim) -> None:
    v.goes_to("/case/thread/7/nothing")
    v.heads("This page does not exist")


@PAGES.page
def not_there_in_the_case(v: Victim) -> None:
    v.opens(v.hub.case())
    v.goes_to("/case/thread/7")
    v.heads("This page does not exist")


@PAGES.page
def not_there_on_the_site(v: Victim) -> None:
    v.goes_to("/nothing/here")


@PAGES.page
def form_of_another_browser(v: Victim) -> None:
    question(v)
    v.types("Your question", "My words")
    v.page.context.clear_cookies()
    v.presses("Send")
    v.reads("My words")


@PAGES.page
def not_available(v: Victim) -> None:
    v.opens(v.hub.case())
    v.hub.ledger.broken = True
    v.goes_to("/case")
    v.hub.ledger.broken = False
    v.heads("Not available now")

"""What might help: a few plain questions, and what is worth asking for. Nothing is kept.

For anybody, without a case. The answers come by POST, stand in no address and are written
nowhere; only what a person with an open case ticks can be added to it, on another page.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from chalicelib.domain.errors import SessionEndedError, StoreUnavailableError
from chalicelib.domain.finder import Found, Openness, Suggestion, worth_asking
from chalicelib.rules.measures import MeasureRules, load_measures
from chalicelib.services.victim_sessions import find_session
from chalicelib.web.page import Answer, Page, Pages, Visit
from chalicelib.web.victim.visits import Errors, token_of

Answers = Mapping[str, Sequence[str]]

NOTHING_CHOSEN = "Choose at least one answer to any of these questions."
# What a person reads of what the law says; the court's decision stands beside each of them.
OPENNESS = {
    Openness.BY_LAW: "By your answers the law may open it to you. That does not mean yes.",
    Openness.IF_SATISFIED: "The court looks at whether your evidence would be weaker without it.",
    Openness.NOT_SHOWN: "",
    Openness.ANYBODY: "",
}

pages = Pages()


@pages.page("/what-might-help", "GET")
def questions(visit: Visit) -> Answer:
    """Show the questions, none answered; nothing is asked of any store."""
    return _questions(visit, {})


@pages.page("/what-might-help", "POST")
def what_might_help(visit: Visit) -> Answer:
    """Show what is worth asking for, or the questions again with everything that was chosen."""
    answers = _answers(visit, load_measures())
    if visit.form.text("change"):
        return _questions(visit, answers)
    if not any(answers.values()):
        return _questions(visit, answers, error=NOTHING_CHOSEN)
    return _list(visit, answers)


def _answers(visit: Visit, rules: MeasureRules) -> Answers:
    """Return what was chosen of what can be chosen; anything else is as if it were not sent."""
    return {
        question.key: tuple(row.key for row in rules.answers_to(question.key) if row.key in sent)[
            : None if question.many else 1
        ]
        for question in rules.questions.values()
        for sent in [visit.form.every(question.key)]
    }


def _questions(visit: Visit, answers: Answers, *, error: str = "") -> Page:
    rules = load_measures()
    first = next(iter(rules.questions))
    errors: Errors = [(first, error)] if error else []
    return Page(
        "victim/finder.html",
        {
            # Nobody's information: the bar says which site this is.
            "is_open_to_all": True,
            "title": visit.deps.rules.titles["finder"].text,
            "questions": [_question(key, rules) for key in rules.questions],
            "answers": {key: answers.get(key, ()) for key in rules.questions},
            "errors": errors,
            "error_of": dict(errors),
        },
        status=HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK,
        private=True,
        form=True,
    )


def _question(key: str, rules: MeasureRules) -> dict[str, Any]:
    row = rules.questions[key]
    options = [
        (each.key, each.label, each.hint) if each.hint else (each.key, each.label)
        for each in rules.answers_to(key)
    ]
    return {
        "key": key,
        "text": row.text,
        "hint": row.hint,
        "many": row.many,
        "options": options,
    }


def _list(visit: Visit, answers: Answers) -> Page:
    found = worth_asking(answers, load_measures())
    return Page(
        "victim/finder_list.html",
        {
            "is_open_to_all": True,
            "title": visit.deps.rules.titles["finder_list"].text,
            "instead": [_shown(each, found) for each in found.instead],
            "at_court": [_shown(each, found) for each in found.measures],
            "useful": [_shown(each, found) for each in found.arrangements],
            "perhaps": [_shown(each, found) for each in found.perhaps],
            "grounds": [(ground.words, ground.section) for ground in found.grounds],
            "answers": [(key, value) for key, values in answers.items() for value in values],
            "is_signed_in": _is_signed_in(visit),
            "form_key": visit.deps.new_token(),
        },
        private=True,
        form=True,
    )


def _shown(suggestion: Suggestion, found: Found) -> dict[str, Any]:
    row = suggestion.measure
    return {
        "number": found.keys.index(row.key) + 1,
        "key": row.key,
        "name": row.name,
        "why": suggestion.reasons,
        "like": f"{row.means} {row.in_the_room}",
        "does_not": row.does_not,
        "decides": f"{row.who_decides} {OPENNESS[suggestion.eligibility.openness]}".rstrip(),
        "asks_for": row.asks_for,
        "who": row.who,
    }


def _is_signed_in(visit: Visit) -> bool:
    """Return whether a case is open in this browser; the list is shown all the same if not."""
    try:
        find_session(visit.deps, token_of(visit))
    except (SessionEndedError, StoreUnavailableError):
        # Fail closed: the list can still be printed, and nothing can be added.
        return False
    return True

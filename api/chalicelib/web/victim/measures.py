"""What a victim asked for: where each stands, who decides, what it is like, what they think."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from chalicelib.domain.applying import apply_working
from chalicelib.domain.dates import long_date
from chalicelib.domain.measures import (
    WISHED,
    WITHDRAWN,
    Measure,
    MeasureStep,
    step_shown,
    to_apply_for,
)
from chalicelib.domain.wishes import may_withdraw, view_mark
from chalicelib.rules.measures import load_measures
from chalicelib.services.read_case import knows_of_charge, left_on
from chalicelib.services.victim_sessions import Opened, find_session
from chalicelib.services.wish_measures import (
    ViewChangedError,
    Wished,
    change_mind,
    say_view,
    wish_measures,
    withdraw_wish,
)
from chalicelib.web.measure_parts import state_words
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.victim.court import hearing_shown
from chalicelib.web.victim.visits import Errors, case_page, open_visit, token_of

pages = Pages()

# The box of each measure has a name of its own: several stand on one page.
VIEW = "view_"
ADD = "/case/measures/add"
DONE = {
    "new": "It is on this page now. Somebody talks with you about it.",
    "there": "What you chose is on this page already.",
    "left-out": "What we know of is on this page now. We left out something that we do not know.",
    "none": "Nothing was ticked, so nothing was added.",
    "view": "We have what you wrote.",
    "changed": "We have it. Somebody talks with you about what you want instead.",
    "withdrawn": "We have it. You can ask for it again at any time.",
    "decided": "This was decided already. Say that you changed your mind, and somebody talks "
    "with you.",
}
# Whoever wants to hear nothing more is promised no talk.
QUIET = (
    "You asked us to tell you nothing more, so nobody gets in touch about this. It stands here "
    "for your officer. To talk about it, call 101 and ask for them."
)
DONE_QUIETLY = DONE | {
    "new": "It is on this page now.",
    "changed": "We have it.",
    "decided": "This was decided already. You can say that you changed your mind.",
}
CHANGED_MEANWHILE = "Somebody wrote something here while you were writing. Yours is in the box."


@pages.page("/case/measures", "GET")
def measures(visit: Visit) -> Answer:
    """Show what this victim asked for, each with where it stands."""
    return _page(visit, open_visit(visit, "read the measures"))


@pages.page(ADD, "POST")
def add(visit: Visit) -> Answer:
    """Add what was ticked in the finder; what is there already stays as it is."""
    session = find_session(visit.deps, token_of(visit))
    ticked = visit.form.every("measure")
    if not ticked:
        return Redirect("/case/measures?done=none")
    found = wish_measures(visit.deps, session, ticked)
    return Redirect(f"/case/measures?done={_said(found)}")


@pages.page("/case/measures", "POST")
def say(visit: Visit) -> Answer:
    """Store what they think, that they changed their mind, or that they want it no more."""
    key, deps, form = visit.form.text("measure"), visit.deps, visit.form
    session = find_session(deps, token_of(visit))
    if form.text("do") == "withdraw":
        done = "withdrawn" if withdraw_wish(deps, session, key) else "decided"
        return Redirect(f"/case/measures?done={done}")
    if form.text("do") == "changed":
        change_mind(deps, session, key)
        return Redirect("/case/measures?done=changed")
    view = form.text(VIEW + key).strip()
    if too_long := _too_long(visit, view):
        opened = open_visit(visit, "wrote what they think")
        return _page(visit, opened, errors=[(VIEW + key, too_long)])
    try:
        say_view(deps, session, key, view, mark=form.text("mark"))
    except ViewChangedError:
        opened = open_visit(visit, "saw what was written meanwhile")
        return _page(visit, opened, meanwhile=key)
    return Redirect("/case/measures?done=view")


def shown_measures(visit: Visit, opened: Opened) -> list[tuple[Measure, MeasureStep]]:
    """Return the measures of which this victim may read something, each with the step shown."""
    rules, knows = load_measures(), knows_of_charge(opened, visit.deps.rules)
    order = list(rules.measures)
    known = (measure for measure in opened.file.measures if measure.key in rules.measures)
    return [
        (measure, shown)
        for measure in sorted(known, key=lambda each: order.index(each.key))
        if (shown := step_shown(measure, rules, knows_of_charge=knows))
    ]


def measures_context(visit: Visit, opened: Opened) -> dict[str, Any]:
    """Return what the page of the case says of them: how many, and whether there is a date."""
    rows = shown_measures(visit, opened)
    return {
        "measures_count": sum(shown.state != WITHDRAWN for _, shown in rows),
        "measures_any": bool(rows),
        "has_court_page": knows_of_charge(opened, visit.deps.rules),
    }


def _said(found: Wished) -> str:
    if found.unknown:
        return "left-out"
    return "new" if found.new else "there"


def _too_long(visit: Visit, text: str) -> str:
    limit = visit.deps.rules.limits.note_characters
    over = len(text) - limit
    if over <= 0:
        return ""
    unit = "character" if over == 1 else "characters"
    return f"This is {over:,} {unit} too long: up to {limit:,} fit. Nothing of it is lost."


def _page(visit: Visit, opened: Opened, *, errors: Errors = (), meanwhile: str = "") -> Page:
    status = HTTPStatus.CONFLICT if meanwhile else HTTPStatus.OK
    problems = [*errors, *([(VIEW + meanwhile, CHANGED_MEANWHILE)] if meanwhile else [])]
    rows, is_quiet = shown_measures(visit, opened), left_on(opened) is not None
    return case_page(
        visit,
        opened,
        "victim/measures.html",
        "measures",
        status=HTTPStatus.BAD_REQUEST if errors else status,
        errors=problems,
        context={
            "done": (DONE_QUIETLY if is_quiet else DONE).get(
                visit.request.query.get("done", ""), ""
            ),
            "quiet": QUIET if is_quiet and rows else "",
            "measures": [_words(visit, opened, measure, step) for measure, step in rows],
            "has_court_page": knows_of_charge(opened, visit.deps.rules),
            "limit": visit.deps.rules.limits.note_characters,
        },
    )


def _words(visit: Visit, opened: Opened, measure: Measure, step: MeasureStep) -> dict[str, Any]:
    rules, knows = load_measures(), knows_of_charge(opened, visit.deps.rules)
    row, state = rules.measures[measure.key], rules.states[step.state]
    words, name = state_words(row, state), VIEW + measure.key
    typed = visit.form.fields.get(name)
    return {
        "key": measure.key,
        "row": row,
        "says": words.says,
        "next": "" if state.key == WISHED and left_on(opened) else words.next,
        "since": long_date(step.on),
        "note": step.note if state.decided else "",
        "is_over": step.state == WITHDRAWN,
        "by_when": _by_when(visit, opened, measure, step) if knows and not state.decided else "",
        "changed": long_date(measure.changed_mind_at) if measure.changed_mind_at else "",
        "view": measure.view,
        "field": name,
        "typed": visit.form.text(name) if typed else measure.view,
        "mark": view_mark(measure.view),
        "may_withdraw": may_withdraw(measure, rules, knows_of_charge=knows),
    }


def _by_when(visit: Visit, opened: Opened, measure: Measure, step: MeasureStep) -> str:
    """Return by when it is asked of the court or decided, for who knows of a charge."""
    plea, deps, hearing = opened.case.plea, visit.deps, hearing_shown(visit, opened)
    if step.state == WITHDRAWN:
        return ""
    # By the step that they read: a decision that waits to be told changes no word here.
    read = replace(measure, steps=(step,))
    is_to_apply = plea is not None and bool(to_apply_for([read], load_measures()))
    if is_to_apply and plea is not None:
        last_day, _ = apply_working(plea, deps.calendar, deps.rules)
        if last_day >= deps.today():
            return f"The prosecutor asks the court by {long_date(last_day)}; later is possible too."
        return "The usual time to ask the court is over. It can still be asked for, with a reason."
    if hearing is not None:
        return (
            f"Before your date at court, {long_date(hearing)}. You need not wait: ask at any time."
        )
    return "There is no day for this yet."

"""Safe mode, what the page hides, and how hard news is heard: chosen here, changed at any time."""

from http import HTTPStatus

from chalicelib.domain.safety import (
    HERE,
    PERSON,
    PERSON_THEN_HERE,
    Safety,
    asks_to_be_off,
    in_safe_mode,
)
from chalicelib.rules import Rules
from chalicelib.services.keep_safety import (
    SafetyChangedError,
    choose_hearing,
    hide_history,
    wish_safe_mode,
)
from chalicelib.services.read_case import left_on
from chalicelib.services.safety_changes import WAYS_TO_HEAR
from chalicelib.services.victim_sessions import Opened, find_session
from chalicelib.web.need_forms import seen_of
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.victim.visits import Errors, case_page, day_of, open_visit, token_of

PAGE = "/case/safety"
DONE = {
    "on": "Safe mode is on. It holds from now on.",
    "off": "We have it. Safe mode stays on until your officer has talked with you.",
    "history": "Saved. It holds from now on.",
    "news": "Saved. It holds from now on.",
}
NOTHING_CHOSEN: Errors = [("hears", "Choose one of these, then press Save.")]
NOT_HERE = "What this page has no words for, or what you took off it, a person still tells you."
BY_PERSON = (
    "Somebody tells you, in the way that you agreed with us. Until then this page says nothing of "
    "it. If we tried {tries} times on {days} days and did not reach you, or if your safety needs "
    "it at once, a supervisor may decide that this page tells you."
)
IF_NOT_REACHED = (
    "There is a day by which we must tell you. If it passes and nobody reached you, this page "
    f"tells you after that day. {NOT_HERE}"
)
AT_ONCE = f"You may be the first to read it, alone and at any hour, with nobody to ask. {NOT_HERE}"

pages = Pages()


@pages.page(PAGE, "GET")
def settings(visit: Visit) -> Answer:
    """Show what holds, what each choice means, and the buttons to change it."""
    return _page(visit, open_visit(visit, "read their choices"))


@pages.page(PAGE, "POST")
def safe_mode(visit: Visit) -> Answer:
    """Turn safe mode on at once, or ask for it to be off."""
    session, seen = find_session(visit.deps, token_of(visit)), seen_of(visit.form)
    on = visit.form.text("safe_mode") != "off"
    try:
        wish_safe_mode(visit.deps, session, on=on, seen=seen)
    except SafetyChangedError as changed:
        return _page(visit, changed.opened, meanwhile=True)
    return Redirect(f"{PAGE}?done={'on' if on else 'off'}")


@pages.page(f"{PAGE}/history", "POST")
def history(visit: Visit) -> Answer:
    """Hide what was said before, or show it again."""
    session, seen = find_session(visit.deps, token_of(visit)), seen_of(visit.form)
    hides = visit.form.text("history") != "show"
    try:
        hide_history(visit.deps, session, hides=hides, seen=seen)
    except SafetyChangedError as changed:
        return _page(visit, changed.opened, meanwhile=True)
    return Redirect(f"{PAGE}?done=history")


@pages.page(f"{PAGE}/news", "POST")
def news(visit: Visit) -> Answer:
    """Store how they want to hear hard news, or say what to do."""
    hears = visit.form.text("hears")
    if hears not in WAYS_TO_HEAR:
        return _page(visit, open_visit(visit, "read their choices"), errors=NOTHING_CHOSEN)
    session = find_session(visit.deps, token_of(visit))
    try:
        choose_hearing(visit.deps, session, hears, seen_of(visit.form))
    except SafetyChangedError as changed:
        return _page(visit, changed.opened, meanwhile=True)
    return Redirect(f"{PAGE}?done=news")


def _page(visit: Visit, opened: Opened, *, errors: Errors = (), meanwhile: bool = False) -> Page:
    safety, rules, left = opened.file.safety, visit.deps.rules, left_on(opened)
    done = DONE.get(visit.request.query.get("done", ""), "")
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return case_page(
        visit,
        opened,
        "victim/safety.html",
        "safety",
        status=HTTPStatus.CONFLICT if meanwhile else status,
        errors=errors,
        context={
            "done": "" if meanwhile else done,
            "meanwhile": meanwhile,
            "seen": safety.version,
            "is_on": in_safe_mode(opened.case, safety, rules),
            "asked_on": _asked_on(safety),
            "has_left": left is not None,
            "hides": safety.hides_history,
            "ways": ways_to_hear(rules),
            "hears": visit.form.text("hears") or safety.hears,
            "heard_on": day_of(safety.hears_at) if safety.hears_at else "",
        },
    )


def _asked_on(safety: Safety) -> str:
    """Return since when they ask for it to be off, or nothing."""
    return day_of(safety.wish_at) if asks_to_be_off(safety) and safety.wish_at else ""


def ways_to_hear(rules: Rules) -> list[tuple[str, str, str]]:
    """Return how hard news can be heard, each with what it means."""
    limits = rules.limits
    by_person = BY_PERSON.format(tries=limits.told_attempts, days=limits.told_attempt_days)
    return [
        (PERSON, "From a person first", by_person),
        (
            PERSON_THEN_HERE,
            "From a person, and here if nobody could reach me by the day",
            IF_NOT_REACHED,
        ),
        (HERE, "Here at once", AT_ONCE),
    ]

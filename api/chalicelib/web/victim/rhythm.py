"""How often a victim hears from us: chosen here, changed at any time, and nothing is sent."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.dates import long_date
from chalicelib.domain.promises import UPDATE
from chalicelib.rules import Rhythm, Rules
from chalicelib.services.choose_rhythm import BY_VICTIM, RhythmClosedError, choose_rhythm
from chalicelib.services.follow import open_of
from chalicelib.services.read_case import left_on, may_choose_rhythm
from chalicelib.services.victim_sessions import Opened, find_session
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.victim.visits import Errors, case_page, open_visit, token_of
from chalicelib.web.victim.words import working_days

NOTHING_CHOSEN: Errors = [("rhythm", "Choose one of these, then press Save.")]
WITHOUT_UPDATES = (
    "That is fine too. We write when something happens, we tell you what we must tell you, and "
    "we answer your questions."
)

pages = Pages()


@pages.page("/case/rhythm", "GET")
def rhythm_form(visit: Visit) -> Answer:
    """Show what can be chosen, with what holds now; where nothing can be, why."""
    return _form(visit, open_visit(visit, "opened the form of updates"))


@pages.page("/case/rhythm", "POST")
def choose(visit: Visit) -> Answer:
    """Store the choice; where nothing can be chosen any more the form's page says why."""
    rhythm = visit.form.text("rhythm")
    if rhythm not in visit.deps.rules.rhythms:
        opened = open_visit(visit, "opened the form of updates")
        return _form(visit, opened, errors=NOTHING_CHOSEN)
    session = find_session(visit.deps, token_of(visit))
    try:
        choose_rhythm(visit.deps, session, rhythm)
    except RhythmClosedError:
        return Redirect("/case/rhythm")
    return Redirect("/case/rhythm/chosen")


@pages.page("/case/rhythm/chosen", "GET")
def chosen(visit: Visit) -> Answer:
    """Say what was chosen and when the next update comes."""
    opened = open_visit(visit, "read the rhythm of updates")
    row = _rhythm_of(opened, visit.deps.rules)
    if row is None or not may_choose_rhythm(opened):
        return Redirect("/case/rhythm")
    owed, today = open_of(opened.file, UPDATE), visit.deps.today()
    context = {
        "short": row.short,
        "next": long_date(owed[0].due_on) if owed and not owed[0].is_late(today) else None,
        "is_late": any(promise.is_late(today) for promise in owed),
    }
    return case_page(visit, opened, "victim/rhythm_chosen.html", "rhythm", context=context)


def _form(visit: Visit, opened: Opened, *, errors: Errors = ()) -> Page:
    if not may_choose_rhythm(opened):
        left = left_on(opened)
        context: dict[str, Any] = {"is_open": False, "left_on": long_date(left) if left else None}
        return case_page(visit, opened, "victim/rhythm.html", "rhythm", context=context)
    rules = visit.deps.rules
    options = [(row.key, row.label, _about(row)) for row in rules.rhythms.values()]
    return case_page(
        visit,
        opened,
        "victim/rhythm.html",
        "rhythm",
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
        errors=errors,
        context={
            "is_open": True,
            "options": options,
            "now": rhythm_line(opened, rules),
            "chosen": opened.file.door.rhythm,
        },
    )


def _about(row: Rhythm) -> str:
    if row.working_days is None:
        return WITHOUT_UPDATES
    days = working_days(row.working_days)
    return f"We write at the latest {days} after the last update, even if there is nothing new."


def rhythm_line(opened: Opened, rules: Rules) -> dict[str, Any] | None:
    """Return the rhythm that holds and who chose it when; no words before anybody asked.

    None where there is nothing to choose.
    """
    if not may_choose_rhythm(opened):
        return None
    door, row = opened.file.door, _rhythm_of(opened, rules)
    if row is None:
        return {"words": ""}
    whose = "you chose" if door.rhythm_by == BY_VICTIM else "agreed with you"
    if door.rhythm_by not in ("", BY_VICTIM):
        whose = f"agreed with {door.rhythm_by}"
    on = f" on {long_date(door.rhythm_on)}" if door.rhythm_on else ""
    return {"words": f"You get an update {row.short}, as {whose}{on}."}


def rhythm_has_ended(opened: Opened) -> bool:
    """Return whether there was a rhythm until a decision was told."""
    return bool(opened.file.door.rhythm) and not may_choose_rhythm(opened) and not left_on(opened)


def _rhythm_of(opened: Opened, rules: Rules) -> Rhythm | None:
    return rules.rhythms.get(opened.file.door.rhythm)

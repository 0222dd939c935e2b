"""Safe mode on the desk: turned on with a victim, confirmed off; and how they hear hard news."""

from http import HTTPStatus

from chalicelib.domain.cases import Case, CaseKey, VictimKey
from chalicelib.domain.errors import StaleError
from chalicelib.domain.safety import HERE, ON, PERSON, PERSON_THEN_HERE, asks_to_be_off
from chalicelib.domain.staff import StaffSession
from chalicelib.services.keep_safety import confirm_off, note_hearing, turn_on
from chalicelib.services.ports import VictimFile
from chalicelib.services.safety_changes import WAYS_TO_HEAR, Seen
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role, open_case_page
from chalicelib.services.talks import ASK_WHETHER_SAFE, open_talks
from chalicelib.web.need_forms import seen_of
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import Errors, key_of, length_problem
from chalicelib.web.staff.case_words import victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.hears_words import hears_words
from chalicelib.web.staff.safety_words import hides_words, safe_mode_state, set_on_page_words

pages = Pages()

SAY_WHY = "Say why it may be off: what they told you, when nobody else could hear. It is kept."
CHOOSE = "Choose what they said."
WAYS = {
    PERSON: ("From a person first", "Their page says nothing of it until somebody has told them."),
    PERSON_THEN_HERE: (
        "From a person, and from their page once its day has passed",
        "If nobody reached them by the day it is owed, their page tells them after it.",
    ),
    HERE: (
        "From their page at once",
        "They may be the first to read it, alone and at any hour. Say so.",
    ),
}


@pages.page("/cases/{case}/safe-mode", "GET")
@signed_in
def safe_mode(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show what holds for one victim, what they wish, and what can be noted."""
    need_role(visit.deps, session, "answers")
    whose = VictimKey(visit.request.query.get("victim", ""))
    return _page(visit, session, key_of(case), whose)


@pages.page("/cases/{case}/safe-mode", "POST")
@signed_in
def change(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Turn safe mode on, confirm it off, or note how they hear hard news."""
    need_role(visit.deps, session, "answers")
    key, whose = key_of(case), VictimKey(visit.form.text("victim"))
    if visit.form.text("on"):
        turn_on(visit.deps, session, key, whose)
        return Redirect(f"/cases/{key}?done=safe-on")
    try:
        if visit.form.text("off"):
            return _off(visit, session, key, whose)
        return _hears(visit, session, key, whose)
    except StaleError:
        return _page(visit, session, key, whose, meanwhile=True)


def _off(visit: Visit, session: StaffSession, key: CaseKey, whose: VictimKey) -> Answer:
    why = visit.form.text("why").strip()
    problem = length_problem(why, visit.deps.rules.limits.note_characters, "Your reason")
    if problem or not why:
        return _page(visit, session, key, whose, errors=[("why", problem or SAY_WHY)])
    seen = Seen(seen_of(visit.form), seen_of(visit.form, "case_seen"))
    confirm_off(visit.deps, session, key, whose, why, seen)
    return Redirect(f"/cases/{key}?done=safe-off")


def _hears(visit: Visit, session: StaffSession, key: CaseKey, whose: VictimKey) -> Answer:
    hears = visit.form.text("hears")
    if hears not in WAYS_TO_HEAR:
        return _page(visit, session, key, whose, errors=[("hears", CHOOSE)])
    note_hearing(visit.deps, session, key, whose, hears, seen_of(visit.form))
    return Redirect(f"/cases/{key}?done=hears")


def _talk_address(case: Case, file: VictimFile) -> str:
    """Return where the talk about safe mode is recorded alone, or nothing where none is owed."""
    talk = next((each for each in open_talks(file) if ASK_WHETHER_SAFE in each.task), None)
    return f"/cases/{case.key}/task?victim={talk.victim}&promise={talk.id}" if talk else ""


def _page(
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    whose: VictimKey,
    *,
    errors: Errors = (),
    meanwhile: bool = False,
) -> Page:
    case = open_case_page(visit.deps, session, key, "opened safe mode")
    victim, rules = victim_of(case, whose), visit.deps.rules
    file = visit.deps.threads.read(victim.key)
    safety, form = file.safety, visit.form
    asks = asks_to_be_off(safety)
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return case_desk_page(
        visit,
        case,
        "staff/safe_mode.html",
        {
            "name": victim_name(victim),
            "victim": victim.key,
            "seen": safety.version,
            "case_seen": case.version,
            "state": safe_mode_state(case, safety, rules),
            "asks_off": asks,
            "wishes_on": safety.wish == ON,
            "heard": hears_words(safety),
            "hides": hides_words(safety),
            "talk": _talk_address(case, file),
            "who_set_contact": set_on_page_words(file.contact) if asks else "",
            "ways": [(way, *WAYS[way]) for way in WAYS_TO_HEAR],
            "hears": form.text("hears") or safety.hears,
            "why": form.text("why"),
            "limit": rules.limits.note_characters,
            "meanwhile": meanwhile,
            "errors": errors,
            "error_of": dict(errors),
        },
        files={victim.key: file},
        status=HTTPStatus.CONFLICT if meanwhile else status,
    )

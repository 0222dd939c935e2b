"""Record a step of a measure: what was talked about, asked for or decided, and who was told."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import VictimKey
from chalicelib.domain.dates import long_date
from chalicelib.domain.errors import NotFoundError, StaleError
from chalicelib.domain.measures import (
    APPLIED,
    ASKED,
    DISCUSSED,
    WISHED,
    is_from_charge,
    may_become,
    next_states,
)
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import WAYS_OF_TELLING
from chalicelib.rules.measures import load_measures
from chalicelib.services.keep_measures import BeforeChargeError, keep_step
from chalicelib.services.open_measures import open_measures
from chalicelib.services.staff_case import victim_of
from chalicelib.web.measure_parts import state_words
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import DAY_HINT, kept_form_key, key_of
from chalicelib.web.staff.case_words import victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.measure_words import (
    LATE_IS_POSSIBLE,
    measure_words,
    measures_address,
    step_address,
)
from chalicelib.web.staff.plea import BEFORE_CHARGE
from chalicelib.web.staff.step_fields import NOT_YET, ON_THE_WAY, WHY, StepForm
from chalicelib.web.staff.text_checks import personal_words

pages = Pages()

NOT_SHOWN = (
    "By what is recorded, the law does not seem to open this to them. What is not recorded may "
    "still be so: certain crimes with a gun or a knife, for example, open it by law. The court "
    "decides. You can go on; say why."
)
NOTES = {
    WISHED: ("What they said", "Staff read this. You can leave it empty."),
    DISCUSSED: ("Anything else to know", "Staff read this. You can leave it empty."),
    ASKED: ("Form MG2", "When and where it was noted, or why there is none. Staff read this."),
    APPLIED: ("About the application", "Staff read this. You can leave it empty."),
}
NAMES = ("victim", "measure", "to")
DECIDED_NOTE = (
    "What was decided, and why, in plain words",
    "{name} reads this on their page{when}.",
)
LATE_NOTE = ("Why it is late", "The court may give more time for it. Staff read this.")
OTHER_NOTE = ("Why", "Staff read this. You can leave it empty.")


@pages.page("/cases/{case}/measures/step", "GET")
@signed_in
def step_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show the form of one step, and the other steps that are possible."""
    query = visit.request.query
    form = _form(visit, session, case, {name: query.get(name, "") for name in NAMES})
    return _page(visit, form)


@pages.page("/cases/{case}/measures/step", "POST")
@signed_in
def step(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Record the step once, or show the form with what is missing; nothing typed is lost."""
    sent = {name: visit.form.text(name) for name in NAMES}
    form = _form(visit, session, case, sent)
    given = form.given()
    personal = _personal(visit, session, form) if given is not None else None
    if (given is None or personal) and form.is_moved:
        # What somebody else recorded meanwhile comes before what is not right with this form.
        return _page(visit, _form(visit, session, case, sent), status=HTTPStatus.CONFLICT)
    if given is None or personal:
        return _page(visit, form, personal=personal)
    try:
        keep_step(
            visit.deps,
            session,
            form.case.key,
            form.victim.key,
            given,
            form_key=kept_form_key(visit),
        )
    except BeforeChargeError:
        form.errors.append(("", BEFORE_CHARGE))
        return _page(visit, form)
    except StaleError:
        return _page(visit, _form(visit, session, case, sent), status=HTTPStatus.CONFLICT)
    done = "owed" if form.owes_telling and given.told is None else "recorded"
    return Redirect(f"{measures_address(form.case, form.victim)}&done={done}")


def _form(visit: Visit, session: StaffSession, case: str, named: dict[str, str]) -> StepForm:
    rules, whose = load_measures(), VictimKey(named["victim"])
    opened = open_measures(visit.deps, session, key_of(case), whose, "opened the form of a measure")
    row, state = rules.measures.get(named["measure"]), rules.states.get(named["to"])
    if row is None or state is None:
        raise NotFoundError
    return StepForm(visit, *opened, victim_of(opened[0], whose), row, state)


def _personal(visit: Visit, session: StaffSession, form: StepForm) -> dict[str, Any] | None:
    """Return what looks personal in the note of a decision, which the victim reads."""
    if not form.state.decided:
        return None
    return personal_words(visit, session, form.case, form.visit.form.text("note").strip())


# --- the page


def _page(
    visit: Visit,
    form: StepForm,
    *,
    personal: dict[str, Any] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    case, victim, measure, typed = form.case, form.victim, form.measure, visit.form
    before_charge = _before_charge(form)
    is_possible = may_become(measure, form.state.key, load_measures())
    # Without a form there is no field that a sentence could lead to.
    has_form = is_possible and not before_charge
    errors = form.errors if has_form else [("", words) for _, words in form.errors]
    stands = measure_words(case, victim, measure) if measure else None
    if errors or personal:
        status = HTTPStatus.BAD_REQUEST
    return case_desk_page(
        visit,
        case,
        "staff/measure_step.html",
        {
            "errors": errors,
            "error_of": dict(errors),
            "personal": personal,
            "is_stale": status == HTTPStatus.CONFLICT,
            "form_key": kept_form_key(visit),
            "name": victim_name(victim),
            "victim": victim.key,
            "back": measures_address(case, victim),
            "row": form.row,
            "stands": stands,
            "label": state_words(form.row, form.state).label,
            "to": form.state.key,
            "is_possible": is_possible,
            "others": _others(form),
            "version": measure.version if measure else 0,
            "before_charge": before_charge,
            "late": _late(form),
            "reason_hint": NOT_SHOWN if form.asks_reason else "",
            "note_field": _note_field(form),
            "asks_view": form.asks_view,
            "asks_told": form.state.decided,
            "is_charged": form.is_charged,
            "owes_telling": form.owes_telling,
            "told_first": form.state.told_first,
            "left": victim.left_on is not None,
            "ways": [
                (NOT_YET, "Not yet"),
                *((key, words.capitalize()) for key, words in WAYS_OF_TELLING.items()),
            ],
            "on": typed.text("on"),
            "note": typed.text("note") or WHY.get(visit.request.query.get("why", ""), ""),
            "reason": typed.text("reason"),
            "typed": form.typed,
            "view": typed.text("view") or (measure.view if measure else ""),
            "how": typed.text("how"),
            "told_on": typed.text("told_on"),
            "day_hint": DAY_HINT,
            "limit": visit.deps.rules.limits.note_characters,
        },
        files={victim.key: form.file},
        status=status,
    )


def _others(form: StepForm) -> list[tuple[str, str]]:
    """Return the other steps that are possible, each with its form."""
    return [
        (
            state_words(form.row, state).label,
            step_address(form.case, form.victim, form.row.key, state.key),
        )
        for state in next_states(form.measure, load_measures())
        if state.key != form.state.key
    ]


def _before_charge(form: StepForm) -> str:
    needs_charge = is_from_charge(form.row.key, form.state, load_measures())
    return BEFORE_CHARGE if needs_charge and not form.is_charged else ""


def _late(form: StepForm) -> str:
    """Return that the limit to apply is over, which is no reason not to apply; or nothing."""
    last_day = form.last_day
    if form.state.key not in ON_THE_WAY or not last_day or last_day >= form.visit.deps.today():
        return ""
    return f"The limit to apply was {long_date(last_day)}. {LATE_IS_POSSIBLE}"


def _note_field(form: StepForm) -> tuple[str, str]:
    if form.state.key == APPLIED and _late(form):
        return LATE_NOTE
    if not form.state.decided:
        return NOTES.get(form.state.key, OTHER_NOTE)
    when = " once a person has told them" if form.state.told_first else " at once"
    label, hint = DECIDED_NOTE
    return label, hint.format(name=victim_name(form.victim), when=when)

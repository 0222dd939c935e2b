"""Safe contact on the desk: asked of the victim, written down with them, confirmed again."""

from http import HTTPStatus

from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.errors import StaleError
from chalicelib.domain.safety import in_safe_mode
from chalicelib.domain.staff import StaffSession
from chalicelib.services.contact_changes import open_confirmations
from chalicelib.services.keep_contact import confirm_contact, note_contact
from chalicelib.services.read_first import shown_of
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role, open_case_page
from chalicelib.web.contact_fields import contact_form
from chalicelib.web.contact_typed import contact_typed
from chalicelib.web.need_forms import seen_of
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import Errors, key_of
from chalicelib.web.staff.case_words import victim_name
from chalicelib.web.staff.contact_block import contact_block
from chalicelib.web.staff.desk import case_desk_page, signed_in

pages = Pages()


@pages.page("/cases/{case}/safe-contact", "GET")
@signed_in
def safe_contact(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show what was agreed with one victim, and the form to go through with them."""
    need_role(visit.deps, session, "answers")
    whose = VictimKey(visit.request.query.get("victim", ""))
    return _page(visit, session, key_of(case), whose)


@pages.page("/cases/{case}/safe-contact", "POST")
@signed_in
def note(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Store what they said, or show the form with what to do; every word is still there."""
    key, whose = key_of(case), VictimKey(visit.form.text("victim"))
    said, errors = contact_typed(visit.form, visit.deps.rules, shows_code_word=True)
    if errors:
        need_role(visit.deps, session, "answers")
        return _page(visit, session, key, whose, errors=errors)
    try:
        note_contact(visit.deps, session, key, whose, said)
    except StaleError:
        return _page(visit, session, key, whose, meanwhile=True)
    return Redirect(f"/cases/{key}?done=safe-contact")


@pages.page("/cases/{case}/safe-contact/confirm", "POST")
@signed_in
def confirm(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Note that it is still right, or show what somebody made of it meanwhile."""
    key, whose = key_of(case), VictimKey(visit.form.text("victim"))
    try:
        confirm_contact(visit.deps, session, key, whose, seen_of(visit.form))
    except StaleError:
        return _page(visit, session, key, whose, meanwhile=True, typed=False)
    return Redirect(f"/cases/{key}?done=safe-contact-confirmed")


def _page(  # noqa: PLR0913 -- whose contact it is, and what happened to the form
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    whose: VictimKey,
    *,
    errors: Errors = (),
    meanwhile: bool = False,
    typed: bool = True,
) -> Page:
    case = open_case_page(visit.deps, session, key, "opened safe contact")
    victim, rules = victim_of(case, whose), visit.deps.rules
    file = visit.deps.threads.read(victim.key)
    form = visit.form if typed and visit.request.method == "POST" else None
    safe_mode = in_safe_mode(case, file.safety, rules)
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return case_desk_page(
        visit,
        case,
        "staff/safe_contact.html",
        {
            "name": victim_name(victim),
            "victim": victim.key,
            "stands": contact_block(case, victim, shown_of(file), visit.deps.now(), rules),
            "seen": file.contact.version,
            "is_known": file.contact.confirmed_at is not None,
            "typed": form is not None,
            "contact": contact_form(
                rules, file.contact, form, safe_mode=safe_mode, shows_code_word=True
            ),
            "safe_mode": safe_mode,
            "days": rules.limits.contact_days,
            "asking": [promise.id for promise in open_confirmations(file)],
            "meanwhile": meanwhile,
            "errors": errors,
            "error_of": dict(errors),
        },
        files={victim.key: file},
        status=HTTPStatus.CONFLICT if meanwhile else status,
    )

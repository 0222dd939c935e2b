"""Safe contact: what a message looks like, how things stand, and how a victim changes it."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.contact import FIRST_LANGUAGE
from chalicelib.domain.safety import in_safe_mode
from chalicelib.services.keep_contact import ContactChangedError, confirm_own, set_contact
from chalicelib.services.victim_sessions import Opened, find_session
from chalicelib.web.contact_fields import contact_form
from chalicelib.web.contact_typed import contact_typed
from chalicelib.web.need_forms import seen_of
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.victim.contact_words import contact_state, examples
from chalicelib.web.victim.visits import Errors, case_page, open_visit, token_of

PAGE = "/case/contact"
CHANGE = f"{PAGE}/change"
DONE = {
    "saved": "We have it. It holds from now on.",
    "confirmed": "Thank you. It holds from now on.",
}

pages = Pages()


@pages.page(PAGE, "GET")
def contact(visit: Visit) -> Answer:
    """Show what a message looks like, and then what is agreed."""
    return _page(visit, open_visit(visit, "read their safe contact"))


@pages.page(PAGE, "POST")
def confirm(visit: Visit) -> Answer:
    """Note that what stands is still right, or show what somebody made of it meanwhile."""
    session = find_session(visit.deps, token_of(visit))
    try:
        confirm_own(visit.deps, session, seen_of(visit.form))
    except ContactChangedError as changed:
        return _page(visit, changed.opened, meanwhile=True)
    return Redirect(f"{PAGE}?done=confirmed")


@pages.page(CHANGE, "GET")
def form(visit: Visit) -> Answer:
    """Show the form with what stands."""
    return _form(visit, open_visit(visit, "opened the form of their safe contact"))


@pages.page(CHANGE, "POST")
def change(visit: Visit) -> Answer:
    """Store what was chosen, or show the form with what to do; every word is still there."""
    said, errors = contact_typed(visit.form, visit.deps.rules)
    if errors:
        opened = open_visit(visit, "opened the form of their safe contact")
        return _form(visit, opened, errors=errors)
    session = find_session(visit.deps, token_of(visit))
    try:
        set_contact(visit.deps, session, said)
    except ContactChangedError as changed:
        return _form(visit, changed.opened, meanwhile=True)
    return Redirect(f"{PAGE}?done=saved")


def _page(visit: Visit, opened: Opened, *, meanwhile: bool = False) -> Page:
    return case_page(
        visit,
        opened,
        "victim/contact.html",
        "contact",
        status=HTTPStatus.CONFLICT if meanwhile else HTTPStatus.OK,
        context={
            **_common(visit, opened),
            "done": DONE.get(visit.request.query.get("done", "")),
            "meanwhile": meanwhile,
            "seen": opened.file.contact.version,
            "examples": examples(visit.deps.rules, visit.settings.public_origin),
            "subject": visit.deps.rules.notices[FIRST_LANGUAGE].subject,
        },
    )


def _form(visit: Visit, opened: Opened, *, errors: Errors = (), meanwhile: bool = False) -> Page:
    typed = visit.form if visit.request.method == "POST" else None
    common, status = _common(visit, opened), HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return case_page(
        visit,
        opened,
        "victim/contact_change.html",
        "contact",
        status=HTTPStatus.CONFLICT if meanwhile else status,
        errors=errors,
        context={
            **common,
            "contact": contact_form(
                visit.deps.rules, opened.file.contact, typed, safe_mode=common["nothing_sent"]
            ),
            "meanwhile": meanwhile,
        },
    )


def _common(visit: Visit, opened: Opened) -> dict[str, Any]:
    rules, file = visit.deps.rules, opened.file
    safe_mode = in_safe_mode(opened.case, file.safety, rules)
    return {
        "state": contact_state(file.contact, visit.deps.now(), rules, safe_mode=safe_mode),
        "nothing_sent": safe_mode,
        "days": rules.limits.contact_days,
    }

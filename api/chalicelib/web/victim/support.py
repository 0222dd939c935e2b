"""Who else may see something: each support service by itself, until a day, stopped in one press."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.agreements import (
    BY_VICTIM,
    DATES,
    MEASURES,
    NEEDS,
    SCOPES,
    Agreement,
    agreement_with,
    changed_of,
)
from chalicelib.domain.dates import in_london, long_date
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.safety import in_safe_mode
from chalicelib.rules import Partner
from chalicelib.services.agree import AgreementChangedError, agree, stop_sharing
from chalicelib.services.victim_sessions import Opened, find_session
from chalicelib.web.agreement_form import AgreementForm, Errors, form_context
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.victim.visits import case_page, day_of, open_visit, token_of

SCOPE_OPTIONS = {
    NEEDS: ("What helps you", "Your needs, as you told them. You can see here who read them."),
    DATES: ("Your dates at court", "Only dates that you have been told yourself."),
    MEASURES: ("What may help you at court", "What you asked for, and where it stands."),
}
DONE = {
    "saved": "Saved. It holds from now on, and you can change it at any time.",
    "stopped": "Stopped. They see nothing of you here any more.",
}
MEANWHILE = "This changed while you had the page open. Nothing was saved. See how it stands now."

pages = Pages()


@pages.page("/case/support", "GET")
def support(visit: Visit) -> Answer:
    """Show each support service with what it may see, and the form to decide it."""
    return _page(visit, open_visit(visit, "read what partners may see"))


@pages.page("/case/support", "POST")
def decide(visit: Visit) -> Answer:
    """Store a yes or a no to one service, or show what is missing."""
    partner, deps = visit.form.text("partner"), visit.deps
    if partner not in deps.rules.partners:
        raise NotFoundError
    if visit.form.text("stop"):
        stop_sharing(deps, find_session(deps, token_of(visit)), partner)
        return Redirect("/case/support?done=stopped")
    typed = AgreementForm.of(visit.form, partner)
    terms, errors = typed.terms(deps.today(), deps.rules)
    if terms is None:
        opened = open_visit(visit, "read what partners may see")
        return _page(visit, opened, typed, errors, status=HTTPStatus.BAD_REQUEST)
    session = find_session(deps, token_of(visit))
    try:
        agree(deps, session, partner, terms, seen=visit.form.text("seen"))
    except AgreementChangedError as error:
        problem = [(f"scope_{partner}", MEANWHILE)]
        return _page(visit, error.opened, typed, problem, status=HTTPStatus.CONFLICT)
    return Redirect("/case/support?done=saved")


def _page(
    visit: Visit,
    opened: Opened,
    typed: AgreementForm | None = None,
    errors: Errors = (),
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    partners = visit.deps.rules.partners.values()
    return case_page(
        visit,
        opened,
        "victim/support.html",
        "support",
        status=status,
        errors=errors,
        context={
            "done": DONE.get(visit.request.query.get("done", ""), ""),
            "officer": opened.case.officer.name,
            "options": [(what, *SCOPE_OPTIONS[what]) for what in SCOPES],
            "partners": [_partner(visit, opened, each, typed, errors) for each in partners],
        },
    )


def _partner(
    visit: Visit, opened: Opened, partner: Partner, typed: AgreementForm | None, errors: Errors
) -> dict[str, Any]:
    rules, today = visit.deps.rules, visit.deps.today()
    agreement = agreement_with(opened.file.agreements, partner.key)
    holds = agreement is not None and agreement.holds(today)
    is_theirs = typed is not None and typed.partner == partner.key
    if typed is None or not is_theirs:
        held = AgreementForm.as_agreed(agreement) if agreement and holds else None
        typed, errors = held or AgreementForm(partner.key), ()
    safe = in_safe_mode(opened.case, opened.file.safety, rules)
    return {
        **form_context(partner, typed, errors, today, rules),
        "what": partner.quiet if safe else partner.what,
        "holds": holds,
        "is_open": is_theirs,
        "seen": changed_of(agreement),
        "state": _state(agreement, holds=holds),
        "sees": [SCOPE_OPTIONS[w][0] for w in SCOPES if agreement and w in agreement.scope],
        "last_day": long_date(agreement.until) if agreement else "",
    }


def _state(agreement: Agreement | None, *, holds: bool) -> str:
    """Return how it stands between the victim and a service, in a sentence."""
    if agreement is None:
        return "They see nothing of you here."
    if agreement.withdrawn_at is not None:
        on = long_date(in_london(agreement.withdrawn_at).date())
        whose = "" if agreement.withdrawn_by == BY_VICTIM else f" with {agreement.withdrawn_by}"
        return f"You stopped this{whose} on {on}. They see nothing of you here."
    if not holds:
        return f"This ended on {long_date(agreement.until)}. They see nothing of you here."
    whose = "" if agreement.given_by == BY_VICTIM else f" to {agreement.given_by}"
    return f"You said yes{whose} on {day_of(agreement.given_at)}."

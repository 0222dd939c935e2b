"""The lookup form: reference and access code to the case."""

from http import HTTPStatus

from chalicelib.domain.access import CodeMistypedError
from chalicelib.services.open_case import CouldNotOpenError, open_case
from chalicelib.services.victim_sessions import leave
from chalicelib.web.page import Answer, Page, Pages, PlainText, Redirect, Visit
from chalicelib.web.security import CLEAR_EVERYTHING

pages = Pages()


@pages.page("/health", "GET")
def health(visit: Visit) -> Answer:
    """Say that the service answers, and which version does; reads nothing."""
    return PlainText(f"ok {visit.settings.version}\n")


@pages.page("/case/open", "GET")
def lookup_form(visit: Visit) -> Answer:
    """Show the empty form."""
    return _form(visit, errors=[], status=HTTPStatus.OK)


@pages.page("/case/open", "POST")
def look_up(visit: Visit) -> Answer:
    """Open the case, or show the form with one of its two errors; what was typed stays."""
    try:
        token = open_case(
            visit.deps,
            reference=visit.form.text("reference"),
            code=visit.form.text("code"),
            address=visit.request.address,
        )
    except CodeMistypedError:
        sentence = "Check the code. One letter may be wrong or missing."
        return _form(visit, errors=[("code", sentence)], status=HTTPStatus.BAD_REQUEST)
    except CouldNotOpenError as error:
        return _not_opened(visit, too_many=error.too_many)
    return Redirect("/case", cookies=(visit.cookie.set(token),))


def _not_opened(visit: Visit, *, too_many: bool) -> Page:
    sentence = (
        "We could not open your information with these details. Check both, or call 101 and "
        "ask for the officer in your case; they will arrange a new code safely."
    )
    status = HTTPStatus.TOO_MANY_REQUESTS if too_many else HTTPStatus.BAD_REQUEST
    return _form(visit, errors=[("reference", sentence)], status=status)


def _form(visit: Visit, *, errors: list[tuple[str, str]], status: HTTPStatus) -> Page:
    force = visit.deps.rules.force
    return Page(
        "victim/lookup.html",
        {
            "title": visit.deps.rules.titles["open"].text,
            "reference": visit.form.text("reference"),
            "code": visit.form.text("code"),
            "errors": errors,
            "error_of": dict(errors),
            "too_many": status == HTTPStatus.TOO_MANY_REQUESTS,
            "reference_hint": force.reference_hint,
            "phone_line": force.phone_line,
        },
        status=status,
        form=True,
        private=True,
    )


@pages.page("/case/leave", "POST", tokenless=True)
def leave_by_post(visit: Visit) -> Answer:
    """End the session for the exit script, which is already somewhere else."""
    return _left(visit, to="/case/open")


@pages.page("/case/exit", "GET")
def leave_by_link(visit: Visit) -> Answer:
    """End the session and go to the neutral site: the exit control without a script."""
    return _left(visit, to=visit.deps.rules.force.exit_url)


def _left(visit: Visit, *, to: str) -> Answer:
    token = visit.request.cookies.get(visit.cookie.name)
    if token:
        leave(visit.deps, token)
    return Redirect(to, cookies=(visit.cookie.clear(),), headers=CLEAR_EVERYTHING)

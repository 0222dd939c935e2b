"""Change the access code: the present one typed again, the new one shown once and typed back."""

from http import HTTPStatus

from chalicelib.domain.access import AccessCode, code_groups, nato_words
from chalicelib.services.change_code import (
    NoNewCodeError,
    changed_at,
    confirm_code,
    make_code,
    new_code_of,
)
from chalicelib.services.victim_sessions import Opened, find_session
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.victim.visits import Errors, case_page, day_of, open_visit, token_of

ASK_AGAIN = (
    "Type that one again, or call 101 and ask for the officer in your case; they will arrange a "
    "new code safely."
)
NOT_THE_PRESENT: Errors = [
    ("code", "Check the code. It is not the one that opened your information."),
    (None, ASK_AGAIN),
]
NOT_THE_NEW: Errors = [
    ("code", "Check the code. It is not your new one: a letter may be wrong or missing."),
    (None, "Your present code still works."),
]

pages = Pages()


@pages.page("/case/code", "GET")
def code_form(visit: Visit) -> Answer:
    """Show what changing the code does, and ask for the present one."""
    opened = open_visit(visit, "opened the form to change the code")
    return _present_form(visit, opened, has_new=new_code_of(visit.deps, opened) is not None)


@pages.page("/case/code", "POST")
def change_code(visit: Visit) -> Answer:
    """Show the new code, this once: a page and no redirect, so that it is nowhere else."""
    session = find_session(visit.deps, token_of(visit))
    made = make_code(visit.deps, session, visit.form.text("code"))
    if made.code is None:
        return _present_form(visit, made.opened, errors=NOT_THE_PRESENT)
    return _new_form(visit, made.opened, code=made.code)


@pages.page("/case/code/confirm", "GET")
def confirm_form(visit: Visit) -> Answer:
    """Ask again for the new code, which is not shown a second time."""
    opened = open_visit(visit, "opened the form to confirm a code")
    if new_code_of(visit.deps, opened) is None:
        return Redirect("/case/code")
    return _new_form(visit, opened)


@pages.page("/case/code/confirm", "POST")
def confirm(visit: Visit) -> Answer:
    """Let the new code hold when it was typed back; mistyped, it can be tried again."""
    session = find_session(visit.deps, token_of(visit))
    try:
        confirmed = confirm_code(visit.deps, session, visit.form.text("code"))
    except NoNewCodeError:
        return Redirect("/case/code")
    if not confirmed.is_right:
        return _new_form(visit, confirmed.opened, errors=NOT_THE_NEW)
    return Redirect("/case/code/changed")


@pages.page("/case/code/changed", "GET")
def changed(visit: Visit) -> Answer:
    """Say that only the victim knows the code now."""
    opened = open_visit(visit, "read that the code was changed")
    when = changed_at(opened)
    if when is None:
        return Redirect("/case/code")
    return case_page(
        visit, opened, "victim/code_changed.html", "code_changed", context={"on": day_of(when)}
    )


def _present_form(
    visit: Visit, opened: Opened, *, has_new: bool = False, errors: Errors = ()
) -> Page:
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    context = {"typed": visit.form.text("code"), "has_new": has_new}
    return case_page(
        visit, opened, "victim/code.html", "code", status=status, errors=errors, context=context
    )


def _new_form(
    visit: Visit, opened: Opened, *, code: AccessCode | None = None, errors: Errors = ()
) -> Page:
    """Return the form to type the new code back, with the code itself only when just made."""
    return case_page(
        visit,
        opened,
        "victim/code_new.html",
        "code_changed",
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
        errors=errors,
        context={
            "groups": code_groups(code) if code else (),
            "spellings": [" ".join(words) for words in nato_words(code)] if code else (),
            "typed": "" if code else visit.form.text("code"),
        },
    )

"""The administrator's pages for one member of staff."""

from chalicelib.domain.force_forms import CheckAgainError, Errors, MemberForm
from chalicelib.domain.staff import Force, StaffMember, StaffSession
from chalicelib.services.keep_force import (
    add_member,
    address_part,
    change_member,
    find_member,
    open_force,
    switch_member,
)
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.admin import status_of
from chalicelib.web.staff.desk import desk_page, signed_in

pages = Pages()


@pages.page("/admin/staff", "GET")
@signed_in
def new_member(visit: Visit, session: StaffSession) -> Answer:
    """Show the empty form for a member of staff."""
    return _new_page(open_force(visit.deps, session), _typed(visit), ())


@pages.page("/admin/staff", "POST")
@signed_in
def add(visit: Visit, session: StaffSession) -> Answer:
    """Add them, or say what to type instead."""
    form = _typed(visit)
    try:
        member = add_member(visit.deps, session, form)
    except CheckAgainError as error:
        return _new_page(error.force, form, error.errors)
    return _to_team(member)


@pages.page("/admin/staff/{part}", "GET")
@signed_in
def member(visit: Visit, session: StaffSession, part: str) -> Answer:
    """Show a member of staff."""
    force = open_force(visit.deps, session)
    found = find_member(force, part)
    form = _form_of(found)
    return _change_page(force, found, form, ())


@pages.page("/admin/staff/{part}", "POST")
@signed_in
def change(visit: Visit, session: StaffSession, part: str) -> Answer:
    """Change name, number, team or e-mail, or say what to type instead."""
    form = _typed(visit)
    try:
        changed = change_member(visit.deps, session, part, form)
    except CheckAgainError as error:
        return _change_page(error.force, find_member(error.force, part), form, error.errors)
    return _to_team(changed)


@pages.page("/admin/staff/{part}/off", "POST")
@signed_in
def take_off(visit: Visit, session: StaffSession, part: str) -> Answer:
    """Take a member of staff off the list, which ends their sessions."""
    return _switch(visit, session, part, active=False)


@pages.page("/admin/staff/{part}/on", "POST")
@signed_in
def put_back(visit: Visit, session: StaffSession, part: str) -> Answer:
    """Put a member of staff back on the list."""
    return _switch(visit, session, part, active=True)


def _switch(visit: Visit, session: StaffSession, part: str, *, active: bool) -> Answer:
    try:
        switched = switch_member(visit.deps, session, part, active=active)
    except CheckAgainError as error:
        found = find_member(error.force, part)
        form = _form_of(found)
        return _change_page(error.force, found, form, error.errors)
    return _to_team(switched)


def _typed(visit: Visit) -> MemberForm:
    text = visit.form.text
    account = text("account").strip()
    return MemberForm(account, text("name"), text("number"), text("team"), text("email"))


def _form_of(member: StaffMember) -> MemberForm:
    return MemberForm(member.id, member.name, member.number, member.team, member.email)


def _to_team(changed: StaffMember) -> Redirect:
    return Redirect(f"/admin/teams/{address_part(changed.team)}")


def _new_page(force: Force, form: MemberForm, errors: Errors) -> Page:
    return _page("staff/admin_new_member.html", force, form, errors)


def _change_page(force: Force, shown: StaffMember, form: MemberForm, errors: Errors) -> Page:
    return _page("staff/admin_member.html", force, form, errors, shown=shown)


def _page(
    template: str,
    force: Force,
    form: MemberForm,
    errors: Errors,
    shown: StaffMember | None = None,
) -> Page:
    context = {
        "errors": errors,
        "error_of": dict(errors),
        "form": form,
        "teams": [(team.id, team.name) for team in force.all_teams()],
        "member": shown,
        "address": f"/admin/staff/{address_part(shown.id)}" if shown else "",
    }
    return desk_page(template, context, status=status_of(errors))

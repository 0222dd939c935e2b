"""Signing in and out: to the force's provider and back (decision D7)."""

import logging
from http import HTTPStatus

from chalicelib.domain.errors import SignInRefusedError
from chalicelib.services.staff_sign_in import (
    NotStaffError,
    SignInOverError,
    begin_sign_in,
    finish_sign_in,
    sign_out,
)
from chalicelib.web.page import Answer, Page, Pages, PlainText, Redirect, Visit
from chalicelib.web.staff.desk import our_path

pages = Pages()
LOG = logging.getLogger("hub")
# Reasons that lie with the provider or the way to it, not with who signs in.
OUT_OF_REACH = frozenset({"provider_unavailable", "out_of_time", "provider_is_another"})
# Shared desks: what the Back key would show goes too. Not "cookies", which on one machine
# would end the public service's session as well: they share the name localhost there.
CLEAR_PAGES = {"Clear-Site-Data": '"cache"'}


@pages.page("/health", "GET")
def health(visit: Visit) -> Answer:
    """Say that the service answers, and which version does; reads nothing."""
    return PlainText(f"ok {visit.settings.version}\n")


@pages.page("/sign-in", "GET")
def sign_in(visit: Visit) -> Answer:
    """Send the browser to the provider at once."""
    query = visit.request.query
    try:
        address = begin_sign_in(
            visit.deps,
            visit.token,
            fresh=query.get("fresh") == "1",
            next_page=our_path(query.get("next", "/")),
        )
    except SignInRefusedError as error:
        return _refused(error)
    return Redirect(address, cookies=visit.new_cookies())


@pages.page("/signed-in", "GET")
def signed_in_again(visit: Visit) -> Answer:
    """Let in who came back from the provider, or say why not and whom to ask."""
    query = visit.request.query
    if "error" in query:
        return _refused(SignInRefusedError("provider_said_no"))
    try:
        done = finish_sign_in(
            visit.deps, visit.token, state=query.get("state", ""), code=query.get("code", "")
        )
    except SignInOverError:
        return _page("over", HTTPStatus.BAD_REQUEST)
    except SignInRefusedError as error:
        return _refused(error)
    except NotStaffError as error:
        LOG.warning("sign-in of somebody without a place here")
        return _page("not_staff", HTTPStatus.FORBIDDEN, person=error)
    return Redirect(done.next_page, cookies=(visit.cookie.set(done.token),))


@pages.page("/sign-out", "POST")
def signed_out(visit: Visit) -> Answer:
    """End our session; the provider's own is ended behind a link, not by a redirect."""
    address = sign_out(visit.deps, visit.token)
    return Page(
        "staff/signed_out.html",
        {"provider_sign_out": address},
        cookies=(visit.cookie.clear(),),
        headers=CLEAR_PAGES,
    )


def _refused(error: SignInRefusedError) -> Page:
    LOG.warning("sign-in refused: %s", error.reason)
    if error.reason in OUT_OF_REACH:
        return _page("out_of_reach", HTTPStatus.SERVICE_UNAVAILABLE)
    return _page("refused", HTTPStatus.FORBIDDEN)


def _page(why: str, status: HTTPStatus, person: NotStaffError | None = None) -> Page:
    return Page("staff/not_signed_in.html", {"why": why, "person": person}, status=status)

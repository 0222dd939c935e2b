"""Leaving, staying, and the line for the monitor."""

import logging

from chalicelib.services.victim_sessions import leave, stay
from chalicelib.web.page import Answer, Page, Pages, PlainText, Redirect, Visit
from chalicelib.web.security import CLEAR_EVERYTHING
from chalicelib.web.victim.visits import token_of

LOG = logging.getLogger("hub")

pages = Pages()


@pages.page("/health", "GET")
def health(visit: Visit) -> Answer:
    """Say that the service answers, and which version does; reads nothing."""
    return PlainText(f"ok {visit.settings.version}\n")


@pages.page("/case/leave", "POST", tokenless=True)
def leave_by_post(visit: Visit) -> Answer:
    """End the session for the exit script, which is already somewhere else."""
    _end_session(visit)
    return Redirect("/case/left", cookies=(visit.cookie.clear(),), headers=CLEAR_EVERYTHING)


@pages.page("/case/exit", "GET")
def leave_by_link(visit: Visit) -> Answer:
    """End the session and go to the neutral site: the exit control without a script.

    In two steps. Chromium keeps the page that a person leaves in memory for its Back button, and
    being told to clear that memory clears only what lies there already: after a plain redirect
    Back showed the case. So an empty page takes its place first, and the next step clears again.
    """
    _end_session(visit)
    headers = {**CLEAR_EVERYTHING, "Refresh": "0; url=/case/gone"}
    context = {"exit_name": visit.deps.rules.force.exit_name}
    return Page("victim/leaving.html", context, cookies=(visit.cookie.clear(),), headers=headers)


@pages.page("/case/gone", "GET")
def gone(visit: Visit) -> Answer:
    """Clear what the browser still keeps in memory and go on to the neutral site."""
    return Redirect(visit.deps.rules.force.exit_url, headers=CLEAR_EVERYTHING)


@pages.page("/case/left", "GET")
def left(visit: Visit) -> Answer:
    """Say that nothing is open any more; asks nobody and gives no cookie."""
    rules = visit.deps.rules
    context = {
        "title": rules.titles["left"].text,
        "exit_name": rules.force.exit_name,
    }
    return Page("victim/left.html", context, private=True)


@pages.page("/case/stay", "POST")
def stay_signed_in(visit: Visit) -> Answer:
    """Prolong the session for the warning's button; says for how many seconds."""
    return PlainText(f"{stay(visit.deps, token_of(visit))}\n")


def _end_session(visit: Visit) -> None:
    token = visit.request.cookies.get(visit.cookie.name)
    if token and not leave(visit.deps, token):
        LOG.error("a session that was left ends by itself: store unavailable")

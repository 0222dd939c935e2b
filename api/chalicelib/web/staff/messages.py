"""Supervisor: messages that wait, those that were given up, and the brake on all sending."""

from http import HTTPStatus

from chalicelib.domain.staff import StaffSession
from chalicelib.services.read_messages import note_dealt_with, open_messages
from chalicelib.services.release_sending import ask_release, confirm_release, withdraw_release
from chalicelib.web.http import StatusError
from chalicelib.web.page import Answer, Pages, Redirect, Visit
from chalicelib.web.staff.desk import desk_page, signed_in
from chalicelib.web.staff.message_words import (
    DONE,
    brake_words,
    given_up_row,
    leaves_words,
    waiting_row,
)

RELEASE = {
    "ask": (ask_release, "asked"),
    "withdraw": (withdraw_release, "withdrawn"),
    "confirm": (confirm_release, "released"),
}

pages = Pages()


@pages.page("/messages", "GET")
@signed_in
def messages(visit: Visit, session: StaffSession) -> Answer:
    """Show what would go to whom, what was given up, and whether anything leaves."""
    found = open_messages(visit.deps, session, home=visit.settings.public_origin)
    rules, whose = visit.deps.rules, found.whose
    return desk_page(
        "staff/messages.html",
        {
            "done": DONE.get(visit.request.query.get("done", ""), ""),
            "brake": brake_words(found, session),
            "leaves": leaves_words(visit.settings),
            "waiting": [waiting_row(each, whose[each.notice.to], rules) for each in found.waiting],
            "waits_more": found.waits_more,
            "given_up": [given_up_row(each, whose[each.to]) for each in found.given_up],
            "gave_up_more": found.gave_up_more,
            "most_an_hour": rules.limits.notices_an_hour,
            "hours": rules.limits.release_request_hours,
        },
    )


@pages.page("/messages", "POST")
@signed_in
def decide(visit: Visit, session: StaffSession) -> Answer:
    """Ask that sending goes on, confirm or withdraw it; or note that a message was dealt with."""
    do = visit.form.text("do")
    if do == "dealt":
        note_dealt_with(visit.deps, session, visit.form.text("which"))
        return Redirect("/messages?done=dealt")
    if do not in RELEASE:
        raise StatusError(HTTPStatus.BAD_REQUEST)
    decided, done = RELEASE[do]
    decided(visit.deps, session, visit.form.text("seen"))
    return Redirect(f"/messages?done={done}")

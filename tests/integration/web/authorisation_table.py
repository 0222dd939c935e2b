"""Who may do what on the desk, written by hand: each address has a group, each group its rows.

A new address without a line here fails the test. Of an address of one case, the marks stand
for the cases in the order of `KINDS`; the officer in charge has the first and the last.

+  it is there: the status that stands with the address
=  the same answer whatever the case, also for one that does not exist: that status
.  404, the same page as for a case that does not exist
x  403 whatever the case, also for one that does not exist
!  403, and the case is there for them
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = ("own", "team", "other", "charged", "restricted")
GET, POST = "GET", "POST"


@dataclass(frozen=True)
class Address:
    """An address of the desk: its group, what is sent, and what comes where it is there.

    `{victim}` and the like are filled in with what the case has; `code` is the one that the
    address names.
    """

    group: str
    there: int = 200
    fields: Mapping[str, str] = field(default_factory=dict)
    code: str = "{code}"


def _rows(text: str) -> dict[str, str]:
    """Return the marks of each role."""
    lines = (line.rsplit(maxsplit=1) for line in text.strip().splitlines())
    return {role.strip(): marks for role, marks in lines}


# --- addresses of one case

OF_A_CASE = {
    # Whoever the case exists for. To other roles it is as if there were none.
    "case": _rows("""
        officer in charge             ++..+
        officer of the team           ++...
        officer of another team       .....
        supervisor of the team        ++...
        supervisor of another team    .....
        witness care                  ...+.
        partner, agreed               .....
        partner, withdrawn            .....
        partner, expired              .....
        partner, never agreed         .....
        partner of another agency     .....
        administrator                 .....
    """),
    # The same people; other roles are told that theirs may not, before anything is read.
    "case, by role": _rows("""
        officer in charge             ++..+
        officer of the team           ++...
        officer of another team       .....
        supervisor of the team        ++...
        supervisor of another team    .....
        witness care                  ...+.
        partner, agreed               xxxxx
        partner, withdrawn            xxxxx
        partner, expired              xxxxx
        partner, never agreed         xxxxx
        partner of another agency     xxxxx
        administrator                 xxxxx
    """),
    # Witness care gives no codes.
    "codes": _rows("""
        officer in charge             ++..+
        officer of the team           ++...
        officer of another team       .....
        supervisor of the team        ++...
        supervisor of another team    .....
        witness care                  xxxxx
        partner, agreed               xxxxx
        partner, withdrawn            xxxxx
        partner, expired              xxxxx
        partner, never agreed         xxxxx
        partner of another agency     xxxxx
        administrator                 xxxxx
    """),
    # Of somebody under 18: a supervisor of the team alone.
    "confirming a code, its page": _rows("""
        officer in charge             .....
        officer of the team           .....
        officer of another team       .....
        supervisor of the team        ++...
        supervisor of another team    .....
        witness care                  .....
        partner, agreed               .....
        partner, withdrawn            .....
        partner, expired              .....
        partner, never agreed         .....
        partner of another agency     .....
        administrator                 .....
    """),
    "confirming a code": _rows("""
        officer in charge             !!..!
        officer of the team           !!...
        officer of another team       .....
        supervisor of the team        ++...
        supervisor of another team    .....
        witness care                  ...!.
        partner, agreed               .....
        partner, withdrawn            .....
        partner, expired              .....
        partner, never agreed         .....
        partner of another agency     .....
        administrator                 .....
    """),
    # The officer in charge, or a supervisor of the team.
    "handing over": _rows("""
        officer in charge             +!..+
        officer of the team           !!...
        officer of another team       .....
        supervisor of the team        ++...
        supervisor of another team    .....
        witness care                  ...!.
        partner, agreed               .....
        partner, withdrawn            .....
        partner, expired              .....
        partner, never agreed         .....
        partner of another agency     .....
        administrator                 .....
    """),
    # A supervisor of the team lets a victim's page tell news.
    "releasing news": _rows("""
        officer in charge             xxxxx
        officer of the team           xxxxx
        officer of another team       xxxxx
        supervisor of the team        ++...
        supervisor of another team    .....
        witness care                  xxxxx
        partner, agreed               xxxxx
        partner, withdrawn            xxxxx
        partner, expired              xxxxx
        partner, never agreed         xxxxx
        partner of another agency     xxxxx
        administrator                 xxxxx
    """),
    # Only of a restricted case is anybody named.
    "naming": _rows("""
        officer in charge             !!..+
        officer of the team           !!...
        officer of another team       .....
        supervisor of the team        !!...
        supervisor of another team    .....
        witness care                  ...!.
        partner, agreed               .....
        partner, withdrawn            .....
        partner, expired              .....
        partner, never agreed         .....
        partner of another agency     .....
        administrator                 .....
    """),
    # Only of a sexual offence, and none of these is one.
    "thinking of stopping": _rows("""
        officer in charge             !!..!
        officer of the team           !!...
        officer of another team       .....
        supervisor of the team        !!...
        supervisor of another team    .....
        witness care                  ...!.
        partner, agreed               xxxxx
        partner, withdrawn            xxxxx
        partner, expired              xxxxx
        partner, never agreed         xxxxx
        partner of another agency     xxxxx
        administrator                 xxxxx
    """),
    # A supervisor asks for leave; without a reason they are asked for one, whatever the case.
    "breaking glass": _rows("""
        officer in charge             xxxxx
        officer of the team           xxxxx
        officer of another team       xxxxx
        supervisor of the team        =====
        supervisor of another team    =====
        witness care                  xxxxx
        partner, agreed               xxxxx
        partner, withdrawn            xxxxx
        partner, expired              xxxxx
        partner, never agreed         xxxxx
        partner of another agency     xxxxx
        administrator                 xxxxx
    """),
    # Nothing waits to be confirmed.
    "confirming leave": _rows("""
        officer in charge             .....
        officer of the team           .....
        officer of another team       .....
        supervisor of the team        .....
        supervisor of another team    .....
        witness care                  .....
        partner, agreed               .....
        partner, withdrawn            .....
        partner, expired              .....
        partner, never agreed         .....
        partner of another agency     .....
        administrator                 .....
    """),
    # Whom the victim agreed to, and nobody else.
    "support": _rows("""
        officer in charge             xxxxx
        officer of the team           xxxxx
        officer of another team       xxxxx
        supervisor of the team        xxxxx
        supervisor of another team    xxxxx
        witness care                  xxxxx
        partner, agreed               +++++
        partner, withdrawn            .....
        partner, expired              .....
        partner, never agreed         .....
        partner of another agency     .....
        administrator                 xxxxx
    """),
}

WHOSE = {"victim": "{victim}"}
NEWS = WHOSE | {"news": "{entry}"}
WELCOME, UPDATE = WHOSE | {"promise": "{welcome}"}, WHOSE | {"promise": "{update}"}
TASK, OWN_TASK = WHOSE | {"promise": "{task}"}, WHOSE | {"promise": "{own_task}"}
LINE, OWN_LINE = WHOSE | {"promise": "{line}"}, WHOSE | {"promise": "{own_line}"}
SCREEN = WHOSE | {"measure": "screen", "to": "discussed"}
SUPPORTER = WHOSE | {"measure": "supporter"}
THREAD = WHOSE | {"thread": "1", "behind": "0"}
# To whom it belongs already: nothing is handed over.
TO_THE_SAME = {"officer": "{officer}", "from": "{officer}"}

# Forms are sent with too little, so that nobody changes what the next one tries; where a form
# needs nothing, sending it twice changes nothing.
ADDRESSES_OF_A_CASE = {
    (GET, "/cases/{case}"): Address("case"),
    (GET, "/cases/{case}/answer"): Address("case", fields=THREAD),
    (POST, "/cases/{case}/answer"): Address("case", 400, THREAD),
    (POST, "/cases/{case}/update"): Address("case", 400),
    (GET, "/cases/{case}/outcome"): Address("case, by role"),
    (POST, "/cases/{case}/outcome"): Address("case", 400),
    (GET, "/cases/{case}/told"): Address("case, by role", fields=WHOSE),
    (POST, "/cases/{case}/told"): Address("case", 400, WHOSE | {"entry": "{entry}"}),
    (GET, "/cases/{case}/tries"): Address("case, by role", fields=NEWS),
    (POST, "/cases/{case}/tries"): Address("case, by role", 400, NEWS),
    (GET, "/cases/{case}/release"): Address("releasing news", fields=NEWS),
    (POST, "/cases/{case}/release"): Address("releasing news", 409, NEWS),
    (GET, "/cases/{case}/event"): Address("case, by role"),
    (POST, "/cases/{case}/event"): Address("case", 400),
    (GET, "/cases/{case}/contact"): Address("case, by role", fields=WELCOME),
    (POST, "/cases/{case}/contact"): Address("case", 400, WELCOME),
    (POST, "/cases/{case}/nothing-new"): Address("case, by role", 303, UPDATE),
    (GET, "/cases/{case}/rhythm"): Address("case, by role", fields=WHOSE),
    (POST, "/cases/{case}/rhythm"): Address("case, by role", 400, WHOSE),
    (GET, "/cases/{case}/safe-mode"): Address("case, by role", fields=WHOSE),
    (POST, "/cases/{case}/safe-mode"): Address("case, by role", 400, WHOSE),
    (POST, "/cases/{case}/left"): Address("case, by role", 400, WHOSE),
    (GET, "/cases/{case}/needs"): Address("case", fields=WHOSE),
    (GET, "/cases/{case}/needs/{kind}"): Address("case, by role", fields=WHOSE),
    (POST, "/cases/{case}/needs"): Address("case, by role", 400, WHOSE | {"kind": "fear"}),
    (POST, "/cases/{case}/needs/withdraw"): Address(
        "case, by role", 409, WHOSE | {"kind": "health", "seen": "7"}
    ),
    (GET, "/cases/{case}/safe-contact"): Address("case, by role", fields=WHOSE),
    (POST, "/cases/{case}/safe-contact"): Address(
        "case, by role", 400, WHOSE | {"way_phone": "yes", "address_phone": "none"}
    ),
    # Somebody changed it since the form was opened.
    (POST, "/cases/{case}/safe-contact/confirm"): Address(
        "case, by role", 409, WHOSE | {"seen": "7"}
    ),
    (GET, "/cases/{case}/support"): Address("case, by role", fields=WHOSE),
    (POST, "/cases/{case}/support"): Address(
        "case, by role", 400, WHOSE | {"partner": "table_agreed"}
    ),
    (GET, "/cases/{case}/measures"): Address("case, by role", fields=WHOSE),
    (GET, "/cases/{case}/measures/step"): Address("case, by role", fields=SCREEN),
    (POST, "/cases/{case}/measures/step"): Address("case, by role", 400, SCREEN | {"version": "0"}),
    (GET, "/cases/{case}/measures/view"): Address("case, by role", fields=SUPPORTER),
    (POST, "/cases/{case}/measures/view"): Address("case, by role", 400, SUPPORTER),
    (GET, "/cases/{case}/unwell"): Address("case, by role", fields=WHOSE),
    (GET, "/cases/{case}/plea"): Address("case, by role"),
    (POST, "/cases/{case}/plea"): Address("case", 400),
    (GET, "/cases/{case}/hearing"): Address("case, by role"),
    (POST, "/cases/{case}/hearing"): Address("case", 400),
    (GET, "/cases/{case}/review"): Address("case, by role", fields=WHOSE),
    (POST, "/cases/{case}/review"): Address("case, by role", 400, WHOSE),
    (POST, "/cases/{case}/review/again"): Address("case, by role", 400, WHOSE),
    (POST, "/cases/{case}/review/coming"): Address("case, by role", 303, WHOSE),
    (POST, "/cases/{case}/review/task"): Address("case, by role", 400, WHOSE),
    (GET, "/cases/{case}/task"): Address("case, by role", fields=TASK),
    (POST, "/cases/{case}/task"): Address("case, by role", 400, TASK),
    (POST, "/cases/{case}/task/drop"): Address("case, by role", 400, TASK),
    (GET, "/cases/{case}/line"): Address("case, by role", fields=LINE),
    (POST, "/cases/{case}/line"): Address("case, by role", 400, LINE),
    (POST, "/cases/{case}/stopping"): Address("thinking of stopping", fields=WHOSE),
    (GET, "/cases/{case}/codes/new"): Address("codes", fields=WHOSE),
    (POST, "/cases/{case}/codes/new"): Address("case", 400, WHOSE),
    (POST, "/cases/{case}/codes/{code}/activate"): Address("codes", 303, WHOSE),
    (GET, "/cases/{case}/codes/{code}/confirm"): Address("confirming a code, its page"),
    (POST, "/cases/{case}/codes/{code}/confirm"): Address("confirming a code", 303, WHOSE),
    (POST, "/cases/{case}/codes/{code}/cancel"): Address(
        "case, by role", 303, WHOSE, code="{spare}"
    ),
    (GET, "/cases/{case}/hand-over"): Address("handing over"),
    (POST, "/cases/{case}/hand-over"): Address("case", 303, TO_THE_SAME),
    (GET, "/cases/{case}/named"): Address("naming"),
    (POST, "/cases/{case}/named"): Address("naming", 400),
    (POST, "/cases/{case}/break-glass"): Address("breaking glass", 400),
    (GET, "/cases/{case}/confirm-leave"): Address("confirming leave"),
    (POST, "/cases/{case}/confirm-leave"): Address("confirming leave"),
    (GET, "/support/{case}"): Address("support", fields=WHOSE),
    (POST, "/support/{case}/view"): Address("support", 400, WHOSE),
    (POST, "/support/{case}/task"): Address("support", 400, WHOSE),
    (POST, "/support/{case}/done"): Address("support", 303, OWN_TASK),
    (GET, "/support/{case}/line"): Address("support", fields=OWN_LINE),
    (POST, "/support/{case}/line"): Address("support", 400, OWN_LINE),
}

# --- addresses of no case: the status for each role

OFFICERS = ("officer in charge", "officer of the team", "officer of another team")
SUPERVISORS = ("supervisor of the team", "supervisor of another team")
PARTNERS = (
    "partner, agreed",
    "partner, withdrawn",
    "partner, expired",
    "partner, never agreed",
    "partner of another agency",
)
CASE_WORKERS = (*OFFICERS, *SUPERVISORS, "witness care")
EVERYBODY = (*CASE_WORKERS, *PARTNERS, "administrator")
# Who gets in; to everybody else it is 403.
WHO = {
    "lists": (*CASE_WORKERS, *PARTNERS),
    "cases": CASE_WORKERS,
    "teams": SUPERVISORS,
    "staff": ("administrator",),
    "everybody": EVERYBODY,
}
MONTHS = {"first": "2026-10", "last": "2026-10"}
OTHER_ADDRESSES = {
    (GET, "/"): Address("lists"),
    (POST, "/search"): Address("cases", 400),
    (GET, "/away"): Address("cases"),
    (POST, "/away"): Address("cases", 400),
    # There is no such absence of theirs, for nobody.
    (POST, "/away/{absence}/end"): Address("everybody", 404),
    (GET, "/court"): Address("cases"),
    (GET, "/team"): Address("teams"),
    (POST, "/team/reassign"): Address("teams", 400),
    (GET, "/team/bulk"): Address("teams"),
    (POST, "/team/bulk"): Address(
        "teams", 409, {"do": "withdraw", "team": "none", "asked": "none"}
    ),
    (GET, "/messages"): Address("teams"),
    # Sending is not stopped, so there is nothing to ask.
    (POST, "/messages"): Address("teams", 409, {"do": "ask", "seen": "none"}),
    (GET, "/figures"): Address("teams"),
    (GET, "/figures.csv"): Address("teams"),
    (GET, "/figures/code.csv"): Address("teams", fields=MONTHS),
    (GET, "/figures/lines.csv"): Address("teams"),
    (GET, "/admin"): Address("staff"),
    (GET, "/admin/teams"): Address("staff"),
    (POST, "/admin/teams"): Address("staff", 400),
    (GET, "/admin/teams/{part}"): Address("staff", 404),
    (POST, "/admin/teams/{part}"): Address("staff", 404),
    (GET, "/admin/staff"): Address("staff"),
    (POST, "/admin/staff"): Address("staff", 400),
    (GET, "/admin/staff/{part}"): Address("staff", 404),
    (POST, "/admin/staff/{part}"): Address("staff", 404),
    (POST, "/admin/staff/{part}/off"): Address("staff", 404),
    (POST, "/admin/staff/{part}/on"): Address("staff", 404),
    (GET, "/admin/absences"): Address("staff"),
    (POST, "/admin/absences"): Address("staff", 400),
    (POST, "/admin/absences/{absence}/end"): Address("staff", 404),
}
# The administrator has no list of what is owed; their first page is another.
GOES_ON_TO = {((GET, "/"), "administrator"): 303}
# For who is not signed in yet, or no longer.
OPEN_TO_ALL = {(GET, "/health"), (GET, "/sign-in"), (GET, "/signed-in"), (POST, "/sign-out")}

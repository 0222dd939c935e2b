"""A partner agency's list: what its people are to do, and who agreed to its support."""

from typing import Any

from chalicelib.domain.agreements import scope_words
from chalicelib.domain.cases import CaseKey
from chalicelib.domain.dates import long_date
from chalicelib.domain.needs import needs_line
from chalicelib.domain.promises import Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.services.support_list import Person, open_support_list
from chalicelib.web.page import Page, Visit
from chalicelib.web.staff.case_fields import number_of
from chalicelib.web.staff.desk import desk_page
from chalicelib.web.staff.support import REVIEW_IS_NEAR, address_of, task_words

FIRST_PAGE = 1


def support_list(visit: Visit, session: StaffSession) -> Page:
    """Show who agreed, who must be in court soonest first, behind what is to be done."""
    number = max(number_of(visit.request.query.get("page", "")), FIRST_PAGE)
    found, rules = open_support_list(visit.deps, session, number), visit.deps.rules
    return desk_page(
        "staff/support_list.html",
        {
            "partner": found.partner.name if found.partner else "",
            "people": [_row(visit, person) for person in found.people],
            "tasks": [task_words(visit, task) for task in found.tasks],
            "asked": [_asked(visit, promise) for promise in found.asked],
            "total": found.total,
            "is_first": number == FIRST_PAGE,
            "next_page": found.next_page,
            "months": rules.limits.agreement_months,
        },
    )


def _asked(visit: Visit, promise: Promise) -> dict[str, Any]:
    words = task_words(visit, promise)
    return {**words, "address": address_of(CaseKey(promise.case_key), promise.victim)}


def _row(visit: Visit, person: Person) -> dict[str, Any]:
    agreement, rules = person.agreement, visit.deps.rules
    return {
        "address": address_of(agreement.case_key, agreement.victim),
        "reference": agreement.reference,
        "victim": f"Victim {agreement.label}" if agreement.label else "",
        "sees": scope_words(agreement.scope),
        "until": long_date(agreement.until),
        "needs": needs_line(person.needs, rules) if person.needs else "",
        "hearing": long_date(person.hearing) if person.hearing else "",
        "red": REVIEW_IS_NEAR if person.is_red else "",
    }

"""Before words go to a victim: what in them looks personal; a second press lets it pass."""

from hashlib import sha256
from typing import Any

from chalicelib.domain.cases import Case
from chalicelib.domain.staff import StaffSession
from chalicelib.web.page import Visit

LOOKS_LIKE = {
    "name": "a person's name",
    "phone": "a phone number",
    "address": "an address",
    "postcode": "a postcode",
}


def personal_words(
    visit: Visit, session: StaffSession, case: Case, text: str
) -> dict[str, Any] | None:
    """Return what to look at again in a text, or none when there is nothing or it was seen.

    The mark that the form then carries belongs to this very text: changed words are
    looked at again.
    """
    mark = sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
    if visit.form.text("looked_at") == mark:
        return None
    # Its patterns take long to compile, and most visits check no text.
    from chalicelib.domain.text_check import find_personal  # noqa: PLC0415

    found = find_personal(text, _known(visit, session, case))
    if not found:
        return None
    words = [f"“{one.text}” looks like {LOOKS_LIKE[one.kind]}" for one in found]
    return {"mark": mark, "words": words}


def _known(visit: Visit, session: StaffSession, case: Case) -> list[str]:
    """Return the names and numbers that may stand: officers, services, courts."""
    from chalicelib.rules.guidance import load_guidance  # noqa: PLC0415 -- only a check needs it

    rules = visit.deps.rules
    known = [case.officer.name, session.member.name, rules.force.name, rules.force.service_name]
    for contact in rules.contacts.values():
        known += [contact.label, contact.phone]
    for service in load_guidance().services.values():
        known += [service.name, service.phone, service.text]
    return [name for name in [*known, case.court or "", case.officer_before] if name]

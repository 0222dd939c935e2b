"""A reference by POST, so that it stands in no address, to the case."""

from http import HTTPStatus

from chalicelib.domain.staff import StaffSession
from chalicelib.services.search_case import ReferenceMistypedError, search_case
from chalicelib.web.page import Answer, Pages, Redirect, Visit
from chalicelib.web.staff.desk import signed_in
from chalicelib.web.staff.missing import missing_page

pages = Pages()


@pages.page("/search", "POST")
@signed_in
def search(visit: Visit, session: StaffSession) -> Answer:
    """Go to the case, or say that there is none for this person."""
    try:
        found = search_case(visit.deps, session, visit.form.text("reference"))
    except ReferenceMistypedError:
        sentence = f"Type the whole reference, like {visit.deps.rules.force.reference_example}."
        errors = (("reference", sentence),)
        return missing_page(visit, "", errors=errors, status=HTTPStatus.BAD_REQUEST)
    if found.exists:
        return Redirect(f"/cases/{found.key}")
    return missing_page(visit, found.key)

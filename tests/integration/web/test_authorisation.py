"""Every role at every address of the desk, for a case of every kind: the table and nothing else.

What is not there for somebody looks like what never was: the same status, headers and page.
"""

from __future__ import annotations

import pytest

from chalicelib.web import staff
from tests.integration.web.authorisation_table import (
    ADDRESSES_OF_A_CASE,
    EVERYBODY,
    GET,
    GOES_ON_TO,
    KINDS,
    OF_A_CASE,
    OPEN_TO_ALL,
    OTHER_ADDRESSES,
    WHO,
    Address,
)
from tests.integration.web.authorisation_world import PEOPLE, Answered, Everybody, everybody

NOBODY = "nobody"
Route = tuple[str, str]


@pytest.fixture(scope="module")
def desk() -> Everybody:
    """Return everybody, once for the whole table."""
    return everybody()


def _named(route: Route) -> str:
    return " ".join(route)


def test_every_address_of_the_desk_is_in_the_table() -> None:
    routes = {
        (method, route.path)
        for group in staff.PAGES
        for route in group.routes
        for method in route.methods
    }
    assert routes == {*ADDRESSES_OF_A_CASE, *OTHER_ADDRESSES, *OPEN_TO_ALL}
    of_a_case = {route for route in routes if "{case}" in route[1]}
    assert of_a_case == set(ADDRESSES_OF_A_CASE)


def test_every_group_speaks_of_every_role_and_every_kind_of_case() -> None:
    assert {row.group for row in ADDRESSES_OF_A_CASE.values()} == set(OF_A_CASE)
    for rows in OF_A_CASE.values():
        assert list(rows) == list(PEOPLE) == list(EVERYBODY)
        assert {len(marks) for marks in rows.values()} == {len(KINDS)}


def _mark(answered: Answered, none: Answered, there: int) -> str:
    """Return the mark of an answer; what has none is its status."""
    if answered == none:
        return {404: ".", 403: "x", there: "="}.get(answered.status, f"({answered.status})")
    return {there: "+", 403: "!"}.get(answered.status, f"({answered.status})")


def _marks(desk: Everybody, role: str, route: Route, row: Address) -> str:
    method, path = route[0], route[1].replace("{code}", row.code)
    none = desk.about_none(role, method, path, row.fields)
    answers = [desk.about(role, method, path, kind, row.fields) for kind in KINDS]
    return "".join(_mark(answered, none, row.there) for answered in answers)


@pytest.mark.parametrize("route", ADDRESSES_OF_A_CASE, ids=_named)
def test_an_address_of_a_case_is_there_for_whom_the_table_says(
    desk: Everybody, route: Route
) -> None:
    row = ADDRESSES_OF_A_CASE[route]
    assert {role: _marks(desk, role, route, row) for role in EVERYBODY} == OF_A_CASE[row.group]


@pytest.mark.parametrize("route", OTHER_ADDRESSES, ids=_named)
def test_another_address_is_there_for_whom_the_table_says(desk: Everybody, route: Route) -> None:
    row = OTHER_ADDRESSES[route]
    path = route[1].format(part="none", absence="none")
    expected = {role: row.there if role in WHO[row.group] else 403 for role in EVERYBODY}
    expected |= {role: status for (at, role), status in GOES_ON_TO.items() if at == route}
    found = {role: desk.asks(role, route[0], path, row.fields).status for role in EVERYBODY}
    assert found == expected


@pytest.mark.parametrize("route", [*ADDRESSES_OF_A_CASE, *OTHER_ADDRESSES], ids=_named)
def test_who_is_not_signed_in_gets_nowhere(desk: Everybody, route: Route) -> None:
    row = (ADDRESSES_OF_A_CASE | OTHER_ADDRESSES)[route]
    method, path = route[0], route[1].replace("{code}", row.code)
    path = path.replace("{part}", "none").replace("{absence}", "none")
    answered = desk.about(NOBODY, method, path, "own", row.fields)
    assert answered == desk.about_none(NOBODY, method, path, row.fields)
    assert answered.status == (303 if method == GET else 403)
    assert (method != GET) or answered.body.startswith("/sign-in?")


@pytest.mark.parametrize("route", ADDRESSES_OF_A_CASE, ids=_named)
def test_no_page_that_is_not_there_says_anything_of_the_case(desk: Everybody, route: Route) -> None:
    row = ADDRESSES_OF_A_CASE[route]
    path = route[1].replace("{code}", row.code)
    for kind in KINDS:
        case = desk.cases[kind].case
        for role, marks in OF_A_CASE[row.group].items():
            if marks[KINDS.index(kind)] == "+":
                continue
            body = desk.about(role, route[0], path, kind, row.fields).body
            for words in (case.reference, "Epilepsy", "Is there news?"):
                assert words not in body, (role, kind, words)

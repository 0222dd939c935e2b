"""A review is closed by its own form alone, and in the same words again where it was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told
from chalicelib.domain.errors import NotAllowedError, StaleError
from chalicelib.services.record_contact import record_contact
from chalicelib.services.review import close_review, reopen_review, review_stamp
from tests.integration.services.court_steps import charged, court_of, dated, in_charge, reviews
from tests.integration.services.staff_steps import file_of

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World


def _listed(world: World) -> SeededCase:
    case = charged(world)
    dated(world, case)
    return case


def _close(world: World, case: SeededCase, seen: str | None = None) -> str:
    """Close the review in words that are always the same; return upon what."""
    seen = seen or review_stamp(file_of(world, case))
    close_review(
        world.deps,
        in_charge(world, case),
        case.key,
        case.victim,
        decisions="Nothing is missing.",
        there="The officer in charge.",
        seen=seen,
    )
    world.clock.forward(minutes=1)
    return seen


def _reopen(world: World, case: SeededCase) -> None:
    reopen_review(world.deps, in_charge(world, case), case.key, case.victim, "Somebody new.")
    world.clock.forward(minutes=1)


def test_a_review_that_was_opened_again_is_closed_in_the_same_words(world: World) -> None:
    case = _listed(world)
    _close(world, case)
    _reopen(world, case)
    assert len(reviews(world, case)) == 1
    _close(world, case)
    assert court_of(world, case).is_reviewed
    assert len(court_of(world, case).closings) == 2
    assert reviews(world, case) == []


def test_a_form_that_closed_it_before_does_not_close_what_was_opened_since(world: World) -> None:
    case = _listed(world)
    seen = _close(world, case)
    _reopen(world, case)
    with pytest.raises(StaleError):
        _close(world, case, seen)
    assert not court_of(world, case).is_reviewed


def test_a_contact_does_not_keep_a_review(world: World) -> None:
    case = _listed(world)
    (promise,) = reviews(world, case)
    told = Told(world.deps.today(), "phone")
    session = in_charge(world, case)
    with pytest.raises(NotAllowedError):
        record_contact(world.deps, session, case.key, case.victim, told, promise_id=promise.id)
    assert reviews(world, case) == [promise]

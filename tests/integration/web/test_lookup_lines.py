"""What a lookup leaves in the log: that one failed, and nothing by which anybody is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.domain.access import new_code
from tests.builders import seed_case

if TYPE_CHECKING:
    from tests.integration.conftest import World

HTTP_NOT_OPENED = {400, 429}


@pytest.mark.parametrize("known", [True, False], ids=["wrong code", "unknown reference"])
def test_a_lookup_that_fails_leaves_one_line_that_says_nothing_of_who_or_what(
    world: World, caplog: pytest.LogCaptureFixture, *, known: bool
) -> None:
    reference = seed_case(world.deps).reference if known else "99/999999/99"
    visitor = world.visitor()
    visitor.get("/case/open")
    answer = visitor.post("/case/open", reference=reference, code=new_code(world.deps.random_below))
    assert answer.status in HTTP_NOT_OPENED
    assert caplog.messages == ["a lookup failed"]


def test_a_lookup_that_opens_a_case_leaves_no_line(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.victim(seed_case(world.deps))
    assert not caplog.messages


def test_a_letter_that_was_mistyped_is_no_failure(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = world.visitor()
    visitor.get("/case/open")
    assert visitor.post("/case/open", reference="99/999999/99", code="BCDF").status == 400
    assert not caplog.messages


def test_keys_that_do_not_answer_leave_a_line_of_their_own(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = world.visitor()
    visitor.get("/case/open")
    monkeypatch.setattr(world.deps.keys._kms, "generate_mac", _refused)  # type: ignore[attr-defined]  # noqa: SLF001
    code = new_code(world.deps.random_below)
    assert visitor.post("/case/open", reference="99/999999/99", code=code).status == 503
    assert caplog.messages == ["keys unavailable at /case/open"]


def _refused(**_: object) -> None:
    raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

"""Requests as API Gateway hands them over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chalicelib.web.http import LineBreakError, Request, respond

EVENTS = Path(__file__).parents[2] / "events"


def test_the_path_is_ours_without_the_stage_that_the_gateway_puts_before_it() -> None:
    event = json.loads((EVENTS / "get-case.json").read_text())
    assert event["requestContext"]["path"] != event["path"]
    assert Request.of_event(event).path == "/case"


@pytest.mark.parametrize("value", ["/case\r\nSet-Cookie: hub=stolen", "/case\n", "\r"])
def test_a_header_with_a_line_break_never_leaves(value: str) -> None:
    with pytest.raises(LineBreakError):
        respond("", status=303, headers={"Location": value})
    with pytest.raises(LineBreakError):
        respond("", status=200, headers={}, cookies=[value])

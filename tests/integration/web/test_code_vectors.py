"""The vectors of the access code, typed into the form itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.conftest import World

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "access_codes.json").read_text())
MISTYPED = "Check the code. One letter may be wrong or missing."
NOT_OPENED = "We could not open your information with these details."


def test_the_form_reads_every_vector_as_the_rule_does(world: World) -> None:
    assert len(VECTORS) >= 200
    fields = world.visitor().get("/case/open").fields("/case/open")
    wrong = []
    for number, vector in enumerate(VECTORS):
        visitor = world.visitor()
        visitor.address = f"198.51.100.{number % 250}"
        world.clock.forward(minutes=1)
        fields = visitor.get("/case/open").fields("/case/open")
        typed = {**fields, "reference": "99/999999/99", "code": vector["typed"]}
        answer = visitor.send("/case/open", typed)
        expected = MISTYPED if vector["reads_as"] is None else NOT_OPENED
        if answer.status != 400 or expected not in answer.body:
            wrong.append((vector["name"], answer.status))
    assert not wrong

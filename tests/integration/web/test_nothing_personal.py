"""Nothing personal in logs or keys, and nothing shown that was not written down first."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import TransactWriteError

from chalicelib.stores.tables import AccessTable, AuditTable, CasesTable, ThreadsTable
from tests.builders import seed_case, seed_code, seed_update

if TYPE_CHECKING:
    import pytest

    from tests.integration.conftest import World

TEXT = "He knows where I live, marker 7193"


def _ask(world: World) -> tuple[str, str, str, Any]:
    case = seed_case(world.deps)
    code = seed_code(world.deps, case)
    visitor = world.visitor()
    visitor.get("/case/open")
    visitor.post("/case/open", reference=case.reference, code=code)
    visitor.get("/case")
    visitor.get("/case/message")
    answer = visitor.post("/case/message", message=TEXT)
    assert answer.status == 303
    visitor.follow()
    visitor.get("/case/thread/1")
    return case.reference, code, visitor.cookies["hub"], case


def test_no_reference_code_token_or_message_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reference, code, token, _ = _ask(world)
    visitor = world.visitor()
    visitor.get("/case/open")
    visitor.post("/case/open", reference=reference, code=code[:-1])
    visitor.get("/case/message")
    for secret in (reference, code, token, TEXT):
        assert secret not in caplog.text


def test_keys_hold_neither_reference_nor_code_nor_name(world: World) -> None:
    reference, code, token, case = _ask(world)
    digits = reference.replace("/", "")
    keys = " ".join(f"{row.pk} {row.sk}" for row in CasesTable.query(case.key))
    keys += " ".join(f"{row.pk} {row.sk}" for row in ThreadsTable.query(case.victim))
    record = world.deps.threads.read(case.victim).codes[0]
    keys += AccessTable.get(f"code#{record.code_key}").pk
    for secret in (reference, digits, code, token, "V1", "Example"):
        assert secret not in keys


def test_every_page_writes_who_looked_and_never_what_it_said(world: World) -> None:
    _, _, _, case = _ask(world)
    lines = list(AuditTable.query(case.key))
    assert {"opened with code", "asked a question"} <= {line.what for line in lines}
    assert len(lines) == 6  # opened, case, form, question, receipt, thread
    assert {line.who for line in lines} == {f"victim {case.victim}"}
    assert TEXT not in " ".join(f"{line.what} {line.why}" for line in lines)


def test_when_the_audit_line_cannot_be_written_nothing_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = seed_case(world.deps)
    seed_update(world.deps, case, "An officer has looked at the pictures.")
    victim = world.victim(case)
    assert "looked at the pictures" in victim.get("/case").main

    def refuse(**_: Any) -> Any:
        raise TransactWriteError("no", ReadTimeoutError(endpoint_url="https://dynamodb.example"))

    monkeypatch.setattr(world.deps.ledger._connection, "transact_write_items", refuse)  # type: ignore[attr-defined]  # noqa: SLF001
    hidden = victim.get("/case")
    assert hidden.status == 503
    assert "looked at the pictures" not in hidden.body
    assert "PC Example" not in hidden.body
    assert "101" in hidden.main


def test_models_do_not_print_what_they_hold(world: World) -> None:
    _, _, _, case = _ask(world)
    for row in ThreadsTable.query(case.victim):
        assert TEXT not in repr(row)
        assert case.victim not in repr(row)

"""Nothing leaves around the gate: who may send, who may clear, and who knows the way out."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.domain.contact import TEXT
from tests import cleared

ROOT = Path(__file__).parents[2]
API = ROOT / "api"
PACKAGE = API / "chalicelib"
# What runs: the functions' code, and the commands of whoever operates the hub.
MODULES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for folder in (API, ROOT / "operate")
    for path in sorted(folder.rglob("*.py"))
}
CLIENTS = "api/chalicelib/clients/"
GATE = "api/chalicelib/domain/gate.py"
SENDER = "api/chalicelib/services/send.py"
# It gives a field its first value, and no other; what the gate clears is not made by it.
FROZEN = "api/chalicelib/frozen.py"
# How each library hands something over, and the one module that calls it.
WAYS_OUT = {
    "publish": "sns.py",
    "publish_batch": None,
    "send_bulk_email": None,
    "send_email": "ses.py",
    "send_email_notification": "notify.py",
    "send_letter_notification": None,
    "send_message": None,
    "send_precompiled_letter_notification": None,
    "send_raw_email": None,
    "send_sms_notification": "notify.py",
    "send_templated_email": None,
    "sendmail": None,
}
# Whatever can open a connection, and the modules that may: sign-in, Notify, and this machine's.
CONNECTING = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "urllib3",
    "urllib",
}  # fmt: skip
HARMLESS = {("http", "HTTPStatus"), ("urllib.parse", "*")}


def _names_in(tree: ast.Module) -> set[str]:
    """Return what a module names, `.name` for an attribute of anything.

    Text counts as an attribute, because getattr could ask for it.
    """
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            names.add(f".{node.attr}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(f".{node.value}")
        elif isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names |= {node.name, str(node.asname)}
    return names


NAMES = {module: _names_in(tree) for module, tree in MODULES.items()}


def _using(*names: str) -> set[str]:
    """Return the modules that name any of these."""
    return {module for module, used in NAMES.items() if used & set(names)}


def test_one_module_hands_messages_over() -> None:
    assert _using(".deliver") == {SENDER}


def test_only_the_gate_holds_the_seal() -> None:
    assert _using("_SEAL", "._SEAL") == {GATE}


def test_only_the_gate_makes_what_may_be_sent() -> None:
    making = {
        module
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            getattr(node.func, "id", "") == "Cleared" or getattr(node.func, "attr", "") == "Cleared"
        )
    }
    assert making == {GATE}


def test_nobody_makes_or_changes_an_object_behind_its_back() -> None:
    assert _using(".__new__") == set()
    assert _using(".__setattr__") == {FROZEN}


def test_a_message_made_elsewhere_or_changed_is_none() -> None:
    message = cleared.to_a_victim(TEXT)
    with pytest.raises(ValueError, match="seal"):
        replace(message, address="07700 900999")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="only the gate"):
        replace(message, address="07700 900999", seal=object())
    with pytest.raises(AttributeError):
        message.words = "other words"  # type: ignore[misc]


@pytest.mark.parametrize(("call", "where"), WAYS_OUT.items())
def test_each_way_out_is_known_to_its_carrier_alone(call: str, where: str | None) -> None:
    assert _using(f".{call}") == ({f"{CLIENTS}{where}"} if where else set())


def test_a_carrier_takes_what_the_gate_cleared_and_nothing_else() -> None:
    taking = {
        module.removeprefix(CLIENTS): ast.unparse(node.args)
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "deliver"
    }
    taking.pop("api/chalicelib/services/ports.py")
    carriers = {where for where in WAYS_OUT.values() if where} | {"console.py"}
    assert taking == dict.fromkeys(carriers, "self, message: Cleared")


def test_nothing_of_ours_opens_a_connection_but_clients() -> None:
    found = {
        (module, name)
        for module, tree in MODULES.items()
        if module.startswith("api/")
        for name in _connecting(tree)
    }
    assert found == {
        (f"{CLIENTS}notify.py", "requests"),
        (f"{CLIENTS}notify.py", "urllib3"),
        (f"{CLIENTS}oidc.py", "urllib3"),
    }


def _connecting(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = {(node.module or "", alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            names = {(alias.name, "") for alias in node.names}
        else:
            continue
        found |= {
            module.partition(".")[0]
            for module, name in names
            if not {(module, name), (module, "*")} & HARMLESS
        }
    return found & CONNECTING


def test_whatever_plays_a_carrier_in_a_test_keeps_its_messages_for_the_end() -> None:
    playing = {
        path.name: ast.unparse(node)
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == "deliver"
    }
    forgetting = [name for name, code in playing.items() if "record(" not in code]
    assert not forgetting, "let deliver call tests.all_messages.record"

"""What the code logs, and how CloudWatch reads it: enough of its patterns for those that we use."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import chalicelib

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = Path(chalicelib.__file__).parent
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
FIELD = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\S+")


def logged_texts(*, audience: str) -> set[str]:
    """Return every text that a call of `LOG` may write, with its places for values still empty.

    Args:
        audience: public or staff; what only the other one imports is left out.
    """
    other = {"public": "staff", "staff": "victim"}[audience]
    paths = (path for path in SOURCES.rglob("*.py") if f"/web/{other}/" not in path.as_posix())
    return {text for path in paths for text in _texts_of(ast.parse(path.read_text("utf-8")))}


def _texts_of(tree: ast.Module) -> Iterator[str]:
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if not _is_logging(call.func):
            continue
        for part in ast.walk(ast.Tuple(elts=call.args, ctx=ast.Load())):
            value = part.value if isinstance(part, ast.Constant) else None
            named = constants.get(part.id) if isinstance(part, ast.Name) else None
            yield from (text for text in (value, named) if isinstance(text, str))


def _is_logging(called: ast.expr) -> bool:
    return (
        isinstance(called, ast.Attribute)
        and called.attr in LEVELS
        and isinstance(called.value, ast.Name)
        and called.value.id == "LOG"
    )


def phrases(pattern: str) -> list[str]:
    """Return the phrases of a pattern that is made of them."""
    return re.findall(r'"([^"]*)"', pattern)


def is_of_fields(pattern: str) -> bool:
    """Return whether a pattern takes a line apart at its spaces."""
    return pattern.startswith("[")


def as_lambda_writes(level: str, message: str) -> str:
    """Return a line of Python's log as Lambda writes it."""
    return f"[{level}]\t2026-11-26T18:06:53.123Z\t11111111-1111-4111-8111-111111111111\t{message}\n"


def found_in(pattern: str, line: str) -> dict[str, str] | None:
    """Return the fields that a pattern finds in a line, none where it does not fit.

    Source:
        CloudWatch's filter pattern syntax: phrases, all of them, or one where each has a question
        mark; fields between spaces, as many as the line has; one field of JSON that is a text.
    """
    if pattern.startswith("{"):
        return _in_json(pattern, line)
    if is_of_fields(pattern):
        return _in_fields(pattern, line)
    enough = any if pattern.startswith("?") else all
    return {} if enough(phrase in line for phrase in phrases(pattern)) else None


def _in_json(pattern: str, line: str) -> dict[str, str] | None:
    asked = re.fullmatch(r"\{ \$\.(\w+) = \"([^\"]*)\" \}", pattern)
    assert asked, pattern
    return {} if json.loads(line).get(asked[1]) == asked[2] else None


def _in_fields(pattern: str, line: str) -> dict[str, str] | None:
    asked = [part.strip() for part in pattern[1:-1].split(",")]
    fields = FIELD.findall(line)
    if len(fields) != len(asked):
        return None
    found: dict[str, str] = {}
    for part, field in zip(asked, fields, strict=True):
        name, equals, value = part.partition("=")
        if equals and field != value.strip('"'):
            return None
        found[f"${name}"] = field
    return found

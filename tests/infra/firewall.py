"""What our own rules of a firewall make of a request, for the statements that they use.

Managed groups are not ours to work out: what they found is given as their labels.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

TRANSFORMATIONS: Mapping[str, Callable[[str], str]] = {
    "NONE": lambda text: text,
    "URL_DECODE": unquote,
    # It takes the slash at the end away, which AWS leaves; our rules do not depend on it.
    "NORMALIZE_PATH": posixpath.normpath,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the firewall sees it.

    `labels` are what earlier rules found in it, `networks` the lists that its address is on.
    """

    method: str
    path: str
    labels: Collection[str] = ()
    query: str = ""
    networks: Collection[str] = ()


def fits(statement: Mapping[str, Any], asked: Asked) -> bool:
    """Return whether a statement is true of a request; a rate counts as reached.

    Raises:
        KeyError: the statement is of a kind that is not worked out here.
    """
    ((kind, given),) = statement.items()
    return bool(KINDS[kind](given, asked))


def _labelled(given: Mapping[str, Any], asked: Asked) -> bool:
    key = str(given["Key"])
    if given["Scope"] == "NAMESPACE":
        assert key.endswith(":"), key
        return any(label.startswith(key) for label in asked.labels)
    return key in asked.labels


KINDS: Mapping[str, Callable[[Mapping[str, Any], Asked], bool]] = {
    "AndStatement": lambda given, asked: all(fits(each, asked) for each in given["Statements"]),
    "OrStatement": lambda given, asked: any(fits(each, asked) for each in given["Statements"]),
    "NotStatement": lambda given, asked: not fits(given["Statement"], asked),
    "RateBasedStatement": lambda given, asked: fits(given["ScopeDownStatement"], asked),
    "LabelMatchStatement": _labelled,
    "IPSetReferenceStatement": lambda given, asked: given["Arn"]["Fn::GetAtt"][0] in asked.networks,
    "ByteMatchStatement": lambda given, asked: _compared(given, _field(given, asked)),
    "RegexMatchStatement": lambda given, asked: bool(
        re.search(given["RegexString"], _field(given, asked))
    ),
}


def _field(given: Mapping[str, Any], asked: Asked) -> str:
    ((field, _),) = given["FieldToMatch"].items()
    text = {"Method": asked.method, "UriPath": asked.path, "QueryString": asked.query}[field]
    for each in sorted(given["TextTransformations"], key=lambda each: int(each["Priority"])):
        text = TRANSFORMATIONS[each["Type"]](text)
    return text


def _compared(given: Mapping[str, Any], text: str) -> bool:
    sought = str(given["SearchString"])
    how = {"EXACTLY": text == sought, "STARTS_WITH": text.startswith(sought)}
    return how[given["PositionalConstraint"]]

"""What a role's policy allows, worked out as AWS does for the conditions that we use."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from tests.infra.templates import INFRA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ITEM_PARTS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
TRANSACTIONS = {"TransactGetItems", "TransactWriteItems"}
LEADING_KEYS = "dynamodb:LeadingKeys"


@dataclass(frozen=True, slots=True)
class Wish:
    """One action on one table or index; `key` is the partition, where it is known."""

    action: str
    table: str
    key: str = ""

    @property
    def resource(self) -> str:
        """Return the ARN in an account of nobody's."""
        return f"arn:aws:dynamodb:eu-west-2:123456789012:table/{self.table}"


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of one stage's role."""

    statements: Sequence[Mapping[str, Any]]

    def allows(self, wish: Wish) -> bool:
        """Return whether something allows this and nothing denies it."""
        matching = [s for s in self.statements if _speaks_of(s, wish)]
        effects = {statement["Effect"] for statement in matching}
        return effects == {"Allow"}

    def denies(self, wish: Wish) -> bool:
        """Return whether this is denied whatever else allows it."""
        return any(s["Effect"] == "Deny" and _speaks_of(s, wish) for s in self.statements)

    def table_actions(self) -> set[tuple[str, str]]:
        """Return every action that is allowed on a table or index, by the table's name."""
        return {
            (resource.split("table/", 1)[1], action)
            for statement in self.statements
            for resource in statement["Resource"]
            for action in statement["Action"]
            if statement["Effect"] == "Allow" and action.startswith("dynamodb:")
        }


def read_policy(stage: str) -> Policy:
    """Return the policy of the stage's role."""
    text = (INFRA / "policies" / f"{stage}.json").read_text(encoding="utf-8")
    return Policy(json.loads(text)["Statement"])


def _speaks_of(statement: Mapping[str, Any], wish: Wish) -> bool:
    return (
        wish.action in statement["Action"]
        and any(fnmatchcase(wish.resource, pattern) for pattern in statement["Resource"])
        and _key_fits(statement.get("Condition", {}), wish.key)
    )


def _key_fits(condition: Mapping[str, Any], key: str) -> bool:
    patterns = condition.get("ForAllValues:StringLike", {}).get(LEADING_KEYS)
    return patterns is None or any(fnmatchcase(key, pattern) for pattern in patterns)


def wishes(operation: str, body: str | bytes) -> Iterator[Wish]:
    """Give what a request of DynamoDB asks leave for; a transaction asks for each part."""
    asked = json.loads(body)
    if operation in TRANSACTIONS:
        for part in asked["TransactItems"]:
            for kind, values in part.items():
                yield _item_wish(ITEM_PARTS[kind], values)
    elif operation == "BatchGetItem":
        for table, batch in asked["RequestItems"].items():
            for key in batch["Keys"]:
                yield Wish(f"dynamodb:{operation}", table, key["pk"]["S"])
    elif operation == "Query":
        index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
        # Of a table the partition is a leading key; of an index it is the index's own.
        yield Wish("dynamodb:Query", asked["TableName"] + index, "" if index else _partition(asked))
    else:
        yield _item_wish(operation, asked)


def _partition(query: Mapping[str, Any]) -> str:
    """Return the partition that a query asks for."""
    names, values = query["ExpressionAttributeNames"], query["ExpressionAttributeValues"]
    name = next(name for name, attribute in names.items() if attribute == "pk")
    found = re.search(rf"{name} = (:\w+)", query["KeyConditionExpression"])
    assert found
    return str(values[found[1]]["S"])


def _item_wish(action: str, asked: Mapping[str, Any]) -> Wish:
    item = asked.get("Key") or asked["Item"]
    return Wish(f"dynamodb:{action}", asked["TableName"], item["pk"]["S"])

"""How stores make the parts of a transaction."""

from collections.abc import Sequence

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.stores.ledger import StorePart


def put(name: str, item: Model, condition: Condition | None = None) -> StorePart:
    """Return a put of a whole item, perhaps only under a condition."""
    return StorePart(name, "put", lambda write: write.save(item, condition=condition))


def update(name: str, item: Model, actions: Sequence[Action], condition: Condition) -> StorePart:
    """Return an update; it always has a condition, without which it would make ghosts."""
    return StorePart(
        name, "update", lambda write: write.update(item, list(actions), condition=condition)
    )


def delete(name: str, item: Model) -> StorePart:
    """Return a delete that is fine when the item is gone."""
    return StorePart(name, "delete", lambda write: write.delete(item))

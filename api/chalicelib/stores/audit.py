"""The audit table: lines can only be added."""

from chalicelib.domain.audit import AuditLine
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.parts import put
from chalicelib.stores.tables import AuditTable
from chalicelib.stores.text import stamp


class AuditStore:
    """Makes the part that adds a line."""

    def line(self, line: AuditLine) -> StorePart:
        """Put a line where its key is absent."""
        item = AuditTable(
            line.about,
            f"{stamp(line.at)}#{line.id}",
            who=line.who,
            what=line.what,
            at=stamp(line.at),
            why=line.why or None,
            cases=set(line.cases) or None,
        )
        return put("audit", item, AuditTable.pk.does_not_exist())

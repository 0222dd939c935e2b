"""What an import did, counted in rows."""

from dataclasses import dataclass, field

from chalicelib.frozen import frozen


@frozen
class Rejected:
    """A row that was not used: where it stands and why, without a word of what it holds."""

    line: int
    reason: str


@dataclass(slots=True)
class Report:
    """The rows of one import.

    `kept` are rows from which the hub shows something else than they say, because it was
    typed at the desk, or because an import never takes a flag away. `left_out` are rows
    that are no cases. Every row of the file is counted once.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0
    left_out: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return how many rows are counted."""
        taken = self.new + self.changed + self.same + self.kept
        return taken + self.left_out + len(self.rejected)

    def as_json(self) -> dict[str, int | list[dict[str, int | str]]]:
        """Return the report in the form of CONTRIBUTING, rejected rows by line."""
        rejected = sorted(self.rejected, key=lambda row: row.line)
        return {
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "kept": self.kept,
            "left_out": self.left_out,
            "rejected": [{"line": row.line, "reason": row.reason} for row in rejected],
        }

"""An environment that tells which settings were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Asked(dict[str, str]):
    """Settings by name, and the names that somebody wanted."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Return a setting, and note that it was asked for."""
        self.names.add(name)
        return super().get(name, default)

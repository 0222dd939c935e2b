"""A copy of the data files that a test may spoil."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.rules import RULES_FOLDER, RulesError, read_rules


class Folder:
    """A copy of the data files that a test may spoil."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for file in RULES_FOLDER.glob("*.toml"):
            shutil.copy(file, path)

    def change(self, file: str, row: str, old: str, new: str) -> int:
        """Replace a line of a row, found by its key, and return the line's number."""
        lines = (self.path / file).read_text().splitlines()
        number = lines.index(f'key = "{row}"')
        while lines[number] != old:
            number += 1
        lines[number] = new
        self.write(file, "\n".join(lines))
        return number + 1

    def line_of_row(self, file: str, row: str) -> int:
        """Return the line on which a row begins, which is the one before its key."""
        return (self.path / file).read_text().splitlines().index(f'key = "{row}"')

    def write(self, file: str, text: str) -> None:
        (self.path / file).write_text(text)

    def append(self, file: str, text: str) -> int:
        """Add lines at the end and return the number of the first."""
        before = (self.path / file).read_text()
        self.write(file, before + text)
        return before.count("\n") + 1

    def refuses(
        self, file: str, line: int, words: str, read: Callable[[Path], object] = read_rules
    ) -> None:
        with pytest.raises(RulesError, match=re.escape(f"{file}:{line}: ") + ".*" + words):
            read(self.path)

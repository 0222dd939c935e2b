from pathlib import Path

import pytest

from chalicelib.rules import Rules, load_rules
from tests.unit.rules.spoiled import Folder


@pytest.fixture
def rules() -> Rules:
    """Return the rules as they are."""
    return load_rules()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a copy of the data files that a test may spoil."""
    return Folder(tmp_path)

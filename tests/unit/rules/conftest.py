import pytest

from chalicelib.rules import Rules, load_rules


@pytest.fixture
def rules() -> Rules:
    """Return the rules as they are."""
    return load_rules()

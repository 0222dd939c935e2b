"""The templates of the two stages, written out once for all tests of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.settings import PUBLIC, STAFF
from operate.aws.package_template import stage_template
from tests.infra.written_out import Template

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Template]:
    """Give both stages' templates as they are deployed, by audience."""
    folder = tmp_path_factory.mktemp("templates")
    return {
        audience: Template(stage_template(audience, into=folder / audience))
        for audience in (PUBLIC, STAFF)
    }


@pytest.fixture(params=[PUBLIC, STAFF])
def stage(request: pytest.FixtureRequest) -> str:
    """Give each audience in turn."""
    return str(request.param)


@pytest.fixture
def template(templates: Mapping[str, Template], stage: str) -> Template:
    """Give the template of this audience."""
    return templates[stage]

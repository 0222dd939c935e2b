from collections.abc import Iterator

import pytest

from chalicelib.clients.oidc import OIDCClient, OIDCSettings
from tests.oidc_provider import Provider, running_provider
from tests.sign_ins import make_client, settings_for, stamp


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider(stamp) as provider:
        yield provider


@pytest.fixture
def settings(provider: Provider) -> OIDCSettings:
    return settings_for(provider.issuer)


@pytest.fixture
def client(settings: OIDCSettings) -> OIDCClient:
    return make_client(settings)

"""How the parts of a stage are put together: settings in, an application out."""

import logging
import random
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from chalicelib.application import Application
from chalicelib.clients.aws import new_client
from chalicelib.clients.keys import KeyRing, load_secrets
from chalicelib.domain.access import Argon2Cost
from chalicelib.domain.calendar import england_and_wales
from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.rules import load_rules
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Provider, SignIn
from chalicelib.settings import (
    AWS,
    CONSOLE,
    NOTIFY,
    STAFF,
    MissingSettingError,
    SendingSettings,
    Settings,
)
from chalicelib.stores.access import AccessStore
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.audit import AuditStore
from chalicelib.stores.budget import RequestBudget
from chalicelib.stores.cases import CaseStore
from chalicelib.stores.figures import SHARDS, FigureStore
from chalicelib.stores.ledger import Ledger
from chalicelib.stores.tables import bind_tables
from chalicelib.stores.threads import ThreadStore

# At a finer level these log whole requests: references, hashes and what people wrote.
TALKATIVE_LIBRARIES = ("authlib", "boto3", "botocore", "pynamodb", "urllib3")
ID_BYTES = 12
TOKEN_BYTES = 32
# Nobody waits at a page for these, and a slow answer is better than none.
SEND_SECONDS = 10.0


def new_id() -> str:
    """Return a short id that nobody can guess and that no other item has."""
    return secrets.token_hex(ID_BYTES)


def new_token() -> str:
    """Return 256 bits for a cookie or a form key."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def build_deps(settings: Settings) -> Deps:
    """Return the dependencies of one process."""
    for library in TALKATIVE_LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)
    rules = load_rules()
    budget = RequestBudget(time.monotonic)
    attempts = Attempts(budget, sleep=time.sleep, jitter=random.SystemRandom().random)
    connection = bind_tables(
        settings.tables, region=settings.region, endpoint=settings.aws_endpoint
    )
    client = partial(new_client, region=settings.region, endpoint=settings.aws_endpoint)
    secret = load_secrets(
        client("secretsmanager"), settings.secret_id, plain_localhost=settings.plain_localhost
    )
    return Deps(
        rules=rules,
        calendar=england_and_wales(rules.limits.working_day_starts, rules.limits.receipt_cut_off),
        keys=KeyRing(
            client("kms"),
            settings.pepper_key_id,
            secret,
            seconds_left=budget.left,
            earlier_pepper_key_ids=settings.earlier_pepper_key_ids,
        ),
        cases=CaseStore(attempts),
        threads=ThreadStore(attempts, rules),
        figures=FigureStore(attempts, shard=secrets.randbelow(SHARDS)),
        access=AccessStore(attempts, rules),
        audit=AuditStore(),
        ledger=Ledger(connection, attempts, new_token=new_id),
        budget=budget,
        code_cost=Argon2Cost(),
        now=lambda: datetime.now(UTC),
        new_id=new_id,
        new_token=new_token,
        random_below=secrets.randbelow,
        sign_in=_sign_in(settings, secret.oidc_client_secret, budget),
    )


def _sign_in(settings: Settings, client_secret: str, budget: RequestBudget) -> SignIn | None:
    """Return the provider that staff sign in with, none in the public service."""
    if settings.staff is None:
        return None
    from chalicelib.clients.oidc import OIDCClient, OIDCSettings  # noqa: PLC0415 -- staff only

    agreed = OIDCSettings(
        issuer=settings.staff.issuer,
        client_id=settings.staff.client_id,
        client_secret=client_secret,
        redirect_uri=f"{settings.origin}/signed-in",
        roles_claim=settings.staff.roles_claim,
        role_names=settings.staff.role_names,
        require_auth_time=settings.staff.require_auth_time,
    )
    return OIDCClient(agreed, now=lambda: datetime.now(UTC), seconds_left=budget.left)


def build_providers(settings: Settings) -> Mapping[str, Provider]:
    """Return who carries messages, by channel: nobody where sending is off, or in the public stage.

    The console is for one machine: elsewhere its messages would count as sent and reach nobody,
    so there it is as good as off.

    Raises:
        MissingSettingError: words of ours have no template at Notify.
        SecretUnusableError: the key for Notify is missing.
    """
    if settings.staff is None:
        return {}
    sending = settings.staff.sending
    if sending.how == CONSOLE and settings.plain_localhost:
        from chalicelib.clients.console import Console  # noqa: PLC0415 -- one machine only

        console = Console(Path(sending.file))
        return {TEXT: console, EMAIL: console}
    if sending.how == NOTIFY:
        return _notify(settings, sending)
    return _aws(settings, sending) if sending.how == AWS else {}


def _notify(settings: Settings, sending: SendingSettings) -> Mapping[str, Provider]:
    from chalicelib.clients.notify import Notify, connect  # noqa: PLC0415 -- 0.1 s to load
    from chalicelib.clients.notify_words import words_at_notify  # noqa: PLC0415 -- goes with it

    words = words_at_notify(load_rules().notices)
    if sending.templates.keys() != words.keys():
        raise MissingSettingError("HUB_NOTIFY_TEMPLATES")
    manager = new_client("secretsmanager", region=settings.region, endpoint=settings.aws_endpoint)
    secret = load_secrets(manager, settings.secret_id, plain_localhost=settings.plain_localhost)
    api = connect(secret.notify_api_key, url=sending.notify_url, seconds=SEND_SECONDS)
    notify = Notify(api, sending.templates, words)
    return {TEXT: notify, EMAIL: notify}


def _aws(settings: Settings, sending: SendingSettings) -> Mapping[str, Provider]:
    from chalicelib.clients.ses import SES  # noqa: PLC0415 -- only the sender needs it
    from chalicelib.clients.sns import SNS  # noqa: PLC0415 -- the same

    client = partial(
        new_client, region=settings.region, endpoint=settings.aws_endpoint, seconds=SEND_SECONDS
    )
    return {TEXT: SNS(client("sns")), EMAIL: SES(client("sesv2"), sending.email_from)}


def create_app(audience: str, build: Callable[[], tuple[Settings, Deps]]) -> Application:
    """Return the application that has this audience's pages and no others (D1)."""
    if audience == STAFF:
        from chalicelib.web import staff as pages  # noqa: PLC0415 -- the other half stays unread
    else:
        from chalicelib.web import victim as pages  # type: ignore[no-redef] # noqa: PLC0415
    return Application(pages.PAGES, pages.error_page, build)

"""What a stage needs of AWS, made once in the stand-in: tables, the pepper, the secret."""

import json
import os
import secrets
from collections.abc import Mapping

from chalicelib.clients.aws import new_client
from chalicelib.settings import CONSOLE, PUBLIC, STAFF
from chalicelib.stores.tables import TABLES, bind_tables
from operate.stand_in import REGION

# The name of the secret, not the secret.
SECRET_ID = "hub/keys"  # noqa: S105  # nosec B105
PEPPER_ALIAS = "alias/hub-pepper"
TABLE_NAMES = {name: f"hub-{name}" for name in TABLES}
OIDC_CLIENT_ID = "hub-desk"


def prepare(endpoint: str) -> None:
    """Make what is missing; what is there stays as it is."""
    bind_tables(TABLE_NAMES, region=REGION, endpoint=endpoint)
    for table in TABLES.values():
        if not table.exists():
            table.create_table(wait=True)
    _pepper(endpoint)
    _secret(endpoint)


def _pepper(endpoint: str) -> None:
    kms = new_client("kms", region=REGION, endpoint=endpoint)
    aliases = {row["AliasName"] for row in kms.list_aliases()["Aliases"]}
    if PEPPER_ALIAS in aliases:
        return
    key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    kms.create_alias(AliasName=PEPPER_ALIAS, TargetKeyId=key["KeyMetadata"]["KeyId"])


def _secret(endpoint: str) -> None:
    manager = new_client("secretsmanager", region=REGION, endpoint=endpoint)
    if any(row["Name"] == SECRET_ID for row in manager.list_secrets()["SecretList"]):
        return
    keys = {
        name: secrets.token_hex(32)
        for name in ("reference_key", "csrf_key", "client_address_key", "oidc_client_secret")
    }
    manager.create_secret(Name=SECRET_ID, SecretString=json.dumps(keys))


def environ(
    audience: str,
    endpoint: str,
    *,
    public: str,
    staff: str,
    issuer: str,
    messages: str = os.devnull,
) -> Mapping[str, str]:
    """Return the settings of one stage on this machine.

    Messages go to nobody, but as lines into the file `messages`.
    """
    common = {
        "AWS_REGION": REGION,
        "HUB_AUDIENCE": audience,
        "HUB_ORIGIN": {PUBLIC: public, STAFF: staff}[audience],
        "HUB_PUBLIC_ORIGIN": public,
        "HUB_SECRET_ID": SECRET_ID,
        "HUB_PEPPER_KEY_ID": PEPPER_ALIAS,
        "HUB_VERSION": "local",
        "HUB_AWS_ENDPOINT": endpoint,
        **{f"HUB_TABLE_{name.upper()}": table for name, table in TABLE_NAMES.items()},
    }
    if audience == PUBLIC:
        return common
    return common | {
        "HUB_OIDC_ISSUER": issuer,
        "HUB_OIDC_CLIENT_ID": OIDC_CLIENT_ID,
        "HUB_OIDC_ROLES_CLAIM": "roles",
        "HUB_OIDC_ROLE_NAMES": ",".join(
            f"{role}={role}"
            for role in ("officer", "supervisor", "witness_care", "partner", "administrator")
        ),
        "HUB_OIDC_REQUIRE_AUTH_TIME": "no",
        "HUB_SENDING": CONSOLE,
        "HUB_MESSAGES_FILE": messages,
    }

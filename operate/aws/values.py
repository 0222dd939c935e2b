"""What the templates are told: their parameters, from the stage's file and from each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

from operate.aws.stage import REGION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from operate.aws.release import Release
    from operate.aws.stage import StageFile


# By the names of the parameters; none is for what is not known yet.
Values = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Hosts:
    """The ids of the two APIs."""

    public: str
    staff: str


@dataclass(frozen=True, slots=True)
class EdgeSecrets:
    """What the CDN shows to each API so that it knows where a request came through."""

    public: str = field(repr=False)
    staff: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Around:
    """What a stage's stack stands on: the data stack's outputs, the packages, its secret.

    `secrets` names the version of its secret: a new one starts its functions anew.
    """

    bucket: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    secrets: str | None = None


def data_values(stage: StageFile) -> Values:
    """Return what the data stack may ask for."""
    return {"AlarmEmail": stage.alarm_email}


def stage_values(audience: str, stage: StageFile, release: Release, around: Around) -> Values:
    """Return what a stage's stack may ask for."""
    sign_in, sending = stage.sign_in, stage.sending
    return {
        "Origin": (stage.public if audience == "public" else stage.staff).origin,
        "PublicOrigin": stage.public.origin,
        "Version": release.id,
        "CodeBucket": around.bucket,
        "CodeKey": release.key(f"{audience}.zip"),
        "LogsKeyArn": around.outputs.get("LogsKeyArn"),
        "AlarmTopicArn": around.outputs.get("AlarmTopicArn"),
        "AlarmEmail": stage.alarm_email,
        "SecretsReadOn": around.secrets,
        "PepperKeyIds": ",".join(stage.peppers),
        **{
            f"{name.removeprefix('hub-').title()}Table": other
            for name, other in stage.tables.items()
        },
        "OidcIssuer": sign_in.issuer,
        "OidcClientId": sign_in.client_id,
        "OidcRolesClaim": sign_in.roles_claim,
        "OidcRoleNames": _pairs(sign_in.role_names),
        "OidcRequireAuthTime": "yes" if sign_in.require_auth_time else "no",
        "Sending": sending.how,
        "NotifyTemplates": _pairs(sending.templates),
        "EmailFrom": sending.email_from,
    }


def site_values(
    stage: StageFile, release: Release, apis: Hosts | None, secrets: EdgeSecrets | None
) -> Values:
    """Return what the site's stack may ask for."""
    networks = [ip_network(each) for each in stage.staff_addresses]
    return {
        "PublicHost": stage.public.name,
        "PublicCertificateArn": stage.public.certificate,
        "StaffHost": stage.staff.name,
        "StaffCertificateArn": stage.staff.certificate,
        "StaffAddresses": ",".join(str(n) for n in networks if isinstance(n, IPv4Network)),
        "StaffAddressesIpv6": ",".join(str(n) for n in networks if isinstance(n, IPv6Network)),
        "SitePolicy": release.site_policy,
        "PublicOriginSecret": secrets.public if secrets else None,
        "StaffOriginSecret": secrets.staff if secrets else None,
        "AlarmEmail": stage.alarm_email,
        "PublicApiHost": _gateway(apis.public) if apis else None,
        "StaffApiHost": _gateway(apis.staff) if apis else None,
    }


def _gateway(api: str) -> str:
    return f"{api}.execute-api.{REGION}.amazonaws.com"


def _pairs(pairs: Mapping[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in pairs.items())

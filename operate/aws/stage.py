"""One deployment of the hub as its file says it: whose account, which hosts, who signs in how."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from chalicelib.settings import AWS, MOST_PEPPERS, NOTIFY, OFF
from operate.aws.errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REGION = "eu-west-2"
# The CDN's firewall and certificates exist in this region alone.
EDGE_REGION = "us-east-1"
ACCOUNT = re.compile(r"\d{12}", re.ASCII)
HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)
CERTIFICATE = re.compile(rf"arn:aws:acm:{EDGE_REGION}:\d{{12}}:certificate/[0-9a-f-]{{36}}")
TABLES = {f"hub-{name}" for name in ("cases", "threads", "access", "audit")}
PEPPER = "alias/hub-pepper"
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class StageError(DeployError):
    """The file cannot be used as it is; one sentence that says what to write instead."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where one audience finds the hub, and the certificate that proves it."""

    name: str
    certificate: str

    @property
    def origin(self) -> str:
        """Return the address without a path."""
        return f"https://{self.name}"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The provider that staff sign in with; `role_names` are its names for our roles."""

    issuer: str
    client_id: str
    roles_claim: str
    require_auth_time: bool
    role_names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sending:
    """How messages leave, and what that way needs."""

    how: str = OFF
    templates: Mapping[str, str] = field(default_factory=dict)
    email_from: str = ""


@dataclass(frozen=True, slots=True)
class StageFile:
    """What one deployment is told; nothing of it is secret.

    `tables` says which restored table stands in for one of the data stack; `peppers` are aliases
    of keys, the one that makes new codes first.
    """

    name: str
    account: str
    region: str
    alarm_email: str
    public: Host
    staff: Host
    staff_addresses: tuple[str, ...]
    sign_in: SignIn
    sending: Sending
    tables: Mapping[str, str] = field(default_factory=dict)
    peppers: tuple[str, ...] = (PEPPER,)


def read_stage(name: str, folder: Path) -> StageFile:
    """Return the deployment of this name.

    Raises:
        StageError: there is no such file, or something in it is missing or cannot be.
    """
    path = folder / f"{name}.toml"
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name) or not path.is_file():
        raise StageError(
            f"There is no deployment called {name!r}. Copy infra/stages/example.toml to "
            "infra/stages/<name>.toml, fill it in, and say STAGE=<name>."
        )
    try:
        return _Reader(name, tomllib.loads(path.read_text(encoding="utf-8"))).stage()
    except tomllib.TOMLDecodeError as error:
        raise StageError(f"infra/stages/{name}.toml cannot be read: {error}.") from error


class _Reader:
    """Reads one file; whatever is wrong is said with the key's whole name."""

    def __init__(self, name: str, given: Mapping[str, Any]) -> None:
        self._name = name
        self._given = given

    def stage(self) -> StageFile:
        region = self._text("region")
        if region != REGION:
            raise self._wrong("region", f"{REGION}: the roles' policies name it")
        public, staff = self._host("public"), self._host("staff")
        if _registrable(public.name) == _registrable(staff.name):
            raise self._wrong("staff.host", "a host on another domain than that of public.host")
        return StageFile(
            name=self._name,
            account=self._text("account", ACCOUNT, "the account's 12 digits, in quotes"),
            region=region,
            alarm_email=self._text("alarm_email", EMAIL, "an e-mail address"),
            public=public,
            staff=staff,
            staff_addresses=self._addresses(),
            sign_in=self._sign_in(),
            sending=self._sending(),
            tables=self._tables(),
            peppers=self._peppers(),
        )

    def _host(self, audience: str) -> Host:
        certificate = f"the ARN of a certificate in {EDGE_REGION}"
        return Host(
            self._text(f"{audience}.host", HOST, "a host in small letters, such as hub.example"),
            self._text(f"{audience}.certificate", CERTIFICATE, certificate),
        )

    def _addresses(self) -> tuple[str, ...]:
        what = 'a list of the networks that reach the desk, such as ["192.0.2.0/24"]'
        given = self._value("staff.addresses", list, what)
        try:
            networks = [ip_network(each) for each in given]
        except ValueError:
            raise self._wrong("staff.addresses", what) from None
        if not networks or any(network.prefixlen == 0 for network in networks):
            raise self._wrong("staff.addresses", f"{what}, and never the whole internet")
        return tuple(str(network) for network in networks)

    def _sign_in(self) -> SignIn:
        issuer = self._text("sign_in.issuer", re.compile(r"https://\S+"), "an https address")
        names = self._value("sign_in.role_names", dict, "a table: the provider's name = our role")
        return SignIn(
            issuer=issuer,
            client_id=self._text("sign_in.client_id"),
            roles_claim=self._text("sign_in.roles_claim"),
            require_auth_time=self._value("sign_in.require_auth_time", bool, "true or false"),
            role_names=names,
        )

    def _sending(self) -> Sending:
        how = self._text("sending.how")
        if how not in (OFF, NOTIFY, AWS):
            raise self._wrong("sending.how", f'"{OFF}", "{NOTIFY}" or "{AWS}"')
        templates = self._value("sending.templates", dict, "a table of names and ids, or {}")
        email_from = self._text("sending.email_from", EMAIL, "an e-mail address")
        if how == NOTIFY and not templates:
            raise self._wrong("sending.templates", "the ids of our words at GOV.UK Notify")
        return Sending(how, templates, email_from)

    def _tables(self) -> Mapping[str, str]:
        """Return the tables in use where they are not those of the data stack: restored ones."""
        tables: object = self._given.get("tables", {})
        what = 'a table such as "hub-threads" = "hub-threads-20261126t0930"'
        if not isinstance(tables, dict):
            raise self._wrong("tables", what)
        for name, other in tables.items():
            if name not in TABLES or not re.fullmatch(rf"{name}-[0-9a-z]+", str(other)):
                raise self._wrong(f"tables.{name}", what)
        return tables

    def _peppers(self) -> tuple[str, ...]:
        """Return the aliases of the peppers, the newest first; one of them until it is renewed."""
        given = self._given.get("peppers", [PEPPER])
        named = [each for each in given if re.fullmatch(rf"{PEPPER}(-\d+)?", str(each))]
        once = len(set(named)) == len(named) <= MOST_PEPPERS
        if not isinstance(given, list) or not given or named != given or not once:
            raise self._wrong("peppers", f'a list such as ["{PEPPER}-2", "{PEPPER}"], each once')
        return tuple(given)

    def _text(self, key: str, form: re.Pattern[str] | None = None, what: str = "") -> str:
        text: str = self._value(key, str, what or "a text in quotes")
        if not text or (form and not form.fullmatch(text)):
            raise self._wrong(key, what or "a text in quotes")
        return text

    def _value(self, key: str, kind: type, what: str) -> Any:  # noqa: ANN401 -- of that kind
        value: Any = self._given
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if not isinstance(value, kind):
            raise self._wrong(key, what)
        return value

    def _wrong(self, key: str, what: str) -> StageError:
        return StageError(f"infra/stages/{self._name}.toml: {key} must be {what}.")


def _registrable(host: str) -> list[str]:
    """Return the part of a host that is registered; second-level domains of the UK count as one."""
    parts = host.split(".")
    shared = parts[-2] in {"co", "gov", "org", "police", "ac", "nhs"} and parts[-1] == "uk"
    return parts[-3:] if shared else parts[-2:]

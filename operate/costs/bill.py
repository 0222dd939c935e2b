"""From what one of each journey uses to what a month costs: count x units x price, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from operate.costs.data import COPIES, FIREWALL, RULES
from operate.costs.meter import Usage
from operate.costs.volumes import DAYS, HOURS, VOLUMES, Values

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from operate.costs.data import Assumption, Price
    from operate.costs.volumes import Measured, Size

GB = 1_000_000_000
MB_A_GB = 1024
MS = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill: so many units at a price; `how` is where they come from, in words."""

    price: Price
    count: float
    how: str

    @property
    def dollars(self) -> float:
        """Return what it costs a month."""
        return self.price.of(self.count)


@dataclass(frozen=True, slots=True)
class Bill:
    """What a month costs a size of service, and how often each journey is walked for it."""

    size: Size
    lines: tuple[Line, ...]
    volumes: Mapping[str, float]
    texts: float

    @property
    def dollars(self) -> float:
        """Return what all lines cost together."""
        return sum(line.dollars for line in self.lines)


def bill(
    size: Size,
    measured: Measured,
    prices: Mapping[str, Price],
    assumed: Mapping[str, Assumption],
    resources: Counter[str],
) -> Bill:
    """Return the bill of a month: every price once, with what is measured times how often."""
    values = Values(size, assumed)
    volumes = {volume.journey: volume.of(values, measured) for volume in VOLUMES}
    counts = {
        **_of_use(values, measured, volumes),
        **_of_keeping(values, measured, resources[COPIES]),
        **_of_standing(values, resources),
    }
    key_requests, how = counts["key_requests"]
    tables = (
        values.table_key_requests * HOURS * DAYS * resources["AWS::DynamoDB::Table"] * size.hubs
    )
    counts["key_requests"] = (key_requests + tables, f"{how}; tables with a key x requests an hour")
    lines = tuple(Line(prices[key], *counts[key]) for key in prices)
    return Bill(size, lines, volumes, values.messages * values.text_share)


Counts = dict[str, tuple[float, str]]


def _of_use(values: Values, measured: Measured, volumes: Mapping[str, float]) -> Counts:
    """Return what is billed by use."""
    whole = Usage()
    gb_seconds = 0.0
    for name, times in volumes.items():
        used = measured.journeys[name].times(times)
        whole = whole.added(used)
        gb_seconds += used.milliseconds / MS * values.slower * measured.mb[name] / MB_A_GB
    starts = whole.gateway_requests * values.cold_share
    start_ms = measured.start.milliseconds * values.slower
    gb_seconds += starts * start_ms / MS * max(measured.mb.values()) / MB_A_GB
    logged = whole.log_bytes + whole.invocations * values.logged_a_call
    each = "each journey's x how often"
    return {
        "table_writes": (whole.write_units, f"{each}, indexes too"),
        "table_reads": (whole.read_units, each),
        "function_time": (gb_seconds, "(ms of each + starts x ms of one) x slower x memory"),
        "function_calls": (whole.invocations, each),
        "gateway_requests": (whole.gateway_requests, each),
        "cdn_requests": (whole.cdn_requests, f"{each}, with what pages load"),
        "cdn_bytes": (whole.cdn_bytes / GB, each),
        "site_reads": (whole.site_requests, "every file as if the CDN had it never"),
        "firewall_requests": (whole.cdn_requests, "as many as of the CDN"),
        "key_requests": (whole.kms, each),
        "secret_reads": (starts * measured.start.secrets, "starts x reads of one"),
        "log_bytes": (logged / GB, "calls x bytes of one"),
        "log_storage": (logged / GB * values.log_months, "a month's x months kept"),
        "traces": (whole.invocations, "one a call at most"),
    }


def _of_keeping(values: Values, measured: Measured, copies: int) -> Counts:
    """Return what is billed for what is kept: once the months for which it is are full."""
    kept = values.cases * values.kept_months * measured.bytes_a_victim / GB
    words = "cases x months kept x bytes of one in the demonstration force"
    return {
        "table_storage": (kept, words),
        "table_recovery": (kept, "the same"),
        "backup_storage": (kept * copies, "the same x copies in all vaults"),
    }


def _of_standing(values: Values, resources: Counter[str]) -> Counts:
    """Return what is billed for being there, whether anybody comes or not."""
    kinds = {
        "firewalls": FIREWALL,
        "firewall_rules": RULES,
        "keys": "AWS::KMS::Key",
        "secrets": "AWS::SecretsManager::Secret",
        "alarms": "AWS::CloudWatch::Alarm",
        "dashboards": "AWS::CloudWatch::Dashboard",
        "zones": "AWS::Route53::HostedZone",
    }
    words = "in a hub x hubs"
    return {key: (resources[kind] * values.size.hubs, words) for key, kind in kinds.items()}

"""What costs are worked out from besides the run: prices, assumptions, the templates of infra/."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]  # MkDocs brings it, without types

from operate.hub_home import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

INFRA = ROOT / "infra"
CONFIG = ROOT / "api" / ".chalice" / "config.json"
FIREWALL = "AWS::WAFv2::WebACL"
RULES = "rules"
BACKUPS = "AWS::Backup::BackupPlan"
COPIES = "copies"


@dataclass(frozen=True, slots=True)
class Price:
    """What AWS asks: `value` US dollars for `per` units; checked when somebody read the page."""

    key: str
    what: str
    value: float
    per: float
    unit: str
    region: str
    source: str
    trust: str
    written_on: date
    checked_on: date | None = None

    def of(self, count: float) -> float:
        """Return the dollars for so many units."""
        return count * self.value / self.per


@dataclass(frozen=True, slots=True)
class Assumption:
    """A figure that no run can measure; checked when somebody looked at its source."""

    key: str
    value: float
    what: str
    source: str
    trust: str
    written_on: date | None = None
    checked_on: date | None = None


def read_prices(folder: Path = INFRA) -> dict[str, Price]:
    """Return every price by its key."""
    return {row["key"]: Price(**row) for row in _read(folder / "prices.toml")["price"]}


def read_assumptions(folder: Path = INFRA) -> dict[str, Assumption]:
    """Return every assumption by its key."""
    return {row["key"]: Assumption(**row) for row in _read(folder / "costs.toml")["assumption"]}


def count_resources(folder: Path = INFRA) -> Counter[str]:
    """Return how many of each type of resource one hub has.

    Firewall rules are counted as `rules`, and as `copies` how many whole copies of the tables
    are in the vaults. All are counted in the templates; what no template has yet is taken from
    `planned` in costs.toml.
    """
    found: Counter[str] = Counter()
    for path in folder.glob("[!.]*.yaml"):
        for resource in (_template(path).get("Resources") or {}).values():
            found[resource.get("Type", "")] += 1
            if resource.get("Type") == FIREWALL:
                found[RULES] += len(resource["Properties"].get("Rules", ()))
            if resource.get("Type") == BACKUPS:
                found[COPIES] += _copies(resource["Properties"]["BackupPlan"])
    planned: Mapping[str, int] = _read(folder / "costs.toml").get("planned", {})
    return found + Counter({kind: count for kind, count in planned.items() if not found[kind]})


def _copies(plan: Mapping[str, Any]) -> int:
    """Return how many copies a plan keeps: its rules make one a night, for so many days each."""
    return sum(
        kept["Lifecycle"]["DeleteAfterDays"]
        for rule in plan["BackupPlanRule"]
        for kept in (rule, *rule.get("CopyActions", ()))
    )


def function_mb(job: str = "", config: Path = CONFIG) -> int:
    """Return the memory of a stage's function, or of one of its jobs, in MB."""
    settings = json.loads(config.read_text("utf-8"))
    jobs: Mapping[str, Any] = settings["stages"]["staff"].get("lambda_functions", {})
    return int(jobs.get(job, {}).get("lambda_memory_size", settings["lambda_memory_size"]))


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _template(path: Path) -> dict[str, Any]:
    template: dict[str, Any] | None = _Loader(path.read_text("utf-8")).get_single_data()
    return template or {}


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Reads CloudFormation's YAML; nothing here asks what its short tags say."""


_Loader.add_multi_constructor("!", lambda *_: None)

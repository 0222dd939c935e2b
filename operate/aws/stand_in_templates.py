"""CloudFormation's templates as the stand-in can take them: without the few types it lacks.

It refuses a whole template for one resource of a type that it does not know. What is left out is
said here and nowhere else; the tests of the templates hold what it would have been.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]  # MkDocs brings it, without types

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

# Seen with ministack 1.5.33: it knows vaults and plans of AWS Backup, but not what a plan backs up;
# a firewall, but none of its parts, and its CDN asks none; no deliveries of logs and no budgets.
NOT_KNOWN = frozenset(
    {
        "AWS::Backup::BackupSelection",
        "AWS::Budgets::Budget",
        "AWS::Logs::Delivery",
        "AWS::Logs::DeliveryDestination",
        "AWS::Logs::DeliverySource",
        "AWS::WAFv2::IPSet",
        "AWS::WAFv2::LoggingConfiguration",
        "AWS::WAFv2::WebACL",
    }
)

# A short tag stands for the function of its name, except for these.
WITHOUT_PREFIX = {"Ref", "Condition"}


class StillNeededError(Exception):
    """What was left out is needed by something that stays; the text names both."""


def read_template(path: Path) -> dict[str, Any]:
    """Return a template with its functions in the long form, which JSON can say."""
    # A subclass of the safe loader: it makes no objects but texts, numbers, lists and mappings.
    template: dict[str, Any] = yaml.load(  # nosec B506
        path.read_text(encoding="utf-8"),
        Loader=_Loader,  # noqa: S506
    )
    return template


def for_stand_in(
    template: Mapping[str, Any], not_known: Collection[str] = NOT_KNOWN
) -> dict[str, Any]:
    """Return a template without the resources that the stand-in does not know.

    Outputs that speak of them go too, as does waiting for them.

    Args:
        template: in the long form, as `read_template` gives it.
        not_known: types of resources.

    Raises:
        StillNeededError: another resource cannot do without one of them.
    """
    resources: Mapping[str, Any] = template["Resources"]
    gone = {name for name, resource in resources.items() if resource["Type"] in not_known}
    left = {
        name: _not_waiting(resource, gone)
        for name, resource in resources.items()
        if name not in gone
    }
    for name, resource in left.items():
        if needed := sorted(_named(resource) & gone):
            raise StillNeededError(f"{name} needs {needed[0]}, which the stand-in does not know.")
    outputs = template.get("Outputs", {})
    kept = {name: output for name, output in outputs.items() if not _named(output) & gone}
    return {**template, "Resources": left, **({"Outputs": kept} if outputs else {})}


def _not_waiting(resource: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    waits = resource.get("DependsOn", [])
    waits = [waits] if isinstance(waits, str) else waits
    rest = {key: value for key, value in resource.items() if key != "DependsOn"}
    left = [name for name in waits if name not in gone]
    return rest | {"DependsOn": left} if left else rest


def _named(value: object) -> set[str]:
    """Return the names that Ref, Fn::GetAtt and Fn::Sub speak of anywhere in a value."""
    if isinstance(value, list):
        return set().union(*map(_named, value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*map(_named, value.values()))
    match value:
        case {"Ref": str(name)}:
            found.add(name)
        case {"Fn::GetAtt": str(path)}:
            found.add(path.split(".")[0])
        case {"Fn::GetAtt": [str(name), *_]}:
            found.add(name)
        case {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), *_]}:
            found |= {part.split("}")[0].split(".")[0] for part in text.split("${")[1:]}
    return found


def _tagged(loader: Any, tag: str, node: yaml.Node) -> dict[str, Any]:  # noqa: ANN401 -- untyped
    """Return `!Ref x` as {"Ref": "x"}, and `!GetAtt a.b` as {"Fn::GetAtt": ["a", "b"]}."""
    name = tag if tag in WITHOUT_PREFIX else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader: Any = type("_Loader", (yaml.SafeLoader,), {})
_Loader.add_multi_constructor("!", _tagged)

"""Reads CloudFormation's YAML, whose short tags plain YAML does not know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # MkDocs brings it, without types

INFRA = Path(__file__).parents[2] / "infra"


def _tagged(loader: Any, tag: str, node: Any) -> dict[str, Any]:
    """Return `!Ref x` as {"Ref": "x"}, and `!GetAtt a.b` as {"GetAtt": "a.b"}."""
    if isinstance(node, yaml.SequenceNode):
        return {tag: loader.construct_sequence(node, deep=True)}
    if isinstance(node, yaml.MappingNode):
        return {tag: loader.construct_mapping(node, deep=True)}
    return {tag: loader.construct_scalar(node)}


TemplateLoader: Any = type("TemplateLoader", (yaml.SafeLoader,), {})
TemplateLoader.add_multi_constructor("!", _tagged)


def read_template(name: str) -> dict[str, Any]:
    """Return a template of infra/."""
    text = (INFRA / name).read_text(encoding="utf-8")
    # A subclass of the safe loader: it makes no objects but texts, numbers, lists and mappings.
    template: dict[str, Any] = yaml.load(text, Loader=TemplateLoader)  # noqa: S506
    return template

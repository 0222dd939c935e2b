"""A stage's template as CloudFormation would read it: its resources, and what they come to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ACCOUNT = "123456789012"
PSEUDO = {"AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::Region": "eu-west-2"}
# What a deployment says; whatever has a default keeps it.
GIVEN = {
    "Origin": "https://desk.hub-staff.example",
    "PublicOrigin": "https://your-information.example",
    "Version": "0123456789ab",
    "CodeBucket": "hub-packages-123456789012-eu-west-2",
    "CodeKey": "releases/0123456789ab/stage.zip",
    "LogsKeyArn": f"arn:aws:kms:eu-west-2:{ACCOUNT}:key/11111111-1111-4111-8111-111111111111",
    "AlarmTopicArn": f"arn:aws:sns:eu-west-2:{ACCOUNT}:hub-alarms",
    "SecretsReadOn": "2026-11-26",
    "OidcIssuer": "https://sign-in.example/tenant/v2.0",
    "OidcClientId": "hub-desk",
    "OidcRoleNames": "hub.officer=officer,hub.witness-care=witness_care",
}
FUNCTION = "AWS::Lambda::Function"
ROLE = "AWS::IAM::Role"


@dataclass(frozen=True)
class Template:
    """A template that was written out."""

    whole: Mapping[str, Any]

    @property
    def resources(self) -> Mapping[str, Any]:
        """Return the resources by their names."""
        resources: Mapping[str, Any] = self.whole["Resources"]
        return resources

    def of(self, kind: str) -> Mapping[str, Any]:
        """Return the properties of all resources of a type, by their names."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def one(self, kind: str) -> Mapping[str, Any]:
        """Return the properties of the only resource of a type."""
        (properties,) = self.of(kind).values()
        found: Mapping[str, Any] = properties
        return found

    def parameters(self, **changes: str) -> dict[str, Any]:
        """Return what each parameter is: what a deployment says, or its default."""
        given = {**GIVEN, **changes}
        return {
            name: given[name] if name in given else one["Default"]
            for name, one in self.whole["Parameters"].items()
        }

    def value(self, part: Any, **changes: str) -> Any:
        """Return what a part comes to, with these parameters; another resource is its name."""
        return _resolved(part, {**PSEUDO, **self.parameters(**changes)}, self.whole)

    def environment(self, function: str, **changes: str) -> dict[str, str]:
        """Return the environment of a function; what has no value is not there."""
        variables = self.of(FUNCTION)[function]["Environment"]["Variables"]
        found = {name: self.value(value, **changes) for name, value in variables.items()}
        return {name: value for name, value in found.items() if value is not None}


def every_text(value: Any) -> Iterator[str]:
    """Give every text in a part, names of properties as well."""
    if isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from every_text(one)
    elif isinstance(value, list):
        for one in value:
            yield from every_text(one)
    elif isinstance(value, str):
        yield value


def _resolved(part: Any, known: Mapping[str, Any], whole: Mapping[str, Any]) -> Any:
    if isinstance(part, list):
        return [_resolved(value, known, whole) for value in part]
    if not isinstance(part, dict):
        return part
    if len(part) == 1:
        (name, given) = next(iter(part.items()))
        if name == "Ref" or name.startswith("Fn::"):
            return _called(name, given, known, whole)
    return {key: _resolved(value, known, whole) for key, value in part.items()}


def _called(name: str, given: Any, known: Mapping[str, Any], whole: Mapping[str, Any]) -> Any:
    match name, given:
        case "Ref", str(of):
            found = None if of == "AWS::NoValue" else known.get(of, of)
        case "Fn::GetAtt", [str(of), str(attribute)]:
            found = f"{of}.{attribute}"
        case "Fn::Sub", [str(text), dict(more)]:
            own = {key: _resolved(value, known, whole) for key, value in more.items()}
            found = _filled(text, {**known, **own})
        case "Fn::Sub", str(text):
            found = _filled(text, known)
        case "Fn::Join", [str(between), list(texts)]:
            found = between.join(_resolved(texts, known, whole))
        case "Fn::FindInMap", [str(of), str(first), str(second)]:
            found = whole["Mappings"][of][first][second]
        case "Fn::If", [str(condition), yes, no]:
            holds = _holds(whole["Conditions"][condition], known)
            found = _resolved(yes if holds else no, known, whole)
        case _:
            raise NotImplementedError(name)
    return found


def _filled(text: str, known: Mapping[str, Any]) -> str:
    return re.sub(r"\$\{([^}]+)\}", lambda found: str(known.get(found[1], found[1])), text)


def _holds(condition: Any, known: Mapping[str, Any]) -> bool:
    match condition:
        case {"Fn::Not": [inner]}:
            return not _holds(inner, known)
        case {"Fn::Equals": [one, other]}:
            return bool(_resolved(one, known, {}) == _resolved(other, known, {}))
    raise NotImplementedError(condition)

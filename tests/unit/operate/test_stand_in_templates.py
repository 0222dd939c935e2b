"""A template loses what the stand-in does not know, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from operate.aws.stand_in_templates import StillNeededError, for_stand_in, read_template

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
Parameters:
  Most: { Type: Number, Default: 3 }
Resources:
  Plan:
    Type: Known::Plan
    DependsOn: [Odd, Key]
    Properties:
      Key: !GetAtt Key.Arn
      Name: !Sub "${AWS::Region}-plan"
      Parts: !Join [",", [!Ref Most, b]]
      Even: !If { Fn::Not: [1] }
  Key:
    Type: Known::Key
    DependsOn: Odd
    Properties: { Version: "2012-10-17" }
  Odd:
    Type: Odd::Thing
    Properties: { Plan: !Ref Plan }
Outputs:
  Plan: { Value: !Ref Plan }
  OddByRef: { Value: !Ref Odd }
  OddByPart: { Value: !GetAtt Odd.Arn }
  OddInText: { Value: !Sub "a ${Odd.Arn}" }
"""


@pytest.fixture
def template(tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "template.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return read_template(file)


def test_short_tags_become_functions(template: dict[str, Any]) -> None:
    assert template["Resources"]["Plan"]["Properties"] == {
        "Key": {"Fn::GetAtt": ["Key", "Arn"]},
        "Name": {"Fn::Sub": "${AWS::Region}-plan"},
        "Parts": {"Fn::Join": [",", [{"Ref": "Most"}, "b"]]},
        "Even": {"Fn::If": {"Fn::Not": [1]}},
    }


def test_what_is_not_known_goes_with_its_outputs_and_nobody_waits_for_it(
    template: dict[str, Any],
) -> None:
    left = for_stand_in(template, {"Odd::Thing"})
    assert set(left["Resources"]) == {"Plan", "Key"}
    assert left["Resources"]["Plan"]["DependsOn"] == ["Key"]
    assert "DependsOn" not in left["Resources"]["Key"]
    assert set(left["Outputs"]) == {"Plan"}
    assert left["Parameters"] == template["Parameters"]
    assert left["Resources"]["Plan"]["Properties"] == template["Resources"]["Plan"]["Properties"]


def test_the_template_itself_stays_whole(template: dict[str, Any]) -> None:
    for_stand_in(template, {"Odd::Thing"})
    assert set(template["Resources"]) == {"Plan", "Key", "Odd"}
    assert template["Resources"]["Key"]["DependsOn"] == "Odd"


def test_what_all_is_known_stays_as_it_is(template: dict[str, Any]) -> None:
    left = for_stand_in(template, ())
    assert left["Outputs"] == template["Outputs"]
    assert set(left["Resources"]) == set(template["Resources"])


def test_what_something_else_needs_cannot_be_left_out(template: dict[str, Any]) -> None:
    with pytest.raises(StillNeededError, match="Plan needs Key"):
        for_stand_in(template, {"Known::Key"})

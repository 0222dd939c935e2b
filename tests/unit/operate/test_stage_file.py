"""What a deployment is told: a fault in its file is one sentence that says what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from operate.aws.stage import StageError, read_stage

STAGES = Path(__file__).parents[3] / "infra" / "stages"
EXAMPLE = (STAGES / "example.toml").read_text(encoding="utf-8")

WRONG = [
    ('account = "123456789012"', "account = 123456789012", "account must be", "12 digits"),
    ('account = "123456789012"', 'account = "1234"', "account must be", "12 digits"),
    ('region = "eu-west-2"', 'region = "eu-west-1"', "region must be", "eu-west-2"),
    ('alarm_email = "hub-alarms@force.example"', "", "alarm_email must be", "e-mail"),
    (
        'host = "hub-desk.example"',
        'host = "https://hub-desk.example"',
        "staff.host must be",
        "host",
    ),
    (
        'host = "hub-desk.example"',
        'host = "desk.your-information.example"',
        "staff.host must be",
        "another domain",
    ),
    (
        "acm:us-east-1:123456789012:certificate/1",
        "acm:eu-west-2:123456789012:certificate/1",
        "public.certificate must be",
        "us-east-1",
    ),
    ('"192.0.2.0/24", ', '"192.0.2.7/24", ', "staff.addresses must be", "networks"),
    ('"192.0.2.0/24", ', '"0.0.0.0/0", ', "staff.addresses must be", "whole internet"),
    ('["192.0.2.0/24", "2001:db8:1::/48"]', "[]", "staff.addresses must be", "whole internet"),
    ('issuer = "https://', 'issuer = "http://', "sign_in.issuer must be", "https"),
    ("require_auth_time = true", 'require_auth_time = "yes"', "require_auth_time must be", "true"),
    ('how = "off"', 'how = "console"', "sending.how must be", '"notify"'),
    ('how = "off"', 'how = "notify"', "sending.templates must be", "ids"),
]


def test_the_example_can_be_read_and_is_of_nobodys_account() -> None:
    stage = read_stage("example", STAGES)
    assert stage.account == "123456789012"
    assert stage.public.origin == "https://your-information.example"
    assert stage.staff.origin == "https://hub-desk.example"
    assert set(stage.sign_in.role_names.values()) >= {"officer", "supervisor", "partner"}


@pytest.mark.parametrize(("right", "wrong", "key", "what"), WRONG)
def test_what_is_wrong_is_said_with_its_key_and_what_to_write(
    tmp_path: Path, right: str, wrong: str, key: str, what: str
) -> None:
    assert right in EXAMPLE
    (tmp_path / "trial.toml").write_text(EXAMPLE.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(StageError) as seen:
        read_stage("trial", tmp_path)
    said = str(seen.value)
    assert said.startswith("infra/stages/trial.toml: ")
    assert key in said
    assert what in said
    assert said.count(". ") == 0


def test_a_restored_table_stands_in_for_the_one_it_was_made_from(tmp_path: Path) -> None:
    tables = '[tables]\n"hub-threads" = "hub-threads-20261126t0930"\n'
    (tmp_path / "trial.toml").write_text(EXAMPLE + tables, encoding="utf-8")
    stage = read_stage("trial", tmp_path)
    assert stage.tables == {"hub-threads": "hub-threads-20261126t0930"}
    wrong = tables.replace('= "hub-threads-', '= "hub-cases-')
    (tmp_path / "trial.toml").write_text(EXAMPLE + wrong, encoding="utf-8")
    with pytest.raises(StageError, match=r"tables\.hub-threads must be"):
        read_stage("trial", tmp_path)


@pytest.mark.parametrize(
    "peppers",
    [
        '["alias/hub-pepper", "alias/hub-pepper"]',
        '["alias/hub-pepper-4", "alias/hub-pepper-3", "alias/hub-pepper-2", "alias/hub-pepper"]',
        '["alias/other"]',
        "[]",
        '"alias/hub-pepper"',
    ],
)
def test_peppers_that_no_stage_would_start_with_are_refused(tmp_path: Path, peppers: str) -> None:
    (tmp_path / "trial.toml").write_text(f"peppers = {peppers}\n{EXAMPLE}", encoding="utf-8")
    with pytest.raises(StageError, match="peppers must be a list"):
        read_stage("trial", tmp_path)


@pytest.mark.parametrize("name", ["", "nowhere", "../example", "Example"])
def test_a_deployment_that_has_no_file_is_told_how_to_make_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(StageError, match=re.escape("Copy infra/stages/example.toml")):
        read_stage(name, tmp_path)


def test_a_file_that_is_no_toml_says_where(tmp_path: Path) -> None:
    (tmp_path / "trial.toml").write_text("account = \n", encoding="utf-8")
    with pytest.raises(StageError, match="line 1"):
        read_stage("trial", tmp_path)


def test_hosts_under_one_police_domain_are_different_registrations(tmp_path: Path) -> None:
    text = EXAMPLE.replace("your-information.example", "hub.one.police.uk", 1)
    text = text.replace('host = "hub-desk.example"', 'host = "desk.two.police.uk"')
    (tmp_path / "trial.toml").write_text(text, encoding="utf-8")
    assert read_stage("trial", tmp_path).staff.name == "desk.two.police.uk"

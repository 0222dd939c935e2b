"""The two stages as Chalice reads them from .chalice/config.json."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from chalice.config import Config

from chalicelib.rules import load_rules
from chalicelib.settings import PUBLIC, STAFF
from operate.cloud import PEPPER_ALIAS, TABLE_NAMES
from tests.infra.templates import INFRA, read_template

API = Path(__file__).parents[2] / "api"
CONFIG = json.loads((API / ".chalice" / "config.json").read_text(encoding="utf-8"))
STAGES = (PUBLIC, STAFF)


def _stage(name: str) -> Config:
    return Config(chalice_stage=name, config_from_disk=CONFIG)


def test_there_are_two_stages() -> None:
    assert set(CONFIG["stages"]) == set(STAGES)


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_leaves_nothing_to_defaults_that_do_not_suit(name: str) -> None:
    stage = _stage(name)
    assert stage.lambda_architecture == "arm64"
    assert stage.lambda_memory_size == 1024
    assert stage.api_gateway_endpoint_type == "REGIONAL"
    assert stage.autogen_policy is False


@pytest.mark.parametrize("name", STAGES)
def test_a_function_lives_longer_than_the_request_it_answers(name: str) -> None:
    assert _stage(name).lambda_timeout == 15 > load_rules().limits.request_seconds


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_has_the_policy_of_its_own_name(name: str) -> None:
    path = API / ".chalice" / _stage(name).iam_policy_file
    assert path.resolve() == INFRA / "policies" / f"{name}.json"


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_uses_what_the_data_stack_makes(name: str) -> None:
    given = _stage(name).environment_variables
    for key, table in TABLE_NAMES.items():
        assert given[f"HUB_TABLE_{key.upper()}"] == table
    resources = read_template("data.yaml")["Resources"].values()
    named = {r["Properties"].get("AliasName") or r["Properties"].get("Name") for r in resources}
    assert given["HUB_PEPPER_KEY_ID"] == PEPPER_ALIAS
    assert {PEPPER_ALIAS, given["HUB_SECRET_ID"]} <= named


def test_the_two_stages_are_on_different_registrable_domains() -> None:
    public, staff = (_stage(name).environment_variables["HUB_ORIGIN"] for name in STAGES)
    assert public.startswith("https://")
    assert staff.startswith("https://")
    assert public.split(".")[-2:] != staff.split(".")[-2:]


def test_every_role_of_the_rules_can_sign_in() -> None:
    names = _stage(STAFF).environment_variables["HUB_OIDC_ROLE_NAMES"]
    roles = {pair.split("=")[1] for pair in names.split(",")}
    assert roles == set(load_rules().roles)


def test_a_fresh_sign_in_is_proved_by_its_time_where_it_matters() -> None:
    assert _stage(STAFF).environment_variables["HUB_OIDC_REQUIRE_AUTH_TIME"] == "yes"


def _jobs(audience: str) -> list[str]:
    """Return the names of the scheduled jobs that a stage declares when it is packaged."""
    look = "import app; print(*(job.name for job in app.app.event_sources))"
    seen = subprocess.run(
        [sys.executable, "-c", look],
        cwd=API,
        env={**os.environ, "HUB_AUDIENCE": audience},
        capture_output=True,
        text=True,
        check=True,
    )
    return seen.stdout.split()


def test_jobs_belong_to_the_staff_stage_and_each_has_its_own_role() -> None:
    assert _jobs(PUBLIC) == []
    assert _jobs(STAFF) == list(CONFIG["stages"][STAFF]["lambda_functions"])
    for name, own in CONFIG["stages"][STAFF]["lambda_functions"].items():
        path = (API / ".chalice" / own["iam_policy_file"]).resolve()
        assert path == INFRA / "policies" / f"{name.replace('_', '-')}.json"
        assert own["lambda_timeout"] > CONFIG["lambda_timeout"]

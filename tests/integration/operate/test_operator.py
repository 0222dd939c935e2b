"""The operator's commands on an account: somebody is made known to the desk, a case file loaded."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from chalicelib.domain.cases import OfficerId
from chalicelib.domain.errors import KeysUnavailableError, StoreUnavailableError
from chalicelib.stores.tables import TABLES, AuditTable
from operate.__main__ import app
from operate.aws import operator
from operate.aws.cloud import Cloud
from operate.aws.operator import OperatorError, settings_of, working_in
from operate.aws.stage import REGION, StageFile, read_stage
from operate.cloud import TABLE_NAMES
from operate.hub_home import ROOT
from operate.stand_in import ACCOUNT
from tests.builders import next_reference
from tests.integration.import_steps import read_case
from tests.unit.domain.import_rows import row, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chalicelib.domain.staff import Force
    from operate.stand_in import StandIn
    from tests.integration.conftest import World

STAGES = ROOT / "infra" / "stages"
EXAMPLE = read_stage("example", STAGES)
STAGE = replace(EXAMPLE, name="ours", account="000000000000")
# A secret's name, and what `make deploy` puts into it.
SECRET = "hub/keys/staff"
KEYS = ("csrf_key", "client_address_key", "origin_secret")


@pytest.fixture(autouse=True)
def account(stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The commands find the stand-in's account where they look for AWS, and its stage file."""
    for name, value in {**ACCOUNT, "AWS_ENDPOINT_URL": stand_in.endpoint, "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    file = (STAGES / "example.toml").read_text(encoding="utf-8")
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "example.toml").write_text(file, encoding="utf-8")
    ours = file.replace(EXAMPLE.account, STAGE.account)
    (tmp_path / "stages" / "ours.toml").write_text(ours, encoding="utf-8")
    monkeypatch.setattr(operator, "STAGES", tmp_path / "stages")
    bound = {table: table._get_connection() for table in TABLES.values()}  # noqa: SLF001 -- so bound
    yield
    # The very connection that all other tests' stores write by and are watched at.
    for table, connection in bound.items():
        table.Meta.table_name = connection.table_name
        table.Meta.region, table.Meta.host = REGION, stand_in.endpoint
        table._connection = connection  # noqa: SLF001 -- the same


@pytest.fixture
def cloud(stand_in: StandIn) -> Cloud:
    return Cloud(stand_in.endpoint)


@pytest.fixture
def keys(cloud: Cloud) -> Iterator[dict[str, str]]:
    """The secret as a deployment leaves it; a case has the same key here as in the hub's world."""
    manager = cloud.client("secretsmanager")
    text = manager.get_secret_value(SecretId="hub/keys")["SecretString"]
    shared = {"reference_key": json.loads(text)["reference_key"]}
    parts = {**shared, **{name: secrets.token_hex(32) for name in KEYS}}
    manager.create_secret(Name=SECRET, SecretString=json.dumps(parts))
    yield parts
    manager.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words)])


def administrator(account: str, name: str = "Ash Example", number: str = "7001") -> Result:
    return run("administrator", "--", "ours", account, name, number)


def force(world: World) -> Force:
    return world.deps.cases.read_force()


def case_file(folder: Path, **cells: str) -> Path:
    path = folder / "cases.csv"
    path.write_text(text_of([row(**cells)]), encoding="utf-8")
    return path


# --- the first administrator


@pytest.mark.usefixtures("keys")
def test_the_first_administrator_is_in_the_staff_list_with_a_line_in_the_audit(
    world: World,
) -> None:
    # The ids that a provider makes may begin like an option.
    done = administrator("-first", "  Ash   Example ")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "Ash Example is in the staff list and signs in at https://hub-desk.example, "
        "with the role that the provider gives them.\n"
    )
    member = force(world).member("-first")
    assert member is not None
    assert (member.name, member.number, member.active) == ("Ash Example", "7001", True)
    assert force(world).team_name(member.team) == "Administration"
    # What they may do comes from the provider and is not known before they came.
    assert OfficerId("-first") not in force(world).roles
    lines = list(AuditTable.query("staff -first"))
    assert [(line.who, line.what) for line in lines] == [("operator", "added to the staff list")]


@pytest.mark.usefixtures("keys")
def test_a_second_administrator_leaves_the_team_under_the_name_it_has(world: World) -> None:
    administrator("one-of-two")
    team = replace(operator.ADMINISTRATION, name="Keepers of the list")
    world.deps.ledger.write([world.deps.cases.keep_team(team)])
    assert administrator("two-of-two").exit_code == 0
    assert force(world).team_name(team.id) == "Keepers of the list"


@pytest.mark.usefixtures("keys")
def test_somebody_who_is_known_is_refused_and_stays_as_they_are(world: World) -> None:
    administrator("known")
    member = force(world).member("known")
    assert member
    again = administrator("known", "Somebody Else", "1")
    assert (again.exit_code, again.stdout) == (2, "")
    assert again.stderr == (
        "Ash Example is in the staff list with this account already and can sign in; "
        "an administrator changes the entry at https://hub-desk.example/admin.\n"
    )
    assert force(world).member("known") == member

    gone = replace(member, active=False)
    world.deps.ledger.write([world.deps.cases.keep_member(gone)])
    assert administrator("known").stderr == (
        "Ash Example was taken off the staff list; "
        "an administrator puts them back at https://hub-desk.example/admin.\n"
    )
    assert force(world).member("known") == gone
    assert len(list(AuditTable.query("staff known"))) == 1


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("two words", "Ash Example", "7001"), "ID: Type the account as the sign-in knows it"),
        (("typed", " ", "7001"), "NAME: Type the name"),
        (("typed", "Ash Example", "7" * 21), "NUMBER: Type the number, up to 20 characters."),
    ],
)
def test_what_does_not_do_is_said_by_the_name_under_which_it_was_typed(
    world: World, typed: tuple[str, str, str], said: str
) -> None:
    before = force(world)
    refused = administrator(*typed)
    assert refused.exit_code == 2
    assert refused.stderr.startswith(said)
    assert refused.stderr.count("\n") == 1
    assert force(world) == before


# --- a case file


@pytest.mark.usefixtures("keys")
def test_a_case_file_is_loaded_into_the_account_with_the_usual_report(
    world: World, tmp_path: Path
) -> None:
    reference, report = next_reference(), tmp_path / "report.json"
    path = case_file(tmp_path, reference=reference)
    first = run("import", path, "--stage", "ours", "--report", report)
    assert (first.exit_code, first.stderr) == (0, "")
    assert "1 rows" in first.stdout
    counts = {"new": 1, "changed": 0, "same": 0, "kept": 0, "left_out": 0, "rejected": []}
    assert json.loads(report.read_text(encoding="utf-8")) == counts
    # Under the key that the hub itself makes of the reference.
    assert read_case(world, reference).officer.id == "pc-example"

    again = run("import", path, "--stage", "ours", "--report", report)
    assert again.exit_code == 0
    assert json.loads(report.read_text(encoding="utf-8")) == {**counts, "new": 0, "same": 1}


@pytest.mark.usefixtures("keys")
def test_a_file_that_is_no_case_file_is_said_as_on_one_machine(tmp_path: Path) -> None:
    missing = run("import", tmp_path / "none.csv", "--stage", "ours")
    assert (missing.exit_code, missing.stderr) == (2, "There is no such file.\n")


@pytest.mark.usefixtures("keys")
def test_a_report_without_a_place_is_refused_before_anything_is_loaded(
    world: World, tmp_path: Path
) -> None:
    reference = next_reference()
    path = case_file(tmp_path, reference=reference)
    refused = run("import", path, "--stage", "ours", "--report", tmp_path / "none" / "report.json")
    assert refused.exit_code == 2
    assert "Nothing was loaded." in refused.stderr
    assert world.deps.cases.read(world.deps.keys.case_key(reference)) is None


@pytest.mark.usefixtures("keys")
def test_a_form_that_makes_people_up_never_reaches_an_account(world: World, tmp_path: Path) -> None:
    reference = next_reference()
    path = case_file(tmp_path, reference=reference)
    refused = run("import", path, "--stage", "ours", "--format", "police-uk")
    assert refused.exit_code == 2
    assert "FORMAT=police-uk invents officers and victims" in refused.stderr
    assert world.deps.cases.read(world.deps.keys.case_key(reference)) is None


# --- where nothing is done


def commands(stage: str, folder: Path) -> list[Result]:
    return [
        run("administrator", stage, "refused", "Ash Example", "7001"),
        run("import", case_file(folder, reference=next_reference()), "--stage", stage),
    ]


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("nowhere", "There is no deployment called 'nowhere'."),
        ("example", "The credentials belong to the account 000000000000, and infra/stages/example"),
        (
            "ours",
            (
                "There is no secret hub/keys/staff in the account 000000000000, or nothing in "
                "it: run `make deploy STAGE=ours` first."
            ),
        ),
    ],
)
def test_another_deployment_another_account_and_an_empty_one_are_refused(
    world: World, tmp_path: Path, stage: str, said: str
) -> None:
    for refused in commands(stage, tmp_path):
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert refused.stderr.startswith(said)
        assert refused.stderr.count("\n") == 1
    assert force(world).member("refused") is None


def test_a_secret_that_cannot_be_used_names_the_part(cloud: Cloud, keys: dict[str, str]) -> None:
    short = json.dumps({**keys, "csrf_key": "00"})
    cloud.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=short)
    refused = administrator("refused")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("The secret hub/keys/staff cannot be used: csrf_key is")


@pytest.mark.usefixtures("keys")
def test_a_table_that_is_not_there_is_one_sentence_and_not_a_trace(
    cloud: Cloud,
) -> None:
    gone = replace(STAGE, tables={"hub-cases": "hub-cases-20261126t0930"})
    with (
        pytest.raises(OperatorError, match=r"be done \(ResourceNotFoundException\): look at your"),
        working_in(gone, cloud) as deps,
    ):
        deps.cases.read_force()


@pytest.mark.usefixtures("keys")
def test_what_aws_refuses_half_way_is_one_sentence_without_its_words(cloud: Cloud) -> None:
    answer = {"Error": {"Code": "ExpiredTokenException", "Message": "said at length"}}
    with pytest.raises(OperatorError) as seen, working_in(STAGE, cloud):
        raise ClientError(answer, "TransactWriteItems")
    assert "(ExpiredTokenException)" in str(seen.value)
    assert "at length" not in str(seen.value)


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("error", [StoreUnavailableError, KeysUnavailableError])
def test_what_did_not_answer_may_be_asked_again(cloud: Cloud, error: type[Exception]) -> None:
    with (
        pytest.raises(OperatorError, match="run the same again, what is in stays as it is"),
        working_in(STAGE, cloud),
    ):
        raise error


# --- what the stage file says


def test_restored_tables_and_every_pepper_of_the_stage_file_are_used(cloud: Cloud) -> None:
    assert settings_of(STAGE, cloud).tables == TABLE_NAMES
    changed = replace(
        STAGE,
        tables={"hub-threads": "hub-threads-20261126t0930"},
        peppers=("alias/hub-pepper-2", "alias/hub-pepper"),
    )
    settings = settings_of(changed, cloud)
    assert settings.tables == {**TABLE_NAMES, "threads": "hub-threads-20261126t0930"}
    assert settings.pepper_key_id == "alias/hub-pepper-2"
    assert settings.earlier_pepper_key_ids == ("alias/hub-pepper",)
    assert settings_of(STAGE, Cloud()).aws_endpoint is None


@pytest.mark.parametrize("peppers", [("alias/hub-pepper",) * 2, tuple("abcd")])
def test_peppers_that_cannot_be_used_together_are_refused(
    cloud: Cloud, peppers: tuple[str, ...]
) -> None:
    wrong: StageFile = replace(STAGE, peppers=peppers)
    with pytest.raises(OperatorError, match=r"ours\.toml: peppers must be three different"):
        settings_of(wrong, cloud)


# --- what make asks for


def make(*words: str, **left_in_the_shell: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("STAGE", "PART", "ID", "NAME", "NUMBER", "MAKEFLAGS", "MAKEOVERRIDES")
    }
    return subprocess.run(
        ["make", "--no-print-directory", *words],  # noqa: S607 -- whichever make is there
        cwd=ROOT,
        env={**clean, **left_in_the_shell},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_secret_without_a_name_is_asked_for() -> None:
    asked = make("need-part", "STAGE=ours")
    assert asked.returncode == 2
    assert asked.stderr.startswith("Say which secret: PART=oidc_client_secret\n")
    assert make("need-part", "STAGE=ours", "PART=notify_api_key").returncode == 0
    assert " need-part" in make("--print-data-base", "--question", "secret").stdout


@pytest.mark.parametrize("missing", ["ID", "NAME", "NUMBER"])
def test_who_the_administrator_is_has_to_be_typed_and_is_not_taken_from_the_shell(
    missing: str,
) -> None:
    who = {"ID": "an-account", "NAME": "Ash Example", "NUMBER": "7001"}
    typed = [f"{name}={value}" for name, value in who.items()]
    assert make("need-who", *typed).returncode == 0
    # An account may begin like an option.
    done = make("--dry-run", "administrator", "STAGE=ours", *typed).stdout
    assert 'operate administrator -- "$STAGE" "$ID" "$NAME" "$NUMBER"' in done
    typed = [word for word in typed if not word.startswith(missing)]
    asked = make("need-who", *typed, **{missing: "a-machine"})
    assert asked.returncode == 2
    assert asked.stderr.startswith("Say who: ID=")


def test_a_stage_left_in_the_shell_does_not_send_a_file_to_an_account() -> None:
    local = make("--dry-run", "import", "FILE=cases.csv", STAGE="ours")
    assert "operate import" in local.stdout
    assert "--stage" not in local.stdout
    away = make("--dry-run", "import", "FILE=cases.csv", "STAGE=ours")
    assert '--stage "$STAGE"' in away.stdout

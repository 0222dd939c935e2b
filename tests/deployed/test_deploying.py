"""Deploying again, going back, and renewing what the CDN shows; a victim notices none of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import boto3
import pytest

from chalicelib.settings import PUBLIC
from operate.aws.deploy import NothingEarlierError
from operate.aws.keys import KeysError, bring, read_keys, renew_origin_secret
from operate.aws.release import MANIFEST, SITE, SITE_FILES, Release, ReleaseError, digest
from operate.aws.shelf import Shelf
from operate.aws.stacks import StackError
from operate.aws.stage import StageError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deployed.conftest import Deployed

NEW_PAGE = "a-new-page/index.html"


def _shelf(hub: Deployed) -> Shelf:
    return Shelf(hub.cloud.client("s3"), hub.outputs("hub-data")["PackagesBucketName"])


def test_a_second_deployment_changes_nothing(hub: Deployed) -> None:
    before = _shelf(hub).history()
    hub.said.clear()
    assert hub.deployment.deploy(hub.folder) == hub.release.id
    assert hub.said == [
        "hub-data: nothing to change",
        "hub-public: nothing to change",
        "hub-staff: nothing to change",
        "hub-site: nothing to change",
        "site: 0 files changed",
    ]
    assert _shelf(hub).history() == before == [hub.release.id]


def test_going_back_where_nothing_was_before_says_so(hub: Deployed) -> None:
    with pytest.raises(NothingEarlierError, match="No earlier release"):
        hub.deployment.roll_back()


def test_a_new_release_comes_and_going_back_brings_the_old_one(
    hub: Deployed, tmp_path: Path
) -> None:
    newer = _newer(hub, tmp_path / "newer")
    victim = hub.victim(hub.case())
    assert hub.deployment.deploy(tmp_path / "newer") == newer.id
    assert _running(hub) == newer.id
    assert hub.browser().get("/a-new-page/").status == 200
    assert victim.get("/case").status == 200

    assert hub.deployment.roll_back() == hub.release.id
    assert _running(hub) == hub.release.id
    code = hub.cloud.client("lambda").get_function(FunctionName="hub-public-web")
    assert code["Configuration"]["CodeSize"] == (hub.folder / "public.zip").stat().st_size
    gone = hub.edges[PUBLIC].ask("GET", "/a-new-page/", {})
    assert gone.status == 403  # so the stand-in's S3; AWS's says 404, as tests/infra holds
    assert victim.get("/case").status == 200
    assert _shelf(hub).history() == [hub.release.id]


def test_going_back_leaves_behind_what_broke_off_and_then_goes_further_back(
    hub: Deployed, tmp_path: Path
) -> None:
    second = _newer(hub, tmp_path / "second")
    hub.deployment.deploy(tmp_path / "second")
    taken = {"BucketName": hub.outputs("hub-data")["PackagesBucketName"]}
    bucket = {"Taken": {"Type": "AWS::S3::Bucket", "Properties": taken}}
    broken = _newer(hub, tmp_path / "broken", more="broken", resources=bucket)
    # It breaks in the last stack: both stages run it already.
    with pytest.raises(StackError, match="hub-site did not come about"):
        hub.deployment.deploy(tmp_path / "broken")
    assert _running(hub) == broken.id
    assert _shelf(hub).history() == [hub.release.id, second.id, broken.id]
    assert hub.deployment.roll_back() == second.id
    assert _running(hub) == second.id
    assert hub.deployment.roll_back() == hub.release.id
    assert _running(hub) == hub.release.id
    with pytest.raises(NothingEarlierError):
        hub.deployment.roll_back()


def test_a_release_that_was_changed_in_its_bucket_is_not_deployed(
    hub: Deployed, tmp_path: Path
) -> None:
    newer = _newer(hub, tmp_path / "newer", more="changed")
    hub.deployment.deploy(tmp_path / "newer")
    shelf = _shelf(hub)
    key, kept = hub.release.key("public.json"), shelf.read(hub.release, "public.json")
    shelf.s3.put_object(Bucket=shelf.bucket, Key=key, Body=kept + b" ")
    with pytest.raises(ReleaseError, match="is not as it was packaged"):
        hub.deployment.roll_back()
    assert _running(hub) == newer.id
    shelf.s3.put_object(Bucket=shelf.bucket, Key=key, Body=kept)
    assert hub.deployment.roll_back() == hub.release.id


def test_going_back_to_what_asks_for_more_changes_nothing(hub: Deployed, tmp_path: Path) -> None:
    newer = _newer(hub, tmp_path / "newer", more="asks")
    hub.deployment.deploy(tmp_path / "newer")
    unsaid = replace(hub.deployment.stage, alarm_email="nobody")
    with pytest.raises(StageError, match="refuses AlarmEmail"):
        replace(hub.deployment, stage=unsaid).roll_back()
    assert _running(hub) == newer.id
    assert hub.deployment.roll_back() == hub.release.id


def test_a_file_that_new_pages_ask_for_is_there_before_them(hub: Deployed, tmp_path: Path) -> None:
    _newer(hub, tmp_path / "newer", more="order")
    order: list[str] = []
    asked = ("s3.PutObject", "s3.DeleteObjects", "cloudformation.UpdateStack")

    def note(params: dict[str, str], model: Any, **_: Any) -> None:
        order.append(f"{model.name} {params.get('Key') or params.get('StackName', '')}")

    events = boto3.DEFAULT_SESSION.events
    for each in asked:
        events.register(f"before-parameter-build.{each}", note)
    # One of its own: its clients are made from here on, and hear of it.
    deployment = replace(hub.deployment)
    try:
        deployment.deploy(tmp_path / "newer")
        stages = order.index("UpdateStack hub-public")
        assert order.index(f"PutObject {NEW_PAGE}") < stages
        order.clear()
        deployment.roll_back()
        assert order.index("UpdateStack hub-public") < order.index("DeleteObjects ")
    finally:
        for each in asked:
            events.unregister(f"before-parameter-build.{each}", note)


def _running(hub: Deployed) -> str:
    found = hub.cloud.client("lambda").get_function_configuration(FunctionName="hub-public-web")
    return str(found["Environment"]["Variables"]["HUB_VERSION"])


def _newer(
    hub: Deployed, folder: Path, *, more: str = "newer", resources: dict[str, Any] | None = None
) -> Release:
    """Return a release that has one file more in its code and one page more in its site.

    Args:
        hub: whose own release it is made from.
        folder: where it is put.
        more: the name of the file.
        resources: what its site's template has besides.
    """
    shutil.copytree(hub.folder, folder)
    page = (folder.parent / f"{more}.html").resolve()
    with ZipFile(folder / SITE_FILES) as packed:
        page.write_bytes(packed.read("privacy/index.html"))
    for name, file in ((SITE_FILES, NEW_PAGE), ("public.zip", f"chalicelib/{more}.txt")):
        with ZipFile(folder / name, "a") as packed:
            packed.write(page, file)
    if resources is not None:
        template = json.loads((folder / SITE).read_text(encoding="utf-8"))
        template["Resources"] |= resources
        (folder / SITE).write_text(json.dumps(template), encoding="utf-8")
    said = hub.release
    files = {name: digest((folder / name).read_bytes()) for name in said.files}
    newer = Release(said.architecture, said.python, said.site_policy, files)
    (folder / MANIFEST).write_text(newer.text(), encoding="utf-8")
    return newer


def test_the_cdn_gets_new_secrets_and_nobody_is_signed_out(hub: Deployed) -> None:
    before = {name: read_keys(hub.cloud, name).parts for name in ("public", "staff")}
    victim = hub.victim(hub.case())
    hub.deployment.renew_origin_secrets()
    after = {name: read_keys(hub.cloud, name).parts for name in ("public", "staff")}
    for name in ("public", "staff"):
        assert after[name]["origin_secret"] != before[name]["origin_secret"]
        assert "previous_origin_secret" not in after[name]
        rest = {"reference_key", "csrf_key", "client_address_key"}
        assert {part: after[name][part] for part in rest} == {
            part: before[name][part] for part in rest
        }
    assert after["public"]["origin_secret"] != after["staff"]["origin_secret"]
    assert victim.get("/case").status == 200
    api = hub.outputs("hub-public")["RestAPIId"]
    old = {"Host": "localhost", "X-Hub-Origin": before["public"]["origin_secret"]}
    edge = hub.edges[PUBLIC]
    assert edge.ask("GET", f"/_aws/execute-api/{api}/live/case/open", old).status == 403


def test_a_secret_that_nobody_brings_is_refused(hub: Deployed) -> None:
    with pytest.raises(KeysError, match="reference_key is not brought by anybody"):
        bring(hub.cloud, "reference_key", "x")
    with pytest.raises(KeysError, match="Nothing was typed"):
        bring(hub.cloud, "notify_api_key", "  ")


def test_both_stages_make_a_reference_into_the_same_key_and_share_nothing_else(
    hub: Deployed,
) -> None:
    public, staff = (read_keys(hub.cloud, name).parts for name in ("public", "staff"))
    assert public["reference_key"] == staff["reference_key"]
    for part in ("csrf_key", "client_address_key", "origin_secret"):
        assert public[part] != staff[part]


@pytest.mark.parametrize("other", [("another", ""), ("", "python3.99")])
def test_a_release_for_another_machine_is_refused_before_anything_changes(
    hub: Deployed, other: tuple[str, str]
) -> None:
    there = hub.deployment
    machine, python = other[0] or there.architecture, other[1] or there.python
    deployment = replace(there, architecture=machine, python=python)
    hub.said.clear()
    with pytest.raises(ReleaseError, match="Run `make package`"):
        deployment.deploy(hub.folder)
    assert not hub.said


def test_the_sites_map_names_the_address_that_people_use(hub: Deployed) -> None:
    text = hub.edges[PUBLIC].ask("GET", "/sitemap.xml", {}).body
    assert "https://your-information.example/check-your-case/" in text
    assert "localhost" not in text


def test_what_was_broken_off_between_two_secrets_can_be_ended(hub: Deployed) -> None:
    victim = hub.victim(hub.case())
    before = read_keys(hub.cloud, "public").parts["origin_secret"]
    renew_origin_secret(hub.cloud, "public")
    begun = read_keys(hub.cloud, "public").parts
    renew_origin_secret(hub.cloud, "public")
    assert read_keys(hub.cloud, "public").parts == begun
    assert begun["previous_origin_secret"] == before
    hub.deployment.renew_origin_secrets()
    ended = read_keys(hub.cloud, "public").parts
    assert ended["origin_secret"] == begun["origin_secret"]
    assert "previous_origin_secret" not in ended
    assert victim.get("/case").status == 200

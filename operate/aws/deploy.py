"""One command to AWS: look first, then the data, both stages, the site; and back again.

Every deployment is of a release. It is uploaded whole and deployed from there, so that going
back is the same work with an earlier one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from operate.aws.errors import DeployError
from operate.aws.keys import (
    fill_keys,
    forget_previous_origin_secret,
    need_brought,
    read_keys,
    renew_origin_secret,
)
from operate.aws.preflight import (
    DATA_STACK,
    SITE_STACK,
    STAGE_STACKS,
    need_account,
    need_free_buckets,
    need_parameters,
    need_regions,
    packages_bucket,
)
from operate.aws.release import (
    DATA,
    ID_CHARACTERS,
    LAMBDA_ARCHITECTURE,
    LAMBDA_PYTHON,
    MANIFEST,
    SITE,
    SITE_FILES,
    Release,
    ReleaseError,
    digest,
)
from operate.aws.site_upload import upload_site
from operate.aws.stacks import Stacks
from operate.aws.stage import EDGE_REGION, REGION
from operate.aws.standing_in import standing_in
from operate.aws.values import Around, EdgeSecrets, Hosts, data_values, site_values, stage_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from operate.aws.cloud import Cloud
    from operate.aws.stacks import Stack
    from operate.aws.stage import StageFile

RECORDS = "deployed/"
# JSON of ours is ASCII, so characters are bytes.
MOST_BODY_BYTES = 51_200


class NothingEarlierError(DeployError):
    """There is no earlier release to go back to."""


@dataclass(frozen=True)
class Deployment:
    """One deployment of the hub in its account; `say` hears what happens."""

    stage: StageFile
    cloud: Cloud
    say: Callable[[str], None]
    architecture: str = LAMBDA_ARCHITECTURE
    python: str = LAMBDA_PYTHON

    def deploy(self, folder: Path) -> str:
        """Deploy the release that lies in a folder; return its name.

        Raises:
            ReleaseError, PreflightError, StackError, StageError: nothing was changed.
            KeysError: the data stack stands and waits for a secret that a person brings.
            StackError: a stack was put back by AWS; what came before it stands.
        """
        release, data = self.prepare(folder)
        need_brought(self.cloud, self.stage.name)
        self._bring(release, data)
        return release.id

    def prepare(self, folder: Path) -> tuple[Release, Stack]:
        """Do what comes before the stages: the data stack, the release in its bucket, the keys."""
        release = self._look(folder)
        data = self._data(_template(folder / DATA))
        self._keep(release, folder, data.outputs["PackagesBucketName"])
        fill_keys(self.cloud)
        return release, data

    def roll_back(self) -> str:
        """Bring back the release before the present one; return its name.

        The data stack stays as it is: every release works on what later ones left there.

        Raises:
            NothingEarlierError: there was none before.
        """
        data, past = self._deployed()
        earlier = [release for release in past if release != past[-1]]
        if not earlier:
            raise NothingEarlierError("No earlier release was deployed to this account.")
        self._bring(self._release(data, earlier[-1]), data)
        return earlier[-1]

    def renew_origin_secrets(self) -> None:
        """Give the CDN new secrets; nobody waits and nobody is signed out.

        First both stages take the new and the old one, then the CDN sends the new one
        everywhere, then the old one is forgotten.

        Raises:
            NothingEarlierError: nothing was deployed yet.
        """
        data, past = self._deployed()
        release = self._release(data, past[-1])
        for audience in STAGE_STACKS:
            renew_origin_secret(self.cloud, audience)
        self._bring(release, data)
        for audience in STAGE_STACKS:
            forget_previous_origin_secret(self.cloud, audience)
            self._stage(audience, release, data)

    def _deployed(self) -> tuple[Stack, list[str]]:
        """Return the data stack and the names of the releases that were deployed."""
        need_account(self.cloud, self.stage)
        need_regions(self.stacks)
        data = self.stacks[REGION].find(DATA_STACK)
        past = self.history(data.outputs["PackagesBucketName"]) if data else []
        if data is None or not past:
            raise NothingEarlierError("Nothing was deployed to this account yet.")
        return data, past

    def _release(self, data: Stack, name: str) -> Release:
        text = self._read(data.outputs["PackagesBucketName"], name, MANIFEST)
        return Release.of_text(text.decode())

    def history(self, bucket: str) -> list[str]:
        """Return the names of the releases that were deployed, oldest first."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=RECORDS)
        keys = sorted(row["Key"] for page in pages for row in page.get("Contents", []))
        return [key.rpartition("-")[2] for key in keys]

    # --- the steps

    def _look(self, folder: Path) -> Release:
        """Find every fault that can be found before anything is changed."""
        release = Release.of_folder(folder)
        made_for = (release.architecture, release.python)
        if made_for != (self.architecture, self.python):
            raise ReleaseError(
                f"This release was packaged for {' and '.join(made_for)}, and the functions run on "
                f"{self.architecture} and {self.python}. Run `make package`."
            )
        need_account(self.cloud, self.stage)
        need_regions(self.stacks)
        need_free_buckets(self.cloud, self.stacks, self.stage.account)
        known = self._every_value(release)
        for file in (DATA, SITE, *(f"{audience}.json" for audience in STAGE_STACKS)):
            need_parameters(_template(folder / file), known, file=file)
        return release

    def _every_value(self, release: Release) -> dict[str, str]:
        """Return the names of all that can be said; what only a stack knows is empty yet."""
        none = EdgeSecrets("", "")
        bucket = packages_bucket(self.stage.account)
        values = data_values(self.stage) | site_values(self.stage, release, Hosts("", ""), none)
        for audience in STAGE_STACKS:
            values |= stage_values(audience, self.stage, release, Around(bucket))
        return values

    def _data(self, template: Mapping[str, Any]) -> Stack:
        given = need_parameters(template, data_values(self.stage), file=DATA)
        body = {"TemplateBody": self._text(template)}
        return self.stacks[REGION].apply(DATA_STACK, body, given, say=self.say)

    def _keep(self, release: Release, folder: Path, bucket: str) -> None:
        """Upload a release; one that is there already is the same, by its name."""
        there = self._s3.list_objects_v2(Bucket=bucket, Prefix=release.key(MANIFEST))
        if there.get("KeyCount"):
            return
        for name in release.files:
            content = (folder / name).read_bytes()
            self._s3.put_object(Bucket=bucket, Key=release.key(name), Body=content)
        # Last: a manifest says that all of its files are there.
        self._s3.put_object(Bucket=bucket, Key=release.key(MANIFEST), Body=release.text().encode())

    def _bring(self, release: Release, data: Stack) -> None:
        """Deploy a release that lies in the bucket: both stages, then the site in front of them."""
        bucket = data.outputs["PackagesBucketName"]
        apis = {
            audience: self._stage(audience, release, data).outputs["RestAPIId"]
            for audience in STAGE_STACKS
        }
        hosts = Hosts(apis["public"], apis["staff"])
        parts = {name: read_keys(self.cloud, name).parts for name in STAGE_STACKS}
        passes = EdgeSecrets(parts["public"]["origin_secret"], parts["staff"]["origin_secret"])
        values = site_values(self.stage, release, hosts, passes)
        template = self._template_of(release, bucket, SITE)
        given = need_parameters(template, values, file=SITE)
        taken = self._taken(bucket, SITE, template)
        site = self.stacks[EDGE_REGION].apply(SITE_STACK, taken, given, say=self.say)
        self._upload(release, bucket, site)
        self._note(release, bucket)

    def _stage(self, audience: str, release: Release, data: Stack) -> Stack:
        bucket, file = data.outputs["PackagesBucketName"], f"{audience}.json"
        template = self._template_of(release, bucket, file)
        around = Around(bucket, data.outputs, read_keys(self.cloud, audience).version)
        values = stage_values(audience, self.stage, release, around)
        given = need_parameters(template, values, file=file)
        taken = self._taken(bucket, file, template)
        return self.stacks[REGION].apply(STAGE_STACKS[audience], taken, given, say=self.say)

    def _upload(self, release: Release, bucket: str, site: Stack) -> None:
        changed = upload_site(
            self.cloud.client("s3", edge=True),
            site.outputs["SiteBucketName"],
            self._read(bucket, release.id, SITE_FILES),
            origin=self.stage.public.origin,
        )
        self.say(f"site: {len(changed)} files changed")
        if not changed:
            return
        # One path with a star counts as one; the CDN holds few files and asks for them again.
        what = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(_now())}
        front = self.cloud.client("cloudfront", edge=True)
        for output in ("PublicDistributionId", "StaffDistributionId"):
            front.create_invalidation(DistributionId=site.outputs[output], InvalidationBatch=what)

    def _note(self, release: Release, bucket: str) -> None:
        """Write down that this release is the present one, unless it was already."""
        if self.history(bucket)[-1:] == [release.id]:
            return
        stamp = _now().strftime("%Y%m%dT%H%M%S.%fZ")
        self._s3.put_object(Bucket=bucket, Key=f"{RECORDS}{stamp}-{release.id}", Body=b"")

    # --- where things lie

    @cached_property
    def stacks(self) -> Mapping[str, Stacks]:
        """Return the stacks of our region and of the CDN's, by region."""
        pace = self.cloud.poll_seconds
        return {
            region: Stacks(
                self.cloud.client("cloudformation", edge=region == EDGE_REGION), poll_seconds=pace
            )
            for region in (REGION, EDGE_REGION)
        }

    @cached_property
    def _s3(self) -> Any:  # noqa: ANN401 -- boto3's own
        return self.cloud.client("s3")

    def _read(self, bucket: str, release_id: str, file: str) -> bytes:
        key = f"releases/{release_id}/{file}"
        content: bytes = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def _template_of(self, release: Release, bucket: str, file: str) -> dict[str, Any]:
        template: dict[str, Any] = json.loads(self._read(bucket, release.id, file))
        return template

    def _taken(self, bucket: str, file: str, template: Mapping[str, Any]) -> Mapping[str, str]:
        """Return a template as CloudFormation takes it: itself, or where it lies if it is long."""
        text = self._text(template)
        if len(text) <= MOST_BODY_BYTES:
            return {"TemplateBody": text}
        key = f"templates/{digest(text.encode())[:ID_CHARACTERS]}-{file}"
        self._s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
        place = self.cloud.endpoint
        address = f"{place}/{bucket}" if place else f"https://{bucket}.s3.{REGION}.amazonaws.com"
        return {"TemplateURL": f"{address}/{key}"}

    def _text(self, template: Mapping[str, Any]) -> str:
        endpoint = self.cloud.endpoint
        taken = standing_in(template, urlsplit(endpoint).port or 0) if endpoint else template
        return json.dumps(taken, separators=(",", ":"))


def _template(path: Path) -> dict[str, Any]:
    template: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return template


def _now() -> datetime:
    return datetime.now(UTC)

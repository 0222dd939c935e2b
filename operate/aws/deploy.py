"""One command to AWS: look first, then the data, both stages, the site; and back again.

Every deployment is of a release. It is uploaded whole and deployed from there, so that going
back is the same work with an earlier one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

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
    need_functions,
    need_parameters,
    need_peppers,
    need_regions,
    packages_bucket,
)
from operate.aws.release import (
    DATA,
    LAMBDA_ARCHITECTURE,
    LAMBDA_PYTHON,
    SITE,
    SITE_FILES,
    Release,
    ReleaseError,
)
from operate.aws.shelf import Shelf
from operate.aws.site_upload import SiteUpload
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

# JSON of ours is ASCII, so characters are bytes.
MOST_BODY_BYTES = 51_200
# In the order in which they are deployed.
FILES = {**{audience: f"{audience}.json" for audience in STAGE_STACKS}, "site": SITE}


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
        shelf = self._shelf(data)
        shelf.note(release)
        self._bring(release, data, shelf)
        return release.id

    def prepare(self, folder: Path) -> tuple[Release, Stack]:
        """Do what comes before the stages: the data stack, the release in its bucket, the keys."""
        release = self._look(folder)
        data = self._data(_template(folder / DATA))
        self._shelf(data).keep(release, folder)
        fill_keys(self.cloud)
        need_peppers(self.cloud, self.stage)
        return release, data

    def roll_back(self) -> str:
        """Bring back the release before the present one; return its name.

        Once more goes further back. The data stack stays as it is: every release works on what
        later ones left there.

        Raises:
            NothingEarlierError: there was none before.
            StageError: it asks for something that the stage's file does not say; nothing changed.
        """
        data, shelf, past = self._deployed()
        earlier = [name for name in past if name != past[-1]]
        if not earlier:
            raise NothingEarlierError("No earlier release was deployed to this account.")
        release = shelf.release(earlier[-1])
        known = self._every_value(release)
        for file in FILES.values():
            need_parameters(self._here(shelf.template(release, file)), known, file=file)
        self._bring(release, data, shelf)
        shelf.take_off_above(release.id)
        return release.id

    def renew_origin_secrets(self) -> None:
        """Give the CDN new secrets; nobody waits and nobody is signed out.

        First both stages take the new and the old one, then the CDN sends the new one
        everywhere, then the old one is forgotten.

        Raises:
            NothingEarlierError: nothing was deployed yet.
        """
        data, shelf, past = self._deployed()
        release = shelf.release(past[-1])
        for audience in STAGE_STACKS:
            renew_origin_secret(self.cloud, audience)
        self._bring(release, data, shelf)
        for audience in STAGE_STACKS:
            forget_previous_origin_secret(self.cloud, audience)
            self._stage(audience, release, data, shelf)

    # --- looking

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
        need_functions(self.cloud)
        known = self._every_value(release)
        for file in (DATA, *FILES.values()):
            need_parameters(self._here(_template(folder / file)), known, file=file)
        return release

    def _every_value(self, release: Release) -> dict[str, str | None]:
        """Return all that can be said; what only a stack or a secret knows is none yet."""
        bucket = packages_bucket(self.stage.account)
        values = data_values(self.stage) | site_values(self.stage, release, None, None)
        for audience in STAGE_STACKS:
            values |= stage_values(audience, self.stage, release, Around(bucket))
        return values

    def _deployed(self) -> tuple[Stack, Shelf, list[str]]:
        """Return the data stack, the packages and the names of the releases deployed from them."""
        need_account(self.cloud, self.stage)
        need_regions(self.stacks)
        data = self.stacks[REGION].find(DATA_STACK)
        shelf = self._shelf(data) if data else None
        past = shelf.history() if shelf else []
        if data is None or shelf is None or not past:
            raise NothingEarlierError("Nothing was deployed to this account yet.")
        return data, shelf, past

    # --- the steps

    def _data(self, template: Mapping[str, Any]) -> Stack:
        given = need_parameters(self._here(template), data_values(self.stage), file=DATA)
        body = {"TemplateBody": self._text(template)}
        return self.stacks[REGION].apply(DATA_STACK, body, given, say=self.say, goes_on=True)

    def _bring(self, release: Release, data: Stack, shelf: Shelf) -> None:
        """Deploy a release: both stages, then the site in front of them.

        A file that new pages ask for is there before they are, and one that old pages ask for
        goes after them.
        """
        before = self.stacks[EDGE_REGION].find(SITE_STACK)
        added = self._site(release, shelf, before).add() if before else 0
        apis = {
            audience: self._stage(audience, release, data, shelf).outputs["RestAPIId"]
            for audience in STAGE_STACKS
        }
        parts = {name: read_keys(self.cloud, name).parts for name in STAGE_STACKS}
        passes = EdgeSecrets(parts["public"]["origin_secret"], parts["staff"]["origin_secret"])
        values = site_values(self.stage, release, Hosts(apis["public"], apis["staff"]), passes)
        template = shelf.template(release, SITE)
        given = need_parameters(self._here(template), values, file=SITE)
        taken = self._taken(shelf, SITE, template)
        stack = self.stacks[EDGE_REGION].apply(SITE_STACK, taken, given, say=self.say)
        site = self._site(release, shelf, stack)
        changed = added + site.change()
        self._forget_at_the_edge(stack, changed)
        gone = site.remove()
        self.say(f"site: {changed + gone} files changed")

    def _stage(self, audience: str, release: Release, data: Stack, shelf: Shelf) -> Stack:
        file = FILES[audience]
        template = shelf.template(release, file)
        around = Around(shelf.bucket, data.outputs, read_keys(self.cloud, audience).version)
        values = stage_values(audience, self.stage, release, around)
        given = need_parameters(self._here(template), values, file=file)
        taken = self._taken(shelf, file, template)
        return self.stacks[REGION].apply(STAGE_STACKS[audience], taken, given, say=self.say)

    def _site(self, release: Release, shelf: Shelf, stack: Stack) -> SiteUpload:
        return SiteUpload.of(
            self.cloud.client("s3", edge=True),
            stack.outputs["SiteBucketName"],
            shelf.read(release, SITE_FILES),
            origin=self.stage.public.origin,
        )

    def _forget_at_the_edge(self, stack: Stack, changed: int) -> None:
        """Let the CDN ask again; one path with a star counts as one, and it holds few files."""
        if not changed:
            return
        what = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": uuid4().hex}
        front = self.cloud.client("cloudfront", edge=True)
        for output in ("PublicDistributionId", "StaffDistributionId"):
            front.create_invalidation(DistributionId=stack.outputs[output], InvalidationBatch=what)

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

    def _shelf(self, data: Stack) -> Shelf:
        return Shelf(self.cloud.client("s3"), data.outputs["PackagesBucketName"])

    def _taken(self, shelf: Shelf, file: str, template: Mapping[str, Any]) -> Mapping[str, str]:
        """Return a template as CloudFormation takes it: itself, or where it lies if it is long."""
        text = self._text(template)
        if len(text) <= MOST_BODY_BYTES:
            return {"TemplateBody": text}
        key, place, bucket = shelf.lay(file, text), self.cloud.endpoint, shelf.bucket
        address = f"{place}/{bucket}" if place else f"https://{bucket}.s3.{REGION}.amazonaws.com"
        return {"TemplateURL": f"{address}/{key}"}

    def _text(self, template: Mapping[str, Any]) -> str:
        return json.dumps(self._here(template), separators=(",", ":"))

    def _here(self, template: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a template as the account can take it: on AWS itself, as it is."""
        endpoint = self.cloud.endpoint
        return standing_in(template, urlsplit(endpoint).port or 0) if endpoint else template


def _template(path: Path) -> dict[str, Any]:
    template: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return template

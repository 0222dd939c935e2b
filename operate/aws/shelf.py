"""Where releases lie in an account, and which of them were deployed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from operate.aws.release import ID_CHARACTERS, MANIFEST, Release, ReleaseError, digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RECORDS = "deployed/"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The packages bucket: releases by their names, and a record for each deployment.

    The records are a stack. Deploying puts one on top before anything changes, so that a release
    that broke off is what going back leaves behind; going back takes off what lies above.
    """

    s3: Any
    bucket: str

    def keep(self, release: Release, folder: Path) -> None:
        """Upload a release; one that is there already is the same, by its name."""
        there = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=release.key(MANIFEST))
        if there.get("KeyCount"):
            return
        for name in release.files:
            self._put(release.key(name), (folder / name).read_bytes())
        # Last: a manifest says that all of its files are there.
        self._put(release.key(MANIFEST), release.text().encode())

    def release(self, name: str) -> Release:
        """Return a release that was deployed.

        Raises:
            ReleaseError: what lies there is not what was packaged under this name.
        """
        key = f"releases/{name}/{MANIFEST}"
        release = Release.of_text(self._get(key).decode())
        if release.id != name:
            raise _changed(key)
        return release

    def read(self, release: Release, file: str) -> bytes:
        """Return a file of a release.

        Raises:
            ReleaseError: it is not as it was packaged.
        """
        content = self._get(release.key(file))
        if digest(content) != release.files[file]:
            raise _changed(release.key(file))
        return content

    def template(self, release: Release, file: str) -> dict[str, Any]:
        """Return a template of a release."""
        template: dict[str, Any] = json.loads(self.read(release, file))
        return template

    def lay(self, file: str, text: str) -> str:
        """Keep a template that is too long to be sent, and return its key."""
        key = f"templates/{digest(text.encode())[:ID_CHARACTERS]}-{file}"
        self._put(key, text.encode())
        return key

    def history(self) -> list[str]:
        """Return the names of the releases that were deployed, the oldest first."""
        return list(self._records().values())

    def note(self, release: Release) -> None:
        """Put a record of a release on top, unless it lies there already."""
        if self.history()[-1:] != [release.id]:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
            self._put(f"{RECORDS}{stamp}-{release.id}", b"")

    def take_off_above(self, name: str) -> None:
        """Take off every record that lies above the last one of this release."""
        records = self._records()
        last = max(key for key, release in records.items() if release == name)
        for key in [key for key in records if key > last]:
            self.s3.delete_object(Bucket=self.bucket, Key=key)

    def _records(self) -> Mapping[str, str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=RECORDS
        )
        keys = sorted(row["Key"] for page in pages for row in page.get("Contents", []))
        return {key: key.rpartition("-")[2] for key in keys}

    def _put(self, key: str, content: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)

    def _get(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content


def _changed(key: str) -> ReleaseError:
    return ReleaseError(
        f"{key} in the packages bucket is not as it was packaged. Look into the bucket's versions "
        "for who changed it; `make package` and `make deploy` make a new release."
    )

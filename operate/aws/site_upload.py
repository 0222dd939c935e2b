"""The built site and its bucket: what is new, what changed, what is gone."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Self
from zipfile import ZipFile

from operate.site_files import ASSET_CACHING, CONTENT_TYPES, PAGE_CACHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# As many as S3 deletes with one request.
DELETED_AT_ONCE = 1000
MAP, LOCAL_ORIGIN = "sitemap.xml", b"http://localhost:8000"
# The map once more, zipped with the builder's address; and what only a developer's browser asks.
NOT_PUBLISHED = (".xml.gz", ".map")


@dataclass(frozen=True, slots=True)
class SiteUpload:
    """The files of a release's site by their names, for one bucket."""

    s3: Any
    bucket: str
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, s3: Any, bucket: str, packed: bytes, *, origin: str) -> Self:  # noqa: ANN401 -- boto3's
        """Return the site that is in a zip.

        Args:
            s3: the client.
            bucket: of the site.
            packed: the built site.
            origin: where people find it, for its map; nothing else of it names its own address.
        """
        with ZipFile(BytesIO(packed)) as site:
            names = [name for name in sorted(site.namelist()) if published(name)]
            files = {name: site.read(name) for name in names}
        files[MAP] = files[MAP].replace(LOCAL_ORIGIN, origin.encode())
        return cls(s3, bucket, files)

    def add(self) -> int:
        """Put what the bucket lacks, before any page asks for it; return how many files."""
        there = self._there()
        return self._put(name for name in self.files if name not in there)

    def change(self) -> int:
        """Put what is otherwise in the bucket; return how many files."""
        there = self._there()
        return self._put(name for name in self.files if there.get(name) != _etag(self.files[name]))

    def remove(self) -> int:
        """Delete what no page asks for any more; return how many files."""
        gone = sorted(self._there().keys() - self.files.keys())
        for start in range(0, len(gone), DELETED_AT_ONCE):
            some = [{"Key": name} for name in gone[start : start + DELETED_AT_ONCE]]
            self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": some, "Quiet": True})
        return len(gone)

    def _put(self, names: Iterable[str]) -> int:
        chosen = list(names)
        for name in chosen:
            self.s3.put_object(
                Bucket=self.bucket, Key=name, Body=self.files[name], **headers_of(name)
            )
        return len(chosen)

    def _there(self) -> Mapping[str, str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return {row["Key"]: row["ETag"] for page in pages for row in page.get("Contents", [])}


def published(name: str) -> bool:
    """Return whether a file of the built site is put where people are."""
    return not name.endswith(NOT_PUBLISHED)


def headers_of(name: str) -> Mapping[str, str]:
    """Return what S3 says of a file, the same as on one machine."""
    suffix = PurePosixPath(name).suffix
    return {
        "ContentType": CONTENT_TYPES.get(suffix, "application/octet-stream"),
        "CacheControl": PAGE_CACHING if suffix == ".html" else ASSET_CACHING,
    }


def _etag(content: bytes) -> str:
    """Return S3's own digest of a file that went up in one piece, encrypted by S3's own keys."""
    return f'"{md5(content, usedforsecurity=False).hexdigest()}"'

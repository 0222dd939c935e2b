"""The built site into its bucket: what changed goes up, what is gone comes down."""

from __future__ import annotations

from hashlib import md5
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import ZipFile

from operate.site_files import ASSET_CACHING, CONTENT_TYPES, PAGE_CACHING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# As many as S3 deletes with one request.
DELETED_AT_ONCE = 1000
MAP, LOCAL_ORIGIN = "sitemap.xml", b"http://localhost:8000"
# The map once more, zipped with the builder's address; and what only a developer's browser asks.
NOT_PUBLISHED = (".xml.gz", ".map")


def upload_site(
    s3: Any,  # noqa: ANN401 -- boto3's own
    bucket: str,
    packed: bytes,
    *,
    origin: str,
) -> tuple[str, ...]:
    """Make the bucket hold these files and no others; return the paths that changed.

    Args:
        s3: the client.
        bucket: of the site.
        packed: the built site as a zip.
        origin: where people find it, for its map; nothing else of it names its own address.

    Returns:
        Paths as the CDN knows them, to be forgotten by it.
    """
    with ZipFile(BytesIO(packed)) as site:
        names = [name for name in sorted(site.namelist()) if published(name)]
        files = {name: site.read(name) for name in names}
    files[MAP] = files[MAP].replace(LOCAL_ORIGIN, origin.encode())
    there = _there(s3, bucket)
    changed = [name for name in files if there.get(name) != _etag(files[name])]
    for name in changed:
        s3.put_object(Bucket=bucket, Key=name, Body=files[name], **headers_of(name))
    gone = sorted(there.keys() - files.keys())
    for start in range(0, len(gone), DELETED_AT_ONCE):
        some = [{"Key": name} for name in gone[start : start + DELETED_AT_ONCE]]
        s3.delete_objects(Bucket=bucket, Delete={"Objects": some, "Quiet": True})
    return tuple(f"/{name}" for name in (*changed, *gone))


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


def _there(s3: Any, bucket: str) -> Mapping[str, str]:  # noqa: ANN401 -- boto3's
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {row["Key"]: row["ETag"] for page in pages for row in page.get("Contents", [])}


def _etag(content: bytes) -> str:
    """Return S3's own digest of a file that went up in one piece, encrypted by S3's own keys."""
    return f'"{md5(content, usedforsecurity=False).hexdigest()}"'

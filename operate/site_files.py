"""The built site's files as the CDN serves them: which file a path names, with what headers."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import unquote

from chalicelib.web.security import HEADERS
from operate.site_policy import static_policy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
# Pages leave no copy behind, like those of the service; style and scripts say nothing about
# anybody, so a browser may keep them and asks each time whether they are still the same.
PAGE_CACHING = "no-store"
ASSET_CACHING = "no-cache"
NOT_FOUND_PAGE = "/404.html"
BROKEN_PAGE = "/503.html"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of the site with its headers; `name` is its path in the site."""

    name: str
    content: bytes
    etag: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """A folder that was asked for without its slash; `to` is one of the site's own paths."""

    to: str
    headers: Mapping[str, str]


class SiteFiles:
    """The built site, `whole` or for the desk only what is under one of its folders."""

    def __init__(self, folder: Path, *, under: str = "") -> None:
        self.whole = not under
        self._folder = folder.resolve()
        self._served = (self._folder / under).resolve()
        self._headers = {**HEADERS, "Content-Security-Policy": static_policy(folder)}

    def find(self, path: str) -> StaticFile | Moved | None:
        """Return what a path of an address names, none when it names no file of ours."""
        try:
            named = (self._folder / unquote(path, errors="strict").lstrip("/")).resolve()
            return self._found(named, path) if named.is_relative_to(self._served) else None
        except (ValueError, OSError, RuntimeError):  # not UTF-8, a NUL, too long, a ring of links
            return None

    def _found(self, named: Path, path: str) -> StaticFile | Moved | None:
        if named.is_dir():
            if not (named / "index.html").is_file():
                return None
            if not path.endswith("/"):
                to = f"/{named.relative_to(self._folder).as_posix()}/".replace("/./", "/")
                return Moved(to, {**self._headers, "Location": to})
            named /= "index.html"
        return self._read(named) if named.is_file() else None

    def page(self, path: str) -> StaticFile:
        """Return one of the site's own error pages, also for a service that shows no others."""
        return self._read(self._folder / path.removeprefix("/"))

    def _read(self, file: Path) -> StaticFile:
        content = file.read_bytes()
        # Weak, because zipped and plain bytes share it.
        etag = f'W/"{sha256(content).hexdigest()[:32]}"'
        headers = {
            **self._headers,
            "Content-Type": CONTENT_TYPES.get(file.suffix, "application/octet-stream"),
            "Cache-Control": PAGE_CACHING if file.suffix == ".html" else ASSET_CACHING,
            "ETag": etag,
        }
        return StaticFile(f"/{file.relative_to(self._folder)}", content, etag, headers)

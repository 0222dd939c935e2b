"""A release: everything that one deployment needs, named after what is in it.

`make package` leaves one in build/package. Uploaded, it stays in the packages bucket, so that an
earlier one can come back as it was: code, gateway, site and headers together.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from operate.aws.errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# The newest that Chalice, Lambda, the lock and the machines it is packaged on agree on; the
# templates name it too.
LAMBDA_ARCHITECTURE, LAMBDA_PYTHON = "arm64", "python3.13"
MANIFEST = "manifest.json"
DATA, SITE = "data.json", "site.json"
SITE_FILES = "site.zip"
ID_CHARACTERS = 12
# How a compiled library says for which machine it is: two bytes of its ELF header.
MACHINES = {"arm64": b"\xb7\x00", "x86_64": b"\x3e\x00"}
ELF_MACHINE = slice(18, 20)


class ReleaseError(DeployError):
    """There is nothing that can be deployed; one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Release:
    """What a release says of itself: its files by name with their digests."""

    architecture: str
    python: str
    site_policy: str
    files: Mapping[str, str]

    @property
    def id(self) -> str:
        """Return its name: the same content has the same, on every machine and day."""
        return digest(self.text().encode())[:ID_CHARACTERS]

    def key(self, file: str) -> str:
        """Return where a file of it lies in the packages bucket."""
        return f"releases/{self.id}/{file}"

    def text(self) -> str:
        """Return its manifest, to be kept beside its files."""
        said = {
            "architecture": self.architecture,
            "python": self.python,
            "site_policy": self.site_policy,
            "files": dict(self.files),
        }
        return json.dumps(said, indent=2, sort_keys=True) + "\n"

    @classmethod
    def of_text(cls, text: str) -> Release:
        """Return the release whose manifest this is."""
        said: dict[str, Any] = json.loads(text)
        return cls(said["architecture"], said["python"], said["site_policy"], said["files"])

    @classmethod
    def of_folder(cls, folder: Path) -> Release:
        """Return the release that lies in a folder, after looking at every file of it.

        Raises:
            ReleaseError: none is there, a file is not as it was packaged, or a zip holds
                libraries for another machine than its manifest says.
        """
        try:
            release = cls.of_text((folder / MANIFEST).read_text(encoding="utf-8"))
            found = {name: digest((folder / name).read_bytes()) for name in release.files}
        except (OSError, ValueError, KeyError):
            raise ReleaseError("Nothing is packaged yet. Run `make package` first.") from None
        changed = sorted(name for name in found if found[name] != release.files[name])
        if changed:
            raise ReleaseError(f"{changed[0]} is not as it was packaged. Run `make package` again.")
        for name in release.files:
            if name.endswith(".zip") and name != SITE_FILES:
                need_machine(folder / name, release.architecture)
        return release


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file as text."""
    return sha256(content).hexdigest()


def need_machine(path: Path, architecture: str) -> None:
    """Pass when every compiled library of a zip is for this architecture.

    Raises:
        ReleaseError: one is for another, or the file is no zip.
    """
    try:
        with ZipFile(path) as packed:
            compiled = [name for name in packed.namelist() if name.endswith(".so")]
            machines = {name: _machine(packed, name) for name in compiled}
    except BadZipFile:
        raise ReleaseError(f"{path.name} is no zip. Run `make package` again.") from None
    wrong = [name for name in compiled if machines[name] != MACHINES[architecture]]
    if wrong:
        raise ReleaseError(
            f"{path.name} was built for another machine than {architecture} "
            f"({wrong[0].rpartition('/')[2]}). Run `make package` again."
        )


def _machine(packed: ZipFile, name: str) -> bytes:
    with packed.open(name) as library:
        return library.read(ELF_MACHINE.stop)[ELF_MACHINE]

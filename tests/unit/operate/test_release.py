"""A release is what it says it is, or it is not deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from operate.aws.release import MANIFEST, Release, ReleaseError, digest

if TYPE_CHECKING:
    from pathlib import Path

ELF = {
    "arm64": b"\x7fELF" + bytes(14) + b"\xb7\x00",
    "x86_64": b"\x7fELF" + bytes(14) + b"\x3e\x00",
}


def _release(folder: Path, *, library: str = "arm64", says: str = "arm64") -> Release:
    with ZipFile(folder / "public.zip", "w") as packed:
        packed.writestr("app.py", "")
        packed.writestr("argon2/_ffi.abi3.so", ELF[library] + b"code")
    (folder / "public.json").write_text("{}", encoding="utf-8")
    files = {name: digest((folder / name).read_bytes()) for name in ("public.zip", "public.json")}
    release = Release(says, "python3.13", "default-src 'none'", files)
    (folder / MANIFEST).write_text(release.text(), encoding="utf-8")
    return release


def test_a_release_is_read_as_it_was_packaged(tmp_path: Path) -> None:
    packaged = _release(tmp_path)
    assert Release.of_folder(tmp_path) == packaged
    assert Release.of_folder(tmp_path).id == packaged.id


def test_another_policy_for_the_site_is_another_release(tmp_path: Path) -> None:
    packaged = _release(tmp_path)
    other = Release("arm64", "python3.13", "default-src 'self'", packaged.files)
    assert other.id != packaged.id


def test_where_nothing_is_packaged_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="Run `make package` first"):
        Release.of_folder(tmp_path)


def test_a_file_that_changed_since_is_refused(tmp_path: Path) -> None:
    _release(tmp_path)
    (tmp_path / "public.json").write_text("{} ", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"public\.json is not as it was packaged"):
        Release.of_folder(tmp_path)


def test_libraries_for_another_machine_are_refused_by_what_they_are(tmp_path: Path) -> None:
    _release(tmp_path, library="x86_64")
    with pytest.raises(ReleaseError, match=r"another machine than arm64 \(_ffi\.abi3\.so\)"):
        Release.of_folder(tmp_path)


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    packaged = _release(tmp_path)
    (tmp_path / "public.zip").write_bytes(b"no zip")
    files = {**packaged.files, "public.zip": digest(b"no zip")}
    text = Release("arm64", "python3.13", "", files).text()
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match="is no zip"):
        Release.of_folder(tmp_path)

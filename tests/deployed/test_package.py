"""A release: the same bytes each time, small, compiled, and for one audience each."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from operate.aws.package import MOST_ZIP_BYTES, PackageError, Target, package
from operate.aws.release import LAMBDA_PYTHON, Release

AUDIENCES = ("public", "staff")
OTHERS = {"public": "staff", "staff": "victim"}
# What Lambda does first: it imports the application, from nothing but the zip.
START = "import app; print(len(app.app.routes), app.__file__)"


def _names(folder: Path, audience: str) -> list[str]:
    with ZipFile(folder / f"{audience}.zip") as packed:
        return packed.namelist()


def test_a_release_has_the_same_bytes_when_it_is_made_again(
    release: tuple[Path, Release], tmp_path: Path
) -> None:
    folder, first = release
    again = package(tmp_path / "somewhere" / "else", Target.of_this_machine(), print)
    assert again == first
    assert Release.of_folder(folder) == again


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_zip_is_small_enough_and_nearly_all_of_it_is_not_the_others(
    release: tuple[Path, Release], audience: str
) -> None:
    folder = release[0]
    assert (folder / f"{audience}.zip").stat().st_size <= MOST_ZIP_BYTES
    names = _names(folder, audience)
    own = "victim" if audience == "public" else "staff"
    for kind in ("web", "templates"):
        assert [name for name in names if name.startswith(f"chalicelib/{kind}/{own}/")]
        assert not [
            name for name in names if name.startswith(f"chalicelib/{kind}/{OTHERS[audience]}/")
        ]
    assert not [name for name in names if "/tests/" in name or name.startswith((".", "operate/"))]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_module_of_a_zip_is_compiled_and_is_never_looked_at_again(
    release: tuple[Path, Release], audience: str
) -> None:
    with ZipFile(release[0] / f"{audience}.zip") as packed:
        names = set(packed.namelist())
        for name in names:
            if not name.endswith(".py"):
                continue
            compiled = importlib.util.cache_from_source(name)
            assert compiled in names, name
            head = packed.read(compiled)[:8]
            assert head[:4] == importlib.util.MAGIC_NUMBER
            # PEP 552: by hash, and not compared with the source.
            assert int.from_bytes(head[4:], "little") == 0b01, name


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_application_starts_from_the_zip_alone(
    release: tuple[Path, Release], audience: str, tmp_path: Path
) -> None:
    with ZipFile(release[0] / f"{audience}.zip") as packed:
        packed.extractall(tmp_path)
    # -I and -S: nothing of this environment, so what is missing in the zip is missing.
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {START}"
    seen = subprocess.run(
        [sys.executable, "-I", "-S", "-c", start],
        env={"PATH": os.defpath, "HUB_AUDIENCE": audience},
        capture_output=True,
        text=True,
        check=False,
    )
    assert seen.returncode == 0, seen.stderr
    routes, file = seen.stdout.split(maxsplit=1)
    assert int(routes) > 30
    assert file.startswith(str(tmp_path))


def test_no_template_of_a_release_names_a_time_or_this_machine(
    release: tuple[Path, Release],
) -> None:
    for name in ("data.json", "public.json", "staff.json", "site.json"):
        text = (release[0] / name).read_text(encoding="utf-8")
        assert json.loads(text)["Resources"]
        assert str(release[0]) not in text
        assert "Transform" not in json.loads(text)


def test_without_the_python_that_lambda_has_it_says_which_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with pytest.raises(PackageError, match=f"{LAMBDA_PYTHON} is needed to compile for Lambda"):
        Target.of_lambda()


def test_a_name_that_starts_nothing_is_not_taken_for_a_python(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shim = tmp_path / LAMBDA_PYTHON
    shim.write_text("#!/bin/sh\necho 'no such version' >&2\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with pytest.raises(PackageError, match="was not found"):
        Target.of_lambda()


def test_the_functions_run_on_the_python_that_they_were_compiled_for(
    release: tuple[Path, Release],
) -> None:
    for audience in AUDIENCES:
        template = json.loads((release[0] / f"{audience}.json").read_text(encoding="utf-8"))
        functions = [
            resource["Properties"]
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::Lambda::Function"
        ]
        assert functions
        for function in functions:
            assert function["Runtime"] == LAMBDA_PYTHON
            assert function["Architectures"] == ["arm64"]

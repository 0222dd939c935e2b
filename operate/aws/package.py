"""`make package`: a release in build/package, the same bytes each time from the same sources."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import chalice

from chalicelib.settings import PUBLIC, STAFF
from operate.aws.errors import DeployError
from operate.aws.package_template import stage_template
from operate.aws.release import (
    DATA,
    LAMBDA_ARCHITECTURE,
    LAMBDA_PYTHON,
    MANIFEST,
    SITE,
    SITE_FILES,
    Release,
    digest,
)
from operate.aws.stand_in_templates import read_template
from operate.aws.trimming import keeps_library, keeps_ours
from operate.hub_home import ROOT
from operate.site_policy import static_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AUDIENCES = (PUBLIC, STAFF)
# Of Lambda's own system, Amazon Linux 2023.
PLATFORMS = {"arm64": "aarch64-manylinux_2_34", "x86_64": "x86_64-manylinux_2_34"}
UV = ROOT / ".venv" / "tools" / "bin" / "uv"
LOCK = ROOT / "requirements" / "api.txt"
# GOV.UK Notify's client asks for it and imports it nowhere; it has no wheel, and building one
# would run its own code here.
NEVER_IMPORTED = "docopt"
# Of Chalice its runtime alone goes along; the rest of it packages and deploys.
CHALICE_RUNTIME = ("__init__.py", "app.py")
# Zip files know no earlier day.
NO_TIME = (1980, 1, 1, 0, 0, 0)
COMPRESSION = 9
MOST_ZIP_BYTES = 16_000_000
COMPILE = """
import py_compile, sys
from pathlib import Path
tree = Path(sys.argv[1])
for file in sorted(tree.rglob("*.py")):
    py_compile.compile(
        str(file),
        dfile=f"/var/task/{file.relative_to(tree).as_posix()}",
        doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
"""


class PackageError(DeployError):
    """A release could not be made; one sentence that says what is missing."""


@dataclass(frozen=True, slots=True)
class Target:
    """The machine that the functions run on, and the Python that compiles for it."""

    architecture: str
    python: str
    interpreter: Path

    @classmethod
    def of_lambda(cls) -> Target:
        """Return Lambda's.

        Raises:
            PackageError: the Python that Lambda has is not on this machine.
        """
        found = _interpreter(LAMBDA_PYTHON)
        if found is None:
            raise PackageError(
                f"{LAMBDA_PYTHON} is needed to compile for Lambda and was not found. Install it "
                f"so that the command {LAMBDA_PYTHON} starts, then run `make package` again."
            )
        return cls(LAMBDA_ARCHITECTURE, LAMBDA_PYTHON, found)

    @classmethod
    def of_this_machine(cls) -> Target:
        """Return this machine's own, which the stand-in for Lambda runs on."""
        architecture = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return cls(architecture, python, Path(sys.executable))


def _interpreter(name: str) -> Path | None:
    """Return the Python of this name, such as python3.13: on the path, or as pyenv keeps it."""
    version = name.removeprefix("python")
    found = shutil.which(name)
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for path in [*([Path(found)] if found else []), *reversed(kept)]:
        # A name on the path may be a stand-in that starts another one, or nothing.
        said = subprocess.run([path, "-V"], capture_output=True, text=True, check=False)
        if said.returncode == 0 and said.stdout.startswith(f"Python {version}."):
            return path
    return None


def package(into: Path, target: Target, say: Callable[[str], None]) -> Release:
    """Make a release in a folder and return it.

    Args:
        into: made anew.
        target: what it is compiled for.
        say: told each file with its size.

    Raises:
        PackageError: a library has no wheel for the target, or a zip became too large.
    """
    shutil.rmtree(into, ignore_errors=True)
    work = into / "work"
    work.mkdir(parents=True)
    libraries = vendor(work / "vendor", target)
    for audience in AUDIENCES:
        tree = lay_out(work / audience, audience, libraries)
        compile_tree(tree, target)
        size = write_zip(into / f"{audience}.zip", tree)
        say(f"{audience}.zip: {size / 1e6:.1f} MB")
        if size > MOST_ZIP_BYTES:
            raise PackageError(f"{audience}.zip has {size} bytes, more than {MOST_ZIP_BYTES}.")
    for name, template in templates(work).items():
        write_json(into / name, template)
    write_zip(into / SITE_FILES, ROOT / "site")
    shutil.rmtree(work)
    files = {path.name: digest(path.read_bytes()) for path in sorted(into.iterdir())}
    policy = static_policy(ROOT / "site")
    release = Release(target.architecture, target.python, policy, files)
    (into / MANIFEST).write_text(release.text(), encoding="utf-8")
    say(f"release {release.id} for {target.architecture}, {target.python}")
    return release


def templates(work: Path) -> dict[str, dict[str, Any]]:
    """Return every stack's template as it is deployed, by its file's name.

    Args:
        work: a folder to work in.
    """
    stages = {f"{name}.json": stage_template(name, into=work / f"of-{name}") for name in AUDIENCES}
    whole = {
        name: read_template(ROOT / "infra" / f"{Path(name).stem}.yaml") for name in (DATA, SITE)
    }
    return whole | stages


def vendor(into: Path, target: Target) -> Path:
    """Install what runs in Lambda from the lock, wheels only and each with its hash."""
    lock = into.with_suffix(".txt")
    lock.write_text(_without(LOCK.read_text(encoding="utf-8"), NEVER_IMPORTED), encoding="utf-8")
    command: list[str | Path] = [
        UV,
        *("pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("--python-version", target.python.removeprefix("python")),
        *("--python-platform", PLATFORMS[target.architecture]),
        *("--no-compile-bytecode", "--link-mode", "copy", "--target", into),
        *("--requirements", lock),
    ]
    # Compiled it is later, by the Python that it runs on; told both, uv refuses.
    given = {name: value for name, value in os.environ.items() if name != "UV_COMPILE_BYTECODE"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=given)
    if done.returncode:
        raise PackageError(f"The libraries could not be installed. uv said: {done.stderr.strip()}")
    return into


def _without(lock: str, name: str) -> str:
    """Return a lock without one library: its line, and the hashes and reasons under it."""
    entries = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)
    return "".join(entry for entry in entries if not entry.startswith(f"{name}=="))


def lay_out(tree: Path, audience: str, libraries: Path) -> Path:
    """Lay out what one audience's functions need: libraries, Chalice's runtime, our code."""
    ours = ROOT / "api"
    _copy(_kept(libraries, audience, keeps_library), libraries, tree)
    _copy(_kept(ours, audience, keeps_ours), ours, tree)
    runtime = Path(chalice.__file__).parent
    _copy((PurePosixPath(name) for name in CHALICE_RUNTIME), runtime, tree / "chalice")
    return tree


def _kept(
    folder: Path, audience: str, keeps: Callable[[PurePosixPath, str], bool]
) -> Iterator[PurePosixPath]:
    for path in sorted(folder.rglob("*")):
        file = PurePosixPath(path.relative_to(folder).as_posix())
        if path.is_file() and keeps(file, audience):
            yield file


def _copy(files: Iterator[PurePosixPath], source: Path, to: Path) -> None:
    for file in files:
        (to / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / file, to / file)


def compile_tree(tree: Path, target: Target) -> None:
    """Compile all of it, so that no cold start does; by its hash, since a zip knows no times."""
    command: list[str | Path] = [target.interpreter, "-I", "-c", COMPILE, tree]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"PATH": os.defpath}
    )
    if done.returncode:
        raise PackageError(f"The code could not be compiled: {done.stderr.strip()}")


def write_zip(path: Path, tree: Path) -> int:
    """Pack a folder in the order of its names, without times; return the size in bytes."""
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as packed:
        for file in sorted(tree.rglob("*"), key=lambda file: file.relative_to(tree).as_posix()):
            if file.is_file():
                entry = ZipInfo(file.relative_to(tree).as_posix(), NO_TIME)
                entry.create_system = 3  # as on Linux, whatever packs it
                entry.compress_type = ZIP_DEFLATED
                mode = 0o755 if ".so" in file.name else 0o644
                entry.external_attr = (stat.S_IFREG | mode) << 16
                packed.writestr(entry, file.read_bytes(), compresslevel=COMPRESSION)
    return path.stat().st_size


def write_json(path: Path, template: object) -> None:
    """Write a template so that two of the same content have the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(template, indent=1, sort_keys=True) + "\n", encoding="utf-8")

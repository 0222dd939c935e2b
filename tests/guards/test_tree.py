"""What the project says about itself is so: the map of the tree, links, tasks."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "infra/README.md",
    "infra/OPERATING.md",
    "infra/RUNBOOK.md",
    "infra/RESTORE.md",
    "infra/COSTS.md",
)
# Files at the top that need no line in the map: they are named elsewhere in the README, or
# their name says what they are.
PLAIN_NAMES = {
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "mkdocs.yml",
    "pyproject.toml",
}


def _kept() -> list[PurePosixPath]:
    """Return every file under version control."""
    git = shutil.which("git")
    assert git, "git is needed, as the README says"
    listed = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [PurePosixPath(line) for line in listed.stdout.splitlines()]


def _map() -> set[PurePosixPath]:
    """Return the paths that the README's map names, put together by their indents."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.split("## The tree", 1)[1].split("```")[1]
    paths, above = set(), dict[int, PurePosixPath]()
    for line in block.strip("\n").splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        above[depth] = above.get(depth - 1, PurePosixPath()) / line.split()[0]
        paths.add(above[depth])
    return paths


def _folders_in(folder: PurePosixPath) -> set[PurePosixPath]:
    """Return the folders directly inside a folder that hold something under version control."""
    depth = len(folder.parts)
    return {
        PurePosixPath(*path.parts[: depth + 1])
        for path in _kept()
        if path.is_relative_to(folder) and len(path.parts) > depth + 1
    }


def test_everything_on_the_map_is_there() -> None:
    assert [str(path) for path in sorted(_map()) if not (ROOT / path).exists()] == []


def test_everything_at_the_top_is_on_the_map_or_named_plainly() -> None:
    top = {path.parts[0] for path in _kept()}
    assert top - {str(path) for path in _map()} == PLAIN_NAMES


def test_where_the_map_opens_a_folder_it_shows_every_folder_inside() -> None:
    shown = _map()
    opened = {path.parent for path in shown if path.parent != PurePosixPath()}
    hidden = {str(folder) for parent in opened for folder in _folders_in(parent) - shown}
    assert hidden == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_link_to_a_file_leads_somewhere(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert [link for link in links if not ((ROOT / guide).parent / link).exists()] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_path_in_running_text_is_there(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    named = re.findall(
        r"`((?:api|docs|infra|operate|overrides|requirements|tests)/[^`*<… ]*)`", text
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_task_that_is_named_can_be_made(guide: str) -> None:
    tasks = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = re.findall(r"make ([a-z][a-z-]+)", _code(guide))
    assert set(named) <= tasks


def test_every_folder_of_tests_is_in_a_task() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"\btests/[a-z_]+", makefile))
    assert {str(path) for path in _folders_in(PurePosixPath("tests")) if _has_tests(path)} <= named


def _has_tests(folder: PurePosixPath) -> bool:
    return any((ROOT / folder).rglob("test_*.py"))


def _code(guide: str) -> str:
    """Return what stands as code in a guide, where `make` is the command and not the verb."""
    text = (ROOT / guide).read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))

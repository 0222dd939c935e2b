"""What of the libraries and of our own code goes to Lambda, by audience.

Less to load is less to wait for at a cold start, and less that can be misused. What is left out
here is missed by nothing that runs: tests/deployed answers every page from these zips.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.settings import PUBLIC, STAFF

if TYPE_CHECKING:
    from pathlib import PurePosixPath

OTHER = {PUBLIC: "staff", STAFF: "victim"}
# The services whose descriptions botocore reads; the sender alone writes e-mails and texts.
SERVICES = {
    PUBLIC: {"dynamodb", "kms", "secretsmanager"},
    STAFF: {"dynamodb", "kms", "secretsmanager", "sesv2", "sns"},
}
# Programs and what only compiling needed.
NOT_RUN = {"bin", "cffi", "pycparser"}
NEVER = {"__pycache__", "tests", "py.typed", ".lock"}
NOT_RUN_SUFFIXES = {".pyi", ".c", ".h", ".pyc", ".pxd", ".pyx"}
# Of the check letters one algorithm is used; of the world's time zones one and its base.
STDNUM = {"stdnum/__init__.py", "stdnum/exceptions.py", "stdnum/util.py"}
ZONES = {"tzdata/zoneinfo/Europe/London", "tzdata/zoneinfo/UTC"}


def keeps_library(file: PurePosixPath, audience: str) -> bool:
    """Return whether a file of the installed libraries goes into this audience's zip."""
    parts, name = file.parts, file.as_posix()
    if parts[0] in NOT_RUN or file.suffix in NOT_RUN_SUFFIXES:
        return False
    if NEVER & set(parts):
        return False
    if parts[0].endswith(".dist-info"):
        # Versions are asked for as the code runs, and licences travel with what they license.
        return parts[-1] == "METADATA" or "licen" in name.lower() or parts[-1] == "NOTICE"
    rule = OF_LIBRARY.get(parts[0])
    return rule is None or rule(parts, name, audience)


def _botocore(parts: tuple[str, ...], _name: str, audience: str) -> bool:
    in_service = parts[1] == "data" and len(parts) > 3  # noqa: PLR2004 -- botocore/data/service/
    return not in_service or parts[2] in SERVICES[audience]


def _boto3(parts: tuple[str, ...], _name: str, _audience: str) -> bool:
    return parts[1] not in {"data", "examples"}


def _stdnum(parts: tuple[str, ...], name: str, _audience: str) -> bool:
    return name in STDNUM or parts[1] == "iso7064"


def _tzdata(parts: tuple[str, ...], name: str, _audience: str) -> bool:
    return parts[1] != "zoneinfo" or name in ZONES or parts[-1] == "__init__.py"


OF_LIBRARY = {"botocore": _botocore, "boto3": _boto3, "stdnum": _stdnum, "tzdata": _tzdata}


def keeps_ours(file: PurePosixPath, audience: str) -> bool:
    """Return whether a file of ours goes along: not the other audience's pages and templates."""
    parts = file.parts
    if parts[0].startswith(".") or "__pycache__" in parts:
        return False
    return len(parts) < 3 or parts[1:3] not in {  # noqa: PLR2004 -- chalicelib/web/staff
        ("web", OTHER[audience]),
        ("templates", OTHER[audience]),
    }

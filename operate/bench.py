"""The figures that matter: speed against the bare tools, promises, messages, leaving."""

from __future__ import annotations

import os
from pathlib import Path

from operate.bench_exit import bench_exit
from operate.bench_import import bench_import
from operate.bench_promises import bench_promises
from operate.bench_sending import bench_sending
from operate.bench_site import bench_site
from operate.bench_start import bench_start
from operate.hub_deps import use_stand_in_account


def bench() -> None:
    """Print the figures; REAL_MONTHS in the environment names a folder of data.police.uk files."""
    use_stand_in_account()
    bench_site()
    bench_start()
    months = os.environ.get("REAL_MONTHS")
    bench_import(Path(months) if months else None)
    bench_promises()
    bench_sending()
    bench_exit()

"""The stand-in for AWS on this machine: ministack as a child process (decision D14).

Seen with ministack 1.5.33, and held by tests/integration/test_stand_in.py: a transaction of
ConditionCheck, Put and Update writes all or nothing and names a reason for each part in its order;
a sparse index holds only the items that have its key; KMS makes HMAC_256 keys and gives the same
GenerateMac for the same words; Secrets Manager refuses to create a name twice; with a state
directory all of this is there again after SIGTERM and a new start. State is written at a clean
stop only: what a SIGKILL of the stand-in itself takes away is gone.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOST = "127.0.0.1"
PYTHON = Path(__file__).parent.parent / ".venv" / "stand-in" / "bin" / "python"
START_SECONDS = 60
# Writing the state of a force of 80,000 items takes seconds; a message lost is worse than a wait.
STOP_SECONDS = 60
PR_SET_PDEATHSIG = 1

# An account that exists nowhere else, for clients and for the stand-in itself.
REGION = "eu-west-2"
ACCOUNT = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "stand-in") | {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}
SETTINGS = {
    "BIND_HOST": HOST,
    "LOG_LEVEL": "WARNING",
    "MINISTACK_REGION": REGION,
    # It opens ports for these without being asked.
    "IOT_MTLS_ENABLED": "0",
    "SFTP_ENABLED": "0",
    # It removes containers that it takes for its own; here it starts none.
    "DOCKER_HOST": "unix:///nonexistent/docker.sock",
}


class StandInError(Exception):
    """The stand-in did not start; the text says why, for the person at the terminal."""


@dataclass(frozen=True)
class StandIn:
    """A running stand-in for AWS."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def endpoint(self) -> str:
        """The address that clients of AWS are given."""
        return f"http://{HOST}:{self.port}"

    @classmethod
    def start(
        cls, *, home: Path, port: int = 0, keeps_state: bool = True, permissions: bool = False
    ) -> StandIn:
        """Return a stand-in that answers; one at most runs in a home.

        Args:
            home: its folder, for its log and its state; made if it is not there.
            port: of 127.0.0.1; 0 for any that is free.
            keeps_state: whether what it holds is there again at the next start.
            permissions: whether it asks what the caller's role may do.

        Raises:
            StandInError: something has its port or its home, or it does not come up.
        """
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (home / "lock").open("a+") as lock, (home / "stand-in.log").open("wb") as log:
            _claim(lock)
            port = _free_port(port)
            process = subprocess.Popen(
                [PYTHON, "-m", "ministack"],
                env=_environ(home, port, keeps_state=keeps_state, permissions=permissions),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # The lock is the child's from here on: it is let go when the child ends.
                pass_fds=[lock.fileno()],
                # Ctrl-C in the terminal goes to us alone, and we stop it last.
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - no threads before the first start
            )
        stand_in = cls(port, process)
        try:
            stand_in._wait_until_healthy(home / "stand-in.log")
        except BaseException:  # Ctrl-C while waiting included
            stand_in.stop()
            raise
        return stand_in

    @classmethod
    @contextmanager
    def started(
        cls, state_dir: Path | None = None, port: int = 0, *, permissions: bool = False
    ) -> Iterator[StandIn]:
        """Give a stand-in for the length of a block; without a state directory it forgets."""
        with TemporaryDirectory(prefix="stand-in-") as passing:
            stand_in = cls.start(
                home=state_dir or Path(passing),
                port=port,
                keeps_state=state_dir is not None,
                permissions=permissions,
            )
            try:
                yield stand_in
            finally:
                stand_in.stop()

    def stop(self) -> None:
        """End it and wait; SIGTERM lets it write its state first."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _wait_until_healthy(self, log: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                words = log.read_text(errors="replace")[-2000:]
                raise StandInError(f"The stand-in for AWS did not start. It said:\n{words}")
            time.sleep(0.05)


def _claim(lock: IO[str]) -> None:
    """Hold a home's lock, so that two stand-ins never write one state."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StandInError(
            f"A stand-in for AWS already runs on {Path(lock.name).parent}. "
            "Is the hub running in another window? Stop it there first."
        ) from None


def _free_port(wanted: int) -> int:
    """Return the wanted port, or any for 0, when nothing listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError:
            raise StandInError(f"Port {wanted} is in use; the stand-in needs it.") from None
        return int(probe.getsockname()[1])


def _environ(home: Path, port: int, *, keeps_state: bool, permissions: bool) -> Mapping[str, str]:
    """Return ministack's settings; nothing else of this process reaches it but the path."""
    return (
        SETTINGS
        | ACCOUNT
        | {
            "PATH": os.environ.get("PATH", os.defpath),
            "GATEWAY_PORT": str(port),
            "AUTH": "true" if permissions else "false",
            "PERSIST_STATE": str(int(keeps_state)),
            "STATE_DIR": str(home / "state"),
            "S3_PERSIST": str(int(keeps_state)),
            "S3_DATA_DIR": str(home / "s3"),
            "TMPDIR": str(home),
        }
    )


def end_with_parent() -> None:
    """In the child: ask Linux for a SIGTERM should the parent be killed without a word."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()

"""What the importer needs of its store, besides what every service uses."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from chalicelib.domain.access import CaseReference
from chalicelib.domain.case_file import CaseFacts
from chalicelib.domain.cases import (
    Case,
    CaseKey,
    Officer,
    StageEntry,
    Told,
    Victim,
    VictimKey,
)
from chalicelib.domain.promises import Promise
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.domain.statements import FiledCase, FileMark
from chalicelib.services.ports import Part


class ImportStore(Protocol):
    """What only an import reads and writes."""

    def marks(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, FileMark]:
        """Return the marks of those of these cases that are there, by batches of reads."""

    def read(self, key: CaseKey) -> FiledCase | None:
        """Return a case and what its file said last by one query, or none."""

    def new_file(
        self, key: CaseKey, reference: CaseReference, facts: CaseFacts, digest: str
    ) -> Part:
        """Put what a file says of a new case; fails where the case is."""

    def file(
        self,
        key: CaseKey,
        facts: CaseFacts,
        digest: str,
        *,
        handed: tuple[date, Officer] | None = None,
    ) -> Part:
        """Replace what the file said of a case; fails where there is none.

        `handed` is since when the case has another officer, and who had it before.
        """

    def finished(self, key: CaseKey, digest: str) -> Part:
        """Note that everything that follows from the file is done."""

    def victim(self, key: CaseKey, victim: Victim) -> Part:
        """Put or replace a victim."""

    def entry(self, key: CaseKey, entry: StageEntry, told: Mapping[VictimKey, Told]) -> Part:
        """Note on an entry its day and who was told; fails if one of them was noted already.

        `told` are those who were told now; day and days beside it are as in `entry`.
        """

    def flag(self, promise: Promise, case: Case, *, safe_mode: bool) -> Part:
        """Let lists show an open promise as the case's flags ask; fails unless it is open."""

    def new_member(self, member: StaffMember) -> Part:
        """Put a member of staff; fails where one is."""

    def new_team(self, team: Team) -> Part:
        """Put a team; fails where one is."""

"""What the gate says now of a message that waits: all that can forbid it is read anew."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.domain.cases import CaseKey, OfficerId, VictimKey
from chalicelib.domain.gate import Answer, Never, clear_officer, clear_victim
from chalicelib.domain.notices import Notice, Recipient, to_officer
from chalicelib.domain.safety import in_safe_mode
from chalicelib.domain.staff import Force
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.ports import VictimFile

NO_CASE = "the case or its victim is not there any more"
SEEN = "they have looked since"
# What was wanted is stored up to so much later: who looked in between saw the page before it.
WRITTEN_WITHIN = timedelta(seconds=20)

# Check words by the receipt that they are made from.
WordsOf = Callable[[str], str]


@frozen
class Asked:
    """A message that waits, as it stands, and what the gate says of it at this moment."""

    notice: Notice
    answer: Answer


@frozen
class GateNow:
    """The gate with the staff list as it stands; `home` is the plain home page."""

    deps: Deps
    force: Force
    home: str
    words_of: WordsOf

    def ask(self, to: Recipient) -> Asked | None:
        """Return a recipient's message and what may become of it now; none where nothing waits."""
        officer = Notice(to).officer
        return self._of_victim(VictimKey(to)) if officer is None else self._of_officer(officer)

    def _of_officer(self, officer: OfficerId) -> Asked | None:
        notice = self.deps.threads.notice(to_officer(officer))
        if notice is None or not notice.is_waiting:
            return None
        receipt = self._receipt(notice)
        answer = clear_officer(
            notice,
            self.force.member(officer),
            now=self.deps.now(),
            receipt=receipt,
            pair=self.words_of(receipt),
            rules=self.deps.rules,
        )
        return Asked(notice, answer)

    def _of_victim(self, key: VictimKey) -> Asked | None:
        # The victim's side before the case, as everywhere: see `read_victim`.
        file = self.deps.threads.read(key)
        notice = file.notice
        if notice is None or not notice.is_waiting:
            return None
        return Asked(notice, self._answer(key, notice, file))

    def _answer(self, key: VictimKey, notice: Notice, file: VictimFile) -> Answer:
        case = self.deps.cases.read(CaseKey(notice.case_key))
        victim = case.victim(key) if case else None
        if case is None or victim is None:
            return Never(NO_CASE)
        if _has_looked(file, notice):
            return Never(SEEN)
        receipt = self._receipt(notice)
        return clear_victim(
            notice,
            file.contact,
            safe_mode=in_safe_mode(case, file.safety, self.deps.rules),
            has_left=victim.left_on is not None,
            now=self.deps.now(),
            receipt=receipt,
            pair=self.words_of(receipt),
            home=self.home,
            rules=self.deps.rules,
        )

    def _receipt(self, notice: Notice) -> str:
        return notice.receipt if notice.is_begun else self.deps.new_id()


def _has_looked(file: VictimFile, notice: Notice) -> bool:
    """Return whether a victim was on their pages after the last reason for a message."""
    if file.visited_at is None or notice.wanted_at is None:
        return False
    return file.visited_at > notice.wanted_at + WRITTEN_WITHIN

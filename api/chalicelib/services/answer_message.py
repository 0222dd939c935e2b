"""Staff: the answer to a question, stored once, and the promise is kept."""

from chalicelib.domain.cases import Case, CaseKey, VictimKey
from chalicelib.domain.errors import NotFoundError, StaleError, StoreUnavailableError
from chalicelib.domain.messages import FormReceipt, Message, Thread
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.notices import word_to_victim
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.staff_case import stored_id, victim_of
from chalicelib.services.staff_sessions import find_case, need_role, open_case_page, write_as

TRIES = 6
BY_ANSWER = "here"


@frozen
class Answer:
    """Words for one question of one victim; `behind` is how many answers the writer saw there."""

    victim: VictimKey
    thread: int
    behind: int
    text: str


def answer_message(
    deps: Deps, session: StaffSession, key: CaseKey, answer: Answer, form_key: str
) -> None:
    """Store an answer once, however often its form is sent, and keep the promise of it.

    Raises:
        NotAllowedError: the role may not answer.
        NotFoundError: the case does not exist for this person, or the question not in it.
        StaleError: somebody else answered meanwhile; nothing was stored.
        StoreUnavailableError: nothing of this form is stored as far as can be read.
    """
    need_role(deps, session, "answers")
    form_key = stored_id(form_key, answer.text)
    for _ in range(TRIES):
        case = find_case(deps, session, key)
        thread = find_thread(deps, case, answer.victim, answer.thread)
        if len(thread.answers) != answer.behind:
            return _need_stored(deps, answer, form_key, StaleError())
        try:
            parts = _parts(deps, session, case, thread, answer, form_key)
            return write_as(deps, session, "answered a question", *parts, about=key)
        except ConflictError as conflict:
            if conflict.failed == {"promise"}:
                # It only went to another officer meanwhile: the words stand as they are.
                continue
            return _need_stored(deps, answer, form_key, StaleError())
        except StoreUnavailableError as error:
            # The store's answer may have been lost after the write: read and tell the truth.
            return _need_stored(deps, answer, form_key, error)
    raise StoreUnavailableError


def _need_stored(deps: Deps, answer: Answer, form_key: str, error: Exception) -> None:
    if deps.threads.read_form(answer.victim, form_key) is None:
        raise error


def _parts(
    deps: Deps,
    session: StaffSession,
    case: Case,
    thread: Thread,
    answer: Answer,
    form_key: str,
) -> list[Part]:
    now = deps.now()
    words = Message(answer.text, now, by_victim=False, officer_name=session.member.name)
    parts: list[Part] = [
        deps.threads.new_form(answer.victim, form_key, FormReceipt(thread.number), now),
        deps.threads.new_answer(answer.victim, thread, words),
    ]
    if thread.promise.is_open:
        parts += promises.keep(deps, thread.promise, now, BY_ANSWER)
    chosen = deps.threads.contacts_of([answer.victim])[answer.victim]
    return [*parts, *word_to_victim(deps, case, victim_of(case, answer.victim), chosen)]


def find_thread(deps: Deps, case: Case, victim: VictimKey, number: int) -> Thread:
    """Return one question of a victim with its answers, by one query.

    Raises:
        NotFoundError: the victim is not of this case, or asked no such question.
    """
    file = deps.threads.read(victim_of(case, victim).key, before=number + 1)
    thread = file.threads[0] if file.threads else None
    if thread is None or thread.number != number:
        raise NotFoundError
    return thread


def open_thread(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, number: int
) -> tuple[Case, Thread]:
    """Return a case and one question for a page that shows both."""
    case = open_case_page(deps, session, key, "opened a question")
    return case, find_thread(deps, case, victim, number)

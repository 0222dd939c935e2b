"""What may help a person who gives evidence, the states of a wish, and the finder's questions.

Read apart from `Rules`, so that a request which needs none of it does not wait while it is
parsed. What the rows decide is said at the head of measures.toml.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chalicelib.frozen import frozen
from chalicelib.rules import measure_checks
from chalicelib.rules.measure_rows import (
    NEW,
    Court,
    FinderAnswer,
    Ground,
    Kind,
    Measure,
    Question,
    Reason,
    State,
    StateWords,
)
from chalicelib.rules.tables import DataFile

__all__ = [
    "NEW",
    "Court",
    "FinderAnswer",
    "Ground",
    "Kind",
    "Measure",
    "MeasureRules",
    "Question",
    "Reason",
    "State",
    "StateWords",
    "load_measures",
    "read_measures",
]

RULES_FOLDER = Path(__file__).parent
TABLES = frozenset({"measure", "state", "words", "ground", "question", "answer", "reason"})


@frozen(kw_only=True)
class MeasureRules:
    """Everything by key, in the order of the file."""

    measures: Mapping[str, Measure]
    states: Mapping[str, State]
    words: Mapping[str, StateWords]
    grounds: Mapping[str, Ground]
    questions: Mapping[str, Question]
    answers: Mapping[str, FinderAnswer]
    reasons: Mapping[str, Reason]

    def of_kind(self, kind: Kind) -> tuple[Measure, ...]:
        """Return the measures of one kind."""
        return tuple(row for row in self.measures.values() if row.kind == kind)

    def words_for(self, measure: Measure, state: str) -> tuple[StateWords, ...]:
        """Return what is said of a state of this measure: its own words, then those of its kind."""
        found = [row for row in self.words.values() if row.state == state]
        own = [row for row in found if row.measure == measure.key]
        return (*own, *(row for row in found if row.kind == measure.kind))

    def answers_to(self, question: str) -> tuple[FinderAnswer, ...]:
        """Return what can be answered to a question."""
        return tuple(row for row in self.answers.values() if row.question == question)

    def states_after(self, state: str) -> tuple[State, ...]:
        """Return the states that a measure can enter from this one; `NEW` where it has none."""
        return tuple(row for row in self.states.values() if state in row.after)


@cache
def load_measures() -> MeasureRules:
    """Return the rules on measures of this release, read and checked once in a process."""
    return read_measures(RULES_FOLDER)


def read_measures(folder: Path) -> MeasureRules:
    """Return the rules on measures of a folder of data files.

    Raises:
        RulesError: a row cannot be used; names file and line.
    """
    file = DataFile(folder / "measures.toml", TABLES)
    measures, states = file.table("measure", Measure), file.table("state", State)
    words = file.table("words", StateWords)
    grounds, reasons = file.table("ground", Ground), file.table("reason", Reason)
    questions, answers = file.table("question", Question), file.table("answer", FinderAnswer)
    measure_checks.check_measures(measures, grounds, answers)
    measure_checks.check_states(states)
    measure_checks.check_words(words, measures, states)
    measure_checks.check_grounds(grounds, answers)
    measure_checks.check_answers(questions, answers)
    measure_checks.check_reasons(reasons, measures, answers, questions)
    return MeasureRules(
        measures=measures.rows,
        states=states.rows,
        words=words.rows,
        grounds=grounds.rows,
        questions=questions.rows,
        answers=answers.rows,
        reasons=reasons.rows,
    )

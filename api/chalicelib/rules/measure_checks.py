"""What must hold between the rows of measures.toml, beyond the form of each row."""

from collections.abc import Iterable

from chalicelib.rules.measure_rows import (
    NEW,
    FinderAnswer,
    Ground,
    Measure,
    Question,
    Reason,
    State,
    StateWords,
)
from chalicelib.rules.tables import RowT, Table

# Sections 23 to 30 of the Act of 1999 are the special measures; 29 and 30 are for vulnerable
# witnesses alone (section 18).
SPECIAL = range(23, 31)
VULNERABLE_ONLY = (29, 30)
# A page says what is worth asking for, and never what a court decides.
PROMISES = ("you will", "entitled", "right to", "guarantee", "you get ")


def check_measures(
    measures: Table[Measure], grounds: Table[Ground], answers: Table[FinderAnswer]
) -> None:
    """Refuse a measure whose kind, section and eligibility contradict each other."""
    sections: set[int | None] = set()
    for row in measures.rows.values():
        _promises_nothing(measures, row, ("means", "in_the_room", "who", "who_decides"))
        if not row.courts:
            raise measures.error(row, "a measure is for one court at least", "courts")
        _check_facts(measures, row, answers, "only_with", row.only_with)
        for ground in row.grounds:
            if ground not in grounds.rows:
                raise measures.error(row, f"no such ground: {ground!r}", "grounds")
        if row.kind == "measure":
            _check_special(measures, row, sections)
        elif any((row.section, row.vulnerable, row.intimidated, row.grounds, row.only_with)):
            sentence = "only a special measure has a section and is open to some alone"
            raise measures.error(row, sentence, "kind")


def _check_special(measures: Table[Measure], row: Measure, seen: set[int | None]) -> None:
    if row.section not in SPECIAL or row.section in seen:
        sentence = "a special measure has one of the sections 23 to 30, each once"
        raise measures.error(row, sentence, "section")
    if not row.statute.endswith(f"section {row.section}"):
        raise measures.error(row, "the statute names another section", "statute")
    if not row.vulnerable or row.intimidated == (row.section in VULNERABLE_ONLY):
        sentence = "sections 29 and 30 are for vulnerable witnesses alone, the others for both"
        raise measures.error(row, sentence, "intimidated")
    seen.add(row.section)


def check_states(states: Table[State]) -> None:
    """Refuse a state that nothing leads to, and a court's decision before a charge."""
    for row in states.rows.values():
        for before in row.after:
            if before != NEW and before not in states.rows:
                raise states.error(row, f"no such state: {before!r}", "after")
        if row.key == NEW or not row.after:
            raise states.error(row, "a state comes after another one, or after new", "after")
        if row.decided and not row.from_charge:
            raise states.error(row, "a court decides from charge on", "from_charge")
        if row.told_first and not row.decided:
            raise states.error(row, "a person tells first what a court decided", "told_first")


def check_words(words: Table[StateWords], measures: Table[Measure], states: Table[State]) -> None:
    """Refuse words for nothing that is there, two for the same, and what promises."""
    seen: set[tuple[object, str]] = set()
    for row in words.rows.values():
        if bool(row.measure) == bool(row.kind):
            raise words.error(row, "words are for a measure or for a kind", "key")
        if row.measure and row.measure not in measures.rows:
            raise words.error(row, f"no such measure: {row.measure!r}", "measure")
        if row.state not in states.rows:
            raise words.error(row, f"no such state: {row.state!r}", "state")
        if (about := (row.measure or row.kind, row.state)) in seen:
            raise words.error(row, "there are words for this already", "state")
        if not (row.label or row.says or row.next):
            raise words.error(row, "a row says something in place of the state", "key")
        _promises_nothing(words, row, ("says", "next"))
        seen.add(about)


def check_grounds(grounds: Table[Ground], answers: Table[FinderAnswer]) -> None:
    """Refuse a ground that rests on no fact, and one of both sections or of none."""
    for row in grounds.rows.values():
        _check_facts(grounds, row, answers, "facts", row.facts)
        if not row.facts:
            raise grounds.error(row, "a ground rests on one fact at least", "facts")
        if row.vulnerable == row.intimidated:
            raise grounds.error(row, "a ground is of section 16 or of section 17", "vulnerable")
        if row.section.startswith("16") != row.vulnerable:
            raise grounds.error(row, "section 16 is for vulnerable witnesses", "section")


def check_answers(questions: Table[Question], answers: Table[FinderAnswer]) -> None:
    """Refuse an answer to no question, and a question with fewer than two answers."""
    for row in answers.rows.values():
        if row.question not in questions.rows:
            raise answers.error(row, f"no such question: {row.question!r}", "question")
    for question in questions.rows.values():
        if sum(row.question == question.key for row in answers.rows.values()) < 2:  # noqa: PLR2004 -- a choice
            raise questions.error(question, "a question has two answers at least", "key")


def check_reasons(
    reasons: Table[Reason],
    measures: Table[Measure],
    answers: Table[FinderAnswer],
    questions: Table[Question],
) -> None:
    """Refuse a reason that never holds or always does, and a measure that has none."""
    for row in reasons.rows.values():
        if row.measure not in measures.rows:
            raise reasons.error(row, f"no such measure: {row.measure!r}", "measure")
        _check_facts(reasons, row, answers, "one_of", row.one_of)
        _check_facts(reasons, row, answers, "all_of", row.all_of)
        _check_facts(reasons, row, answers, "none_of", row.none_of)
        _promises_nothing(reasons, row, ("why",))
        if not (row.one_of or row.all_of):
            raise reasons.error(row, "a reason rests on one answer at least", "key")
        if {*row.one_of, *row.all_of} & {*row.none_of}:
            raise reasons.error(row, "an answer makes it hold and not hold", "none_of")
        asked = [answers.rows[fact].question for fact in row.all_of]
        for question in questions.rows.values():
            if not question.many and asked.count(question.key) > 1:
                raise reasons.error(row, f"{question.key!r} has one answer alone", "all_of")
    explained = {row.measure for row in reasons.rows.values()}
    for measure in measures.rows.values():
        if measure.key not in explained:
            raise measures.error(measure, "there is no reason to ask for this measure", "key")


def _check_facts(
    table: Table[RowT],
    row: RowT,
    answers: Table[FinderAnswer],
    key: str,
    facts: Iterable[str],
) -> None:
    for fact in facts:
        if fact not in answers.rows:
            raise table.error(row, f"no such answer: {fact!r}", key)


def _promises_nothing(table: Table[RowT], row: RowT, keys: Iterable[str]) -> None:
    for key in keys:
        for promise in PROMISES:
            if promise in str(getattr(row, key)).lower():
                raise table.error(row, f"{promise.strip()!r} is a promise", key)

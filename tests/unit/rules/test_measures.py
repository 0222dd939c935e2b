"""Measures, the states of a wish, grounds of the Act, and the finder's questions and reasons."""

import tomllib

import pytest

from chalicelib.rules import RULES_FOLDER, RulesError
from chalicelib.rules.measures import NEW, MeasureRules, load_measures, read_measures
from chalicelib.web.measure_parts import state_words
from tests.unit.rules.spoiled import Folder

FILE = "measures.toml"


@pytest.fixture
def measures() -> MeasureRules:
    """Return the rules on measures as they are."""
    return load_measures()


def test_what_is_read_is_what_is_there(folder: Folder, measures: MeasureRules) -> None:
    assert read_measures(folder.path) == read_measures(RULES_FOLDER) == measures
    data = tomllib.loads((RULES_FOLDER / FILE).read_text(encoding="utf-8"))
    assert [row["key"] for row in data["measure"]] == list(measures.measures)
    assert [row["key"] for row in data["reason"]] == list(measures.reasons)


def test_special_measures_are_those_of_the_act_and_open_to_whom_it_names(
    measures: MeasureRules,
) -> None:
    special = measures.of_kind("measure")
    assert [row.section for row in special] == list(range(23, 31))
    assert all(row.vulnerable for row in special)
    assert [row.section for row in special if row.intimidated] == list(range(23, 29))
    assert measures.measures["recorded_questions"].courts == ("crown",)


def test_there_are_arrangements_and_ways_that_come_instead(measures: MeasureRules) -> None:
    assert [row.key for row in measures.of_kind("instead")] == [
        "link_elsewhere",
        "agreed_statement",
        "unfit_statement",
    ]
    assert len(measures.of_kind("arrangement")) == 10


@pytest.mark.parametrize("promise", ["entitled", "you will", "the right to", "guarantee"])
def test_nothing_is_promised(measures: MeasureRules, promise: str) -> None:
    rows = [
        *measures.measures.values(),
        *measures.reasons.values(),
        *measures.grounds.values(),
        *measures.questions.values(),
    ]
    assert not [row.key for row in rows if promise in str(row).lower()]


@pytest.mark.parametrize("key", ["breaks", "quiet_room", "adjustments", "travel"])
def test_what_nobody_confirmed_is_worded_as_something_to_ask(
    measures: MeasureRules, key: str
) -> None:
    row = measures.measures[key]
    assert row.trust == "U"
    assert "Ask whether" in f"{row.means} {row.in_the_room} {row.who}"


def test_a_wish_goes_from_state_to_state_as_it_was_agreed(measures: MeasureRules) -> None:
    after = {key: set(row.after) for key, row in measures.states.items()}
    assert list(after) == [
        "wished", "discussed", "asked", "applied", "granted", "partly", "refused", "varied",
        "withdrawn",
    ]  # fmt: skip
    assert NEW not in after
    again = {"refused", "withdrawn"}
    assert after["wished"] == {NEW} | again
    assert after["discussed"] == {NEW, "wished"} | again
    assert after["asked"] == {NEW, "wished", "discussed"} | again
    assert after["applied"] == {NEW, "wished", "discussed", "asked"} | again
    for decided in ("granted", "partly", "refused"):
        assert after[decided] == {NEW, "wished", "discussed", "asked", "applied"}
    assert after["varied"] == {"granted", "partly", "varied"}
    assert after["withdrawn"] == set(after) - {"withdrawn"}


def test_what_a_court_decides_comes_from_charge_on_and_a_person_tells_what_hurts(
    measures: MeasureRules,
) -> None:
    states = measures.states.values()
    assert {row.key for row in states if row.decided} == {"granted", "partly", "refused", "varied"}
    assert {row.key for row in states if row.from_charge} == {
        "applied", "granted", "partly", "refused", "varied",
    }  # fmt: skip
    assert {row.key for row in states if row.told_first} == {"partly", "refused", "varied"}


def test_the_states_after_one_stand_in_their_order(measures: MeasureRules) -> None:
    assert [row.key for row in measures.states_after("varied")] == ["varied", "withdrawn"]
    assert measures.states_after(NEW)[0].key == "wished"
    assert measures.states_after("unheard of") == ()


def test_only_those_named_are_eligible_without_a_court_being_satisfied(
    measures: MeasureRules,
) -> None:
    automatic = {row.section for row in measures.grounds.values() if row.automatic}
    assert automatic == {"16(1)(a)", "17(4)", "17(4A)", "17(5)"}


def test_the_finder_asks_eight_plain_questions(measures: MeasureRules) -> None:
    assert list(measures.questions) == [
        "age", "health", "feeling", "crime", "person", "people", "questions", "journey",
    ]  # fmt: skip
    assert [row.key for row in measures.questions.values() if not row.many] == ["age"]


@pytest.mark.parametrize(
    ("row", "old", "new", "words"),
    [
        ("screen", 'kind = "measure"', 'kind = "arrangement"', "only a special measure"),
        ("screen", "section = 23", "section = 33", "23 to 30"),
        ("live_link", "section = 24", "section = 23", "each once"),
        ("screen", "vulnerable = true", "vulnerable = false", "vulnerable witnesses alone"),
        ("intermediary", "intimidated = false", "intimidated = true", "29 and 30"),
        ("screen", "intimidated = true", "intimidated = false", "29 and 30"),
        (
            "screen",
            'statute = "Youth Justice and Criminal Evidence Act 1999, section 23"',
            'statute = "Youth Justice and Criminal Evidence Act 1999, section 24"',
            "another section",
        ),
        ("screen", 'courts = ["crown", "magistrates"]', "courts = []", "one court at least"),
        ("screen", 'courts = ["crown", "magistrates"]', 'courts = ["county"]', "a list of"),
        (
            "in_private",
            'only_with = ["sexual", "slavery", "domestic_abuse", "others_frighten"]',
            'only_with = ["theft"]',
            "no such answer",
        ),
        (
            "recorded_questions",
            'grounds = ["age", "condition", "sexual_or_slavery"]',
            'grounds = ["old"]',
            "no such ground",
        ),
        ("granted", "from_charge = true", "from_charge = false", "from charge on"),
        ("wished", "told_first = false", "told_first = true", "a court decided"),
        ("wished", 'after = ["new", "refused", "withdrawn"]', "after = []", "after another"),
        ("wished", 'after = ["new", "refused", "withdrawn"]', 'after = ["old"]', "no such state"),
        ("wished", 'key = "wished"', 'key = "new"', "after another"),
        ("arranged_asked", 'kind = "arrangement"', "", "for a measure or for a kind"),
        ("arranged_asked", 'kind = "arrangement"', 'measure = "a_letter"', "no such measure"),
        ("arranged_asked", 'state = "asked"', 'state = "begged"', "no such state"),
        ("arranged_asked", 'state = "asked"', 'state = "granted"', "words for this already"),
        ("age", 'facts = ["under_18"]', 'facts = ["young"]', "no such answer"),
        ("age", 'facts = ["under_18"]', "facts = []", "one fact at least"),
        ("age", "intimidated = false", "intimidated = true", "section 16 or of section 17"),
        ("age", 'section = "16(1)(a)"', 'section = "17(1)"', "section 16 is for"),
        ("adult", 'question = "age"', 'question = "years"', "no such question"),
        ("screen_see", 'measure = "screen"', 'measure = "curtain"', "no such measure"),
        ("screen_see", 'all_of = ["not_see"]', 'all_of = ["see"]', "no such answer"),
        ("screen_see", 'all_of = ["not_see"]', "all_of = []", "one answer at least"),
        ("screen_see", 'all_of = ["not_see"]', 'all_of = ["cannot_come"]', "hold and not hold"),
        ("screen_see", 'none_of = ["cannot_come"]', 'none_of = ["cannot"]', "no such answer"),
        ("screen_see", 'all_of = ["not_see"]', 'all_of = ["adult", "under_18"]', "one answer"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    folder: Folder, row: str, old: str, new: str, words: str
) -> None:
    first = folder.line_of_row(FILE, row)
    line = folder.change(FILE, row, old, new)
    with pytest.raises(RulesError, match=words) as refused:
        read_measures(folder.path)
    at = int(str(refused.value).split(":")[1])
    assert first <= at <= max(line, first + 25), "it names the row"


def test_a_reason_that_promises_is_refused(folder: Folder) -> None:
    why = f'why = "{load_measures().reasons["screen_see"].why}"'
    line = folder.change(FILE, "screen_see", why, 'why = "You will have a screen."')
    folder.refuses(FILE, line, "a promise", read_measures)


def test_words_of_a_state_promise_nothing_and_say_something(folder: Folder) -> None:
    says = f'says = "{load_measures().words["arranged_granted"].says}"'
    line = folder.change(FILE, "arranged_granted", says, 'says = "You will have it."')
    folder.refuses(FILE, line, "a promise", read_measures)
    folder.change(FILE, "arranged_granted", 'says = "You will have it."', says)
    label = 'label = "Asked of the prosecutor"'
    folder.change(FILE, "instead_asked", label, "")
    line = folder.line_of_row(FILE, "instead_asked") + 1
    folder.refuses(FILE, line, "in place of the state", read_measures)


@pytest.mark.parametrize(
    ("measure", "state", "words"),
    [
        ("agreed_statement", "applied", ("sent to the other side", "do not object in time")),
        ("agreed_statement", "granted", ("did not object in time", "can still ask you to come")),
        ("unfit_statement", "asked", ("something from a doctor",)),
        ("unfit_statement", "applied", ("told the court and the other side", "it can refuse")),
        ("link_elsewhere", "applied", ("asked the court", "also about the place")),
        ("supporter", "granted", ("This is arranged.",)),
        ("screen", "granted", ("The court allowed this.",)),
        ("unfit_statement", "varied", ("The court changed what it had decided",)),
    ],
)
def test_each_way_says_what_its_own_law_says(
    measures: MeasureRules, measure: str, state: str, words: tuple[str, ...]
) -> None:
    said = state_words(measures.measures[measure], measures.states[state])
    assert all(each in f"{said.says} {said.next}" for each in words)


@pytest.mark.parametrize("state", ["wished", "discussed", "asked", "applied", "granted"])
def test_no_statement_is_said_to_be_applied_for_or_on_the_form_for_measures(
    measures: MeasureRules, state: str
) -> None:
    for key in ("agreed_statement", "unfit_statement"):
        said = str(state_words(measures.measures[key], measures.states[state]))
        assert not [each for each in ("MG2", "form", "applied", "allowed this") if each in said]


def test_a_question_with_one_answer_is_refused(folder: Folder) -> None:
    line = folder.append(
        FILE,
        '\n[[question]]\nkey = "more"\ntext = "More?"\nmany = true\nsource = "Our wording"\n'
        'trust = "U"\nchecked_on = 2026-11-26\n',
    )
    folder.refuses(FILE, line + 2, "two answers at least", read_measures)


def test_a_measure_that_nobody_is_told_of_is_refused(folder: Folder) -> None:
    for key in ("travel_hard", "travel_access", "travel_cannot"):
        folder.change(FILE, key, 'measure = "travel"', 'measure = "breaks"')
    line = folder.line_of_row(FILE, "travel") + 1
    folder.refuses(FILE, line, "no reason to ask", read_measures)

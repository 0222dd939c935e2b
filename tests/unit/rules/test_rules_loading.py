"""Data files that cannot be used: each is refused with its name and line."""

import pytest

from chalicelib.rules import RulesError, load_rules, read_rules
from tests.unit.rules.spoiled import Folder


def test_an_untouched_copy_is_read(folder: Folder) -> None:
    assert read_rules(folder.path).stages == load_rules().stages


def test_an_unknown_key_names_file_and_line(folder: Folder) -> None:
    line = folder.change("stages.toml", "charged", "decided = true", "decidde = true")

    folder.refuses("stages.toml", line, "unknown key 'decidde'")


def test_a_missing_key_names_the_row(folder: Folder) -> None:
    folder.change("stages.toml", "charged", "decided = true", "")

    folder.refuses(
        "stages.toml", folder.line_of_row("stages.toml", "charged"), "'decided' is missing"
    )


@pytest.mark.parametrize(
    ("file", "row", "old", "new", "words"),
    [
        ("stages.toml", "charged", "decided = true", "decided = 1", "should be bool"),
        ("stages.toml", "charged", 'who = "Witness Care"', 'who = ""', "is empty"),
        ("stages.toml", "charged", 'trust = "U"', 'trust = "D"', "one of A, B, C, U"),
        (
            "stages.toml",
            "charged",
            "checked_on = 2026-11-22",
            "checked_on = 2026-11-22T00:00:00",
            "should be date",
        ),
        (
            "stages.toml",
            "with_cps",
            "code_events = []",
            'code_events = "charged"',
            "should be a list of str",
        ),
        ("stages.toml", "with_cps", "code_events = []", "code_events = [1]", "a list of str"),
        (
            "code_limits.toml",
            "charged",
            "standard_working_days = 5",
            "standard_working_days = true",
            "should be int",
        ),
        ("code_limits.toml", "charged", "shown = false", 'shown = "no"', "should be bool"),
        (
            "code_limits.toml",
            "charged",
            'recorded_as = "outcome"',
            'recorded_as = "stage"',
            "one of event, outcome, elsewhere",
        ),
        (
            "code_limits.toml",
            "charged",
            'when = "any"',
            'when = "always"',
            "one of before_decision, from_charge, any",
        ),
        ("limits.toml", "contact.reply", "amount = 5", 'amount = "5"', "should be int or time"),
    ],
)
def test_a_wrong_type_names_file_and_line(
    folder: Folder, file: str, row: str, old: str, new: str, words: str
) -> None:
    line = folder.change(file, row, old, new)

    folder.refuses(file, line, words)


@pytest.mark.parametrize(
    ("file", "row", "old", "new", "words"),
    [
        (
            "outcomes.toml",
            "charged",
            'stage = "charged"',
            'stage = "chargd"',
            "no such stage: 'chargd'",
        ),
        ("outcomes.toml", "charged", "decided = true", "decided = false", "differs from the stage"),
        ("outcomes.toml", "charged", 'group = "charge"', 'group = "none"', "the group is none"),
        (
            "outcomes.toml",
            "warning",
            'police_uk = ["Offender given a drugs possession warning"]',
            'police_uk = ["Suspect charged"]',
            "'Suspect charged' stands twice",
        ),
        (
            "outcomes.toml",
            "diversion",
            'home_office_types = ["22"]',
            'home_office_types = ["1A"]',
            "'1A' stands twice",
        ),
        (
            "stages.toml",
            "with_cps",
            "code_events = []",
            'code_events = ["chargd"]',
            "no such event: 'chargd'",
        ),
        (
            "stages.toml",
            "with_cps",
            'ahead = ["decision"]',
            'ahead = ["decison"]',
            "no such step: 'decison'",
        ),
        (
            "stages.toml",
            "with_cps",
            'ahead = ["decision"]',
            'ahead = ["investigation"]',
            "do not stand in their order",
        ),
        (
            "force.toml",
            "officers_team",
            'phone = "101"',
            'link = "Their website"',
            "words that name where it leads",
        ),
        (
            "force.toml",
            "complaint",
            'link = "How the Commissioner\'s Office looks at complaints again"',
            'link = "Victim Support website"',
            "'Victim Support website' stands twice",
        ),
        (
            "crime_types.toml",
            "drugs",
            "open_to_lookup = false",
            "open_to_lookup = true",
            "only then",
        ),
        (
            "crime_types.toml",
            "theft",
            "open_to_lookup = true",
            "open_to_lookup = false",
            "closed_reason",
        ),
        ("crime_types.toml", "drugs", 'police_uk = "Drugs"', 'police_uk = "Burglary"', "twice"),
        ("limits.toml", "contact.reply", "amount = 5", "amount = 0", "at least 1"),
        ("limits.toml", "contact.reply", "amount = 5", "amount = 17:00:00", "do not fit"),
        (
            "limits.toml",
            "contact.receipt_cut_off",
            "amount = 17:00:00",
            "amount = 17",
            "do not fit",
        ),
        (
            "limits.toml",
            "contact.reply",
            'name = "reply_working_days"',
            'name = "reply_days"',
            "no such limit",
        ),
        (
            "limits.toml",
            "session.idle",
            'name = "session_idle_minutes"',
            'name = "reply_working_days"',
            "or twice",
        ),
        ("code_limits.toml", "charged", "right = 6", "right = 13", "rights 1 to 12"),
        (
            "code_limits.toml",
            "sentence",
            "shown = false",
            "shown = true",
            "no page is the first to tell an outcome",
        ),
        ("rhythms.toml", "every_5", "working_days = 5", "working_days = 0", "at least 1"),
        (
            "stages.toml",
            "recorded_officer",
            'label = "Given to an officer"',
            'label = "Report recorded"',
            "'Report recorded' stands twice at this stage",
        ),
        (
            "stages.toml",
            "with_cps_more_asked",
            'label = "The prosecutors asked for more"',
            'label = "How the prosecutors decide"',
            "'How the prosecutors decide' stands twice at this stage",
        ),
        (
            "stages.toml",
            "with_cps_more_asked",
            'stage = "with_cps"',
            'stage = "with_csp"',
            "no such stage: 'with_csp'",
        ),
        (
            "stages.toml",
            "with_cps_more_asked",
            'stage = "with_cps"',
            'stage = "charged"',
            "no one asks at the stage 'charged'",
        ),
        (
            "force.toml",
            "demonstration",
            'reference_example = "12/345678/90"',
            'reference_example = "12/345678/901"',
            "does not fit the pattern",
        ),
        ("force.toml", "support", 'phone = "08 08 16 89 111"', 'phone = ""', "is empty"),
        ("roles.toml", "partner", "sees_cases = false", "sees_cases = true", "says which"),
        ("roles.toml", "officer", "supports = false", "supports = true", "agreed to it"),
        (
            "roles.toml",
            "administrator",
            "keeps_staff = true",
            "keeps_staff = 1",
            "should be bool",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    folder: Folder, file: str, row: str, old: str, new: str, words: str
) -> None:
    line = folder.change(file, row, old, new)

    folder.refuses(file, line, words)


def test_an_update_of_an_unknown_stage_is_refused(folder: Folder) -> None:
    line = folder.change("stages.toml", "court_date", 'stage = "court"', 'stage = "cort"')

    folder.refuses("stages.toml", line, "no such stage: 'cort'")


def test_a_stage_without_a_sentence_to_post_is_refused(folder: Folder) -> None:
    folder.change("stages.toml", "closed_ended", 'stage = "closed"', 'stage = "court"')

    folder.refuses("stages.toml", folder.line_of_row("stages.toml", "closed"), "has no update")


def test_a_stage_at_which_one_can_ask_without_an_answer_to_send_is_refused(folder: Folder) -> None:
    text = (folder.path / "stages.toml").read_text()
    rows = text.split("[[reply]]\n")
    kept = [row for row in rows if not row.startswith('key = "with_cps_')]
    folder.write("stages.toml", "[[reply]]\n".join(kept))

    folder.refuses("stages.toml", folder.line_of_row("stages.toml", "with_cps"), "has no reply")


def test_an_answer_that_is_too_long_to_send_is_refused(folder: Folder) -> None:
    longest = load_rules().limits.message_characters
    old = f'text = "{load_rules().replies["with_cps_more_asked"].text}"'

    line = folder.change("stages.toml", "with_cps_more_asked", old, f'text = "{"x" * longest}"')
    assert len(read_rules(folder.path).replies["with_cps_more_asked"].text) == longest

    folder.change(
        "stages.toml",
        "with_cps_more_asked",
        f'text = "{"x" * longest}"',
        f'text = "{"x" * (longest + 1)}"',
    )
    folder.refuses("stages.toml", line, f"longer than {longest} characters")


def test_an_update_without_a_label_is_refused(folder: Folder) -> None:
    folder.change("stages.toml", "closed_ended", 'label = "The case has ended"', "")

    folder.refuses(
        "stages.toml", folder.line_of_row("stages.toml", "closed_ended"), "'label' is missing"
    )


@pytest.mark.parametrize("key", ["shown", "recorded_as", "when"])
def test_an_event_that_does_not_say_who_tells_it_first_is_refused(folder: Folder, key: str) -> None:
    said = {"shown": "false", "recorded_as": '"outcome"', "when": '"any"'}
    folder.change("code_limits.toml", "charged", f"{key} = {said[key]}", "")

    folder.refuses(
        "code_limits.toml",
        folder.line_of_row("code_limits.toml", "charged"),
        f"'{key}' is missing",
    )


def test_a_second_rhythm_without_updates_is_refused(folder: Folder) -> None:
    folder.change("rhythms.toml", "every_20", "working_days = 20", "")

    line = folder.line_of_row("rhythms.toml", "no_updates")
    folder.refuses("rhythms.toml", line, "exactly one rhythm has no working_days")


def test_a_choice_of_no_regular_updates_must_be_there(folder: Folder) -> None:
    text = (folder.path / "rhythms.toml").read_text()
    folder.write("rhythms.toml", text[: text.rindex("[[rhythm]]")])

    line = folder.line_of_row("rhythms.toml", "every_5")
    folder.refuses("rhythms.toml", line, "exactly one rhythm has no working_days")


def test_half_a_pair_of_limits_is_refused(folder: Folder) -> None:
    folder.change("code_limits.toml", "charged", "enhanced_working_days = 1", "")

    folder.refuses(
        "code_limits.toml", folder.line_of_row("code_limits.toml", "charged"), "or neither"
    )


def test_a_missing_limit_is_named(folder: Folder) -> None:
    text = (folder.path / "limits.toml").read_text()
    rows = text.split("\n[[limit]]\n")
    folder.write("limits.toml", "\n[[limit]]\n".join(r for r in rows if "request.call" not in r))

    with pytest.raises(RulesError, match=r"limits\.toml:\d+: .*'call_seconds' is missing"):
        read_rules(folder.path)


def test_the_type_for_what_is_not_known_must_be_there_and_careful(folder: Folder) -> None:
    folder.change("crime_types.toml", "unknown", "safe_mode = true", "safe_mode = false")

    with pytest.raises(RulesError, match="'unknown' must be there"):
        read_rules(folder.path)


def test_a_number_that_nobody_confirmed_is_not_printed(folder: Folder) -> None:
    folder.change("force.toml", "support", 'trust = "A"', 'trust = "C"')

    with pytest.raises(RulesError, match=r"force\.toml:\d+: a number marked C or U"):
        read_rules(folder.path)


def test_a_second_force_is_refused(folder: Folder) -> None:
    text = (folder.path / "force.toml").read_text()
    force = text[text.index("[[force]]") : text.index("[[contact]]")]
    line = folder.append("force.toml", force.replace('"demonstration"', '"second"'))

    folder.refuses("force.toml", line, "there is one force")


def test_a_role_has_one_way_to_see_cases_and_the_keeper_of_staff_none(folder: Folder) -> None:
    folder.change("roles.toml", "officer", "from_charge_only = false", "from_charge_only = true")
    with pytest.raises(RulesError, match=r"roles\.toml:\d+: .*or those from charge on"):
        read_rules(folder.path)

    folder.change("roles.toml", "officer", "from_charge_only = true", "from_charge_only = false")
    folder.change("roles.toml", "officer", "keeps_staff = false", "keeps_staff = true")
    with pytest.raises(RulesError, match=r"roles\.toml:\d+: who keeps the staff sees no case"):
        read_rules(folder.path)


def test_a_key_that_stands_twice_is_refused(folder: Folder) -> None:
    folder.change("flags.toml", "hate", 'key = "hate"', 'key = "child"')

    with pytest.raises(RulesError, match=r"flags\.toml:\d+: the key 'child' stands twice"):
        read_rules(folder.path)


def test_a_kind_of_row_that_nobody_knows_is_refused(folder: Folder) -> None:
    line = folder.append("flags.toml", '[[flagg]]\nkey = "x"\n')

    folder.refuses("flags.toml", line, "no such kind of row: 'flagg'")


def test_a_value_outside_any_row_is_refused(folder: Folder) -> None:
    before = (folder.path / "flags.toml").read_text()
    folder.write("flags.toml", 'version = "1"\n' + before)

    folder.refuses("flags.toml", 1, "'version' is no row")


def test_a_file_without_rows_is_refused(folder: Folder) -> None:
    folder.write("flags.toml", "# nothing here\n")

    folder.refuses("flags.toml", 1, "no row of the kind 'flag'")


@pytest.mark.parametrize(
    ("text", "line"), [('[[flag]]\nkey = "x"\nlabel = \n', 3), ('[[flag]]\nkey = """x', 2)]
)
def test_a_file_that_is_no_toml_names_the_line(folder: Folder, text: str, line: int) -> None:
    folder.write("flags.toml", text)

    with pytest.raises(RulesError, match=rf"flags\.toml:{line}: "):
        read_rules(folder.path)


def test_rules_are_read_once_and_cannot_be_changed() -> None:
    assert load_rules() is load_rules()
    with pytest.raises(TypeError):
        load_rules().stages["charged"] = load_rules().stages["court"]  # type: ignore[index]

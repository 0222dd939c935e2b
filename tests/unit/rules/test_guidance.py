"""What the guidance pages rest on: figures, services, measures, expectations."""

import pytest

from chalicelib.domain.access import CODE_LENGTH
from chalicelib.rules import RULES_FOLDER, Rules
from chalicelib.rules.guidance import Guidance, load_guidance, read_guidance
from tests.unit.rules.spoiled import Folder


@pytest.fixture
def guidance() -> Guidance:
    """The guidance rules as they are."""
    return load_guidance()


def test_what_is_read_is_what_is_there(folder: Folder, guidance: Guidance) -> None:
    assert read_guidance(folder.path) == read_guidance(RULES_FOLDER) == guidance


def test_every_measure_is_open_to_whom_the_act_names(guidance: Guidance) -> None:
    measures = guidance.measures.values()
    assert [each.section for each in measures if each.vulnerable] == list(range(23, 31))
    assert [each.section for each in measures if each.intimidated] == list(range(23, 29))


def test_no_measure_is_promised(guidance: Guidance) -> None:
    for each in guidance.measures.values():
        words = f"{each.means} {each.in_the_room} {each.who} {each.does_not}".lower()
        assert "entitled" not in words
        assert "you will" not in words


def test_expectations_are_those_collected_each_with_what_it_rests_on(
    guidance: Guidance, rules: Rules
) -> None:
    rows = list(guidance.expectations.values())
    assert len(rows) == 21
    assert [row.number for row in rows if row.basis == "code"] == [1, 6, 16, 18, 19]
    assert [row.number for row in rows if row.basis == "national"] == [10, 15]
    proposed = {row.number: row.working_days for row in rows if row.basis == "local"}
    assert proposed == {
        2: 2, 3: 5, 4: 2, 5: 5, 7: 20, 8: 3, 9: 2, 11: 1, 12: 1, 13: 5, 14: 1, 17: None, 20: 5,
        21: 5,
    }  # fmt: skip
    for row in rows:
        assert bool(row.code_limit) == (row.basis == "code")
        assert not row.code_limit or rules.code_limits[row.code_limit].trust in "AB"


def test_the_figures_of_the_criminal_procedure_rules(guidance: Guidance) -> None:
    figures = {key: (row.amount, row.unit) for key, row in guidance.figures.items()}
    assert figures["measures.apply_crown"] == (10, "business_days")
    assert figures["measures.apply_magistrates"] == (20, "business_days")
    assert figures["measures.object"] == (10, "business_days")
    assert figures["statement.object"] == (5, "business_days")


def test_pages_speak_of_as_many_letters_as_a_code_has(rules: Rules) -> None:
    assert rules.limits.code_letters == CODE_LENGTH


def test_the_service_and_the_directory_print_the_same_numbers(
    guidance: Guidance, rules: Rules
) -> None:
    listed = {service.web: service.phone for service in guidance.services.values() if service.web}
    both = [contact for contact in rules.contacts.values() if contact.url in listed]
    assert {contact.key for contact in both} >= {"support", "not_emergency"}
    for contact in both:
        assert contact.phone in ("", listed[contact.url])


def test_a_service_that_has_closed_and_numbers_nobody_confirmed_are_not_listed(
    guidance: Guidance,
) -> None:
    words = " ".join(map(str, guidance.services.values())).lower()
    for gone in ("savana", "0330 0881 339", "01785 601690", "0808 802 4040"):
        assert gone not in words


def test_every_topic_has_a_service_and_every_service_a_way_to_it(guidance: Guidance) -> None:
    used = {topic for service in guidance.services.values() for topic in service.topics}
    assert used == set(guidance.topics)
    assert len(guidance.services) >= 35


def test_services_differ_in_name(guidance: Guidance) -> None:
    names = [service.name for service in guidance.services.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("row", "old", "new", "words"),
    [
        ("new_era", 'phone = "0300 303 3778"', 'phone = "0300 303"', "as it is dialled"),
        ("new_era", 'phone = "0300 303 3778"', 'phone = "+44 300 303 3778"', "as it is dialled"),
        ("new_era", 'web = "https://www.new-era.uk"', 'web = "http://www.new-era.uk"', "https://"),
        ("paladin", 'topics = ["stalking"]', 'topics = ["stalkers"]', "no such topic"),
        ("paladin", 'topics = ["stalking"]', "topics = []", "one topic at least"),
        ("survive", 'area = "staffordshire"', 'area = "stafford"', "one of staffordshire"),
    ],
)
def test_a_service_that_cannot_be_printed_is_refused(
    folder: Folder, row: str, old: str, new: str, words: str
) -> None:
    line = folder.change("services.toml", row, old, new)
    folder.refuses("services.toml", line, words, read_guidance)


def test_a_number_that_is_not_sure_is_refused(folder: Folder) -> None:
    phone = 'phone = "0300 303 3778"'
    line = folder.change("services.toml", "new_era", phone, phone)
    folder.change("services.toml", "new_era", 'trust = "B"', 'trust = "C"')
    folder.refuses("services.toml", line, "marked C or U", read_guidance)


def test_a_service_that_nobody_can_find_is_refused(folder: Folder) -> None:
    find = "We could not confirm a number. Ask Victim Support or the police to put you in touch."
    folder.change("services.toml", "survive", f'find = "{find}"', "")
    line = folder.line_of_row("services.toml", "survive") + 2
    folder.refuses("services.toml", line, "how the service is found", read_guidance)


def test_expectations_are_counted_without_a_gap(folder: Folder) -> None:
    line = folder.change("expectations.toml", "plan", "number = 5", "number = 6")
    folder.refuses("expectations.toml", line, "number 5", read_guidance)


def test_a_local_standard_does_not_pass_for_a_rule(folder: Folder) -> None:
    line = folder.change("expectations.toml", "plan", 'trust = "U"', 'trust = "A"')
    folder.refuses("expectations.toml", line, "marked U", read_guidance)

"""What the rules say, against lists that were written down apart from them."""

import csv
import re
from pathlib import Path

import pytest

from chalicelib.rules import Rules
from tests.unit.rules.test_words import NAMES_OF_CRIMES, WORDS_OF_BLAME, WORDS_OF_CUSTODY

WORDS_OF_A_PROMISE = re.compile(
    r"\d (working )?(day|week|month)|(mon|tues|wednes|thurs|fri)day|tomorrow|next week"
    r"|(court|judge|jury) will",
    re.IGNORECASE,
)
LONGEST_SENTENCE_WORDS = 25
LADDER = [
    "recorded",
    "assessing",
    "investigating",
    "not_investigated",
    "suspect_spoken_to",
    "released_bail",
    "released_rui",
    "with_cps",
    "charged",
    "out_of_court",
    "no_further_action",
    "court",
    "closed",
]
# Every "Last outcome category" of data.police.uk, and where a case with it stands.
CATEGORIES = {
    "Action to be taken by another organisation": "no_further_action",
    "Awaiting court outcome": "court",
    "Court case unable to proceed": "closed",
    "Court result unavailable": "court",
    "Defendant found not guilty": "closed",
    "Defendant sent to Crown Court": "court",
    "Formal action is not in the public interest": "no_further_action",
    "Further action is not in the public interest": "no_further_action",
    "Further investigation is not in the public interest": "no_further_action",
    "Investigation complete; no suspect identified": "no_further_action",
    "Local resolution": "out_of_court",
    "Offender deprived of property": "closed",
    "Offender fined": "closed",
    "Offender given a caution": "out_of_court",
    "Offender given a drugs possession warning": "out_of_court",
    "Offender given a penalty notice": "out_of_court",
    "Offender given absolute discharge": "closed",
    "Offender given community sentence": "closed",
    "Offender given conditional discharge": "closed",
    "Offender given penalty notice": "out_of_court",
    "Offender given suspended prison sentence": "closed",
    "Offender ordered to pay compensation": "closed",
    "Offender otherwise dealt with": "closed",
    "Offender sent to prison": "closed",
    "Status update unavailable": "investigating",
    "Suspect charged": "charged",
    "Suspect charged as part of another case": "charged",
    "Unable to prosecute suspect": "no_further_action",
    "Under investigation": "investigating",
}
CRIME_TYPES = [
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
]


def test_the_ladder_has_thirteen_stages_in_order(rules: Rules) -> None:
    assert list(rules.stages) == LADDER


def test_before_a_decision_no_page_promises_anything_beyond_it(rules: Rules) -> None:
    for stage in rules.stages.values():
        beyond = {"court", "finished"} & {*stage.behind, *stage.ahead}
        assert stage.from_charge or not beyond, stage.key
        assert stage.decided == ("decision" not in stage.ahead)


@pytest.mark.parametrize(
    "stage", ["not_investigated", "released_bail", "released_rui", "no_further_action", "closed"]
)
def test_bad_news_is_marked(rules: Rules, stage: str) -> None:
    assert rules.stages[stage].bad_news


def test_questions_close_with_a_decision_and_not_before(rules: Rules) -> None:
    decided = {stage.key for stage in rules.stages.values() if stage.decided}

    assert decided == {
        "not_investigated", "charged", "out_of_court", "no_further_action", "court", "closed"
    }  # fmt: skip


def test_witness_care_sees_what_went_to_court_only(rules: Rules) -> None:
    from_charge = {stage.key for stage in rules.stages.values() if stage.from_charge}

    assert from_charge == {"charged", "court", "closed"}
    assert rules.outcomes["another_organisation"].stage not in from_charge


def test_every_stage_has_one_to_three_sentences_to_post(rules: Rules) -> None:
    for stage in rules.stages:
        assert 1 <= len(rules.updates_for(stage)) <= 3


def test_every_stage_at_which_one_can_ask_has_two_to_four_answers_to_send(rules: Rules) -> None:
    for stage in rules.stages.values():
        assert len(rules.replies_for(stage.key)) in ((0,) if stage.decided else (2, 3, 4))
    assert all(reply.key.startswith(f"{reply.stage}_") for reply in rules.replies.values())


def test_labels_of_ready_words_fit_into_a_list(rules: Rules) -> None:
    for row in (*rules.updates.values(), *rules.replies.values()):
        assert len(row.label) <= 40
        assert not row.label.endswith(".")


def test_ready_words_say_nothing_of_custody_crime_or_blame(rules: Rules) -> None:
    for row in (*rules.updates.values(), *rules.replies.values()):
        for forbidden in (WORDS_OF_CUSTODY, NAMES_OF_CRIMES, WORDS_OF_BLAME):
            assert not forbidden.search(f"{row.label} {row.text}"), row.key


def test_an_answer_to_send_promises_no_day_and_nothing_for_a_court(rules: Rules) -> None:
    for reply in rules.replies.values():
        assert not WORDS_OF_A_PROMISE.search(reply.text), reply.key


def test_an_answer_to_send_has_short_sentences(rules: Rules) -> None:
    for reply in rules.replies.values():
        for sentence in re.split(r"[.?!]", reply.text):
            assert len(sentence.split()) <= LONGEST_SENTENCE_WORDS, sentence


@pytest.mark.parametrize("stage", ["released_bail", "released_rui"])
def test_who_fears_for_their_safety_is_told_whom_to_call(rules: Rules, stage: str) -> None:
    assert any("101" in row.text and "999" in row.text for row in rules.replies_for(stage))


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_of_the_published_files_has_its_stage(rules: Rules, category: str) -> None:
    outcome = rules.outcome_for_police_uk(category)

    assert outcome is not None
    assert outcome.stage == CATEGORIES[category]


def test_only_two_categories_are_no_decision(rules: Rules) -> None:
    undecided = {name for name in CATEGORIES if not _decided(rules, name)}

    assert undecided == {"Status update unavailable", "Under investigation"}


def _decided(rules: Rules, category: str) -> bool:
    outcome = rules.outcome_for_police_uk(category)
    return outcome is not None and outcome.decided


def test_the_rules_know_no_category_but_the_published_ones(rules: Rules) -> None:
    known = {name for outcome in rules.outcomes.values() for name in outcome.police_uk}

    assert known == set(CATEGORIES)
    assert rules.outcome_for_police_uk("") is None
    assert rules.outcome_for_police_uk("Something new") is None


def test_every_home_office_type_has_one_outcome(rules: Rules) -> None:
    numbers = [str(number) for number in range(1, 23)] + ["1A", "2A", "3A"]

    found = [rules.outcome_for_home_office(number) for number in numbers]

    assert None not in found
    assert len({outcome.key for outcome in found if outcome}) == 22
    assert rules.outcome_for_home_office("23") is None


@pytest.mark.parametrize(
    ("number", "review"),
    [
        ("1", "none"),
        ("3", "none"),  # dealt with out of court
        ("8", "none"),  # dealt with out of court
        ("9", "cps_vrr"),  # decided by the Crown Prosecution Service
        ("10", "police_vrr"),
        ("14", "none"),  # no suspect identified
        ("15", "police_vrr"),
        ("16", "none"),  # the person did not wish to go on
        ("18", "none"),  # no suspect identified
        ("20", "none"),  # passed to others
        ("22", "none"),  # dealt with out of court
    ],
)
def test_a_review_is_offered_only_where_one_may_apply(
    rules: Rules, number: str, review: str
) -> None:
    outcome = rules.outcome_for_home_office(number)

    assert outcome is not None
    assert outcome.review == review


def test_a_verdict_has_no_review_and_a_stopped_court_case_may_have(rules: Rules) -> None:
    assert rules.outcomes["not_guilty"].review == "none"
    assert rules.outcomes["court_case_stopped"].review == "cps_vrr"


def test_every_review_that_may_apply_has_words_and_what_it_leaves_out(rules: Rules) -> None:
    for review in {outcome.review for outcome in rules.outcomes.values()} - {"none"}:
        assert rules.contacts[review].leaves_out
        assert "3 months" in rules.contacts[review].text


def test_not_guilty_and_no_further_action_are_told_by_a_person(rules: Rules) -> None:
    assert rules.outcomes["not_guilty"].bad_news
    for outcome in rules.outcomes.values():
        assert outcome.bad_news or outcome.group not in {"nfa", "stopped"}


def test_staff_can_choose_every_home_office_type(rules: Rules) -> None:
    for outcome in rules.outcomes.values():
        assert outcome.on_form or not outcome.home_office_types


@pytest.mark.parametrize("name", CRIME_TYPES)
def test_every_crime_type_of_the_real_files_is_known(rules: Rules, name: str) -> None:
    assert rules.crime_type_for_police_uk(name).police_uk == name


@pytest.mark.parametrize("name", ["", "Something new"])
def test_what_is_not_known_is_in_safe_mode_and_closed(rules: Rules, name: str) -> None:
    for crime_type in (rules.crime_type_for_police_uk(name), rules.crime_type(name)):
        assert crime_type.key == "unknown"
        assert crime_type.safe_mode
        assert not crime_type.open_to_lookup


def test_violence_and_sexual_offences_of_the_real_files_are_in_safe_mode(rules: Rules) -> None:
    assert rules.crime_type_for_police_uk("Violence and sexual offences").safe_mode


@pytest.mark.parametrize(
    "key",
    ["rape", "sexual_offences", "stalking_harassment", "child_abuse", "controlling_behaviour"],
)
def test_abuse_stalking_and_sexual_types_are_open_in_safe_mode(rules: Rules, key: str) -> None:
    crime_type = rules.crime_type(key)

    assert crime_type.open_to_lookup
    assert crime_type.safe_mode
    assert crime_type.high_harm


def test_wounding_with_intent_is_high_harm(rules: Rules) -> None:
    assert rules.crime_type("serious_wounding").high_harm


def test_domestic_abuse_is_a_flag_and_no_crime_type(rules: Rules) -> None:
    assert "domestic_abuse" in rules.flags
    assert "domestic_abuse" not in rules.crime_types


def test_the_flags_are_those_of_the_service_and_all_ask_for_safe_mode(rules: Rules) -> None:
    assert set(rules.flags) == {
        "domestic_abuse", "stalking", "honour_based", "sexual", "hate", "child", "restricted",
        "opposed_victims", "safe_mode",
    }  # fmt: skip
    assert all(flag.safe_mode for flag in rules.flags.values())


def test_a_closed_type_says_why_and_what_to_do(rules: Rules) -> None:
    closed = [row for row in rules.crime_types.values() if not row.open_to_lookup]

    assert {row.key for row in closed} >= {"homicide", "drugs", "unknown"}
    assert all("101" in row.closed_reason for row in closed)


def test_the_limits_of_the_code_are_the_collected_ones(rules: Rules) -> None:
    def days(text: str) -> int | None:
        return None if text == "-" else int(text)

    with (Path(__file__).parent / "code_limits.csv").open(newline="") as file:
        collected = {
            row["event_id"]: (
                row["event"],
                int(row["right"]),
                row["who_tells"],
                row["clock_from"],
                days(row["std_wd"]),
                days(row["enh_wd"]),
                row["conf"],
            )
            for row in csv.DictReader(file)
        }

    assert collected == {
        limit.key: (
            limit.event,
            limit.right,
            limit.who_tells,
            limit.clock_from,
            limit.standard_working_days,
            limit.enhanced_working_days,
            limit.trust,
        )
        for limit in rules.code_limits.values()
        # What the Code does not name is ours, and was collected nowhere.
        if limit.key not in {"suspect_death", "review_refused"}
    }


def test_only_practical_news_may_be_on_a_page_before_a_person_told_it(rules: Rules) -> None:
    assert {row.key for row in rules.code_limits.values() if row.shown} == {
        "written_confirmation", "support_referral", "first_hearing_details", "hearing_listed",
        "required_as_witness", "appeal_hearing", "vcs_referral",
    }  # fmt: skip


def test_an_officer_records_as_an_event_what_is_no_outcome_and_done_by_us(rules: Rules) -> None:
    recorded = {"outcome": set[str](), "elsewhere": set[str](), "event": set[str]()}
    for row in rules.code_limits.values():
        recorded[row.recorded_as].add(row.key)

    assert recorded["outcome"] == {
        "not_investigated", "released_bail", "released_rui", "charged", "out_of_court",
        "nfa_police", "nfa_cps", "case_outcome", "sentence",
    }  # fmt: skip
    assert recorded["elsewhere"] == {"vlo_first_contact", "expenses_paid", "complaint_reply"}
    assert {"suspect_arrested", "released_no_charge", "hearing_listed"} <= recorded["event"]


def test_an_event_of_the_court_is_recorded_from_charge_on_only(rules: Rules) -> None:
    before = {row.key for row in rules.code_limits.values() if row.when == "before_decision"}
    after = {row.key for row in rules.code_limits.values() if row.when == "from_charge"}

    assert before == {
        "suspect_arrested", "suspect_interviewed", "released_no_charge", "released_bail",
        "released_rui", "bail_changed",
    }  # fmt: skip
    for row in rules.code_limits.values():
        of_a_court = row.key in {"first_hearing_details", "charge_altered"}
        assert (row.key in after) == (row.right in {8, 9, 11} or of_a_court), row.key


def test_one_can_choose_a_rhythm_from_a_week_to_a_month_or_none(rules: Rules) -> None:
    days = {key: row.working_days for key, row in rules.rhythms.items()}

    assert days == {"every_5": 5, "every_10": 10, "every_20": 20, "no_updates": None}
    for row in rules.rhythms.values():
        assert row.trust == "U"
        assert row.working_days is None or row.label.lower().startswith(row.short)


def test_who_has_enhanced_rights_hears_from_their_officer_sooner(rules: Rules) -> None:
    limits = rules.limits

    assert limits.welcome_enhanced_working_days < limits.welcome_working_days


def test_a_working_day_starts_before_the_hour_after_which_questions_wait(rules: Rules) -> None:
    assert rules.limits.working_day_starts < rules.limits.receipt_cut_off


def test_the_published_standard_is_five_working_days_until_five_o_clock(rules: Rules) -> None:
    assert rules.limits.reply_working_days == 5
    assert rules.limits.receipt_cut_off.isoformat() == "17:00:00"
    assert rules.limit_rows["contact.reply"].unit == "working_days"


def test_a_limit_of_our_own_does_not_call_itself_the_code(rules: Rules) -> None:
    for row in rules.limit_rows.values():
        assert row.source.startswith("Our standard") == (row.trust == "U")


def test_the_roles_are_those_of_the_service(rules: Rules) -> None:
    assert list(rules.roles) == [
        "officer",
        "supervisor",
        "witness_care",
        "partner",
        "administrator",
    ]
    assert [role.key for role in rules.roles.values() if role.may_break_glass] == ["supervisor"]
    assert [role.key for role in rules.roles.values() if role.keeps_staff] == ["administrator"]
    assert [role.key for role in rules.roles.values() if role.supports] == ["partner"]
    assert not rules.roles["partner"].sees_cases


def test_what_a_page_of_safe_mode_says_of_a_partner_names_no_crime(rules: Rules) -> None:
    for partner in rules.partners.values():
        for word in ("abuse", "violence", "sexual", "crime", "victim"):
            assert word not in partner.quiet.lower()
    reviewing = [role.key for role in rules.roles.values() if role.reviews]
    assert reviewing == ["officer", "supervisor", "witness_care"]


def test_the_exit_goes_to_a_weather_page(rules: Rules) -> None:
    assert rules.force.exit_url == "https://www.bbc.co.uk/weather"

"""The demonstration cases on their way to court: needs, measures, partners and the review.

As invented as the others in demo_force.py. What is told and done in them is a list of deeds in
the order in which they happened; days are working days, counted back from today.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.domain.agreements import DATES, MEASURES, NEEDS
from chalicelib.domain.cases import CROWN
from chalicelib.domain.measures import APPLIED, ASKED, DISCUSSED, GRANTED, REFUSED
from operate.demo_force import BY_PHONE, CASES, IN_PERSON, DemoCase, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

SUPPORTER = "A son, and the Witness Service on the day."
CROWN_COURT, MAGISTRATES_COURT = "Example Crown Court", "Example Magistrates' Court"


@dataclass(frozen=True, slots=True)
class Need:
    """What a victim told of one kind on their page, or a member of staff noted with them."""

    days_ago: int
    kind: str
    words: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    noted_by: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a victim asked for on their page."""

    days_ago: int
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasureStep:
    """A step of a measure that staff recorded, with what the victim thinks if they said it."""

    days_ago: int
    measure: str
    state: str
    note: str = ""
    view: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class NotGuilty:
    """A plea from which the court's limits are counted."""

    days_ago: int
    court: str = CROWN


@dataclass(frozen=True, slots=True)
class DecisionsTold:
    """The victim heard from the officer what the court decided on measures."""

    days_ago: int
    how: str = BY_PHONE


@dataclass(frozen=True, slots=True)
class Looked:
    """The officer, or somebody else, opened the case and read what stands on it."""

    days_ago: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a victim let a partner agency see, on their page."""

    days_ago: int
    partner: str
    scope: tuple[str, ...] = (NEEDS, DATES, MEASURES)


@dataclass(frozen=True, slots=True)
class PartnerView:
    """What somebody of a partner agency wrote for the review."""

    days_ago: int
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class LineKept:
    """A minimum expectation of police and ISVAs that somebody kept, by the key of its row."""

    days_ago: int
    line: str
    by: str
    how: str = BY_PHONE


@dataclass(frozen=True, slots=True)
class Coming:
    """How the victim comes to court, as far as it was known."""

    days_ago: int
    by: str
    supporter: str = ""
    travel: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What somebody was given to do in the meeting."""

    days_ago: int
    by: str
    task: str
    owner: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class TaskDone:
    """That it was done, in words for staff."""

    days_ago: int
    by: str
    task: str
    note: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A review that was closed: what was decided, and who was there."""

    days_ago: int
    by: str
    decisions: str
    there: str


InReview = Coming | Task | TaskDone | Closed
Deed = (
    Need
    | Wishes
    | MeasureStep
    | NotGuilty
    | DecisionsTold
    | Looked
    | Agreed
    | PartnerView
    | LineKept
    | InReview
)


@dataclass(frozen=True, slots=True)
class CourtCase:
    """A demonstration case with what was done in it besides; everything is its first victim's."""

    case: DemoCase
    deeds: tuple[Deed, ...]


BEFORE_COURT = (
    # Nothing is decided yet: the officer has until the week after to see to everything.
    CourtCase(
        DemoCase(
            reference="50/904805/62",
            crime_type="serious_wounding",
            officer="cedar",
            enhanced=True,
            rhythm="every_20",
            hearing_in_days=13,
            court=CROWN_COURT,
            steps=(
                Step(68, "recorded"),
                Step(67, "investigating"),
                Step(50, "suspect_spoken_to"),
                Step(38, "with_cps"),
                Step(26, "charged", outcome="charged", told_days_ago=26, told_how=IN_PERSON),
                Step(
                    17, "court", outcome="sent_to_crown_court", told_days_ago=16, told_how=BY_PHONE
                ),
            ),
        ),
        (
            Need(
                24,
                "health",
                {
                    "health_what": "Severe epilepsy. A seizure can come without any warning.",
                    "health_helps": "Short talks, a quiet room, and my sister beside me.",
                    "health_avoid": "Flashing light, noise, long waits, no sleep the night before.",
                    "health_emergency": "Do not hold me down. Ring 999 if it lasts over 5 minutes.",
                },
            ),
            Need(24, "times", {"times_what": "Mornings before 11, because of the medicine."}),
            Looked(23),
            Wishes(22, ("screen", "recorded_questions", "link_elsewhere", "breaks")),
            MeasureStep(
                19,
                "screen",
                DISCUSSED,
                view="It would help not to see him. But I would still be in that room for hours.",
            ),
            MeasureStep(
                19,
                "recorded_questions",
                DISCUSSED,
                view="This sounds best: it could stop when I am unwell, and go on another day.",
            ),
            MeasureStep(15, "recorded_questions", ASKED, note="With a letter from the hospital."),
            NotGuilty(9),
        ),
    ),
    # Court is near, nobody has looked at the case, and the supervisor knows it.
    CourtCase(
        DemoCase(
            reference="28/333860/78",
            crime_type="violence",
            flags=("domestic_abuse",),
            officer="birch",
            enhanced=True,
            rhythm="every_5",
            hearing_in_days=7,
            court=MAGISTRATES_COURT,
            steps=(
                Step(40, "recorded"),
                Step(39, "investigating"),
                Step(34, "released_bail", told_days_ago=34, told_how=IN_PERSON),
                Step(20, "with_cps"),
                Step(12, "charged", outcome="charged", told_days_ago=12, told_how=IN_PERSON),
            ),
        ),
        (
            Need(
                10,
                "fear",
                {
                    "fear_what": "Meeting him or his brothers at the door or on the stairs.",
                    "fear_helps": "Another way in, and somebody who stays with me.",
                },
            ),
            Need(10, "caring", {"caring_what": "I take two children to school until 9."}),
            Agreed(9, "new_era"),
            Wishes(9, ("live_link", "separate_entrance")),
            Looked(8),
            MeasureStep(
                8, "live_link", DISCUSSED, view="I can say it if I do not have to see him."
            ),
            MeasureStep(7, "live_link", ASKED),
            MeasureStep(5, "live_link", APPLIED, by="willow"),
            PartnerView(
                4,
                "juniper",
                "She wants to give evidence and is most afraid of the entrance. One of us comes "
                "with her on the day. How she gets there, with the children at school, is open.",
            ),
        ),
    ),
    # Not charged; the support service is beside her, and one of its lines was missed.
    CourtCase(
        DemoCase(
            reference="59/539202/22",
            crime_type="sexual_offences",
            officer="alder",
            enhanced=True,
            rhythm="every_5",
            steps=(Step(9, "recorded"), Step(8, "investigating")),
        ),
        (
            Need(7, "communication", chosen=("go_through_it", "short_questions")),
            Agreed(7, "isva_service"),
            Looked(6),
            TaskDone(6, "alder", "talk", "We talked for an hour at home, slowly."),
            LineKept(6, "plan", "alder", IN_PERSON),
            LineKept(6, "first_contact", "linden"),
        ),
    ),
    # Looked at and decided: a screen, and no live link.
    CourtCase(
        DemoCase(
            reference="19/470356/81",
            crime_type="arson_endangering_life",
            officer="elm",
            enhanced=True,
            rhythm="every_20",
            hearing_in_days=17,
            court=CROWN_COURT,
            steps=(
                Step(150, "recorded"),
                Step(149, "investigating"),
                Step(110, "suspect_spoken_to"),
                Step(95, "with_cps"),
                Step(80, "charged", outcome="charged", told_days_ago=79, told_how=IN_PERSON),
                Step(
                    60, "court", outcome="sent_to_crown_court", told_days_ago=59, told_how=BY_PHONE
                ),
            ),
        ),
        (
            Need(
                75,
                "access",
                {"access_what": "Stairs only slowly, with a rest. Smoke and dust bring on asthma."},
                noted_by="elm",
            ),
            NotGuilty(58),
            MeasureStep(57, "screen", DISCUSSED, view="I do not want to look at them."),
            MeasureStep(
                57, "live_link", DISCUSSED, view="From home would be easier with the stairs."
            ),
            MeasureStep(56, "screen", ASKED),
            MeasureStep(56, "live_link", ASKED),
            MeasureStep(51, "screen", APPLIED, by="willow"),
            MeasureStep(51, "live_link", APPLIED, by="willow"),
            MeasureStep(30, "screen", GRANTED, by="willow"),
            MeasureStep(
                30,
                "live_link",
                REFUSED,
                note="The judge says that a screen is enough, and that the room has a lift.",
                by="willow",
            ),
            DecisionsTold(29),
            Coming(12, "rowan", SUPPORTER),
            Task(12, "rowan", "visit", "willow"),
            Task(12, "rowan", "travel", "elm", "A taxi to the side entrance: no stairs there."),
            Closed(
                12,
                "rowan",
                "The screen stands. She comes by the side entrance and waits near the lift. "
                "Breaks every 30 minutes are asked for in the room.",
                "Sergeant Rowan Example, DC Elm Example, Willow Example",
            ),
            Coming(9, "elm", SUPPORTER, "A taxi to the side entrance, and home again."),
            TaskDone(9, "elm", "travel", "The taxi is booked."),
            TaskDone(6, "willow", "visit", "They were there with a son."),
            Task(
                2, "elm", "adjustments", "willow", "Breaks every 30 minutes; a chair near the lift."
            ),
        ),
    ),
)

ALL_CASES = (*CASES, *(each.case for each in BEFORE_COURT))

"""The demonstration force: invented people and invented cases, as data.

The cases on their way to court are in demo_court.py.

Everybody here is named after a tree and works for nobody. References are digits by chance.
Days are working days, counted back from the day on which the force is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

OFFICER, SUPERVISOR, PARTNER = "officer", "supervisor", "partner"
ADMINISTRATOR = "maple"
IN_PERSON, BY_PHONE = "in person", "by phone"
STAFFORD, CANNOCK = "stafford-investigation", "cannock-investigation"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the demonstration staff; `id` is also what the provider calls them."""

    id: str
    name: str
    role: str
    number: str
    team: str


@dataclass(frozen=True, slots=True)
class Step:
    """What the case file said from a day on: a stage, perhaps an outcome, perhaps told."""

    days_ago: int
    stage: str
    outcome: str = ""
    told_days_ago: int | None = None
    told_how: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a victim asked, when the officer first saw it, and the answer if there is one."""

    days_ago: int
    text: str
    answer: str = ""
    answered_days_ago: int | None = None
    seen_days_ago: int | None = None
    victim: str = "V1"


@dataclass(frozen=True, slots=True)
class Note:
    """An update for one victim."""

    days_ago: int
    text: str
    victim: str = "V1"


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the Code by the key of its row; told on a later day, or not yet."""

    days_ago: int
    event: str
    told_days_ago: int | None = None
    told_how: str = ""
    victim: str = "V1"


@dataclass(frozen=True, slots=True)
class DemoCase:
    """An invented case with its history.

    The officer gets in touch on the working day after the report, unless `greeted` is
    false, and agrees on `rhythm`. Updates are then given when they are due, until
    `quiet_days_ago`. `before` had the case until `handed_days_ago`.
    """

    reference: str
    crime_type: str
    officer: str
    steps: tuple[Step, ...]
    flags: tuple[str, ...] = ()
    victims: tuple[str, ...] = ("V1",)
    enhanced: bool = False
    hearing_in_days: int | None = None
    court: str = ""
    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()
    named: tuple[str, ...] = ()
    happened: tuple[Happened, ...] = ()
    greeted: bool = True
    rhythm: str = "every_10"
    quiet_days_ago: int = 0
    before: str = ""
    handed_days_ago: int = 0


@dataclass(frozen=True, slots=True)
class Away:
    """Who is away from today on, for how many working days more, and who answers."""

    officer: str
    cover: str
    working_days: int


AWAY = Away("elm", "cedar", 4)

TEAMS = {
    STAFFORD: "Stafford investigation team",
    CANNOCK: "Cannock investigation team",
    "witness-care": "Witness Care",
    "new-era": "New Era",
    "staffordshire-womens-aid": "Staffordshire Women's Aid",
    "isva-service": "ISVA service",
    "office": "Office",
}

PEOPLE = (
    Person("alder", "PC Alder Example", OFFICER, "0101", STAFFORD),
    Person("birch", "DC Birch Example", OFFICER, "0102", STAFFORD),
    Person("cedar", "PC Cedar Example", OFFICER, "0201", CANNOCK),
    Person("elm", "DC Elm Example", OFFICER, "0202", CANNOCK),
    Person("hazel", "Sergeant Hazel Example", SUPERVISOR, "0103", STAFFORD),
    Person("rowan", "Sergeant Rowan Example", SUPERVISOR, "0203", CANNOCK),
    Person("willow", "Willow Example", "witness_care", "0301", "witness-care"),
    Person("juniper", "Juniper Example", PARTNER, "0401", "new-era"),
    Person("laurel", "Laurel Example", PARTNER, "0402", "staffordshire-womens-aid"),
    Person("linden", "Linden Example", PARTNER, "0403", "isva-service"),
    Person(ADMINISTRATOR, "Maple Example", "administrator", "0501", "office"),
)

CASES = (
    # Open to questions, first: what somebody who tries the hub opens first.
    DemoCase(
        reference="47/318206/95",
        crime_type="burglary",
        officer="alder",
        steps=(
            Step(30, "recorded"),
            Step(28, "assessing"),
            Step(24, "investigating"),
        ),
        questions=(
            Question(
                21,
                "When can I tidy up the kitchen? The person who came said not to touch the window.",
                answer="You can tidy up now. We have the photographs and marks that we need.",
                answered_days_ago=19,
            ),
            Question(1, "My neighbour has a camera on the street side. Should I ask them for it?"),
        ),
        notes=(
            Note(23, "We have asked people who live nearby whether they saw or heard anything."),
            Note(
                5, "We are waiting for the results of the marks on the window. Nothing else is new."
            ),
        ),
    ),
    DemoCase(
        reference="82/650471/13",
        crime_type="robbery",
        officer="birch",
        before="alder",
        handed_days_ago=20,
        victims=("V1", "V2"),
        happened=(
            Happened(9, "suspect_interviewed", told_days_ago=8, told_how=BY_PHONE),
            Happened(9, "suspect_interviewed", victim="V2"),
        ),
        steps=(
            Step(40, "recorded"),
            Step(39, "investigating"),
            Step(9, "suspect_spoken_to"),
        ),
        questions=(
            Question(
                35,
                "Will you bring back my bag when this is over?",
                answer="Yes. We keep it while it may be needed as evidence, then you get it back.",
                answered_days_ago=33,
            ),
            Question(12, "Do I have to come to the station again?", seen_days_ago=11),
            Question(2, "Can I change my statement? I remembered something.", victim="V2"),
        ),
        notes=(
            Note(8, "We spoke to a person about what happened. We will tell you what comes next."),
            Note(8, "Thank you for coming in. Your phone is ready to be collected.", victim="V2"),
        ),
    ),
    DemoCase(
        reference="06/297148/58",
        crime_type="criminal_damage_arson",
        officer="alder",
        # Nobody has been in touch yet.
        greeted=False,
        steps=(Step(3, "recorded"),),
    ),
    DemoCase(
        reference="71/830265/40",
        crime_type="vehicle",
        officer="alder",
        rhythm="every_20",
        steps=(Step(16, "recorded"), Step(14, "assessing")),
        questions=(Question(13, "The insurance company asks for a form. Who fills it in?"),),
    ),
    # Safe mode by flag: no page of it names the crime.
    DemoCase(
        reference="39/514687/02",
        crime_type="violence",
        flags=("domestic_abuse",),
        officer="cedar",
        enhanced=True,
        rhythm="every_5",
        happened=(Happened(12, "bail_changed", told_days_ago=11, told_how=IN_PERSON),),
        steps=(
            Step(25, "recorded"),
            Step(24, "investigating"),
            Step(18, "released_bail", told_days_ago=18, told_how=IN_PERSON),
        ),
        questions=(
            Question(
                15,
                "Who do I ring if he is near the school?",
                answer="Ring 999 at once. Tell them about the bail conditions; they see them too.",
                answered_days_ago=15,
            ),
        ),
        notes=(Note(10, "The conditions have not changed. I will tell you in person if they do."),),
    ),
    # Bad news that nobody has told yet: for the victim it is still an investigation.
    DemoCase(
        reference="54/903712/86",
        crime_type="other_theft",
        officer="cedar",
        rhythm="no_updates",
        steps=(
            Step(45, "recorded"),
            Step(42, "investigating"),
            Step(10, "no_further_action", outcome="no_suspect_found"),
        ),
        questions=(Question(4, "Is there anything new?"),),
    ),
    DemoCase(
        reference="28/176093/64",
        crime_type="public_order",
        officer="elm",
        # An update is late: nothing was said for weeks.
        quiet_days_ago=15,
        steps=(
            Step(33, "recorded"),
            Step(31, "investigating"),
            Step(20, "released_rui", told_days_ago=19, told_how=BY_PHONE),
        ),
        questions=(Question(5, "May I go back to the market on Saturdays?", seen_days_ago=4),),
    ),
    # Restricted: it exists for its officer and the people named here, and for nobody else.
    DemoCase(
        reference="93/465820/17",
        crime_type="serious_wounding",
        flags=("restricted",),
        officer="elm",
        enhanced=True,
        named=("rowan",),
        steps=(
            Step(60, "recorded"),
            Step(59, "investigating"),
            Step(22, "suspect_spoken_to"),
            Step(7, "with_cps"),
        ),
        questions=(Question(6, "How long do the prosecutors take?"),),
    ),
    # Decided and told: questions go elsewhere, and the page says where.
    DemoCase(
        reference="15/720938/51",
        crime_type="bicycle_theft",
        officer="birch",
        steps=(
            Step(50, "recorded"),
            Step(46, "not_investigated", told_days_ago=45, told_how=BY_PHONE),
        ),
    ),
    DemoCase(
        reference="60/381594/29",
        crime_type="other_theft",
        officer="birch",
        steps=(
            Step(80, "recorded"),
            Step(78, "investigating"),
            Step(
                26,
                "no_further_action",
                outcome="not_enough_evidence",
                told_days_ago=25,
                told_how=IN_PERSON,
            ),
        ),
        questions=(
            Question(
                55,
                "Did the shop still have the pictures?",
                answer="They kept them and we have seen them. They do not show a face.",
                answered_days_ago=52,
            ),
        ),
    ),
    DemoCase(
        reference="03/649275/78",
        crime_type="criminal_damage_arson",
        officer="birch",
        steps=(
            Step(66, "recorded"),
            Step(64, "investigating"),
            Step(
                30,
                "out_of_court",
                outcome="community_resolution",
                told_days_ago=29,
                told_how=IN_PERSON,
            ),
        ),
    ),
    DemoCase(
        reference="77/052913/46",
        crime_type="theft_from_person",
        officer="elm",
        hearing_in_days=11,
        court="Example Magistrates' Court",
        steps=(
            Step(38, "recorded"),
            Step(37, "suspect_spoken_to"),
            Step(8, "charged", outcome="charged", told_days_ago=8, told_how=BY_PHONE),
        ),
    ),
    DemoCase(
        reference="41/867350/32",
        crime_type="robbery",
        officer="elm",
        enhanced=True,
        hearing_in_days=24,
        court="Example Crown Court",
        steps=(
            Step(120, "recorded"),
            Step(118, "investigating"),
            Step(70, "charged", outcome="charged", told_days_ago=70, told_how=IN_PERSON),
            Step(34, "court", outcome="sent_to_crown_court", told_days_ago=33, told_how=BY_PHONE),
        ),
        notes=(Note(32, "The first hearing took place. The next one is at the Crown Court."),),
    ),
    DemoCase(
        reference="86/134709/60",
        crime_type="burglary",
        officer="cedar",
        steps=(
            Step(200, "recorded"),
            Step(198, "investigating"),
            Step(130, "charged", outcome="charged", told_days_ago=129, told_how=BY_PHONE),
            Step(21, "closed", outcome="sentenced", told_days_ago=20, told_how=IN_PERSON),
        ),
    ),
)

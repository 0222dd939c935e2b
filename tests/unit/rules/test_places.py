"""Capital words that are nobody's name, and the given names."""

import pytest

from chalicelib.rules import RULES_FOLDER
from chalicelib.rules.places import load_places, read_places
from tests.unit.rules.spoiled import Folder


def test_what_is_read_is_what_is_there(folder: Folder) -> None:
    assert read_places(folder.path) == read_places(RULES_FOLDER) == load_places()


def test_the_districts_of_staffordshire_and_the_courts_have_their_names() -> None:
    assert set(load_places().names) >= {
        "Cannock Chase", "East Staffordshire", "Lichfield", "Newcastle-under-Lyme", "Stafford",
        "South Staffordshire", "Staffordshire Moorlands", "Tamworth", "Stoke-on-Trent",
        "Crown Court", "Magistrates' Court", "Crown Prosecution Service", "Witness Care",
    }  # fmt: skip


def test_given_names_are_many_small_and_no_places() -> None:
    places = load_places()
    assert len(places.given_names) >= 500
    assert all(name == name.lower() for name in places.given_names)
    assert not places.given_names & {name.lower() for name in places.names}


def test_a_place_stands_once(folder: Folder) -> None:
    line = folder.change("places.toml", "stone", 'name = "Stone"', 'name = "LEEK"')
    folder.refuses("places.toml", line, "stands twice", read_places)


def test_a_place_has_a_name(folder: Folder) -> None:
    line = folder.change("places.toml", "leek", 'name = "Leek"', 'name = ""')
    folder.refuses("places.toml", line, "is empty", read_places)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ('["Zzyzx", "zzyzx"]', "stands twice"),
        ('["darren"]', "stands twice"),
        ('["Leek"]', "stands twice"),
        ('["Anne Marie"]', "not one word"),
        ('"Darren"', "list of str"),
    ],
)
def test_given_names_that_cannot_be_used_are_refused(
    folder: Folder, names: str, words: str
) -> None:
    first = folder.append(
        "places.toml",
        f'\n[[given_names]]\nkey = "more"\nnames = {names}\nsource = "Invented"\n'
        'trust = "U"\nchecked_on = 2026-11-26\n',
    )
    folder.refuses("places.toml", first + 3, words, read_places)

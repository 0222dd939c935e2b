"""Phone numbers, postcodes and street addresses in a text, each as where it begins and ends.

Every repetition has a bound or ends where the next part cannot begin, so that no text of
5,000 characters keeps the service waiting.
"""

import re
from collections.abc import Iterator

from chalicelib.domain.text_words import NEVER_A_STREET

Span = tuple[int, int]

GAP = r"[ \t\u00a0]"
BETWEEN_DIGITS = r"[ \u00a0().\-\u2010-\u2013]{0,3}"
PHONE = re.compile(
    rf"(?<![\w/£$€])(?:(?:\+|00){GAP}?44{BETWEEN_DIGITS}(?:\(?0\)?)?(?:{BETWEEN_DIGITS}\d){{9,10}}"
    rf"|\+{GAP}?[1-9](?:{BETWEEN_DIGITS}\d){{8,13}}"
    rf"|\(?0(?:{BETWEEN_DIGITS}\d){{9,10}}"
    r"|7\d{3}[ -]\d{3}[ -]?\d{3})(?![\d/])",
    re.ASCII,
)
# A date with a time after it, and a reference typed without its slashes.
NO_PHONE = re.compile(
    rf"\d\d?[ .-][01]?\d[ .-](?:19|20)\d\d(?!\d)|\d\d{GAP}\d{{6}}{GAP}\d\d|\d\d-\d{{6}}-\d\d",
    re.ASCII,
)
# 0 and nine digits: only these area codes and freephone numbers are that short.
SHORT_NUMBERS = ("01", "0800", "0500")
LONG_NUMBER = 11

AREAS = (
    "AB AL BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY EC"
    " EH EN EX FK FY GL GU HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY LA LD LE LL LN LS LU"
    " ME MK ML NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM SA SE SG SK SL SM SN SO SP SR SS"
    " ST SW SY TA TD TF TN TQ TR TS TW UB WA WC WD WF WN WR WS WV YO ZE"
)
# One letter and a number are a road or a battery, so only two letters stand without the rest.
POSTCODE = re.compile(
    rf"(?<![\w/-])(?:[A-Z]{{1,2}}\d[A-Z\d]?{GAP}{{0,2}}\d[ABD-HJLNP-UW-Z]{{2}}"
    rf"|(?:{AREAS.replace(' ', '|')})\d{{1,2}})(?![\w/-])",
    re.ASCII | re.IGNORECASE,
)
# "the A34 2nd exit", "exhibit DE12", "CO2".
NO_POSTCODE = re.compile(r".*\s\d(?:st|nd|rd|th|ft)|CO2", re.ASCII | re.DOTALL)
EXHIBIT = re.compile(r"(?:exhibits?|ref|reference|item)[ :]{1,2}$", re.IGNORECASE)

NOT_STREET = rf"(?!(?:{'|'.join(sorted(NEVER_A_STREET))})\b)"
CAPITAL = rf"{NOT_STREET}(?-i:[A-Z])[\w'’.-]{{1,25}}{GAP}{{1,2}}"
SMALL = rf"{NOT_STREET}(?-i:[a-z])[\w'’.-]{{1,25}}{GAP}{{1,2}}"
FLAT = rf"(?:flat|apartment|apt){GAP}(?:\d{{1,4}}[a-z]?|(?-i:[A-Z]))\b"
NUMBER = rf"\d{{1,4}}[a-z]?(?:{GAP}?[-/]{GAP}?\d{{1,4}}[a-z]?)?,?{GAP}{{1,2}}"
SURE_KINDS = "road|rd|street|lane|avenue|ave|crescent|cres|terrace|grove|gardens|mews"
KINDS = rf"{SURE_KINDS}|drive|close|way|walk|place|court|rise|hill|row|square|croft|view|green"
SHORT_KINDS = "st|dr|ln|cl|pl"
HOUSE = (
    rf"(?:the{GAP}(?-i:[A-Z])[\w'’-]{{1,25}}"
    rf"|(?-i:[A-Z])[\w'’-]{{1,25}}{GAP}(?:cottage|house|farm|lodge|villa|barn|bungalow|flats))"
    rf",{GAP}{{1,2}}"
)
# Where shops and cameras are: without a number it is nobody's address.
EVERY_TOWN_HAS = frozenset({"high street", "main road", "ring road"})
# What follows a road's name when it is no address: a police station, a kind of crime.
ELSE = rf"(?!{GAP}(?:police|custody|court|hospital|traffic|safety|policing|victim|rage|accident)\b)"
# The rest of the address up to its postcode: ", Exampletown, ".
TOWN = rf"(?:,{GAP}?(?-i:[A-Z])[\w'’-]{{1,25}}(?:{GAP}[\w'’-]{{1,25}}){{0,3}}){{1,3}}"
TO_POSTCODE = rf"(?:{TOWN}(?=,?\s{{1,2}}[A-Z]{{1,2}}\d))?"
ADDRESS = re.compile(
    rf"(?<![\w£/.-])(?:{FLAT}(?:,?{GAP}(?=\d|{HOUSE}|{CAPITAL}))?)?(?:"
    rf"{NUMBER}(?:{CAPITAL}){{1,3}}(?:{KINDS}|{SHORT_KINDS})\b"
    rf"|{NUMBER}(?:{SMALL}){{1,2}}(?:{SURE_KINDS})\b"
    rf"|(?:{HOUSE})?(?:{CAPITAL}){{1,2}}(?-i:{'|'.join(map(str.title, SURE_KINDS.split('|')))})\b"
    rf"|(?:{HOUSE})?(?:{CAPITAL}){{1,2}}(?-i:Drive|Close)\b(?!{GAP}[a-z])"
    rf"){ELSE}{TO_POSTCODE}"
    rf"|\b{FLAT}",
    re.IGNORECASE,
)

LINK = re.compile(
    r"\b(?:https?://|www\.)[^\s<>]{1,300}|[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){0,5}",
    re.IGNORECASE,
)
PUBLIC_ADDRESS = re.compile(r"\.(?:police|gov|nhs)\.uk\.?$|^[^@]*$", re.IGNORECASE)


def find_phones(text: str) -> Iterator[Span]:
    """Yield where phone numbers stand, in all spellings that are usual here."""
    for found in PHONE.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        short = digits[0] == "0" and digits[1] != "0" and len(digits) < LONG_NUMBER
        if NO_PHONE.match(found[0]) or (short and not digits.startswith(SHORT_NUMBERS)):
            continue
        yield found.span()


def find_postcodes(text: str) -> Iterator[Span]:
    """Yield where postcodes stand, whole ones and districts such as WS11."""
    for found in POSTCODE.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        if not NO_POSTCODE.fullmatch(found[0]) and not EXHIBIT.search(before):
            yield found.span()


def find_addresses(text: str) -> Iterator[Span]:
    """Yield where a house, a flat or a street is named."""
    for found in ADDRESS.finditer(text):
        if found[0].lower() not in EVERY_TOWN_HAS:
            yield found.span()


def find_links(text: str) -> Iterator[tuple[Span, bool]]:
    """Yield where addresses of pages and mail stand, and whether each is a public body's."""
    for found in LINK.finditer(text):
        yield found.span(), bool(PUBLIC_ADDRESS.search(found[0]))


def national(number: str) -> str:
    """Return a phone number's digits as dialled here: "+44 (0)7700 900123" -> "07700900123"."""
    digits = re.sub(r"\D", "", number)
    for prefix in ("0044", "44"):
        if digits.startswith(prefix):
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    return digits if digits.startswith("0") else "0" + digits

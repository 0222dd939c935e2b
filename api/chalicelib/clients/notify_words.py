"""Our fixed words as GOV.UK Notify must have them, and whether it does.

Notify sends its own copy of the words. Whoever may change them there could add a field or say
something else, so what it has is compared with rules/contact.toml before anything is sent.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.domain.gate import TO_OFFICERS
from chalicelib.frozen import frozen
from chalicelib.rules import NoticeWords

KINDS = {TEXT: "sms", EMAIL: "email"}
# As Notify writes the places that are filled in.
FIELDS = {"pair": "((pair))", "home": "((home))"}


@frozen
class NotifyWords:
    """What a template of Notify holds: its kind, the subject of an e-mail, and the words."""

    kind: str
    subject: str | None
    body: str

    def stand_in(self, template: Mapping[str, Any]) -> bool:
        """Return whether a template, as Notify gives it, says this and nothing else."""
        found = NotifyWords(
            str(template.get("type")),
            template.get("subject") if self.subject is not None else None,
            str(template.get("body")).replace("\r\n", "\n").strip(),
        )
        return found == self


def words_at_notify(notices: Mapping[str, NoticeWords]) -> Mapping[str, NotifyWords]:
    """Return what each template must hold, by the name that the setting has for it.

    Names are like `en.text`, `en.text.linked`, `en.email` and `officer.email`: officers get
    e-mails, and those without the link.
    """
    return dict(_named(notices))


def name_of_words(key: str, channel: str, *, linked: bool) -> str:
    """Return the name of a template in the setting."""
    return f"{key}.{channel}.linked" if linked else f"{key}.{channel}"


def _named(notices: Mapping[str, NoticeWords]) -> Iterator[tuple[str, NotifyWords]]:
    for row in notices.values():
        for channel in (EMAIL,) if row.key == TO_OFFICERS else (TEXT, EMAIL):
            subject = row.subject if channel == EMAIL else None
            for linked in (False,) if row.key == TO_OFFICERS else (False, True):
                body = (row.linked if linked else row.text).format(**FIELDS)
                name = name_of_words(row.key, channel, linked=linked)
                yield name, NotifyWords(KINDS[channel], subject, body)

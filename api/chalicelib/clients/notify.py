"""Texts and e-mails through GOV.UK Notify, which can be asked what it was given.

This loads Notify's own library, so it is imported only where messages are sent through it.
"""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from requests import ConnectTimeout
from requests.exceptions import ConnectionError as NotConnectedError
from urllib3.exceptions import NewConnectionError

from chalicelib.clients.keys import SecretUnusableError
from chalicelib.clients.notify_words import NotifyWords, name_of_words
from chalicelib.domain.contact import TEXT
from chalicelib.domain.gate import Cleared
from chalicelib.domain.notices import FAILED, REFUSED, TAKEN, UNKNOWN

LOG = logging.getLogger("hub")
ADDRESS = "https://api.notifications.service.gov.uk"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# A name, and the ids of the service and of the key behind it.
SHORTEST_KEY = 73
# Notify says of it that the message was not sent and has to be sent again.
NOT_SENT = "technical-failure"
# It may have taken the message: an answer that cannot be read, or that was lost before Notify.
ANSWER_LOST = {
    HTTPStatus.OK,
    HTTPStatus.CREATED,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.GATEWAY_TIMEOUT,
}
# A 400 that says so is no fault of the message: trial mode, or a key for the team alone.
OF_OUR_ACCOUNT = ("trial mode", "team-only")


def connect(api_key: str, *, url: str | None, seconds: float) -> NotificationsAPIClient:
    """Return a client of Notify, or of a stand-in at another address on this machine.

    Raises:
        SecretUnusableError: the key is missing or cannot be one.
        ValueError: the address is neither encrypted nor on this machine.
    """
    if len(api_key) < SHORTEST_KEY:
        raise SecretUnusableError("notify_api_key")
    parts = urlsplit(url or ADDRESS)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("HUB_NOTIFY_URL")
    # Notify's library logs what it was answered, which can repeat what was asked.
    logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
    client = NotificationsAPIClient(api_key, base_url=url or ADDRESS, timeout=seconds)
    # No proxy and no password file of the machine stands between, and no answer leads elsewhere.
    client.request_session.trust_env = False
    client.request_session.max_redirects = 0
    return client


class Notify:
    """Carries texts and e-mails whose words at Notify are ours.

    `templates` are the ids there, `words` what each must hold, both by the same names.
    """

    name = "notify"
    knows = True

    def __init__(
        self,
        api: NotificationsAPIClient,
        templates: Mapping[str, str],
        words: Mapping[str, NotifyWords],
    ) -> None:
        self._api = api
        self._templates = templates
        self._words = words
        # The version of each template that was compared; empty until all of them agreed.
        self._compared: dict[str, object] = {}

    def deliver(self, message: Cleared) -> str:
        """Hand a message over once; return `TAKEN`, `REFUSED`, `FAILED` or `UNKNOWN`.

        Nothing is handed over before the words at Notify were found to be ours: once a process,
        and anew whenever Notify names another version of them.
        """
        if not self._compared and not self.answers():
            return FAILED
        name = name_of_words(message.template, message.channel, linked=message.linked)
        try:
            answer = self._send(message, self._templates[name])
        except APIError as error:
            return self._outcome(error)
        if _version_of(answer.get("template")) != self._compared[name]:
            self._compared = {}
        return TAKEN

    def has(self, receipt: str) -> bool | None:
        """Return whether Notify was given the message with our reference; none if it is silent.

        A message that it says was not sent, and must be sent again, counts as not given.
        A message handed over a moment ago may not be listed yet: wait before asking.

        Source:
            https://docs.notifications.service.gov.uk/python.html, status descriptions.
        """
        try:
            listed = self._api.get_all_notifications(reference=receipt)["notifications"]
            return any(row["status"] != NOT_SENT for row in listed)
        except (APIError, KeyError, TypeError):
            return None

    def answers(self) -> bool:
        """Return whether Notify knows our key and has our words; anything else is not ready."""
        compared: dict[str, object] = {}
        for name, words in self._words.items():
            try:
                template = self._api.get_template(self._templates[name])
            except APIError as error:
                _say_why(error)
                return False
            if not words.stand_in(template):
                LOG.error("the words of %s at GOV.UK Notify are not ours: nothing is sent", name)
                return False
            compared[name] = _version_of(template)
        self._compared = compared
        return True

    def _send(self, message: Cleared, template_id: str) -> Mapping[str, Any]:
        filled_in = {"pair": message.pair} | ({"home": message.home} if message.linked else {})
        send: Callable[..., Mapping[str, Any]] = (
            self._api.send_sms_notification
            if message.channel == TEXT
            else self._api.send_email_notification
        )
        return send(
            message.address, template_id, personalisation=filled_in, reference=message.receipt
        )

    def _outcome(self, error: APIError) -> str:
        """Return what an error says about a message that was handed over.

        Only a message that is wrong itself is refused. With a key that is wrong, a clock that is
        late or a pace that is too high it waits until somebody mended that.

        Source:
            https://docs.notifications.service.gov.uk/python.html, general errors.
        """
        _say_why(error)
        if error.response is None:
            return FAILED if _never_arrived(error) else UNKNOWN
        status = error.response.status_code
        if status == HTTPStatus.BAD_REQUEST:
            # Words that gained a field give the same error as a wrong address.
            self._compared = {}
            return REFUSED if not _is_ours_to_mend(error) and self.answers() else FAILED
        return UNKNOWN if status in ANSWER_LOST else FAILED


def _is_ours_to_mend(error: APIError) -> bool:
    """Return whether Notify refuses all messages until our account is another one."""
    return any(words in str(error.message) for words in OF_OUR_ACCOUNT)


def _never_arrived(error: APIError) -> bool:
    """Return whether there was no connection at all."""
    cause = error.__cause__
    if isinstance(cause, ConnectTimeout):
        return True
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(cause, NotConnectedError) and isinstance(reason, NewConnectionError)


def _say_why(error: APIError) -> None:
    """Log that we have to mend something: its number, and nothing that Notify wrote."""
    status = error.response.status_code if error.response is not None else 0
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        LOG.error("GOV.UK Notify refuses our key, clock or templates: %s", status)


def _version_of(template: object) -> object:
    return template.get("version") if isinstance(template, Mapping) else None

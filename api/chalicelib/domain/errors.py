"""Every error of the domain, one sentence each; the docstring is its documentation."""


class HubError(Exception):
    """The hub could not do what was asked; the message never holds what a person typed."""


class NotFoundError(HubError):
    """There is no such thing for this person, which is also the answer when it is not theirs."""


class StaleError(HubError):
    """Somebody changed the same thing in between; read it again and decide anew."""


class AlreadyExistsError(HubError):
    """An item that may be put once is there already."""


class StoreUnavailableError(HubError):
    """The store did not answer in the time that the request has; nothing is certain."""


class KeysUnavailableError(HubError):
    """The key service did not answer; nobody can be let in without it."""


class SessionEndedError(HubError):
    """The session is over: idle, too old, ended, or its code was cancelled."""


class QuestionsClosedError(HubError):
    """An outcome decision was told to this victim; the page says who to ask now."""


class NotAllowedError(HubError):
    """This role may not do this."""


class FreshSignInNeededError(HubError):
    """Codes, outcomes and exports ask for a sign-in of the last 15 minutes."""


class NotOpenToLookupError(HubError):
    """The crime type of this case is not open to lookup; the page says why."""


class SignInRefusedError(HubError):
    """Nobody is let in on this answer of the provider; `reason` is a word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

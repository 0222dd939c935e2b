"""Why nothing was deployed."""


class DeployError(Exception):
    """A deployment, or what comes before it, cannot be done; one sentence that says what to do."""

"""Why nothing was deployed."""

from botocore.exceptions import ClientError


class DeployError(Exception):
    """A deployment, or what comes before it, cannot be done; one sentence that says what to do."""


def code_of(error: Exception) -> str:
    """Return AWS's word for what went wrong, never its whole text."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown"))
    return type(error).__name__


def sentence_of(error: Exception) -> str:
    """Return one sentence for what AWS refused, or for its silence."""
    what = f" {error.operation_name}" if isinstance(error, ClientError) else ""
    return (
        f"AWS did not do what was asked{what} ({code_of(error)}). Look whether the credentials "
        "still hold and may do that, and run it again: what was done stays and is not done twice."
    )

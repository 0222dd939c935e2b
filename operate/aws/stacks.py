"""CloudFormation stacks: made, changed or found to be as they should be; one at a time."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from operate.aws.errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
TAGS = {"service": "hub"}
POLL_SECONDS = 2.0
# Broken off and not put back: what was made stays, and the next deployment goes on from there.
BROKEN_OFF = {"CREATE_FAILED", "UPDATE_FAILED"}
STEADY = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"}
NOTHING_TO_DO = "No updates are to be performed"
MISSING = "does not exist"


class StackError(DeployError):
    """A stack is not as it should be; one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that is there: how it stands and what it says of itself."""

    name: str
    status: str
    outputs: Mapping[str, str]

    def need_steady(self, *, goes_on: bool = False) -> None:
        """Pass when the stack can be changed.

        Args:
            goes_on: whether a deployment takes up where an earlier one broke off.

        Raises:
            StackError: something works on it, or it was left half-made.
        """
        if self.status in STEADY or (goes_on and self.status in BROKEN_OFF):
            return
        if self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS":
            raise StackError(
                f"The stack {self.name} is being changed just now ({self.status}). "
                "Wait until that is over, then deploy again."
            )
        raise StackError(
            f"The stack {self.name} is half-made ({self.status}). Look into its events, delete "
            "the stack or finish its rollback, then deploy again."
        )


class Stacks:
    """The stacks of one region of one account."""

    def __init__(self, client: Any, *, poll_seconds: float = POLL_SECONDS) -> None:  # noqa: ANN401 -- boto3 makes its classes as it runs
        self._client = client
        self._poll_seconds = poll_seconds

    def find(self, name: str) -> Stack | None:
        """Return the stack of this name, or none."""
        try:
            (row,) = self._client.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if MISSING in str(error):
                return None
            raise
        outputs = {each["OutputKey"]: each["OutputValue"] for each in row.get("Outputs", [])}
        return Stack(name, row["StackStatus"], outputs)

    def apply(
        self,
        name: str,
        template: Mapping[str, str],
        parameters: Mapping[str, str],
        *,
        say: Callable[[str], None],
        goes_on: bool = False,
    ) -> Stack:
        """Make the stack what the template says, wait for it, and return it.

        Args:
            name: of the stack.
            template: TemplateBody or TemplateURL, as CloudFormation names them.
            parameters: every one that has no default.
            say: told whether the stack was made, changed or already right.
            goes_on: whether what breaks off is left as it is, for the next deployment to go on.
                For a stack whose tables outlive it: put back, it could never be made again.

        Raises:
            StackError: AWS refused it, or began and put back what was there before.
        """
        request = {
            "StackName": name,
            **template,
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
            "Capabilities": CAPABILITIES,
            "Tags": [{"Key": key, "Value": value} for key, value in TAGS.items()],
            **({"DisableRollback": True} if goes_on else {}),
        }
        known = self.find(name)
        if known is not None:
            known.need_steady(goes_on=goes_on)
        try:
            if known is None:
                self._client.create_stack(**request)
            else:
                self._client.update_stack(**request)
        except ClientError as error:
            if NOTHING_TO_DO not in str(error):
                said = error.response["Error"]["Message"].rstrip(".")
                raise StackError(f"AWS refused the stack {name}: {said}.") from None
            say(f"{name}: nothing to change")
            return self._there(name)
        stack = self._wait(name)
        # Only now: one that was not made must be possible to delete.
        self._client.update_termination_protection(StackName=name, EnableTerminationProtection=True)
        say(f"{name}: {'made' if known is None else 'changed'}")
        return stack

    def _wait(self, name: str) -> Stack:
        while (stack := self._there(name)).status.endswith("_IN_PROGRESS"):
            time.sleep(self._poll_seconds)
        if stack.status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            raise StackError(
                f"The stack {name} did not come about ({stack.status}): {self._why(name)}."
            )
        return stack

    def _there(self, name: str) -> Stack:
        stack = self.find(name)
        if stack is None:
            raise StackError(f"The stack {name} is gone.")
        return stack

    def _why(self, name: str) -> str:
        """Return what failed first, as AWS says it; a resource rather than the stack itself."""
        events = self._client.describe_stack_events(StackName=name)["StackEvents"]
        said = [
            (event["LogicalResourceId"], str(event["ResourceStatusReason"]).rstrip("."))
            for event in reversed(events)
            if event.get("ResourceStatusReason")
            and re.search("FAILED|ROLLBACK", event["ResourceStatus"])
        ]
        first = sorted(said, key=lambda each: each[0] == name)[:1]
        return ": ".join(first[0]) if first else "no reason given"

"""What a run has made and could not remove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OBJECT = "object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """Something of ours that is still on the target, or in its S3 bucket.

    Attributes:
        kind: name of the resource, or ``object`` for one in the bucket.
        id: its id; of an object its key.
        arguments: what leads to it beside its id, such as the store that a job belongs to.
        reason: why it could not be removed.
    """

    kind: str
    id: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    def __str__(self) -> str:
        """In a few words."""
        return f"{self.kind} {self.id}: {self.reason}"


def leftover_to_json(leftover: Leftover) -> dict[str, Any]:
    """A leftover as a JSON object."""
    return {
        "kind": leftover.kind,
        "id": leftover.id,
        "arguments": dict(leftover.arguments),
        "reason": leftover.reason,
    }


def leftover_from_json(content: Mapping[str, Any]) -> Leftover:
    """The leftover that :func:`leftover_to_json` wrote; raises KeyError or TypeError for anything else."""
    return Leftover(
        kind=content["kind"], id=content["id"], arguments=dict(content["arguments"]), reason=content["reason"]
    )

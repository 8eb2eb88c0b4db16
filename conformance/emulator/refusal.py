"""The answer "no" of an emulated service."""

from __future__ import annotations


class RefusalError(Exception):
    """A request is not carried out; the service puts the three facts into its own envelope."""

    def __init__(self, *, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.name = name
        self.message = message

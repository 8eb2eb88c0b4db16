"""The ways a specification can be wrong."""

from __future__ import annotations


class SpecError(Exception):
    """A specification file is wrong; the message names the file, the JSON pointer and what to do."""

    def __init__(self, file: str, pointer: str, problem: str) -> None:
        self.file = file
        self.pointer = pointer
        self.problem = problem
        super().__init__(f"{file}#{pointer or '/'}: {problem}")


class UnknownApiError(SpecError):
    """An API was asked for that has no folder of specifications."""

    def __init__(self, api: str, known: list[str]) -> None:
        super().__init__(api, "", f"there is no specification of api={api!r}; known are {', '.join(known)}")

"""Answers that no service should give."""

from __future__ import annotations

from typing import NoReturn

from werkzeug import Response


class Dropped(Response):
    """An answer that ends the connection before its first byte."""

    def get_data(self, as_text: bool = False) -> NoReturn:  # noqa: FBT001, FBT002 - as in the base
        """End the connection."""
        del as_text
        raise ConnectionAbortedError

"""Bodies of requests: from bytes to a JSON object that is safe to keep and to send back."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import RequestEntityTooLarge

from conformance.emulator.ncloud.refusal import Refusals

if TYPE_CHECKING:
    import werkzeug


class BodyReader(Refusals):
    """Reads bodies; the media type is not looked at, as clients were seen to succeed with ``text/plain``."""

    body_maximum = 10 * 1024 * 1024
    depth_maximum = 64
    """Nested deeper, a body could be read but perhaps not be written back."""

    def read_bytes(self, request: werkzeug.Request) -> bytes:
        """Return the whole body."""
        request.max_content_length = self.body_maximum
        try:
            return request.get_data()
        except RequestEntityTooLarge as error:
            raise self.too_large() from error

    def read_object(self, content: bytes) -> dict[str, Any]:
        """Return the JSON object that a body holds; nothing at all counts as an object without members."""
        if not content.strip():
            return self.empty_body()
        value = self.parse(content)
        if not isinstance(value, dict):
            raise self.bad_parameter(f"Expected the body to be an object, not {type(value).__name__}.")
        if self.is_too_deep(value):
            raise self.malformed(f"The body is nested deeper than {self.depth_maximum} levels.")
        return value

    def empty_body(self) -> dict[str, Any]:
        """Return what an empty body stands for."""
        return {}

    def parse(self, content: bytes) -> Any:
        """Return the JSON value in ``content``."""
        try:
            return json.loads(content.decode("utf-8"), parse_constant=self.finite, parse_float=self.finite)
        except (ValueError, RecursionError) as error:
            raise self.malformed(f"The body is not JSON in UTF-8: {type(error).__name__}.") from error

    def finite(self, number: str) -> float:
        """Return the number, unless JSON could not hold it on the way back."""
        value = float(number)
        if not math.isfinite(value):
            message = f"Expected a finite number but got {number}"
            raise ValueError(message)
        return value

    def is_too_deep(self, value: Any) -> bool:
        """Tell whether objects and arrays are nested beyond the maximum."""
        level: list[Any] = [value]
        for _ in range(self.depth_maximum + 1):
            level = [child for item in level for child in self.children(item)]
            if not level:
                return False
        return True

    def children(self, value: Any) -> list[Any]:
        """Return the values directly inside ``value``."""
        if isinstance(value, dict):
            return list(value.values())
        return value if isinstance(value, list) else []

"""Where results of benchmarks go, and what stands in each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance.app.machine import machine

RESULTS = Path(__file__).parent / "results"


def write(path: Path, content: dict[str, Any]) -> None:
    """Write one result with the machine it was measured on, into a folder that is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": machine(), **content}, indent=2, ensure_ascii=False) + "\n", "utf-8")

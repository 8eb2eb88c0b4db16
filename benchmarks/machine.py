"""What a measurement was made on, and when: it stands in every result."""

from __future__ import annotations

import datetime
import json
import os
import platform
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """The machine without its name, and how busy it was when this was asked."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "when": datetime.datetime.now(datetime.UTC).isoformat(timespec="minutes"),
    }


def write(path: Path, content: dict[str, Any]) -> None:
    """Write one result, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")

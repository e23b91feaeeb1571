"""Where public known answers are found: ``$PUBLIC_VECTORS``, by default ``shared`` beside the project."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Load = Callable[[str], Any]

BESIDE = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def public_vectors() -> Load:
    """``load("sm3.json")`` → its content; skipped when there are no vectors, failed when they are absent under CI."""
    folder = Path(os.environ.get("PUBLIC_VECTORS") or BESIDE) / "vectors"
    if not folder.is_dir():
        message = f"no public vectors in {folder}: set PUBLIC_VECTORS to the folder that holds vectors/"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return lambda name: json.loads((folder / name).read_text(encoding="utf-8"))

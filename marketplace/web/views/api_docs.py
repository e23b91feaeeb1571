"""接口文档: the page on which the API's document is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ApiDocsView:
    """Where the document is, and whether the third-party reader of it is here."""

    template: ClassVar[str] = "api_docs.html"

    document: str
    is_here: bool

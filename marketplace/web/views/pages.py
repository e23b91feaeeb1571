"""What every page's view is: a class that names its template. ``render`` needs no more."""

from __future__ import annotations

from typing import ClassVar, Protocol


class PageView(Protocol):
    """The values of one page, ready to be shown, and the file below ``templates`` that shows them."""

    template: ClassVar[str]

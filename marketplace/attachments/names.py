"""The name under which a file is kept and offered: plain, short, without a path, with the extension of its kind.

Invariant: a cleaned name is never empty and cleaning it again changes nothing; whoever downloads it gets what the
extension says, since the kind was told by the content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from unicodedata import category, normalize

from marketplace.attachments.attachment import FileKind

MAX_NAME = 120
"""Characters of a file's name, its extension included."""
EXTENSIONS: Mapping[FileKind, tuple[str, ...]] = MappingProxyType(
    {"pdf": ("pdf",), "png": ("png",), "jpeg": ("jpg", "jpeg"), "docx": ("docx",), "xlsx": ("xlsx",)}
)
_SPECIAL = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that mean a device on Windows."""
UNNAMED = "附件"


def clean_name(given: str, kind: FileKind) -> str:
    """The last part of a path as typed → a name that any system takes; an extension of another kind is left inside."""
    last = normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    seen = "".join(" " if one.isspace() else one for one in last if one.isspace() or category(one)[0] != "C")
    plain = " ".join(_SPECIAL.sub("_", seen).split())
    stem, dot, extension = plain.rpartition(".")
    if not dot or extension.lower() not in EXTENSIONS[kind]:
        stem, extension = plain, EXTENSIONS[kind][0]
    extension = extension.lower()
    stem = stem.strip(". ")[: MAX_NAME - 1 - len(extension)].rstrip(". ")
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem or UNNAMED}.{extension}"

"""What a backup holds, as its manifest says it: tables with counts and hashes, sequences, files, schema, instant.

Invariants: a table's hash is over its rows in the order of their key, as PostgreSQL's COPY writes them under fixed
settings, so it is the same for the same rows in any database; the schema is named by the migrations that ran.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from commons.errors import Conflict

NAME = "manifest.json"
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


class _Kept(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class TableKept(_Kept):
    """One table: its columns in their order, its rows, and the bytes and hash of them as COPY writes them."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    columns: tuple[str, ...]
    rows: Count
    bytes: Count
    sha256: Digest


class SequenceKept(_Kept):
    """Where the numbers of a column have got to; None: none was given yet."""

    table: str
    column: str
    last: Count | None


class FileKept(_Kept):
    """The bytes of an attachment, under their hash."""

    sha256: Digest
    size: Count


class Manifest(_Kept):
    """The whole backup; ``key_check`` tells whether a key for identifiers is the one the rows were sealed with."""

    format: Literal["shepi-backup-v1"]
    made_at: str
    server_version: int
    schema_steps: tuple[str, ...]
    key_check: str
    tables: tuple[TableKept, ...]
    sequences: tuple[SequenceKept, ...]
    files: tuple[FileKept, ...]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.rows for one in self.tables)

    def as_text(self) -> str:
        """JSON for a file."""
        return self.model_dump_json(indent=1) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup; ``Conflict`` for a folder without one, or one that cannot be read."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_bytes())
    except FileNotFoundError:
        raise Conflict("backup_damaged", f"{folder} holds no {NAME}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(map(str, first["loc"]))
        raise Conflict("backup_damaged", f"{NAME}: {place} {first['msg']}") from None

"""Who may do what about files and sheets: adding them, reading originals, importing. Source: market.md section 1."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission

PAPER_RIGHTS: tuple[Permission, ...] = (
    permission("attach_file", everyone=("owner", "agency", "regulator", "operator", "delegate")),
    permission("read_attachment", everyone=("auditor",), downwards=True),
    permission("import_agencies", everyone=("operator",)),
    permission("import_demands", own=("owner",), mandate=True),
)

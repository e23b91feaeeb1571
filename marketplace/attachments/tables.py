"""Attachments in the database: what each file is, and what refers to it; its bytes are in the files' storage."""

from __future__ import annotations

from piccolo.columns import UUID, Array, BigInt, Boolean, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class AttachmentRow(Table, tablename="attachment"):
    """A file that somebody added; its bytes lie under ``sha256``, the public copy's under ``public_sha256``."""

    id = Varchar(length=16, primary_key=True)
    sha256 = Varchar(length=64, index=True)
    name = Varchar(length=120)
    size = BigInt()
    kind = Varchar(length=8)
    uploaded_by = Varchar(length=96, index=True)
    uploaded_at = Timestamptz(default=None)
    public_sha256 = Varchar(length=64, index=True)
    public_size = BigInt()


class AttachmentUse(Table, tablename="attachment_use"):
    """What refers to a file: ``parties`` (``role:id``) may read the original, anybody the copy where it is public.

    ``region`` is where the matter lies: regulators of it read the original too.
    """

    id = UUID(primary_key=True, default=None)
    attachment = ForeignKey(AttachmentRow, on_delete=OnDelete.restrict, null=False)
    subject = Varchar(length=48)
    parties = Array(base_column=Varchar(length=96), default=list)
    is_public = Boolean(default=False)
    region = Varchar(length=6, null=True, default=None)
    used_at = Timestamptz(default=None)

    attachment_use_once = Unique([attachment, subject])

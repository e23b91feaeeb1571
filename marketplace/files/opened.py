"""The storage that the settings name."""

from __future__ import annotations

from marketplace.files.disk import DiskFiles
from marketplace.files.place import read_bucket
from marketplace.files.port import Files
from marketplace.files.s3 import S3Files
from marketplace.settings import Settings

FOLDER = "files"
"""Below the data folder."""


def open_files(settings: Settings) -> Files:
    """S3-compatible storage where ``FILE_STORE`` names one, else the data folder."""
    if settings.file_store is None:
        return DiskFiles(settings.data_dir / FOLDER)
    bucket = read_bucket(settings.file_store)
    assert bucket is not None, "the settings have checked it"
    return S3Files(bucket)

"""Why a file or a sheet was refused, in words; codes are stable for ever (ADR 0025)."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.web.locale.phrases import Phrase

FILES: Mapping[str, Phrase] = {
    "file_empty": Phrase("文件是空的", "The file is empty"),
    "file_too_large": Phrase(
        "文件过大[：{bytes} 字节][，上限 {most} 字节]", "The file is too large[: {bytes} bytes][, at most {most}]"
    ),
    "file_kind": Phrase(
        "按内容判断，不是可以上传的文件：只收 PDF、PNG、JPEG、Word（docx）、Excel（xlsx）",
        "By its content this is no file that is taken: PDF, PNG, JPEG, Word (docx) and Excel (xlsx) are",
    ),
    "file_broken": Phrase("文件不完整或已损坏[（{kind}）]", "The file is broken or not whole[ ({kind})]"),
    "file_unreadable": Phrase(
        "文件已加密或无法读取，不能制作去除元数据的公开副本[（{kind}）]",
        "The file is encrypted or cannot be read, so no public copy can be made[ ({kind})]",
    ),
    "file_has_active_content": Phrase(
        "文件含有宏、控件或嵌入的其他文件", "The file carries macros, controls or other files inside it"
    ),
    "file_unpacks_too_large": Phrase(
        "文件展开后过大[：上限 {most} 字节][、{parts} 个部分]",
        "The file unpacks to too much[: at most {most} bytes][, {parts} parts]",
    ),
    "file_quota_count": Phrase(
        "今日上传的文件已达上限[（{most} 个）]", "As many files as a day allows were added[ ({most})]"
    ),
    "file_quota_bytes": Phrase(
        "今日上传的文件总量已达上限[（已用 {used} 字节，上限 {most} 字节）]",
        "As many bytes as a day allows were added[ ({used} of {most})]",
    ),
}
"""Attachments."""

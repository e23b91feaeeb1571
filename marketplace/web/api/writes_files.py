"""Files of the API: adding an attachment and reading it back.

A file leaves as a download under its own name, never as a page of this site: sniffing is forbidden and a sandbox
policy of its own stands on it. Source: ADR 0025.
"""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery

from commons.events import Actor
from marketplace.attachments.attachment import MAX_FILE_BYTES, MEDIA_TYPES
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.attach_file import AttachFile, FileAttached, attach_file
from marketplace.usecases.read_attachment import FileRead, read_attachment
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NAMED, ApiRequest, provide_reader
from marketplace.web.api.routing import SECURITY
from marketplace.web.api.tags import FILES
from marketplace.web.api.uploads import ANY, Upload, upload_of
from marketplace.web.pages.asking import identifier_of

SANDBOX = "sandbox; default-src 'none'"

FILE_WRITES: tuple[HTTPRouteHandler, ...] = (
    upload_of(Upload(
        "/attachments", "attachFile", FILES, "上传附件 / Add a file", FileAttached,
        lambda sent: attach_file(
            sent.database, sent.files, sent.caller,
            AttachFile(name=sent.name, sha256=sha256(sent.body).hexdigest()), sent.body,
        ),
        (ANY, *MEDIA_TYPES.values()), MAX_FILE_BYTES,
    )),
)  # fmt: skip


@get(
    "/attachments/{attachment:str}",
    operation_id="readAttachment",
    name="readAttachment",
    tags=[FILES],
    summary="下载附件 / Read a file",
    description="`copy=true` 只取去除元数据的公开副本 / The public copy, without metadata, instead of the original",
    dependencies={"reader": Provide(provide_reader)},
    security=[{}, *SECURITY],
    responses={
        200: ResponseSpec(bytes, generate_examples=False, description="文件 / The file", media_type=ANY),
        **problems(401, *NAMED),
    },
)
async def get_attachment(
    request: ApiRequest,
    database: NamedDependency[Database],
    reader: NamedDependency[Actor | None],
    attachment: FromPath[str],
    *,
    copy: FromQuery[bool] = False,
) -> Response[bytes]:
    """The original for whoever may see it, else the public copy once there is one."""
    caller = None if reader is None else Caller(reader)
    identifier = identifier_of("attachment", attachment)
    found = await read_attachment(database, request.app.state.files, caller, identifier, is_public_wanted=copy)
    return file_response(found)


def file_response(found: FileRead) -> Response[bytes]:
    """A file as a download."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.attachment.name, safe='')}",
        "Content-Security-Policy": SANDBOX,
        "Cache-Control": "private, no-store" if found.is_original else "public, max-age=300",
        "ETag": f'"{found.digest}"',
    }
    return Response(found.body, media_type=MEDIA_TYPES[found.attachment.kind], headers=headers)

"""The rooms of the API, as the OpenAPI document groups them."""

from __future__ import annotations

from litestar.openapi.spec import Tag

ACCOUNTS = "账号 Accounts"
AGENCIES = "机构 Agencies"
CREDIT = "信用 Credit"
DEMANDS = "需求 Demands"
SELECTIONS = "选取 Selections"
CONTRACTS = "合同 Contracts"
ENGINE = "试算 Engine"
FILES = "附件与表格 Files"
ANNOUNCEMENTS = "公告 Announcements"
NEIGHBOURS = "消息与对接 Neighbours"

TAGS = (
    Tag(ACCOUNTS, "登录、身份、令牌、双人复核 / Signing in, roles, tokens, the two-person rule"),
    Tag(AGENCIES, "备案、资质、上架报价 / Filing, qualifications, the shelf"),
    Tag(CREDIT, "信用信息与限制 / Credit facts and restrictions"),
    Tag(DEMANDS, "需求的起草、发布与立等可取 / Demands from draft to publication, and instant awards"),
    Tag(SELECTIONS, "报名、报价、到期办理 / Signing up, offering, settling"),
    Tag(CONTRACTS, "签订、履行、验收、评价、归档 / Signing, keeping, accepting, rating, archive"),
    Tag(FILES, "附件、文书、表格 / Attachments, papers, sheets"),
    Tag(NEIGHBOURS, "消息、待办、事件订阅、外部系统 / Notifications, work list, webhooks, neighbours"),
    Tag(ANNOUNCEMENTS, "全站公告：发布、更正、撤下 / Announcements over every page"),
    Tag(ENGINE, "只计算，不留痕 / Computes, keeps nothing"),
)

"""The guides of those who work with the market for others: regulator, platform delegate, operator."""

from __future__ import annotations

from marketplace.web import addresses as at
from marketplace.web.views.guides import Guide, GuideLink, GuideStep

REGULATOR = Guide(
    "regulator",
    "监管部门",
    "看线索、办异议和投诉、作失信认定、抽查；每个限制都要两个人。",
    ("单位为您开通的监管账号，写明地区和条线", "第二步验证（手机验证器）"),
    (
        GuideStep(
            "先看待办和期限",
            ("工作台按法定期限排列：备案异议、信用异议、修复申请、投诉、待审的关联线索。逾期的标出来，不会自动办结。",),
            "每件写明最后一日", (GuideLink(at.WORK, "工作台"), GuideLink(at.QUEUES, "异议与修复")), "work-regulator",
        ),
        GuideStep(
            "核对事实",
            ("打开机构档案看信用分的每一笔：依据、日期、证据摘要。对中选结果有疑问，先核验，再下结论。",),
            links=(GuideLink(at.SUBJECTS, "信用查询"), GuideLink(at.VERIFY, "中选核验")), shot="case-file",
        ),
        GuideStep(
            "作出限制",
            ("选依据、范围、起止，先看预览：哪些正在进行的选取、报价、合同会停下。先告知当事人，听取陈述申辩。",
             "由另一位监管人员审批后生效；自生效时刻起，全省、全部方式都不再接受。"),
            "告知后有陈述申辩期，紧急情形除外",
            (GuideLink(at.RESTRICT, "失信登记"), GuideLink(at.RESTRICTIONS, "信用公示")), "restrict",
        ),
        GuideStep(
            "办投诉",
            ("先决定是否受理，再作处理决定；理由会公开，投诉人不公开。投诉期间结果暂缓生效。",),
            "受理和处理的期限见“投诉与异议”", (GuideLink(at.COMPLAINTS, "投诉与异议"),), "complaints",
        ),
        GuideStep(
            "双随机抽查",
            ("对象和检查人员由可验证的抽取产生，有关系的人先排除。计划、名单、结果都公开，谁都能重抽一遍核对。",),
            links=(GuideLink(at.INSPECTIONS, "双随机"),), shot="inspection",
        ),
    ),
    ("预警只给证据，不会自动排除任何人。", "可以看到、处理本地区及以下的事项；查看记录会留痕。"),
)  # fmt: skip

DELEGATE = Guide(
    "delegate",
    "代办员",
    "凭业主的委托替业主办理，每一步都写明是谁代办。",
    ("平台开通的代办员账号", "业主在线给出的委托，写明期限"),
    (
        GuideStep(
            "请业主委托",
            ("业主的管理员在“我的单位”里把您加为代办员。委托有起止，业主随时可以收回，收回立即生效。",),
            links=(GuideLink(at.ORGANISATION, "我的单位"), GuideLink(at.ACCOUNT, "我的账号")),
        ),
        GuideStep(
            "替业主发布需求",
            ("与业主自己发布一样填写和预览。公告上会写明由代办员代办。",),
            links=(GuideLink(at.POST_DEMAND, "发布需求"), GuideLink(at.FAIRNESS, "公平性检查")), shot="fairness",
        ),
        GuideStep(
            "替业主答复和签收",
            ("询问的答复、合同上传、验收都可以代办；要求业主本人确认的，页面会说明。",),
            "与业主的期限相同", (GuideLink(at.WORK, "工作台"),), "work-owner",
        ),
    ),
    ("只能在委托的业主范围内办理，不能代替任何机构报价。", "代办不收费。"),
)  # fmt: skip

OPERATOR = Guide(
    "operator",
    "运营机构",
    "维护目录、规则版本、账号和对接；对任何一个中选结果没有发言权。",
    ("运营账号和第二步验证", "发布目录或规则新版本的依据文件"),
    (
        GuideStep(
            "保护好账号",
            ("口令之外设第二步验证，定期看在用的会话。给接口用的令牌写明用途和期限。",),
            links=(GuideLink(at.ACCOUNT, "我的账号"), GuideLink(at.TOKENS, "接口令牌")), shot="account",
        ),
        GuideStep(
            "发布目录和规则的新版本",
            ("新版本写明依据、地区和生效时间，先看与现行版本的差异，再由第二个人确认。已经发布的需求仍按发布时的规则办。",),
            "生效时间不能早于发布时间",
            (GuideLink(at.OPERATING_PROFILES, "规则版本"), GuideLink(at.PROPOSALS, "待确认")), "profiles",
        ),
        GuideStep(
            "看对接和备份",
            ("对接中断时事项照常办理，消息排队重发；发不出去的列出来，处理后重发。备份要按期做恢复演练。",),
            links=(GuideLink(at.OPERATING_NEIGHBOURS, "对接与外发"), GuideLink(at.API_DOCS, "接口文档")),
            shot="neighbours",
        ),
        GuideStep(
            "公开数据",
            ("公告、结果、机构、信用名单都可以导出，任何人可以自建一份。",),
            links=(GuideLink(at.OPEN_DATA, "数据开放"),), shot="open-data",
        ),
    ),
    ("运营机构不能改报价、分数、名次和中选结果；证据记录只能追加，不能修改。",),
)  # fmt: skip

"""The pages of the seeded site that are looked at: one line each, and every check of a page comes with it.

``test_pages_places`` opens each of them in Chromium: nothing scrolls sideways, axe finds nothing, the policy is kept,
no request leaves the site. ``python -m tests.gallery`` takes the pictures of those that have words and writes
docs/pages.md. An address may hold ``{names}`` of ``ground.names_of``; ``role`` is somebody of ``ground.PEOPLE``.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.web.addresses import WORK


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its name, where it is, who reads it ("": nobody signed in), its title and words in the gallery.

    ``width`` is that of the picture, which shows the page whole or its first screen; without words there is none.
    """

    name: str
    address: str
    role: str = ""
    title: str = ""
    words: str = ""
    width: int = 1280
    is_whole: bool = True


PLACES: tuple[Place, ...] = (
    # public
    Place("home", "/", title="首页", words="搜索、今年的四个数字、正在进行的选取、最新的需求和中选、各市成交。"),
    Place("home-phone", "/", title="首页（手机）", words="390 像素宽，不横向滚动。", width=390, is_whole=False),
    Place("demands", "/demands", title="需求公告", words="条件都在地址里，可以收藏和转发。"),
    Place("demand", "/demands/{demand}", title="一宗需求", words="项目、条件、时间、怎样询问和提出异议。"),
    Place("awards", "/awards", title="中选公告", words="已有结果的选取，未成立的也在列，说明原因。"),
    Place(
        "award", "/awards/{award:comprehensive}", title="一宗中选（综合比选）",
        words="每家每项的原始值、算式和得分，价格权重变动时结果会不会变。",
    ),
    Place("award-instant", "/awards/{award:instant}"),
    Place(
        "verify", "/awards/{award:comprehensive}/verify", title="中选核验",
        words="条件、事实、报价、得分、名次、中选价逐步与记录对照并重新计算；同样的命令在自己的电脑上也能做。",
    ),
    Place("verify-form", "/verify"),
    Place(
        "trial", "/rules/trial?demand={demand:comprehensive}", title="试算",
        words="从已发布的需求取条件，填几家虚构的报价，看会选出谁、每一分怎样算。",
    ),
    Place(
        "fairness", "/fairness?demand={demand:comprehensive}", title="公平性检查",
        words="这样的条件有多少机构能参加，哪一条减得最多，同类花了多少钱、多少天。",
    ),
    Place("agencies", "/agencies", title="机构库", words="在册机构，按统一社会信用代码排列，不分先后。"),
    Place("agency", "/agencies/{agency}", title="机构档案", words="信用分的每一笔、资质与到期日、中选、限制和时间线。"),
    Place("restrictions", "/restrictions", title="信用公示", words="谁受限、依据、起止、修复；一地受限，全省受限。"),
    Place("items", "/items", title="服务事项", words="按类别列出，依据、要求写在每一项里；取消的注明文件。"),
    Place("item", "/items/RA03", title="事项卡片", words="依据、要求、通常的费用和时间、谁能做、正在征集。"),
    Place("announcements", "/announcements"),
    Place("operating-announcements", f"{WORK}/announcements", "operator"),
    Place("announce", f"{WORK}/announcements/publish", "operator"),
    Place("help-desks", "/help-desks"),
    Place("reference", f"{WORK}/reference", "operator"),
    Place("help-desk-form", f"{WORK}/reference/desk", "operator"),
    Place("areas", "/areas"),
    Place("debarment", "/restrictions/debarment"),
    Place("commendation", "/restrictions/commendation"),
    Place("complaints", "/complaints", title="投诉与异议", words="对什么不服、谁答复、多久；用编号查办到哪一步。"),
    Place("complaints-found", "/complaints?code={award:comprehensive}"),
    Place("complaint-form", "/complaints/award", "person"),
    Place("open-data", "/open-data"),
    Place("guides", "/guides"),
    Place("english", "/en"),
    Place("guide-owner", "/guides/owner", title="办事指南（业主）", words="每一步在哪一页办、多久；画面取自本站。"),
    Place("guide-agency", "/guides/agency"),
    Place("guide-regulator", "/guides/regulator"),
    Place("guide-operator", "/guides/operator"),
    Place("rules", "/rules"),
    Place("sign-in", "/sign-in"),
    Place("nowhere", "/nowhere"),
    Place("api-docs", "/api/docs"),
    # everybody who is signed in
    Place("search", "/search?q=%E6%B5%8B%E7%BB%98", title="全站检索", words="一个词同时查需求、机构、结果和事项。"),
    Place("search-nothing", "/search?q=%E4%B8%98%E5%A3%91"),
    Place("filters", "/account/filters", "agency"),
    Place("work-owner", "/workbench", "owner", "业主的工作台", "待办按期限，每个项目办到哪一步。"),
    Place("work-agency", "/workbench", "agency"),
    Place("work-regulator", "/workbench", "regulator"),
    Place("notifications", f"{WORK}/notifications", "owner"),
    Place("jobs", f"{WORK}/jobs", "auditor"),
    Place("account", "/account", "agency"),
    # agencies
    Place("join", "/join"),
    Place("own-agency", f"{WORK}/agency", "agency"),
    Place("own-credit", f"{WORK}/credit", "agency"),
    Place("own-contracts", f"{WORK}/agency/contracts", "agency"),
    # owners
    Place("post", f"{WORK}/post", "owner"),
    Place("post-copy", f"{WORK}/post?from={{desk}}", "owner"),
    Place("post-change", f"{WORK}/post?draft={{draft}}", "owner"),
    Place("my-demands", f"{WORK}/demands", "owner"),
    Place("draft", f"{WORK}/demands/{{draft}}", "owner"),
    Place("draft-discard", f"{WORK}/demands/{{draft}}/discard-draft", "owner"),
    Place("desk", f"{WORK}/demands/{{desk}}", "owner"),
    Place("desk-direct", f"{WORK}/demands/{{direct}}", "owner"),
    Place("award-directly", f"{WORK}/demands/{{direct}}/award-directly", "owner"),
    Place("instant", f"{WORK}/instant?from={{desk}}", "owner"),
    Place("instant-shelf", f"{WORK}/instant?from={{desk}}&item=RA07&budget=200000&quantity=1", "owner"),
    Place("my-contracts", f"{WORK}/contracts", "owner"),
    Place("my-contract", f"{WORK}/contracts/{{own-contract}}", "owner"),
    Place("my-contract-upload", f"{WORK}/contracts/{{own-contract}}/upload-contract", "owner"),
    Place("joining", f"{WORK}/agency/acts/qualify?kind=%E6%B5%8B%E7%BB%98%E8%B5%84%E8%B4%A8", "agency"),
    Place("own-parts", f"{WORK}/agency/demands", "agency"),
    Place("own-shelf", f"{WORK}/agency/shelf", "agency"),
    Place("sign-up-demand", "/demands/{demand:comprehensive}/sign-up", "agency"),
    Place("own-receipt", "/demands/{demand:comprehensive}/receipt", "agency"),
    # regulators
    Place("subjects", f"{WORK}/subjects", "regulator", "信用查询", "按名称、代码、注册地和限制查询，导出 Excel。"),
    Place("subjects-none", f"{WORK}/subjects?q=%E4%B8%98%E5%A3%91", "regulator"),
    Place("subjects-restrict", f"{WORK}/restrict?q=%E6%B5%8B%E7%BB%98", "regulator"),
    Place(
        "case-file", f"{WORK}/subjects/{{agency}}", "regulator", "案卷（监管）",
        "每条信用信息怎样计分、能怎样办理；限制、告知、异议和关联线索。",
    ),
    Place(
        "restrict", f"{WORK}/restrict/{{agency}}", "regulator", "失信限制登记",
        "依据、措施、期限；右边逐地逐件预览批准后会发生什么，第二人审批前不生效。",
    ),
    Place("queues", f"{WORK}/queues", "regulator", "办理队列", "按法定期限从早到晚，每件点开就是办理页。"),
    Place("inspections", f"{WORK}/inspections", "regulator"),
    Place("inspection-plan", f"{WORK}/inspections/plans/{{plan}}", "regulator"),
    Place(
        "inspection", f"{WORK}/inspections/{{inspection}}", "regulator", "双随机抽查",
        "对象和检查人员由各部门公开的随机数抽出，输入全部列出，谁都能重抽一遍核对。",
    ),
    Place("alerts", f"{WORK}/alerts", "regulator", "预警线索", "从已有结果的选取里算出，附证据，不排除任何机构。"),
    # operators and auditors
    Place("work-operator", "/workbench", "operator"),
    Place("work-auditor", "/workbench", "auditor"),
    Place("accounts", f"{WORK}/accounts", "operator", "岗位与账号", "谁在什么岗位；监管和运营岗位由两人任命。"),
    Place("appoint", f"{WORK}/accounts/appoint", "operator"),
    Place("catalogue", f"{WORK}/catalogue", "operator"),
    Place("profiles", f"{WORK}/profiles", "operator"),
    Place(
        "profiles-diff", f"{WORK}/profiles?profile=generic-v1&old=shipped&new={{version}}", "operator",
        "规则版本的比较", "何时何地施行，逐项从什么改成什么；已经公布的不能改。",
    ),
    Place("profiles-publish", f"{WORK}/profiles/publish", "operator"),
    Place("calendar", f"{WORK}/calendar", "operator", "工作日历", "“工作日”怎样算，逐年列出节假日和周末上班。"),
    Place("neighbours", f"{WORK}/neighbours", "operator", "对接与外发", "停止重试的写明原因，修好后重新投递。"),
    Place("health", f"{WORK}/health", "operator", "运行状况", "打开时逐项检查，与命令行看的是同一份。"),
    Place(
        "access-log", f"{WORK}/access-log", "auditor", "访问日志（审计）",
        "谁以何种身份办了什么；只增不改，查阅本页也写入。",
    ),
    Place("backups", f"{WORK}/backups", "operator", "备份", "何时开始过；备份、核对、恢复都在服务器上进行。"),
)  # fmt: skip
"""All of them, by area; a later page is a line here."""

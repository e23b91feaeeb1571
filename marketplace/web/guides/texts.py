"""The guides themselves, written for each role; every step names the page where it is done.

A link is shown once its page is there (``addresses.PATTERNS``); clocks name the rule's value, the page says the number.
"""

from __future__ import annotations

from marketplace.web import addresses as at
from marketplace.web.guides.working import DELEGATE, OPERATOR, REGULATOR
from marketplace.web.views.guides import Guide, GuideLink, GuideStep

PUBLIC = Guide(
    "public",
    "公众",
    "不用登录就能看全部公告、重算任何一个中选结果；登录后可以提异议。",
    ("什么都不用准备；提异议需要一个账号",),
    (
        GuideStep(
            "查一项服务要不要做、要多少钱",
            ("打开服务事项，按名称或审批事项查找。卡片上有法律依据、资质要求、能不能自己做、中位费用和时间，都写明样本数。",
             "清单里没有的，或已经取消的，任何单位不得要求。"),
            links=(GuideLink(at.ITEMS, "服务事项"), GuideLink(at.AREAS, "区域成果")), shot="items",
        ),
        GuideStep(
            "看需求和结果",
            ("条件都在网址里，可以收藏、转发，也可以用阅读器订阅。未成立的结果同样公开，并写明原因。",),
            links=(GuideLink(at.DEMANDS, "需求公告"), GuideLink(at.AWARDS, "中选公告")), shot="demands",
        ),
        GuideStep(
            "自己核验一个结果",
            ("在中选公告里点“核验”，或扫公告上的二维码。条件、报价、得分、名次、中选价逐步重算，与公布的数字对照。",
             "不相信本站的计算，可以下载案卷，用同一条命令在自己的电脑上算。"),
            links=(GuideLink(at.VERIFY, "中选核验"),), shot="verify",
        ),
        GuideStep(
            "查一家机构",
            ("机构档案里有资质和到期日、信用分的每一笔、历次中选、限制和时间线。",),
            links=(GuideLink(at.AGENCIES, "机构库"), GuideLink(at.RESTRICTIONS, "信用公示")), shot="agency",
        ),
        GuideStep(
            "认为不对，提出异议",
            ("中选结果在公示期内、机构备案在异议期内，任何人都可以提，不公开提出人。用编号随时查办到哪一步。",),
            "公示期内", links=(GuideLink(at.COMPLAINTS, "投诉与异议"),), shot="complaints",
        ),
    ),
    ("页面上的时间都是北京时间；期限写明工作日或日。", "不收任何费用，也不推荐任何一家机构；列表的顺序写在列表上方。"),
)  # fmt: skip

OWNER = Guide(
    "owner",
    "项目业主",
    "发布需求、在线选取、签约、验收、评价；小额标准化服务三步选定。",
    ("统一社会信用代码和单位账号", "项目代码（有了它，项目信息自动带出）", "最高限价和希望的服务期限"),
    (
        GuideStep(
            "先看是不是真的要做",
            ("在服务事项里看这一项能不能自己做；项目所在区域已有区域评价的，可以直接使用，不必委托。",),
            links=(GuideLink(at.ITEMS, "服务事项"), GuideLink(at.AREAS, "区域成果")), shot="items",
        ),
        GuideStep(
            "检查条件是否公平",
            ("填事项、地点和条件，看有多少机构能参加、哪一条减得最多、同类花了多少钱。",
             "超出法律要求的资质、限定注册地，发布时会被拒绝，这里先告诉您。"),
            links=(GuideLink(at.FAIRNESS, "公平性检查"), GuideLink(at.TRIAL, "试算")), shot="fairness",
        ),
        GuideStep(
            "发布需求",
            ("在工作台选择“发布需求”，填项目代码、事项、选取方式和条件，预览后发布。条件一经发布就冻结，改动会重新计时。",
             "小额、标准化的服务可以“立等可取”：在上架报价里选定一份，当场生成中选公告。"),
            "报名时间不少于规则规定的天数",
            (GuideLink(at.POST_DEMAND, "发布需求"), GuideLink(at.INSTANT, "立等可取"), GuideLink(at.WORK, "工作台")),
            "work-owner",
        ),
        GuideStep(
            "答复询问，等结果",
            ("机构的询问要在期限内公开答复。截止后由规则自动计算，业主只能做条款里写明的选择，不能改结果。",),
            "询问按期答复", (GuideLink(at.DEMANDS, "需求公告"),), "demand",
        ),
        GuideStep(
            "公示、答复异议",
            ("结果公示期间有人提出异议，要书面答复，答复会公开；其间结果暂缓生效。",),
            "公示期和答复期见规则", (GuideLink(at.AWARDS, "中选公告"), GuideLink(at.RULES, "规则")), "award",
        ),
        GuideStep(
            "签约、验收、评价",
            ("按期签约并上传合同，收到成果后验收，再按五个方面评价。逾期未验收视为验收，但不算好评。",),
            "签约、验收、评价各有期限，工作台会提醒", (GuideLink(at.WORK, "工作台"),),
        ),
    ),
    ("没有“指定”这个按钮：选谁由公布的规则算出来，谁都能核验。",
     "没有合适的账号或时间，可以委托代办员办理，页面会写明是代办。"),
)  # fmt: skip

AGENCY = Guide(
    "agency",
    "中介机构",
    "一次备案，全省 11 个市通用；没有注册费、保证金和本地分支要求。",
    ("统一社会信用代码", "资质证书编号和有效期（事项要求时）", "签署的信用承诺"),
    (
        GuideStep(
            "入驻备案",
            ("填统一社会信用代码，能从数据共享查到的自动带出，核对后签署承诺，当场生效、全省公开。",
             "只核对证照是否真实有效，不因规模、业绩、注册地拒绝。"),
            links=(GuideLink(at.JOIN, "入驻"), GuideLink(at.SIGN_UP, "注册账号")),
        ),
        GuideStep(
            "登记资质和人员",
            ("在“我的机构”里登记资质、人员和能做的事项。资质到期当日零点自动停止相应事项，请提前续期。",),
            links=(GuideLink(at.OWN_AGENCY, "我的机构"),), shot="work-agency",
        ),
        GuideStep(
            "找需求",
            ("按事项、地区、金额筛选，存成常用条件或订阅。每宗需求写明要什么、怎样算分、什么时候截止。",),
            links=(GuideLink(at.DEMANDS, "需求公告"), GuideLink(at.SAVED_FILTERS, "常用条件")), shot="demands",
        ),
        GuideStep(
            "报名、报价",
            ("先报名，再密封报价或进入竞价大厅。每次提交都有回执编号和摘要；是否按时，以服务器提交时间为准。",
             "报价前可以用试算看自己的分数怎样变化。"),
            "截止时间以服务器时钟为准",
            (GuideLink(at.TRIAL, "试算"), GuideLink(at.OWN_DEMANDS, "我参加的选取")), "demand",
        ),
        GuideStep(
            "上架报价，等业主来选",
            ("标准化的服务可以上架：写明价格、期限和能接几单。业主选定即成立，请只上架做得到的。",),
            links=(GuideLink(at.OWN_SHELF, "上架报价"),),
        ),
        GuideStep(
            "中选以后",
            ("按期确认、签约、交付。放弃中选、逾期都会记入信用。合同各步在“合同”里办。",),
            "确认、签约的期限见中选公告", (GuideLink(at.OWN_CONTRACTS, "合同"),), "award",
        ),
        GuideStep(
            "看自己的信用",
            ("每一分都写明事实、规则、日期和什么时候到期。认为有误可以异议，履行义务后可以申请修复。",),
            links=(GuideLink(at.OWN_CREDIT, "我的信用"),), shot="credit",
        ),
    ),
    ("受限期间不能报名、报价、中选、签约，全省同时有效；入驻本身不受影响。",
     "落选的机构能看到自己每一项的得分和理由。"),
)  # fmt: skip

GUIDES: tuple[Guide, ...] = (PUBLIC, OWNER, AGENCY, REGULATOR, DELEGATE, OPERATOR)
"""All of them, in the order of the list."""

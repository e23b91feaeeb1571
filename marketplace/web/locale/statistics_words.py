"""What each number of the statistics is called, what it means, and its formula, in both languages.

One row a measure; docs/reference/statistics.md, the pages, the sheets and the API say the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from marketplace.statistics.measures import CONCENTRATION


@dataclass(frozen=True, slots=True)
class Words:
    """Name, definition and formula in Chinese; name and definition in English."""

    name: str
    means: str
    formula: str
    name_en: str
    means_en: str


_NOT_JOINT = "合并采购不计"
_PRICED = "随机抽取、信用择优和直接选取没有报价竞争，不计"
_RATING_RULE = "只计业主作出的评价；没有评价的不计，也不按好评计"
_ANSWERED = "每人每步至多一次，自愿填写；没有填写的不计"

MEASURE_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "awarded": Words(
            "成交", "期间内提出中选结果、至今仍然有效的选取宗数", "计数", "Awards", "selections whose award stands"
        ),
        "failed": Words(
            "流标率", "需要机构前来参加的选取（综合比选、多轮竞价、均价选取、随机抽取、信用择优）中，没有成交的占比；"
            "再次发布的每次各计一宗", "未成立宗数 ÷（成交宗数 + 未成立宗数）", "Failed rate",
            "of selections that need bidders, those without an award; each publication counts",
        ),
        "single_bid": Words(
            "单家报价率", "需要机构前来参加、已经截止的选取中，只有 1 家报价（抽取类为报名）的占比；"
            "记录中没有家数的不计",
            "只有 1 家的宗数 ÷ 知道家数的宗数", "Single-bid rate",
            "of closed selections that need bidders, those with exactly one (a sign-up in a draw)",
        ),
        "direct_choice": Words(
            "直接选取率", "成交中由业主直接选定的占比", "直接选取宗数 ÷ 成交宗数", "Direct-choice rate",
            "of awards, those chosen directly by the owner",
        ),
        "abandoned": Words(
            "放弃率", "提出过中选结果的选取中，有机构放弃中选（明示或逾期未确认）的占比",
            "有放弃的宗数 ÷ 提出过中选结果的宗数", "Abandon rate",
            "of selections in which an award was proposed, those in which somebody gave it up, by word or by silence",
        ),
        "cancelled": Words(
            "终止与撤回", "期间内终止或撤回、因而没有结果的选取宗数；不计入流标率", "计数", "Cancelled or withdrawn",
            "selections that ended without a result by the owner's act",
        ),
        "outside_city": Words(
            "外市机构成交占比", "中选机构注册地不在项目所在设区市的成交占比", "中选机构在外市的宗数 ÷ 成交宗数",
            "Awarded to agencies from elsewhere", "of awards, those to an agency registered outside the project's city",
        ),
        "saving_ceiling": Words(
            "较最高限价低", f"中选价低于最高限价的比例；{_PRICED}", "（最高限价 − 中选价）÷ 最高限价，四舍五入到 0.1%",
            "Below the ceiling", "how far awards with competing prices lie below their ceiling",
        ),
        "saved_fen": Words(
            "较最高限价节约", f"中选价低于最高限价的金额之和；{_PRICED}", "Σ（最高限价 − 中选价）",
            "Saved against ceilings", "the sum of what awards lie below their ceilings",
        ),
        "unpriced": Words(
            "没有报价竞争的成交", "随机抽取、信用择优和直接选取的成交宗数，不计入节约", "计数",
            "Awards without competing prices", "drawn or chosen directly; in no figure about savings",
        ),
        "saving_baseline": Words(
            "较本事项基准价低", f"中选价低于本事项基准价的比例。基准价是发布当月之前 12 个月内全省同一事项成交单价"
            f"（中选价 ÷ 数量）的中位数，不足 5 宗没有基准价；{_NOT_JOINT}，{_PRICED}",
            "（基准价 × 数量 − 中选价）÷（基准价 × 数量），四舍五入到 0.1%", "Below the item's baseline",
            "against the median unit price of the item's awards in the 12 months before the month of publication",
        ),
        "award_workdays": Words(
            "发布到中选", "从公告发布之日到提出中选结果之日的工作日数；立等可取当日完成为 0",
            "发布日与中选日之间的工作日数", "Publication to award", "working days from publication to the award",
        ),
        "award_against": Words(
            "发布到中选，较本事项通常用时", "与发布当月之前 12 个月内全省同一事项用时的中位数相差的工作日数，"
            "负数为更快；不足 5 宗的不比；" + _NOT_JOINT, "本宗工作日数 − 通常用时",
            "Publication to award against the usual time",
            "against the item's median in the 12 months before the month of publication; negative is faster",
        ),
        "result_workdays": Words(
            "发布到成果验收", "从公告发布之日到成果验收（含视为验收）之日的工作日数，按验收的月份计",
            "发布日与验收日之间的工作日数", "Publication to accepted result",
            "working days from publication to the acceptance of the result, deemed ones included",
        ),
        "result_against": Words(
            "发布到成果验收，较本事项通常用时", "与发布当月之前 12 个月内全省同一事项用时的中位数相差的工作日数，"
            "负数为更快；不足 5 宗的不比；" + _NOT_JOINT, "本宗工作日数 − 通常用时",
            "Publication to result against the usual time",
            "against the item's median in the 12 months before the month of publication; negative is faster",
        ),
        "on_time": Words(
            "按期交付率", "已验收的合同中，最后一次交付不晚于合同期限（含双方同意的延期）的占比",
            "按期交付份数 ÷ 已验收份数", "Delivered in time", "of accepted contracts, those delivered by their due day",
        ),
        "award_seconds": Words(
            "发布到中选（演示规则，以秒计）", "按演示规则发布的需求从发布到中选的秒数，不与工作日合并统计",
            "中选时刻 − 发布时刻", "Publication to award under demonstration rules", "in seconds, apart from days",
        ),
        "result_seconds": Words(
            "发布到成果验收（演示规则，以秒计）", "按演示规则发布的需求从发布到验收的秒数，不与工作日合并统计",
            "验收时刻 − 发布时刻", "Publication to result under demonstration rules", "in seconds, apart from days",
        ),
        "coverage": Words(
            "以区域评估成果替代", "因区域评估成果覆盖而不再委托的需求宗数", "计数", "Spared by regional assessments",
            "demands that a regional assessment stands for",
        ),
        "coverage_days": Words(
            "区域评估节省时间", "每宗节省的日数：同类需求从发布到中选的日数与服务期限的中位数之和；没有同类需求的不计",
            "同类中位日数", "Days spared by regional assessments",
            "the median days of similar demands, counted where there are any",
        ),
        "coverage_days_total": Words(
            "区域评估节省时间合计", "各宗节省日数之和", "Σ 节省日数", "Days spared in all", "their sum"
        ),
        "coverage_fee": Words(
            "有同类价格的替代宗数", "能与同类需求价格比较的替代宗数", "计数", "Spared demands with similar prices",
            "those that could be compared",
        ),
        "coverage_fen": Words(
            "区域评估节省费用合计", "各宗节省费用之和：同类需求中选价的中位数；没有同类需求的不计", "Σ 同类中位价",
            "Fees spared in all", "the sum of the median prices of similar demands",
        ),
        "passed_first": Words(
            "成果一次通过审查率", "有审查结论的已验收成果中，首次送审即通过的占比", "一次通过份数 ÷ 有审查结论份数",
            "Passed at first review", "of accepted results with a review, those that passed at the first",
        ),
        "accepted_first": Words(
            "成果一次验收率", "业主表示过意见的已验收成果中，首次交付即被接受的占比；视为验收的没有意见，不计",
            "一次接受份数 ÷ 业主表示过意见的份数", "Accepted at first delivery",
            "of accepted results that the owner spoke about, those whose first delivery was accepted",
        ),
        "deemed": Words(
            "视为验收率", "已验收的成果中，业主逾期没有表示、按规则视为验收的占比；视为验收不等于好评",
            "视为验收份数 ÷ 已验收份数", "Deemed accepted", "of accepted results, those by the owner's silence",
        ),
        "rated": Words(
            "评价率", "已验收的合同中，业主作了评价的占比", "已评价份数 ÷ 已验收份数", "Rated",
            "of accepted contracts, those that the owner rated",
        ),
        "rating": Words(
            "服务评价", f"五个维度的平均分（1 至 5，向下取到 0.01）；{_RATING_RULE}", "五项之和 ÷ 5", "Rating",
            "the mean of five dimensions; silence is no rating",
        ),
        "rating_quality": Words("评价：质量", _RATING_RULE, "1 至 5 分", "Rating: quality", "silence is no rating"),
        "rating_time": Words("评价：时效", _RATING_RULE, "1 至 5 分", "Rating: time", "silence is no rating"),
        "rating_attitude": Words("评价：态度", _RATING_RULE, "1 至 5 分", "Rating: attitude", "silence is no rating"),
        "rating_charge": Words("评价：收费", _RATING_RULE, "1 至 5 分", "Rating: charge", "silence is no rating"),
        "rating_compliance": Words(
            "评价：合规", _RATING_RULE, "1 至 5 分", "Rating: compliance", "silence is no rating"
        ),
        "satisfied_filing": Words(
            "满意度：备案", _ANSWERED, "1 至 5 分", "Satisfaction: filing", "one answer a person"
        ),
        "satisfied_publication": Words(
            "满意度：发布需求", _ANSWERED, "1 至 5 分", "Satisfaction: publishing", "one answer a person"
        ),
        "satisfied_selection": Words(
            "满意度：选取", _ANSWERED, "1 至 5 分", "Satisfaction: selection", "one answer a person"
        ),
        "satisfied_contract": Words(
            "满意度：签约", _ANSWERED, "1 至 5 分", "Satisfaction: contract", "one answer a person"
        ),
        "satisfied_acceptance": Words(
            "满意度：验收", _ANSWERED, "1 至 5 分", "Satisfaction: acceptance", "one answer a person"
        ),
        "filed": Words(
            "新备案机构中的省外机构占比", "期间内备案的机构中，注册地在省外的占比", "省外机构数 ÷ 备案机构数",
            "Agencies filed from outside the province", "of agencies filed, those registered outside the province",
        ),
        CONCENTRATION: Words(
            "集中度（前 4 家占比）", "一个县（市、区）一个事项一年的成交金额中，金额最大的 4 家机构的占比；"
            "不足 5 宗的注明样本少",
            "前 4 家成交金额 ÷ 全部成交金额", "Concentration", "the four largest agencies' share of a county's awards "
            "for one item in a year, by money",
        ),
    }
)  # fmt: skip
GROUP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "market": "规模",
        "money": "费用",
        "time": "时间",
        "competition": "竞争与开放",
        "quality": "质量与评价",
        "satisfaction": "办事满意度",
        "coverage": "区域评估",
        "agencies": "机构",
    }
)
UNIT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "permille": "%",
        "workday": "个工作日",
        "second": "秒",
        "day": "日",
        "fen": "万元",
        "star": "分",
        "hundredth": "分",
        "case": "宗",
    }
)
WHEN_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "award": "按提出中选结果的月份",
        "end": "按选取结束的月份",
        "result": "按成果验收的月份",
        "saving": "按确认替代的月份",
        "answer": "按填写的月份",
        "filing": "按备案的月份",
    }
)
KIND_NAMES: Mapping[str, str] = MappingProxyType(
    {"spread": "中位数与四分位", "share": "占比", "total": "合计", "count": "计数"}
)
FEW_WORDS = "样本少（不足 5），仅供了解，不作推断"
ROUNDING = "中位数与四分位取样本中实有的值（偶数个时取中间两个中较小的一个）；各数先逐宗取整再排序，与先排序再取整相同"

"""What a form about accounts answers, in words: by the stable code of what went wrong, and by field."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.web.locale.agency_act_words import CONFLICTS

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "sign_in_failed": "登录名或密码不正确",
        "second_factor_wrong": "动态码不正确，或已经用过；请等下一个动态码，或使用一个恢复码",
        "second_factor_needed": "请填写动态码或恢复码",
        "step_over": "间隔太久，请从登录名和密码重新开始",
        "recovery_failed": "登录名或恢复码不正确",
        "proof_failed": "密码不正确",
        "no_proof_set": "本账号没有密码，也没有两步验证：请重新登录一次，或先设置密码",
        "login_taken": "这个登录名已有人使用，请换一个",
        "organisation_claimed": "该单位已有管理员，请联系本单位管理员添加您",
        "member_already": "此人已是本单位成员，身份相同",
        "last_administrator": "这是最后一名管理员，请先添加另一名管理员",
        "second_factor_in_force": "两步验证已经启用，请先关闭",
        "second_factor_not_begun": "请先取得密钥",
        "no_second_factor": "两步验证没有启用",
        "no_such_step": "没有这一步",
        "proposal_over": "这一事项已经办结，或已超过复核期限",
        "own_proposal": "自己提出的事项须由另一人复核",
        "same_appointer": "两人的岗位都由同一人单独任命，须由另一人复核",
        "proposer_gone": "提出人已不再有此权限，不能照此办理",
        "proposal_failed": "现在不能照此办理",
        "role_not_allowed": "当前身份不能办理这一事项，请切换身份",
        "role_needed": "请先选择以什么身份办理",
        "filing_needed": "本机构还没有备案，请先入驻",
        "administrator_only": "只有本单位管理员可以办理",
        "outside_region": "不在您的管辖区域内",
        "outside_line": "涉及的事项不属于您的条线",
        "own_office": "岗位不能由本人、与本人联系方式相同的账号任命或复核",
        "offices_apart": "运营与监管不能由同一人担任",
        "office_held": "此人已担任这一岗位",
        "last_operator": "这是最后一名能登录的运营人员，请先任命另一名",
        "own_account": "不能停用自己的账号，由另一名运营人员办理",
        "no_officer": "没有这个岗位，或已经免去",
        "no_letter": "这一件已不在停止重试之列",
        "no_webhook": "没有这个订阅，或已经取消",
        "satisfaction_was_given": "您已经填写过这一步的满意度",
        "step_is_not_over": "这一步还没有办完",
        "took_no_part": "只请参与这一步的人填写",
        "not_yours": "这不属于您的单位",
        "step_up_needed": "请先再次验证身份",
        "too_many_tries": "尝试次数过多，请稍后再试",
        "session_over": "登录已失效，请重新登录",
        "session_needed": "请先登录",
        "account_needed": "请先登录",
        "passwords_differ": "两次填写的密码不一致",
        "form_token": "表单已过期，请刷新页面后重新提交",
        "cross_site": "请求不是从本站页面发出的",
        "origin_missing": "浏览器没有说明请求从哪个页面发出",
        "provider_state": "这次登录不是在本浏览器中开始的，或已经用过、超过时限；请重新登录",
        "provider_declined": "您取消了统一身份认证登录，没有登录",
        "provider_answer": "统一身份认证的答复未能通过核验，没有登录；请重新登录",
        "no_account": "没有这个代码的账号",
        "no_member": "没有这名成员",
        "no_role": "您没有这个身份",
        "no_session": "没有这次登录，或已经结束",
        "no_token": "没有这个令牌，或已经作废",
        "no_saved_filter": "没有这个常用条件，或已经删除",
        "too_many_jobs": "同时最多 3 项没有办完的批量任务：请等其中一项办完，或先取消一项",
        "job_is_over": "这项任务已经结束",
        "no_job": "没有这项任务",
        "too_many_filters": "每个列表最多保存 20 个常用条件，请先删除不用的",
        "no_proposal": "没有这一待复核事项",
    }
)
"""By code; a code that is not here is said as it is."""

FIELD_OF: Mapping[str, str] = MappingProxyType(
    {
        "second_factor_wrong": "code",
        "second_factor_needed": "code",
        "proof_failed": "password",
        "login_taken": "login",
        "organisation_claimed": "organisation",
        "passwords_differ": "again",
        "no_account": "account",
        "member_already": "account",
    }
)  # fmt: skip
"""The field at which a code is shown; over the form where it is none's."""

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "login": "登录名为 3 至 64 个字符：字母、数字和 . _ @ + -，以字母或数字开头",
        "password": "请填写密码，最多 128 个字符",
        "current": "请填写现在的密码",
        "again": "请再填写一次新密码",
        "name": "请填写姓名，最多 120 个字",
        "contact": "联系方式为 5 至 120 个字符的手机号或电子邮箱，不含空格和汉字",
        "organisation": "请填写 18 位统一社会信用代码，校验位须正确",
        "role": "请选择一种身份",
        "rank": "请选择管理员或经办人",
        "code": "请填写 6 位动态码，或一个恢复码",
        "reason": "请填写理由，最多 500 字",
        "days": "有效期为 1 至 366 的整数，单位为日",
        "scopes": "请至少选择一项令牌可以办理的事项",
        "consent": "请先确认",
    }
)
"""What each field asks for."""

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "login": "登录名",
        "account": "账号代码",
        "password": "密码",
        "current": "现在的密码",
        "again": "再填一次新密码",
        "name": "姓名",
        "contact": "联系方式",
        "organisation": "统一社会信用代码",
        "role": "身份",
        "rank": "成员级别",
        "code": "动态码或恢复码",
        "reason": "理由",
        "days": "有效期",
        "scopes": "可以办理的事项",
    }
)  # fmt: skip
"""Names of the fields in the summary of faults."""


ROLES: Mapping[str, str] = MappingProxyType(
    {
        "owner": "业主", "agency": "中介机构", "regulator": "监管部门", "operator": "平台运营", "auditor": "审计",
        "delegate": "代办员", "public": "公众",
    }
)  # fmt: skip
"""As what somebody acts."""
RANKS: Mapping[str, str] = MappingProxyType({"administrator": "管理员", "staff": "经办人"})
"""In which rank somebody acts for an organisation."""


def fault_words(code: str) -> str:
    """Words of a code."""
    return WORDS.get(code) or CONFLICTS.get(code, f"没有办理（{code}）")


def field_words(name: str) -> str:
    """What the field asks for."""
    return FIELDS.get(name, "这一项看不懂")


def label_of(name: str) -> str:
    """The name of a field."""
    return LABELS.get(name, name)

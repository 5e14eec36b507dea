"""Does a customer ask the same thing again? Similarity of two short questions, from 0 to 1. Pure (design: rule 3).

Politeness and connecting words go; words that mean the same to a bank's customer become one idea. Ideas are of kinds:
a thing (mortgage, card), an act (open, cancel), an aspect (rate, fee, how long). The score is what the two questions
share, ideas weighing more than single characters; two different ideas of one kind (房贷 against 消费贷, conditions
against documents) count against it: that is another question, not a repeat.

The threshold belongs to knowledge/escalation.yml and is calibrated on tests/unit/text/pairs.tsv.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from bot.text.entities import extract
from bot.text.normalise import normalise

# kind -> idea -> the words for it. The longest word wins; a word stands for one idea only.
_IDEAS: dict[str, dict[str, str]] = {
    "thing": {
        "mortgage": "房贷 房屋贷款 住房贷款 按揭贷款 按揭 商业贷款 二手房贷款",
        "public_fund_loan": "公积金贷款",
        "consumer_loan": "消费贷款 消费贷 信用贷款 信用贷 装修贷",
        "business_loan": "经营贷款 经营贷 税贷",
        "car_loan": "车贷 买车贷款",
        "loan": "贷款 借款 借钱",
        "instalment": "分期付款 账单分期 现金分期 分期",
        "demand": "活期存款 活期",
        "deposit": "存款 存的钱",
        "time_deposit": "定期存款 定期存单 整存整取 定期 定存",
        "large_cd": "大额存单 大额定存",
        "treasury_bond": "储蓄国债 国债",
        "wealth": "理财产品 理财",
        "fund": "基金",
        "insurance": "保险",
        "metal": "贵金属 黄金 金条",
        "credit_card": "信用卡",
        "debit_card": "借记卡 储蓄卡",
        "class_two": "二类户 二类卡 ii类户 ii类卡",
        "class_one": "一类户 一类卡 i类户 i类卡",
        "card": "银行卡 卡片 卡",
        "company": "对公账户 公司账户 企业账户 公司户 公司开对公账户",
        "social_card": "社保卡 医保卡",
        "public_fund": "公积金",
        "wechat": "微信支付 微信",
        "alipay": "支付宝",
        "mobile_bank": "手机银行 手机app app 掌银",
        "online_bank": "网上银行 网银 个人网银",
        "token": "u盾 优盾 k宝 ukey",
        "login_password": "登录密码 登陆密码",
        "card_password": "取款密码 支付密码 交易密码",
        "password": "密码",
        "code": "短信验证码 验证码",
        "alert": "短信提醒 短信通知 短信服务",
        "phone_number": "预留手机号码 预留手机号 预留手机 手机号码 手机号 预留的手机号码 预留的手机号 电话号码",
        "address": "地址",
        "id_card": "身份证件 身份证",
        "hotline": "客服电话 客服热线 人工电话 服务电话 电话 热线",
        "branch": "营业网点 银行网点 网点 支行 分行 营业厅",
        "machine": "自动取款机 取款机 柜员机 atm机 atm",
        "balance": "余额 卡里还有多少钱",
        "statement": "银行流水 交易明细 流水 明细",
        "opening_bank": "开户行 哪个支行开的",
        "bill": "账单",
        "points": "积分",
        "dollar": "美元 美金",
        "euro": "欧元",
        "yen": "日元",
        "pound": "英镑",
        "hong_kong_dollar": "港币 港元",
        "foreign_currency": "外汇 外币",
        "statement_day": "账单日 出账日",
        "due_day": "还款日 到期还款日",
        "minimum": "最低还款额 最低还款",
        "small_account": "小额账户管理费 小额账户",
        "annual_fee": "年费",
        "penalty": "违约金 手续费违约金",
        "default_interest": "罚息",
        "credit_record": "个人征信 征信",
        "cash_advance": "取现",
        "limit_of_use": "额度",
    },
    "act": {
        "open_account": "开立账户 开个户 开户 办卡开户 办张卡 办卡",
        "close": "注销 销户 销卡 销掉 退卡",
        "open": "开通 激活 启用",
        "switch_off": "取消 关闭 关掉 关了 停掉 停用",
        "report_lost": "挂失",
        "undo_loss": "解除挂失 解挂 取消挂失",
        "reissue": "补办 补卡",
        "lost": "丢了 丢失 不见了 遗失 弄丢 找不到了",
        "expired": "过期 到期",
        "swallowed": "吞卡 吞了 吞 被吞",
        "frozen": "被冻结 冻结",
        "unfreeze": "解冻 冻结了怎么解除 冻结怎么解除",
        "change": "修改 更改 更换 变更 更新 换成 改成 改 换",
        "raise": "调高 提高 提额 提升 调额 增加",
        "upgrade": "升级 升成",
        "convert": "兑换 换礼品",
        "bind": "绑定 绑卡 绑",
        "unbind": "解绑 解除绑定",
        "log_in": "登录 登陆 登不上去 登不上 登不进去 登录不上 登录不了",
        "forgot": "忘记 忘了 不记得",
        "locked": "锁住 锁定 锁了 被锁",
        "not_received": "收不到 没收到 接收不到",
        "transfer": "转账 转钱 转过去 转到 转的钱 转给 汇款 转出",
        "cross_bank": "跨行 他行 别的银行 其他银行",
        "arrive": "到账 到帐 能到 才能到 都没到 没到 到卡上",
        "wrong_person": "转错账 转错人 转错 转到别人那",
        "withdraw_transfer": "撤回 撤销 追回来 追回",
        "fail": "失败",
        "prepay": "提前还款 提前还清 提前还",
        "early_withdrawal": "提前支取 提前取出来 提前取 没到期",
        "auto_repay": "自动还款 自动扣款还款 自动扣款",
        "repay": "还款 怎么还 要还 还",
        "overdue": "逾期",
        "refused": "被拒 没通过 不通过 拒了",
        "lend_out": "放款",
        "approve": "审批 审核 批下来 批",
        "buy": "购买 买",
        "redeem": "赎回 取出来",
        "buy_currency": "购汇 换外汇 换汇",
        "sell_currency": "结汇",
        "transfer_to_other": "转让",
        "deducted": "被扣钱 被扣款 扣了我钱 扣我钱 扣钱 扣费",
        "unexplained": "莫名其妙 不知道为什么 无缘无故",
        "mailed": "寄到 寄来 邮寄",
        "print": "打印 打银行流水 怎么打 打流水",
        "complain": "投诉",
        "issue": "发行",
        "take_cash": "取钱 取款 取多少 能取",
        "put_cash": "存钱 存款机 存多少 能存",
        "waive": "免",
        "extract": "提取",
        "weekend": "周末 周六 周日 周六日 星期六 星期天 星期日 双休日",
        "holiday": "国庆节 国庆 春节 五一 元旦 节假日 法定假日 过年",
        "at_work": "上班 营业 开门 开不开门 上不上班 办公",
        "off_work": "下班 关门",
        "elsewhere": "异地 外地 不在开户地",
        "minor": "未成年人 未成年 小孩 孩子",
        "protected": "受保障 存款保险 受存款保险保障",
        "no_cash": "没吐钱 没出来 不吐钱 没出钞",
        "difference": "区别 不同",
        "refund": "退款",
    },
    "aspect": {
        "rate": "利率 利息 年化 几个点 年利率",
        "fee": "手续费 收费 收不收费 要不要钱 要钱 费用 收钱 管理费 多少钱",
        "conditions": "条件 要求 资格",
        "documents": "材料 资料 证件 带什么 准备什么 带身份证",
        "how_long": "多久 几天 多长时间 什么时候 何时 啥时候 几时 时候",
        "progress": "进度 到哪一步 哪一步",
        "ceiling": "限额 上限 最高 最多 最多能",
        "floor": "起存金额 最少 起存 起购 最低要存",
        "where": "在哪里 在哪 哪里 哪儿 附近 哪有 位置",
        "why": "为什么 为啥 原因 怎么回事 咋回事",
        "risk": "风险 会不会亏 亏 亏本",
        "yield": "收益",
        "exchange_rate": "汇率 兑人民币",
        "what_day": "哪天 几号",
        "how": "怎么弄 怎么操作 怎样 如何 怎么 咋",
        "amount": "多少",
        "hour": "几点",
        "result": "结果",
    },
}  # fmt: skip
_WEIGHT = {"thing": 2.0, "act": 2.0, "aspect": 1.6}
_CONFLICT = {"thing": 0.62, "act": 0.72, "aspect": 0.6, "entity": 0.55}
_GENERAL = {"loan", "card", "deposit", "how", "amount", "change", "transfer", "repay", "limit_of_use", "at_work"}
# an aspect that says nothing where a clearer one stands beside it: 最多能转多少钱 asks for the ceiling, not for a fee
_ASPECTS = set(_IDEAS["aspect"])
_VAGUE = {
    "how": _ASPECTS - {"how", "amount"},
    "amount": _ASPECTS - {"how", "amount"},
    "fee": {"ceiling", "floor", "rate", "exchange_rate", "yield"},
}
_STOP = re.compile(
    "你好|您好|请问一下|请问|麻烦|打扰|我想问一下|我想问下|想问一下|想问下|我想咨询一下|想咨询一下|咨询一下|问一下|问下|我问的是|我说的是|我要问|帮我|给我"
    "|谢谢|亲|一下|到底|究竟|现在|目前|最近的|最近|我的|你们的|你们|您们|咱们|我们|我这边|这个|那个|那张|那笔|这张|这笔"
    "|怎么办理|怎么处理|怎么办|咋办|该怎么|要怎么|需要|应该|办理|申请|办|想要|我想|想|我要|可不可以|能不能|是不是|有没有|可以|能够|都要"
    "|什么|哪些|哪个|一天|每天|是|的|了|吗|呢|啊|呀|吧|嘛|哦|呃|嗯|么|我|您|你|个|能|会|要|有|在|把|被|给|去|来|就|还|又|也|都|再|里|上|到|一直"
)
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class _Reading:
    ideas: frozenset[tuple[str, str]]
    entities: frozenset[tuple[str, str]]
    characters: Counter[str]


def similarity(a: str, b: str) -> float:
    """1 where b asks what a asked, 0 where they share nothing. Symmetric."""
    one, other = _read(a), _read(b)
    if not (one.ideas or one.characters) or not (other.ideas or other.characters):
        return 1.0 if normalise(a).strip() == normalise(b).strip() else 0.0
    shared = sum(_weight(i) for i in one.ideas & other.ideas) + _mass(one.characters & other.characters)
    score = 2 * shared / (_total(one) + _total(other))
    for kind in ("thing", "act", "aspect"):
        if _conflict(_of(one.ideas, kind), _of(other.ideas, kind)):
            score *= _CONFLICT[kind]
    for kind in ("amount", "term"):
        if _conflict(_of(one.entities, kind), _of(other.entities, kind)):
            score *= _CONFLICT["entity"]
    return score


def ideas_of(text: str) -> tuple[set[str], int]:
    """The kinds of ideas in it ("thing", "act", "aspect", "entity"), and how many characters tell something else."""
    reading = _read(text)
    kinds = {kind for kind, _ in reading.ideas} | ({"entity"} if reading.entities else set())
    return kinds, sum(reading.characters.values())


def differences(a: str, b: str) -> dict[str, float]:
    """What b keeps, adds and drops of a's ideas, kind by kind: for a judge that weighs them (bot.nlu.repetition)."""
    one, other = _read(a), _read(b)
    found: dict[str, float] = {"new_entities": len(other.entities - one.entities)}
    found["kept_entities"] = len(one.entities & other.entities)
    for kind in _IDEAS:
        before, after = _of(one.ideas, kind), _of(other.ideas, kind)
        found[f"{kind}_kept"] = len(before & after)
        found[f"{kind}_added"] = len(after - before)
        found[f"{kind}_dropped"] = len(before - after)
        found[f"{kind}_conflict"] = _conflict(before, after)
        found[f"{kind}_equal"] = bool(before) and before == after
        found[f"{kind}_none"] = not after
    goes_on = normalise(b)
    return {**found, "goes_on": goes_on.startswith("那"), "and_that": goes_on.rstrip("？?").endswith("呢")}


def _of(pairs: frozenset[tuple[str, str]], kind: str) -> set[str]:
    return {name for of, name in pairs if of == kind}


def _conflict(one: set[str], other: set[str]) -> bool:
    """Each has a definite idea of the kind that the other has not."""
    return bool((one - other) - _GENERAL and (other - one) - _GENERAL)


def _weight(idea: tuple[str, str]) -> float:
    return _WEIGHT[idea[0]] * (0.5 if idea[1] in _GENERAL else 1.0)


def _mass(characters: Counter[str]) -> float:
    return 0.5 * sum(characters.values())


def _total(reading: _Reading) -> float:
    return sum(map(_weight, reading.ideas)) + _mass(reading.characters)


@lru_cache(maxsize=4096)
def _read(text: str) -> _Reading:
    text = normalise(text)[:200]
    found = [e for e in extract(text) if e.kind in ("amount", "term")]
    for entity in found:
        text = text[: entity.start] + " " * (entity.end - entity.start) + text[entity.end :]
    ideas: set[tuple[str, str]] = set()

    def take(match: re.Match[str]) -> str:
        ideas.add(_words()[match[0]])
        return " "

    rest = _STOP.sub("", _pattern().sub(take, text))
    aspects = {name for of, name in ideas if of == "aspect"}
    for vague, clearer in _VAGUE.items():
        if aspects & clearer:
            ideas.discard(("aspect", vague))
    return _Reading(frozenset(ideas), frozenset((e.kind, e.value) for e in found), Counter(_PUNCTUATION.sub("", rest)))


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, str]]:
    return {
        word: (kind, idea) for kind, ideas in _IDEAS.items() for idea, words in ideas.items() for word in words.split()
    }


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(_words(), key=len, reverse=True)))

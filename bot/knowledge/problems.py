"""What is wrong in knowledge/, said so that a clerk of the bank can put it right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

Path = tuple[str | int, ...]

FIELD_NAMES = {
    "age_from": "几岁起",
    "ahead_s": "相当于多等的秒数",
    "answers": "答案",
    "at": "几分起算",
    "approved_by": "审批人",
    "approved_on": "审批日期",
    "as_of": "数据日期",
    "author": "起草人",
    "authority": "以何为准",
    "beside": "一起出现的词",
    "choices": "后续选项",
    "class": "难易",
    "classes": "难易",
    "dimension": "评价的方面",
    "disclosures": "必须提示",
    "figures": "引用的数字",
    "flag": "标记",
    "high": "合理上限",
    "id": "编号",
    "intent": "对应的问题类型",
    "intents": "问题类型",
    "label": "名称",
    "legal_basis": "依据",
    "lines": "业务条线",
    "link_days": "链接有效天数",
    "low": "合理下限",
    "mark": "提醒线",
    "most_steps": "最多几题",
    "points": "得分",
    "product": "产品",
    "questions": "问题",
    "queues": "服务组",
    "reason": "转人工原因",
    "reasons": "转人工原因",
    "sample": "是否样例",
    "score_of": "按哪一题算分",
    "signals": "信号",
    "skip": "跳过按钮",
    "soothe": "安抚的短句",
    "source": "出处",
    "text": "内容",
    "texts": "几种说法",
    "title": "标题",
    "topics": "主题",
    "unit": "单位",
    "unless": "除外的词",
    "valid_from": "生效日期",
    "valid_to": "失效日期",
    "value": "数值",
    "version": "版本号",
    "warn": "提醒谁",
    "when": "什么时候用",
    "words": "词语",
    "words_minutes": "写意见的时间",
}


@dataclass(frozen=True, order=True)
class Problem:
    """One finding. `where` names the entry and field in the clerk's terms, `allowed` what may stand there."""

    file: str
    line: int
    where: str
    message: str
    allowed: str = ""

    def __str__(self) -> str:
        where = f"，{self.where}" if self.where else ""
        allowed = f"（{self.allowed}）" if self.allowed else ""
        return f"{self.file} 第{self.line}行{where}：{self.message}{allowed}"


def where(path: Iterable[str | int], entry: str | None = None) -> str:
    """A path into a file as words: loan_rate › texts 几种说法 › 第2项."""
    parts = [entry] if entry else []
    for step in path:
        if isinstance(step, int):
            parts.append(f"第{step + 1}项")
        else:
            name = FIELD_NAMES.get(step)
            parts.append(f"{step} {name}" if name else step)
    return " › ".join(parts)


def one_of(values: Iterable[str], wanted: str = "") -> str:
    """Allowed values in words: the nearest ones first when there are many."""
    known = sorted(values)
    if len(known) > 12:
        near = get_close_matches(wanted, known, n=4, cutoff=0.5)
        return f"相近的有：{'、'.join(near)}" if near else f"共{len(known)}个可用，例如：{'、'.join(known[:6])}"
    return f"可以用：{'、'.join(known)}" if known else "目前没有可用的"


def from_validation(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Path, str, str]]:
    """pydantic's errors as (path inside the entry, message, what is allowed)."""
    for item in error.errors():
        path = tuple(step for step in item["loc"] if step != "__root__")
        message, allowed = _words(item["type"], item.get("ctx") or {}, str(item["msg"]), path, model)
        yield path, message, allowed


def _words(kind: str, context: Mapping[str, Any], message: str, path: Path, model: type[BaseModel]) -> tuple[str, str]:
    if kind == "value_error.missing":
        return "缺少这一项，必须填写", ""
    if kind == "value_error.extra":
        fields = set(model.__fields__) if len(path) == 1 else set()
        name = str(path[-1])
        return f"没有“{name}”这个字段，请检查拼写", one_of(fields, name) if fields else ""
    if kind == "type_error.none.not_allowed":
        return "这一项是空的，必须填写", ""
    if kind in ("value_error.const", "type_error.literal"):
        permitted = [str(v) for v in context.get("permitted", ())]
        return f"不能写“{context.get('given', '')}”", one_of(permitted)
    if kind == "value_error.str.regex":
        pattern = str(context.get("pattern", ""))
        if ":" in pattern:
            return "时间写法不对", "写成 09:00 这样，24小时制，要加引号"
        return "编号写法不对", "只能用小写英文字母、数字和下划线，以字母开头，例如 loan_rate"
    limits = {
        "value_error.any_str.min_length": "太短，至少{limit_value}个字",
        "value_error.any_str.max_length": "太长，最多{limit_value}个字",
        "value_error.number.not_ge": "太小，不能小于{limit_value}",
        "value_error.number.not_gt": "太小，要大于{limit_value}",
        "value_error.number.not_le": "太大，不能大于{limit_value}",
        "value_error.number.not_lt": "太大，要小于{limit_value}",
    }
    if kind in limits:
        return limits[kind].format(**context), ""
    types = {
        "type_error.integer": ("应当是整数", "例如 1"),
        "type_error.float": ("应当是数字", "例如 0.6"),
        "type_error.decimal": ("应当是数字", "例如 3.05"),
        "value_error.decimal": ("应当是数字", "例如 3.05"),
        "type_error.bool": ("应当是“是”或“否”", "写 true 或 false"),
        "value_error.bool": ("应当是“是”或“否”", "写 true 或 false"),
        "value_error.strictbool": ("应当是“是”或“否”", "写 true 或 false"),
        "type_error.str": ("应当是文字", "不能是清单或一组字段"),
        "type_error.tuple": ("应当是清单", "写成 [甲, 乙]，或每行一个“- ”"),
        "type_error.list": ("应当是清单", "写成 [甲, 乙]，或每行一个“- ”"),
        "type_error.dict": ("应当是一组“字段: 内容”", ""),
        "type_error.date": ("日期写法不对", "写成 2026-11-22 这样"),
        "value_error.date": ("日期写法不对", "写成 2026-11-22 这样，而且要真有这一天"),
    }
    if kind.startswith("type_error.decimal") or kind.startswith("value_error.decimal"):
        kind = "type_error.decimal"
    return types.get(kind, (message, ""))

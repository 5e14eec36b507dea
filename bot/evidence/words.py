"""The report in the words of the bank's compliance staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.tickets.telling import OWN_FIGURES

One = Mapping[str, Any]

SPEAKERS = {"bot": "机器人", "agent": "坐席", "customer": "客户", "system": "系统"}
WAYS = {
    "chat": "会话",
    "sms": "短信",
    "mail": "邮件",
    "wechat": "微信",
    "person": "由人告诉",
    "phone": "电话",
    "letter": "书信",
    "counter": "柜面",
}
VERDICTS = {"allow": "可以发出", "doubt": "存疑，请坐席再看", "complete": "补全后发出", "refuse": "不合规"}
NOT_KEPT = "存档里没有（消息早于存档，或没有经过 serve 启动）"


def lines(report: One) -> list[str]:
    return [
        *_message(report),
        *_conversation(report),
        *_script(report),
        *_disclosures(report["disclosures"]),
        *_figures(report["figures"]),
        *_phrases(report["phrases"]),
        *_guard(report),
        *_told(report["told"]),
        *_chain(report["chain"]),
    ]


def _message(report: One) -> Iterator[str]:
    message, by = report["message"], report["message"]["by"]
    username = f"，账号 {by['username']}" if by["username"] else ""
    customer = f"，客户 {message['customer']}" if message["customer"] else ""
    yield f"消息 {message['conversation']}:{message['seq']}"
    yield f"时间 {message['at']}"
    yield f"渠道 {message['channel']}{customer}"
    yield f"发出 {SPEAKERS.get(by['kind'], by['kind'])} {by['name']}".rstrip() + username
    if message["way"]:
        yield f"方式 {WAYS.get(message['way'], message['way'])}（会话已经结束，没有在会话里发）"
    yield from _block("原文", message["text"])
    if message["choices"]:
        yield f"按钮 {'、'.join(choice['label'] for choice in message['choices'])}"
    if recalled := report["recalled"]:
        yield f"撤回 {recalled['at']}（第{recalled['seq']}条），坐席 {recalled['by']}，账号 {recalled['username']}"
    for part in report["delivery"]:
        yield from _block(f"渠道发送（{part['state']}，{part['way']}，{part['at'] or '未发'}）", part["text"])


def _conversation(report: One) -> Iterator[str]:
    if asked := report["asked"]:
        yield from _block(f"客户此前说（第{asked['seq']}条，{asked['at']}，个人信息已遮盖）", asked["text"])
    for answer in report["answers"]:
        yield from _block(f"对它的回答（第{answer['seq']}条，{answer['at']}）", answer["text"])
    if meant := report["understanding"]:
        candidates = "、".join(f"{label} {confidence}" for label, confidence in meant["candidates"])
        yield f"理解 {meant['intent']} {meant['confidence']}；候选 {candidates or '无'}"
        yield f"模型 {meant['model'] or '未记录'}"


def _script(report: One) -> Iterator[str]:
    script = report["script"]
    if script is None:
        return
    yield from _entry("话术", script, ("texts",))


def _disclosures(disclosures: Sequence[One]) -> Iterator[str]:
    for one in disclosures:
        yield from _entry("必须提示", one, ("text",))


def _figures(figures: Sequence[One]) -> Iterator[str]:
    for one in figures:
        yield from _entry("数字", one, ())


def _phrases(phrases: Sequence[One]) -> Iterator[str]:
    for one in phrases:
        yield from _entry("满意度问题" if one["kind"] == "survey" else "短句", one, ("text",))


def _entry(name: str, entry: One, fields: Sequence[str]) -> Iterator[str]:
    version = f" 第{entry['version']}版" if entry["version"] is not None else ""
    yield f"{name} {entry['id']}{version}"
    if entry["as_said"] is not None:
        yield from _content(entry["as_said"], fields)
    elif not entry["others"]:
        yield f"  {NOT_KEPT}"
    same = "同一版本号下的另一种内容" if entry["as_said"] is not None else "存档里这个编号的内容，消息没有指明是哪一种"
    for other in entry["others"]:
        yield f"  注意：{same}"
        yield from _content(other, fields)


def _content(kept: One, fields: Sequence[str]) -> Iterator[str]:
    content = kept["content"]
    if "value" in content:
        yield f"  {content.get('label', '')} {content['value']}{content.get('unit', '')}"
        yield f"  出处 {content['source']}，数据日期 {content['as_of']}，以{content['authority']}为准"
    for field in fields:
        texts = content[field]
        for text in [texts] if isinstance(texts, str) else texts:
            yield from _block("  内容", text, "    ")
    for variant in content.get("variants") or ():
        for text in variant["texts"]:
            where = "、".join(filter(None, [variant.get("channel"), "关怀版" if variant.get("large_type") else None]))
            yield from _block(f"  内容（{where}）", text, "    ")
    if "legal_basis" in content:
        confirmed = "合规已确认" if content.get("confirmed") else "待合规确认"
        yield f"  依据 {content['legal_basis']}（{confirmed}）"
    if content.get("approved_by"):
        author = content.get("author") or "未写明"
        yield f"  起草 {author}；审批 {content['approved_by']}，{content.get('approved_on')}"
    if "valid_from" in content:
        yield f"  有效期 {content['valid_from']} 至 {content.get('valid_to') or '未定'}"
    altered = "" if kept["unaltered"] else "；存档的内容和摘要对不上，被改动过"
    yield f"  存档 {kept['first_seen_at']} 起，摘要 {kept['digest']}{altered}"


def _guard(report: One) -> Iterator[str]:
    guard = report["guard"]
    if guard["verdict"]:
        yield f"合规检查 {VERDICTS[guard['verdict']]}"
    elif report["message"]["by"]["kind"] != "customer":
        yield "合规检查 结论没有记录（消息早于存档）"
    for finding in guard["findings"]:
        yield f"  {finding['rule']}：{finding['reason']}"
    if guard["confirmed"]:
        yield "  坐席看到以上提醒后，确认再看过一遍才发出"
    if guard["reader"]:
        yield f"  第二位审读 {guard['reader']}"
    if guard["words"]:
        yield f"  词表摘要 {guard['words']}，存档 {guard['words_kept_since'] or '没有'}"
    if override := report["override"]:
        yield _forced(override["reason"])
        yield from _block("  坐席原来写的", override["text"], "    ")
    if refused := report["refused"]:
        yield from _block("被拦下、没有发出的原文", refused["text"])
        for one in refused["made_of"]:
            version = f" 第{one['version']}版" if one["version"] is not None else ""
            yield f"  取自 {one['kind']} {one['id']}{version}，摘要 {one['digest']}"
    for attempt in report["attempts"]:
        yield from _block(f"坐席 {attempt['by']} 被拦下、没有发出的原文（{attempt['at']}）", attempt["text"])
        for rule, reason in zip(attempt["rules"], attempt["reasons"], strict=True):
            yield f"  {rule}：{reason}"


def _forced(reason: str) -> str:
    if reason == OWN_FIGURES:
        return "确认发送 含有这张工单自己的数字，写的人看到提醒后确认无误"
    return f"强制发送 理由：{reason}"


def _told(told: Sequence[One]) -> Iterator[str]:
    """Of a whole case: each with the number under which all of it can be asked for."""
    for one in told:
        where = f"，消息 {one['message']}" if one["message"] else ""
        yield f"告诉客户 {one['what']}，{WAYS.get(one['way'], one['way'])}，{one['at']}，{one['by']}{where}"
        if one["override"] or one["confirmed"]:
            yield f"  {_forced(one['override']) if one['override'] else '确认发送 写的人看到提醒后再看过一遍'}"
            yield from (f"  {found['rule']}：{found['reason']}" for found in one["against"])


def _chain(chain: One) -> Iterator[str]:
    if chain["holds"]:
        yield f"哈希链 到这一条为止完整，哈希 {chain['hash']}"
    else:
        yield f"哈希链 在第{chain['broken_at']}条断开：记录被改动过，不能作为证据"


def _block(title: str, text: str, indent: str = "  ") -> Iterator[str]:
    yield f"{title}："
    for row in text.splitlines() or [""]:
        yield f"{indent}{row}"

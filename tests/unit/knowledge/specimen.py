"""A whole but tiny knowledge/ for the tests, and a folder on disk in which a test breaks one thing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge import Knowledge, load
from bot.knowledge.complaints import CLOCKS
from bot.knowledge.loading import try_load
from bot.knowledge.vocabulary import PHRASES, REASONS, SEVERITIES, TOPICS

SCRIPTS = """\
- id: card_loss
  version: 3
  title: 卡丢了怎么办
  intent: card_loss
  texts:
    - 请马上拨打 {loss_line} 挂失，补卡收{card_fee}。
    - 先停卡，再补卡：打电话挂失，之后到网点，费用是{card_fee}，{card_days}内拿到。
  choices:
    - {id: card_found, label: 卡找到了}
    - {id: human, label: 转人工}
  figures: [card_fee, card_days]
  valid_from: 2026-01-01
  valid_to: 2026-12-31
  approved_by: 合规部
  approved_on: 2025-12-20
- id: card_found
  version: 1
  title: 卡找到了
  intent: card_loss
  follow_up: true
  texts: [在手机银行解除挂失。, 到网点也能解除，请带身份证。]
  valid_from: 2026-01-01
  valid_to: 2026-06-30
  approved_by: 合规部
  approved_on: 2025-12-20
- id: loan_rate
  version: 1
  title: 贷款利率
  intent: loan_rate
  topics: [loan]
  texts: [各种贷款不同，请说明是哪一种。, 利率看贷款种类和您的情况。]
  valid_from: 2026-01-01
  valid_to: 2026-12-31
  approved_by: 合规部
  approved_on: 2025-12-20
- id: loan_rate_mortgage
  version: 1
  title: 房贷利率
  intent: loan_rate
  product: mortgage
  topics: [loan]
  texts: ["年化{rate}。", "目前按年计是{rate}，看城市和征信。"]
  figures: [rate]
  valid_from: 2026-01-01
  valid_to: 2026-06-30
  approved_by: 合规部
  approved_on: 2025-12-20
"""

FIGURES = """\
- id: card_fee
  label: 补卡工本费
  value: 10
  unit: 元
  source: 《价目表》
  as_of: 2026-11-01
  authority: 网点公示
- id: card_days
  label: 补卡时间
  value: 7
  unit: 个工作日
  source: 《服务手册》
  as_of: 2026-11-01
  authority: 实际情况
- id: rate
  label: 房贷利率
  value: 3.10
  unit: "%"
  source: 《利率公告》
  as_of: 2026-10-01
  authority: 合同
"""

BANK = {
    "name": "样例银行",
    "sample": True,
    "sample_notice": "样例",
    "hotline": "400-000-0000",
    "loss_line": "400-000-0001",
    "domains": ["bank.example"],
    "assistant_name": "小样",
    "banner": "智能客服",
    "hours": "每日 08:00—22:00",
    "complaint_channels": "电话、网点",
    "appeal": "可以申请核查",
    "privacy_title": "隐私",
    "privacy_text": "说明",
}

INTENTS = """\
- {id: card_loss, words: 挂失补卡, kind: question}
- {id: loan_rate, words: 贷款利率, kind: question, topics: [loan]}
- {id: greet, words: 打招呼, kind: talk}
"""

PRODUCTS = "- {id: mortgage, name: 房贷, words: [房贷, 按揭], topics: [loan]}\n"

PLACES = "- {id: hangzhou, name: 杭州市, words: [杭州]}\n- {id: xihu, name: 西湖区}\n"

ESCALATION = {
    "similarity": 0.6,
    "urgent_intents": ["card_loss"],
    "small_talk_intents": ["greet"],
    "queues": [{"id": "consult", "name": "咨询组"}],
    "reasons": dict.fromkeys(sorted(REASONS), "原因"),
}

COMPLAINTS = {
    "profile": "standard",
    "severities": [],
    "slas": [{"severity": s, "first_response_wd": 2, "resolution_wd": 7, "owner_queue": "投诉组"} for s in SEVERITIES],
    "repeat_within_days": 180,
    "clocks": [{"kind": kind, "label": "时限"} for kind in CLOCKS],
}

CALENDAR = """\
desk_hours: [{start: "08:00", end: "22:00"}]
office_hours: [{start: "09:00", end: "12:00"}, {start: "13:30", end: "17:30"}]
desk_open_on_holidays: true
"""

GUARD = {
    "triggers": [{"topic": "loan", "words": ["贷款"]}],
    "promises": [{"id": "principal", "reason": "不能承诺保本", "words": ["保本"]}],
    "negations": ["不"],
    "asks_for_secrets": [],
}

TONE = """\
longest_sentence: 40
exclamations: 1
impolite: [你]
blame: [您的错]
unless: [不是您的错]
jargon:
  - {word: LPR, plain: [市场利率, 报价]}
  - {word: 头寸}
"""


SURVEY = """\
mark: 90
score_of: grade
most_steps: 3
words_minutes: 10
link_days: 14
skip: 跳过
questions:
  - id: grade
    dimension: 总体
    text: 您满意吗？
    answers:
      - {id: rate_2, label: 满意, points: 100}
      - {id: rate_1, label: 不满意, points: 0}
  - id: solved
    dimension: 问题解决
    text: 解决了吗？
    answers:
      - {id: rate_solved_2, label: 是, points: 100}
      - {id: rate_solved_1, label: 没有, points: 0}
  - {id: words, dimension: 意见, text: 还有什么想说的？, free: true}
"""


def files() -> dict[str, str]:
    disclosures = [
        {
            "id": f"about_{topic}",
            "version": 1,
            "title": topic,
            "topics": [topic],
            "text": f"关于{topic}的提示。",
            "legal_basis": "样例",
            "confirmed": topic != "loan",
            "valid_from": "2026-01-01",
        }
        for topic in TOPICS
    ]
    phrases = [
        {"id": id_, "text": "好的。" + "".join(f"{{{blank}}}" for blank in sorted(blanks))}
        for id_, blanks in PHRASES.items()
        if id_ not in ("figure_note", "figure_notes")
    ]
    phrases += [
        {"id": "figure_note", "text": "{source}（{date}），以{authority}为准"},
        {"id": "figure_notes", "text": "数据来源：{notes}。"},
    ]
    return {
        "scripts/all.yml": SCRIPTS,
        "figures.yml": FIGURES,
        "intents.yml": INTENTS,
        "products.yml": PRODUCTS,
        "calendar.yml": CALENDAR,
        "tone.yml": TONE,
        "survey.yml": SURVEY,
        "lexicon.txt": "房贷\n按揭 100\n",
        "bank.yml": _json(BANK),
        "escalation.yml": _json(ESCALATION),
        "complaints.yml": _json(COMPLAINTS),
        "guard.yml": _json(GUARD),
        "branches.yml": "[]\n",
        "institutions.yml": "banks: [别家银行]\nlenders: [某某贷]\nplatforms: [某宝]\n",
        "places.yml": PLACES,
        "replies.yml": '- {id: greet, title: 问候, text: "您好，我是{bank}的{agent}。", when: [claim]}\n',
        "disclosures.yml": _json(disclosures),
        "phrases.yml": _json(phrases),
    }


@dataclass(frozen=True)
class Folder:
    """knowledge/ on disk."""

    path: Path

    def write(self, file: str, text: str) -> Folder:
        target = self.path / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        return self

    def change(self, file: str, old: str, new: str) -> Folder:
        """Replace a text that must be there, once."""
        before = (self.path / file).read_text("utf-8")
        assert old in before, f"{old!r} is not in {file}"
        return self.write(file, before.replace(old, new, 1))

    def problems(self) -> list[str]:
        _, problems = try_load(self.path)
        return [str(problem) for problem in problems]

    def the_problem(self) -> str:
        """The only one: a mistake is reported once, and nothing else beside it."""
        problems = self.problems()
        assert len(problems) == 1, problems
        return problems[0]

    def load(self) -> Knowledge:
        return load(self.path)


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)

"""Scripts and figures among each other."""

from __future__ import annotations

import pytest
from specimen import Folder

ALL = "scripts/all.yml"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "intent: card_loss\n  follow",
            "intent: card_lost\n  follow",
            "card_found › intent 对应的问题类型：没有“card_lost”这个",
        ),
        ("product: mortgage", "product: morgage", "没有“morgage”这个产品（可以用：mortgage）"),
        ("id: card_found, label", "id: card_fund, label", "没有编号为“card_fund”的话术（相近的有：card_found"),
        ("id: human, label", "id: card_found, label", "选项“card_found”重复了"),
        ("figures: [rate]", "figures: [rate]\n  disclosures: [none]", "没有编号为“none”的必须提示"),
        ("topics: [loan]\n  texts: [各种", "topics: [loan, loans]\n  texts: [各种", "没有“loans”这个主题"),
    ],
)
def test_a_name_that_nothing_has(folder: Folder, old: str, new: str, told: str) -> None:
    folder.change(ALL, old, new)
    assert told in folder.the_problem()


def test_a_figure_that_does_not_exist(folder: Folder) -> None:
    folder.change(ALL, "figures: [rate]", "figures: [rate, lpr]")
    assert "没有编号为“lpr”的数字（可以用：card_days、card_fee、rate）" in folder.the_problem()


def test_a_figure_used_in_a_text_must_be_declared(folder: Folder) -> None:
    folder.change(ALL, "figures: [card_fee, card_days]", "figures: [card_fee]")
    assert "用了数字 {card_days}，但 figures 里没有写它（在 figures 里加上 card_days）" in folder.the_problem()


def test_a_declared_figure_must_be_used(folder: Folder) -> None:
    folder.change(ALL, "figures: [rate]", "figures: [rate, card_fee]")
    assert "写了数字“card_fee”，但哪一种说法里都没有用到 {card_fee}" in folder.the_problem()


def test_a_blank_that_nothing_fills(folder: Folder) -> None:
    folder.change(ALL, "年化{rate}", "年化{rates}")
    assert "没有名为 {rates} 的数字" in folder.the_problem()


@pytest.mark.parametrize("text", ["收{card_fee，先停卡。", "收card_fee}，先停卡。", "收{card fee}，先停卡。"])
def test_a_brace_that_customers_would_see(folder: Folder, text: str) -> None:
    folder.change(ALL, "在手机银行解除挂失。", f'"{text}"')
    assert "花括号没有成对" in folder.the_problem()


@pytest.mark.parametrize(
    "raw",
    [
        "年利率3.05%",
        "收费１０元",
        "每天5万元",
        "利率 3.5 ％",
        "手续费千分之五",
        "日息万分之五",
        "收五十万元",
        "大约5分钟",
        "三个工作日内",
        "加20个基点",
        "1,000元起",
    ],
)
def test_a_figure_written_into_a_text_has_no_source(folder: Folder, raw: str) -> None:
    folder.change(ALL, "在手机银行解除挂失。", f'"{raw}，请留意。"')
    assert "直接写了数字" in folder.the_problem()
    assert "figures.yml" in folder.the_problem()


@pytest.mark.parametrize(
    "plain",
    [
        "拨打110或96110",
        "24小时可用",
        "年满18周岁",
        "存一年或三年",
        "下个工作日可取",
        "分R1至R5五级",
        "1. 先挂失；2. 再补卡",
        "元旦放假",
    ],
)
def test_other_numbers_may_stand(folder: Folder, plain: str) -> None:
    folder.change(ALL, "在手机银行解除挂失。", f'"{plain}，请留意。"')
    assert folder.problems() == []


def test_a_unit_needs_a_number(folder: Folder) -> None:
    folder.change("figures.yml", "value: 10", "value: 十")
    assert "有单位的数值不能写成“十”（写成 3.05 或 3.05—4.20 这样）" in folder.the_problem()


def test_a_range_is_a_number(folder: Folder) -> None:
    folder.change("figures.yml", "value: 3.10", "value: 3.05—4.20")
    assert folder.problems() == []


def test_a_figure_named_like_a_fact_of_the_bank(folder: Folder) -> None:
    folder.write("figures.yml", (folder.path / "figures.yml").read_text("utf-8").replace("id: rate", "id: hotline"))
    folder.write(
        ALL, (folder.path / ALL).read_text("utf-8").replace("{rate}", "{hotline}").replace("[rate]", "[hotline]")
    )
    assert "“hotline”是系统保留的名称" in folder.the_problem()


@pytest.mark.parametrize(
    ("link", "ok"),
    [
        ("https://www.bank.example/a", True),
        ("http://bank.example", True),
        ("https://bank.example.evil.test", False),
        ("www.other.test", False),
        ("HTTP://notbank.example", False),
        ("https://", False),
    ],
)
def test_links_lead_to_the_banks_own_site_only(folder: Folder, link: str, ok: bool) -> None:  # L9
    folder.change(ALL, "在手机银行解除挂失。", f'"请看 {link} 。"')
    assert (folder.problems() == []) is ok
    assert ok or "不是本行网站" in folder.the_problem()


def test_a_text_longer_than_four_hundred_characters(folder: Folder) -> None:
    folder.change(ALL, "在手机银行解除挂失。", "在手机银行解除挂失。" * 41)
    assert "太长：410个字（最多400个字" in folder.the_problem()


@pytest.mark.parametrize("second", ["在手机银行解除挂失。", "在手机银行解除挂失！"])
def test_the_second_wording_must_differ(folder: Folder, second: str) -> None:
    folder.change(ALL, "到网点也能解除，请带身份证。", second)
    assert "和第1种说法几乎一样" in folder.the_problem()


def test_dates_the_wrong_way_round(folder: Folder) -> None:
    folder.change(ALL, "valid_to: 2026-06-30", "valid_to: 2025-06-30")
    assert "失效日期 2025-06-30 早于生效日期 2026-01-01" in folder.the_problem()


def test_approval_must_come_before_use(folder: Folder) -> None:
    folder.change(ALL, "approved_on: 2025-12-20", "approved_on: 2026-01-02")
    assert "审批日期 2026-01-02 晚于生效日期 2026-01-01" in folder.the_problem()


def test_two_answers_to_one_question_on_one_day(folder: Folder) -> None:
    folder.change(ALL, "  follow_up: true\n", "")
    assert "和话术 card_loss 回答同一个问题（card_loss，不分产品），有效期重叠" in folder.the_problem()


def test_answers_may_follow_each_other_in_time(folder: Folder) -> None:
    first, second = "valid_from: 2026-01-01\n  valid_to: 2026-06-30", "valid_from: 2026-07-01\n  valid_to: 2026-12-31"
    whole_year = "valid_from: 2026-01-01\n  valid_to: 2026-12-31"
    folder.change(ALL, "  follow_up: true\n", "").change(ALL, whole_year, second)  # card_loss after card_found
    assert folder.problems() == []
    folder.change(ALL, first, "valid_from: 2026-08-01").change(ALL, second, first)  # and the other way round
    folder.change(ALL, "valid_from: 2026-08-01", second)
    assert folder.problems() == []


def test_the_same_id_twice(folder: Folder) -> None:
    folder.change(ALL, "id: card_found\n", "id: card_loss\n").change(
        ALL, "id: card_found, label", "id: card_loss, label"
    )
    assert "编号“card_loss”重复，scripts/all.yml 第1行 已经用过" in folder.the_problem()


def test_the_same_id_in_two_files(folder: Folder) -> None:
    one = (folder.path / ALL).read_text("utf-8").split("- id: loan_rate\n")[0].split("- id: card_found")[1]
    folder.write("scripts/more.yml", "- id: card_found" + one)
    assert folder.the_problem().startswith("scripts/more.yml 第1行")


def test_a_reserved_name(folder: Folder) -> None:
    folder.change(ALL, "id: card_found\n", "id: human\n").change(ALL, "    - {id: card_found, label: 卡找到了}\n", "")
    assert "“human”是系统保留的名称" in folder.the_problem()


def test_a_loan_answer_must_say_that_it_is_about_loans(folder: Folder) -> None:
    folder.change(ALL, "  topics: [loan]\n  texts: [各种", "  texts: [各种")
    assert "loan_rate › topics 主题：缺少主题“loan”" in folder.the_problem()


def test_a_products_topic_is_needed_too(folder: Folder) -> None:
    folder.change(ALL, "product: mortgage\n  topics: [loan]", "product: mortgage\n  topics: [fee]")
    assert "loan_rate_mortgage › topics 主题：缺少主题“loan”" in folder.the_problem()


def test_a_main_answer_needs_no_when(folder: Folder) -> None:
    folder.change(ALL, "  intent: loan_rate\n  topics", "  intent: loan_rate\n  when: [利息]\n  topics")
    assert "主话术不用写 when" in folder.the_problem()


def test_unless_without_when_does_nothing(folder: Folder) -> None:
    folder.change(ALL, "  follow_up: true\n", "  follow_up: true\n  unless: [丢]\n")
    assert "没有 when，unless 不起作用" in folder.the_problem()


@pytest.mark.parametrize("word", ["找到ＡＢＣ", "ABC", "撿到", '""'])
def test_a_word_that_no_question_can_hold(folder: Folder, word: str) -> None:
    folder.change(ALL, "  follow_up: true\n", f"  follow_up: true\n  when: [找到, {word}]\n")
    assert "永远对不上客户的话" in folder.the_problem()


APPROVED = "  approved_by: 合规部\n  approved_on: 2025-12-20\n"


class TestApproval:
    @pytest.mark.parametrize("author", ["合规部", " 合规部", "合规 部"])
    def test_who_wrote_a_script_does_not_approve_it(self, folder: Folder, author: str) -> None:
        folder.change(ALL, APPROVED, f'  author: "{author}"\n{APPROVED}')
        problem = folder.the_problem()
        assert problem.startswith("scripts/all.yml 第15行，card_loss › approved_by 审批人：审批人和起草人都是")
        assert "要由另一个人或部门审批" in problem

    def test_somebody_else_does(self, folder: Folder) -> None:
        folder.change(ALL, APPROVED, f"  author: 信用卡部\n{APPROVED}")
        assert folder.load().script("card_loss").author == "信用卡部"

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("  approved_by: 合规部\n", "card_loss › approved_by 审批人：有审批日期，没有审批人"),
            ("  approved_on: 2025-12-20\n", "card_loss › approved_on 审批日期：有审批人，没有审批日期"),
        ],
    )
    def test_has_a_name_and_a_date(self, folder: Folder, line: str, problem: str) -> None:
        folder.change(ALL, line, "")
        assert problem in folder.the_problem()

    def test_of_a_mandatory_text_has_four_eyes_too(self, folder: Folder) -> None:
        own = '"confirmed": false,\n  "author": "法律部",\n  "approved_by": "法律部",\n  "approved_on": "2025-12-20"'
        folder.change("disclosures.yml", '"confirmed": false', own)
        assert "about_loan › approved_by 审批人：审批人和起草人都是“法律部”" in folder.the_problem()

    def test_a_draft_may_stand_beside_what_it_is_to_replace(self, folder: Folder) -> None:
        folder.change(ALL, "  follow_up: true\n", "").change(
            ALL, f"  valid_to: 2026-06-30\n{APPROVED}", "  valid_to: 2026-06-30\n"
        )
        assert folder.problems() == []

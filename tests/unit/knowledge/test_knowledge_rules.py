"""The other files among each other."""

from __future__ import annotations

import pytest
from specimen import Folder


def test_every_question_has_an_answer(folder: Folder) -> None:
    folder.change("intents.yml", "- {id: greet", "- {id: hotline, words: 客服电话, kind: question}\n- {id: greet")
    assert "intents.yml 第3行，hotline：这个问题类型没有话术" in folder.the_problem()


def test_an_answer_for_one_product_or_after_a_choice_is_not_enough(folder: Folder) -> None:
    folder.change("scripts/all.yml", "  intent: loan_rate\n", "  intent: loan_rate\n  follow_up: true\n")
    assert "loan_rate：这个问题类型没有话术" in folder.the_problem()


def test_words_for_asking_back_fit_a_button(folder: Folder) -> None:
    folder.change("intents.yml", "words: 打招呼", "words: " + "招呼" * 11)
    assert "words 词语：太长：22个字（最多20个字" in folder.the_problem()


def test_an_intents_topic_must_exist(folder: Folder) -> None:
    folder.change("intents.yml", "topics: [loan]", "topics: [loan, money]")
    assert any("没有“money”这个主题" in problem for problem in folder.problems())


def test_a_word_belongs_to_one_product(folder: Folder) -> None:
    folder.change("products.yml", "- {id", "- {id: home, name: 家装, words: [按揭], topics: [loan]}\n- {id")
    assert "products.yml 第2行，mortgage › words 词语 › 第2项：“按揭”已经是产品 home 的叫法" in folder.the_problem()


def test_an_exception_of_a_product_holds_one_of_its_words(folder: Folder) -> None:
    folder.change("products.yml", "topics: [loan]}", "topics: [loan], unless: [按揭房, 保险箱]}")
    assert folder.the_problem() == (
        "products.yml 第1行，mortgage › unless 除外的词 › 第2项："
        "“保险箱”里没有这个产品的叫法，写了不起作用（例如 保险箱，里面有 保险）"
    )


BRANCH = "- {{id: {id}, name: {name}, district: {district}, address: 一路1号, phone: x, hours: x, weekend: x}}\n"


def test_a_name_belongs_to_one_place(folder: Folder) -> None:
    folder.change("places.yml", "name: 西湖区}", "name: 西湖区, words: [杭州]}")
    assert folder.the_problem() == (
        "places.yml 第2行，xihu › words 词语 › 第1项：“杭州”已经是地名 hangzhou 的叫法"
        "（一个词只能属于一个地名；同名的区只写一条，不写简称）"
    )


def test_a_place_is_two_characters_at_least_and_named_once(folder: Folder) -> None:
    folder.change("places.yml", "words: [杭州]", "words: [杭]")
    assert folder.the_problem() == "places.yml 第1行，hangzhou › words 词语 › 第1项：太短，至少2个字"
    folder.change("places.yml", "words: [杭]", "word: [杭州]")
    assert folder.the_problem().startswith("places.yml 第1行，hangzhou › word：没有“word”这个字段，请检查拼写")
    folder.write("places.yml", "- {id: a, name: 杭州市}\n- {id: a, name: 西湖区}\n")
    assert "places.yml 第2行，a › id 编号：编号“a”重复" in folder.the_problem()


@pytest.mark.parametrize("district", ["样例市城东区", "西湖区", "杭州"])
def test_where_a_branch_is_can_be_read(folder: Folder, district: str) -> None:
    folder.write("branches.yml", BRANCH.format(id="east", name="城东支行", district=district))
    assert folder.problems() == []


def test_a_branch_that_is_nowhere(folder: Folder) -> None:
    folder.write("branches.yml", BRANCH.format(id="east", name="城东支行", district="市中心"))
    assert folder.the_problem() == (
        "branches.yml 第1行，east › district：看不出在哪个市、哪个区（写全，例如 上海市浦东新区）"
    )


def test_a_name_belongs_to_one_branch(folder: Folder) -> None:
    branches = [BRANCH.format(id=id_, name="城东支行", district="西湖区") for id_ in ("one", "two")]
    folder.write("branches.yml", "".join(branches))
    assert "branches.yml 第2行，two › name：“城东支行”已经是网点 one 的叫法" in folder.the_problem()


def test_product_words_stand_in_the_lexicon(folder: Folder) -> None:
    folder.write("lexicon.txt", "房贷\n")
    assert "“按揭”不在 lexicon.txt 里" in folder.the_problem()


@pytest.mark.parametrize("row", ["按揭 很多", "按揭 1 n x", "按揭贷款 利率"])
def test_a_lexicon_line_that_jieba_cannot_read(folder: Folder, row: str) -> None:
    folder.write("lexicon.txt", f"房贷\n按揭\n{row}2\n")
    assert any("lexicon.txt 第3行：这一行写法不对" in problem for problem in folder.problems())


def test_a_word_twice_in_the_lexicon(folder: Folder) -> None:
    folder.write("lexicon.txt", "房贷\n按揭\n\n房贷 5\n")
    assert folder.the_problem() == "lexicon.txt 第4行：“房贷”重复，第1行已经有了"


def test_every_topic_has_a_mandatory_text(folder: Folder) -> None:
    folder.change("disclosures.yml", '"fund"\n', '"wealth"\n')
    assert "主题“fund”没有任何必须提示" in folder.the_problem()


def test_a_mandatory_text_ends_after_it_begins(folder: Folder) -> None:
    folder.change(
        "disclosures.yml", '"valid_from": "2026-01-01"', '"valid_from": "2026-01-01", "valid_to": "2025-01-01"'
    )
    assert "失效日期 2025-01-01 早于生效日期 2026-01-01" in folder.the_problem()


def test_a_mandatory_text_for_a_topic_that_does_not_exist(folder: Folder) -> None:
    folder.change("disclosures.yml", '"loan"\n  ]', '"loan", "lending"\n  ]')
    assert "没有“lending”这个主题" in folder.the_problem()


def test_a_phrase_that_code_says_is_missing(folder: Folder) -> None:
    folder.change("phrases.yml", '"id": "welcome"', '"id": "welcome_old"')
    assert folder.the_problem() == "phrases.yml 第1行，welcome：缺少这条短句，系统要用到它"


def test_a_phrase_must_keep_what_the_customer_has_to_see(folder: Folder) -> None:
    blanks = "{owner}{progress}{respond}{severity}"
    folder.change("phrases.yml", f"好的。{{due}}{{number}}{blanks}", f"好的。{{due}}{blanks}")
    assert "complaint_opened › text 内容：缺少 {number}：客户必须看到这一项" in folder.the_problem()


def test_a_phrase_with_a_blank_that_nothing_fills(folder: Folder) -> None:
    folder.change("phrases.yml", "好的。{agent}", "好的。{agent}{name}")
    assert "agent_joined › text 内容：没有 {name} 可以填" in folder.the_problem()


def test_a_phrase_may_name_the_bank(folder: Folder) -> None:
    folder.change("phrases.yml", "好的。{agent}", "{bank}的{agent}，{hotline}")
    assert folder.problems() == []


def test_a_phrase_with_a_stray_brace(folder: Folder) -> None:
    folder.change("phrases.yml", "好的。{agent}", "好的。{agent}}")
    assert "花括号没有成对" in folder.the_problem()


def test_a_button_under_a_phrase_leads_somewhere(folder: Folder) -> None:
    folder.change(
        "phrases.yml",
        '"text": "好的。{agent}"',
        '"text": "好的。{agent}", "choices": [{"id": "humans", "label": "人工"}]',
    )
    assert "没有编号为“humans”的话术（相近的有：human" in folder.the_problem()


@pytest.mark.parametrize("field", ["urgent_intents", "small_talk_intents"])
def test_escalation_names_intents_that_exist(folder: Folder, field: str) -> None:
    folder.change("escalation.yml", f'"{field}": [', f'"{field}": ["robbery", ')
    assert f"{field} › 第1项：没有“robbery”这个问题类型" in folder.the_problem()


def test_every_reason_for_a_handover_has_words(folder: Folder) -> None:
    folder.change("escalation.yml", '"repeat"', '"repeated"')
    assert "缺少转人工原因“repeat”的说法" in folder.the_problem()


def test_every_severity_has_exactly_one_clock(folder: Folder) -> None:
    folder.change("complaints.yml", '"重要"', '"重大"')
    assert sorted(p.split("：", 1)[1] for p in folder.problems()) == [
        "“重大”的时限写了2次（每个级别正好一次）",
        "“重要”的时限写了0次（每个级别正好一次）",
    ]


@pytest.mark.parametrize(
    ("field", "told"), [("first_response_wd", "没有首次响应时限"), ("resolution_wd", "没有办结时限")]
)
def test_a_clock_has_both_times(folder: Folder, field: str, told: str) -> None:
    number = 2 if field == "first_response_wd" else 7
    folder.change("complaints.yml", f'"{field}": {number},', "")
    assert told in folder.the_problem()


def test_what_is_apologised_for_was_promised_in_words(folder: Folder) -> None:
    folder.change("complaints.yml", '"kind": "cap",', '"kind": "cap", "apologise": true,')
    assert "超时要致歉，却没有写答应了客户什么" in folder.the_problem()


def test_hours_end_after_they_begin(folder: Folder) -> None:
    folder.change("calendar.yml", 'end: "12:00"', 'end: "08:30"')
    assert "结束时间 08:30 不晚于开始时间 09:00" in folder.the_problem()


def test_hours_do_not_overlap(folder: Folder) -> None:
    folder.change("calendar.yml", 'start: "13:30"', 'start: "11:30"')
    assert "和前一段时间重叠：11:30 早于 12:00" in folder.the_problem()


def test_there_are_office_hours(folder: Folder) -> None:
    folder.write(
        "calendar.yml", 'desk_hours: [{start: "08:00", end: "22:00"}]\noffice_hours: []\ndesk_open_on_holidays: true\n'
    )
    assert "office_hours：至少要有一段时间" in folder.the_problem()


def test_a_day_is_not_both_holiday_and_working_day(folder: Folder) -> None:
    both = (folder.path / "calendar.yml").read_text("utf-8") + "holidays: [2026-10-10]\nworking_days: [2026-10-10]\n"
    folder.write("calendar.yml", both)
    assert "2026-10-10 既是假日又是工作日" in folder.the_problem()


def test_the_hours_that_customers_read_are_the_hours_of_the_desk(folder: Folder) -> None:
    folder.change("calendar.yml", 'end: "22:00"', 'end: "20:00"')
    assert "bank.yml" in folder.the_problem()
    assert "和 calendar.yml 的人工服务时间不一致：没有提到 20:00" in folder.the_problem()


def test_the_guard_knows_its_topics(folder: Folder) -> None:
    folder.change("guard.yml", '"topic": "loan"', '"topic": "lending"')
    assert "没有“lending”这个主题" in folder.the_problem()


def test_a_forbidden_promise_has_a_name_of_its_own(folder: Folder) -> None:
    one = '{"id": "principal", "reason": "不能承诺保本", "words": ["保本"]}'
    folder.write(
        "guard.yml", f'{{"triggers": [], "promises": [{one}, {one}], "negations": [], "asks_for_secrets": []}}'
    )
    assert len([p for p in folder.problems() if "编号“principal”重复" in p]) == 2


def test_a_forbidden_promise_under_a_topic_that_does_not_exist(folder: Folder) -> None:
    folder.change("guard.yml", '"reason"', '"topics": ["money"], "reason"')
    assert "没有“money”这个主题" in folder.the_problem()

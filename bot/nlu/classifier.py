"""The blend of bot.nlu.blend as a Rasa component: trained in the graph, kept as plain numbers, no pickles."""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import asdict, fields
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from bot.nlu import blend, regression
from bot.nlu.blend import Blend, Settings

_FILE = "blend.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class BlendedClassifier(IntentClassifier, GraphComponent):
    """Sparse sentence features, and dense ones where the embedding gave any."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._settings = Settings(**{field.name: config[field.name] for field in fields(Settings)})
        self._ranked = int(config["ranking_length"])
        self._model_storage = model_storage
        self._resource = resource
        self._blend: Blend | None = None

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**asdict(Settings()), "ranking_length": 10}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return hashlib.sha256((inspect.getsource(blend) + inspect.getsource(regression)).encode()).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BlendedClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> BlendedClassifier:
        """Raises where the numbers are missing: an untrained classifier must not start to serve."""
        made = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            made._blend = blend.load(folder / _FILE, made._settings)
        return made

    def train(self, training_data: TrainingData) -> Resource:
        lines = [m for m in training_data.intent_examples if m.get(TEXT) and _sparse(m) is not None]
        vectors = [vector for message in lines if (vector := _dense(message)) is not None]
        dense = np.vstack(vectors) if lines and len(vectors) == len(lines) else None
        rows = vstack([_sparse(message) for message in lines], format="csr")
        self._blend = blend.learn(rows, dense, [str(m.get(INTENT)) for m in lines], self._settings)
        with self._model_storage.write_to(self._resource) as folder:
            self._blend.save(folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self._blend is None:
            raise ValueError("the classifier has no numbers: it was not trained")
        for message in messages:
            sparse = _sparse(message)
            if sparse is None:
                continue
            chances = self._blend.chances(sparse, _dense(message))
            best = np.argsort(-chances, kind="stable")[: self._ranked]
            ranking = [{"name": self._blend.labels[i], "confidence": float(chances[i])} for i in best]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def _sparse(message: Message) -> csr_matrix | None:
    _, sentence = message.get_sparse_features(TEXT)
    return None if sentence is None else csr_matrix(sentence.features, dtype=np.float32)


def _dense(message: Message) -> np.ndarray | None:
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else np.asarray(sentence.features, dtype=np.float32)[0]

"""Rasa's logistic regression, kept as plain numbers: no pickles and no skops (whose import alone takes seconds)."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.training_data.message import Message

_FILE = "weights.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PlainLogisticRegression(LogisticRegressionClassifier):
    """Trains as its parent does; answers with the same probabilities from its weights."""

    _weights: tuple[np.ndarray, np.ndarray, list[str]] | None = None  # coefficients, intercepts, labels

    def persist(self) -> None:
        coefficients, intercepts, labels = self.clf.coef_, self.clf.intercept_, [str(x) for x in self.clf.classes_]
        if len(labels) == 2:  # scikit-learn keeps one row for two labels
            coefficients, intercepts = np.vstack([0 * coefficients, coefficients]), np.hstack([0, intercepts])
        self._weights = (coefficients, intercepts, labels)
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, coefficients=coefficients, intercepts=intercepts, labels=np.array(labels))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PlainLogisticRegression:
        """Raises where the weights are missing: an untrained classifier must not start to serve."""
        made = cls(config, execution_context.node_name or cls.__name__, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE, allow_pickle=False) as kept:
            made._weights = (kept["coefficients"], kept["intercepts"], kept["labels"].tolist())
        return made

    def process(self, messages: list[Message]) -> list[Message]:
        if not messages:
            return messages
        if self._weights is None:
            raise ValueError("the classifier has no weights: it was not trained")
        coefficients, intercepts, labels = self._weights
        scores = np.asarray(self._create_X(messages) @ coefficients.T) + intercepts
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        for message, chances in zip(messages, odds / odds.sum(axis=1, keepdims=True), strict=True):
            best = np.argsort(-chances, kind="stable")[: self.config["ranking_length"] or None]
            ranking = [{"name": labels[i], "confidence": float(chances[i])} for i in best]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

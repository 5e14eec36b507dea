"""Entities by rule: products through spaCy, places and branches by their names, the rest through bot.text.entities."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from bot.nlu import environment, products
from bot.text import entities, places
from bot.text.normalise import is_payload

_FILE = "words.json"
_FIELDS = {  # what of each file the model must know: an address or an opening hour is no matter of understanding
    "products": ("id", "name", "words", "unless"),
    "places": ("name", "words"),
    "branches": ("id", "name", "words", "district"),
}
Words = dict[str, list[dict[str, Any]]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SpacyRuleExtractor(GraphComponent, EntityExtractorMixin):
    """The names come from knowledge/ (products.yml, places.yml, branches.yml) and travel inside the model."""

    def __init__(self, words: Words, model_storage: ModelStorage, resource: Resource) -> None:
        self._words = words
        self._model_storage = model_storage
        self._resource = resource
        self._products = products.ruler(
            {product["id"]: [product["name"], *product["words"]] for product in words["products"]},
            [word for product in words["products"] for word in product.get("unless", ())],
        )
        self._places = places.names(words["places"], words["branches"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {kind: f"{kind}.yml" for kind in _FIELDS}  # inside knowledge/

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return json.dumps(_read(config), ensure_ascii=False)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpacyRuleExtractor:
        return cls(_read(config), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpacyRuleExtractor:
        with model_storage.read_from(resource) as folder:
            words: Words = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(words, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(self._words, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and not is_payload(text):
                tokens = message.get(TOKENS_NAMES[TEXT]) or ()
                bounds = {edge for token in tokens for edge in (token.start, token.end)}
                found = self.add_extractor_name(self._extract(text, bounds or None))
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _extract(self, text: str, bounds: set[int] | None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [
            {"entity": "product", "value": product, "start": start, "end": end}
            for product, start, end in products.find(self._products, text)
        ]
        for named in places.find(self._places, text, bounds):
            found.append({"entity": named.kind, "value": named.value, "start": named.start, "end": named.end})
        for entity in entities.extract(text):
            one = {"entity": entity.kind, "value": entity.value, "start": entity.start, "end": entity.end}
            found.append({**one, "currency": entity.currency} if entity.currency else one)
        return sorted(found, key=lambda e: e["start"])


def _read(config: dict[str, Any]) -> Words:
    return {
        kind: [
            {field: entry[field] for field in fields if field in entry}
            for entry in _entries(config.get(kind, f"{kind}.yml"))
        ]
        for kind, fields in _FIELDS.items()
    }


def _entries(file: str) -> list[dict[str, Any]]:
    with (environment.knowledge() / file).open(encoding="utf-8") as opened:
        return list(YAML(typ="safe", pure=True).load(opened))

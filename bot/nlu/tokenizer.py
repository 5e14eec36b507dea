"""Words by jieba and the bank's lexicon; the lexicon travels inside the model."""

from __future__ import annotations

import hashlib
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import environment, lines
from bot.nlu.segment import segmenter

_FILE = "lexicon.txt"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class BankTokenizer(Tokenizer):
    def __init__(
        self, config: dict[str, Any], words: list[str], model_storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(config)
        self._words = words
        self._model_storage = model_storage
        self._resource = resource
        self._jieba = segmenter(words, environment.home() / "cache")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "lexicon": _FILE,  # inside knowledge/
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        return ["jieba"]

    @staticmethod
    def supported_languages() -> list[str] | None:
        return ["zh"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return hashlib.sha256("\n".join(_read(config)).encode()).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BankTokenizer:
        return cls(config, _read(config), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> BankTokenizer:
        with model_storage.read_from(resource) as folder:
            words = (folder / _FILE).read_text(encoding="utf-8").splitlines()
        return cls(config, words, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text("\n".join(self._words), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        with lines.adding(training_data, _words):
            return super().process_training_data(training_data)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        return [Token(word, start) for word, start, _ in self._jieba.tokenize(message.get(attribute))]


def _words(message: Message) -> bytes:
    return repr([[token.text for token in message.get(name, ())] for name in TOKENS_NAMES.values()]).encode()


def _read(config: dict[str, Any]) -> list[str]:
    path = environment.knowledge() / config.get("lexicon", _FILE)
    return path.read_text(encoding="utf-8").splitlines()

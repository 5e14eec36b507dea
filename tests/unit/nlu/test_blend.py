"""Two judges blended: what each brings, what is kept, and what happens without the embedding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from bot.nlu import blend
from bot.nlu.blend import Settings

ROWS = csr_matrix(np.array([[4.5, 0, 0], [4.0, 1.0, 0], [0, 4.5, 0], [0, 4.0, 1.0], [0, 0, 4.5]], dtype=np.float32))
DENSE = np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1], [-1, -1]], dtype=np.float32)
LABELS = ["loan", "loan", "card", "card", "other"]


def asked(*values: float) -> csr_matrix:
    return csr_matrix(np.array([values], dtype=np.float32))


@pytest.mark.parametrize("dense", [DENSE, None])
def test_what_was_learnt_is_known(dense: np.ndarray | None) -> None:
    made = blend.learn(ROWS, dense, LABELS, Settings())
    for place, label in enumerate(LABELS):
        chances = made.chances(ROWS[place], None if dense is None else dense[place])
        assert made.labels[int(chances.argmax())] == label
        assert chances.sum() == pytest.approx(1)


def test_the_neighbours_speak_where_the_linear_judge_has_no_share() -> None:
    made = blend.learn(ROWS, None, LABELS, Settings(linear=0.0, neighbours=1))
    assert made.chances(asked(4.5, 0.2, 0), None).max() == pytest.approx(1)


def test_temperature_makes_it_less_or_more_sure_and_changes_no_order() -> None:
    cold, warm = (blend.learn(ROWS, DENSE, LABELS, Settings(temperature=t)) for t in (0.5, 2.0))
    row, vector = asked(4.0, 1.0, 0), DENSE[1]
    assert cold.chances(row, vector).max() > warm.chances(row, vector).max()
    assert list(cold.chances(row, vector).argsort()) == list(warm.chances(row, vector).argsort())


def test_it_is_kept_as_plain_numbers(tmp_path: Path) -> None:
    made = blend.learn(ROWS, DENSE, LABELS, Settings())
    made.save(tmp_path / "blend.npz")
    kept = blend.load(tmp_path / "blend.npz", Settings())
    assert kept.labels == made.labels
    assert kept.chances(ROWS[1], DENSE[1]) == pytest.approx(made.chances(ROWS[1], DENSE[1]), abs=2e-3)


def test_without_the_embedding_of_a_message_the_words_decide() -> None:
    made = blend.learn(ROWS, DENSE, LABELS, Settings())
    assert made.labels[int(made.chances(asked(0, 0, 4.5), None).argmax())] == "other"


@given(st.lists(st.floats(0, 5, width=32), min_size=3, max_size=3), st.booleans())
def test_any_message_gets_chances(values: list[float], embedded: bool) -> None:
    made = blend.learn(ROWS, DENSE, LABELS, Settings())
    chances = made.chances(asked(*values), DENSE[0] if embedded else None)
    assert chances.sum() == pytest.approx(1) and (chances >= 0).all()

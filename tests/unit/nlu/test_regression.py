"""The regression of the linear judge: it finds what scikit-learn finds, sparse and dense features alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.nlu import regression
from bot.nlu.regression import Lines


@pytest.fixture(scope="module")
def lines() -> Lines:
    chance = np.random.RandomState(0)
    rows = chance.rand(300, 12).astype(np.float32) * (chance.rand(300, 12) > 0.6)
    owners = (rows[:, :4] + 0.2 * chance.rand(300, 4)).argmax(axis=1)
    return Lines(csr_matrix(rows[:, :9]), np.ascontiguousarray(rows[:, 9:]), owners, 4)


def test_it_finds_the_same_as_another(lines: Lines) -> None:
    weights, intercepts = regression.learn(lines, cost=2.0, rounds=200)
    features = np.hstack([lines.sparse.toarray(), lines.dense])
    other = LogisticRegression(C=2.0, max_iter=1000).fit(features, lines.owners)
    ours = features @ weights.T + intercepts
    ours = np.exp(ours) / np.exp(ours).sum(axis=1, keepdims=True)
    assert np.abs(ours - other.predict_proba(features)).max() < 0.01


def test_the_slope_is_that_of_the_loss(lines: Lines) -> None:
    weights = np.random.RandomState(1).rand(13, 4).astype(np.float32) / 10
    _, slope = lines.loss(weights, 2.0)
    for place in ((0, 1), (10, 2), (12, 3)):
        moved = weights.copy()
        moved[place] += 0.01
        back = weights.copy()
        back[place] -= 0.01
        assert (lines.loss(moved, 2.0)[0] - lines.loss(back, 2.0)[0]) / 0.02 == pytest.approx(slope[place], rel=0.02)


def test_every_round_leads_down(lines: Lines) -> None:
    losses = []
    for rounds in (1, 3, 10, 30):
        weights, intercepts = regression.learn(lines, 2.0, rounds)
        losses.append(lines.loss(np.vstack([weights.T, intercepts]), 2.0)[0])
    assert losses == sorted(losses, reverse=True)


def test_without_dense_features_and_with_two_labels() -> None:
    rows = csr_matrix(np.eye(4, dtype=np.float32))
    given = Lines(rows, np.zeros((4, 0), np.float32), np.array([0, 0, 1, 1]), 2)
    weights, intercepts = regression.learn(given, 10.0, 50)
    assert weights.shape == (2, 4)
    assert (rows @ weights.T + intercepts).argmax(axis=1).tolist() == [0, 0, 1, 1]

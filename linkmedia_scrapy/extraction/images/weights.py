"""The weights of the signals in an image's score, as `benchmarks/image_score.py --fit` prints them."""

from __future__ import annotations

from typing import Final

__all__ = ["WEIGHTS"]

WEIGHTS: Final[dict[str, float]] = {
    "base": 2.0,
}

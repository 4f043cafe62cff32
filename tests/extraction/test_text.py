"""Helpers over strings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linkmedia_scrapy.extraction.text import Memory, collapse


def test_memory() -> None:
    """What is kept is known until there is too much of it, or all is forgotten; of long strings nothing is kept."""
    memory = Memory[int]()
    assert [memory.keep("a", 1), memory.keep("x" * 501, 2)] == [1, 2]
    assert [memory.get("a"), memory.get("b"), memory.get("x" * 501)] == [1, None, None]
    for number in range(memory.cache_parameters()["maxsize"]):
        memory.keep(str(number), number)
    assert (memory.get("a"), memory.get("4095")) == (None, 4095)
    memory.cache_clear()
    assert memory.get("4095") is None


@given(st.text(alphabet="ab é日 \t\n\r\x1c\x85\u00a0\u2028\u3000\0\ud800", max_size=9))
def test_collapse(text: str) -> None:
    """What is left as it is has nothing to fold, whatever the white space."""
    assert collapse(text) == " ".join(text.split())

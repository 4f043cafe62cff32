"""Checks of setting values: each takes what a user wrote (a Python value, or the text of ``-s NAME=VALUE``) and gives what the code uses.

A check raises ValueError where the value cannot be used (`RefusedError` where there is more to say); its `allowed` says in words what can.
What a check gives, it also takes.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from linkmedia_scrapy.extraction.sites import normalize_host

__all__ = [
    "SHIPPED_SOCIAL_DOMAINS",
    "Check",
    "RefusedEntryError",
    "RefusedError",
    "boolean",
    "capture_path",
    "choice",
    "domains",
    "integer",
    "names",
    "number",
    "optional",
    "parse_domain_list",
    "pdf_options",
    "social",
    "text",
    "viewport",
]


class RefusedError(ValueError):
    """A value that cannot be used, and why: more than the check's `allowed` says."""


class RefusedEntryError(ValueError):
    """An entry of a dict that cannot be used: the keys that lead to it, its value, what is allowed there, and maybe why."""

    def __init__(self, keys: tuple[str, ...], value: Any, allowed: str, why: str = "") -> None:
        super().__init__(why)
        self.keys = keys
        self.value = value
        self.allowed = allowed
        self.why = why


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Check(Generic[_T]):
    """A conversion that may refuse, and the words for what it takes."""

    allowed: str
    convert: Callable[[Any], _T]


def _entries(given: dict[str, Any], known: Mapping[str, Check[Any]]) -> dict[str, Any]:
    """The entries of a dict, each checked; one that cannot be used is told by its key, since the dict's own words are about its keys."""
    result: dict[str, Any] = {}
    for key, value in given.items():
        if key not in known:
            raise _unknown(key, known)
        try:
            result[key] = known[key].convert(value)
        except RefusedEntryError as error:
            raise RefusedEntryError((key, *error.keys), error.value, error.allowed, error.why) from None
        except (ValueError, TypeError, OverflowError) as error:
            raise RefusedEntryError((key,), value, known[key].allowed, str(error) if isinstance(error, RefusedError) else "") from None
    return result


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in ("1", "true", "yes", "on"):
        return True
    if isinstance(value, str) and value.strip().lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError


boolean: Final = Check("True or False", _boolean)


def number(minimum: float, maximum: float = math.inf) -> Check[float]:
    """A finite number in a range, both ends included."""

    def convert(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError
        result = float(value)
        if not math.isfinite(result) or not minimum <= result <= maximum:
            raise ValueError
        return int(result) if result == int(result) else result

    return Check(_range("a number", minimum, maximum), convert)


def integer(minimum: int, maximum: float = math.inf) -> Check[int]:
    """A whole number in a range, both ends included."""

    def convert(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ValueError
        result = int(value)
        if not minimum <= result <= maximum:
            raise ValueError
        return result

    return Check(_range("a whole number", minimum, maximum), convert)


def _range(what: str, minimum: float, maximum: float) -> str:
    return f"{what} >= {minimum:g}" if math.isinf(maximum) else f"{what} from {minimum:g} to {maximum:g}"


def optional(check: Check[_T]) -> Check[_T | None]:
    """What `check` takes, or None."""

    def convert(value: Any) -> _T | None:
        if value is None or (isinstance(value, str) and value.strip().lower() in ("", "none")):
            return None
        return check.convert(value)

    return Check(f"{check.allowed}, or None", convert)


def choice(*known: str) -> Check[str]:
    """One of a few names."""

    def convert(value: Any) -> str:
        if value not in known:
            raise _unknown(value, known)
        return str(value)

    return Check("one of " + ", ".join(known), convert)


def names(*known: str) -> Check[tuple[str, ...]]:
    """A list of some of these names, without repetition, in the order of the list of all."""

    def convert(value: Any) -> tuple[str, ...]:
        given = _list(value)
        for name in given:
            if name not in known:
                raise _unknown(name, known)
        return tuple(name for name in known if name in given)

    return Check("a list of some of " + ", ".join(known), convert)


def _text(value: Any) -> str:
    if not isinstance(value, str | Path) or not str(value).strip():
        raise ValueError
    return str(value)


text: Final = Check("a text", _text)


def _viewport(value: Any) -> tuple[int, int]:
    sides = re.split(r"[x,]", value.strip().lower()) if isinstance(value, str) else list(value)
    width, height = (integer(1, 10_000).convert(side) for side in sides)
    return width, height


viewport: Final = Check("WIDTHxHEIGHT in CSS pixels, such as 1280x720", _viewport)

_PATH_NAMES: Final = {"kind": "screenshot", "host": "example.com", "sha1": "0" * 40, "ext": "png", "spider": "name"}


def _capture_path(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    try:
        sample = value % _PATH_NAMES
    except (KeyError, ValueError, TypeError) as error:
        raise RefusedError(f"it knows {', '.join(f'%({name})s' for name in _PATH_NAMES)}") from error
    if "%(sha1)s" not in value or "%(ext)s" not in value:
        raise RefusedError("without %(sha1)s and %(ext)s one file would overwrite another")
    if sample.startswith(("/", "\\")) or ":" in sample or not {"..", ".", ""}.isdisjoint(re.split(r"[/\\]", sample)):
        raise RefusedError("it leads out of the store")
    return value


capture_path: Final = Check("a path below the store, such as %(kind)s/%(host)s/%(sha1)s.%(ext)s", _capture_path)

_LENGTH: Final = re.compile(r"\d{1,6}(?:\.\d{1,4})?(?:px|in|cm|mm)?")


def _length(value: Any) -> str:
    if not _LENGTH.fullmatch(str(value)):
        raise ValueError
    return str(value)


_length_check: Final = Check("a length such as 2cm, 0.5in or 40px", _length)
_SIDES: Final = dict.fromkeys(("top", "right", "bottom", "left"), _length_check)


def _margins(value: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(value, dict | tuple):
        return tuple(_entries(dict(value), _SIDES).items())
    length = _length(value)
    return tuple((side, length) for side in _SIDES)


_margins_check: Final = Check(f"{_length_check.allowed}, or a dict of them: {', '.join(_SIDES)}", _margins)


def _page_ranges(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\s*\d+(?:\s*-\s*\d+)?(?:\s*,\s*\d+(?:\s*-\s*\d+)?)*\s*", value):
        raise ValueError
    return value


_template: Final = Check("a text", str)
_PDF_OPTIONS: Final[dict[str, Check[Any]]] = {
    "format": choice("Letter", "Legal", "Tabloid", "Ledger", "A0", "A1", "A2", "A3", "A4", "A5", "A6"),
    "width": _length_check,
    "height": _length_check,
    "margin": _margins_check,
    "landscape": boolean,
    "scale": number(0.1, 2),
    "print_background": boolean,
    "display_header_footer": boolean,
    "header_template": _template,
    "footer_template": _template,
    "page_ranges": Check("page ranges such as 1-3, 5", _page_ranges),
    "prefer_css_page_size": boolean,
    "outline": boolean,
    "tagged": boolean,
}


def _pdf_options(value: Any) -> tuple[tuple[str, Any], ...]:
    given = json.loads(value) if isinstance(value, str) else value
    options = _entries(dict(given), _PDF_OPTIONS)
    if options.get("header_template") or options.get("footer_template"):
        options.setdefault("display_header_footer", True)
    return tuple(options.items())


pdf_options: Final = Check("a dict of " + ", ".join(_PDF_OPTIONS), _pdf_options)


def _domains(value: Any) -> frozenset[str]:
    return frozenset(_domain(entry) for entry in _list(value))


def _domain(entry: Any) -> str:
    host = normalize_host(entry) if isinstance(entry, str) else None
    if host is None:
        raise RefusedError(f"{entry!r} is not a domain")
    return host


domains: Final = Check("a list of domains such as example.com, without scheme, port or path", _domains)


def _social(value: Any) -> frozenset[tuple[str, str]]:
    if isinstance(value, frozenset) and all(isinstance(entry, tuple) for entry in value):
        if not all(len(entry) == 2 and isinstance(entry[1], str) for entry in value):
            raise ValueError
        return frozenset((_domain(domain), group) for domain, group in value)
    if isinstance(value, str | Path) and "," not in str(value) and not str(value).lstrip().startswith("["):
        try:
            content = Path(value).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            # a domain alone could as well be the misspelt name of a file
            why = "no such file; a single domain is written as a list of one" if isinstance(error, FileNotFoundError) else ""
            raise RefusedError(why or f"cannot read it: {type(error).__name__}") from error
        return parse_domain_list(content)
    return frozenset((domain, "network") for domain in _domains(value))


social: Final = Check("a list of domains, or the path of a text file with one domain a line", _social)


def parse_domain_list(content: str) -> frozenset[tuple[str, str]]:
    """(domain, class) of each line; ``[class]`` lines begin a class (before the first: network), # begins a comment."""
    entries: set[tuple[str, str]] = set()
    group = "network"
    for raw in content.splitlines():
        line = raw.partition("#")[0].strip()
        if line.startswith("["):
            group = line.strip("[] ")
        elif line:
            entries.add((_domain(line), group))
    return frozenset(entries)


SHIPPED_SOCIAL_DOMAINS: Final = parse_domain_list(files("linkmedia_scrapy").joinpath("data/social_domains.txt").read_text(encoding="utf-8"))


def _list(value: Any) -> list[Any]:
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            value = json.loads(value)
        else:
            return [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, Iterable) or isinstance(value, bytes | dict):
        raise ValueError
    return list(value)


def _unknown(value: Any, known: Iterable[str]) -> ValueError:
    near = difflib.get_close_matches(str(value), list(known), 1)
    return RefusedError(f"unknown: {value!r}; did you mean {near[0]!r}?") if near else RefusedError(f"unknown: {value!r}")

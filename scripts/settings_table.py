"""The table of settings in docs/settings.md, out of the fields of LinkMediaConfig.

usage: settings_table.py [--write]

Prints the table; with --write puts it into docs/settings.md, between the two marker comments.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any, Final

from linkmedia_scrapy.checks import SHIPPED_SOCIAL_DOMAINS
from linkmedia_scrapy.config import LinkMediaConfig, setting_name

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
BEGIN: Final = "<!-- settings: written by scripts/settings_table.py -->"
END: Final = "<!-- end of settings -->"


def table() -> str:
    """One row a setting, in the order of the fields."""
    rows = ["| Setting | Allowed | Default | Meaning | Key of one request |", "|---|---|---|---|---|"]
    for item in dataclasses.fields(LinkMediaConfig):
        cells = [
            f"`{setting_name(item.name)}`",
            item.metadata["check"].allowed,
            _default(item.default),
            item.metadata["doc"],
            f"`{item.name}`" if item.metadata["page"] else "no",
        ]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def written(text: str) -> str:
    """The text of the page with the table between its markers."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name}: the markers {BEGIN} and {END} are missing")
    return f"{before}{begin}\n{table()}\n{end}{after}"


def _default(value: Any) -> str:
    """A default as a settings.py would say it."""
    if value == SHIPPED_SOCIAL_DOMAINS:
        return f"the shipped list ({len(value)} domains)"
    if value and isinstance(value, tuple) and isinstance(value[0], tuple):  # a dict, as a frozen config holds it
        return f"`{dict(value)!r}`".replace("'", '"')
    if isinstance(value, tuple | frozenset):
        return f"`{json.dumps(sorted(value) if isinstance(value, frozenset) else list(value))}`"
    return f"`{json.dumps(value) if isinstance(value, str) else value}`"


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description="The table of settings.")
    parser.add_argument("--write", action="store_true", help="put it into docs/settings.md")
    if parser.parse_args().write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table())


if __name__ == "__main__":
    main()

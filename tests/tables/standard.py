"""The HTML standard's "forming a table" (4.9.12.1), step by step and slowly, with browsers' two changes; and tables to try it on.

Written from the standard's text, sharing nothing with the package: what both say is right, or both misread it.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SPACES = "\t\n\f\r "
JUNK = (
    "",
    " ",
    "x",
    "-1",
    "-0",
    "+2",
    " 3",
    "2.9",
    "2x",
    "0x10",
    "1e3",
    "٣",
    "１",
    "00002",
    "0",
    "\n4",
    "--1",
    "+",
    "999999999999",
    "1001",
)


@dataclass
class Made:
    """A cell as it was generated."""

    number: int
    tag: str
    colspan: str | None
    rowspan: str | None
    inner: str = ""

    def html(self) -> str:
        """The cell, its number as its text."""
        spans = "".join(f' {name}="{value}"' for name, value in (("colspan", self.colspan), ("rowspan", self.rowspan)) if value is not None)
        return f"<{self.tag}{spans}>{self.number}{self.inner}</{self.tag}>"


Rows = list[list[Made]]


def generate(random: Random) -> tuple[str, list[tuple[str, Rows]]]:
    """A table's HTML, and its row groups as the parser makes them (rows outside of any stand in a tbody of their own)."""
    number = 0
    html: list[str] = []
    groups: list[tuple[str, Rows]] = []
    for _ in range(random.randint(0, 4)):
        name = random.choice(("thead", "tbody", "tbody", "tfoot", ""))
        rows: Rows = []
        for _ in range(random.randint(0, 5)):
            row: list[Made] = []
            for _ in range(random.randint(0, 4)):
                inner = "<table><tr><td rowspan=3>inner<td>table</table>" if random.random() < 0.05 else ""
                row.append(Made(number, random.choice(("td", "td", "th")), _span(random), _span(random), inner))
                number += 1
            rows.append(row)
        inside = "".join(f"<tr>{''.join(cell.html() for cell in row)}</tr>" for row in rows)
        html.append(f"<{name}>{inside}</{name}>" if name else inside)
        if not name and groups and groups[-1][0] == "implied":
            groups[-1][1].extend(rows)
        elif name or rows:
            groups.append((name or "implied", rows))
    return f"<table>{''.join(html)}</table>", groups


def _span(random: Random) -> str | None:
    chance = random.random()
    if chance < 0.6:
        return None
    return str(random.randint(0, 5)) if chance < 0.9 else random.choice(JUNK)


def layout(groups: list[tuple[str, Rows]]) -> list[list[int | None]]:
    """The number of the cell in every slot: of several the first in the document; None where there is none."""
    order = [group for name in (("thead",), ("tbody", "implied"), ("tfoot",)) for group in groups if group[0] in name]
    slots: dict[tuple[int, int], list[int]] = {}
    position = {cell.number: index for index, cell in enumerate(cell for _, rows in order for row in rows for cell in row)}
    x_width = y_height = 0
    for _, rows in order:
        growing: list[tuple[Made, int, int]] = []
        end = y_height + len(rows)  # browsers: a rowspan does not leave its row group
        for row in rows:
            y_current = y_height
            y_height += 1
            for cell, cell_x, width in growing:
                for x in range(cell_x, cell_x + width):
                    slots.setdefault((x, y_current), []).append(cell.number)
            x_current = 0
            for cell in row:
                while x_current < x_width and (x_current, y_current) in slots:
                    x_current += 1
                colspan = parse(cell.colspan)
                colspan = 1 if colspan is None or colspan == 0 else min(colspan, 1000)
                rowspan = parse(cell.rowspan)
                rowspan = 1 if rowspan is None else min(rowspan, 65534)
                grows = rowspan == 0
                rowspan = rowspan or 1
                x_width = max(x_width, x_current + colspan)
                for x in range(x_current, x_current + colspan):
                    for y in range(y_current, min(y_current + rowspan, end)):
                        slots.setdefault((x, y), []).append(cell.number)
                if grows:
                    growing.append((cell, x_current, colspan))
                x_current += colspan
    return [[min(slots[x, y], key=position.__getitem__) if (x, y) in slots else None for x in range(x_width)] for y in range(y_height)]


def parse(value: str | None) -> int | None:
    """The rules for parsing non-negative integers (2.3.4.2), character by character; None for an error."""
    if value is None:
        return None
    at = 0
    while at < len(value) and value[at] in SPACES:
        at += 1
    sign = 1
    if at < len(value) and value[at] in "+-":
        sign = -1 if value[at] == "-" else 1
        at += 1
    if at >= len(value) or value[at] not in "0123456789":
        return None
    number = 0
    while at < len(value) and value[at] in "0123456789":
        number = number * 10 + "0123456789".index(value[at])
        at += 1
    number *= sign
    return None if number < 0 else number

"""Fit the weights of the table score, and say how well they do on tables that were not fitted on.

usage: python benchmarks/fit_tables.py [--write]

A logistic regression with a ridge. Every site counts by the square root of its tables, so that no large one decides alone. The fit uses
half of the sites (of Wikipedia's pages); the other half only judges. Labels beyond a site's four may be fitted on, but judge nothing.
Weights that the meaning of a feature rules out (a caption that speaks for layout) are held at 0 or at a least value. `--write` puts the
result into scoring.py.

What tells boxes of links is fitted last, on all of Wikipedia's labels, with the other weights as they are: the labels that name such boxes
are more than those of all other layout tables together, and would bend every weight towards them.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from pathlib import Path
from random import Random

from table_corpus import REQUIRED_AXE, Labelled, axe, others, tables_of, wikipedia

from linkmedia_scrapy.extraction.tables import scoring

SCALE = 2.0  # points of score for one unit of log odds
THRESHOLD = 7.0
RIDGE = 1.0
AXE_WEIGHT = 1.5
# what the HTML standard or axe's rules say of data tables cannot speak for layout, however few pages use it
LEAST = {"header_cells": 0.75, "caption": 1.0, "summary": 0.5, "associations": 0.75, "row_groups": 0.5, "column_groups": 0.5}
# two columns of short distinct keys and plain text are a list of definitions; a th above several cells says what they are
LEAST.update(plain_keys=0.75, named_list=1.0)
# what style sheets have taken over since: on the pages that still have it, all tables have it
WEAK = {"frameless": 0.75, "full_width": 0.75, "unpadded": 0.5, "border": 0.5}
# what such tables are made for, however few the labelled ones are: runs of links, a line of navigation, the frame of a page, forms
MOST = {"lists_of_links": -1.0, "two_rows_unnamed": -1.5, "full_width": -0.2, "fields": -4.0}
POSITIVE = {
    "header_row",
    "row_headers",
    "full_rows",
    "numeric_columns",
    "some_numbers",
    "border",
    "keys",
    "named_list",
}
NEGATIVE = {
    "nested_tables",
    "controls",
    "runs_of_links",
    "menu",
    "one_row",
    "one_column",
    "listings",
    "headings",
}

LAST = ("link_lists",)

Sample = tuple[dict[str, float], bool, float]


def fit(samples: list[Sample]) -> dict[str, float]:
    """Weights in units of log odds, by Newton's method; those that break a bound are fixed there and the others fitted again."""
    names = sorted({name for values, _, _ in samples for name in values} | set(LEAST) | set(MOST))
    fixed: dict[str, float] = {}
    while True:
        weights = newton(samples, [name for name in names if name not in fixed], fixed)
        broken = {name: bound for name, weight in weights.items() if (bound := bounded(name, weight)) != weight}
        if not broken:
            return {**weights, **fixed}
        fixed.update(broken)


def fit_last(samples: list[Sample], boxes: list[Sample]) -> dict[str, float]:
    """Weights of all features: those of `LAST` are fitted on `boxes`, with those of the others fixed, which are fitted on `samples`."""
    others = fit([({name: value for name, value in values.items() if name not in LAST}, data, weight) for values, data, weight in samples])
    return {**others, **newton(boxes, list(LAST), others)}


def bounded(name: str, weight: float) -> float:
    if name in LEAST:
        return max(weight, LEAST[name])
    if name in WEAK:
        weight = max(-WEAK[name], min(WEAK[name], weight))
    if name in MOST:
        return min(weight, MOST[name])
    if name in POSITIVE:
        return max(weight, 0.0)
    return min(weight, 0.0) if name in NEGATIVE else weight


def newton(samples: list[Sample], names: list[str], fixed: dict[str, float]) -> dict[str, float]:
    place = {name: index for index, name in enumerate(names)}
    rows = [
        (
            [(place[name], value) for name, value in values.items() if name in place],
            sum(fixed.get(name, 0.0) * value for name, value in values.items()),
            data,
            weight,
        )
        for values, data, weight in samples
    ]
    size = len(names)
    weights = [0.0] * size
    for _ in range(25):
        gradient = [-RIDGE * weight for weight in weights]
        matrix = [[RIDGE * (i == j) for j in range(size)] for i in range(size)]
        for row, offset, data, importance in rows:
            odds = offset + sum(weights[i] * value for i, value in row)
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
            slope = importance * chance * (1 - chance)
            for i, value in row:
                gradient[i] += importance * (data - chance) * value
                for j, other in row:
                    matrix[i][j] += slope * value * other
        step = solve(matrix, gradient)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return dict(zip(names, weights, strict=True))


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda row: abs(rows[row][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for j in range(i + 1, size):
            factor = rows[j][i] / rows[i][i]
            if factor:
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    result = [0.0] * size
    for i in reversed(range(size)):
        result[i] = (rows[i][size] - sum(rows[i][j] * result[j] for j in range(i + 1, size))) / rows[i][i]
    return result


def samples_of(tables: list[Labelled]) -> list[Sample]:
    sizes = Counter(table.site for table in tables)
    samples = [(table.features, table.data, 4 / math.sqrt(sizes[table.site])) for table in tables]
    for desc, data, html in axe():
        if REQUIRED_AXE.search(desc) and "role" not in desc and "datatable" not in desc:
            samples += [(values, data, AXE_WEIGHT) for _, _, _, _, values in tables_of(html)]
    return samples


def fit_halves(wiki: list[Labelled], every: list[Labelled], labelled: list[Labelled]) -> dict[str, float]:
    """The weights by the halves that may be fitted on."""
    samples, boxes = (samples_of([table for table in tables + labelled if table.fit]) for tables in (wiki, every))
    return fit_last(samples, boxes)


def points(weights: dict[str, float]) -> dict[str, float]:
    """The weights as parts of a score: rounded, and the threshold within the base."""
    result = {name: round(SCALE * weight, 1) for name, weight in weights.items()}
    result["base"] = round(result["base"] + THRESHOLD, 1)
    return {name: weight for name, weight in result.items() if weight}


def score(weights: dict[str, float], values: dict[str, float]) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in values.items())


def f1(weights: dict[str, float], tables: list[Labelled]) -> str:
    found = [(score(weights, table.features) >= THRESHOLD, table.data) for table in tables]
    both = sum(ours and data for ours, data in found)
    ours, data = sum(ours for ours, _ in found), sum(data for _, data in found)
    return (
        f"F1 {2 * both / max(ours + data, 1):.4f} (precision {both / max(ours, 1):.4f}, recall {both / max(data, 1):.4f}, n {len(tables)})"
    )


def over_draws(weights: dict[str, float], labelled: list[Labelled], times: int = 2000) -> str:
    """How much F1 hangs on which four count of a site that has more labels: drawn anew, many times."""
    random = Random(1)
    sites: dict[str, list[tuple[bool, bool]]] = {}
    for table in labelled:
        sites.setdefault(table.site, []).append((score(weights, table.features) >= THRESHOLD, table.data))
    values = []
    for _ in range(times):
        found = [pair for pairs in sites.values() for pair in random.sample(pairs, min(4, len(pairs)))]
        values.append(2 * sum(ours and data for ours, data in found) / sum(ours + data for ours, data in found))
    return f"F1 {sum(values) / times:.4f} on average, {min(values):.4f} to {max(values):.4f}"


def judge_axe(weights: dict[str, float]) -> None:
    """Say which of axe's cases come out otherwise. A role on something else than a table is a matter of LINKMEDIA_TABLE_SOURCES."""
    wrong: dict[bool, list[str]] = {True: [], False: []}
    for desc, data, html in axe():
        for _, element, *_, values in tables_of(html):
            value = score(weights, values) + sum(scoring.declared_parts(element.attr).values())
            if (value >= THRESHOLD) != data:
                wrong[REQUIRED_AXE.search(desc) is not None].append(f"{desc} ({value:.1f})")
            break
    print(f"axe: {len(axe())} cases; wrong of those that must be right: {wrong[True]}; of the others: {wrong[False]}")


def main() -> None:
    every, wiki, labelled = wikipedia(every=True), wikipedia(), others(surplus=True)
    rest = [table for table in labelled if not table.surplus]
    final = points(fit_halves(wiki, every, labelled))
    for name, weight in sorted(final.items(), key=lambda item: -abs(item[1])):
        print(f"  {name:22} {weight:6.1f}")
    unseen = [table for table in wiki + rest if not table.fit]
    print("fitted on half; other half: wikipedia", f1(final, [table for table in unseen if table.set == "wtq"]))
    print("fitted on half; other half: wikipedia, every label", f1(final, [table for table in every if not table.fit]))
    print("fitted on half; other half: other sites", f1(final, [table for table in unseen if table.set != "wtq"]))
    print("the half fitted on: other sites", f1(final, [table for table in rest if table.fit]))
    print("all: wikipedia", f1(final, wiki))
    print("all: wikipedia, every label", f1(final, every))
    print("all: other sites", f1(final, rest))
    print("the four of each site drawn anew; other half:", over_draws(final, [table for table in labelled if not table.fit]))
    print("the four of each site drawn anew; all:", over_draws(final, labelled))
    print("no Wikipedia page fitted on: wikipedia", f1(points(fit(samples_of([table for table in labelled if table.fit]))), wiki))
    print("only Wikipedia fitted on: other sites", f1(points(fit(samples_of([table for table in wiki if table.fit]))), rest))
    if "--show" in sys.argv:
        for table in wiki + rest:
            value = score(final, table.features)
            if (value >= THRESHOLD) != table.data:
                shown = " ".join(f"{name}={round(final.get(name, 0) * part, 1):g}" for name, part in table.features.items())
                print(
                    table.set,
                    table.page,
                    table.index,
                    "fit" if table.fit else "TEST",
                    "data" if table.data else "layout",
                    f"{value:.1f}",
                    shown,
                )
    judge_axe(final)
    if "--write" in sys.argv:
        path = Path(scoring.__file__)
        lines = "".join(f'    "{name}": {weight},\n' for name, weight in sorted(final.items()))
        text = re.sub(
            r"(?s)(WEIGHTS: Final\[dict\[str, float\]\] = \{).*?\}", lambda match: f"{match.group(1)}\n{lines}}}", path.read_text()
        )
        path.write_text(text)


if __name__ == "__main__":
    main()

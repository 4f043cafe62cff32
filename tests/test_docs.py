"""The documentation says what the code does: settings, request keys, stats, record fields, links, examples."""

import ast
import inspect
import re
import shlex
import sys
import types
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.settings import Settings

from linkmedia_scrapy.config import PREFIX, LinkMediaConfig
from linkmedia_scrapy.errors import ConfigError
from linkmedia_scrapy.fetching import _REASONS as REASONS_BY_NAME
from linkmedia_scrapy.fetching import failure_reason
from linkmedia_scrapy.items import RECORDS, CaptureItem, PageItem
from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

import settings_table

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
MODULES = sorted((ROOT / "linkmedia_scrapy").rglob("*.py"))
RECORD_CLASSES = [*RECORDS.values(), PageItem]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
ELSEWHERE = re.compile(r"CrawlerRunConfig|read_parquet\(|print\(")
"""What examples have in them that are Crawl4AI's, need a crawl's file, or are run with what they print."""
REASON = re.compile(r"[a-z]+(?:_[a-z]+)*")


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _calls(module: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def _template(node: ast.expr) -> str | None:
    """A string or an f-string; what the code fills in is ``{}``."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def _stat_names() -> set[str]:
    """The names that the code counts under, without the prefix ``linkmedia/``."""
    names: set[str] = set()
    for module in MODULES:
        for call in _calls(module):
            if not call.args or not isinstance(call.func, ast.Attribute):
                continue
            name = _template(call.args[0])
            if name is None:
                continue
            if call.func.attr in ("inc_value", "max_value", "min_value", "set_value") and name.startswith("linkmedia/"):
                names.add(name.removeprefix("linkmedia/"))
            elif call.func.attr == "count" and re.match(r"(?:render/)?[a-z_]+_count(/|$)", name):
                names.add(name)
    return names - {"{}"}


def _reasons() -> set[str]:
    """The reason codes under which records are left out."""
    reasons: set[str] = set()
    for module in MODULES:
        for call in _calls(module):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if name in ("drop", "_drop") and len(call.args) == 2:
                reasons.add(_template(call.args[1]) or "")
    rules = ast.parse(_text("linkmedia_scrapy/rules.py"))
    for node in ast.walk(rules):
        if isinstance(node, ast.Return | ast.Assign) and node.value is not None:
            reasons |= {part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return {reason for reason in reasons if REASON.fullmatch(reason)}


def _error_codes() -> set[str]:
    """The kinds, stages and reasons that the code writes into error records, as far as they are named there."""
    codes: set[str] = set()
    for module in MODULES:
        for call in _calls(module):
            name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
            values: list[ast.expr] = []
            if name == "ErrorItem":
                values = [keyword.value for keyword in call.keywords if keyword.arg in ("kind", "stage", "reason")]
            elif name == "CaptureError":
                values = call.args[:1]
            elif name in ("StuckError", "report_failure"):
                values = call.args[1:2]
            elif name == "note":  # Rendering's: kind, stage, reason, message
                values = call.args[:3]
            codes |= {_template(value) or "" for value in values}
    codes |= set(re.findall(r"error: '(\w+)'", _text("linkmedia_scrapy/browser/element.js")))
    return {code for code in codes if REASON.fullmatch(code)}


def _constants(nodes: Iterable[ast.AST]) -> set[str]:
    constants = {part.value for node in nodes for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return {value for value in constants if REASON.fullmatch(value)}


def _file_reasons() -> set[str]:
    """The reasons for which a file is not measured or downloaded, as far as they are named."""
    raised = [call for module in MODULES for call in _calls(module) if isinstance(call.func, ast.Name) and call.func.id == "FetchError"]
    returned = [node for node in ast.walk(ast.parse(inspect.getsource(failure_reason))) if isinstance(node, ast.Return)]
    return _constants([*raised, *returned]) | set(REASONS_BY_NAME.values())


def _page_reasons() -> set[str]:
    """The reasons for which a capture is not complete, as far as they are named."""
    added = [
        argument
        for module in (ROOT / "linkmedia_scrapy" / "browser").glob("*.py")
        for call in _calls(module)
        if re.fullmatch(r"add|.*\.proof\.add|reasons\.append", ast.unparse(call.func))
        for argument in call.args
        if not isinstance(argument, ast.Subscript)
    ]
    return _constants(added) | set(re.findall(r"answer\('(\w+_\w+)'\)", _text("linkmedia_scrapy/browser/scroll.js")))


def _defined(compiled: types.CodeType) -> dict[str, object]:
    """What an example has defined."""
    names: dict[str, object] = {"__name__": "example"}
    exec(compiled, names)
    spiders = [value for value in names.values() if isinstance(value, type) and issubclass(value, Spider)]
    return names | {name: value for spider in spiders for name, value in (spider.custom_settings or {}).items()}


def _request_keys(code: str) -> list[dict[str, object]]:
    """The dicts that an example has under the name `linkmedia`, as in a request's meta."""
    dicts = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Dict)]
    pairs = [pair for node in dicts for pair in zip(node.keys, node.values, strict=True)]
    pairs += [
        (node.targets[0].slice, node.value)
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)
    ]
    return [ast.literal_eval(value) for key, value in pairs if isinstance(key, ast.Constant) and key.value == "linkmedia"]


def _refused(settings: dict[str, object]) -> str:
    """What is said of settings that cannot be used."""
    try:
        LinkMediaConfig.from_settings(Settings(settings))
    except ConfigError as error:
        return str(error)
    return ""


def test_settings_table_is_what_the_script_prints() -> None:
    """docs/settings.md holds the table that scripts/settings_table.py makes of the code (run it with --write)."""
    text = _text("docs/settings.md")
    assert settings_table.written(text) == text


def test_meta_page_names_every_key() -> None:
    """docs/meta.md has a row for each setting that one request may have, and for no other."""
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|$", _text("docs/meta.md"), re.MULTILINE)
    fields = LinkMediaConfig.__dataclass_fields__.values()
    assert rows == [(item.name, PREFIX + item.name.upper()) for item in fields if item.metadata["page"]]


def test_settings_named_in_the_docs_exist() -> None:
    """Every LINKMEDIA_ name in the documentation is a setting."""
    known = {PREFIX + name.upper() for name in LinkMediaConfig.__dataclass_fields__} | {
        "LINKMEDIA_COMPILE",
        "LINKMEDIA_CORPUS",
    }  # of the environment
    for page in PAGES:
        without_refusals = re.sub(r"LINKMEDIA_\w+ = .*no such setting", "", page.read_text(encoding="utf-8"))
        assert set(re.findall(r"LINKMEDIA_[A-Z][A-Z_]*[A-Z]", without_refusals)) <= known, page.name


@pytest.mark.parametrize("name", sorted(_stat_names()))
def test_stats_page_names_every_stat(name: str) -> None:
    """Each stat that the code counts is in docs/stats.md; what varies in it stands there in angle brackets."""
    pattern = re.escape(f"`linkmedia/{name}`").replace(r"\{\}", r"<\w+>")
    assert re.search(pattern, _text("docs/stats.md")), f"linkmedia/{name}"


@pytest.mark.parametrize("reason", sorted(_reasons()))
def test_stats_page_names_every_reason(reason: str) -> None:
    """Each reason to leave a record out is in docs/stats.md."""
    assert f"| `{reason}` |" in _text("docs/stats.md")


@pytest.mark.parametrize("code", sorted(_error_codes()))
def test_records_page_names_every_error(code: str) -> None:
    """Each kind, stage and reason of error records is in that section of docs/records.md."""
    assert f"`{code}`" in _text("docs/records.md").partition("\n## error\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("reason", sorted(_file_reasons()))
def test_files_page_names_every_reason(reason: str) -> None:
    """Each reason for which there is no size or no file is in docs/files.md."""
    assert f"`{reason}`" in _text("docs/files.md").partition("\n## Reasons\n")[2]


@pytest.mark.parametrize("reason", sorted(_page_reasons()))
def test_rendering_page_names_every_reason(reason: str) -> None:
    """Each reason for which a page or its capture is not complete is in that table of docs/rendering.md."""
    assert f"`{reason}`" in _text("docs/rendering.md").partition("\n### Reasons\n")[2].partition("\n## ")[0]


def test_the_names_looked_for_are_found() -> None:
    """The search through the code finds the stats and reasons that are sure to be there."""
    assert {"not_an_image", "bad_range", "no_size", "robots", "filtered", "too_large"} <= _file_reasons()
    assert {"document_cut", "max_height", "scroll_time", "scroll_height", "load_pending"} <= _page_reasons()
    assert {"extract", "render", "store", "frame", "parse", "no_store", "no_such_element", "wrong_size", "navigating"} <= _error_codes()
    assert {"page_count", "record_count/{}", "dropped_count/{}/{}", "skipped_count/not_html"} <= _stat_names()
    assert {"excluded_domain", "social_media", "score", "invalid_url", "duplicate"} <= _reasons()


@pytest.mark.parametrize("record_class", RECORD_CLASSES, ids=lambda record_class: record_class.__name__)
def test_records_page_names_every_field(record_class: type) -> None:
    """The record's section of docs/records.md names each of its fields, and nothing else as a field."""
    section = re.search(rf"^## {record_class().record}\n(.*?)(?=^## |\Z)", _text("docs/records.md"), re.MULTILINE | re.DOTALL)
    assert section is not None
    assert f"`{record_class.__name__}`" in section[1]
    table = section[1].partition("\n\n| `kind` | `stage` ")[0]  # what follows there are codes, no fields
    rows = "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))
    unexplained = re.findall(r"^\| (`[^|]*) \|[^|]*\| *\|$", table, re.MULTILINE)
    missing = [name for name in record_class.__dataclass_fields__ if f"`{name}`" not in section[1]]
    unknown = set(re.findall(r"`(\w+)`", rows)) - set(record_class.__dataclass_fields__)
    assert not missing
    assert not unknown
    assert record_class is not CaptureItem or unexplained == ["`page_url`"]  # the fields of all records are explained above them


def test_architecture_page_names_every_module() -> None:
    """docs/architecture.md names the package's modules, and none that is not there."""
    rooms = _text("docs/architecture.md").partition("\n## Rooms\n")[2].partition("\n## ")[0].partition("\nspiders/")[0]
    modules = {module.name for module in MODULES} - {"_version.py"}
    assert set(re.findall(r"\b\w+\.py\b", rooms)) == modules


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_resolve(page: Path) -> None:
    """Each link to a file of the repository leads to a file, and each anchor to a heading."""
    for target in LINK.findall(_prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert not anchor or anchor in _anchors(linked), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each Python example of ours is Python whose imports are there; the settings that it makes are such as can be used."""
    monkeypatch.chdir(ROOT)
    for language, code in FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "python":
            compiled = compile(code, page.name, "exec")
            if not re.search(ELSEWHERE, code):
                assert _refused({name: value for name, value in _defined(compiled).items() if name.startswith(PREFIX)}) == ""
            assert [problem for keys in _request_keys(code) for problem in LinkMediaConfig().for_page(keys)[1]] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_settings_of_commands_can_be_used(page: Path) -> None:
    """What stands behind -s in a command is a setting with a value that it takes."""
    for language, code in FENCE.findall(page.read_text(encoding="utf-8")):
        if language in ("", "sh") and "scrapy crawl " in code:
            given = [word.partition("=")[::2] for word in shlex.split(code) if word.startswith(PREFIX)]
            assert _refused(dict(given)) == ""


@pytest.mark.parametrize("page", [page for page in PAGES if "print(" in page.read_text(encoding="utf-8")], ids=lambda page: page.name)
def test_printed_outputs_are_true(page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An example that prints is followed by what it prints."""
    monkeypatch.chdir(ROOT)
    blocks = FENCE.findall(page.read_text(encoding="utf-8"))
    for (language, code), (_, output) in pairwise(blocks):
        if language == "python" and "print(" in code:
            exec(compile(code, page.name, "exec"), {"__name__": page.stem})  # an example of ours
            assert capsys.readouterr().out == output


def test_shipped_list_is_as_long_as_the_readme_says() -> None:
    """The number of social media domains in the documentation is that of the shipped list."""
    number = len(LinkMediaConfig().social_media_domains)
    for page in ("README.md", "docs/crawl4ai.md"):
        assert re.findall(r"list of (\d+) domains", _text(page)) == [str(number)]


def test_both_commands_are_on_the_first_screen() -> None:
    """The README begins with the two commands."""
    first_screen = "\n".join(_text("README.md").splitlines()[:20])
    assert "make demo" in first_screen
    assert "make test" in first_screen

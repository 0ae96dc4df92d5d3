"""What documents say is so: of models that ship what their cards say, of commands what the programs take, of pages and
folders what there is."""

from __future__ import annotations

import argparse
import ast
import re
import shlex

import pytest

from benchmarks import models
from gan import cli
from gan.api import app
from gan.paths import ROOT

DOCUMENTS = ("README.md", "MODELS.md", "BENCHMARKS.md", "CONTRIBUTING.md")
VERBS = cli.verbs_of(cli.parser())
COMMAND = re.compile(r"python -m (gan|benchmarks\.\w+|tests\.\w+)((?: (?:\"[^\"]*\"|[^`\n\"])*)?)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> list[tuple[str, list[str]]]:
    """Module and arguments of every command line that a document names, those in code only; a comment ends one."""
    fence = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
    text = fence.sub("", read(name))
    lines = "\n".join(fence.findall(read(name))).replace("\\\n", " ").splitlines()
    lines += re.findall(r"^ {4}(.*)", text, re.MULTILINE) + re.findall(r"`([^`]+)`", text)
    found = [match for line in lines for match in COMMAND.findall(" ".join(line.split()))]
    return [(module, shlex.split(rest.partition(" #")[0].partition(" && ")[0])) for module, rest in found]


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings}


def verb_rows() -> list[str]:
    """The first cell of each row of README's table of verbs."""
    table = read("README.md").partition("| verb | what it does |")[2].partition("\n\n")[0]
    return [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `")]


def test_the_readme_s_table_has_every_verb_with_options_that_it_takes():
    rows, named = verb_rows(), set()
    for row in rows:
        verbs = [words.split()[0] for words in re.findall(r"`([^`]+)`", row)]
        assert set(verbs) <= set(VERBS), row
        named |= set(verbs)
        for words in re.findall(r"`([^`]+)`", row):
            unknown = set(OPTION.findall(words)) - options_of(VERBS[words.split()[0]])
            assert not unknown, f"{words}: {unknown}"
    assert named == set(VERBS), "a row of the table for every verb"


def test_options_that_a_verb_cannot_do_without_stand_in_its_row():
    rows = verb_rows()
    for verb, parser in VERBS.items():
        row = next((row for row in rows if re.search(rf"`{verb}\b", row)), "")
        for action in parser._actions:
            if action.required and action.option_strings:
                assert any(option in row for option in action.option_strings), f"{verb}: {action.option_strings}"


def test_the_readme_s_table_has_every_route_and_no_other():
    table = read("README.md").partition("| route |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([A-Z]+ /api/[^`?]+)`", table))
    paths = app.build().openapi()["paths"]
    assert named == {f"{method.upper()} /api{path}" for path, methods in paths.items() for method in methods}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_of_the_app_parse(name, capsys):
    for module, words in commands(name):
        if module == "gan" and len(words) > 2 and words[0] in VERBS and "…" not in " ".join(words):
            try:
                cli.parser().parse_args(words)
            except SystemExit as ended:
                assert ended.code == 0, f"{words}: {capsys.readouterr().err}"
        elif module == "gan":
            assert not words or words[0] in ("VERB", *VERBS), words
            options = options_of(VERBS[words[0]]) if words and words[0] in VERBS else {"--help", "--version"}
            assert {word for word in words if word.startswith("--")} <= options, words


@pytest.mark.parametrize("name", DOCUMENTS)
def test_other_commands_name_modules_and_options_that_are_there(name):
    for module, words in commands(name):
        if module == "gan":
            continue
        path = ROOT / f"{module.replace('.', '/')}.py"
        assert path.is_file(), module
        unknown = {word for word in words if word.startswith("--")} - {
            "--help",
            *taken(ast.parse(path.read_text("utf-8"))),
        }
        assert not unknown, f"{module}: {unknown}"


def taken(module: ast.Module) -> set[str]:
    """The options that a module's own parser takes; nothing is imported for it."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    texts = [a.value for c in calls if c.func.attr == "add_argument" for a in c.args if isinstance(a, ast.Constant)]
    return {text for text in texts if text.startswith("--")}


def test_every_benchmark_has_its_place_among_the_figures():
    text = read("BENCHMARKS.md") + read("MODELS.md") + read("README.md")
    programs = [path.stem for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text("utf-8")]
    missing = [name for name in programs if f"benchmarks.{name}" not in text]
    assert not missing


def test_the_readme_names_every_page():
    """As the navigation has them: Section > Title, or several titles of one section."""
    tree, text = ast.parse(read("pages/navigation.py")), read("README.md")
    table = next(node for node in ast.walk(tree) if isinstance(node, ast.Dict) and len(node.keys) > 3)
    for section, pages in zip(table.keys, table.values, strict=True):
        for page in pages.elts:
            title = next(word.value.value for word in page.keywords if word.arg == "title")
            assert f"**{title}**" in text or f"{section.value} > {title}" in text, f"{section.value} > {title}"


def test_variables_are_those_that_are_read():
    """README's table of variables has every ``GAN_…`` that the app reads, and no other."""
    sources = [ROOT / "streamlit_app.py", *(ROOT / "gan").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    used = {name for path in sources for name in re.findall(r'"(GAN_[A-Z_]+)"', path.read_text(encoding="utf-8"))}
    table = read("README.md").partition("| variable |")[2].partition("\n\n")[0]
    assert set(re.findall(r"GAN_[A-Z_]+", table)) == used


def test_links_lead_somewhere():
    for name in (*DOCUMENTS, "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", read(name)):
            assert "://" in target or (ROOT / target).exists(), f"{name}: {target}"


def test_the_first_command_names_what_is_there():
    line = next(line for line in read("README.md").splitlines() if "streamlit run" in line)
    assert (ROOT / "requirements.txt").is_file() and (ROOT / line.split()[-1]).is_file()


def test_the_table_of_models_is_made_from_the_cards():
    text = (ROOT / "MODELS.md").read_text(encoding="utf-8")
    missing = [line for line in models.table() if line not in text]
    assert not missing, "python -m benchmarks.models prints the table anew"


def test_every_model_that_draws_shows_samples_and_knows_its_limits():
    for card in models.shipped():
        if card.kind in models.SHEETS:
            assert (card.folder / "samples.png").stat().st_size < 250_000, card.name
            assert card.limits and card.more and card.scores["command"].startswith("python -m gan evaluate"), card.name


def test_what_ships_stays_light():
    """In bytes: a clone is carried around, and a weight file stays in its history for ever."""
    sizes = {
        name: sum(path.stat().st_size for path in (ROOT / name).rglob("*") if path.is_file() and not ignored(path))
        for name in ("data", "weights", "docs")
    }
    assert sizes["data"] < 18e6 and sizes["weights"] < 24e6 and sum(sizes.values()) < 45e6, sizes


def ignored(path) -> bool:
    return bool({"cache", "local"} & set(path.relative_to(ROOT).parts))

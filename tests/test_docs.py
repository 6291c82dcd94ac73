"""The README in both languages against the program: commands, settings, packages, accounts."""

import re
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from gis.cli.demo import DEMO_ROLES, demo_password
from gis.cli.main import cli
from gis.settings import read_settings

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh.md")

pytestmark = pytest.mark.parametrize("readme", READMES)


def text_of(readme: str) -> str:
    return (ROOT / readme).read_text(encoding="utf-8")


def commands_of_program() -> dict[tuple[str, ...], click.Command]:
    """Every command by its words; groups stand for their commands."""
    context, found = click.Context(cli), {}
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            found |= {(name, inner): child for inner, child in command.commands.items()}
        else:
            found[(name,)] = command
    return found


def commands_of_readme(readme: str) -> dict[tuple[str, ...], set[str]]:
    """The commands that a README shows, with the options it names for each."""
    found: dict[tuple[str, ...], set[str]] = {}
    shown = re.findall(r"^community-grid (.*(?:\n .*)*)", text_of(readme), re.MULTILINE)
    for line in shown:
        name, *rest = line.split()
        options = set(re.findall(r"--[a-z-]+", line))
        is_group = isinstance(cli.get_command(click.Context(cli), name), click.Group)
        inner = rest[0].split("|") if is_group else [None]
        for word in inner:
            found[(name, word) if word else (name,)] = options
    return found


def table_column(readme: str, heading: str) -> list[str]:
    """First cells of the table whose first heading is given."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text_of(readme), re.MULTILINE)
    assert table, f"{readme} has no table that begins with {heading}"
    return [line.split("|")[1].strip().strip("`") for line in table[1].splitlines()]


def test_the_commands_of_the_readme_are_those_of_the_program(readme):
    assert set(commands_of_readme(readme)) == set(commands_of_program())


def test_every_option_in_the_readme_exists(readme):
    program = commands_of_program()
    for words, options in commands_of_readme(readme).items():
        known = {
            name
            for parameter in program[words].params
            for name in (*parameter.opts, *parameter.secondary_opts)
        }
        assert options <= known, f"{' '.join(words)}: {options - known}"


def test_every_dependency_is_in_the_table_with_a_reason(readme):
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    wanted = config["options"]["install_requires"].split("\n")
    names = [re.match(r"[\w-]+", line.strip())[0] for line in wanted if line.strip()]
    heading = {"README.md": "package", "README.zh.md": "软件包"}[readme]
    assert sorted(table_column(readme, heading)) == sorted(names)


def test_every_setting_is_in_the_table(readme):
    named = set(re.findall(r"``([A-Z_]{4,})``", read_settings.__doc__))
    heading = {"README.md": "variable", "README.zh.md": "环境变量"}[readme]
    assert set(table_column(readme, heading)) == named


def test_the_demo_accounts_are_those_of_the_program(readme):
    accounts = re.findall(r"^\| `(\w+)` \| `(Demo-\S+)` \|", text_of(readme), re.MULTILINE)
    assert accounts == [(login, demo_password(login)) for login in DEMO_ROLES]


def test_the_files_a_readme_points_to_exist(readme):
    text = text_of(readme)
    links = [t for t in re.findall(r"\]\(([^)\s]+)\)", text) if not t.startswith("http")]
    scripts = re.findall(r"scripts/\w+", text)
    assert links and scripts
    assert [p for p in (*links, *scripts) if not (ROOT / p).exists()] == []


def test_the_folders_are_drawn_as_the_contract_says(readme):
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    layers = config["importlinter:contract:layers"]["layers"].split("\n")
    modules = [set(re.findall(r"[a-z.]+", line)) for line in layers if line.strip()]
    drawn = [
        set(re.findall(r"(?:gis\.[a-z]+|webmap)\b", line))
        for line in re.search(
            r"^webmap \| (?:.*\n)+?   gis\.words.*", text_of(readme), re.MULTILINE
        )[0].splitlines()
    ]
    assert drawn == modules


def test_the_two_readmes_have_the_same_parts(readme):
    other = READMES[1 - READMES.index(readme)]

    def shape(name: str) -> tuple[int, ...]:
        lines = text_of(name).splitlines()
        return tuple(sum(line.startswith(sign) for line in lines) for sign in ("## ", "|", "```"))

    assert shape(readme) == shape(other)

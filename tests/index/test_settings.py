"""Settings: what wins, where it comes from, and what a mistake is told."""

import json

import pytest
from click.testing import CliRunner

from index.errors import LibraryError
from index.settings import overriding, read_settings, resolve
from ui import folio


@pytest.fixture
def file(tmp_path):
    return tmp_path / "folio.toml"


def origins(file):
    return {each.name: (each.value, each.origin) for each in resolve(file)}


def test_a_flag_wins_over_the_environment_that_over_the_file_and_that_over_a_default(
    file, monkeypatch
):
    assert origins(file)["quotes"] == (3, "default")
    file.write_text("quotes = 4\npassage_chars = 500\n")
    assert origins(file)["quotes"] == (4, "folio.toml")
    monkeypatch.setenv("FOLIO_QUOTES", "5")
    assert origins(file)["quotes"] == (5, "environment")
    with overriding(("quotes=6",)):
        assert origins(file)["quotes"] == (6, "flag")
        assert read_settings(file).quotes == 6
    assert read_settings(file).quotes == 5
    assert origins(file)["passage_chars"] == (500, "folio.toml")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("FOLIO_QUOTE", "3", r"did you mean \$FOLIO_QUOTES"),
        ("FOLIO_PASSAGE_CHAR", "3", r"did you mean \$FOLIO_PASSAGE_CHARS"),
        ("FOLIO_QUOTES", "many", "expected a positive whole number"),
        ("FOLIO_QUOTES", "-1", "expected a positive whole number"),
        ("FOLIO_ENCODER", "", "expected a text"),
    ],
)
def test_a_mistake_in_the_environment_is_told(file, monkeypatch, variable, value, said):
    monkeypatch.setenv(variable, value)
    with pytest.raises(LibraryError, match=said):
        read_settings(file)


def test_variables_of_others_are_left_alone(file, monkeypatch):
    for name in ("FOLIO_LIBRARY", "FOLIO_CACHE", "FOLIO_SEED", "FOLIO_HOME_PAGE"):
        monkeypatch.setenv(name, "x")
    assert read_settings(file).quotes == 3


@pytest.mark.parametrize(
    ("flag", "said"),
    [("quots=3", "did you mean 'quotes'"), ("quotes", "NAME=VALUE"), ("quotes=x", "whole number")],
)
def test_a_mistake_in_a_flag_is_one_line(tmp_path, flag, said):
    result = CliRunner().invoke(folio, ["--set", flag, "settings", "--library", str(tmp_path)])
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


def test_the_command_shows_each_value_with_its_origin(tmp_path, file):
    file.write_text("passage_chars = 500\n")
    at = ["settings", "--library", str(tmp_path)]
    values = json.loads(CliRunner().invoke(folio, ["--set", "quotes=6", *at, "--json"]).stdout)
    assert values["library"] == str(tmp_path)
    assert {"name": "quotes", "value": 6, "origin": "flag"} in values["settings"]
    assert "passage_chars = 500  (folio.toml)" in CliRunner().invoke(folio, at).stdout

"""What runs input as code, or can be made to, isn't used; each rule is shown to work."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHIPPED = [
    *(path for package in ("documents", "index", "qa") for path in (ROOT / package).rglob("*.py")),
    *ROOT.glob("ui*.py"),
    *(ROOT / "ui").rglob("*.py"),
]
ALL = [
    *SHIPPED,
    *(path for folder in ("training", "tests", "tools") for path in (ROOT / folder).rglob("*.py")),
]

MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib", "yaml"}
XML = {"xml.etree", "xml.dom", "xml.sax", "xmlrpc"}
CALLS = {"eval", "exec", "os.system", "os.popen", "tempfile.mktemp", "torch.load"}
# Over files of our own making: the README's examples are run, training reads what it wrote.
ALLOWED = {"tests/test_docs.py": {"exec"}, "training": {"torch.load", "allow_pickle"}}
FORBIDDEN = [
    ("import pickle", "pickle"),
    ("from pickle import loads", "pickle"),
    ("import yaml\nyaml.load(x)", "yaml"),
    ("import torch\ntorch.load(x)", "torch.load"),
    ("from torch import load", "torch.load"),
    ("eval(x)", "eval"),
    ("exec(x)", "exec"),
    ("import subprocess\nsubprocess.run(x, shell=True)", "shell=True"),
    ("import os\nos.system(x)", "os.system"),
    ("import xml.etree.ElementTree as ET", "xml.etree"),
    ("from xml.etree import ElementTree", "xml.etree"),
    ("from xml import etree", "xml.etree"),
    ("import tempfile\ntempfile.mktemp()", "tempfile.mktemp"),
    ("import numpy as np\nnp.load(x, allow_pickle=True)", "allow_pickle"),
]


def found_in(source: str) -> set[str]:
    """Return what a module uses of what is forbidden."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            names = []
        found |= {name.partition(".")[0] for name in names} & MODULES
        found |= {xml for xml in XML for name in names if f"{name}.".startswith(f"{xml}.")}
        found |= {"torch.load"} & set(names)
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            found |= {called} & CALLS
            for keyword in node.keywords:
                constant = isinstance(keyword.value, ast.Constant) and not keyword.value.value
                if keyword.arg == "shell" and not constant:
                    found.add("shell=True")
                if keyword.arg == "allow_pickle" and not constant:
                    found.add("allow_pickle")
    return found


@pytest.mark.parametrize(("source", "name"), FORBIDDEN)
def test_the_rule_sees_what_it_forbids(source, name):
    assert name in found_in(source)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_that_runs_input_as_code_is_used(path):
    name = path.relative_to(ROOT).as_posix()
    allowed = ALLOWED.get(name, ALLOWED.get(name.partition("/")[0], set()))
    assert found_in(path.read_text(encoding="utf-8")) <= allowed


def test_no_rule_of_security_is_switched_off_in_what_ships_for_these():
    # ruff's names: pickle, marshal, mktemp, eval, exec, XML, yaml, shells, torch.load.
    forbidden = r"noqa:.*\b(S30[1-7]|S102|S31[3-9]|S320|S40\d|S506|S602|S604|S605|S614)\b"
    for path in SHIPPED:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not re.search(forbidden, line), f"{path}: {line.strip()}"

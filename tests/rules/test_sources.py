"""The habits that the code is held to and that a test can see."""

import ast

import pytest
from shipped import ROOT, shipped_files

FILES = shipped_files()
LONGEST_FILE = 400
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=str)
def test_file_is_about_one_idea(path):
    assert len(read(path).splitlines()) <= LONGEST_FILE
    assert path.stem not in VAGUE_NAMES


@pytest.mark.parametrize("path", FILES, ids=str)
def test_file_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(read(path)))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_library_does_not_print(path):
    calls = [node for node in ast.walk(ast.parse(read(path))) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_library_loads_no_files_that_may_hold_objects(path):
    calls = [node.func for node in ast.walk(ast.parse(read(path))) if isinstance(node, ast.Call)]
    loads = [f for f in calls if isinstance(f, ast.Attribute) and f.attr == "load" and isinstance(f.value, ast.Name)]
    assert not [f for f in loads if f.value.id in ("np", "numpy", "torch", "pickle", "marshal", "shelve", "joblib")]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_syntax_is_that_of_the_oldest_python_supported(path):
    ast.parse(read(path), feature_version=(3, 9))
    assert not any(type(node).__name__ == "Match" for node in ast.walk(ast.parse(read(path))))

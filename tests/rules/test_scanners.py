"""The scanners that look at every upload to the plugin repository find nothing."""

import importlib.util
import json
import subprocess
import sys
import zipfile

import pytest


@pytest.fixture(scope="module")
def unpacked(checkout, tmp_path_factory):
    """The upload, unpacked: what the scanners see."""
    folder = tmp_path_factory.mktemp("upload")
    subprocess.run([sys.executable, checkout / "scripts/package", folder], check=True, timeout=120)
    (package,) = folder.glob("*.zip")
    zipfile.ZipFile(package).extractall(folder / "unpacked")
    return folder / "unpacked"


def run(module, *arguments, folder=None):
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed (scripts/install --tests gets it from PyPI)")
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder)


def secrets_in(folder):
    # It passes over whatever lies outside the folder that it runs in.
    done = run("detect_secrets", "scan", "--all-files", ".", folder=folder)
    return json.loads(done.stdout)["results"]


def test_bandit_finds_nothing(unpacked):
    done = run("bandit", "-r", unpacked, "-f", "json", "-q")
    report = json.loads(done.stdout)
    found = [f"{r['filename']}:{r['line_number']} {r['test_id']} {r['issue_text']}" for r in report["results"]]
    assert found == []
    assert report["errors"] == []
    assert report["metrics"]["_totals"]["loc"] > 1000


def test_bandit_is_awake(tmp_path):
    (tmp_path / "bad.py").write_text("import pickle\nassert pickle.loads(b'')\n")
    report = json.loads(run("bandit", "-r", tmp_path, "-f", "json", "-q").stdout)
    assert {result["test_id"] for result in report["results"]} >= {"B101", "B301"}


def test_detect_secrets_finds_nothing(unpacked):
    assert secrets_in(unpacked) == {}


def test_detect_secrets_is_awake(tmp_path):
    # In two pieces, or this file would be a finding itself.
    (tmp_path / "bad.py").write_text("pass" + 'word = "correct-horse-battery1"\n')
    assert list(secrets_in(tmp_path)) == ["bad.py"]

"""deploy/install.py, on a copy of its own with a lock file that names no package: no network is needed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

INSTALL = Path(__file__).parents[2] / "deploy" / "install.py"
pytestmark = pytest.mark.feature("M5")


@pytest.fixture
def clone(tmp_path):
    (tmp_path / "deploy").mkdir()
    shutil.copy(INSTALL, tmp_path / "deploy")
    (tmp_path / "requirements.txt").write_text("# no package\n")
    return tmp_path


def install(clone, *before, **environment):
    return subprocess.run(
        [sys.executable, *before, str(clone / "deploy" / "install.py"), "requirements.txt"],
        env=os.environ | {"PIP_NO_INDEX": "1", "PATH": "/usr/bin:/bin"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_second_time_nothing_is_installed(clone):
    first = install(clone)
    assert (first.returncode, first.stderr) == (0, "")
    assert "Đang cài các gói phần mềm của requirements.txt" in first.stdout

    second = install(clone)

    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_a_changed_lock_file_is_installed_into_what_stands(clone):
    install(clone)
    (clone / ".venv" / "of the person").touch()
    (clone / "requirements.txt").write_text("# another\n")

    changed = install(clone)

    assert "Đang cài" in changed.stdout
    assert (clone / ".venv" / "of the person").exists()


def test_what_could_not_be_finished_is_made_anew(clone):
    (clone / "requirements.txt").write_text(f"missing-package==1.0 --hash=sha256:{'0' * 64}\n")
    failed = install(clone)
    assert failed.returncode == 1
    assert "Chưa cài được các gói phần mềm." in failed.stderr
    (clone / ".venv" / "half a package").touch()

    (clone / "requirements.txt").write_text("# no package\n")
    again = install(clone)

    assert again.returncode == 0
    assert not (clone / ".venv" / "half a package").exists()


def test_an_environment_without_pip_is_made_anew(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")

    assert install(clone).returncode == 0
    assert (clone / ".venv" / "bin" / "pip").exists()


def test_a_machine_without_venv_is_told_the_line_to_type(clone, tmp_path):
    (tmp_path / "ensurepip.py").write_text("raise ImportError('as Debian does without python3-venv')")

    refused = install(clone, PYTHONPATH=str(tmp_path))

    assert refused.returncode == 1
    assert "    sudo apt-get install -y python3-venv\n" in refused.stderr
    assert not (clone / ".venv").exists()


def test_an_old_python_is_told_the_line_to_type(clone):
    older = (
        "import runpy, sys; sys.version_info = (3, 9, 2); sys.version = '3.9.2 (Debian)'; sys.argv.pop(0); "
    )
    older += "runpy.run_path(sys.argv[0], run_name='__main__')"

    refused = install(clone, "-c", older, PATH=str(clone))

    assert refused.returncode == 1
    assert "Cần Python 3.11 trở lên, máy này có 3.9.2." in refused.stderr
    assert "    sudo apt-get install -y python3 python3-venv\n" in refused.stderr

"""How long one document takes from the shell, beside a bare Jinja script, cookiecutter and copier.

    python benchmarks/start.py [--pairs 15] [--keep FOLDER]

Asserts nothing about time; it only refuses to compare programs that did not do their work.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BARE = ROOT / "benchmarks" / "bare"
EXAMPLE = ROOT / "examples" / "churn" / "answers.toml"
INSTALLS = {"bare": "jinja2==3.1.6", "cookiecutter": "cookiecutter==2.7.1", "copier": "copier==9.19.1"}
HEAVY = ("scipy", "numpy", "pandas", "pydantic", "questionary", "prompt_toolkit", "rich", "typer", "asyncio")
WARM_UPS = 3
# A process that forks reports at least its own size for the child: so a small one does it.
LAUNCHER = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, 1, 0)])
print(os.wait4(child, 0)[2].ru_maxrss)
"""


@dataclass(frozen=True)
class Command:
    """Something to run: its name, its words, the code that it must end with, and what is done before it."""

    name: str
    words: tuple[str, ...]
    code: int = 0
    before: Callable[[], None] = lambda: None

    def seconds(self) -> float:
        """Run it once and return how long it took."""
        self.before()
        start = time.perf_counter()
        code = subprocess.run(
            self.words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
        ).returncode
        taken = time.perf_counter() - start
        self._check(code)
        return taken

    def output(self) -> str:
        """Run it once and return what it wrote on standard output."""
        self.before()
        done = subprocess.run(self.words, capture_output=True, text=True, encoding="utf-8", env=ENVIRONMENT)
        self._check(done.returncode, done.stderr)
        return done.stdout

    def peak(self) -> float:
        """Return the largest of three peaks of memory, in MiB."""
        return max(self._peak() for _ in range(3))

    def _peak(self) -> float:
        self.before()
        words = (sys.executable, "-I", "-S", "-c", LAUNCHER, *self.words)
        done = subprocess.run(words, capture_output=True, text=True, env=ENVIRONMENT, check=True)
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        return int(done.stdout) / unit

    def _check(self, code: int, stderr: str = "") -> None:
        if code != self.code:
            raise SystemExit(f"{self.name}: ended with {code}, not {self.code}\n{' '.join(self.words)}\n{stderr}")


def _environment() -> dict[str, str]:
    """Return our environment without what changes how Python starts."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MLWORKFLOW_"))}


ENVIRONMENT = _environment()


# ------------------------------------------------------------------ preparing


def prepared(folder: Path) -> dict[str, Command]:
    """Return every command to measure, with all that they need in place."""
    python = {name: _venv(folder / "venvs" / name, requirement) for name, requirement in INSTALLS.items()}
    ours = _venv(folder / "venvs" / "ours", str(_wheel(folder)))
    answers = shutil.copy(EXAMPLE, folder / "answers.toml")
    invalid = _invalid(folder)
    mlworkflow = str(ours.parent / "mlworkflow")
    return {
        "pass": Command("python -c pass", (str(ours), "-c", "pass")),
        "generate": Command("mlworkflow generate", (mlworkflow, "generate", str(answers))),
        "invalid": Command("mlworkflow generate, invalid answers", (mlworkflow, "generate", str(invalid)), code=3),
        "version": Command("mlworkflow --version", (mlworkflow, "--version")),
        "help": Command("mlworkflow generate --help", (mlworkflow, "generate", "--help")),
        "modules": Command("imports of generate", (str(ours), "-P", "-c", IMPORTS, "generate", str(answers))),
        "bare": Command("bare Jinja script", (str(python["bare"]), *(str(BARE / one) for one in BARE_FILES))),
        "cookiecutter": _cookiecutter(folder, python["cookiecutter"]),
        "copier": _copier(folder, python["copier"]),
    }


BARE_FILES = ("render.py", "workflow.md.j2", "answers.toml")
IMPORTS = """
import sys
before = set(sys.modules)
from mlworkflow.cli import main
code = main(sys.argv[1:])
import json
print("\\n" + json.dumps(sorted(set(sys.modules) - before)))
"""


def _wheel(folder: Path) -> Path:
    _quietly(sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--wheel-dir", str(folder / "wheel"))
    return next((folder / "wheel").glob("*.whl"))


def _venv(folder: Path, requirement: str) -> Path:
    """Return the Python of a new environment with all bytecode in place and nothing that slows its start."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    _quietly(str(python), "-m", "pip", "install", requirement)
    _quietly(str(python), "-m", "pip", "uninstall", "--yes", "setuptools")
    _quietly(str(python), "-m", "compileall", "-q", str(folder))
    return python


def _quietly(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, env=ENVIRONMENT)
    if done.returncode and "compileall" not in words:
        raise SystemExit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")


def _invalid(folder: Path) -> Path:
    """Return an answers file with several mistakes."""
    text = EXAMPLE.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^team_size = .*$", "team_size = -5", text)
    text = re.sub(r"(?m)^mean_load = .*$", 'mean_load = "a lot"', text)
    text = re.sub(r"(?m)^cloud = .*$", 'cloud = "the moon"', text)
    text = re.sub(r"(?m)^target = .*$", 'tarjet = "misspelt"', text)
    path = folder / "invalid.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _bare_answers() -> dict[str, Any]:
    return tomllib.loads((BARE / "answers.toml").read_text(encoding="utf-8"))


def _cookiecutter(folder: Path, python: Path) -> Command:
    source, out = folder / "cookiecutter", folder / "cookiecutter-out"
    page = source / "{{ cookiecutter.folder }}"
    page.mkdir(parents=True)
    template = (BARE / "workflow.md.j2").read_text(encoding="utf-8")
    (page / "workflow.md").write_text("{% set a = cookiecutter.a -%}\n" + template, encoding="utf-8")
    fields = {"folder": "project", "a": _without_gaps(_bare_answers())}
    (source / "cookiecutter.json").write_text(json.dumps(fields), encoding="utf-8")
    words = (str(python.parent / "cookiecutter"), "--no-input", "--output-dir", str(out), str(source))
    return Command("cookiecutter --no-input", words, before=_emptied(out))


def _without_gaps(answers: dict[str, Any]) -> dict[str, Any]:
    """Return answers whose records have every field, for a renderer that refuses what is missing."""
    filled = dict(answers)
    for key, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            fields = {field for one in value for field in one}
            filled[key] = [{field: one.get(field, "") for field in sorted(fields)} for one in value]
    return filled


def _copier(folder: Path, python: Path) -> Command:
    source, out, data = folder / "copier", folder / "copier-out", folder / "copier-data.json"
    source.mkdir()
    (source / "copier.yml").write_text('a:\n  type: json\n  default: "{}"\n', encoding="utf-8")
    shutil.copy(BARE / "workflow.md.j2", source / "workflow.md.jinja")
    data.write_text(json.dumps({"a": _bare_answers()}), encoding="utf-8")
    words = (str(python.parent / "copier"), "copy", "--defaults", "--quiet", "--data-file", str(data))
    return Command("copier copy --defaults", (*words, str(source), str(out)), before=_emptied(out))


def _emptied(folder: Path) -> Callable[[], None]:
    def empty() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()

    return empty


def refuse_unequal_work(folder: Path, commands: dict[str, Command]) -> None:
    """End unless bare Jinja, cookiecutter and copier wrote the same document."""
    wanted = commands["bare"].output().rstrip("\n")
    for name, path in (("cookiecutter", "cookiecutter-out/project/workflow.md"), ("copier", "copier-out/workflow.md")):
        commands[name].output()
        if (folder / path).read_text(encoding="utf-8").rstrip("\n") != wanted:
            raise SystemExit(f"{name} wrote another document than the bare script")


# ------------------------------------------------------------------ measuring


def paired(one: Command, other: Command, pairs: int) -> tuple[float, float, float]:
    """Run the two in turn; return both medians and the median of the ratios of the pairs."""
    for _ in range(WARM_UPS):
        one.seconds(), other.seconds()
    times = [(one.seconds(), other.seconds()) for _ in range(pairs)]
    mine, theirs = zip(*times, strict=True)
    return statistics.median(mine), statistics.median(theirs), statistics.median(a / b for a, b in times)


PAIRS = (
    ("generate", "bare"),
    ("generate", "cookiecutter"),
    ("generate", "copier"),
    ("generate", "pass"),
    ("invalid", "bare"),
    ("version", "pass"),
    ("help", "pass"),
)


def report(commands: dict[str, Command], pairs: int) -> None:
    """Print everything as Markdown tables."""
    print(f"Python {sys.version.split()[0]}, {sys.platform}, {os.cpu_count()} CPUs, {pairs} pairs.\n")
    print("| Command | against | ms | against, ms | ratio |\n|---|---|---|---|---|")
    for one, other in PAIRS:
        mine, theirs, ratio = paired(commands[one], commands[other], pairs)
        names = f"{commands[one].name} | {commands[other].name}"
        print(f"| {names} | {1000 * mine:.1f} | {1000 * theirs:.1f} | {ratio:.2f} |", flush=True)
    print("\n| Command | peak MiB |\n|---|---|")
    for name in ("pass", "generate", "bare", "cookiecutter", "copier"):
        print(f"| {commands[name].name} | {commands[name].peak():.1f} |", flush=True)
    modules = json.loads(commands["modules"].output().rstrip("\n").rpartition("\n")[2])
    found = ", ".join(name for name in HEAVY if name in modules) or "none"
    print(f"\n`generate` imports {len(modules)} modules beyond an empty Python; of the heavy ones: {found}.")


def main() -> None:
    """Prepare and report in a temporary folder, or in the one that is to be kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--keep", type=Path, help="make the environments here, and leave them")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="mlworkflow-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        commands = prepared(folder.resolve())
        refuse_unequal_work(folder.resolve(), commands)
        report(commands, asked.pairs)
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

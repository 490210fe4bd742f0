"""What one document of many costs in one process: knowledge is loaded once, answers vary, nothing is kept.

    python benchmarks/bulk.py [N ...]          (100 1000 10000 unless given)

Runs with the Python that has mlworkflow, installed or as a checkout; asserts nothing about time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "churn" / "answers.toml"
SIZES = (100, 1_000, 10_000)
VARIES: dict[str, tuple[Any, ...]] = {
    "row_count": ("8k", "90k", "2.4M", "600M"),
    "who_waits": ("nobody", "person", "program"),
    "mean_load": ("2/s", "12/s", "40/s"),
    "peak_load": ("900/s", "4000/s"),
    "team_size": (1, 5, 12),
    "hours_per_month": (4, 30, 160),
    "maturity": ("first-model", "some-models", "not sure"),
    "explainability": ("none", "per-decision"),
    "cloud": ("aws", "gcp", "azure", "on-prem"),
    "budget": ("none", "3k EUR/month", "not sure"),
    "prevalence": ("0.2%", "3.5%", "40%"),
    "features_shared": (True, False),
}


def varied(said: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the answers with some of them changed, the same ones for the same number."""
    draw = Random(number)
    return said | {id: draw.choice(values) for id, values in VARIES.items() if draw.random() < 0.7}


def measure(documents: int) -> str:
    """Write that many documents and return a row of the table."""
    sys.path.append(str(ROOT))
    from mlworkflow.answers import Layer, gather
    from mlworkflow.designing import design
    from mlworkflow.documents.rendering import render
    from mlworkflow.errors import InputRefused
    from mlworkflow.pack import load

    said = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    knowledge = load()
    refused = written = 0
    cpu, start = time.process_time(), time.perf_counter()
    for number in range(documents):
        layer = Layer("file", varied(said, number), lambda *keys: str(keys))
        try:
            written += len(render(design(knowledge, gather(knowledge, [layer]))))
        except InputRefused:
            refused += 1
    taken, busy = time.perf_counter() - start, time.process_time() - cpu
    each = f"{1000 * taken / documents:.1f} | {1000 * busy / documents:.1f}"
    return f"| {documents:,} | {each} | {written / 1024 / documents:.1f} | {refused} | {peak():.1f} |"


def peak() -> float:
    """Return the peak of this process's memory, in MiB."""
    import resource

    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main() -> None:
    """Measure each size in a process of its own, since a peak never falls."""
    if sys.argv[1:2] == ["--one"]:
        print(measure(int(sys.argv[2])))
        return
    print(
        "| Documents | ms each | CPU ms each | KiB each | refused | peak MiB |\n|---|---|---|---|---|---|", flush=True
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MLWORKFLOW_")}
    for size in [int(word) for word in sys.argv[1:]] or SIZES:
        subprocess.run([sys.executable, __file__, "--one", str(size)], check=True, env=environment)


if __name__ == "__main__":
    main()

"""What a run was told: a source of answers, the environment and flags, with the packs that they name."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlworkflow.answers import Layer, gather
from mlworkflow.answers.parsing import is_not_sure
from mlworkflow.cli.source import Source
from mlworkflow.errors import InputRefused, Problem, UsageProblem
from mlworkflow.pack import Knowledge, load
from mlworkflow.question import Answers
from mlworkflow.reading import clean_text

PREFIX = "MLWORKFLOW_"
RESERVED = ("MLWORKFLOW_DEBUG", "MLWORKFLOW_NO_INPUT", "MLWORKFLOW_ACCESSIBLE")


@dataclass(frozen=True)
class Told:
    """The knowledge with its packs, and the answers of every layer."""

    knowledge: Knowledge
    answers: Answers
    named_packs: tuple[str, ...] = field(default=())


# ------------------------------------------------------------------ from the environment and from flags


def from_environment(environment: Mapping[str, str]) -> Layer:
    """Return what the variables say; those that only steer the program are left out."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    variables: dict[str, str] = {}
    for variable in sorted(environment):
        if variable.startswith(PREFIX) and variable not in RESERVED and environment[variable]:
            id = variable.removeprefix(PREFIX).lower()
            variables[id] = variable
            values[id] = cleaned(environment[variable], variable, problems)
    _refuse(problems)
    return Layer("environment", values, lambda id, *rest: variables.get(id, PREFIX + id.upper()))


@dataclass
class Flags:
    """Answers from the command line, as they are collected."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, id: str, value: Any, place: str) -> None:
        """Take one flag's value; a list flag may have several."""
        texts = value if isinstance(value, list) else [value]
        kept = [cleaned(one, place, self.problems) if isinstance(one, str) else one for one in texts]
        if id in self.values:
            raise UsageProblem(f"{self.places[id]} and {place} answer the same question", fix="give one of the two")
        self.values[id] = kept if isinstance(value, list) and not _unsure(kept) else kept[0]
        self.places[id] = place

    def layer(self) -> Layer:
        """Return what was collected, or refuse every text that may not come in."""
        _refuse(self.problems)
        return Layer("flag", self.values, lambda id, *rest: self.places.get(id, f"--set {id}"))


def _unsure(texts: Sequence[Any]) -> bool:
    return len(texts) == 1 and is_not_sure(texts[0])


def add_sets(flags: Flags, pairs: Sequence[str]) -> None:
    """Take every `--set id=value`; an id that is named several times gets a list."""
    by_id: dict[str, list[str]] = {}
    for pair in pairs:
        id, equals, value = pair.partition("=")
        if not equals:
            raise UsageProblem(f"{pair!r} is not of the form", place="--set", fix="write --set id=value")
        by_id.setdefault(id.strip().replace("-", "_"), []).append(value)
    for id, values in by_id.items():
        flags.add(id, values if len(values) > 1 else values[0], f"--set {id}")


def cleaned(text: str, place: str, problems: list[Problem]) -> str:
    """Return the text as UTF-8 gives it, whatever the locale made of it, and note what may not come in."""
    if not text.isascii():
        text = os.fsencode(text).decode("utf-8", "surrogateescape") if _undecoded(text) else text
    try:
        return clean_text(text, place)
    except InputRefused as refused:
        problems.extend(refused.problems)
        return ""


def _undecoded(text: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in text)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputRefused.because(problems)


# ------------------------------------------------------------------ together


def told(
    source: Source | None, layers: Sequence[Layer] = (), packs: Sequence[str] = (), *, complete: bool = True
) -> Told:
    """Return knowledge and answers; packs that were named are written into the answers, as typed."""
    every = [*([source.layer] if source else []), *layers]
    folder = source.folder if source else Path()
    own = [(name, _found(name, folder)) for name in _packs_of(every)]
    named = [(name, name) for name in packs]
    folders: dict[str, tuple[str, str]] = {}
    for name, path in (*own, *named):
        folders.setdefault(os.path.realpath(path), (name, path))
    knowledge = stacked([path for _, path in folders.values()])
    if packs:
        typed = [name for name, _ in folders.values()]
        every.append(Layer("flag", {"packs": typed}, lambda *keys: "--pack"))
    every = [_listed(knowledge, layer) for layer in every]
    return Told(knowledge, gather(knowledge, every, complete=complete), tuple(packs))


def stacked(packs: Sequence[str]) -> Knowledge:
    """Return our knowledge with the packs on top; without packs it is read only once."""
    return load(packs) if packs else own()


@functools.cache
def own() -> Knowledge:
    """Return our own knowledge."""
    return load()


def _packs_of(layers: Sequence[Layer]) -> list[str]:
    """Return the packs that the answers name; what is no list of names is refused with the other answers."""
    value: Any = next((layer.values["packs"] for layer in reversed(layers) if "packs" in layer.values), [])
    if isinstance(value, str):
        value = [] if is_not_sure(value) else [part.strip() for part in value.split(";")]
    return [name for name in value if isinstance(name, str) and name] if isinstance(value, list) else []


def _found(name: str, folder: Path) -> str:
    """Return the pack's folder, seen from the answers file, else from here."""
    beside = folder / name
    return str(beside if beside.is_dir() or not Path(name).is_dir() else Path(name))


def _listed(knowledge: Knowledge, layer: Layer) -> Layer:
    """Return the layer with records that stand in one text taken apart: a JSON list, or one a line."""
    if layer.source not in ("environment", "flag"):
        return layer
    values = dict(layer.values)
    for question in knowledge.questions:
        if question.kind == "records" and isinstance(values.get(question.id), str):
            values[question.id] = _records(values[question.id])
    return Layer(layer.source, values, layer.place)


def _records(text: str) -> Any:
    if is_not_sure(text):
        return text
    if text.lstrip().startswith("["):
        import json

        try:
            return json.loads(text)
        except ValueError:
            return [text]
    return [line for line in text.split("\n") if line.strip()]

"""The feature store specification: one schema of every feature, in words, as data, and in the store's own form."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from mlworkflow.bundle.file import File, LeftOut
from mlworkflow.bundle.page import page, points, section, table
from mlworkflow.bundle.words import Full, Plain, accepted_sources, chosen, identifiers, system, used_features
from mlworkflow.bundle.yaml_text import as_yaml, quoted
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import code
from mlworkflow.documents.saying import Say, capital
from mlworkflow.documents.views import features as view
from mlworkflow.freshness import freshness
from mlworkflow.quantity import write_duration
from mlworkflow.question import Entry

PAGE, SCHEMA, FEAST = "feature-store.md", "feature-schema.yaml", "feature_repo/features.py"
DAY = 86400.0
# What comes before the note on whether a value can be turned back: the answer itself.
_ANSWER = re.compile(r"^(yes|no|not said)\b[,:;]? ?")


def files(spec: Spec) -> Iterator[File]:
    """Yield the specification, its schema, and the repository of the store where its form is known."""
    if _why_not(spec):
        return
    yield File(PAGE, _page(Full(spec)), "Entities, features, and where their values live", "FAR")
    yield File(SCHEMA, as_yaml(schema(Plain(spec)), _COMMENT), "The same features for programs", "FAR")
    if chosen(spec, "feature-store-tool") == "feast":
        yield File(FEAST, _feast(Plain(spec)), "The features as Feast definitions", "FAR")


def left_out(spec: Spec) -> Iterator[LeftOut]:
    """Yield the reasons where there are no features to keep, or no form of the store that we know."""
    if why := _why_not(spec):
        yield LeftOut(PAGE, why)
        yield LeftOut(SCHEMA, why)
    elif chosen(spec, "feature-store-tool") not in (None, "feast", "no-feature-store"):
        yield LeftOut("feature_repo/", f"{Plain(spec).choice('feature-store-tool')} is declared through its own client")


def _why_not(spec: Spec) -> str:
    if spec.value("problem_type") == "generative":
        return "a prompt is built, and no feature is stored; prompt-bundle.yaml names what it reads"
    if not used_features(spec):
        return "the answers name no feature that may be used"
    return ""


_COMMENT = """Every feature of the design that may be used, for programs that read it: checks, training and serving.
A distribution that nobody expected stays null until the notebook has measured it."""


# ------------------------------------------------------------------ one description, two faces


def described(say: Say) -> list[dict[str, Any]]:
    """Return each used feature with what the design says of it."""
    shown = view.view(say)
    words = {str(row[0]): row for row in shown["dictionary"].rows}
    forms = {str(row[0]): row for row in shown["schemas"].rows}
    sources = {one.value("name"): one for one in say.spec.answers.entries("sources")}
    return [
        _feature(say, entry, words[str(code(entry.value("name")))], forms[str(code(entry.value("name")))], sources)
        for entry in used_features(say.spec)
    ]


def _feature(
    say: Say, entry: Entry, words: tuple[Any, ...], forms: tuple[Any, ...], sources: dict[str, Entry]
) -> dict[str, Any]:
    id, source = entry.value("name"), sources.get(entry.value("source"))
    return {
        "name": id,
        "source": entry.value("source"),
        "description": str(words[1]),
        "type": entry.value("type") or "number",
        "kind": str(forms[1]),
        "version": str(forms[2]),
        "logic": str(words[4]),
        "schema": str(forms[3]),
        "reversible": str(forms[4]),
        "expected": str(words[5]),
        "known": str(words[6]),
        "window": str(say.field(entry, "features", "window", "none")),
        "owner": str(say.field(source, "sources", "owner", "to be named")) if source else "to be named",
        "freshness": _freshness(entry, source),
        "use": say.spec.by_id[f"feature-use[{id}]"].chosen,
        "guards": _guards(say, id),
    }


def _guards(say: Say, id: str) -> list[str]:
    """Return each reason for which a feature is used only with a guard."""
    verdict = say.spec.by_id[f"feature-use[{id}]"]
    if verdict.chosen != "guarded":
        return []
    if verdict.overruled is not None:
        return [str(say.why(verdict))]
    subject = next(one for one in say.spec.world.subjects("features") if one.id == verdict.subject)
    supporting = say.spec.world.supporting(verdict.decision, subject, "guarded")
    return [str(say.sentence(sentence)) for _, sentence in supporting]


def _freshness(entry: Entry, source: Entry | None) -> str:
    if entry.value("available") == "at-request":
        return "with each request"
    found = freshness(source)
    return "to be agreed with the owner" if found is None else f"up to {found.says}"


# ------------------------------------------------------------------ the page


def _page(say: Full) -> str:
    found = described(say)
    rows = [
        (
            code(one["name"]),
            one["type"],
            code(one["source"]) if one["source"] else "to be named",
            one["logic"],
            one["window"],
            one["known"],
            one["owner"],
            one["freshness"],
            one["reversible"],
        )
        for one in found
    ]
    header = ("Feature", "Type", "Source", "Transformation", "Window", "Known", "Owner", "Freshness", "Reversible")
    return page(
        say.spec,
        "Feature Store Specification",
        f"**Where features live:** {capital(say.choice('feature-store'))}: {say.because('feature-store')}.",
        section("Entities", table(("Entity", "Join key", "As of"), [_entity(say)])),
        section("Features", table(header, rows), f"`{SCHEMA}` holds the same for programs."),
        section("Contract", _contract(say)),
    )


def _entity(say: Say) -> tuple[Any, ...]:
    keys = join_keys(say.spec)
    shown = ", ".join(str(code(key)) for key in keys) or "to be named before the first join"
    return (
        say.value("prediction_unit", "the prediction unit, still to be named"),
        shown,
        "the prediction time of a row",
    )


def join_keys(spec: Spec) -> list[str]:
    """Return the columns by which feature values are found."""
    from mlworkflow.bundle.parts.notebook import design

    keys: list[str] = design(spec)["keys"]
    return keys


def _contract(say: Full) -> str:
    """What whoever writes or reads a feature value may rely on."""
    store = chosen(say.spec, "feature-store")
    place = {
        "none": "One function takes the rows of an entity up to a prediction time and returns its features; the training query, the scheduled run and the service call this very function, in this very version.",
        "batch-tables": "Values are written to shared tables on a schedule, with entity, event time and written time; training joins them as of the prediction time, and serving reads the newest row by key.",
        "online-store": "Each value is written once for both sides: training joins it as of the prediction time, and a request reads the newest value by key.",
    }
    lines = [
        place.get(store or "none", place["none"]),
        "Same inputs, same outputs: no clock, no random number and no network inside; the prediction time is an argument.",
        "No row that arrived after the prediction time is read, not even when its event happened before.",
        "A new meaning is a new version under a new name; the old one is computed until no released model reads it.",
        "Missing stays missing, and never becomes zero on the way.",
    ]
    if say.known("feature_cap") and not say.holds("unstructured"):
        lines.append(
            f"The model keeps at most {say.value('feature_cap')} features; one that is dropped leaves the schema too."
        )
    return points(lines)


# ------------------------------------------------------------------ for programs


def schema(say: Plain) -> dict[str, Any]:
    """Return entities and features as plain values."""
    spec = say.spec
    return {
        "system": system(spec),
        "store": chosen(spec, "feature-store") or "none",
        "tool": chosen(spec, "feature-store-tool"),
        "entities": [{"name": "prediction_unit", "means": spec.value("prediction_unit"), "join_keys": join_keys(spec)}],
        "features": [_for_programs(one, entry) for one, entry in zip(described(say), used_features(spec), strict=True)],
    }


def _for_programs(one: dict[str, Any], entry: Entry) -> dict[str, Any]:
    window = entry.value("window")
    back = one["reversible"]
    return {
        **one,
        "window": None if window is None else write_duration(window),
        "expected": entry.value("expected"),
        "available": entry.value("available"),
        "missing_means": entry.value("missing_means"),
        "reversible": back.startswith("yes"),
        "reversible_note": _ANSWER.sub("", back) or None,
    }


# ------------------------------------------------------------------ Feast

_FEAST_TYPES = {
    "number": "Float64",
    "category": "String",
    "flag": "Bool",
    "timestamp": "UnixTimestamp",
    "text": "String",
    "identifier": "String",
    "embedding": "Array(Float32)",
    "series": "Array(Float64)",
    "image": "String",
    "audio": "String",
}


def _feast(say: Plain) -> str:
    spec = say.spec
    keys = identifiers(join_keys(spec)) or ["unit_id"]
    stored = [one for one in used_features(spec) if one.value("available") != "at-request"]
    sources = [one for one in accepted_sources(spec) if any(_reads(feature, one) for feature in stored)]
    names = identifiers([one.value("name") for one in sources])
    columns = dict(
        zip([one.value("name") for one in stored], identifiers([one.value("name") for one in stored]), strict=True)
    )
    lines = [
        '"""Feature definitions for Feast, from feature-schema.yaml; the paths of the sources are the team\'s own."""',
        "",
        "from datetime import timedelta",
        "",
        "from feast import Entity, FeatureService, FeatureView, Field, FileSource, ValueType",
        "from feast.types import Array, Bool, Float32, Float64, String, UnixTimestamp  # noqa: F401",
        "",
        f"unit = Entity(name={quoted('unit')}, join_keys={_list(keys[:1])}, value_type=ValueType.STRING)",
    ]
    for source, name in zip(sources, names, strict=True):
        mine = [one for one in stored if _reads(one, source)]
        fresh = freshness(source)
        ttl = math.ceil((fresh.stale if fresh else 2 * DAY) / 3600)
        lines += [
            "",
            f"{name}_source = FileSource(",
            f'    name="{name}", path="data/{name}.parquet", timestamp_field="event_timestamp", created_timestamp_column="written_at"',
            ")",
            f"{name}_features = FeatureView(",
            f'    name="{name}_features",',
            "    entities=[unit],",
            f"    ttl=timedelta(hours={ttl}),",
            "    schema=[",
            *(
                f'        Field(name="{columns[one.value("name")]}", dtype={_FEAST_TYPES[one.value("type") or "number"]}),'
                for one in mine
            ),
            "    ],",
            f"    source={name}_source,",
            "    online=True,",
            ")",
        ]
    views = ", ".join(f"{name}_features" for name in names)
    lines += ["", f'service = FeatureService(name="{system(spec)}", features=[{views}])']
    return "\n".join(lines) + "\n"


def _reads(feature: Entry, source: Entry) -> bool:
    return bool(feature.value("source") == source.value("name"))


def _list(names: list[str]) -> str:
    return f"[{', '.join(quoted(name) for name in names)}]"

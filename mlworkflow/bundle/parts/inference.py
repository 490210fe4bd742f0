"""The inference specification: what comes in, what goes out, what is written down, with schemas that programs check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlworkflow.artifacts.schemas import (
    DRAFT,
    ID,
    VALUE_TYPES,
    answer_schema,
    may_be_missing,
    missing_allowed,
    predicted,
)
from mlworkflow.bundle.expecting import expected
from mlworkflow.bundle.file import File, LeftOut
from mlworkflow.bundle.page import page, points, section, table
from mlworkflow.bundle.words import Full, Plain, refused, used_features
from mlworkflow.designing import Spec
from mlworkflow.documents.data import written
from mlworkflow.documents.escape import Md, code
from mlworkflow.documents.saying import Say
from mlworkflow.documents.views import serving as view
from mlworkflow.quantity import say_share, say_size
from mlworkflow.question import Entry

PAGE = "inference-specification.md"
REQUEST, RESPONSE, LOG = (f"schemas/{name}.schema.json" for name in ("request", "response", "prediction-log"))
Data = dict[str, Any]


def files(spec: Spec) -> Iterator[File]:
    """Yield the specification and its schemas."""
    plain = Plain(spec)
    yield File(PAGE, _page(Full(spec)), "Validation, transformation, log and latency at inference", "IOR")
    if asks(spec):
        yield File(REQUEST, written(request(plain)), "The form of one request", "IOR")
    yield File(RESPONSE, written(response(plain)), "The form of one answer or output row", "IOR")
    yield File(LOG, written(log_row(plain)), "The form of one row of the prediction log", "IOR")


def left_out(spec: Spec) -> Iterator[LeftOut]:
    """Yield the reason where nobody sends a request."""
    if not asks(spec):
        yield LeftOut(REQUEST, "a schedule reads tables, and nobody sends a request")


def asks(spec: Spec) -> bool:
    """Whether somebody or something sends requests, events, jobs or items."""
    return any(mode != "batch" for mode in spec.value("mode_ids") or ())


# ------------------------------------------------------------------ schemas

_TIME: Data = {"type": "string", "format": "date-time"}


def value_form(entry: Entry, limits: bool = True) -> Data:
    """Return the form of one value: its type, the answered range or list, and whether it may be missing."""
    form = dict(VALUE_TYPES[entry.value("type") or "number"])
    hope = expected(entry.value("expected"))
    if limits and form["type"] == "number" and hope is not None and hope.low is not None and hope.high is not None:
        form |= {"minimum": hope.low, "maximum": hope.high}
    if limits and hope is not None and form["type"] == "string" and sum(hope.shares.values()) > 0.995:
        form |= {"examples": list(hope.shares)}
    if entry.value("description"):
        form = {"description": entry.value("description"), **form}
    return missing_allowed(form, entry)


def carried(spec: Spec) -> list[Entry]:
    """Return the features that a request brings itself."""
    return [one for one in used_features(spec) if one.value("available") == "at-request"]


def request(say: Plain) -> Data:
    """Return the schema of a request."""
    brought = carried(say.spec)
    inputs: Data = {
        "type": "object",
        "properties": {one.value("name"): value_form(one) for one in brought},
        "required": sorted({one.value("name") for one in brought if not may_be_missing(one)}),
        "additionalProperties": True,
    }
    return {
        "$schema": DRAFT,
        "title": f"Request to {say.spec.answers.value('name')}",
        "type": "object",
        "properties": {
            "request_id": {**ID, "description": "the same id asks for the same answer"},
            "unit_id": {**ID, "description": str(say.value("prediction_unit", "what the prediction is about"))},
            "at": {**_TIME, "description": "prediction time: nothing that arrived later is read"},
            "inputs": inputs,
        },
        "required": ["request_id", "unit_id", "at", *(["inputs"] if inputs["required"] else [])],
        "additionalProperties": True,
    }


def response(say: Plain) -> Data:
    """Return the schema of an answer; one from the fallback is marked and may hold no prediction."""
    return answer_schema(say.spec)


def log_row(say: Plain) -> Data:
    """Return the schema of one row of the prediction log."""
    properties, needed = predicted(say.spec)
    modes = say.spec.value("mode_ids") or ()
    asked = () if "batch" in modes else ("request_id",)
    return {
        "$schema": DRAFT,
        "title": f"Row of the prediction log of {say.spec.answers.value('name')}",
        "type": "object",
        "properties": {
            "request_id": ID,
            "unit_id": ID,
            "at": _TIME,
            "model_version": ID,
            "threshold_version": {"type": ["string", "null"]},
            "features": {
                "type": "object",
                "description": "values as the model read them; a range is not enforced here, so that drift is seen",
                "properties": {one.value("name"): value_form(one, limits=False) for one in used_features(say.spec)},
                "additionalProperties": False,
            },
            **properties,
            "fallback": {"type": ["string", "null"]},
            "latency_ms": {"type": "number", "minimum": 0},
            "logged_with_chance": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        },
        "required": [*asked, "unit_id", "at", "model_version", "features", "fallback", "logged_with_chance"],
        "if": {"properties": {"fallback": {"type": "null"}}},
        "then": {"required": needed},
        "additionalProperties": False,
    }


# ------------------------------------------------------------------ the page


def _page(say: Full) -> str:
    shown = view.view(say)
    return page(
        say.spec,
        "Inference Specification",
        section("Forms", points(_forms(say))),
        section("Input validation", _validation(say), points(_policy(say))),
        section("Feature transformation", _transformation(say)),
        section("Output and contracts", points(_other_contracts(say, shown["contracts"]))),
        section("Prediction log", points(_log(say))),
        section("Latency budget by hop", _hops(say, shown["latency"])),
    )


def _forms(say: Say) -> list[str]:
    batch = "batch" in (say.spec.value("mode_ids") or ())
    what = " and ".join(
        [
            *(["an answer"] if asks(say.spec) else []),
            *(["a row of a scheduled output"] if batch or not asks(say.spec) else []),
        ]
    )
    found = [f"{what.capitalize()}: `{RESPONSE}`.", f"A row of the prediction log: `{LOG}`."]
    return [f"A request: `{REQUEST}`.", *found] if asks(say.spec) else found


def _validation(say: Full) -> str:
    brought = {one.value("name") for one in carried(say.spec)}
    rows = []
    for entry in used_features(say.spec):
        id, hope = entry.value("name"), expected(entry.value("expected"))
        form = value_form(entry)
        limits = "–"
        if "minimum" in form:
            limits = f"{form['minimum']:,g} to {form['maximum']:,g}"
        elif hope is not None and hope.shares:
            limits = ", ".join(str(code(one)) for one in hope.shares)
        needed = "passed on as missing" if may_be_missing(entry) else "required"
        source = "the request" if id in brought else code(entry.value("source") or "its source")
        rows.append((code(id), source, say.field(entry, "features", "type", "number"), Md(limits), needed))
    return table(("Input", "From", "Type", "Range or known values", "Missing"), rows)


def _policy(say: Full) -> list[str]:
    held = [line for line in say.lines("contract") if line.startswith("Input validation")]
    outside = "A number that was looked up and lies outside its range is passed on as missing and counted; a value that is not known is passed on as unseen."
    wrong = "A request of the wrong form (a type, a number outside its range, a required value missing) is rejected with status 422 and the failing path, never scored; the caller takes its fallback."
    never = sum(refused(say.spec, one) for one in say.spec.answers.entries("features"))
    extra = (
        [
            f"The {never} refused feature{'s' if never > 1 else ''} of the design are dropped at the door, even when sent."
        ]
        if never
        else []
    )
    brought = carried(say.spec)
    looked_up = [one for one in used_features(say.spec) if one not in brought]
    numbers = [outside] if any("minimum" in value_form(one) for one in looked_up) else []
    alarm = "More than 1 % of the inputs rejected or changed in an hour goes to the runbook entry “Input drift”."
    kinds = {one.clause.id for one in say.spec.kind("alert")}
    return [
        *held,
        *numbers,
        *([wrong] if say.holds("any_online") else []),
        *extra,
        *([alarm] if "alert-input-drift" in kinds else []),
    ]


def _transformation(say: Full) -> str:
    if say.spec.value("problem_type") == "generative":
        return "What goes into the prompt, and how, stands in `prompt-bundle.yaml`; nothing else is added on the way."
    return "As in `feature-store.md`, by the function of training: its version and its stored values travel with the model, and no other code computes them."


def _other_contracts(say: Full, lines: list[Md]) -> list[str]:
    found: list[str] = [line for line in lines if not line.startswith(("Input validation", "Prediction log"))]
    return found or ["An answer holds the model's version and says whether the fallback gave it."]


def _log(say: Full) -> list[str]:
    lines = [line for line in say.lines("contract") if line.startswith("Prediction log")]
    share = say.spec.value("log_share")
    if share is not None:
        sampled = (
            "every prediction"
            if share == 1
            else f"{say_share(share)} of the predictions, drawn by a hash of the request id"
        )
        lines.append(Md(f"Sampling: {sampled}{' (assumed)' if say.mark('log_share') else ''}{_always(share)}."))
    if say.known("log_kept_bytes"):
        kept = say_size(float(f"{say.spec.value('log_kept_bytes'):.3g}"))
        lines.append(Md(f"Size: about {kept} while it is kept (computed)."))
    lines.append(Md(_privacy(say)))
    return list(lines)


def _always(share: float) -> str:
    if share == 1:
        return ""
    return "; what the fallback answered and what was acted on always, each with its chance of having been drawn"


def _privacy(say: Full) -> str:
    if not say.holds("uses_personal_data"):
        return "Privacy: no personal data was answered; free text is scanned for it before it is kept."
    return "Privacy: the unit stands there as a keyed hash whose key lives apart; free text is masked; readers are named and their reading is logged; an erasure reaches the log within a month."


def _hops(say: Full, hops: Md) -> str:
    if not hops:
        if not say.holds("any_online") and not say.holds("on_device"):
            return "Nobody waits for a single prediction; the run has its time limits in `pipeline.yaml`."
        return (
            f"A split is measured first: {say.value('latency_p99')} at the p99 in all."
            if say.known("latency_p99")
            else "No p99 was answered, so there is nothing to split yet."
        )
    parts = [part.rsplit(" ", 2) for part in hops.split(", ")]
    rows = [(hop, f"{amount} {unit}") for hop, amount, unit in parts]
    return "\n\n".join(
        [
            table(("Hop", "Of the p99"), rows),
            f"Judgement until the load test; percentiles do not add up, so the sum of {say.value('latency_p99')} errs on the safe side.",
        ]
    )

"""The monitoring specification: series, alert rules and dashboard, one rule for each entry of the runbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlworkflow.bundle.alarms import Alarm, Series, alarms, read_by
from mlworkflow.bundle.file import File, LeftOut
from mlworkflow.bundle.page import page, points, section, table
from mlworkflow.bundle.platforms import size
from mlworkflow.bundle.watches import every_rule, watches
from mlworkflow.bundle.words import Full, Plain, chosen, system
from mlworkflow.bundle.yaml_text import as_yaml
from mlworkflow.designing import Spec
from mlworkflow.documents.data import written
from mlworkflow.documents.escape import Md, code, escape
from mlworkflow.documents.views import runbook

PAGE, BOARD, RULES = "monitoring-specification.md", "dashboard.json", "alerts.yaml"


def files(spec: Spec) -> Iterator[File]:
    """Yield the specification, the rules and the dashboard, in the form of the tool that was chosen."""
    say = Plain(spec)
    found = alarms(say)
    tool = str(say.choice("operational-monitoring"))
    rules = every_rule(say)
    yield File(PAGE, _page(Full(spec), found), "Series, alerts, and how the alarms are tried out", "MOS")
    if _grafana(spec):
        yield File(RULES, as_yaml(_prometheus(spec, rules), _RULES_COMMENT), "Alert rules for Prometheus", "MOS")
        yield File(BOARD, written(_board(spec, found)), "Dashboard for Grafana", "MOS")
    else:
        yield File(
            RULES, as_yaml(_neutral(spec, rules, tool), _NEUTRAL_COMMENT), f"Alert rules, to be made in {tool}", "MOS"
        )
        yield File(BOARD, written(_panels(spec, found, tool)), f"Panels, to be made in {tool}", "MOS")


def left_out(spec: Spec) -> Iterator[LeftOut]:
    """Yield the reason where rules and dashboard do not stand in their tool's own form."""
    if not _grafana(spec):
        name = Plain(spec).choice("operational-monitoring")
        yield LeftOut(
            f"alert rules in the form of {name}",
            f"they name accounts and resources that no answer holds; {RULES} is their source",
        )


def _grafana(spec: Spec) -> bool:
    return bool(chosen(spec, "operational-monitoring") == "prometheus-grafana")


_RULES_COMMENT = """A rule for each entry of the runbook, one for each pace of the error budget, and one for each threshold that is watched without a page. The series are exported by the team's own code;
monitoring-specification.md says what each holds."""
_NEUTRAL_COMMENT = """A rule for each entry of the runbook, one for each pace of the error budget, and one for each threshold that is watched without a page. The series are exported by the team's own code;
monitoring-specification.md says what each holds. An expression is written as Prometheus would read it, so that it says exactly one thing."""


# ------------------------------------------------------------------ rules


def _prometheus(spec: Spec, found: list[Alarm]) -> dict[str, Any]:
    rules = [
        {
            "alert": one.name,
            "expr": one.expression,
            "labels": {"severity": one.severity, "system": system(spec), "entry": one.id},
            "annotations": {
                "summary": _verbatim(one.title),
                "description": _verbatim(f"{one.says}: {one.means}"),
                "first": _verbatim(one.first),
                "act": _verbatim(one.act),
            },
        }
        for one in found
    ]
    return {"groups": [{"name": system(spec), "interval": "1m", "rules": rules}]}


def _verbatim(text: str) -> str:
    """Text that Prometheus, which reads annotations as templates, shows as it is."""
    return text.replace("{{", "{{`{{`}}")


def _neutral(spec: Spec, found: list[Alarm], tool: str) -> dict[str, Any]:
    return {
        "system": system(spec),
        "tool": tool,
        "alerts": [
            {
                "alert": one.name,
                "entry": one.id,
                "title": one.title,
                "severity": one.severity,
                "when": one.says,
                "expression": one.expression,
                "series": list(one.series),
                "first": one.first,
                "act": one.act,
            }
            for one in found
        ],
    }


# ------------------------------------------------------------------ dashboard


def _rows(spec: Spec, found: list[Alarm]) -> list[tuple[str, str, str]]:
    """The panels: title, expression and unit; one for each alert, and beside them what people ask for first."""
    label = f'system="{system(spec)}"'
    panels: list[tuple[str, str, str]] = []
    if spec.value("any_online"):
        panels += [
            ("Requests by outcome", f"sum by (outcome) (rate(ml_requests_total{{{label}}}[5m]))", "reqps"),
            (
                "Share answered by the fallback",
                f'sum(rate(ml_requests_total{{{label},outcome="fallback"}}[5m])) / sum(rate(ml_requests_total{{{label}}}[5m]))',
                "percentunit",
            ),
        ]
        panels += [
            (
                f"Latency p{share}",
                f"histogram_quantile(0.{share}, sum by (le) (rate(ml_request_seconds_bucket{{{label}}}[5m])))",
                "s",
            )
            for share in (50, 95, 99)
        ]
        if (it := size(spec)).least != it.most:
            panels.append(("What the workers scale on", f"{it.follows}{{{label}}}", "short"))
    if spec.value("problem_type") == "generative":
        panels.append(("Golden set, share passed", f"ml_golden_pass_share{{{label}}}", "percentunit"))
    elif not spec.value("labels_missing"):
        panels.append(("Quality of the newest mature cohort", f"ml_quality{{{label}}}", "short"))
    if spec.value("problem_type") != "generative":
        panels.append(("Drift statistic by feature", f"ml_drift_statistic{{{label}}}", "short"))
    return [*panels, *((f"Alert: {one.title}", one.expression, "short") for one in found)]


def _board(spec: Spec, found: list[Alarm]) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "${datasource}"}
    panels = [
        {
            "id": number + 1,
            "type": "timeseries",
            "title": title,
            "datasource": source,
            "gridPos": {"h": 8, "w": 8, "x": 8 * (number % 3), "y": 8 * (number // 3)},
            "fieldConfig": {"defaults": {"unit": unit}, "overrides": []},
            "targets": [{"refId": "A", "datasource": source, "expr": expression}],
        }
        for number, (title, expression, unit) in enumerate(_rows(spec, found))
    ]
    return {
        "uid": system(spec)[:40],
        "title": spec.answers.value("name"),
        "tags": ["mlworkflow"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "timezone": "utc",
        "refresh": "1m",
        "time": {"from": "now-7d", "to": "now"},
        "templating": {
            "list": [{"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Source"}]
        },
        "annotations": {"list": []},
        "panels": panels,
    }


def _panels(spec: Spec, found: list[Alarm], tool: str) -> dict[str, Any]:
    return {
        "system": system(spec),
        "title": spec.answers.value("name"),
        "tool": tool,
        "panels": [
            {
                "title": title,
                "expression": expression,
                "unit": unit,
                "series": [one.name for one in read_by(expression)],
            }
            for title, expression, unit in _rows(spec, found)
        ],
    }


# ------------------------------------------------------------------ the page


def series_used(spec: Spec, found: list[Alarm]) -> list[Series]:
    """Return every series that a rule or a panel reads."""
    rules = (one.expression for one in every_rule(Plain(spec)))
    return read_by(" ".join([*(expression for _, expression, _ in _rows(spec, found)), *rules]))


def _page(say: Full, found: list[Alarm]) -> str:
    reaction = {
        str(entry["title"]): entry["reaction"].replace("named below", "whom the runbook names")
        for entry in runbook.view(say)["entries"]
    }
    rows = [
        (
            escape(one.title),
            one.severity,
            reaction.get(str(escape(one.title)), "as its entry says"),
            escape(one.says),
            code(one.name),
        )
        for one in found
    ]
    exported = [(code(one.name), one.kind, Md(one.labels), Md(one.holds)) for one in series_used(say.spec, found)]
    return page(
        say.spec,
        "Monitoring Specification",
        f"Operation is watched in {say.choice('operational-monitoring')}; rules in `{RULES}`, panels in `{BOARD}`, what to do in the runbook of the document.",
        section("Alerts", table(("Alert", "Severity", "Answered", "When", "Rule"), rows)),
        section(
            "Watched without a page", table(("Monitor", "Severity", "When", "Rule", "What is done"), _watched(say))
        ),
        section(
            "Series",
            "Each carries the label `system`; code of the team exports it.",
            table(("Series", "Kind", "Labels", "Holds"), exported),
        ),
        section("Computed by", points(_jobs(say))),
        section("Before the first release", points(_tried(say, found))),
    )


def _watched(say: Full) -> list[tuple[Any, ...]]:
    """The thresholds of the document's monitors that no alert holds."""
    return [
        (one.monitor, one.rule.severity, escape(one.rule.says), code(one.rule.name), escape(one.rule.act))
        for one in watches(Plain(say.spec))
    ]


def _jobs(say: Full) -> list[Md]:
    generative = say.spec.value("problem_type") == "generative"
    lines = []
    if say.holds("any_online"):
        lines.append(Md("Requests and latencies: by the service itself, while it answers."))
    if generative:
        lines.append(
            Md(
                f"Golden set: each night by the flow watching of `pipeline.yaml`, and on each release; traced in {say.choice('llm-observability')}."
            )
        )
    else:
        window = f", a window of {say.value('drift_window')}" if say.known("drift_window") else ""
        lines.append(
            Md(
                f"Drift: by {say.choice('drift-tool')} in the flow watching of `pipeline.yaml`, over the prediction log{window}; the reference is the first four weeks after release."
            )
        )
    if not say.holds("labels_missing") and not generative:
        mature = f", on cohorts older than {say.value('label_age')}" if say.known("label_age") else ""
        lines.append(Md(f"Quality: in the same flow, by {say.choice('concept-check')}{mature}."))
    if say.spec.answers.entries("sources"):
        lines.append(Md("Sources: by the checks of `pipeline.yaml`, at each load."))
    return lines


def _tried(say: Full, found: list[Alarm]) -> list[str]:
    lines = (
        [f"Each of the {len(found)} alerts is fired once in staging, and reaches the person whom the runbook names."]
        if len(found) > 1
        else ["The alert is fired once in staging, and reaches the person whom the runbook names."]
    )
    lines.append("Each series is stopped once: its panel shows no data, and its owner notices within a day.")
    lines.append("Someone who built none of it works one entry from page to all-clear.")
    if say.known("false_alarms_per_month"):
        lines.append(
            f"Two weeks of shadow run bring no more false alarms than {say.marked('false_alarms_per_month')} a month allow; otherwise thresholds are set anew, with the reason."
        )
    return lines

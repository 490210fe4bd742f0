"""Flows in the form of the orchestrator that runs them; each command is a target that the team writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mlworkflow.bundle.steps import BACKOFF, RETRIES, Flow, Step
from mlworkflow.bundle.yaml_text import as_yaml
from mlworkflow.documents.escape import slug

FIRST, FACTOR, LONGEST = BACKOFF
_PAUSES = " ".join(str(min(FIRST * FACTOR**number, LONGEST)) for number in range(RETRIES))


def skeletons(tool: str | None, system: str, flows: Sequence[Flow]) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file in the tool's form, or nothing where it is not known."""
    writer = KNOWN.get(tool or "")
    if writer is not None:
        yield from writer(system, flows)


Written = Iterator[tuple[str, str]]


def _name(id: str) -> str:
    return id.replace("-", "_")


def _owner(step: Step) -> str:
    """The owner's name in letters that no tool reads as anything else."""
    return slug(step.owner)


def _minutes(step: Step) -> int:
    return max(1, round(step.timeout / 60))


# ------------------------------------------------------------------ Airflow 3


def _airflow(system: str, flows: Sequence[Flow]) -> Written:
    for flow in flows:
        yield f"pipeline/{_name(system)}_{flow.id}_dag.py", _airflow_dag(system, flow)


def _airflow_dag(system: str, flow: Flow) -> str:
    lines = [
        f'"""The {flow.id} flow for Airflow 3, from pipeline.yaml; `make` targets are the team\'s own."""',
        "",
        "from datetime import datetime, timedelta, timezone",
        "",
        "from airflow.providers.standard.operators.bash import BashOperator",
        "from airflow.sdk import DAG",
        "",
        "with DAG(",
        f'    dag_id="{system}-{flow.id}",',
        f"    schedule={repr(flow.cron) if flow.cron else None},",
        "    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),",
        "    catchup=False,",
        "    max_active_runs=1,",
        "    default_args={",
        f'        "retries": {RETRIES},',
        f'        "retry_delay": timedelta(seconds={FIRST}),',
        '        "retry_exponential_backoff": True,',
        f'        "max_retry_delay": timedelta(seconds={LONGEST}),',
        "    },",
        ") as dag:",
    ]
    for step in flow.steps:
        lines += [
            f"    {_name(step.id)} = BashOperator(",
            f'        task_id="{step.id}", owner="{_owner(step)}", bash_command="make {step.id} ",',
            f"        execution_timeout=timedelta(minutes={_minutes(step)}){'' if step.tries else ', retries=0'},",
            "    )",
        ]
    lines += [f"    {_name(need)} >> {_name(step.id)}" for step in flow.steps for need in step.needs]
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------ Dagster


def _dagster(system: str, flows: Sequence[Flow]) -> Written:
    lines = [
        '"""The flows for Dagster, from pipeline.yaml; `make` targets are the team\'s own."""',
        "",
        "import subprocess",
        "",
        "from dagster import Backoff, Definitions, In, Nothing, Out, RetryPolicy, ScheduleDefinition, job, op",
        "",
        f"RETRY = RetryPolicy(max_retries={RETRIES}, delay={FIRST}, backoff=Backoff.EXPONENTIAL)",
        "",
        "",
        "def run(step: str, seconds: int) -> None:",
        '    subprocess.run(["make", step], check=True, timeout=seconds)',
    ]
    for flow in flows:
        for step in flow.steps:
            retry = ", retry_policy=RETRY"
            ins = ", ".join(f'"{_name(need)}": In(Nothing)' for need in step.needs)
            lines += [
                "",
                "",
                f'@op(name="{flow.id}__{_name(step.id)}", ins={{{ins}}}, out=Out(Nothing), tags={{"owner": "{_owner(step)}"}}{retry if step.tries else ""})',
                f"def {flow.id}_{_name(step.id)}():",
                f'    run("{step.id}", {60 * _minutes(step)})',
            ]
        lines += ["", "", f'@job(name="{_name(system)}_{flow.id}")', f"def {flow.id}():"]
        for step in flow.steps:
            given = ", ".join(f"{_name(need)}={_name(need)}" for need in step.needs)
            lines.append(f"    {_name(step.id)} = {flow.id}_{_name(step.id)}({given})")
    timed = [flow for flow in flows if flow.cron]
    schedules = ", ".join(f'ScheduleDefinition(job={flow.id}, cron_schedule="{flow.cron}")' for flow in timed)
    lines += ["", "", f"defs = Definitions(jobs=[{', '.join(flow.id for flow in flows)}], schedules=[{schedules}])"]
    yield f"pipeline/{_name(system)}_flows.py", "\n".join(lines) + "\n"


# ------------------------------------------------------------------ Prefect


def _prefect(system: str, flows: Sequence[Flow]) -> Written:
    lines = [
        '"""The flows for Prefect, from pipeline.yaml; `make` targets are the team\'s own."""',
        "",
        "import subprocess",
        "",
        "from prefect import flow, task",
        "from prefect.tasks import exponential_backoff",
        "",
        "",
        f"@task(retries={RETRIES}, retry_delay_seconds=exponential_backoff(backoff_factor={FIRST}))",
        "def step(name: str, seconds: int) -> None:",
        '    subprocess.run(["make", name], check=True, timeout=seconds)',
        "",
        "",
        "once = step.with_options(retries=0)  # a verdict is not rolled again",
    ]
    for one in flows:
        lines += ["", "", f'@flow(name="{system}-{one.id}")', f"def {one.id}() -> None:"]
        for part in one.steps:
            waits = f", wait_for=[{', '.join(_name(need) for need in part.needs)}]" if part.needs else ""
            lines.append(
                f'    {_name(part.id)} = {"step" if part.tries else "once"}.submit("{part.id}", {60 * _minutes(part)}{waits})  # owner: {_owner(part)}'
            )
        lines.append(f"    for future in ({', '.join(_name(part.id) for part in one.steps)},):")
        lines.append("        future.result()")
    lines += ["", "", 'if __name__ == "__main__":', "    from prefect import serve", ""]
    deployed = ", ".join(
        f'{one.id}.to_deployment(name="{one.id}"{f", cron={one.cron!r}" if one.cron else ""})' for one in flows
    )
    yield f"pipeline/{_name(system)}_flows.py", "\n".join([*lines, f"    serve({deployed})"]) + "\n"


# ------------------------------------------------------------------ GitHub Actions, GitLab CI


def _tries(step: Step) -> str:
    """A shell line that tries a step again, each time after a longer pause; what judges runs once."""
    if not step.tries:
        return f"timeout {60 * _minutes(step)} make {step.id}"
    return f"for pause in 0 {_PAUSES}; do sleep $pause; timeout {60 * _minutes(step)} make {step.id} && exit 0; done; exit 1"


def _whole(step: Step) -> int:
    """Minutes for all tries with their pauses."""
    if not step.tries:
        return _minutes(step) + 1
    return (RETRIES + 1) * _minutes(step) + sum(int(pause) for pause in _PAUSES.split()) // 60 + 1


def _github(system: str, flows: Sequence[Flow]) -> Written:
    for flow in flows:
        on: dict[str, Any] = {"workflow_dispatch": {}}
        if flow.cron:
            on["schedule"] = [{"cron": flow.cron}]
        jobs = {step.id: _github_job(step) for step in flow.steps}
        data = {
            "name": f"{system} {flow.id}",
            "on": on,
            "concurrency": {"group": f"{system}-{flow.id}", "cancel-in-progress": False},
            "jobs": jobs,
        }
        yield f".github/workflows/{flow.id}.yml", as_yaml(data, _CI_COMMENT)


_CI_COMMENT = """From pipeline.yaml; each `make` target is the team's own.
A job that a hosted runner would end early needs a runner of your own: hosted ones stop after six hours."""


def _github_job(step: Step) -> dict[str, Any]:
    job: dict[str, Any] = {"needs": list(step.needs)} if step.needs else {}
    return {
        **job,
        "runs-on": "ubuntu-latest",
        "env": {"OWNER": _owner(step)},
        "timeout-minutes": _whole(step),
        "steps": [{"uses": "actions/checkout@v4"}, {"name": step.id, "run": _tries(step)}],
    }


def _gitlab(system: str, flows: Sequence[Flow]) -> Written:
    data: dict[str, Any] = {"stages": [flow.id for flow in flows]}
    for flow in flows:
        for step in flow.steps:
            data[f"{flow.id}:{step.id}"] = {
                "stage": flow.id,
                "needs": [f"{flow.id}:{need}" for need in step.needs],
                "rules": [{"if": f'$FLOW == "{flow.id}"'}],
                "timeout": f"{_whole(step)} minutes",
                "variables": {"OWNER": _owner(step)},
                "script": [_tries(step)],
            }
    timed = "\n".join(
        f"Schedule {flow.id}: {flow.cron or 'none, it starts on evidence'}, with the variable FLOW={flow.id}."
        for flow in flows
    )
    yield ".gitlab-ci.yml", as_yaml(data, f"From pipeline.yaml; each `make` target is the team's own.\n{timed}")


# ------------------------------------------------------------------ a script and cron


def _script(system: str, flows: Sequence[Flow]) -> Written:
    for flow in flows:
        lines = [
            "#!/usr/bin/env bash",
            f"# The {flow.id} flow, from pipeline.yaml; each `make` target is the team's own.",
            f"# crontab: {f'{flow.cron} flock -n /tmp/{system}-{flow.id}.lock /srv/{system}/pipeline/{flow.id}.sh' if flow.cron else 'no line: it is started on evidence'}",
            "set -euo pipefail",
            'cd "$(dirname "$0")/.."',
            "",
            "step() {  # name, seconds",
            f"  for pause in 0 {_PAUSES}; do",
            '    sleep "$pause"',
            '    if timeout "$2" make "$1"; then return 0; fi',
            "  done",
            '  echo "step $1 failed for good" >&2',
            "  exit 1",
            "}",
            "",
            "once() {  # name, seconds: a verdict is not rolled again",
            '  timeout "$2" make "$1" || { echo "step $1 failed for good" >&2; exit 1; }',
            "}",
            "",
            *(
                f"{'step' if step.tries else 'once'} {step.id} {60 * _minutes(step)}  # owner: {_owner(step)}"
                for step in flow.steps
            ),
        ]
        yield f"pipeline/{flow.id}.sh", "\n".join(lines) + "\n"


KNOWN: dict[str, Callable[[str, Sequence[Flow]], Written]] = {
    "airflow": _airflow,
    "dagster": _dagster,
    "prefect": _prefect,
    "github-actions-schedule": _github,
    "gitlab-ci": _gitlab,
    "plain-script": _script,
}

"""`mlworkflow tools`: what the catalog says, since when, and from where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

from mlworkflow.cli import options
from mlworkflow.cli.listing import answer, fields, named, table
from mlworkflow.cli.told import stacked
from mlworkflow.errors import UsageProblem
from mlworkflow.pack import Knowledge
from mlworkflow.quantity import Unreadable, parse_day
from mlworkflow.tool import Tool
from mlworkflow.winning import Chance, Reason, chances

HELP = """\b
Examples:
  mlworkflow tools --slot drift-monitoring --cloud aws
  mlworkflow tools show "W&B"
  mlworkflow tools --stale 180 --format json"""
ANYWHERE = "any"


def command() -> Callable[..., None]:
    """Return the command."""
    return tools


def tools(
    ids: options.Id = None,
    slot: Annotated[str | None, typer.Option("--slot", metavar="SLOT", help="Only tools that do this.")] = None,
    status: Annotated[str | None, typer.Option("--status", metavar="STATUS", help="Only tools in this state.")] = None,
    cloud: Annotated[str | None, typer.Option("--cloud", metavar="CLOUD", help="Only tools that run there.")] = None,
    stale: Annotated[
        int | None, typer.Option("--stale", min=0, metavar="DAYS", help="Only entries checked longer ago.")
    ] = None,
    today: Annotated[str | None, typer.Option("--today", metavar="DAY", help="What --stale counts from.")] = None,
    format: options.Format = "text",
    packs: options.Packs = None,
) -> None:
    """List the catalog, or show one entry."""
    knowledge = stacked(packs or [])
    id = options.wanted(ids)
    if id is not None:
        one = tool_named(knowledge, id)
        answer(format, lambda: _data(knowledge, one), lambda: _shown(knowledge, one))
        return
    known = [knowledge.tool(id) for id in sorted(knowledge.raw["tools"])]
    _refuse_unknown("--slot", slot, set(knowledge.slots))
    _refuse_unknown(
        "--status", status, {tool.status.is_ for tool in known} | set(knowledge.raw["vocabulary"].get("status", ()))
    )
    _refuse_unknown("--cloud", cloud, {cloud for tool in known for cloud in tool.clouds})
    before = _day_before(today, stale)
    found = [
        tool
        for tool in known
        if (slot is None or slot in tool.does)
        and (status is None or status == tool.status.is_)
        and (cloud is None or cloud in tool.clouds or ANYWHERE in tool.clouds)
        and (before is None or tool.checked.on < before)
    ]
    answer(format, lambda: [_data(knowledge, tool) for tool in found], lambda: _listed(found))


def tool_named(knowledge: Knowledge, name: str) -> Tool:
    """Return the tool of that id, name or alias."""
    wanted = " ".join(name.lower().split())
    if wanted not in knowledge.spellings:
        raise named(wanted, knowledge.spellings, "tool", "tools")
    return knowledge.tool(knowledge.spellings[wanted])


def _refuse_unknown(flag: str, value: str | None, known: set[str]) -> None:
    if value is not None and value not in known:
        raise UsageProblem(f"there is no {value!r}", place=flag, fix=f"choose one of: {', '.join(sorted(known))}")


def _day_before(today: str | None, days: int | None) -> str | None:
    if days is None:
        return None
    import datetime

    try:
        day = datetime.date.fromisoformat(parse_day(today)) if today else datetime.date.today()
        return (day - datetime.timedelta(days)).isoformat()
    except Unreadable as error:
        raise UsageProblem(error.reason, place="--today", fix=f"for example {error.example}") from error
    except OverflowError as error:
        raise UsageProblem(
            f"{days} days before there was no calendar", place="--stale", fix="for example --stale 180"
        ) from error


def _listed(found: list[Tool]) -> Iterator[str]:
    yield from table(
        [
            (one.id, one.name, one.status.is_, one.checked.on, one.checked.confidence, ", ".join(one.does))
            for one in found
        ]
    )


def _shown(knowledge: Knowledge, one: Tool) -> Iterator[str]:
    yield f"{one.id}: {one.name}"
    status = " ".join(
        part for part in (one.status.is_, f"since {one.status.since}" if one.status.since else "") if part
    )
    yield from fields(
        [
            ("does", ", ".join(one.does)),
            ("status", status),
            ("note", one.status.note),
            ("successors", ", ".join(one.status.successors)),
            ("good for", one.good_for),
            ("not for", one.not_for),
            ("hosting", ", ".join(one.hosting)),
            ("clouds", ", ".join(one.clouds)),
            ("licence", f"{one.licence} ({one.licence_class})"),
            ("paid", "yes" if one.paid else "no"),
            ("works offline", "yes" if one.offline else "no"),
            ("upkeep", one.upkeep),
            ("needs", ", ".join(one.needs)),
            ("can", ", ".join(one.capabilities)),
            ("limits", one.limits_note),
            ("also called", ", ".join(one.aliases)),
            ("checked", f"{one.checked.on}, {one.checked.confidence}"),
            ("pack", one.pack),
        ]
    )
    for limit in one.limits:
        yield f"  never when {limit.when}: {limit.because} [{limit.id}]"
    yield "  sources"
    for source in one.sources:
        yield "    " + " ".join(
            part for part in (source.at, f"({source.on})" if source.on else "", source.says) if part
        )
    for chance in chances(knowledge, one):
        yield from _chance(chance)


def _chance(chance: Chance) -> Iterator[str]:
    """Yield where a tool would win a decision, and where it cannot."""
    yield f"  {chance.decision.id}: {chance.decision.asks}"
    if chance.never is not None:
        yield f"    never chosen: {_reason(chance.never)}"
        return
    for reason in chance.preferred:
        yield f"    preferred{_when(reason)}: {_reason(reason)}"
    for reason in chance.out:
        yield f"    ruled out{_when(reason)}: {_reason(reason)}"
    yield f"    where no preference decides: place {chance.place} of {chance.candidates} by upkeep"


def _when(reason: Reason) -> str:
    return f" when {reason.when}" if reason.when else ""


def _reason(reason: Reason) -> str:
    return f"{reason.because} [{reason.row}]"


def _data(knowledge: Knowledge, one: Tool) -> dict[str, Any]:
    from mlworkflow.documents.data import plain

    data: dict[str, Any] = plain(one)
    data["status"]["is"] = data["status"].pop("is_")
    for limit in data["limits"]:
        del limit["tree"]
    data["chances"] = [
        {
            "decision": chance.decision.id,
            "never": None if chance.never is None else plain(chance.never),
            "preferred": [plain(reason) for reason in chance.preferred],
            "out": [plain(reason) for reason in chance.out],
            "place": chance.place,
            "candidates": chance.candidates,
        }
        for chance in chances(knowledge, one)
    ]
    return data

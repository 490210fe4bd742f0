"""Help with its options under headings, without the weight of rich."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand


class Sectioned(TyperCommand):
    """A command whose help groups the options by section."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write each section with its options."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                heading = getattr(parameter, "rich_help_panel", None) or _heading(parameter)
                sections.setdefault(heading, []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)


def _heading(parameter: Any) -> str:
    return "Arguments" if parameter.param_type_name == "argument" else "Options"

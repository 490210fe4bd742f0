"""Checks a design against itself: every rule with its severity, its place, its reason and a way to mend it."""

from mlworkflow.linting.linting import Linted, lint
from mlworkflow.linting.rule import ERROR, NOTE, SEVERITIES, WARNING, Result, Rule, rules

__all__ = ["ERROR", "NOTE", "SEVERITIES", "WARNING", "Linted", "Result", "Rule", "lint", "rules"]

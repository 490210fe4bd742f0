"""Gathers, layers and checks answers, and writes them back as a file or as flags."""

from mlworkflow.answers.gathering import Layer, gather
from mlworkflow.answers.writing import to_argv, to_toml

__all__ = ["Layer", "gather", "to_argv", "to_toml"]

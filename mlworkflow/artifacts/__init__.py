"""The seven artifacts of a design's lifecycle: what is in each, what is still blank, and on which others it stands."""

from mlworkflow.artifacts.artifact import Artifact, as_data, filled
from mlworkflow.artifacts.blanks import Blank
from mlworkflow.artifacts.chain import artifacts, stands_above
from mlworkflow.artifacts.judging import faults, faults_of_chain
from mlworkflow.artifacts.path import Step, release_path

__all__ = [
    "Artifact",
    "Blank",
    "Step",
    "artifacts",
    "as_data",
    "faults",
    "faults_of_chain",
    "filled",
    "release_path",
    "stands_above",
]

"""The errors that a person may see, each with its exit code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, what is wrong, and what to do next."""

    place: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.what}" if self.place else self.what
        return f"{text}\n  fix: {self.fix}" if self.fix else text


class MlworkflowError(Exception):
    """An ending that a person can understand and mend."""

    exit_code = 70

    def __init__(self, what: str, *, place: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.problems: tuple[Problem, ...] = (Problem(place, what, fix),)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class CheckFound(MlworkflowError):
    """A check ran and found something."""

    exit_code = 1


class UsageProblem(MlworkflowError):
    """The command was put in a way that cannot be carried out."""

    exit_code = 2


class InputRefused(MlworkflowError):
    """Answers, a pack or a template cannot be used; every mistake is reported at once."""

    exit_code = 3

    @classmethod
    def because(cls, problems: list[Problem]) -> InputRefused:
        """Return one error that holds all problems, in the order given."""
        error = cls(problems[0].what)
        error.problems = tuple(problems)
        return error


class WorkProtected(MlworkflowError):
    """Refused, because going on would destroy what a person wrote."""

    exit_code = 4


class CannotReadOrWrite(MlworkflowError):
    """The file system said no."""

    exit_code = 5


class Damaged(MlworkflowError):
    """The installed program is not whole."""

    exit_code = 70

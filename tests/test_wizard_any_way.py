"""Whatever way a person takes through the interview, the file says the same as after a straight run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unittest import mock

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mlworkflow import designing
from mlworkflow.answers import Layer, gather
from mlworkflow.answers.parsing import is_not_sure
from mlworkflow.question import Answers, Question
from tests.helpers import knowledge
from tests.test_wizard_interview import begun

WORDS = st.sampled_from(["a", 'Grüße = "x" # no', "[[sources]]", "naïve; or not", "'''", "\\n"])
AMOUNTS = {
    "number": ["0.7", "12"],
    "duration": ["60 days", "2h", "80ms"],
    "count": ["4", "25k"],
    "rate": ["40/s", "1.5k/min"],
    "money": ["3k EUR/month", "$20"],
}


def replies(question: Question) -> st.SearchStrategy[str]:
    if question.kind == "choice":
        return st.sampled_from([choice.id for choice in question.choices])
    return st.sampled_from(AMOUNTS[question.kind]) if question.kind in AMOUNTS else WORDS


class AnyWay(RuleBasedStateMachine):
    """Somebody answers, goes back, is not sure, and edits, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.quick = mock.patch.object(designing, "_changes", return_value=())
        self.quick.start()

    @initialize()
    def begin(self) -> None:
        self.interview, self.file = begun()

    def question(self) -> Question | None:
        return knowledge().question.get(self.interview.screen().id)

    @rule(data=st.data(), word=st.sampled_from(["", "", "not sure"]), take=st.booleans())
    def answer(self, data: st.DataObject, word: str, take: bool) -> None:
        question = self.question()
        if question is None or question.kind == "records":
            self.interview.reply("")
        else:
            self.interview.reply(data.draw(replies(question)) if take or question.required else word)

    @rule(reply=st.sampled_from(["<", "<", "?", "!", ">"]))
    def wander(self, reply: str) -> None:
        self.interview.reply(reply)

    @rule(number=st.integers(1, 12))
    def edit(self, number: int) -> None:
        if self.interview.screen().id == "review":
            self.interview.reply(str(number))

    @invariant()
    def the_file_reads_back(self) -> None:
        if self.file.states:
            assert self.interview.state.answers == again(self.file.values)

    def teardown(self) -> None:
        try:
            if hasattr(self, "interview"):
                self.compare_with_a_straight_run()
        finally:
            self.quick.stop()

    def compare_with_a_straight_run(self) -> None:
        straight, file = begun()
        values = self.file.values
        while (id := straight.screen().id) in values and id in knowledge().question:
            straight.reply("" if isinstance(values[id], list) else str(values[id]))
        for id, value in file.values.items():
            assert value == values[id]
            if id != "schema" and not is_not_sure(value):
                assert straight.state.answers.by_id[id] == self.interview.state.answers.by_id[id]


def again(values: Mapping[str, Any]) -> Answers:
    """Return what a file with these values says, wherever it stands."""
    return gather(knowledge(), [Layer("file", values, lambda *keys: "")], complete=False)


TestAnyWay = AnyWay.TestCase
TestAnyWay.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)

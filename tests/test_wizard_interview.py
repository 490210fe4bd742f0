"""The interview without a terminal: replies in, screens out, and after every reply the file reads back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mlworkflow import designing
from mlworkflow.reading import read_answers
from mlworkflow.wizard.draft import Draft
from mlworkflow.wizard.interview import Interview
from mlworkflow.wizard.screens import Screen
from tests.helpers import knowledge

FIRST = ("classification", "Churn", "who leaves")


class File:
    """A file in memory, with every state that it was in."""

    def __init__(self, text: str | None = None) -> None:
        self.states = [] if text is None else [text.encode()]
        self.draft = Draft("answers.toml", self.states[0] if self.states else None, self._save)

    def _save(self, new: bytes, old: bytes | None) -> None:
        assert old == (self.states[-1] if self.states else None)
        self.states.append(new)

    @property
    def values(self) -> Mapping[str, Any]:
        """What stands in the file."""
        return read_answers(self.states[-1], "answers.toml").values if self.states else {}


def begun(text: str | None = None) -> tuple[Interview, File]:
    file = File(text)
    return Interview(knowledge(), file.draft), file


def told(interview: Interview, *replies: str | tuple[str, ...]) -> Screen:
    for reply in replies:
        interview.reply(reply)
    return interview.screen()


def whole(screen: Screen) -> str:
    return "\n".join((*screen.notices, screen.progress, screen.asks, *screen.lines))


# ------------------------------------------------------------------ one question


def test_what_is_built_is_asked_first_and_is_needed() -> None:
    interview, file = begun()
    assert interview.screen().id == "problem_type"
    screen = told(interview, "not sure")
    assert (screen.id, file.states) == ("problem_type", [])
    assert "has to be answered" in whole(screen)
    assert told(interview, "").id == "problem_type"


def test_every_answer_is_in_the_file_before_the_next_question() -> None:
    interview, file = begun()
    for number, reply in enumerate(FIRST, 1):
        interview.reply(reply)
        assert len(file.states) == number
    assert file.values == {"schema": 1, "problem_type": "classification", "name": "Churn", "target": "who leaves"}


def test_a_number_and_a_name_choose_the_same() -> None:
    for reply in ("2", "regression", "Regression"):
        interview, file = begun()
        interview.reply(reply)
        assert file.values["problem_type"] == "regression"


def test_a_mistake_is_explained_at_the_question_with_an_example() -> None:
    interview, file = begun()
    screen = told(interview, *FIRST, "", "", "", "", "60 dayz")
    assert screen.id == "label_delay"
    assert "dayz" in whole(screen)
    assert "60 days" in whole(screen)
    assert "label_delay" not in file.values


def test_units_are_echoed_and_enter_takes_the_default() -> None:
    interview, file = begun("schema = 1\nproblem_type = 'regression'\nname = 'a'\ntarget = 'b'\n")
    assert "Read as 60 days." in whole(told(interview, *[""] * 4, "8.64e4 min"))
    assert file.values["baseline_kind"] == "none"
    assert file.values["success_threshold"] == "not sure"


def test_control_characters_are_refused() -> None:
    interview, file = begun()
    screen = told(interview, "1", "a\x1b[31m")
    assert screen.id == "name"
    assert "\x1b" not in whole(screen)
    assert "name" not in file.values


def test_help_and_preview_change_nothing() -> None:
    interview, file = begun()
    screen = told(interview, *FIRST, "?")
    assert "--decision" in whole(screen)
    screen = told(interview, "!")
    assert "Experiment tracking: MLflow" in whole(screen)
    assert len(file.states) == 3


def test_what_nothing_reads_is_skipped_and_said() -> None:
    interview, file = begun()
    told(interview, *FIRST, *[""] * 8)
    assert interview.screen().id == "who_waits"
    screen = told(interview, "later")
    assert screen.id == "mean_load"
    assert "p99 latency" in whole(screen)
    assert "latency_p99" not in file.values


def test_what_makes_no_sense_is_not_asked_at_all() -> None:
    interview, _ = begun()
    told(interview, *FIRST, *[""] * 8)
    screen = told(interview, "nobody")
    assert screen.id == "team_size"
    assert "p99 latency" not in whole(screen)


def test_a_changed_answer_takes_dependent_ones_with_it_and_says_so() -> None:
    interview, file = begun("schema = 1\nproblem_type = 'generative'\nname = 'a'\ntarget = 'b'\ntokens_in = 3000\n")
    screen = told(interview, "<", "<", "<", "regression")
    assert "tokens in (3,000) is not asked any more" in whole(screen)
    assert "That changes: " in whole(screen)
    assert "tokens_in" not in file.values


def test_a_contradiction_is_refused_with_both_sides() -> None:
    interview, file = begun("schema = 1\nname = 'a'\nproblem_type = 'regression'\ntarget = 't'\nlatency_p95 = '90ms'\n")
    screen = told(interview, ">", "latency_p99", "50ms")
    assert "latency_p95" in whole(screen)
    assert "latency_p99" not in file.values


# ------------------------------------------------------------------ the way


def test_back_shows_the_answer_and_enter_keeps_it() -> None:
    interview, file = begun()
    screen = told(interview, *FIRST, "<", "<")
    assert screen.id == "name"
    assert "Your answer: Churn" in whole(screen)
    assert told(interview, "", "").id == "decision_driven"
    assert len(file.states) == 3
    assert "first question" in whole(told(interview, "<", "<", "<", "<"))


def test_it_ends_only_when_what_is_needed_is_there() -> None:
    interview, _ = begun()
    assert "must be answered first" in whole(told(interview, "1", ">"))
    assert told(interview, "Churn", "x", ">").id == "review"
    interview.reply("")
    assert interview.done


def test_after_the_essential_ones_it_says_what_still_hangs() -> None:
    interview, _ = begun()
    told(interview, *FIRST, *[""] * 13)
    screen = interview.screen()
    assert screen.id == "crossroads"
    assert "decisions are settled" in whole(screen)
    assert "still hang on: " in whole(screen)
    first = told(interview, "go on")
    assert first.id == designing.design(knowledge(), interview.state.answers).open[0].question.id or first.progress
    assert told(interview, ">").id == "review"


def test_a_subject_can_be_gone_into() -> None:
    interview, _ = begun()
    told(interview, *FIRST, *[""] * 13)
    screen = told(interview, "details")
    assert screen.id == "sections"
    assert told(interview, "team").progress == "team"


def test_the_table_edits_by_number_and_by_word_and_comes_back() -> None:
    interview, file = begun()
    told(interview, *FIRST, ">")
    assert told(interview, "1").id == "name"
    assert told(interview, "Churn 2").id == "review"
    assert told(interview, "personal data").id == "personal_data"
    assert "yes" in whole(told(interview, "yes"))
    assert (file.values["name"], file.values["personal_data"]) == ("Churn 2", True)
    assert "no number 99" in whole(told(interview, "99"))


def test_a_word_that_several_questions_have_shows_those_alone() -> None:
    text = 'name = "Churn"\nproblem_type = "classification"\ntarget = "who leaves"\nteam_size = 3\n'
    interview, _ = begun(text)
    told(interview, ">")
    everything = interview.screen()
    screen = told(interview, "team")
    assert "say which: " in whole(screen)
    assert [one.split()[0] for one in screen.lines] == [
        one.split()[0] for one in everything.lines if "team" in one.lower()
    ]
    assert len(screen.lines) < len(everything.lines) - 1
    assert told(interview, "").lines == everything.lines
    assert not interview.done
    assert told(interview, "no such word").lines == ()


def test_a_finished_file_opens_at_its_table_and_keeps_its_remarks() -> None:
    interview, _ = begun()
    told(interview, *FIRST, *[""] * 13)
    text = "# mine\n" + interview.state.draft.text
    again, file = begun(text)
    assert again.screen().id == "review"
    told(again, "2", "regression")
    assert file.states[-1].decode() == text.replace('"classification"', '"regression"')


# ------------------------------------------------------------------ several at once


def test_choices_are_marked_by_number_or_name_and_none_is_an_answer() -> None:
    start = "schema = 1\nname = 'a'\nproblem_type = 'regression'\ntarget = 't'\n"
    for reply, wanted in (("1, 3", ["day", "month"]), (("day", "week"), ["day", "week"]), ("none", [])):
        interview, file = begun(start)
        told(interview, ">", "seasonality", reply)
        assert file.values["seasonality"] == wanted
    assert "goes with nothing else" in whole(told(interview, "seasonality", ("none", "day")))


def test_records_are_added_edited_and_removed() -> None:
    interview, file = begun("schema = 1\nname = 'a'\nproblem_type = 'regression'\ntarget = 't'\n")
    told(interview, ">", "sources", "orders:postgres:1 day\ncrm\tmysql\nweb")
    assert [one["name"] for one in file.values["sources"]] == ["orders", "crm", "web"]
    told(interview, "remove 2", "edit 2", "owner = Web team")
    screen = told(interview, "refresh", "2h")
    assert "Read as 2 hours." in whole(screen)
    told(interview, "kind", "8")
    assert file.values["sources"][1] == {"name": "web", "kind": "kinesis", "owner": "Web team", "refresh": "2h"}
    assert told(interview, "", "").id == "review"


def test_a_bad_record_names_its_field_and_keeps_those_before_it() -> None:
    interview, file = begun("schema = 1\nname = 'a'\nproblem_type = 'regression'\ntarget = 't'\n")
    screen = told(interview, ">", "sources", "orders\ncrm:mysql:2 dais\nweb")
    assert "`refresh`" in whole(screen)
    assert [one["name"] for one in file.values["sources"]] == ["orders"]
    assert "comes from `x`" in whole(told(interview, "", "features", "age:x"))


@pytest.mark.parametrize(
    "before", ["sources = 'not sure'", "sources = [{name = 'a'}, {name = 'b'}]", "sources = ['a']"]
)
def test_a_list_in_one_line_becomes_tables(before: str) -> None:
    interview, file = begun(f"schema = 1\nname = 'a'\nproblem_type = 'regression'\ntarget = 't'\n{before}\n")
    count = len(interview.state.answers.entries("sources"))
    told(interview, ">", "sources", "crm:mysql")
    assert len(file.values["sources"]) == count + 1
    told(interview, *["remove 1"] * (count + 1))
    assert "sources" not in file.values
    told(interview, "none")
    assert file.values["sources"] == []

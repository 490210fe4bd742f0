"""Templates may show, loop and ask whether something is there; what renders them escapes and names lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from mlworkflow.documents import loading
from mlworkflow.documents.escape import Md
from mlworkflow.errors import Damaged, InputRefused

TEMPLATES = Path(__file__).parent.parent / "templates"
FILTERS: tuple[str, ...] = ()


# ------------------------------------------------------------------ what a template may say


def violations(source: str, name: str) -> list[str]:
    """Return what the template does beyond showing, looping and asking whether something is there."""
    tree = jinja2.Environment().parse(source, name)
    return [f"{name}:{line}: {what}" for line, what in _body(tree.body, _macros(tree))]


def _macros(tree: nodes.Template) -> set[str]:
    """Return every name under which the template may call a macro."""
    names = {"caller"} | {macro.name for macro in tree.find_all(nodes.Macro)}
    names |= {imported.target for imported in tree.find_all(nodes.Import)}
    for imported in tree.find_all(nodes.FromImport):
        names |= {one if isinstance(one, str) else one[1] for one in imported.names}
    return names


def _statement(node: nodes.Node, macros: set[str]) -> Iterator[tuple[int, str]]:
    match node:
        case nodes.For():
            if node.test is not None:
                yield node.lineno, "a loop selects"
            if node.recursive:
                yield node.lineno, "a loop calls itself"
            yield from _value(node.iter, macros)
            yield from _body(node.body + node.else_, macros)
        case nodes.If():
            yield from _asked(node.test, macros)
            yield from _body([*node.body, *node.elif_, *node.else_], macros)
        case nodes.Include() | nodes.Import() | nodes.FromImport():
            if not _is_path(node.template) and not isinstance(node.template, nodes.Const):
                yield node.lineno, "the name of a template is computed"
            if isinstance(node, nodes.Include) and node.ignore_missing:
                yield node.lineno, "a missing template is ignored"
        case nodes.Assign():
            if not isinstance(node.target, nodes.Name):
                yield node.lineno, "`set` changes something"
            yield from _value(node.node, macros)
        case nodes.Macro():
            for default in node.defaults:
                yield from _argument(default, macros)
            yield from _body(node.body, macros)
        case nodes.CallBlock():
            yield from _value(node.call, macros)
            yield from _body(node.body, macros)
        case nodes.Output():
            for shown in node.nodes:
                if not isinstance(shown, nodes.TemplateData):
                    yield from _value(shown, macros)
        case _:
            yield node.lineno, f"{type(node).__name__} has no place in a template"


def _body(body: Sequence[nodes.Node], macros: set[str]) -> Iterator[tuple[int, str]]:
    for node in body:
        yield from _statement(node, macros)


def _asked(test: nodes.Node, macros: set[str]) -> Iterator[tuple[int, str]]:
    """A condition asks whether something is there."""
    if not _is_path(test.node if isinstance(test, nodes.Not) else test):
        yield test.lineno, "a condition does more than ask whether something is there"


def _value(node: nodes.Node, macros: set[str]) -> Iterator[tuple[int, str]]:
    """What is shown, looped over or named is a path, or what a macro writes."""
    match node:
        case _ if _is_path(node):
            return
        case nodes.Call() if _is_macro(node.node, macros) and node.dyn_args is None and node.dyn_kwargs is None:
            for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
                yield from _argument(argument, macros)
        case nodes.Filter(name=name, node=inner) if name in FILTERS and inner is not None:
            yield from _value(inner, macros)
        case nodes.Filter(name=name):
            yield node.lineno, f"the filter `{name}` is used"
        case nodes.Call():
            yield node.lineno, "something is called that is no macro"
        case _:
            yield node.lineno, f"{type(node).__name__} computes"


def _argument(node: nodes.Node, macros: set[str]) -> Iterator[tuple[int, str]]:
    if not isinstance(node, nodes.Const):
        yield from _value(node, macros)


def _is_macro(node: nodes.Node, macros: set[str]) -> bool:
    if isinstance(node, nodes.Getattr):
        node = node.node
    return isinstance(node, nodes.Name) and node.name in macros


def _is_path(node: nodes.Node) -> bool:
    """Whether it is a name, or an attribute or item of one."""
    match node:
        case nodes.Name():
            return True
        case nodes.Getattr():
            return _is_path(node.node)
        case nodes.Getitem():
            return _is_path(node.node) and (isinstance(node.arg, nodes.Const) or _is_path(node.arg))
        case _:
            return False


def test_templates_show_loop_and_ask_and_do_nothing_else() -> None:
    found = sorted(TEMPLATES.rglob("*.md.j2"))
    if not (TEMPLATES / "workflow.md.j2").exists():
        pytest.skip("there is no templates/workflow.md.j2 yet")
    assert any(path.parent.name == "sections" for path in found)
    wrong = [
        one for path in found for one in violations(path.read_text("utf-8"), path.relative_to(TEMPLATES).as_posix())
    ]
    assert not wrong, "\n".join(wrong)


def test_every_template_compiles() -> None:
    made = loading.environment()
    for path in sorted(TEMPLATES.rglob("*.md.j2")):
        made.get_template(path.relative_to(TEMPLATES).as_posix())


@pytest.mark.parametrize(
    "source",
    [
        "text {{ a }} {{ a.b['c'].d }} {{ rows[0] }}",
        "{% for key, one in rows %}{{ one.name }}{% if not loop.last %}, {% endif %}{% else %}none{% endfor %}",
        "{% if a.b %}x{% elif not a.c %}y{% else %}z{% endif %}",
        "{% import 'a.md.j2' as m %}{{ m.table(rows, 'Name', wide=a) }}{% include 'a.md.j2' %}{% include one.file %}",
        "{% from 'a.md.j2' import x as y %}{% macro z(a, b=1) %}{{ y(a) }}{% endmacro %}{% call z(a) %}{% endcall %}",
        "{% set here = a.b %}{# a comment == is read by nobody #}",
    ],
)
def test_what_a_template_may_say(source: str) -> None:
    assert violations(source, "x") == []


@pytest.mark.parametrize(
    "source",
    [
        "\n{% if a == b %}{% endif %}",
        "\n{% if a and b %}{% endif %}",
        "\n{% if a %}{% elif a in b %}{% endif %}",
        "\n{% if a is defined %}{% endif %}",
        "\n{% for x in rows if x.y %}{% endfor %}",
        "\n{% for x in rows | sort %}{% endfor %}",
        "\n{% for x in spec.of('y') %}{% endfor %}",
        "\n{% for x in rows[1:] %}{% endfor %}",
        "\n{{ rows | selectattr('x') }}",
        "\n{{ a | upper }}",
        "\n{{ a + b }}",
        "\n{{ a ~ b }}",
        "\n{{ a.b() }}",
        "\n{{ x if a else y }}",
        "\n{{ 'text' }}",
        "\n{{ a[b + 1] }}",
        "\n{% set a.b = 1 %}",
        "\n{% set a = b + 1 %}",
        "\n{% set a %}x{% endset %}",
        "\n{% include 'a' ~ b %}",
        "\n{% include 'a' ignore missing %}",
        "\n{% filter upper %}x{% endfilter %}",
        "\n{% macro m(a) %}{{ a > 1 }}{% endmacro %}",
        "\n{% macro m(a) %}{% endmacro %}{{ m(a + 1) }}",
        "\n{% with a = b %}{% endwith %}",
        "\n{% extends 'a' %}",
    ],
)
def test_what_a_template_may_not_say_is_named_with_file_and_line(source: str) -> None:
    found = violations(source, "sections/x.md.j2")
    assert found
    assert all(one.startswith("sections/x.md.j2:2: ") for one in found)


# ------------------------------------------------------------------ what renders them


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty checkout's template folder."""
    package = tmp_path / "mlworkflow"
    package.mkdir()
    monkeypatch.setattr(loading, "_HERE", package)
    monkeypatch.setattr(loading, "_SEALED", package / "compiled" / "templates")
    monkeypatch.setattr(loading, "_KEPT", package / "compiled" / "templates-cache")
    folder = tmp_path / "templates"
    (folder / "sections").mkdir(parents=True)
    return folder


def fresh() -> jinja2.Environment:
    """Return an environment that remembers nothing of another test."""
    return loading.environment.__wrapped__()


WRITES = {
    "workflow.md.j2": """{% import "macros.md.j2" as m %}
# {{ title }}
{% include "sections/one-two.md.j2" %}
{{ m.item(title) }}""",
    "macros.md.j2": "{% macro item(text) %}\n- **{{ text }}**\n{% endmacro %}\n",
    "sections/one-two.md.j2": """{% for row in rows %}
  {% if row.name %}
{{ row.name }}
  {% endif %}
{% endfor %}
""",
}
SHOWN = "# a&#124;b\nx&#60;y\n`z`\n- **a&#124;b**\n"


def write(folder: Path, files: dict[str, str] = WRITES) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def show(made: jinja2.Environment) -> str:
    return made.get_template("workflow.md.j2").render(title="a|b", rows=[{"name": "x<y"}, {"name": Md("`z`")}])


def test_a_value_is_escaped_once_and_markdown_is_left_alone(folder: Path) -> None:
    write(folder)
    assert show(fresh()) == SHOWN


def test_a_second_start_reads_what_the_first_compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder)
    assert show(fresh()) == SHOWN
    monkeypatch.setattr(jinja2.Environment, "compile", None)
    assert show(fresh()) == SHOWN


def test_a_changed_template_is_compiled_again(folder: Path) -> None:
    write(folder)
    show(fresh())
    write(folder, {"workflow.md.j2": "new\n"})
    assert show(fresh()) == "new\n"


def test_a_cache_that_cannot_be_used_costs_time_only(folder: Path) -> None:
    write(folder)
    show(fresh())
    kept = folder.parent / "mlworkflow" / "compiled" / "templates-cache"
    for file in kept.iterdir():
        file.write_bytes(file.read_bytes()[:40])
    assert show(fresh()) == SHOWN
    for file in kept.iterdir():
        file.unlink()
    kept.rmdir()
    kept.write_text("in the way")
    assert show(fresh()) == SHOWN


def seal(folder: Path) -> Path:
    """Compile the templates as a wheel holds them, and take the sources away."""
    target = folder.parent / "mlworkflow" / "compiled" / "templates"
    target.mkdir(parents=True)
    loading.compile_into(target)
    for file in folder.rglob("*.j2"):
        file.unlink()
    return target


def test_a_wheel_renders_what_the_checkout_renders_without_the_sources(folder: Path) -> None:
    write(folder)
    seal(folder)
    assert show(fresh()) == SHOWN


def test_compiled_templates_have_names_of_their_own(folder: Path) -> None:
    names = ["a/b.md.j2", "a-b.md.j2", "a_b.md.j2", "ab.md.j2", "a_s_b.md.j2", "a_h_b.md.j2"]
    write(folder, dict.fromkeys(names, "x"))
    target = folder.parent / "compiled"
    target.mkdir()
    assert len(set(loading.compile_into(target))) == len(names)


def test_a_damaged_wheel_says_so(folder: Path) -> None:
    write(folder)
    (seal(folder) / "macros.py").write_text("(", encoding="utf-8")
    with pytest.raises(Damaged, match=r"macros\.md\.j2"):
        show(fresh())


@pytest.mark.parametrize("sealed", [False, True])
def test_an_error_names_template_and_line(folder: Path, sealed: bool) -> None:
    write(folder)
    write(folder, {"sections/one-two.md.j2": "one\ntwo\n{{ nothing.here }}\n"})
    if sealed:
        seal(folder)
    with pytest.raises(InputRefused) as refused:
        show(fresh())
    assert refused.value.problems[0].place == "sections/one-two.md.j2:3"
    assert "nothing" in refused.value.problems[0].what


def test_an_error_in_a_macro_names_the_macro_s_line(folder: Path) -> None:
    write(folder)
    write(folder, {"macros.md.j2": "{% macro item(text) %}\n\n{{ text.nothing }}\n{% endmacro %}\n"})
    with pytest.raises(InputRefused) as refused:
        show(fresh())
    assert refused.value.problems[0].place == "macros.md.j2:3"


def test_a_template_that_cannot_be_parsed_names_template_and_line(folder: Path) -> None:
    write(folder)
    write(folder, {"sections/one-two.md.j2": "one\n{% for %}\n"})
    with pytest.raises(InputRefused) as refused:
        show(fresh())
    assert refused.value.problems[0].place == "sections/one-two.md.j2:2"


def test_a_bug_behind_a_template_stays_a_bug(folder: Path) -> None:
    class Broken:
        @property
        def name(self) -> str:
            raise ZeroDivisionError

    write(folder)
    with pytest.raises(ZeroDivisionError):
        fresh().get_template("workflow.md.j2").render(title="a", rows=[Broken()])


# ------------------------------------------------------------------ packs


def pack(folder: Path, text: str) -> jinja2.Template:
    """Return the template of a pack with that text."""
    write(folder)
    home = folder.parent / "acme"
    write(home / "templates", {"house.md.j2": text})
    return loading.pack_environment(home).get_template("house.md.j2")


def test_a_pack_s_template_is_escaped_and_may_use_our_macros(folder: Path) -> None:
    made = pack(folder, '{% import "macros.md.j2" as m %}{{ m.item(title) }}{{ [title] | join(", ") }}')
    assert made.render(title="a|b") == "- **a&#124;b**\na&#124;b"


@pytest.mark.parametrize(
    "text",
    [
        "{{ title.__class__.__mro__ }}",
        "{{ rows.append(1) }}",
        "{{ 'x' * 10 ** 10 }}",
        "{{ range(10) }}",
        "{{ title.format(1) + nothing }}",
        "{{ 1 / 0 }}",
        "{{ title() }}",
        '{% include "house.md.j2" %}',
    ],
)
def test_what_a_pack_may_not_do_is_refused_with_template_and_line(folder: Path, text: str) -> None:
    made = pack(folder, f"\n{text}")
    with pytest.raises(InputRefused) as refused:
        made.render(title="a", rows=[])
    assert refused.value.problems[0].place == "house.md.j2:2"


@pytest.mark.parametrize("text", ["{{ title | random }}", "{{ title | center(10000000000) }}"])
def test_a_pack_has_no_filter_that_could_differ_or_stop_the_program(folder: Path, text: str) -> None:
    with pytest.raises(InputRefused, match="filter") as refused:
        pack(folder, f"\n{text}")
    assert refused.value.problems[0].place == "house.md.j2:2"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_no_link_leads_out_of_a_pack(folder: Path) -> None:
    made = pack(folder, "x")
    outside = folder.parent / "outside.txt"
    outside.write_text("secret", encoding="utf-8")
    (folder.parent / "acme" / "templates" / "link.md.j2").symlink_to(outside)
    for name in ("link.md.j2", "../templates/../../outside.txt"):
        with pytest.raises(jinja2.TemplateNotFound):
            made.environment.get_template(name)


def test_a_pack_s_template_that_is_not_text_is_named(folder: Path) -> None:
    made = pack(folder, "x")
    (folder.parent / "acme" / "templates" / "binary.md.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(InputRefused, match=r"binary\.md\.j2"):
        made.environment.get_template("binary.md.j2")

"""Templates, found and made ready: compiled ones when installed, files in a checkout, those of packs in a sandbox."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from mlworkflow.documents.escape import Md, escape
from mlworkflow.errors import CannotReadOrWrite, Damaged, InputRefused, MlworkflowError

if TYPE_CHECKING:
    import jinja2
    from jinja2.bccache import Bucket

Finalize = Callable[[Any], str]

_HERE = Path(__file__).parent.parent
_SEALED = _HERE / "compiled" / "templates"
_KEPT = _HERE / "compiled" / "templates-cache"
_SETTINGS: dict[str, Any] = {
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "autoescape": False,
    "auto_reload": False,
}
_TEMPLATE_NAMES = "*.md.j2"
# What is missing here could stop the program, or differ from one run to the next.
_FILTERS_FOR_PACKS = (
    *(
        "capitalize",
        "default",
        "first",
        "int",
        "items",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "replace",
        "reverse",
    ),
    *("round", "sort", "string", "title", "trim", "unique", "upper"),
)


def finalized(value: Any) -> str:
    """Return a value as it may stand in the document; what is Markdown already stays as it is."""
    return value if isinstance(value, Md) else escape(str(value))


@cache
def environment(finalize: Finalize = finalized) -> jinja2.Environment:
    """Return what renders our own templates; each is compiled once, at the latest in the first run."""
    import jinja2

    sealed = _SEALED.is_dir()

    class Own(_Ours, jinja2.Environment):
        mended = (jinja2.TemplateError,)

    return Own(
        **_SETTINGS,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        loader=_sealed_loader() if sealed else jinja2.FileSystemLoader(_folder()),
        bytecode_cache=None if sealed else _kept(),
    )


def pack_environment(folder: str | Path, finalize: Finalize = finalized) -> jinja2.Environment:
    """Return what renders the templates of a pack, which may read the design, change nothing and use our macros."""
    import jinja2
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Pack(_Ours, ImmutableSandboxedEnvironment):
        mended = (Exception,)
        intercepted_binops = frozenset({"*", "**"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> NoReturn:
            raise SecurityError(f"`{operator}` has no place in a template")

    made = Pack(
        **_SETTINGS,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        loader=jinja2.ChoiceLoader([_pack_loader(Path(folder) / "templates"), jinja2.FileSystemLoader(_folder())]),
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS_FOR_PACKS}
    return made


def compile_into(target: Path) -> list[str]:
    """Write each of our templates into the folder as a Python module, and return the modules' file names."""
    import jinja2

    folder = _folder()
    made = environment.__wrapped__().overlay(bytecode_cache=None, loader=jinja2.FileSystemLoader(folder))
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob(_TEMPLATE_NAMES))
    for name in names:
        source = (folder / name).read_text(encoding="utf-8")
        code = made.compile(source, name, name, raw=True, defer_init=True)
        (target / _module(name)).write_text(code, encoding="utf-8")
    return [_module(name) for name in names]


class _Ours:
    """What our environments add to Jinja's: macros give Markdown, and errors name template and line."""

    mended: tuple[type[Exception], ...] = ()

    @staticmethod
    def concat(parts: Any) -> Md:
        """Return what a macro or a template wrote; it was escaped piece by piece."""
        return Md("".join(parts))

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Raise what is to be told to a person instead of the error that is being handled."""
        error = sys.exc_info()[1]
        if not isinstance(error, self.mended) or isinstance(error, MlworkflowError):
            raise
        text = str(error) or type(error).__name__
        raise InputRefused(text, place=_place_of(error), fix="correct the template") from error


def _place_of(error: BaseException) -> str:
    """Return the template and the line in which an error arose."""
    import jinja2

    place = f"{error.name}:{error.lineno}" if isinstance(error, jinja2.TemplateSyntaxError) else ""
    step = error.__traceback__
    while step is not None and not isinstance(error, jinja2.TemplateSyntaxError):
        template = step.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            place = f"{template.name}:{template.get_corresponding_lineno(step.tb_lineno)}"
        step = step.tb_next
    return place


# ------------------------------------------------------------------ where templates come from


def _folder() -> Path:
    """Return the folder of our templates: in the package when installed, beside it in a checkout."""
    inside = _HERE / "templates"
    return inside if inside.is_dir() else _HERE.parent / "templates"


def _module(name: str) -> str:
    """Return the file name under which a template's compiled form is kept."""
    return name.removesuffix(".md.j2").replace("_", "__").replace("-", "_h_").replace("/", "_s_") + ".py"


def _sealed_loader() -> jinja2.BaseLoader:
    """Return a loader of the modules that `compile_into` wrote; Python keeps their bytecode as that of any module."""
    from importlib.machinery import SourceFileLoader

    import jinja2

    class Sealed(jinja2.BaseLoader):
        has_source_access = False

        def load(
            self, environment: jinja2.Environment, name: str, globals: MutableMapping[str, Any] | None = None
        ) -> jinja2.Template:
            path = str(_SEALED / _module(name))
            try:
                code: Any = SourceFileLoader(name, path).get_code(name)
            except (OSError, ImportError, SyntaxError) as error:
                raise Damaged(
                    f"the installed template {name} cannot be read", fix="install mlworkflow again"
                ) from error
            namespace: dict[str, Any] = {"__file__": path}
            exec(code, namespace)
            return environment.template_class.from_module_dict(environment, namespace, globals or {})

    return Sealed()


def _pack_loader(folder: Path) -> jinja2.BaseLoader:
    """Return a loader of a pack's templates that no link leads out of."""
    import jinja2

    home = os.path.realpath(folder)

    def source(name: str) -> tuple[str, str, None] | None:
        path = os.path.realpath(os.path.join(home, name))
        if not path.startswith(home + os.sep) or not os.path.isfile(path):
            return None
        try:
            return Path(path).read_text(encoding="utf-8"), path, None
        except UnicodeDecodeError as error:
            raise InputRefused("is not UTF-8", place=str(folder / name), fix="save it as UTF-8") from error
        except OSError as error:
            raise CannotReadOrWrite(f"cannot be read: {error.strerror}", place=str(folder / name)) from error

    return jinja2.FunctionLoader(source)


def _kept() -> jinja2.BytecodeCache | None:
    """Return the cache of a checkout, or None where there is no place for one."""
    import jinja2

    class Kept(jinja2.FileSystemBytecodeCache):
        def get_source_checksum(self, source: str) -> str:
            return super().get_source_checksum(f"{_SETTINGS} {getattr(jinja2, '__version__', '')}\n{source}")

        def load_bytecode(self, bucket: Bucket) -> None:
            with suppress(Exception):
                super().load_bytecode(bucket)

        def dump_bytecode(self, bucket: Bucket) -> None:
            with suppress(Exception):
                super().dump_bytecode(bucket)

    with suppress(OSError):
        _KEPT.mkdir(parents=True, exist_ok=True)
        if os.access(_KEPT, os.W_OK):
            return Kept(str(_KEPT))
    return None

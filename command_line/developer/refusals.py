"""Lists every named error of the suite with its code, its status and its sentence."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator

from command_line.developer import markdown
from databases import errors, settings
from sharing_api.agreements import decide
from sharing_api.standards import problems

_PACKAGES = (*settings.REGISTERS, "databases", "sharing_api", "sample_country", "command_line")
_RULE = re.compile(r"[a-z_]+\.[a-z_]+")
# Their errors end a command; no answer of the API carries them.
_COMMANDS = (
    *("command_line.", "sample_country.", "sharing_api.client"),
    *("databases.local_cluster.", "databases.loading."),
)


def render() -> str:
    """Write the document of errors."""
    found = sorted(set(_list_errors()), key=lambda one: (one.code, one.__module__))
    over_api = [one for one in found if not one.__module__.startswith(_COMMANDS)]
    on_terminal = [one for one in found if one.__module__.startswith(_COMMANDS)]
    return markdown.document(
        [
            *markdown.title("Errors", "the error classes and `sharing_api/agreements/decide.py`"),
            "A refusal of the API is a problem document (RFC 9457, standard `problem/1.0`): `code` "
            "is one of those below, `detail` says what to do, `fields` names what is wrong, where, "
            "and by which rule. No document repeats a value that was sent.",
            "",
            "## Of registers and exchange",
            "",
            "The status is the one that an answer of the API has or would have; registers are "
            "written by services and loads, where the code and the sentence are all there is.",
            "",
            *markdown.table(
                ("code", "status", "meaning", "class"),
                (
                    (_code(one), problems.status_of_kind(one)[0], _meaning(one), _place(one))
                    for one in over_api
                ),
            ),
            "The endpoint `/v1/token` answers in the form of RFC 6749 section 5.2 instead.",
            "",
            "## Rules by which an agreement refuses",
            "",
            "They stand in `fields[].rule` of `exchange.refused` (403) and as `rule` in the access "
            "log and the receipt; of several, the first one found is named.",
            "",
            *markdown.table(
                ("rule", "sentence"), ((f"`{one}`", decide.explain(one)) for one in _rules())
            ),
            "## On the command line",
            "",
            "A command prints the sentence and ends with 1.",
            "",
            *markdown.table(
                ("code", "meaning", "class"),
                ((_code(one), _meaning(one), _place(one)) for one in on_terminal),
            ),
        ]
    )


def _list_errors() -> Iterator[type[errors.RegisterError]]:
    """Import everything, then list the classes of our packages (a test may define others)."""
    for name in _PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    waiting = [errors.RegisterError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.partition(".")[0] in _PACKAGES:
            yield kind


def _rules() -> Iterable[str]:
    """Read the names of the rules from the source of the decision: it alone names them."""
    tree = ast.parse(inspect.getsource(decide))
    literals = [
        (node.lineno, node.col_offset, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    names = (text for _, _, text in sorted(literals))
    return dict.fromkeys(name for name in names if _RULE.fullmatch(name))


def _code(error: type[errors.RegisterError]) -> str:
    return markdown.code(error.code)


def _meaning(error: type[errors.RegisterError]) -> str:
    return (inspect.getdoc(error) or "").partition("\n")[0]


def _place(error: type[errors.RegisterError]) -> str:
    return markdown.code(f"{error.__module__}.{error.__name__}")

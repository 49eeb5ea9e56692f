"""The rules of the house that no linter knows: sizes, names, templates, what deleting takes along."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("agencies", "portal", "housing", "courses", "cms")
MAX_LINES = {"code": 400, "tests": 500, "template": 150}
MAX_FUNCTION = 30
#: A test that follows one case through its life reads best from top to bottom.
MAX_TEST = 40
BANNED_NAMES = {"utils", "common", "helpers", "misc"}

#: Functions that may be longer, each with its reason; a list of calls reads better in one piece.
LONG_FUNCTIONS = {
    "agencies/referrals/mails.py:_sentence": "a table of sentences, which must be calls to be translated",
    "agencies/referrals/sending.py:send": "two calls with one value a line",
    "portal/bench/imports.py:spreadsheet": "two rows with one cell a line",
    "portal/demo/bulk.py:write": "one insert per table, in the order of their keys",
}


@cache
def sources(*folders: str) -> tuple[Path, ...]:
    """Python files that people write; migrations made by the framework are left out."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(path for path in found if "node_modules" not in path.parts)


@cache
def code() -> tuple[Path, ...]:
    return tuple(path for path in sources(*PACKAGES) if not is_schema(path))


def is_schema(path: Path) -> bool:
    """A migration that was generated, such as 0001_initial; hand-written ones count as code."""
    return path.parent.name == "migrations" and "CreateModel" in path.read_text()


@cache
def templates() -> tuple[Path, ...]:
    found = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.html")))
    return tuple(path for path in found if "templates" in path.parts and "node_modules" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def longer_than(limit: int, paths: tuple[Path, ...]) -> dict[str, int]:
    lengths = {short(path): len(path.read_text().splitlines()) for path in paths}
    return {name: length for name, length in lengths.items() if length > limit}


# Sizes and names


def test_code_files_stay_short():
    assert longer_than(MAX_LINES["code"], code()) == {}


def test_test_files_stay_short():
    assert longer_than(MAX_LINES["tests"], sources("tests")) == {}


def test_templates_stay_short():
    assert longer_than(MAX_LINES["template"], templates()) == {}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body; neither the parameters nor the docstring make a function harder to follow."""
    spoken = ast.get_docstring(function, clean=False) is not None
    body = function.body[1:] if spoken else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_stay_short():
    long = {
        f"{short(path)}:{function.name}": length(function)
        for path in (*code(), *sources("tests"))
        for function in functions(path)
        if length(function) > (MAX_TEST if path.is_relative_to(ROOT / "tests") else MAX_FUNCTION)
    }

    assert {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS} == {}
    assert set(LONG_FUNCTIONS) - set(long) == set()


def test_every_module_opens_with_a_sentence():
    silent = [
        short(path)
        for path in (*code(), *sources("tests"))
        if path.read_text().strip() and not ast.get_docstring(parsed(path))
    ]

    assert [name for name in silent if not name.endswith("migrations/__init__.py")] == []


def test_no_module_has_a_name_that_says_nothing():
    assert [short(path) for path in sources(*PACKAGES, "tests") if path.stem in BANNED_NAMES] == []
    assert [short(path) for path in sources(*PACKAGES, "tests") if BANNED_NAMES & set(path.parts)] == []


def test_apps_have_their_labels():
    labels = {
        config.name: config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in PACKAGES
    }

    assert labels == {
        "portal": "portal",
        "agencies": "agencies",
        "agencies.cases": "cases",
        "agencies.referrals": "referrals",
        "agencies.roundtable": "roundtable",
    }


# Code


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            yield node


#: Programs for the command line speak by printing.
SPEAKING = ("portal/bootstrap.py", "portal/launch.py", "portal/embedded.py", "portal/management/commands/")


def test_nothing_prints():
    found = [
        f"{short(path)}:{call.lineno}"
        for path in code()
        for call in calls(path)
        if isinstance(call.func, ast.Name)
        and call.func.id == "print"
        and not short(path).startswith(SPEAKING)
    ]

    assert found == []


def test_no_signals():
    words = re.compile(r"django\.dispatch|db\.models\.signals|@receiver")

    assert [short(path) for path in code() if words.search(path.read_text())] == []


def test_save_holds_no_logic():
    found = [f"{short(path)}:{f.name}" for path in code() for f in functions(path) if f.name == "save"]
    in_models = [name for name in found if "/models" in name or "/sections" in name]

    assert in_models == []


#: Managers of these models answer for everyone; views ask ``access`` instead.
GUARDED_MODELS = ("Case", "CaseGrant", "CaseSearch", "CaseChange", "Identity", "Note", "Referral", "Snapshot")
VIEWS = re.compile(r"/views(/|\.py)|/forms(/|\.py)|/panels\.py|/listing\.py")


def test_views_reach_case_rows_through_access_only():
    query = re.compile(rf"\b({'|'.join(GUARDED_MODELS)})\.objects\b")
    found = {short(path) for path in code() if VIEWS.search(short(path)) and query.search(path.read_text())}

    assert found == set()


#: Statements put together from names of our own models alone, each looked at by hand.
OWN_SQL = {"agencies/cases/opening.py"}


def test_sql_is_never_put_together_from_input():
    """Strings handed to ``execute`` are literals or constants; f-strings belong into migrations."""
    found = [
        f"{short(path)}:{call.lineno}"
        for path in code()
        if "migrations" not in path.parts
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in ("execute", "raw", "extra")
        and call.args
        and isinstance(call.args[0], ast.JoinedStr)
        and not short(path).startswith("portal/")
        and short(path) not in OWN_SQL
    ]

    assert found == []


# Templates

COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)
TRANSLATED = re.compile(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", re.DOTALL)
#: Blocks that fill an attribute of the page's body.
ATTRIBUTE_BLOCK = re.compile(r"{%\s*block body_\w+\s*%}.*?{%\s*endblock[^%]*%}")
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
HTML = re.compile(r"<(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>", re.DOTALL)
WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{2,}")
SHOWN_ATTRIBUTE = re.compile(r"\b(?:title|alt|placeholder|aria-label)=\"([^\"{]*)\"")
#: Shown as they are in every language; the gallery is for developers and is never translated.
PROPER_NAMES = {"Kreisrund", "CSV", "XLSX", "ODS", "PDF"}


def bare(text: str) -> set[str]:
    """Words of a template that stand outside translation tags."""
    text = ATTRIBUTE_BLOCK.sub(" ", TRANSLATED.sub(" ", COMMENT.sub(" ", text)))
    shown = " ".join(SHOWN_ATTRIBUTE.findall(text))
    plain = HTML.sub(" ", TAG.sub(" ", text))
    return set(WORD.findall(f"{shown} {re.sub(r'&[a-z]+;', ' ', plain)}")) - PROPER_NAMES


def test_texts_of_templates_are_translatable():
    found = {
        short(path): words
        for path in templates()
        if "gallery" not in path.parts and path.suffix == ".html" and (words := bare(path.read_text()))
    }

    assert found == {}


def test_the_search_for_bare_text_finds_some():
    assert bare('<p class="x">Fälle {{ n }}</p><a title="Weiter">{% translate "Los" %}</a>') == {
        "Fälle",
        "Weiter",
    }


@pytest.mark.parametrize(
    "forbidden",
    [
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
        r"<style\b",
        r"\sstyle=",
        r"\son[a-z]+=",
        r"javascript:",
        r"\|safe\b",
    ],
)
def test_templates_hold_no_inline_code(forbidden):
    pattern = re.compile(forbidden, re.IGNORECASE)

    assert [short(path) for path in templates() if pattern.search(outside_tags(path))] == []


#: Help texts are ours, and Django's own rendering trusts them too.
TRUSTED = "field.help_text|safe"


def outside_tags(path: Path) -> str:
    """The template with values, but without tags, whose parameters may look like attributes."""
    return re.sub(r"{%.*?%}", "", COMMENT.sub("", path.read_text())).replace(TRUSTED, "")


def names_of(library: Path) -> set[str]:
    """Names of the tags and filters that a library registers."""
    text = library.read_text()
    named = re.findall(r"@register\.\w+\((?:[^)]*name=)?[\"'](\w+)[\"']", text)
    return set(named) | set(re.findall(r"@register\.\w+(?:\([^)]*\))?\s*\ndef (\w+)", text))


def libraries() -> dict[str, set[str]]:
    """Own libraries, and what of Django's and the packages' is loaded by name."""
    own = {path.stem: names_of(path) for path in code() if path.parent.name == "templatetags"}
    i18n = {"translate", "blocktranslate", "trans", "get_current_language", "language_name_local"}
    return {
        **own,
        "i18n": i18n | {"get_available_languages", "get_current_language_bidi"},
        "static": {"static", "get_static_prefix"},
        "l10n": {"localize", "unlocalize"},
        "tz": {"localtime", "timezone"},
        "humanize": {"intcomma", "naturaltime", "naturalday"},
        "django_htmx": {"htmx_script", "django_htmx_script"},
        "account": {"user_display"},
    }


def test_loaded_libraries_are_used():
    known, unused = libraries(), []
    for path in templates():
        text = COMMENT.sub("", path.read_text())
        for names in re.findall(r"{%\s*load\s+([^%]+?)\s*%}", text):
            for name in names.split(" from ")[-1].split():
                words = known.get(name.strip(), set())
                if not any(re.search(rf"({{%\s*|\|\s*){word}\b", text) for word in words):
                    unused.append(f"{short(path)}: {name}")
    assert unused == []


#: Found by Django, allauth, the error handlers or the form renderer by name.
FOUND_BY_NAME = re.compile(r"^(\d{3}|account/.*|django/.*|socialaccount/.*|allauth/.*)")


def test_every_template_is_used():
    everything = "\n".join(
        COMMENT.sub("", path.read_text()) for path in (*templates(), *code(), *sources("tests"))
    )
    unused = []
    for path in templates():
        name = path.as_posix().split("/templates/", 1)[1]
        dynamic = name.rsplit("/", 1)[0] + "/{"
        if not FOUND_BY_NAME.match(name) and name not in everything and dynamic not in everything:
            unused.append(name)
    assert unused == []


# What deleting takes along

LOGS = {"agencies.ReadLog", "agencies.AuditEntry", "cases.CaseChange"}
OWN = ("agencies", "cases", "referrals")


def foreign_keys() -> dict[str, tuple[str, str]]:
    """Every foreign key of ours: {model.field: (target, on_delete)}."""
    return {
        f"{model._meta.label}.{field.name}": (
            field.remote_field.model._meta.label,
            field.remote_field.on_delete.__name__,
        )
        for label in OWN
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
    }


#: Rows that are nothing without the row they hang on: the only places where deleting takes along.
PARTS = {"cases.Case", "cases.Disclosure", "cases.ImportBatch", "referrals.Referral", "referrals.Snapshot"}
#: An account's memberships and guardian's own columns.
OTHER_CASCADES = {
    "agencies.Membership.user",
    "cases.CaseGrant.group",
    "cases.CaseGrant.permission",
}


def test_deleting_takes_along_only_parts_of_a_file():
    found = {
        name
        for name, (target, policy) in foreign_keys().items()
        if policy == "CASCADE" and target not in PARTS
    }

    assert found == OTHER_CASCADES


def test_people_and_agencies_cannot_be_deleted_under_what_they_did():
    keys = foreign_keys()
    targets = {"agencies.User", "agencies.Agency", "agencies.Team", "agencies.Membership"}
    policies = {name: policy for name, (target, policy) in keys.items() if target in targets}

    assert {
        name for name, policy in policies.items() if policy not in ("PROTECT", "SET_NULL")
    } <= OTHER_CASCADES


def test_logs_hang_on_nothing_that_can_be_erased():
    keys = foreign_keys()
    reading = {
        name: (target, policy)
        for name, (target, policy) in keys.items()
        if name.rsplit(".", 1)[0] in LOGS - {"cases.CaseChange"}
    }

    assert {target for target, _ in reading.values()} == {"agencies.User", "agencies.Agency"}
    assert {policy for _, policy in reading.values()} == {"PROTECT"}

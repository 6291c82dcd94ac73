"""Chinese and English: which language a person reads, and the catalogues of messages.

Messages are written in English in code and templates; every ``.po`` file in
``translations/zh`` adds Chinese for some of them (one file per part of the site).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from functools import cache
from itertools import chain, combinations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, request, session
from flask_babel import Babel, Domain, get_locale
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from gis.agreement import agreed, counts, singular
from gis.errors import Defect, Message

LANGUAGES = {"zh": "zh_Hans", "en": "en"}
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
_FOLDER = Path(__file__).parents[1] / "translations"
_SCRIPTS = Path(__file__).parents[1] / "static" / "js"
_SCRIPT_MESSAGE = re.compile(r"\bt\(\s*(\"(?:[^\"\\]|\\.)*\")")


def install(app: Flask) -> None:
    """Choose the language of each request and offer it to the templates."""
    babel = Babel(app, default_locale="en", locale_selector=lambda: LANGUAGES[choose_language()])
    babel.domain_instance = PoDomain()
    app.jinja_env.globals["gettext"] = _say_in_template
    app.jinja_env.globals.update(
        current_language=current_language,
        language_names=LANGUAGE_NAMES,
        script_messages=script_messages,
    )


def choose_language() -> str:
    """Take the cookie's language, else the account's, else the installation's.

    The session remembers the account's, for pages that must do without the database.
    """
    cookie = request.cookies.get("language")
    if cookie in LANGUAGES:
        return cookie
    own = getattr(current_user, "language", None)
    known = own if own in LANGUAGES else session.get("language")
    return known if known in LANGUAGES else current_app.config["DEFAULT_LANGUAGE"]


def current_language() -> str:
    """Give the language of this request, ``zh`` or ``en``."""
    locale = get_locale()
    return "zh" if locale is not None and locale.language == "zh" else "en"


class PoDomain(Domain):
    """Messages straight from ``.po`` files: nothing has to be compiled before it runs."""

    def get_translations(self) -> NullTranslations:
        """Give the messages of the request's language."""
        return translations(current_language())

    def gettext(self, string: str, **variables: object) -> str:
        """Say a message with its values; English agrees with the numbers in it."""
        said = _sentence(string, variables)
        return said % variables if variables else said


def _sentence(message: str, values: Mapping[str, object]) -> str:
    """Give a message in the language of the request, before its values are put in."""
    language = current_language()
    if language == "en":
        return agreed(message, values)
    return translations(language).ugettext(message)


@pass_context
def _say_in_template(context: Context, message: str, **values: object) -> str:
    """Say a message in a template, values escaped where the template escapes."""
    said = _sentence(message, values)
    return (Markup(said) if context.eval_ctx.autoescape else said) % values


@cache
def translations(language: str) -> NullTranslations:
    """Give the messages of a language; English is what the code says."""
    if language == "en":
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Translations(compiled)


def catalogue(language: str) -> Catalog:
    """Read all ``.po`` files of a language into one catalogue."""
    whole = Catalog(locale=LANGUAGES[language])
    for path in sorted((_FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=LANGUAGES[language]):
                if message.id:
                    whole[message.id] = message
    return whole


@cache
def messages_in_scripts() -> tuple[str, ...]:
    """List the messages that the scripts ask for with ``t("...")``."""
    found: set[str] = set()
    for path in _SCRIPTS.rglob("*.js"):
        found.update(json.loads(m) for m in _SCRIPT_MESSAGE.findall(path.read_text("utf-8")))
    return tuple(sorted(found))


def script_messages(language: str | None = None) -> dict[str, object]:
    """Give what the scripts of a page need: translations, in English the sentences of one."""
    language = language or current_language()
    if language == "en":
        return {m: forms for m in messages_in_scripts() if (forms := _forms_of_one(m))}
    texts = translations(language)
    pairs = ((m, texts.gettext(m)) for m in messages_in_scripts())
    return {message: text for message, text in pairs if text != message}


def _forms_of_one(message: str) -> dict[str, str]:
    """Give the sentence by the names of its counts that are 1, sorted and joined by commas."""
    names = sorted(counts(message))
    sets = chain.from_iterable(combinations(names, n) for n in range(1, len(names) + 1))
    return {",".join(ones): singular(message, frozenset(ones)) for ones in sets}


def say(text: str, language: str | None = None) -> str:
    """Say a refusal in a language, else in the page's; what no catalogue knows stays English.

    Words for the command line (`gis.errors.CommandHint`) are empty here.
    """
    if not isinstance(text, Message) or not text.template:
        return str(text)
    language = language or current_language()
    sentence = translations(language).gettext(text.template)
    if language == "en":
        sentence = agreed(sentence, text.values)
    if not text.values:
        return sentence
    return sentence.format(**{name: _said(v, language) for name, v in text.values.items()})


def _said(value: object, language: str | None) -> object:
    return say(value, language) if isinstance(value, Message) else value


def say_defect(defect: Defect, language: str | None = None) -> str:
    """Say place and message of one defect, as `say` does."""
    texts = translations(language or current_language())
    place = [part for part in (defect.file, defect.layer) if part]
    if defect.row is not None:
        place.append(texts.gettext("row {row}").format(row=defect.row))
    if defect.field:
        place.append(defect.field)
    said = say(Message(defect.message), language)
    return f"{', '.join(place)}: {said}" if place else said

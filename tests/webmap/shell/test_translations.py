"""Every message of pages, code and scripts has a Chinese text, with the same placeholders."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_file

import webmap
from webmap.shell.language import catalogue, messages_in_scripts

FOLDER = Path(webmap.__file__).parent
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def messages_in_code():
    found = {}
    for path in FOLDER.rglob("*.py"):
        for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            found[message] = path
    for path in FOLDER.rglob("*.html"):
        for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", path, KEYWORDS):
            found[message] = path
    return found


def test_no_message_is_without_its_chinese():
    chinese = catalogue("zh")
    missing = sorted(
        f"{path.relative_to(FOLDER)}: {message}"
        for message, path in messages_in_code().items()
        if message and not (chinese.get(message) and chinese.get(message).string)
    )
    missing += [f"scripts: {m}" for m in messages_in_scripts() if not chinese.get(m)]
    assert missing == []


def test_a_translation_keeps_the_placeholders():
    for message in catalogue("zh"):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        assert all(set(PLACEHOLDER.findall(text)) == wanted for text in texts), message.id

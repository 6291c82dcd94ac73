"""Topics of incidents: what is counted, in both languages, and what must not be shown row by row.

Topics are rows of the database; this module has the rules for them. The first ones follow the
events of city management (appearance, construction, street order, emergencies) and the seven kinds
of information of the survey (work safety, disputes, public security). A sensitive topic is only
ever shown as counts, and small counts are suppressed; so is one about which nobody has decided.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from gis.errors import InvalidInput

CATEGORIES = {
    "environment": ("环境卫生", "Environment"),
    "facilities": ("公共设施", "Public facilities"),
    "order": ("街面秩序", "Street order"),
    "construction": ("规划建设", "Construction"),
    "safety": ("安全隐患", "Safety hazards"),
    "security": ("社会治安", "Public security"),
    "disputes": ("矛盾纠纷", "Disputes"),
    "other": ("其他", "Other"),
}
"""Category code -> (Chinese, English) name."""

RESERVED = frozenset({"all"})
"""Words that mean something else where a topic can be named."""

MOST_LETTERS = 60
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LIKE = 0.6


@dataclass(frozen=True)
class TopicSketch:
    """What a person says of a topic.

    Parameters
    ----------
    code
        Stable name in files and tables: small letters, digits and ``_``.
    name_zh, name_en
        Names shown to people.
    category
        A key of `CATEGORIES`.
    sensitive
        Whether it is shown only as an aggregate with small-number suppression; None as long as
        nobody has decided, which counts as yes.
    """

    code: str
    name_zh: str
    name_en: str
    category: str = "other"
    sensitive: bool | None = None


@dataclass(frozen=True)
class TopicAnswers:
    """What a person answers about categories of a file that are no topics yet.

    Parameters
    ----------
    translations
        Category of a file -> code of the topic it means.
    new
        Topics to add first.
    """

    translations: Mapping[str, str]
    new: tuple[TopicSketch, ...] = ()


def word_key(text: str) -> str:
    """Fold what may differ between two writings of one category: width, case, spaces.

    Examples
    --------
    >>> word_key(" Street  LIGHTING "), word_key("噪声　扰民"), word_key("ＮＯＩＳＥ")
    ('street lighting', '噪声 扰民', 'noise')
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def check_topic(sketch: TopicSketch) -> TopicSketch:
    """Give back a topic that may be stored, its names trimmed.

    Raises
    ------
    InvalidInput
        A code, name or category that cannot be used.
    """
    if not _CODE.fullmatch(sketch.code) or sketch.code in RESERVED:
        raise InvalidInput(
            "“{code}” cannot be the code of a topic; write small letters, digits and _, such as"
            " stray_dogs",
            code=sketch.code,
        )
    names = [" ".join(name.split()) for name in (sketch.name_zh, sketch.name_en)]
    if not all(0 < len(name) <= MOST_LETTERS for name in names):
        raise InvalidInput(
            "a topic needs a Chinese and an English name, each of at most {most} characters",
            most=MOST_LETTERS,
        )
    if sketch.category not in CATEGORIES:
        raise InvalidInput(
            "“{category}” is no category of topics; choose {categories}",
            category=sketch.category,
            categories=", ".join(CATEGORIES),
        )
    return replace(sketch, name_zh=names[0], name_en=names[1])


def read_answers(
    translations: Iterable[str], new: Iterable[str], *, sensitive: bool | None = None
) -> TopicAnswers:
    """Read answers as they are typed: ``CATEGORY=TOPIC`` and ``CODE=NAME``, ``CODE=中文/English``.

    Examples
    --------
    >>> answers = read_answers(["噪音=noise"], ["dogs=流浪犬/Stray dogs"], sensitive=False)
    >>> answers.translations, answers.new[0].name_zh, answers.new[0].name_en
    ({'噪音': 'noise'}, '流浪犬', 'Stray dogs')
    """
    pairs = [_pair(text, *text.rpartition("=")[::2]) for text in translations]
    topics = [_pair(text, *text.partition("=")[::2]) for text in new]
    return TopicAnswers(
        dict(pairs), tuple(_sketch(code, name, sensitive=sensitive) for code, name in topics)
    )


def _pair(text: str, before: str, after: str) -> tuple[str, str]:
    if not before.strip() or not after.strip():
        raise InvalidInput("“{text}”: expected two words with = between them", text=text)
    return before.strip(), after.strip()


def _sketch(code: str, name: str, *, sensitive: bool | None) -> TopicSketch:
    chinese, _, english = name.partition("/")
    return TopicSketch(code, chinese, english.strip() or chinese, sensitive=sensitive)


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """Give the known word most like another one; None when none is like it.

    Examples
    --------
    >>> nearest_word("噪音扰民", ["噪声扰民", "盗窃"]), nearest_word("dragons", ["noise"])
    ('噪声扰民', None)
    """
    scored = [(SequenceMatcher(None, word, other).ratio(), other) for other in known]
    score, best = max(scored, default=(0.0, None))
    return best if score >= _LIKE else None

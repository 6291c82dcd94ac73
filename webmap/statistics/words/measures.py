"""What the statistics map can show of a topic: every measure once, with its words.

The choice of the page, the classes, legend, tip and table of page, stand-alone file and interface
read this list. To add a measure, give its column in `gis.store.statistics.by_level` and list it;
registers that are counted are measures by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from gis.domain.kinds import RecordKind
from gis.store.statistics.counted_registers import COUNTED_REGISTERS
from webmap.provenance.words.kinds import kind_heading, kind_name


@dataclass(frozen=True)
class Measure:
    """One measure.

    Parameters
    ----------
    name
        In addresses of the page.
    column
        Of the table of statistics.
    choice
        As one chooses it.
    unit
        As the legend writes it.
    label, short
        As tips and sums call it, and the head of the table.
    digits
        Decimal places shown.
    per_person
        Whether it has people as denominator, so that where nobody lives there is none.
    summed
        Column of the totals that says it for all areas together; None where nothing does.
    of_topic
        Whether it is of the topic and period, and hidden where their small numbers are.
    """

    name: str
    column: str
    choice: object
    unit: object
    label: object
    short: object
    digits: int
    per_person: bool
    summed: str | None
    of_topic: bool = True

    def for_script(self) -> dict[str, object]:
        """Give it as the page's script reads it, in the page's language."""
        return {
            "name": self.name,
            "column": self.column,
            "unit": str(self.unit),
            "label": str(self.label),
            "short": str(self.short),
            "digits": self.digits,
            "per_person": self.per_person,
            "summed": self.summed,
            "of_topic": self.of_topic,
        }


def _of_register(kind: RecordKind) -> Measure:
    """Give how many records of a register there are, called as the registry of kinds calls them."""
    heading, column = LazyString(kind_heading, kind.name), str(kind.counted_as)
    return Measure(
        name=column,
        column=column,
        choice=heading,
        unit=LazyString(kind_name, kind.name),
        label=heading,
        short=heading,
        digits=0,
        per_person=False,
        summed=None,
        of_topic=False,
    )


MEASURES = (
    Measure(
        name="count",
        column="incidents",
        choice=_l("Count"),
        unit=_l("incidents"),
        label=_l("Incidents"),
        short=_l("Incidents"),
        digits=0,
        per_person=False,
        summed="incidents",
    ),
    Measure(
        name="rate",
        column="rate_per_1000",
        choice=_l("Rate per 1,000 people"),
        unit=_l("incidents per 1,000 people"),
        label=_l("per 1,000 people"),
        short=_l("per 1,000"),
        digits=1,
        per_person=True,
        summed="rate_per_1000",
    ),
    Measure(
        name="smooth",
        column="eb_rate_per_1000",
        choice=_l("Smoothed rate per 1,000 people"),
        unit=_l("incidents per 1,000 people, smoothed by empirical Bayes"),
        label=_l("smoothed"),
        short=_l("smoothed"),
        digits=1,
        per_person=True,
        summed=None,
    ),
    *map(_of_register, COUNTED_REGISTERS),
)
"""In the order of the table; the first that has people as denominator is shown first."""

FIRST = next(measure.name for measure in MEASURES if measure.per_person)


def choices() -> list[tuple[str, str]]:
    """List names and words to choose from, rates first."""
    ordered = sorted(MEASURES, key=lambda measure: not measure.per_person)
    return [(measure.name, str(measure.choice)) for measure in ordered]

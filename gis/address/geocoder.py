"""Address texts to places: the one entry the rest of the application uses.

Pure: holds a register and streets in memory, in EPSG:4326, and answers frames.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property

import numpy as np
import pandas as pd

from gis.address.address import Address
from gis.address.answer_rows import EntryRows, frame_of, in_order, object_array
from gis.address.ladder import Ladder
from gis.address.match import (
    NO_ADDRESS,
    NO_MATCH,
    Match,
    add_codes,
    choose,
    make_match,
    ranked,
)
from gis.address.network import StreetNetwork
from gis.address.normalise import normalise, text_of
from gis.address.parse import check_grammar, parse_spelling, parse_text
from gis.address.register import Register
from gis.address.romanised import Romanised
from gis.address.whole_key import WholeKeys
from gis.errors import InvalidInput


class Geocoder:
    """Finds the register entry, or the best place, of address texts.

    Parameters
    ----------
    register
        One row per address: ``address_id`` (any hashable), ``lon``, ``lat`` in degrees and
        ``text`` or any of the eight parts of `gis.address.address.ADDRESS_PARTS`.
    streets
        Lines in EPSG:4326 with ``name`` and, where known, ``left_from, left_to, right_from,
        right_to`` along the line, and ``alias``; needed for intersections.
    grammar
        ``chinese``, ``western`` or ``auto`` (by script).
    aliases
        Text to address id, as decided by people; asked first.

    Examples
    --------
    >>> register = pd.DataFrame(
    ...     {"address_id": [7], "lon": [108.52], "lat": [25.93], "text": ["古榕社区榕江大道12号"]}
    ... )
    >>> found = Geocoder(register).geocode(["榕江大道十二号", "不知道"])
    >>> found[["address_id", "level", "status"]].values.tolist()
    [[7, 'number', 'accepted'], [None, 'none', 'none']]
    """

    def __init__(
        self,
        register: pd.DataFrame,
        *,
        streets: pd.DataFrame | None = None,
        grammar: str = "auto",
        aliases: Mapping[str, Hashable] | None = None,
    ) -> None:
        self.grammar = check_grammar(grammar)
        self.register = Register(register, grammar)
        network = None if streets is None else StreetNetwork(streets)
        self._network = network
        self._ladder = Ladder(self.register, network)
        self._row_of_id = {k: row for row, k in reversed(list(enumerate(self.register.ids)))}
        self._levels = self.register.levels()
        self._places = self.register.place_code.tolist()
        self._lon, self._lat = self.register.lon.tolist(), self.register.lat.tolist()
        self._whole = WholeKeys(self.register)
        self._entries = EntryRows(
            object_array(self.register.ids),
            np.array(self._levels, dtype=object),
            self.register.lon,
            self.register.lat,
        )
        self._row_of_text = self.register.rows_by_text()
        self._romanised: Romanised | None = None
        self.take_decisions(aliases or {})

    def take_decisions(self, aliases: Mapping[str, Hashable]) -> None:
        """Take what people have decided texts mean, instead of what was taken before."""
        self._aliases = {normalise(text): key for text, key in aliases.items()}
        self._decided_rows = set(self._whole.rows_of(list(self._aliases))[0])

    def geocode(
        self,
        texts: Iterable[object],
        near: object = None,
    ) -> pd.DataFrame:
        """Place each text.

        Parameters
        ----------
        texts
            Address texts; None and NaN are allowed.
        near
            Known positions, shape (n, 2) of lon, lat, nan where unknown: they settle ties and
            are compared with the answer.

        Returns
        -------
        found
            One row per text, in order, with the columns of `gis.address.answer_rows.COLUMNS`
            and the index of ``texts`` where it has one. ``evidence`` holds codes joined by ``;``,
            for `gis.address.evidence.explain`. ``address_id`` is None unless the answer is one
            entry. ``margin`` is the score above that of the best answer elsewhere (the whole score
            when there is none), ``error_m`` how far the position may be off
            (nan where that is not known, as for an entry), and
            ``number_from, number_to`` the range of house numbers that was written, else -1.
        """
        index = texts.index if isinstance(texts, pd.Series) else None
        written = [text_of(t) for t in texts]
        positions = _check_near(near, len(written))
        if positions is None and self.grammar != "western":
            rows, said = self._whole.rows_of(written)
            rows = [-1 if row in self._decided_rows else row for row in rows]
        else:
            rows, said = [-1] * len(written), [0] * len(written)
        rest = [i for i, row in enumerate(rows) if row < 0]
        answers = self._read_in_full([written[i] for i in rest], positions)
        found = frame_of(answers, self.register.ids)
        at = np.array(rows, np.int64)
        if (is_whole := at >= 0).any():
            whole = self._entries.frame(at[is_whole], np.array(said, np.int64)[is_whole])
            found = in_order(whole, found, is_whole)
        return found if index is None else found.set_axis(index)

    def _read_in_full(
        self, written: list[str], positions: list[tuple[float, float] | None] | None
    ) -> list[Match]:
        """Give the answer to each text, reading each distinct one once."""
        known: dict[str, list[Match]] = {}
        chosen: dict[str, Match] = {}
        answers = []
        for i, text in enumerate(written):
            answer = chosen.get(text) if positions is None else None
            if answer is None:
                matches = known.get(text)
                if matches is None:
                    matches = known[text] = self._matches(text)
                answer = choose(matches, None if positions is None else positions[i])
                if positions is None:
                    chosen[text] = answer
            answers.append(answer)
        return answers

    def is_whole(self, texts: Iterable[object]) -> np.ndarray:
        """Say of each text whether it holds all parts of one entry, so that one key answers it."""
        rows, _ = self._whole.rows_of([text_of(t) for t in texts])
        return np.array(rows, np.int64) >= 0

    @property
    def has_entries(self) -> bool:
        """Whether the register holds any address at all."""
        return len(self.register.ids) > 0

    def off_street_m(self, text: object, lon: float, lat: float) -> float:
        """Give how far a point lies from the line of the street that a text names; nan if none."""
        match = choose(self._matches(text_of(text)), (lon, lat))
        if self._network is None or match.level != "street" or match.street not in self._network:
            return float("nan")
        return self._network.distance_m(match.street, lon, lat)

    def candidates(self, text: object, k: int = 5) -> pd.DataFrame:
        """Give the best few answers for one text, best first, for a person to choose from.

        Returns
        -------
        found
            At most ``k`` rows with the columns of `gis.address.answer_rows.COLUMNS` and
            ``label``, the entry in words.
        """
        written = text_of(text)
        found = self._matches(written)
        if self._decided_row(normalise(written)) >= 0:
            found = found + self._read_matches(parse_text(written, self.grammar))
        matches = ranked([m for m in found if m.level != "none"])
        matches = _each_once(matches + self._neighbours(written, matches))[:k]
        frame = frame_of(matches, self.register.ids)
        frame["label"] = [self._label(m) for m in matches]
        return frame

    def _matches(self, text: str) -> list[Match]:
        spelling = normalise(text)
        address = parse_spelling(spelling, self.grammar)
        row = self._decided_row(spelling)
        if row >= 0:
            return _with_range([self._entry(row, ("alias",))], address)
        row = self._row_of_text.get(spelling, -1)
        if row >= 0:
            return [self._entry(row, None)]
        return self._read_matches(address) or self._read_romanised(text, spelling)

    def _read_romanised(self, text: str, spelling: str) -> list[Match]:
        """Read a text in Latin letters by the Chinese names of the register."""
        if self.grammar == "western" or not spelling.isascii() or not self._has_chinese_names:
            return []
        if self._romanised is None:
            register = self.register
            self._romanised = Romanised([*register.street_names, *register.estate_names])
        found = []
        for written, is_whole in self._romanised.texts(text):
            doubt = () if is_whole else ("region_unchecked",)
            matches = self._ladder.climb(parse_spelling(normalise(written), "chinese"))
            found += [add_codes(m, "romanised", *doubt) for m in matches]
        return found

    @cached_property
    def _has_chinese_names(self) -> bool:
        names = (*self.register.street_names, *self.register.estate_names)
        return any(not n.isascii() for n in names)

    def _decided_row(self, spelling: str) -> int:
        """Give the row that a person has decided a text means, -1 where nobody has."""
        if spelling not in self._aliases:
            return -1
        return self._row_of_id.get(self._aliases[spelling], -1)

    def _read_matches(self, address: Address) -> list[Match]:
        if address.kind == "none":
            return [NO_ADDRESS]
        return _with_range(self._ladder.climb(address), address)

    def _entry(self, row: int, codes: tuple[str, ...] | None) -> Match:
        """Give a register entry as the answer; codes None says that the whole text is the same."""
        level = self._levels[row]
        if codes is None:
            codes = (f"{level}_exact", *self._ladder.agreement(self._places[row]))
        return make_match(level, self._lon[row], self._lat[row], row, codes)

    def _neighbours(self, text: str, matches: list[Match]) -> list[Match]:
        """Give the nearest placed numbers on the streets found, where the number has no place."""
        address = parse_text(text, self.grammar)
        if address.number_from < 0:
            return []
        found = []
        for match in matches:
            placeless = match.level == "number" and match.lon != match.lon
            if match.street and (placeless or match.level in ("street", "interpolated")):
                line = self._ladder.number_line(match.street)
                for i, row in enumerate(line.nearest(address.number_from, 3).tolist()):
                    lon, lat = float(self.register.lon[row]), float(self.register.lat[row])
                    likeness = match.score * 0.5 * 0.9**i
                    codes = ("number_unknown",)
                    found.append(make_match("number", lon, lat, row, codes, similarity=likeness))
        return ranked(found)

    def _label(self, match: Match) -> str:
        if match.row < 0:
            return self._ladder.full_name(match.street)
        frame = self.register.frame
        if "text" in frame.columns and text_of(frame["text"].iloc[match.row]):
            return text_of(frame["text"].iloc[match.row])
        parts = [self.register.parts[p][match.row] for p in self.register.parts]
        return " ".join(p for p in parts if p and not p.startswith("@"))


def _with_range(matches: list[Match], address: Address) -> list[Match]:
    """Give the matches with the range of house numbers that was written, if one was."""
    if address.number_to <= address.number_from:
        return matches
    low, high = address.number_from, address.number_to
    return [
        m if _is_entry_itself(address, m) else m._replace(number_from=low, number_to=high)
        for m in matches or [NO_MATCH]
    ]


def _is_entry_itself(address: Address, match: Match) -> bool:
    """Whether a Chinese number with a hyphen is that of the entry, and so no stretch."""
    return bool(address.number) and not address.street.isascii() and match.row >= 0


def _check_near(near: object, length: int) -> list[tuple[float, float] | None] | None:
    if near is None:
        return None
    positions = np.asarray(near, dtype=float)
    if positions.shape != (length, 2):
        raise InvalidInput(f"near: expected shape ({length}, 2) of lon, lat, got {positions.shape}")
    return [(x, y) if x == x and y == y else None for x, y in positions.tolist()]


def _each_once(matches: list[Match]) -> list[Match]:
    """Drop repeated entries, keeping the first."""
    seen, kept = set(), []
    for m in matches:
        key = m.row if m.row >= 0 else (m.level, m.street, round(m.lon, 6), round(m.lat, 6))
        if key not in seen:
            seen.add(key)
            kept.append(m)
    return kept

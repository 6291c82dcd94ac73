"""A generated register of 300,000 rows of 榕江县, asked with 50,000 spoilt addresses of its own.

Towns and communities are real, the rest is invented. The noiser shares nothing with the parser. An
answer is right when every part it names is that of the true entry, so a building is a right answer
to a room; a text is ambiguous when what it still states truly fits entries that lie apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.address.distance import METRES_PER_DEGREE
from gis.address.geocoder import Geocoder
from gis.synthetic.county import short_name
from gis.synthetic.register_zh import make_register
from scripts.evaluation.drawing.towns import BUNDLED
from scripts.evaluation.geocoding.judge import judge, offsets_m, right_among_first, timed
from scripts.evaluation.geocoding.noiser import NOISES, PARTS, spoil_register
from scripts.evaluation.geocoding.questions import REPEATED, is_question, weeks
from scripts.evaluation.geocoding.table import Row

if TYPE_CHECKING:
    from scripts.evaluation.geocoding.setting import Setting

COUNTY = "rongjiang_522632_villages.csv"
TOWNS = "streets_guizhou_9digit.csv"
N_REGISTER, N_ASKED = 300_000, 50_000
N_QUICK = 5_000
SEED = 4
REGION = "贵州省黔东南苗族侗族自治州榕江县"
SAME_PLACE_M = 130.0
"""A larger estate's buildings lie this far apart; texts that fit no farther apart are clear."""


def large_register() -> pd.DataFrame:
    """Make the register; always the same."""
    folder = BUNDLED / "china_codes"
    villages = pd.read_csv(folder / COUNTY, dtype=str)
    towns = pd.read_csv(folder / TOWNS, dtype=str).set_index("code")["name"]
    places = pd.DataFrame(
        {
            "town": towns.loc[villages["streetCode"]].to_numpy(),
            "community": [short_name(n) for n in villages["name"]],
        }
    )
    return make_register(places, n_rows=N_REGISTER, seed=SEED).assign(region=REGION)


def spoilt(setting: Setting) -> Iterator[Row]:
    """Geocode the spoilt addresses; then one row for each kind of noise."""
    register = large_register()
    geocoder = setting.geocoder("guzhou", lambda: Geocoder(register.drop(columns="text")))
    asked = spoil_register(
        register, N_QUICK if setting.quick else N_ASKED, np.random.default_rng(SEED)
    )
    texts = asked["text"].tolist()
    with timed() as clock:
        found = geocoder.geocode(texts)
    truth = register.iloc[asked["row"]].reset_index(drop=True)
    entries = register.set_index("address_id")[list(PARTS)]
    right = is_right(found, truth, entries)

    def is_true(i: int, shown: pd.DataFrame) -> np.ndarray:
        return is_right(shown, truth.iloc[np.full(len(shown), i)], entries)

    among_first = right_among_first(geocoder, texts, found, is_true)
    unclear = is_ambiguous(register, asked)
    accepted = found["status"].to_numpy() == "accepted"
    verdict = verdicts(accepted, right, among_first, unclear)
    setting.looked_at.append(_to_look_at(asked, found, verdict, truth))
    yield _row("ours", found, right, among_first, verdict, texts=texts, clock=clock)
    yield _after_a_week(geocoder, texts, found, truth, entries)
    yield from _unknown(register, asked)
    for kind in ("", *NOISES):
        has = (
            asked["kinds"].str.split("+").map(lambda k, kind=kind: kind in k)
            if kind
            else asked["kinds"] == ""
        )
        at = np.flatnonzero(has)
        if len(at):
            yield _row(
                kind or "no noise", found.iloc[at], right[at], among_first[at], verdict[at],
                texts=[texts[i] for i in at], detail=True,
            )  # fmt: skip


def _after_a_week(
    geocoder: Geocoder, texts: list[str], found: pd.DataFrame, truth: pd.DataFrame,
    entries: pd.DataFrame,
) -> Row:  # fmt: skip
    """Ask a later week's texts, with what was a question in a first week decided by a person."""
    first, later = weeks(len(texts), np.random.default_rng(SEED))
    asked = is_question(texts, found)
    decided = {texts[i]: truth["address_id"].iloc[i] for i in first.tolist() if asked[i]}
    geocoder.take_decisions(decided)
    shown = [texts[i] for i in later.tolist()]
    answers = geocoder.geocode(shown)
    geocoder.take_decisions({})
    return judge(
        "guzhou", "ours, after a week", answers,
        is_right=is_right(answers, truth.iloc[later].reset_index(drop=True), entries), texts=shown,
        note=f"simulated: {len(decided)} questions of {len(first)} records of a first week decided"
        f" rightly; {REPEATED:.0%} of the records after it repeat a text of that week",
    )  # fmt: skip


def _unknown(register: pd.DataFrame, asked: pd.DataFrame) -> Iterator[Row]:
    """Ask for addresses on streets and estates that the register does not have.

    A register is never complete; a name that is not in it must not be taken for a near one.
    """
    rng = np.random.default_rng(SEED)
    names = register["town"] + "|" + register["street"] + "|" + register["estate"]
    gone = names.isin(rng.choice(names.unique(), len(names.unique()) // 7, replace=False))
    rest = register[~gone.to_numpy()].reset_index(drop=True)
    at = np.flatnonzero(gone.to_numpy()[asked["row"]])
    found = Geocoder(rest.drop(columns="text")).geocode(asked["text"].iloc[at].tolist())
    truth = register.iloc[asked["row"].iloc[at]].reset_index(drop=True)
    right = is_right(found, truth, register.set_index("address_id")[list(PARTS)])
    yield judge(
        "guzhou", "ours, entry not known", found, is_right=right,
        texts=asked["text"].iloc[at].tolist(),
        note="the true street with its estate is not in the register: coarser answers are right",
    )  # fmt: skip


def is_right(found: pd.DataFrame, truth: pd.DataFrame, entries: pd.DataFrame) -> np.ndarray:
    """Say of each answer whether it is the true entry, or a coarser one that holds it.

    Answers that are no single entry must lie near the true one, or as far as they say they may.
    """
    named = found["address_id"].notna().to_numpy()
    offset_m = offsets_m(found, truth["lon"].to_numpy(), truth["lat"].to_numpy())
    right = ~named & (offset_m <= np.fmax(SAME_PLACE_M, _error_m(found)))
    answers = entries.loc[found["address_id"][named]]
    same = np.ones(int(named.sum()), bool)
    for part in PARTS:
        given = answers[part].to_numpy()
        same &= (given == "") | (given == truth[part].to_numpy()[named])
    right[named] = same
    return right


def _error_m(found: pd.DataFrame) -> np.ndarray:
    """Give how far answers say they may be off; nan where they say nothing."""
    return found.get("error_m", pd.Series(np.nan, found.index)).to_numpy(float)


def is_ambiguous(register: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
    """Say of each text whether the parts it states truly fit entries that lie apart."""
    kept = asked[[f"kept_{p}" for p in PARTS]].to_numpy(bool)
    unclear = np.zeros(len(asked), bool)
    for mask in np.unique(kept, axis=0):
        at = np.flatnonzero((kept == mask).all(axis=1))
        parts = [p for p, k in zip(PARTS, mask, strict=True) if k]
        if not parts:
            unclear[at] = True
            continue
        group = register.groupby(parts, sort=False)
        extent = group[["lon", "lat"]].transform("max") - group[["lon", "lat"]].transform("min")
        metres = METRES_PER_DEGREE * np.hypot(extent["lon"] * 0.9, extent["lat"])
        unclear[at] = metres.to_numpy()[asked["row"].to_numpy()[at]] > SAME_PLACE_M
    return unclear


def verdicts(
    accepted: np.ndarray, right: np.ndarray, among_first: np.ndarray, unclear: np.ndarray
) -> np.ndarray:
    """Give one word for each row: right, wrong, shown, ambiguous or missed."""
    return np.select(
        [accepted & right, accepted, among_first, unclear],
        ["right", "wrong", "shown", "ambiguous"],
        "missed",
    )


def _row(
    method: str, found: pd.DataFrame, right: np.ndarray, among_first: np.ndarray,
    verdict: np.ndarray, **more: object,
) -> Row:  # fmt: skip
    share = {v: 100 * float(np.mean(verdict == v)) for v in ("ambiguous", "missed", "wrong")}
    good = 100 - share["missed"] - share["wrong"]
    note = (
        f"right or rightly in review {good:.2f} (ambiguous texts {share['ambiguous']:.2f}), "
        f"missed {share['missed']:.2f}"
    )
    return judge(
        "guzhou", method, found, is_right=right, among_first=among_first, note=note, **more
    )


def _to_look_at(
    asked: pd.DataFrame, found: pd.DataFrame, verdict: np.ndarray, truth: pd.DataFrame
) -> pd.DataFrame:
    table = asked[["text", "kinds"]].copy()
    for name in ("level", "status", "score", "n_candidates", "evidence", "lon", "lat"):
        table[name] = found[name].to_numpy()
    table = table.assign(case="guzhou", verdict=verdict, truth=truth["text"].to_numpy())
    return table[verdict != "right"]

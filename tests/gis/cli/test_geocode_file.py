"""Files of addresses: one row out for each row in, whatever the format, also after a kill."""

import json

import openpyxl
import pandas as pd
import pytest

from gis.actions.location.register import LoadedRegister
from gis.address.geocoder import Geocoder
from gis.cli import geocode_file as module
from gis.cli.address_columns import find_address_columns
from gis.cli.geocode_file import geocode_file
from gis.errors import InvalidInput
from gis.exchange.whole import open_whole

REGISTER = pd.DataFrame(
    {
        "address_id": [7, 8],
        "lon": [108.52, 108.53],
        "lat": [25.93, 25.94],
        "text": ["古榕社区榕江大道12号", "古榕社区滨江路3号"],
    }
)
TEXTS = ["榕江大道１２號", "", "不知道", "滨江路3号"]


@pytest.fixture(scope="module")
def register():
    return LoadedRegister(41, Geocoder(REGISTER), {"老地方": (108.55, 25.95)})


@pytest.fixture
def answered(register, tmp_path):
    """Give a function that geocodes a file and reads the result as it stands."""

    def work(file, column="地址", out="found.csv", **options):
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        table = open_whole(file, folder, known=[column], **options)
        target = tmp_path / out
        taken = find_address_columns(table.columns, [column], file.name)
        done = geocode_file(table, taken, register, target, language="en")
        if target.suffix == ".xlsx":
            return done, pd.read_excel(
                target, dtype=object, keep_default_na=False, engine="openpyxl"
            )
        return done, pd.read_csv(target, dtype=str, keep_default_na=False, encoding="utf-8-sig")

    return work


def csv_of(path, rows, header="id,地址,note", **options):
    path.write_text("\n".join([header, *rows]) + "\n", **({"encoding": "utf-8"} | options))
    return path


def test_every_row_comes_out_once_in_order_with_its_own_columns(answered, tmp_path):
    rows = [f"{i},{t},-{i}" for i, t in enumerate(TEXTS)]
    done, found = answered(csv_of(tmp_path / "a.csv", rows))
    assert done.n_rows == len(found) == 4
    assert found["id"].tolist() == ["0", "1", "2", "3"] and found["地址"].tolist() == TEXTS
    assert found["note"].tolist() == ["-0", "-1", "-2", "-3"]
    assert found["status"].tolist() == ["accepted", "none", "none", "accepted"]
    assert found["level"].tolist() == ["number", "none", "none", "number"]
    assert found["read_street"].tolist()[::3] == ["榕江大道", "滨江路"]
    assert set(found["register_version"]) == {"41"} and "street and number" in found["evidence"][0]
    assert float(found["lon"][0]) == 108.52 and found["lon"][1] == ""
    assert {"n_candidates", "margin", "error_m", "score", "address_id"} <= set(found.columns)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding_is_read(answered, tmp_path, encoding):
    rows = [f"{i},古榕社区榕江大道12号,备注说明文字" for i in range(20)]
    _, found = answered(csv_of(tmp_path / "a.csv", rows, encoding=encoding))
    assert len(found) == 20 and set(found["status"]) == {"accepted"}


def test_empty_rows_and_rows_of_other_widths_stay_where_they_are(answered, tmp_path):
    rows = ["1,滨江路3号,x", "", "2", "3,榕江大道12号,y,more", ",,"]
    done, found = answered(csv_of(tmp_path / "a.csv", rows))
    assert done.n_rows == len(found) == 5
    assert found["id"].tolist() == ["1", "", "2", "3", ""]
    assert found["column 4"].tolist() == ["", "", "", "more", ""]
    assert found["status"].tolist() == ["accepted", "none", "none", "accepted", "none"]


def test_a_column_of_the_file_is_never_taken_over(answered, tmp_path):
    file = csv_of(tmp_path / "a.csv", ["滨江路3号,mine,9"], header="地址,level,lon")
    done, found = answered(file)
    assert found["level"][0] == "mine" and found["lon"][0] == "9"
    assert found["found_level"][0] == "number" and done.renamed["lon"] == "found_lon"


def test_text_that_a_spreadsheet_would_run_is_guarded_and_numbers_are_not(answered, tmp_path):
    rows = ["=1+1,滨江路3号,-5", "-3.5,滨江路3号,+x", "@a,滨江路3号,-1e3"]
    _, found = answered(csv_of(tmp_path / "a.csv", rows))
    assert found["id"].tolist() == ["'=1+1", "-3.5", "'@a"]
    assert found["note"].tolist() == ["-5", "'+x", "-1e3"]


def test_a_workbook_goes_in_and_out(answered, tmp_path):
    book = openpyxl.Workbook()
    for row in (["清单"], ["id", "地址"], [1, "滨江路3号"], [], [2, "不知道"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    done, found = answered(tmp_path / "a.xlsx", out="found.xlsx")
    assert done.n_rows == len(found) == 3 and found["id"].tolist() == [1, "", 2]
    assert found["status"].tolist() == ["accepted", "none", "none"]


def test_a_pinned_text_is_answered_by_its_point(answered, tmp_path):
    _, found = answered(csv_of(tmp_path / "a.csv", ["1,老地方,"]))
    assert (found["level"][0], found["lat"][0], found["status"][0]) == ("pin", "25.95", "accepted")


def test_a_killed_run_leaves_no_result_and_is_gone_on_with(answered, tmp_path, monkeypatch):
    rows = [f"{i},{TEXTS[i % 4]}," for i in range(30)]
    file, out = csv_of(tmp_path / "a.csv", rows), tmp_path / "found.csv"
    monkeypatch.setattr(module, "CHUNK", 7)
    answer, calls = module._answer, []

    def killed(*given):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return answer(*given)

    monkeypatch.setattr(module, "_answer", killed)
    with pytest.raises(KeyboardInterrupt):
        answered(file)
    part = tmp_path / ".found.csv.part"
    assert not out.exists() and part.exists()
    with part.open("a") as kept:
        kept.write('["half a li')
    done, found = answered(file)
    assert done.resumed_at == 14 and done.n_rows == len(found) == 30 and not part.exists()
    assert found["id"].tolist() == [str(i) for i in range(30)]
    assert found["status"].tolist()[:4] == ["accepted", "none", "none", "accepted"]


def test_answers_kept_for_another_register_are_not_gone_on_with(answered, tmp_path):
    file = csv_of(tmp_path / "a.csv", ["1,滨江路3号,"])
    part = tmp_path / ".found.csv.part"
    part.write_text(json.dumps({"sha256": "other"}) + "\n[1]\n")
    done, found = answered(file)
    assert done.resumed_at == 0 and found["status"][0] == "accepted"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no rows|empty"),
        ('地址\n"never closed\n', "row 2"),
        ("地址\n" + "x" * 140_000, "row 2"),
    ],
)
def test_a_broken_file_is_refused_with_its_row_and_nothing_is_written(
    answered, tmp_path, content, words
):
    file = tmp_path / "a.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=words):
        answered(file)
    assert not (tmp_path / "found.csv").exists()


@pytest.mark.parametrize(
    ("columns", "row", "text"),
    [
        (["编号", "街道", "门牌号"], ["1", "学院路", 8], "学院路8号"),
        (["街道", "路名", "门牌"], ["城关街道", "学院路", "8"], "城关街道学院路8号"),
        (["小区", "楼栋", "单元", "房号"], ["锦绣花园", 3, "2", 501.0], "锦绣花园3栋2单元501室"),
        (["小区", "楼栋", "单元", "房号"], ["锦绣花园", "3号楼", "", ""], "锦绣花园3号楼"),
        (["县", "乡镇", "地址"], ["榕江县", "古州镇", "古州镇学院路8号"], "榕江县古州镇学院路8号"),
        (["city", "地址"], ["", "学院路8号"], "学院路8号"),
        (["house_number", "street", "city", "zip"], ["12", "Elm St", "Troy", "12180"],
         "12 Elm St, Troy, 12180"),
        (["street", "number"], ["Landstrasse", "12a"], "12a Landstrasse"),
        (["地址", "现住址"], ["学院路8号", "学院路15号"], "学院路8号"),
    ],
)  # fmt: skip
def test_an_address_in_several_columns_is_joined(columns, row, text):
    assert find_address_columns(columns, [], "f.csv").text_in(row) == text


def test_columns_that_are_named_are_joined_in_that_order():
    columns = ["甲", "乙", "门牌号"]
    taken = find_address_columns(columns, ["乙", "门牌号", "甲"], "f.csv")
    assert taken.text_in(["3栋", "学院路", "8"]) == "学院路8号3栋"
    assert find_address_columns(columns, ["门牌号"], "f.csv").text_in(["3", "x", "8"]) == "8"


def test_another_column_of_addresses_is_told():
    assert find_address_columns(["现住址", "地址"], [], "f.csv").left_out == ("现住址",)


@pytest.mark.parametrize("columns", [["a", "b"], ["姓名", "街道"], ["省", "市"]])
def test_columns_without_an_address_are_refused_with_their_names(columns):
    with pytest.raises(InvalidInput, match=f"{columns[0]}.*--column"):
        find_address_columns(columns, [], "f.csv")

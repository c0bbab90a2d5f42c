import csv
import io
import json

import pytest

from commands.history.export import FIELDS, FORMATS, csv_cell
from tests.history.documents import AT, entry

HOSTILE = '=HYPERLINK("https://evil.example","x")'


def written(form, *entries):
    out = io.StringIO(newline="")
    writer = FORMATS[form](out)
    for each in entries:
        writer.write(each)
    return out.getvalue()


def test_a_csv_reads_back_with_its_head():
    rows = list(csv.DictReader(io.StringIO(written("csv", entry(), entry("id1", summary='a "b",\nc')))))
    assert list(rows[0]) == list(FIELDS)
    assert rows[1]["summary"] == 'a "b",\nc'
    assert rows[0]["started_at"].startswith(f"{AT:%Y-%m-%dT%H:%M}")


@pytest.mark.parametrize("value", [HOSTILE, "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_no_cell_is_a_formula(value):
    assert csv_cell(value) == f"'{value}"
    [row] = csv.DictReader(io.StringIO(written("csv", entry(target=value, summary=value)), newline=""))
    assert row["target"] == row["summary"] == f"'{value}"


@pytest.mark.parametrize("value", ["", " ", "mail.example.com", "192.0.2.25", 12.5])
def test_other_cells_stay(value):
    assert csv_cell(value) == value


def test_json_lines_hold_the_document_and_where_it_came_from():
    [line] = written("jsonl", entry(summary="a\nb")).splitlines()
    read = json.loads(line)
    assert read["history"]["summary"] == "a\nb"
    assert {name: value for name, value in read.items() if name != "history"} == entry().document

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import parser
from commands.contract import UserError
from commands.csv_cells import csv_cell
from commands.history.export_formats import FACTS, FIELDS, FORMATS, OF_PORT
from commands.history.filters import Filters
from commands.history.handler import COMMAND
from commands.history.listing import Listing, Place
from commands.history.typed_filters import without_form
from commands.history.view import page
from tests.history.documents import AT, entry

HOSTILE = '=HYPERLINK("https://evil.example","x")'


def written(form, *entries):
    out = io.StringIO(newline="")
    (writer,) = (each.writer(out) for each in FORMATS if each.ending == form)
    for each in entries:
        writer.write(each)
    writer.close()
    return out.getvalue()


def test_a_format_has_its_button_its_action_and_its_word_in_the_terminal():
    blocks = page(Listing(Place(Filters()), [], 0, has_older=False, at=AT), None, replace=False).blocks
    buttons = {each.get("action_id") for block in blocks for each in block.get("elements", ())}
    assert {f"smtphistory.{form.ending}" for form in FORMATS} <= buttons
    assert {form.ending for form in FORMATS} <= COMMAND.actions.keys()
    for form in FORMATS:
        assert parser("history").parse_args(["history", "--format", form.typed]).format == form.typed


def test_a_csv_reads_back_with_its_head():
    rows = list(csv.DictReader(io.StringIO(written("csv", entry(), entry("id1", summary='a "b",\nc')))))
    assert list(rows[0]) == list(FIELDS)
    assert rows[1]["summary"] == 'a "b",\nc'
    assert rows[0]["started_at"].startswith(f"{AT:%Y-%m-%dT%H:%M}")


@pytest.mark.parametrize("value", [HOSTILE, "+1", "-1+2", "@SUM(A1)", "\t1", "\r1", " =1", "\ufeff=1", "\u200b+1"])
def test_no_cell_is_a_formula(value):
    assert csv_cell(value) == f"'{value}"
    [row] = csv.DictReader(io.StringIO(written("csv", entry(target=value, summary=value)), newline=""))
    assert row["target"] == row["summary"] == f"'{value}"


def test_no_column_holds_a_formula():
    """Not even those that only Portero writes: a later version, or an import, may write others."""
    port = {"host": HOSTILE, "address": HOSTILE, "port": HOSTILE, "state": HOSTILE, "findings": [{"code": HOSTILE}]}
    port |= {"tls": {"state": HOSTILE, "version": HOSTILE, "certificate": {"not_after": HOSTILE}}}
    port |= {"auth": {"after_tls": [HOSTILE]}, "timings_ms": {"connect": HOSTILE}}
    for column in FIELDS:
        changes = {column: HOSTILE} if column in FACTS and column not in {"started_at", "elapsed_ms"} else {}
        made = entry(stored={"endpoints": [port, {**port, "host": "mx"}]}, **changes)
        first, second = csv.DictReader(io.StringIO(written("csv", made), newline=""))
        assert second["host"] == "mx"
        for part in first[column].split(";"):
            assert part.strip()[:1] not in set("=+-@")
        assert (HOSTILE in first[column]) == (column in changes or column in OF_PORT)


@pytest.mark.parametrize("value", ["x;=1", "x; +1", "x\n@1", "\n=1", "\uff1d1", "x\t=1", "x\r=1", "\t=1", "\r=1"])
def test_nor_does_one_begin_where_a_spreadsheet_may_part_it(value):
    assert csv_cell(value).replace("'", "") == value
    assert not re.search(r"(^|[;\t\r\n])\s*[=+@\uff1d]", csv_cell(value))


@given(st.text(st.characters(codec=None)))
def test_whatever_stands_in_a_cell_it_is_neither_formula_nor_command(text):
    safe = csv_cell(text)
    assert safe[:1] not in set("=+-@\t\r\n")
    assert not set(safe) & {"\x1b", "\x9b", "\u202e", "\x00"}
    safe.encode()
    assert csv_cell(csv_cell(text)).strip("'") == safe.strip("'")


@given(st.text(), st.text())
def test_rows_come_back_whole(target, summary):
    [row] = csv.DictReader(io.StringIO(written("csv", entry(target=target, summary=summary)), newline=""))
    assert (row["target"], row["summary"]) == (csv_cell(target), csv_cell(summary))


def test_a_check_has_a_row_for_each_port():
    shown = {"state": "ok", "version": "TLSv1.3", "certificate": {"not_after": "2027-02-01T00:00:00Z"}}
    ends = [
        {"host": "mx", "address": "192.0.2.1", "port": 25, "state": "no_answer", "tls": None},
        {"host": "mx", "address": "192.0.2.1", "port": 587, "state": "open", "tls": shown},
    ]
    ends[1] |= {"auth": {"before_tls": [], "after_tls": ["PLAIN", "LOGIN"]}, "timings_ms": {"connect": 3.5}}
    ends[1] |= {"findings": [{"code": "slow"}, {"code": "cert_expired"}]}
    made = written("csv", entry(stored={"endpoints": ends}), entry("advice"))
    rows = [[row[name] for name in ("id", *OF_PORT)] for row in csv.DictReader(io.StringIO(made))]
    assert rows[0] == ["id0", "mx", "192.0.2.1", "25", "no_answer", "", "", "", "", "", ""]
    tls = ["ok", "TLSv1.3", "2027-02-01T00:00:00Z"]
    assert rows[1] == ["id0", "mx", "192.0.2.1", "587", "open", *tls, "PLAIN LOGIN", "slow cert_expired", "3.5"]
    assert len(rows) == 3
    [bare] = csv.DictReader(io.StringIO(written("csv", entry(stored={"findings": []}))))
    assert bare["port"] == ""


def test_a_document_holds_all_of_them_or_none():
    for count in (0, 1, 3):
        read = json.loads(written("json", *(entry(str(number)) for number in range(count))))
        assert read["schema"] == "portero.history/1"
        assert [each["history"]["id"] for each in read["results"]] == [str(number) for number in range(count)]


def test_both_have_the_same_times_and_numbers():
    made = entry(elapsed_ms=312.46, started_at=AT + timedelta(milliseconds=999))
    [row] = csv.DictReader(io.StringIO(written("csv", made)))
    facts = json.loads(written("jsonl", made))["history"]
    assert {name: row[name] for name in facts} == {name: str(value) for name, value in facts.items()}
    assert facts["elapsed_ms"] == 312.5
    assert facts["started_at"] == f"{AT:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("value", ["", " ", "mail.example.com", "192.0.2.25", 12.5])
def test_other_cells_stay(value):
    assert csv_cell(value) == value


def test_json_lines_hold_the_document_and_where_it_came_from():
    [line] = written("jsonl", entry(summary="a\nb")).splitlines()
    read = json.loads(line)
    assert read["history"]["summary"] == "a\nb"
    assert {name: value for name, value in read.items() if name != "history"} == entry().document


@pytest.mark.parametrize(
    ("typed", "left", "ending"),
    [
        ("since 7d csv", "since 7d", "csv"),
        ("mail.example.com as a json file", "mail.example.com", "json"),
        ("export failed to jsonl", "failed", "jsonl"),
        ("exporta since monday en csv", "since monday", "csv"),
        ("since nov 1 to nov 3 csv", "since nov 1 to nov 3", "csv"),
        ("mail.csv.example", "mail.csv.example", ""),
    ],
)
def test_a_file_is_asked_for_by_its_ending(typed, left, ending):
    assert without_form(typed) == (left, ending)


def test_an_export_of_no_kind_is_asked_back_with_all_there_are():
    with pytest.raises(UserError, match="As which kind of file") as refused:
        without_form("export failed since 7d")
    assert list(refused.value.try_instead) == [f"failed since 7d {form.ending}" for form in FORMATS]

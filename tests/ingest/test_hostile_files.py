"""Files that people and accidents make: each is read and accounted for, or refused in words; never half written, never slow."""

import codecs
import datetime as dt
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from campuskg.errors import CampuskgError, ProblemsFound, UsageProblem
from campuskg.ingest.engine import run
from campuskg.ingest.mapping import importer
from campuskg.ingest.xlsx import sheet_to_csv
from ingest.conftest import Importing

TEXT = "nom;adresse\nENSMM;a\nÉcole;b\n"


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("latin-1"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace(";", "|").encode(),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace(";", ",").encode(),
        gzip.compress(TEXT.encode("cp1252"), mtime=0),
    ],
)
def test_encodings_line_ends_and_separators(importing: Importing, data: bytes) -> None:
    accounts, triples, told = importing("partners", data)
    assert (accounts.rows, accounts.imported, told) == (2, 2, [])
    assert '"École"@fr' in triples


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import-empty-file"),
        (b"\n\n", "import-empty-file"),
        (b"\x00" * 500, "import-column-missing"),
        (b"nom;Nom ;uai\nA;B;\n", "import-column-twice"),
        (b"%PDF-1.7\n", "import-stranger"),
        (b"\x89PNG\r\n\x1a\n", "import-stranger"),
        (b"\n <!DOCTYPE html><p>404", "import-stranger"),
        (b'{"nom": "x"}', "import-stranger"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "import-stranger"),
        (gzip.compress(b"nom\nA\n" * 9999, mtime=0)[:50] + b"\xff" * 40, "import-packed"),
        (gzip.compress(b"nom\n" + bytes(range(256)) * 99, mtime=0)[:200] + b"\xff" * 300, "import-packed"),
    ],
)
def test_what_is_no_table_is_refused_in_words(importing: Importing, tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(ProblemsFound, match=code):
        importing("partners", data)
    assert [path.name for path in tmp_path.iterdir()] == ["given.csv"]


def test_a_heading_alone_is_no_row(importing: Importing) -> None:
    accounts, _, told = importing("partners", "nom;uai")
    assert (accounts.rows, accounts.imported, told) == (0, 0, [])


def test_long_cells_long_rows_and_control_characters(importing: Importing) -> None:
    columns = ";".join(f"c{number}" for number in range(3000))
    accounts, triples, told = importing("partners", f"nom;{columns}\nA\x00B\x1f\x07;{columns}\n")
    assert (accounts.imported, told) == (1, [])
    assert '"AB"@fr' in triples
    accounts, _, told = importing("partners", f"nom;adresse\nA;{'x' * 1_000_000}\n{'é' * 300_000};y;z\n")
    assert (accounts.rows, accounts.imported) == (2, 1)
    assert [(row["row"], row["code"], len(row["value"])) for row in told] == [("2", "import-cells", 200)]


def test_a_quoted_cell_of_a_million_lines_takes_no_time(importing: Importing) -> None:
    accounts, _, _ = importing("partners", 'nom;adresse\nA;"' + "x\n" * 1_000_000 + '"\nB;y\n')
    assert (accounts.rows, accounts.imported) == (2, 2)


def test_a_quote_that_nothing_closes(importing: Importing) -> None:
    accounts, _, told = importing("partners", 'nom;adresse\nA;b\n"C;d\nE;f\n')
    assert (accounts.rows, accounts.imported) == (2, 1)
    assert [row["code"] for row in told] == ["import-cells"]


@pytest.mark.parametrize("cell", ["2,4250036100017E+13", "2.4250036100017E13", "24250036E6"])
def test_a_siret_in_scientific_notation_refuses_the_row_that_it_names(tmp_path: Path, cell: str) -> None:
    names = [c.names[0] for c in importer("sirene").columns.values() if not c.derived and not c.optional]
    file, report = tmp_path / "s.csv", tmp_path / "r.csv"
    file.write_text(";".join(names) + "\n" + ";".join(cell if name == "siret" else "" for name in names) + "\n")
    accounts = run(importer("sirene"), [file], tmp_path / "o.nt", report=report)
    assert (accounts.rows, accounts.rejected) == (1, 1)
    assert ",siret," in report.read_text(encoding="utf-8")


def test_metres_are_no_degrees(importing: Importing) -> None:
    head = "uai;nom;code_insee;lat;lon;adresse;type_lycee\n"
    _, triples, told = importing("lycees-geo", head + "0250011B;Haag;25056;6686319.06;928579.62;;LPO\n")
    assert [(row["column"], row["code"]) for row in told] == [("lat", "import-coordinate"), ("lon", "import-coordinate")]
    assert "#latitude>" not in triples


def test_a_second_row_for_one_school(importing: Importing) -> None:
    head = "uai;nom;code_insee;lat;lon;adresse;type_lycee\n"
    accounts, triples, told = importing("lycees-geo", head + "0250011B;Haag;25056;;;;LPO\n0250011b;Autre;25056;;;;LPO\n")
    assert (accounts.imported, accounts.rejected) == (1, 1)
    assert [(row["row"], row["column"], row["value"], row["code"]) for row in told] == [("2", "uai", "0250011B", "import-twice")]
    assert '"Autre"' not in triples


def book(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """Return a workbook."""
    data = io.BytesIO()
    made = xlsxwriter.Workbook(data, {"in_memory": True})
    fill(made)
    made.close()
    return data.getvalue()


def test_dates_formulas_and_errors_of_a_workbook(importing: Importing) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet, day = made.add_worksheet(), made.add_format({"num_format": "dd/mm/yyyy"})
        since = dt.datetime(2021, 9, 1)  # noqa: DTZ001  a workbook has no time zone
        rows = [("nom", "siret", "depuis", "campus"), ("ENSMM", 24250036100017, since, "msi")]
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write(number, place, value, day if isinstance(value, dt.datetime) else None)
        sheet.write_formula(2, 0, "=A2", None, "kept value")
        sheet.write_formula(3, 0, "=A2", None, "")
        sheet.write_formula(4, 0, "=1/0", None, "#DIV/0!")
        sheet.write_blank(5, 6, None, day)
        sheet.write(5, 0, "Styled")

    accounts, triples, told = importing("partners", book(fill))
    assert (accounts.rows, accounts.imported, accounts.rejected) == (5, 3, 2)
    assert '"2021-09-01"^^' in triples
    assert '"24250036100017"' in triples
    assert '"kept value"@fr' in triples
    assert {(row["row"], row["column"], row["code"]) for row in told} == {
        ("3", "nom", "import-formula"),
        ("4", "nom", "import-formula"),
    }


def test_the_first_sheet_of_a_workbook_is_the_first_tab(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["nom", "depuis"])
    made.active.append(["=A1", dt.date(2021, 9, 1)])
    made.create_sheet("front", 0).append(["nom"])
    made["front"].append([True])
    made.save(tmp_path / "two.xlsx")
    sheet_to_csv(tmp_path / "two.xlsx", tmp_path / "two.csv")
    assert (tmp_path / "two.csv").read_text() == "nom\n1\n"


def test_a_list_of_records_is_read_like_lines(importing: Importing) -> None:
    record = '{"id": "https://ror.org/05813w841",\n "name": "A [b] }",\n "status": "active"}'
    accounts, triples, _ = importing("ror", f'\ufeff[\n {record},\n {{"id": "x"}}]\n')
    assert (accounts.rows, accounts.imported, accounts.rejected) == (2, 1, 1)
    assert '"A [b] }"@fr' in triples
    accounts, _, told = importing("ror", f"[{record}, {{")
    assert (accounts.imported, [row["code"] for row in told]) == (1, ["import-json"])


def test_an_import_does_not_write_over_what_it_reads(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TEXT)
    for out, report in ((file, None), (tmp_path / "o.nt", file), (tmp_path / "o.nt", tmp_path / "o.nt")):
        with pytest.raises(UsageProblem, match="import-over"):
            run(importer("partners"), [file], out, report=report)
    with pytest.raises(CampuskgError):
        run(importer("partners"), [tmp_path], tmp_path / "o.nt")
    assert file.read_text() == TEXT

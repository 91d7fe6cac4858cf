"""The rows of an answer's table: what is known, what is not, links, proofs; nothing of the graph is ever markup."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from campuskg.publish.answer_rows import rows
from campuskg.publish.pages_answer import AnswerTable, Cell, Heading, Line
from campuskg.publish.sheet import Proof

NAME, SUM = Heading("who", "Who", "link", "text"), Heading("sum", "Sum", "number", "euro")


class Texts(HTMLParser):
    """Reads the tags and the texts of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value for name, value in attrs if name == "data-value"]

    def handle_data(self, data: str) -> None:
        self.text += data.strip("\n ")


def test_a_row_says_what_is_known_and_that_the_rest_is_not() -> None:
    line = Line((Cell("MSI", "/page/id/campus/msi", "https://w3id.org/cmq/id/campus/msi", "link"), Cell()))
    assert rows(AnswerTable((NAME, SUM), [line], 1), lambda path: f"/kg{path}", "unknown") == (
        "      <tr>\n"
        '        <td class="link" data-value="https://w3id.org/cmq/id/campus/msi"><a href="/kg/page/id/campus/msi">MSI</a></td>\n'
        '        <td class="number" data-value=""><span class="unknown">unknown</span></td>\n'
        "      </tr>\n"
    )


def test_proofs_stand_in_a_last_cell_with_their_words_where_these_are_at_hand() -> None:
    proofs = (Proof("gbm-2022, 12", "/page/id/passage/gbm-2022/12", "neuf mille euros"), Proof("<b>", ""))
    page = rows(AnswerTable((SUM,), [Line((Cell("9 000 €", "", "9000", "number"),), proofs)], 1, proofs=True), str, "?")
    assert '<li><a href="/page/id/passage/gbm-2022/12">gbm-2022, 12</a> <q>neuf mille euros</q></li>' in page
    assert "<li>&lt;b&gt;</li>" in page
    without = rows(AnswerTable((SUM,), [Line((Cell("9 000 €", "", "9000", "number"),), proofs)], 1), str, "?")
    assert "proofs" not in without


def test_long_texts_may_break_their_line() -> None:
    page = rows(AnswerTable((NAME, NAME), [Line((Cell("a" * 24), Cell("a" * 25)))], 1), str, "?")
    assert page.count('class="link"') == page.count('class="link long"') == 1


@given(st.text(min_size=1), st.text(min_size=1))
def test_texts_come_out_as_they_are_and_make_no_tag(text: str, value: str) -> None:
    found = Texts()
    found.feed(str(rows(AnswerTable((NAME,), [Line((Cell(f"«{text}»", "", value),))], 1), str, "?")))
    found.close()
    read = f"«{text}»".replace("\r\n", "\n").replace("\r", "\n")
    assert found.tags == ["tr", "td"]
    assert found.values == [value]
    assert found.text.replace("\r\n", "\n").replace("\r", "\n") == read

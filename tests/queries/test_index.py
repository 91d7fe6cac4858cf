"""Finding questions by theme and words, and the index for readers."""

from campuskg.queries import catalogue, checks, tags
from campuskg.queries.index import by_theme, found_queries, index_markdown


def test_every_query_stands_once_in_the_index() -> None:
    text = index_markdown()
    for name in catalogue():
        assert text.count(f"(catalogue/{name}.rq)") == 1
    for name in checks():
        assert text.count(f"(checks/{name}.rq)") == 1
    assert sorted(query.name for queries in by_theme().values() for query in queries) == sorted(catalogue())


def test_parameters_are_told_and_optional_ones_are_marked() -> None:
    line = next(line for line in index_markdown().splitlines() if "(catalogue/mandates-at-date.rq)" in line)
    assert line.endswith("| `date`, `[organisation]` |")


def test_words_are_found_without_accents_in_both_languages() -> None:
    assert "mandates-at-date" in {query.name for query in found_queries(search="EXERCE fonction")}
    assert "mandates-at-date" in {query.name for query in found_queries(search="holds function")}
    assert found_queries(search="exerce zzz") == []
    assert {query.name for query in found_queries("governance")} <= {
        q.name for q in catalogue().values() if "governance" in q.tags
    }


def test_themes_are_bilingual_and_used() -> None:
    assert all(all(words) for words in tags().values())
    assert len(tags()) >= 12

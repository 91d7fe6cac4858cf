"""Names of things that the graph does not know yet, by the rules of ``patterns.toml``."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from campuskg.curation.gazetteer import fold_name
from campuskg.curation.patterns import EntityRule, load_patterns
from campuskg.curation.reading import Reading, Span

_COMMA_OR_AND: Final = re.compile(r", (?:et )?| et | ou | / ")
_ARTICLE: Final = re.compile(r"^(?:le |la |les |l'|de |d'|du |des )+", re.IGNORECASE)
_TRAILING: Final = re.compile(r"(?: (?:le|la|les|de|du|des|d'|dans|pour|par|et|en|au|aux|un|une|sur|avec|cadre))+$")
_TITLES: Final = re.compile(r"(?<!\w)(?:M\.|Mme|Monsieur|Madame) ")
_ACRONYM: Final = re.compile(r"\(([A-Z][A-Za-z&-]{1,9})\)")
_GLOSSARY: Final = re.compile(r"([A-Z][A-Za-z-]{1,9}) ([A-Z][^.\n]{5,140}?)(?:\. \d|\.?(?=\n|$))")
_WORD: Final = re.compile(r"[A-Za-z&]+")
_SHOUTED: Final = 7
_LONGEST: Final = 110
_LONGEST_EXPANSION: Final = 16


@dataclass(frozen=True, order=True, slots=True)
class NewName:
    """A name found by a rule, at one place."""

    span: Span
    label: str
    others: tuple[str, ...]
    """Other forms of the name: with its kind word, or an acronym."""
    cls: str
    rule: str
    confidence: float
    nested: bool = False


@dataclass(frozen=True, slots=True)
class NewNames:
    """What the rules found."""

    names: Sequence[NewName]
    attendance: Sequence[tuple[Span, int]]
    """Attendance lists left out (decision 0006): where, and how many persons."""


def find_new(reading: Reading, known: Iterable[Span] = ()) -> NewNames:
    """Return the names in *reading* that no *known* name covers, best rule first where two overlap."""
    lists = list(_attendance(reading))
    taken = list(known)
    chosen: list[NewName] = []
    found = [*_by_rules(reading), *_expansions(reading), *_extensions(reading, taken)]
    found += _full_names(reading, found)
    for name in sorted(found, key=lambda n: (-n.confidence, n.span.start - n.span.end, n.span.start, n.label)):
        if any(span.covers(name.span) for span in taken):
            continue
        if name.cls == "Person" and any(span.overlaps(name.span) for span, _ in lists):
            continue
        if name.nested:
            if any(other.nested and other.span.overlaps(name.span) for other in chosen):
                continue
        elif any(not other.nested and other.span.overlaps(name.span) for other in chosen):
            continue
        chosen.append(name)
    return NewNames(sorted(chosen), lists)


def _attendance(reading: Reading) -> Iterator[tuple[Span, int]]:
    patterns = load_patterns()
    for span in reading.paragraphs:
        text = reading.plain[span.start : span.end]
        count = len(_TITLES.findall(text))
        if count >= patterns.attendance_titles or (count > 1 and patterns.attendance.search(text[:80])):
            yield span, count


def _by_rules(reading: Reading) -> Iterator[NewName]:
    for rule in load_patterns().entities:
        for match in rule.pattern.finditer(reading.text if rule.accents else reading.plain):
            groups = match.groupdict()
            if groups.get("heads"):
                yield from _diplomas(reading, rule, match)
            else:
                yield from _items(reading, rule, match)


def _items(reading: Reading, rule: EntityRule, match: re.Match[str]) -> Iterator[NewName]:
    """Yield one name, or one per item of an enumeration."""
    groups = match.groupdict()
    head = reading.text[slice(*match.span("head"))] if groups.get("head") else ""
    link = groups.get("link") or ""
    group = "names" if groups.get("names") else "name"
    start = match.start(group)
    pieces = list(_pieces(match[group])) if group == "names" else [(0, len(match[group]))]
    many = len(pieces) > 1
    for first, last in pieces:
        span = Span(start + first, start + last)
        item = tidy(_TRAILING.sub("", reading.text[span.start : span.end]), person=rule.cls == "Person")
        if not _is_name(item):
            continue
        full = tidy(f"{_singular(head, many=many)} {link}{item}") if head and rule.cls != "Person" else item
        label, other = (full, item) if rule.full else (item, full)
        whole = Span(match.start(), span.end) if first == 0 and head else span
        others = (other,) if other != label and not rule.full else ()
        yield NewName(whole, label, others, rule.cls, rule.name, rule.confidence, rule.nested)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each item of an enumeration."""
    start = 0
    for match in [*_COMMA_OR_AND.finditer(text), None]:
        end = match.start() if match else len(text)
        article = _ARTICLE.match(text[start:end])
        if end > start:
            yield start + (article.end() if article else 0), end
        start = match.end() if match else end


def _diplomas(reading: Reading, rule: EntityRule, match: re.Match[str]) -> Iterator[NewName]:
    """Yield a diploma for each of the kinds that share a title: *Bac Pro et BTS Plasturgie*."""
    span = Span(*match.span("title"))
    item = reading.text[span.start : span.end]
    for number, head in enumerate(load_patterns().diploma.finditer(match["heads"])):
        start = match.start("heads") + head.start()
        label = tidy(f"{_diploma(reading.text[start : start + len(head[0])])} {match['link'] or ''}{item}")
        yield NewName(Span(start, span.end), label, (), rule.cls, rule.name, rule.confidence, number > 0)


def _diploma(head: str) -> str:
    return re.sub(r"(?i)^bacs? ?pros?$", "Bac Pro", head)


def _expansions(reading: Reading) -> Iterator[NewName]:
    """Yield names that an acronym in brackets follows, when the letters are theirs."""
    for match in _ACRONYM.finditer(reading.plain):
        before = reading.plain[max(0, match.start() - 160) : match.start()]
        before = re.split(r"[\n.;:()«»\"]", before)[-1]
        words = list(_WORD.finditer(before))[-_LONGEST_EXPANSION:]
        start = _expansion_start(match[1], [m[0] for m in words])
        if start is None or not words[start][0][0].isupper():
            continue
        span = Span(match.start() - len(before) + words[start].start(), match.end())
        yield from _expanded(reading, Span(span.start, match.start()), span, match[1], "expanded-acronym")
    for match in _GLOSSARY.finditer(reading.plain):
        words = list(_WORD.finditer(match[2]))
        if match.start() in reading.starts and _expansion_start(match[1], [m[0] for m in words]) == 0:
            yield from _expanded(reading, Span(*match.span(2)), Span(match.start(), match.end(2)), match[1], "glossary")


def _expanded(reading: Reading, name: Span, whole: Span, acronym: str, rule: str) -> Iterator[NewName]:
    """Yield one expanded acronym; the first word of the expansion tells its class."""
    plain, label = reading.plain[name.start : name.end], tidy(reading.text[name.start : name.end])
    cls = next((cls for head, cls in load_patterns().expansions.items() if plain.startswith(head)), "Organisation")
    if _is_name(label):
        yield NewName(whole, label, (acronym,), cls, rule, 0.8 if cls != "Organisation" else 0.6)


def _expansion_start(acronym: str, words: Sequence[str]) -> int | None:
    """Return the index of the first word of the expansion of *acronym*, reading backwards."""
    letters = [c for c in acronym if c.isupper()]
    used = 0
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        if letters and word[0].upper() == letters[-1]:
            letters.pop()
            used += 1
        if not letters:
            return index if used > 1 else None
    return None


def _extensions(reading: Reading, known: Sequence[Span]) -> Iterator[NewName]:
    """Yield a known name with a further capitalised word after it: perhaps a part or a kind of the known thing."""
    for span in known:
        match = re.compile(r" ([A-Z][a-z]{3,}(?:[- ][A-Z][a-z]+)*)(?![\w'])").match(reading.plain, span.end)
        if match:
            whole = Span(span.start, match.end())
            label = tidy(reading.text[whole.start : whole.end])
            yield NewName(whole, label, (), "", "extended-known-name", 0.5)


def _full_names(reading: Reading, found: Iterable[NewName]) -> Iterator[NewName]:
    """Yield first name and surname where a person is elsewhere named by title and surname alone."""
    surnames = {n.label for n in found if n.cls == "Person" and " " not in n.label and not n.label.isupper()}
    for surname in sorted(surnames):
        for match in re.finditer(rf"(?<![\w'-])[A-ZÀ-Ý][\w-]+ {re.escape(surname)}(?!\w)", reading.text):
            if not _TITLES.match(match[0]) and not match[0].startswith(("Monsieur", "Madame")):
                span = Span(match.start(), match.end())
                yield NewName(span, tidy(match[0], person=True), (), "Person", "full-name", 0.7)


def tidy(text: str, *, person: bool = False) -> str:
    """Return *text* as a label: one kind of space, no shouting, a capital first.

    >>> tidy("lycée  Jules Haag,"), tidy("Anne VIGNOT", person=True), tidy("MICRONORA"), tidy("ENSMM")
    ('Lycée Jules Haag', 'Anne Vignot', 'Micronora', 'ENSMM')
    """
    text = re.sub(r"\s+", " ", text).strip(" ,;:«»\"'")
    limit = 2 if person else _SHOUTED
    words = [
        re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize() if m[0].isupper() and len(m[0]) > limit else m[0], w)
        for w in text.split()
    ]
    shown = " ".join(words)
    return shown[:1].upper() + shown[1:]


def _singular(head: str, *, many: bool) -> str:
    first, *rest = head.split(" ")
    if not many and not first.endswith("s"):
        return head
    stem = first if first.lower() == "campus" else re.sub(r"(?<=\w{3})s$", "", first)
    return " ".join([stem, *(re.sub(r"(?<=\w{4}l)s$|aux$", lambda m: "al" if m[0] == "aux" else "", word) for word in rest)])


def _is_name(item: str) -> bool:
    folded = fold_name(item).split()
    return (
        bool(folded)
        and len(item) > 1
        and len(item) <= _LONGEST
        and not item.isdigit()
        and not load_patterns().dropped & {item.lower(), folded[0], folded[-1]}
    )

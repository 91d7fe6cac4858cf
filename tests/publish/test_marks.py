"""Links and proofs as HTML: every part escaped, nothing where there is nothing."""

from campuskg.publish.marks import Marks
from campuskg.publish.sheet import Block, Conflict, Entry, Grid, Item, Line, Proof

_WORDS = {"proof": "preuve", "disputed": "contesté", "against": "Contredit :", "deprecated": "écarté"}
_WORDS |= {"table_named": "Tableau : {heading}", "proof_column": "Preuve", "unknown": "inconnu"}
_MARKS = Marks(lambda address: f"/kg{address}", _WORDS)
_PROOF = Proof("gbm-2022, ligne 4", "/page/id/passage/gbm-2022/4", '<b>"')


def test_a_link_escapes_what_it_is_given() -> None:
    assert _MARKS.link(Item('<a "b">', '/x"y')) == '<a href="/kg/x&#34;y">&lt;a &#34;b&#34;&gt;</a>'
    assert _MARKS.link(Item("<a>", note="<n>", deprecated=True)) == (
        '&lt;a&gt; <small class="muted">(écarté)</small> <small class="muted">&lt;n&gt;</small>'
    )
    assert _MARKS.link(Item("a", shape="circle")).endswith('<use href="#shape-circle"></use></svg> a')


def test_proofs_open_and_a_dispute_shows_the_other_side() -> None:
    passages = '<li><a href="/kg/page/id/passage/gbm-2022/4">gbm-2022, ligne 4</a> <q>&lt;b&gt;&#34;</q></li>'
    proved, bare = Item("a", proofs=[_PROOF]), Item("b")
    assert _MARKS.entries([Entry("nom", [proved, bare])]) == (
        '<dl class="facts">\n<div><dt>nom</dt>\n'
        f'<dd>a <details class="proof"><summary>preuve</summary><ul class="passages">{passages}</ul></details></dd>\n'
        "<dd>b </dd>\n</div>\n</dl>\n"
    )
    disputed = Line([[bare]], proofs=[_PROOF], conflicts=[Conflict("l'autre", "/o", [_PROOF])])
    other = _MARKS.block(Block("faits", "Faits", grid=Grid(["nom"], [disputed])))
    assert '<summary>contesté</summary><div class="proof-body">' in other
    assert '<strong>Contredit :</strong> <a href="/kg/o">l&#39;autre</a>' in other
    assert other.count(passages) == 2

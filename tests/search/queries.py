"""Hypothesis strategies: query strings as readers, word processors and attackers type them, and query trees."""

from hypothesis import strategies as st

_TYPED = """oil prices "James Baker" “curly” „low“ «guillemets» ‘single’ title: title:oil title:(a person: person:baker
    person:"James Baker" person:(James date: date:1987 date:1987-03..1987-06 date:unknown date:last-30-days date:0000
    date:9999-99 date:last-9999-years after:1990 before: said:"target zone" speaker:x source:reuters lang:en has:versions
    is:headline-only is:x changed:headline near/5 w/3 adj3 near near/ AND or NOT - -- -oil -( ( ) (( )) "a b"~5 "~ ~ ~3
    word~ word~9 wor* * w* *rd =exact = == : :: http://x.y/z?q=1 U.S. C++ O'Brien co-operation 10:30 3.5bn 東京都 ünï
    \\0 <script> & … — . , ; a~b a*b* or* =or title:or title:-x org:and :oil .a:b~ .a:b* "a*b" "or" "(" a"b
    """
_ATOMS = st.sampled_from([*_TYPED.split(), '"two words"', '"a b"~2', 'date:"last 30 days"'])
_ANYTHING = st.text(max_size=12)
query_texts = st.lists(st.one_of(_ATOMS, _ATOMS, _ANYTHING), max_size=12).map(" ".join) | st.lists(
    st.one_of(_ATOMS, _ANYTHING), max_size=6
).map("".join)

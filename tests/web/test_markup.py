from markupsafe import Markup

from web.markup import markup


def test_what_is_put_in_cannot_become_markup():
    assert markup("<b>{}</b><i>{x}</i>", "<script>", x='"&') == "<b>&lt;script&gt;</b><i>&#34;&amp;</i>"


def test_markup_stays_markup_and_anything_else_is_written_as_it_prints():
    made = markup("<p>{} {} {x}</p>", Markup("<b>1</b>"), 2, x=None)
    assert made == "<p><b>1</b> 2 None</p>"
    assert isinstance(made, Markup)

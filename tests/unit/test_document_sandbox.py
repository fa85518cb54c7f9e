"""What an office's template may do, and what it may not."""

import pytest
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError

from app.reports.services.documents.names import shape_of, wrong_names
from app.reports.services.documents.sandbox import MAX_STEPS, Meter, Sandbox

VALUES = {
    "kop": {"instansi": "Dinas <Anak> & Perempuan", "alamat": ""},
    "baris": [{"no": 1, "isi": "satu"}, {"no": 2, "isi": "dua"}],
    "nama": ["Ana", "Budi"],
}


def filled(template, values=VALUES):
    return Sandbox().from_string(template).render(values)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ kop.instansi }}", "Dinas &lt;Anak&gt; &amp; Perempuan"),
        ("{{ kop['alamat'] }}", ""),
        ("{{ baris[0].isi|upper }}", "SATU"),
        ("{% for b in baris %}{{ loop.index }}{{ b.isi }}{% endfor %}", "1satu2dua"),
        ("{% for b in baris if b.no > 1 %}{{ b.isi }}{% endfor %}", "dua"),
        ("{% for b in [] %}{% endfor %}", None),
        ("{% if kop.alamat %}ada{% else %}kosong{% endif %}", "kosong"),
        ("{{ nama|join(', ') }} {{ nama|length }} {{ nama|first }}", "Ana, Budi 2 Ana"),
        ("{{ kop.alamat|default('-') }}", "-"),
        ("{{ 'ya' if baris else 'tidak' }} {{ nama[1] ~ '!' }}", "ya Budi!"),
    ],
)
def test_a_template_fills_in_loops_and_asks(template, expected):
    if expected is None:
        with pytest.raises(TemplateSyntaxError):
            filled(template)
    else:
        assert filled(template) == expected


@pytest.mark.parametrize(
    "template",
    [
        "{{ kop.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ kop['__class__'] }}",
        "{{ kop.items() }}",
        "{{ kop.items }}",
        "{{ nama.append('x') }}",
        "{{ kop.instansi.format }}",
        "{{ range(9) }}",
        "{{ lipsum() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ config }}",
        "{% for b in baris %}{{ loop.cycle('a', 'b') }}{% endfor %}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{% include 'base.html' %}",
        "{% import 'base.html' as x %}",
        "{% extends 'base.html' %}",
        "{% block x %}{% endblock %}",
        "{% for k, v in baris %}{% endfor %}",
        "{% for b in baris recursive %}{% endfor %}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ kop.instansi|attr('upper') }}",
        "{{ kop.instansi|replace('', 'aaaaaaaaaaaaaaaa') }}",
        "{{ kop.instansi|safe }}",
        "{{ '%9999999999d'|format(1) }}",
        "{{ kop.instansi|join('aaaaaaaaaaaa') }}",
        "{{ baris is mapping }}",
        "{{ nama[:1] }}",
    ],
)
def test_anything_else_is_refused(template):
    with pytest.raises(TemplateError):
        filled(template)


@pytest.mark.parametrize(
    "template",
    [
        "{% if baris %}" * 30 + "{% endif %}" * 30,
        "{% if baris %}" * 110 + "{% endif %}" * 110,
        "{% if baris %}" * 900 + "{% endif %}" * 900,
        "{{ " + "(" * 140 + "nama" + ")" * 140 + " }}",
    ],
)
def test_what_stands_in_each_other_without_end_is_refused_in_words(template):
    with pytest.raises(TemplateSyntaxError, match="di dalam satu sama lain"):
        filled(template)


def test_a_name_that_nothing_has_is_an_error_that_says_it():
    with pytest.raises(UndefinedError, match=r"Isian “nomer” tidak dikenal\."):
        filled("{{ kop.nomer }}")
    with pytest.raises(UndefinedError):
        filled("{% if nomer %}{% endif %}")


def test_the_passes_of_loops_are_counted():
    long = {"l": [1] * 100}
    three = "{% for a in l %}{% for b in l %}{% for c in l %}{% endfor %}{% endfor %}{% endfor %}"
    assert MAX_STEPS < 100**3
    with pytest.raises(SecurityError, match="terlalu banyak"):
        filled(three, long)
    with pytest.raises(TemplateSyntaxError, match="terlalu banyak"):
        filled("{% for a in l %}" * 5 + "{% endfor %}" * 5, long)


def test_a_rendering_ends_in_time():
    slow = Sandbox(Meter(seconds=0))
    with pytest.raises(SecurityError):
        slow.from_string("{{ a }}").render(a="x")


def test_what_people_type_is_never_read_as_a_template():
    typed = {"kop": {"instansi": "{{ 7*7 }}{% for x in y %}{# #}"}}
    assert filled("{{ kop.instansi }}", typed) == "{{ 7*7 }}{% for x in y %}{# #}"


def faults(template):
    read = Sandbox().parse(template)
    return [wrong.sentence for wrong in wrong_names(read, shape_of(VALUES))]


def test_every_wrong_name_is_found_before_anything_is_filled_in():
    assert faults("{% if kop.alamat %}{{ kop.instnsi }}{% endif %}{{ kopp.x }}") == [
        "“kop.instnsi” tidak dikenal. Mungkin maksudnya “kop.instansi”.",
        "“kopp” tidak dikenal. Mungkin maksudnya “kop”.",
    ]
    assert faults("{% for b in baris %}{{ b.nomor }}{{ b.isi }}{% endfor %}{{ b.isi }}") == [
        "“b.nomor” tidak dikenal.",
        "“b” tidak dikenal.",
    ]


def test_a_list_is_looped_over_and_nothing_else_is():
    assert faults("{{ baris }}") == ["“baris” adalah daftar. Ulangi isinya dengan “for”."]
    assert faults("{{ kop }}") == [
        "“kop” berisi beberapa isian. Tulis salah satunya, misalnya kop.instansi."
    ]
    assert faults("{% for x in kop.alamat %}{% endfor %}") == [
        "“kop.alamat” bukan daftar, sehingga tidak dapat diulang."
    ]


def test_what_is_right_has_no_fault():
    right = "{% for b in baris %}{{ loop.index }} {{ b.isi|upper }}{% endfor %}{{ nama|first }}"
    assert faults(right + "{{ baris[0].no }}{{ kop['alamat']|default('-') }}") == []

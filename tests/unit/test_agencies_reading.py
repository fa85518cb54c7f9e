"""Reading the YAML list of agencies: every fault with its place, and no crash on anything."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.agencies.services.reading import read_agencies
from app.core import yaml_tree

DATA = Path(__file__).parents[2] / "app/demo/data/agencies.yaml"
ROW = "{code: DINKES, name: Dinas Kesehatan, short_name: Dinkes, category: opd, kind: dinas%s}"


def faults(text: str) -> list[tuple[str, int, str]]:
    return [
        (fault.place, fault.line, fault.found)
        for fault in read_agencies(text.encode()).findings.faults
    ]


def one(extra: str = "") -> str:
    return "agencies:\n- " + ROW % extra


def test_the_shipped_list_is_read_whole_and_without_fault():
    file = read_agencies(DATA.read_bytes())
    assert not file.findings.faults
    assert not file.findings.warnings
    assert len(file.agencies) == 79
    assert sum(row.kind == "kecamatan" for row in file.agencies) == 18
    assert [group.code for group in file.groups] == ["KEC", "DESA", "MEDIA", "OPD"]


def test_a_row_is_read_as_it_stands():
    file = read_agencies(
        one(
            ", aliases: [Dinas Sehat, '-', Tidak ada], verified: ya, cluster_roles: {K3: anggota}"
        ).encode("utf-8-sig")
    )
    assert not file.findings.faults
    (row,) = file.agencies
    assert [alias for alias, _ in row.aliases] == ["Dinas Sehat"]
    assert row.verified
    assert row.cluster_roles == {"K3": "anggota"}
    assert row.parent is None


@pytest.mark.parametrize("empty", ["", "'-'", "'\u00a0'", "Tidak ada", "null", "~", "' - '"])
def test_what_means_nothing_is_empty(empty):
    text = f"agencies:\n- code: A\n  name: {empty}\n  short_name: B\n  category: opd\n  kind: dinas"
    assert faults(text) == [("agencies[0].name", 3, "kosong")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("berkas", 1, "berkas kosong")),
        ("# nothing", ("berkas", 1, "berkas kosong")),
        ("- 1", ("berkas", 1, "daftar")),
        ("hello", ("berkas", 1, "hello")),
        ("agencies: []", ("agencies", 1, "daftar kosong")),
        ("agencies: 3", ("agencies", 1, "3")),
        ("note: x", ("agencies", 1, "kosong")),
        ("agencies:\n- 3", ("agencies[0]", 2, "3")),
        ("a: [1", ("berkas", 2, "susunan yang tidak terbaca")),
        ("a: &x 1", ("berkas", 1, "jangkar atau rujukan (& atau *)")),
        ("a: !<tag:evil> x", ("berkas", 1, "tag tag:evil")),
        ("a: 1\n---\nb: 2", ("berkas", 2, "dokumen kedua (---)")),
        ("? [a]\n: 1", ("berkas", 1, "kunci yang bukan teks")),
        ("[" * 5000, ("berkas", 1, "lebih dari 20 tingkat")),
        ("agency:\n- 1", ("agency", 2, "isian tak dikenal: agency")),
        (one(", code: B"), ("agencies[0].code", 2, "isian yang sama dua kali")),
        (one(", kode: B"), ("agencies[0].kode", 2, "isian tak dikenal: kode")),
        (one(", aliases: Dinas"), ("agencies[0].aliases", 2, "Dinas")),
        (one(", aliases: ['...']"), ("agencies[0].aliases[0]", 2, "...")),
        (one(", aliases: [[a]]"), ("agencies[0].aliases[0]", 2, "daftar")),
        (one(", aliases: [Sehat, Sehat]"), ("agencies[0].aliases[1]", 2, "Sehat")),
        (one(", verified: mungkin"), ("agencies[0].verified", 2, "mungkin")),
        (one(", cluster_roles: {K3: ketua}"), ("agencies[0].cluster_roles.K3", 2, "ketua")),
        (one(", cluster_roles: 3"), ("agencies[0].cluster_roles", 2, "3")),
        (one(", parent: KEC") + "\ngroups:\n- {code: KEC, name: K, members_kind: kecamatan}",
         ("agencies[0]", 2, "induk KEC")),
        (one() + "\n- " + ROW % "", ("agencies[1]", 3, "kode DINKES")),
        (one().replace("DINKES", "dinkes"), ("agencies[0].code", 2, "dinkes")),
        (one().replace("opd", "odp"), ("agencies[0].category", 2, "odp")),
        (one().replace("kind: dinas", "kind: Dinas!"), ("agencies[0].kind", 2, "Dinas!")),
        (one().replace("Dinas Kesehatan", "x" * 300), ("agencies[0].name", 2, "x" * 59 + "…")),
        (one() + "\ncategories: {toko: Toko}", ("categories.toko", 3, "toko")),
    ],
)  # fmt: skip
def test_each_fault_has_its_place_its_line_and_what_was_found(text, expected):
    assert expected in faults(text)


def test_a_spelling_belongs_to_one_agency_alone():
    text = one(", aliases: [RSUD]") + (
        "\n- {code: RS, name: Rumah Sakit, short_name: R.S.U.D, category: opd, kind: blud}"
    )
    assert faults(text) == [("agencies[1].short_name", 3, "R.S.U.D")]


def test_a_misspelt_word_is_answered_with_the_nearest():
    (fault,) = read_agencies(one().replace("opd", "odp").encode()).findings.faults
    assert fault.allowed.endswith("Maksudnya opd?")


def test_every_fault_is_listed_not_the_first_alone():
    text = "agencies:\n- {}\n- {code: a, kind: 3}\n- [x]"
    found = faults(text)
    assert len([place for place, _, _ in found if place.startswith("agencies[0]")]) == 5
    assert ("agencies[2]", 4, "daftar") in found


def test_a_file_that_is_too_large_is_not_looked_at():
    file = read_agencies(b"a" * (yaml_tree.MAX_BYTES + 1))
    (fault,) = file.findings.faults
    assert (fault.place, fault.allowed) == ("berkas", "paling besar 1 MB")
    assert "lebih dari 1 MB" in fault.found


def test_a_file_with_too_many_entries_is_refused():
    file = read_agencies(b"agencies: [" + b"1," * (yaml_tree.MAX_NODES + 1) + b"]")
    assert file.findings.faults[0].found.startswith("lebih dari")


def test_what_is_not_utf_8_says_in_which_line():
    file = read_agencies("a: 1\nb: é".encode("latin-1"))
    assert [(fault.line, fault.found) for fault in file.findings.faults] == [(2, "bukan UTF-8")]


WORDS = st.sampled_from(
    ["code", "name", "agencies", "groups", "kind", "opd", "DINKES", "-", "", "Tidak ada", "K0"]
) | st.text(max_size=8)
TREES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
)
def test_no_bytes_make_it_fall(content):
    file = read_agencies(content)
    assert file.findings.faults


@given(TREES)
def test_no_tree_makes_it_fall(tree):
    file = read_agencies(yaml.safe_dump(tree, allow_unicode=True).encode("utf-8", "replace"))
    assert file.findings.faults

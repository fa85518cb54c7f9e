"""Reading an instrument: the shipped one whole, and every fault of a bad one in its place."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.instruments.services.reading import QUESTION, read_instrument

DATA = Path(__file__).parents[2] / "app/demo/data/indicators.yaml"


def catalogue(**question: Any) -> dict[str, Any]:
    """Return a catalogue of one question, which `question` changes."""
    asked = {
        "id": "Q-1-01",
        "text": "Berapa?",
        "answer_type": "number",
        "agencies": ["DINKES"],
        "ref": ["1.1"],
        "ref_max_score": 10,
        "evidence": ["foto"],
    }
    return {
        "meta": {
            "instrument_year": 2024,
            "total_max_score": 10,
            "categories": [{"name": "Madya", "min": 601, "max": 700}],
        },
        "evidence_types": [{"code": "foto", "label": "Foto", "formats": ["jpg"]}],
        "clusters": [
            {
                "code": "K0",
                "name": "Kelembagaan",
                "max_score_2024": 10,
                "indicators": [
                    {
                        "number": "1",
                        "title": "Perda",
                        "max_score": 10,
                        "questions": [{k: v for k, v in {**asked, **question}.items() if v != ...}],
                    }
                ],
            }
        ],
    }


def read(tree: Any):
    return read_instrument(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode())


def faults(tree: Any) -> set[tuple[str, str]]:
    return {(fault.place, fault.found) for fault in read(tree).findings.faults}


def test_the_shipped_instrument_is_read_whole():
    file = read_instrument(DATA.read_bytes())
    assert not file.findings.faults
    assert file.year == 2024
    assert len(file.clusters) == 7
    assert len(list(file.indicators())) == 31
    assert len(list(file.questions())) == 269
    assert sum(indicator.max_score for indicator in file.indicators()) == 1000
    assert [band["name"] for band in file.bands] == ["Pratama", "Madya", "Nindya", "Utama", "KLA"]


def test_scores_that_do_not_add_up_are_warnings():
    warnings = read_instrument(DATA.read_bytes()).findings.warnings
    assert len(warnings) == 3
    assert "indikator 19 berjumlah 54" in warnings[0].message
    assert warnings[0].line > 1
    assert "indikator 21B berjumlah 18" in warnings[1].message
    assert "berjumlah 1.004, sedangkan nilai indikator 1.000" in warnings[2].message


def test_a_cluster_and_a_total_that_do_not_add_up_are_warnings_too():
    tree = catalogue()
    tree["clusters"][0]["max_score_2024"] = 11
    tree["meta"]["total_max_score"] = 12
    file = read(tree)
    assert not file.findings.faults
    assert [warning.place for warning in file.findings.warnings] == ["clusters[0]", "berkas"]


def test_numbers_that_yaml_would_round_stay_as_they_are_written():
    text = yaml.safe_dump(catalogue()).replace("'1.1'", "1.10")
    file = read_instrument(text.encode())
    assert next(file.questions()).ref == "1.10"


def test_what_is_left_out_has_its_default():
    file = read(catalogue(ref=..., ref_max_score=None, evidence=...))
    assert not file.findings.faults
    (question,) = file.questions()
    assert question.ref is None
    assert question.max_score is None
    assert question.data_years == 1
    assert question.respondents == "lead"
    assert question.evidence == question.groups == question.choices == []


def test_nothing_is_a_choice_like_any_other():
    file = read(catalogue(answer_type="choice", choices=["Ada", "Tidak ada"]))
    assert next(file.questions()).choices == ["Ada", "Tidak ada"]


Q = "clusters[0].indicators[0].questions[0]"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"id": ...}, (f"{Q}.id", "kosong")),
        ({"id": "a b"}, (f"{Q}.id", "a b")),
        ({"text": "-"}, (f"{Q}.text", "kosong")),
        ({"text": ["x"]}, (f"{Q}.text", "daftar")),
        ({"text": "x" * 3000}, (f"{Q}.text", "x" * 59 + "…")),
        ({"teks": "x"}, (f"{Q}.teks", "isian tak dikenal: teks")),
        ({"answer_type": "angka"}, (f"{Q}.answer_type", "angka")),
        ({"answer_type": ...}, (f"{Q}.answer_type", "kosong")),
        ({"answer_type": "choice"}, (f"{Q}.choices", "kosong")),
        ({"choices": ["a", "b"]}, (f"{Q}.choices", "a, b")),
        ({"answer_type": "choice", "choices": ["a", "a"]}, (f"{Q}.choices[1]", "a")),
        ({"respondents": "each_rt"}, (f"{Q}.respondents", "each_rt")),
        ({"data_years": 0}, (f"{Q}.data_years", "0")),
        ({"data_years": "dua"}, (f"{Q}.data_years", "dua")),
        ({"data_years": [2]}, (f"{Q}.data_years", "daftar")),
        ({"agencies": []}, (f"{Q}.agencies", "daftar kosong")),
        ({"agencies": "DINKES"}, (f"{Q}.agencies", "DINKES")),
        ({"agencies": ["A", "A"]}, (f"{Q}.agencies[1]", "A")),
        ({"evidence": ["fot"]}, (f"{Q}.evidence[0]", "fot")),
        ({"evidence_required": ["lra"]}, (f"{Q}.evidence_required[0]", "lra")),
        ({"ref_max_score": "banyak"}, (f"{Q}.ref_max_score", "banyak")),
        ({"ref_max_score": -1}, (f"{Q}.ref_max_score", "-1")),
        ({"ref_max_score": ".nan"}, (f"{Q}.ref_max_score", ".nan")),
    ],
)  # fmt: skip
def test_each_fault_of_a_question_has_its_place_and_what_was_found(change, expected):
    assert expected in faults(catalogue(**change))


def test_a_near_miss_is_answered_with_what_was_meant():
    (fault,) = read(catalogue(evidence=["fotoo"])).findings.faults
    assert fault.allowed.endswith("Maksudnya foto?")


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (["meta", "instrument_year"], 24, ("meta.instrument_year", "24")),
        (["meta", "instrument_year"], None, ("meta.instrument_year", "kosong")),
        (["meta", "total_max_score"], None, ("meta.total_max_score", "kosong")),
        (["meta", "categories"], [], ("meta.categories", "daftar kosong")),
        (["meta", "categories", 0, "max"], 5, ("meta.categories[0].max", "5")),
        (["meta", "answer_types"], ["sound"], ("meta.answer_types[0]", "sound")),
        (["meta"], [], ("meta", "daftar")),
        (["evidence_types"], None, ("evidence_types", "kosong")),
        (["evidence_types", 0, "formats"], ["exe"], ("evidence_types[0].formats[0]", "exe")),
        (["evidence_types", 0], 3, ("evidence_types[0]", "3")),
        (["clusters"], None, ("clusters", "kosong")),
        (["clusters", 0, "code"], None, ("clusters[0].code", "kosong")),
        (["clusters", 0, "indicators"], "x", ("clusters[0].indicators", "x")),
        (["clusters", 0, "indicators", 0, "max_score"], None,
         ("clusters[0].indicators[0].max_score", "kosong")),
        (["clusters", 0, "indicators", 0], "x", ("clusters[0].indicators[0]", "x")),
        (["clusters", 0, "indicators", 0, "questions", 0], 1, (Q, "1")),
    ],
)  # fmt: skip
def test_each_fault_of_the_rest_has_its_place(path, value, expected):
    tree: Any = catalogue()
    inner = tree
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert expected in faults(tree)


def test_ids_numbers_codes_and_refs_are_used_once():
    tree = catalogue()
    tree["clusters"].append(catalogue()["clusters"][0])
    tree["evidence_types"].append(catalogue()["evidence_types"][0])
    assert faults(tree) == {
        ("evidence_types[1]", "kode foto"),
        ("clusters[1]", "kode K0"),
        ("clusters[1].indicators[0]", "nomor 1"),
        ("clusters[1].indicators[0].questions[0]", "id Q-1-01"),
        ("clusters[1].indicators[0].questions[0]", "ref 1.1"),
    }


def test_points_have_two_decimals_at_most():
    assert next(read(catalogue(ref_max_score=2.25)).questions()).max_score == Decimal("2.25")
    assert (f"{Q}.ref_max_score", "2.255") in faults(catalogue(ref_max_score=2.255))


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
WILD = st.recursive(
    SCALARS | st.sampled_from(["number", "foto", "-", "lead"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.sampled_from(QUESTION), WILD)
def test_nothing_in_a_field_makes_it_fall(name, value):
    file = read(catalogue(**{name: value}))
    assert file.findings.faults or len(list(file.questions())) == 1


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fall(content):
    assert read_instrument(content).findings.faults

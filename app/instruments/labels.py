"""What the interface calls answer types, respondents, stages and fields (docs/glossary.md)."""

from collections.abc import Mapping

from app.instruments.models import AnswerType, Respondents, StageCode

ANSWER_TYPE_LABELS = {
    AnswerType.YES_NO: "Ya/tidak",
    AnswerType.NUMBER: "Angka",
    AnswerType.PERCENT: "Persen",
    AnswerType.TEXT: "Uraian",
    AnswerType.CHOICE: "Pilihan",
}

RESPONDENTS_LABELS = {
    Respondents.LEAD: "Instansi penanggung jawab",
    Respondents.EACH_KECAMATAN: "Setiap kecamatan",
    Respondents.EACH_DESA: "Setiap desa/kelurahan",
    Respondents.DESA_BY_KECAMATAN: "Desa/kelurahan, melalui kecamatan",
}

STAGE_LABELS = {
    StageCode.PREPARATION: "Persiapan",
    StageCode.SELF_ASSESSMENT: "Penilaian mandiri",
    StageCode.PROVINCE_VERIFICATION: "Verifikasi provinsi",
    StageCode.FIELD_VERIFICATION: "Verifikasi lapangan",
    StageCode.CORRECTION: "Masa perbaikan",
    StageCode.DECIDED: "Ditetapkan",
}

FIELD_LABELS = {
    "text": "Pertanyaan",
    "unit_text": "Pertanyaan bagi satu kecamatan atau desa",
    "answer_type": "Jenis jawaban",
    "unit": "Satuan",
    "counts": "Yang dihitung",
    "data_years": "Tahun data",
    "choices": "Pilihan",
    "respondents": "Yang menjawab",
    "evidence": "Data dukung",
    "evidence_required": "Data dukung wajib",
    "groups": "Kelompok instansi",
    "max_score": "Nilai paling tinggi",
    "position": "Urutan",
    "ref": "Nomor",
    "agencies": "Instansi",
    "indicator": "Indikator",
    "name": "Nama",
    "title": "Judul",
    "short_title": "Judul singkat",
    "label": "Nama",
    "formats": "Format",
    "cluster": "Klaster",
    "bands": "Predikat",
    "note": "Catatan",
    "total_max_score": "Nilai paling tinggi",
}

EVENT_LABELS = {
    "instrument_imported": "Instrumen dimuat",
    "question_changed": "Pertanyaan diubah",
    "cycle_created": "Evaluasi dibuat",
    "cycle_changed": "Evaluasi diubah",
    "follow_ups_handed_out": "Pertanyaan dibagikan",
}

LOADED_MEANWHILE = ("Instrumen ini baru saja dimuat orang lain. Periksa hasilnya dahulu.", None)

CONFLICTS: Mapping[str, tuple[str, str | None]] = {
    "uq_cycles_year": ("Evaluasi KLA tahun ini sudah ada.", "year"),
    "uq_instruments_year": LOADED_MEANWHILE,
    "uq_evidence_types_instrument_id_code": LOADED_MEANWHILE,
    "uq_clusters_instrument_id_code": LOADED_MEANWHILE,
    "uq_indicators_cluster_id_number": LOADED_MEANWHILE,
    "uq_questions_instrument_id_code": LOADED_MEANWHILE,
}

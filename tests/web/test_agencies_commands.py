"""`flask agencies import` and `flask instruments import`."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.agencies.models import Agency

DATA = Path(__file__).parents[2] / "app/demo/data"


@pytest.fixture
def run(app, session):
    def run(*arguments):
        return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])

    return run


def test_both_files_come_in_and_a_second_run_changes_nothing(run):
    first = run("agencies", "import", DATA / "agencies.yaml")
    assert first.exit_code == 0
    assert "Instansi: 79 ditambahkan" in first.output
    second = run("instruments", "import", DATA / "indicators.yaml")
    assert second.exit_code == 0
    assert "Pertanyaan: 269 ditambahkan" in second.output
    assert "1.004" in second.output
    for room, file in (("agencies", "agencies.yaml"), ("instruments", "indicators.yaml")):
        again = run(room, "import", DATA / file)
        assert again.exit_code == 0
        assert "Tidak ada yang berubah." in again.output


def test_a_dry_run_writes_nothing(run, session):
    result = run("agencies", "import", DATA / "agencies.yaml", "--dry-run")
    assert "Percobaan saja" in result.output
    assert session.scalar(select(func.count()).select_from(Agency)) == 0


@pytest.mark.parametrize("room", ["agencies", "instruments"])
def test_faults_end_with_1(run, tmp_path, room):
    file = tmp_path / "bad.yaml"
    file.write_text("clusters: 3\nagencies: 3\n")
    result = run(room, "import", file)
    assert result.exit_code == 1
    assert "tidak ada yang ditulis" in result.output


def test_the_instrument_comes_after_its_agencies(run):
    result = run("instruments", "import", DATA / "indicators.yaml")
    assert result.exit_code == 1
    assert "BAGHUKUM; diharapkan instansi yang sudah terdaftar" in result.output

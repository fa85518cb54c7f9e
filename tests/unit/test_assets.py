import gzip
import json
import os
import re

import brotli
import pytest

from app.core import assets


@pytest.fixture
def static(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "js").mkdir()
    (tmp_path / "css" / "page.css").write_text(
        '@import "base.css"; a { background: url("../icons/dot.svg#x") } b { src: url(data:,) }'
    )
    (tmp_path / "css" / "base.css").write_text("body { margin: 0 }" * 40)
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "dot.svg").write_text("<svg/>")
    (tmp_path / "js" / "page.js").write_text(
        'import { a } from "./part.js";\nconst b = () => import("./part.js");\nimport "htmx";'
    )
    (tmp_path / "js" / "part.js").write_text("export const a = 1;")
    return tmp_path


def built(static, name):
    return (static / "dist" / assets.fitting_names(static)[name]).read_text()


def test_names_follow_the_content(static):
    assert assets.build_folder(static) == 5
    before = assets.fitting_names(static)
    assert re.fullmatch(r"css/base\.[0-9a-f]{12}\.css", before["css/base.css"])
    (static / "css" / "base.css").write_text("body { margin: 1px }")
    assets.build_folder(static)
    after = assets.fitting_names(static)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"css/base.css", "css/page.css"}


def test_files_name_each_other_by_their_hashed_names(static):
    assets.build_folder(static)
    names = assets.fitting_names(static)
    css, js = built(static, "css/page.css"), built(static, "js/page.js")
    assert f'@import "./{names["css/base.css"].removeprefix("css/")}"' in css
    assert f'url("../{names["icons/dot.svg"]}#x")' in css
    assert "url(data:,)" in css
    assert js.count(f'"./{names["js/part.js"].removeprefix("js/")}"') == 2
    assert '"htmx"' in js


def test_what_becomes_smaller_is_compressed_beforehand(static):
    assets.build_folder(static)
    target = static / "dist" / assets.fitting_names(static)["css/base.css"]
    plain = target.read_bytes()
    assert gzip.decompress(target.with_name(target.name + ".gz").read_bytes()) == plain
    assert brotli.decompress(target.with_name(target.name + ".br").read_bytes()) == plain
    small = static / "dist" / assets.fitting_names(static)["icons/dot.svg"]
    assert not small.with_name(small.name + ".gz").exists()


def test_a_reference_to_nothing_stops_the_build(static):
    (static / "css" / "page.css").write_text('@import "gone.css";')
    with pytest.raises(assets.AssetError, match=r"page\.css refers to css/gone\.css"):
        assets.build_folder(static)


def test_a_circle_stops_the_build(static):
    (static / "js" / "part.js").write_text('import "./page.js";')
    with pytest.raises(assets.AssetError, match="circle"):
        assets.build_folder(static)


def test_a_changed_file_makes_the_manifest_unfit(static):
    assert assets.fitting_names(static) == {}
    assets.build_folder(static)
    assert assets.fitting_names(static)
    (static / "js" / "new.js").write_text("1")
    assert assets.fitting_names(static) == {}


def test_a_broken_manifest_counts_as_none(static):
    assets.build_folder(static)
    (static / "dist" / "manifest.json").write_text("{")
    assert assets.fitting_names(static) == {}


def test_names_of_last_week_are_served_on_and_older_ones_go(static):
    assets.build_folder(static)
    old = static / "dist" / assets.fitting_names(static)["js/part.js"]
    (static / "js" / "part.js").write_text("export const a = 2;")
    assets.build_folder(static)
    assert old.exists()
    os.utime(old, (1, 1))
    assets.build_folder(static)
    assert not old.exists()
    assert json.loads((static / "dist" / "manifest.json").read_text())["names"]

"""Pictures: the same bytes everywhere, and nothing from outside."""

import os
import subprocess
import sys
from pathlib import Path

from lxml import etree

from cdisc_aclf.report.drawing import Course, Steps, as_source, course_svg, survival_svg

DRAW = """
import hashlib, sys
from cdisc_aclf.report.drawing import Course, Steps, course_svg, survival_svg
steps = Steps(
    label="Control <Group>", times=[3, 28, 84], survival=[0.9, 0.8, 0.8], censored=[False, False, True],
    at_risk=[10, 9, 8]
)
course = Course(
    label="Control", days=[1, 4], median=[300.0, 280.5], lower=[250.0, 220.0], upper=[400.0, 390.0]
)
picture = survival_svg([steps], ticks=[0, 28, 84], axis="Alive") + course_svg([course], ticks=[1, 4], axis="x")
sys.stdout.write(hashlib.sha256(picture).hexdigest())
"""


def test_settings_of_the_user_time_zone_and_hash_seed_do_not_change_a_picture(tmp_path: Path):
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\nfont.size: 30\nsvg.fonttype: none\n")
    given = (
        os.environ | {"PYTHONHASHSEED": "1", "TZ": "UTC"},
        os.environ | {"PYTHONHASHSEED": "2", "TZ": "Pacific/Apia", "MATPLOTLIBRC": str(tmp_path)},
    )
    drawn = {
        subprocess.run([sys.executable, "-c", DRAW], env=one, check=True, capture_output=True, text=True).stdout
        for one in given
    }
    assert len(drawn) == 1


def test_a_picture_is_svg_that_refers_to_nothing_outside_itself():
    picture = survival_svg(
        [Steps(label="A & B", times=[3], survival=[0.5], censored=[True], at_risk=[2, 1])], ticks=[0, 3], axis="Alive"
    )
    root = etree.fromstring(picture)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    links = {value for node in root.iter() for name, value in node.attrib.items() if name.endswith("href")}
    assert all(link.startswith("#") for link in links)
    assert b"<script" not in picture
    assert b"http" not in picture.split(b"<g ", 1)[1]


def test_a_curve_without_any_event_stays_at_1_and_a_course_without_values_is_an_empty_picture():
    assert survival_svg(
        [Steps(label="A", times=[], survival=[], censored=[], at_risk=[3, 3])], ticks=[0, 28], axis="Alive"
    ).startswith(b"<?xml")
    assert course_svg([Course(label="A", days=[], median=[], lower=[], upper=[])], ticks=[1, 4], axis="x").startswith(
        b"<?xml"
    )


def test_a_course_of_which_no_arm_has_a_value_is_an_empty_picture():
    assert course_svg([], ticks=[1, 4], axis="x").startswith(b"<?xml")


def test_each_chinese_letter_of_an_arm_is_drawn_and_one_that_no_font_has_stops_nothing():
    arms = ("对", "照", "\U0001f642")
    drawn = {
        course_svg([Course(label=arm, days=[1], median=[3.0], lower=[2.0], upper=[4.0])], ticks=[1, 4], axis="x")
        for arm in arms
    }
    assert len(drawn) == 3


def test_the_source_of_a_picture_is_in_the_page_itself():
    assert as_source(b"<svg/>") == "data:image/svg+xml;base64,PHN2Zy8+"

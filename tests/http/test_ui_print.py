"""Charts on paper: WeasyPrint knows no stylesheet inside an SVG, so the marks must bring their own colours."""

import subprocess
from pathlib import Path

import weasyprint

from tests.charts_world import all_charts, meter

EVERY = [*all_charts(), meter()]


def test_a_chart_prints_in_its_colours_and_not_as_a_black_box(tmp_path: Path):
    page = "".join(str(chart.svg(prefix=f"c{index}")) for index, chart in enumerate(EVERY))
    pdf = tmp_path / "charts.pdf"
    weasyprint.HTML(string=f"<!doctype html><html lang=en><title>t</title><body>{page}").write_pdf(
        pdf, pdf_variant="pdf/ua-1"
    )
    subprocess.run(["pdftoppm", "-r", "40", pdf, tmp_path / "page"], check=True)
    pixels = {"dark": 0, "brand": 0, "all": 0}
    for picture in sorted(tmp_path.glob("page*.ppm")):
        body = picture.read_bytes().split(b"\n255\n", 1)[1]
        for at in range(0, len(body), 3):
            red, green, blue = body[at : at + 3]
            pixels["all"] += 1
            pixels["dark"] += red < 20 and green < 20 and blue < 20
            pixels["brand"] += (red, green, blue) == (0x0D, 0x4F, 0x5C)
    assert pixels["brand"] > pixels["all"] // 100
    assert pixels["dark"] < pixels["all"] // 1000

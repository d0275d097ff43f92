#!/usr/bin/env python3
"""Prints the sample texts, spoils the pictures, lets Tesseract read them.

In: source/letter.txt, source/column.txt, source/cards.tsv (document, kind, text).
Out, beside this file: letter.txt and column.txt (the lines as read), letter.tsv, column.tsv
and cards.tsv (observed, intended, document, kind, evidence), letter.png (the page).
With --pages DIR every spoilt picture is kept there, to be looked at.

Every mistake in the output is Tesseract's own: noise is put on pictures, never on text. What was
read goes to the printed line whose box holds its middle (turned back with the page). A printed line
of which nothing was read is left out and counted; what was read where nothing is printed is dirt, and
is counted too. Seeded: the same versions (../README.md lists them) give the same bytes.
"""
import argparse
import csv
import io
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont, features
from PIL import __version__ as pillow_version

HERE = Path(__file__).resolve().parent
FONTS = Path("/usr/share/fonts")
FACES = {
    "dejavu-sans": "truetype/dejavu/DejaVuSans.ttf",
    "dejavu-serif": "truetype/dejavu/DejaVuSerif.ttf",
    "garamond": "opentype/ebgaramond/EBGaramond08-Regular.otf",
    "biolinum": "opentype/linux-libertine/LinBiolinum_R.otf",
    "libertine": "opentype/linux-libertine/LinLibertine_R.otf",
    "liberation-sans": "truetype/liberation/LiberationSans-Regular.ttf",
    "liberation-serif": "truetype/liberation/LiberationSerif-Regular.ttf",
    "narrow": "truetype/liberation/LiberationSansNarrow-Regular.ttf",
    "old-standard": "truetype/fonts-oldstandard/OldStandard-Regular.ttf",
}
DRAWN = 3  # text is drawn this many times too large, then reduced, as a scanner samples print


@dataclass
class Look:
    """How one document is set and spoilt. Lengths in points (1/72 inch) and pixels as said."""

    face: str
    points: float          # size of type
    dpi: int               # resolution of the scan
    seed: int
    leading: float = 1.25  # from line to line, in sizes of type
    measure: int = 0       # width of a justified column in points; 0: ragged
    ink: int = 30          # grey of the print, 0 black
    paper: int = 240       # grey of the paper
    pen: float = 0.0       # > 0 fattens the letters, < 0 thins them; in drawn pixels
    blur: float = 0.0      # radius in scanned pixels
    fade: float = 0.0      # strength of patches where ink is lost, 0 to 1
    speckle: float = 0.0   # specks a thousand pixels
    grain: float = 0.0     # standard deviation of grey
    turn: float = 0.0      # degrees
    bilevel: int = 0       # threshold; 0 keeps the greys
    jpeg: int = 0          # quality; 0: no JPEG


LETTER = Look("garamond", 8.5, 130, 81, blur=0.6, pen=0.15, fade=0.12, bilevel=138, turn=0.35)
COLUMN = Look(
    "old-standard", 7, 140, 82, leading=1.15, measure=150, blur=0.6, pen=0.8, speckle=0.6, bilevel=120, turn=-0.3
)
CARDS = [
    Look("garamond", 8, 125, 101, blur=0.6, grain=8, jpeg=35),
    Look("liberation-sans", 7.5, 120, 102, blur=0.6, grain=7, jpeg=35, turn=0.5),
    Look("dejavu-sans", 6, 130, 103, pen=0.2, blur=0.5, bilevel=150),
    Look("biolinum", 8, 130, 104, fade=0.5, blur=0.5, grain=6, jpeg=50),
    Look("libertine", 8, 130, 105, pen=0.8, blur=0.7, bilevel=140, turn=-0.4),
    Look("liberation-serif", 7.5, 125, 106, blur=0.7, grain=9, jpeg=35),
    Look("narrow", 8.5, 130, 107, blur=0.6, speckle=0.7, bilevel=150),
    Look("dejavu-serif", 6.5, 125, 108, pen=0.6, blur=0.6, jpeg=30, grain=8, turn=0.4),
    Look("old-standard", 8.5, 130, 109, pen=-0.5, fade=0.4, blur=0.5, jpeg=45),
    Look("biolinum", 8, 125, 110, ink=120, blur=0.6, grain=10, jpeg=40, turn=-0.5),
    Look("liberation-sans", 6.5, 130, 111, pen=0.3, blur=0.6, bilevel=155),
    Look("garamond", 9.5, 130, 112, pen=0.5, blur=0.7, speckle=0.5, grain=8, jpeg=40),
]


@dataclass
class Printed:
    """One printed line: its text and the middle of its band in pixels, before the page was turned."""

    text: str
    kind: str
    middle: float


@dataclass
class Read:
    """What Tesseract read of one printed line, left to right."""

    words: list
    evidence: list


def draw(lines, look):
    """The page of (text, kind) lines, clean, at the scan's resolution; and where each line stands."""
    scale = look.dpi / 72
    drawn = scale * DRAWN
    size = round(look.points * drawn)
    font = ImageFont.truetype(FONTS / FACES[look.face], size, layout_engine=ImageFont.Layout.BASIC)
    step, margin = look.points * look.leading * drawn, 24 * drawn
    widest = max(font.getlength(text) for text, _ in lines)
    inner = look.measure * drawn or widest
    height = round(2 * margin + step * len(lines))
    page = Image.new("L", (round(2 * margin + max(inner, widest)), height), 255)
    pen = ImageDraw.Draw(page)
    printed = []
    for row, (text, kind) in enumerate(lines):
        top = margin + row * step
        room = inner - font.getlength(text)
        gaps = text.count(" ")
        # The last line of a paragraph is not stretched: it ends a sentence and is too short.
        stretched = look.measure and gaps and room < inner * (0.06 if text.endswith(".") else 0.3)
        extra = room / gaps if stretched and not text.isupper() else 0
        across = margin + (room / 2 if look.measure and text.isupper() else 0)
        for word in text.split(" "):
            pen.text((across, top), word, font=font, fill=0)
            across += font.getlength(word + " ") + extra
        if text:
            printed.append(Printed(text, kind, (top + look.points * drawn * 0.6) / DRAWN))
    if look.pen:
        page = pressed(page, look.pen)
    return page.resize((page.width // DRAWN, page.height // DRAWN), Image.Resampling.BOX), printed


def pressed(page, pen):
    """Letters fatter (pen > 0) or thinner: a blend of the page with one grown or shrunk by a pixel."""
    changed = page.filter(ImageFilter.MinFilter(3) if pen > 0 else ImageFilter.MaxFilter(3))
    return Image.blend(page, changed, min(1.0, abs(pen)))


def spoil(page, look):
    """The page as a poor scan of a poor print."""
    random = np.random.Generator(np.random.PCG64(look.seed))
    ink = 1 - np.asarray(page, dtype=np.float64) / 255
    if look.fade:
        patches = random.random((page.height // 9 + 2, page.width // 14 + 2)) * 255
        cloud = Image.fromarray(patches.astype(np.uint8)).resize(page.size, Image.Resampling.BICUBIC)
        ink = ink * (1 - look.fade * np.asarray(cloud, dtype=np.float64) / 255)
    if look.speckle:
        specks = random.random(ink.shape) < look.speckle / 1000
        ink = np.where(specks, 1 - 0.6 * ink, ink)
    grey = look.paper + (look.ink - look.paper) * ink
    scan = Image.fromarray(np.clip(grey, 0, 255).round().astype(np.uint8))
    if look.turn:
        scan = scan.rotate(look.turn, Image.Resampling.BICUBIC, fillcolor=look.paper)
    if look.blur:
        scan = scan.filter(ImageFilter.GaussianBlur(look.blur))
    if look.grain:
        noisy = np.asarray(scan, dtype=np.float64) + random.normal(0, look.grain, (scan.height, scan.width))
        scan = Image.fromarray(np.clip(noisy, 0, 255).round().astype(np.uint8))
    if look.bilevel:
        scan = scan.point([255 if grey > look.bilevel else 0 for grey in range(256)])
    if look.jpeg:
        kept = io.BytesIO()
        scan.save(kept, "JPEG", quality=look.jpeg)
        scan = Image.open(kept).convert("L")
    return scan


def recognise(scan, look):
    """Tesseract's words: (left, middle x, middle y, confidence, text), in its reading order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        scan.save(path, dpi=(look.dpi, look.dpi))
        command = ["tesseract", str(path), "-", "-l", "eng", "--psm", "6", "--dpi", str(look.dpi), "tsv"]
        one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        run = subprocess.run(command, check=True, capture_output=True, text=True, env=one_thread)
    for row in csv.DictReader(io.StringIO(run.stdout), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = row["text"] or ""
        if row["level"] == "5" and text.split():
            left, top, width, height = (int(row[side]) for side in ("left", "top", "width", "height"))
            yield left, left + width / 2, top + height / 2, float(row["conf"]), text


def align(printed, words, page, look):
    """Words to printed lines, by the height of the word's middle when the page is turned back."""
    reads = [Read([], []) for _ in printed]
    angle = np.deg2rad(look.turn)
    band = look.points * look.leading * look.dpi / 72
    dirt = 0
    for left, x, y, confidence, text in words:
        x, y = x - page.width / 2, y - page.height / 2
        straight = y * np.cos(angle) + x * np.sin(angle) + page.height / 2
        nearest = min(range(len(printed)), key=lambda at: abs(printed[at].middle - straight))
        if abs(printed[nearest].middle - straight) > band * 0.75:
            dirt += 1
            continue
        for word in text.split():
            reads[nearest].words.append((left, word))
            reads[nearest].evidence.append((left, confidence))
    for read in reads:
        read.words = [word for _, word in sorted(read.words, key=lambda item: item[0])]
        read.evidence = [f"{c:.2f}".rstrip("0").rstrip(".") for _, c in sorted(read.evidence, key=lambda item: item[0])]
    return reads, dirt


def document(name, lines, look, pages):
    """Rows of one printed document, and the observed lines with the page's own gaps."""
    clean, printed = draw(lines, look)
    scan = spoil(clean, look)
    if pages:
        scan.save(pages / f"{name}.png", optimize=True)
    reads, dirt = align(printed, recognise(scan, look), scan, look)
    rows, text, filled = [], [], iter(zip(printed, reads, strict=True))
    for intended, _ in lines:
        if not intended:
            text.append("")
            continue
        line, read = next(filled)
        if read.words:
            observed = " ".join(read.words)
            rows.append((observed, line.text, name, line.kind, ",".join(read.evidence)))
            text.append(observed)
    print(f"{name}: {len(rows)} lines read, {len(printed) - len(rows)} lost, {dirt} words of dirt, page {scan.size}")
    return rows, text, scan


def write(path, lines):
    """Lines to a file: UTF-8, LF, the last one ended too."""
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


def main():
    """Makes all samples anew."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--pages", type=Path, help="folder to keep the spoilt pictures in")
    pages = arguments.parse_args().pages
    if pages:
        pages.mkdir(parents=True, exist_ok=True)
    for name, look in (("letter", LETTER), ("column", COLUMN)):
        lines = (HERE / "source" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        rows, text, scan = document(name, [(line, "line") for line in lines], look, pages)
        write(HERE / f"{name}.txt", text)
        write(HERE / f"{name}.tsv", ["\t".join(row) for row in rows])
        if name == "letter":
            scan.convert("1").save(HERE / "letter.png", optimize=True)
    fields = [line.split("\t") for line in (HERE / "source" / "cards.tsv").read_text(encoding="utf-8").splitlines()]
    rows = []
    for card, look in zip(dict.fromkeys(field[0] for field in fields), CARDS, strict=True):
        lines = [(text, kind) for name, kind, text in fields if name == card]
        rows += document(card, lines, look, pages)[0]
    write(HERE / "cards.tsv", ["\t".join(row) for row in rows])
    version = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True).stdout
    print(f"{version.splitlines()[0]}, freetype {features.version('freetype2')}")
    print(f"pillow {pillow_version}, numpy {np.__version__}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Compares glyph origins with a second engine's: mutool's structured text, and pdfium's where that has no match.
  positions.py --pages target/release/examples/pages [--tolerance 0.05] [FILE …]
Without files: the fixtures and the corpus of ../shared. For every glyph of ours that is seen and not blank, some character of mutool's has to
lie within the tolerance (points), or one of pdfium's: mutool cuts widths to whole thousandths of an em (277.8 to 277), pdfium does not. Of
vertical glyphs mutool gives the horizontal origin, one em too high, so these are compared at the position vector's place (half the width
across, 0.12 em up), pdfium gives the horizontal origin itself (0.88 em down). Build first: cargo build --release -p jisseki-extractor --example pages
"""
import argparse, collections, glob, math, os, re, subprocess, sys, xml.etree.ElementTree as ET
ap = argparse.ArgumentParser()
ap.add_argument('--pages', required=True)
ap.add_argument('--tolerance', type=float, default=0.05)
ap.add_argument('--show', type=int, default=0, help='print that many misses a file')
ap.add_argument('files', nargs='*')
a = ap.parse_args()
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'shared')
if not a.files and not os.path.isdir(root):
    sys.exit(print('skipped: no shared corpus'))
files = a.files or [f for f in sorted(glob.glob(root + '/fixtures/seed/*.pdf') + glob.glob(root + '/fixtures/encodings/*.pdf') + glob.glob(root + '/fixtures/siblings/*.pdf') + glob.glob(root + '/corpus/*.pdf')) if 'big_' not in f and 'secret' not in f]

def theirs(path):
    xml = subprocess.run(['mutool', 'draw', '-q', '-F', 'stext', '-o', '-', path], capture_output=True).stdout
    pages, page = {}, 0
    parser = ET.XMLPullParser(['start', 'end'])
    parser.feed(re.sub(r'&#x?[0-9a-f]+;', 'x', xml.decode('utf-8', 'replace').replace('\x00', '')))
    try:
        for event, e in parser.read_events():
            if event == 'start' and e.tag == 'page':
                page += 1
                pages[page] = collections.defaultdict(list)
            elif event == 'start' and e.tag == 'char':
                x, y = float(e.get('x')), float(e.get('y'))
                pages[page][(round(x), round(y))].append((x, y))
            elif event == 'end':
                e.clear()
    except ET.ParseError as error:
        print(path, error, file=sys.stderr)
    return pages

def pdfium(path):
    import ctypes, pypdfium2 as pdfium, pypdfium2.raw as raw
    pages = {}
    document = pdfium.PdfDocument(path)
    for number, page in enumerate(document, 1):
        grid = pages[number] = collections.defaultdict(list)
        text = page.get_textpage()
        width, height, turn = page.get_width(), page.get_height(), page.get_rotation()
        left, bottom, right, top = page.get_bbox()
        x, y = ctypes.c_double(), ctypes.c_double()
        for i in range(text.count_chars()):
            if raw.FPDFText_GetCharOrigin(text.raw, i, x, y):
                u, v = x.value - left, y.value - bottom
                u, v = {0: (u, top - bottom - v), 90: (v, u), 180: (right - left - u, v), 270: (top - bottom - v, right - left - u)}[turn]
                grid[(round(u), round(v))].append((u, v))
    return pages

def near(grid, x, y, tolerance):
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            for (u, v) in grid.get((round(x) + i, round(y) + j), ()):
                if math.hypot(u - x, v - y) <= tolerance:
                    return True
    return False

total = hit = 0
for path in files:
    ours = subprocess.run([a.pages, path, 'positions'], capture_output=True, text=True).stdout.splitlines()
    grids = theirs(path)
    n = k = vertical = 0
    second = None
    shown = 0
    for line in ours:
        cells = line.split('\t')
        if len(cells) != 7 or cells[5] == 'true' or not cells[6].strip() or cells[6] in ('\\u{3000}', '\\u{a0}'):
            continue
        page, x, y, size = int(cells[0]), float(cells[1]), float(cells[2]), float(cells[3])
        grid = grids.get(page)
        if not grid:
            continue
        at = [(x, y)]
        if cells[4] == 'Vertical':
            vertical += 1
            at = [(x - size * across, y + size * down) for across in (0.5, 0.25) for down in (-0.12, 0.88)]
        n += 1
        fine = any(near(grid, u, v, a.tolerance) for u, v in at[:1] + at[2:3])
        if not fine:
            second = second or pdfium(path)
            fine = any(near(second.get(page, {}), u, v, a.tolerance) for u, v in at)
        k += fine
        if not fine and shown < a.show:
            shown += 1
            print('   miss', line)
    total, hit = total + n, hit + k
    print(f'{os.path.basename(path)}\t{n} glyphs\t{vertical} vertical\t{k / n if n else 1:.5f}')
print(f'all\t{total} glyphs\twithin {a.tolerance} pt: {hit / max(total, 1):.5f}')

#!/usr/bin/env python3
"""Compares glyph origins with a second engine's: mutool's structured text, and pdfium's where that has no match.
  positions.py --pages target/release/examples/pages [--tolerance 0.05] [--show N] [--all | FILE …]
Without files: the list below, the pages turned by /Rotate and the vertical fonts of the shared corpus among it, and copies of the first seed
file turned by 90, 180 and 270 degrees (qpdf). --all: every fixture and corpus file. For every glyph of ours that is seen and not blank, some
character of mutool's has to lie within the tolerance (points), or one of pdfium's: mutool cuts widths to whole thousandths of an em (277.8 to
277), pdfium does not. Ours of vertical glyphs is the vertical origin (top center). The others give the horizontal one, pdfium as it is and
mutool moved by the advance; the way between the two is the position vector, which is read here with pikepdf from the fonts' own W2, DW2 and W.
Build first: cargo build --release -p jisseki-extractor --example pages
"""
import argparse, collections, glob, math, os, re, subprocess, sys, tempfile, xml.etree.ElementTree as ET
ap = argparse.ArgumentParser()
ap.add_argument('--pages', required=True)
ap.add_argument('--tolerance', type=float, default=0.05)
ap.add_argument('--show', type=int, default=0, help='print that many misses a file')
ap.add_argument('--all', action='store_true')
ap.add_argument('files', nargs='*')
a = ap.parse_args()
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'shared')
if not a.files and not os.path.isdir(root):
    sys.exit(print('skipped: no shared corpus'))
seed = [f for f in sorted(glob.glob(root + '/fixtures/seed/*.pdf')) if 'secret' not in f]
VERTICAL = 'cao_ai_04 mlit_nyusatsu_03 mlit_nyusatsu_07 nankoku_36 pdfjs_issue11555 pdfjs_issue6387 pdfminer_jo pdfminer_kampo tl_plextcolortbl tl_test-jlreq tl_test-sf'.split()
TURNED = 'nankoku_17 nankoku_20 nankoku_23'.split()
listed = seed + [f'{root}/corpus/{n}.pdf' for n in VERTICAL + TURNED] + [f'{root}/fixtures/encodings/{n}.pdf' for n in ('ve_utf16_v', 'ne_90ms', 'emb_tt_kangxi', 'actualtext')]
everything = [f for f in sorted(glob.glob(root + '/fixtures/seed/*.pdf') + glob.glob(root + '/fixtures/encodings/*.pdf') + glob.glob(root + '/fixtures/siblings/*.pdf') + glob.glob(root + '/corpus/*.pdf')) if 'big_' not in f and 'secret' not in f]

def turned_copies(folder):
    out = []
    for angle in (90, 180, 270):
        path = f'{folder}/turned_{angle}.pdf'
        if subprocess.run(['qpdf', seed[0], f'--rotate=+{angle}', path]).returncode in (0, 3):
            out.append(path)
    return out

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
        turn = page.get_rotation()
        left, bottom, right, top = page.get_bbox()
        x, y = ctypes.c_double(), ctypes.c_double()
        for i in range(text.count_chars()):
            if raw.FPDFText_GetCharOrigin(text.raw, i, x, y):
                u, v = x.value - left, y.value - bottom
                u, v = {0: (u, top - bottom - v), 90: (v, u), 180: (right - left - u, v), 270: (top - bottom - v, right - left - u)}[turn]
                grid[(round(u), round(v))].append((u, v))
    return pages

def ranges(array, n):
    """W (n = 1) or W2 (n = 3) as {cid: values} for lists and [(first, last, values)] for ranges."""
    single, spans, i, array = {}, [], 0, list(array or [])
    while i + 1 < len(array):
        first, second = int(array[i]), array[i + 1]
        if hasattr(second, '__len__') and not isinstance(second, str):
            values = [float(v) for v in second]
            for k in range(len(values) // n):
                single[first + k] = values[k * n:(k + 1) * n]
            i += 2
        else:
            spans.append((first, int(second), [float(v) for v in array[i + 2:i + 2 + n]]))
            i += 2 + n
    return single, spans

def lookup(table, cid, default):
    single, spans = table
    return single.get(cid) or next((v for lo, hi, v in spans if lo <= cid <= hi), default)

def vertical_fonts(path):
    """The metrics of the file's vertical fonts: W2, DW2, W, DW."""
    import pikepdf
    fonts = []
    with pikepdf.open(path) as document:
        direct = [f for page in document.pages for f in (page.get('/Resources', {}).get('/Font') or {}).values()]
        for o in list(document.objects) + direct:
            try:
                if not isinstance(o, pikepdf.Dictionary) or o.get('/Subtype') != '/Type0':
                    continue
                encoding, inner = o.get('/Encoding'), o.DescendantFonts[0]
                if isinstance(encoding, pikepdf.Stream) and int(encoding.get('/WMode', 0)) == 1 or str(encoding).endswith('-V') or str(encoding) == '/V':
                    fonts.append((ranges(inner.get('/W2'), 3), [float(v) for v in inner.get('/DW2', [880, -1000])], ranges(inner.get('/W'), 1), float(inner.get('/DW', 1000))))
            except Exception as error:
                print(path, error, file=sys.stderr)
    return fonts

def vectors(fonts, cid):
    """(across, down) in ems from the vertical origin to the horizontal one, and to it moved by the advance (mutool), for each font."""
    out = set()
    for w2, (vy, w1), w, dw in fonts:
        width = lookup(w, cid, [dw])[0]
        advance, vx, up = lookup(w2, cid, [w1, width / 2, vy])
        out.add((vx / 1000, up / 1000))
        out.add((vx / 1000, (up + advance) / 1000))
    return out

def near(grid, x, y, tolerance):
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            for (u, v) in grid.get((round(x) + i, round(y) + j), ()):
                if math.hypot(u - x, v - y) <= tolerance:
                    return True
    return False

def compare(path):
    """(glyphs compared, vertical ones, within the tolerance)."""
    ours = subprocess.run([a.pages, path, 'positions'], capture_output=True, text=True).stdout.splitlines()
    grids, second, fonts = theirs(path), None, None
    n = hit = vertical = shown = 0
    for line in ours:
        cells = line.split('\t')
        if len(cells) != 8 or cells[5] == 'true' or not cells[7].strip() or cells[7] in ('\\u{3000}', '\\u{a0}'):
            continue
        page, x, y, size, cid = int(cells[0]), float(cells[1]), float(cells[2]), float(cells[3]), int(cells[6])
        grid = grids.get(page)
        if not grid:
            continue
        at = [(x, y)]
        if cells[4] == 'Vertical':
            vertical += 1
            fonts = vertical_fonts(path) if fonts is None else fonts
            at = [(x - size * across, y + size * down) for across, down in vectors(fonts, cid)]
        n += 1
        fine = any(near(grid, u, v, a.tolerance) for u, v in at)
        if not fine:
            second = second or pdfium(path)
            fine = any(near(second.get(page, {}), u, v, a.tolerance) for u, v in at)
        hit += fine
        if not fine and shown < a.show:
            shown += 1
            print('   miss', line)
    return n, vertical, hit

total = upright = hits = 0
with tempfile.TemporaryDirectory() as folder:
    files = a.files or (everything if a.all else listed + turned_copies(folder))
    for path in files:
        n, vertical, hit = compare(path)
        total, upright, hits = total + n, upright + vertical, hits + hit
        print(f'{os.path.basename(path)}\t{n} glyphs\t{vertical} vertical\t{hit / n if n else 1:.5f}')
print(f'all\t{len(files)} files\t{total} glyphs\t{upright} vertical\twithin {a.tolerance} pt: {hits / max(total, 1):.5f}')

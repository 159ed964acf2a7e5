#!/usr/bin/env python3
"""CPU seconds of reading text with positions, one thread, against pdftotext, mutool and pdfium in the same run.
  bench_extract.py --pages target/release/examples/pages [--jisseki target/release/jisseki] [--runs 5]
Per file and engine: the least of the runs' user + system seconds, and the peak memory. `pages` reads every glyph, path and image with positions;
`jisseki` is the whole command `extract --format text` (reading order) or `json` (every glyph), on one thread and on two. The others get their fastest text mode: pdftotext plain, mutool stext, pypdfium2
get_text_range, and after each file stands by what factor the slowest of ours beats the fastest of theirs. Then two threads against one, by the
clock, in turn, since a shared machine changes its speed: the median of the pairs' ratios, and what two processes reach, which share nothing. Then the
linearity test: files made here with n and 2n pages, operators, glyphs, ranges; the ratio of the times has to stay <= 2.3.
"""
import argparse, os, statistics, subprocess, sys, tempfile, time
ap = argparse.ArgumentParser()
ap.add_argument('--pages', required=True)
ap.add_argument('--jisseki')
ap.add_argument('--runs', type=int, default=5)
ap.add_argument('--no-peers', action='store_true')
a = ap.parse_args()
shared = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'shared')
PDFIUM = 'import sys,pypdfium2 as p\nd=p.PdfDocument(sys.argv[1])\nn=0\nfor i in range(len(d)):\n t=d[i].get_textpage(); n+=len(t.get_text_range())\nprint(n)'

def measure(command, runs, env=None):
    """Least CPU seconds, least wall seconds, peak MiB."""
    best = wall = 1e9
    peak = 0
    for _ in range(runs):
        t = time.time()
        with open(os.devnull, 'w') as null:
            p = subprocess.Popen(command, stdout=null, stderr=null, env=env)
            _, status, used = os.wait4(p.pid, 0)
            p.returncode = status
        best, wall = min(best, used.ru_utime + used.ru_stime), min(wall, time.time() - t)
        peak = max(peak, used.ru_maxrss / 1024)
    return best, wall, peak

one = dict(os.environ, RAYON_NUM_THREADS='1')
two = dict(os.environ, RAYON_NUM_THREADS='2')

def speed():
    for name in ('big_lo_600p', 'big_90ms_600p', 'big_200kobj'):
        path = f'{shared}/fixtures/encodings/{name}.pdf'
        engines = [('pages', [a.pages, path, 'quiet'], one), ('pages, 1 thread', [a.pages, path, 'threads'], one), ('pages, 2 threads', [a.pages, path, 'threads'], two)]
        if a.jisseki:
            command = [a.jisseki, 'extract', path, '--format']
            engines += [('jisseki text, 1 thread', command + ['text'], one), ('jisseki text, 2 threads', command + ['text'], two), ('jisseki json, 1 thread', command + ['json'], one)]
        if not a.no_peers:
            engines += [('pdftotext', ['pdftotext', path, '-'], None), ('mutool stext', ['mutool', 'draw', '-q', '-F', 'stext', '-o', '-', path], None),
                        ('pypdfium2', [sys.executable, '-c', PDFIUM, path], None)]
        print(f'\n{name}.pdf\tCPU s\twall s\tpeak MiB')
        times = {}
        for label, command, env in engines:
            times[label], wall, peak = measure(command, a.runs if label.startswith(('pages', 'jis')) else max(2, a.runs // 2), env)
            print(f'{label}\t{times[label]:.3f}\t{wall:.3f}\t{peak:.0f}', flush=True)
        theirs = [t for label, t in times.items() if not label.startswith(('pages', 'jis'))]
        if theirs:
            ours = {label: t for label, t in times.items() if label in ('pages', 'jisseki text, 1 thread')}
            print('least factor', *(f'{label}: {min(theirs) / t:.1f}' for label, t in ours.items()), sep='\t')

def clock(*commands):
    """Wall seconds until all of them have ended; each with its environment."""
    start = time.perf_counter()
    with open(os.devnull, 'w') as null:
        # Without `close_fds` Python starts a process in a fraction of the time, which both would be measured with.
        for p in [subprocess.Popen(c, stdout=null, stderr=null, close_fds=False, env=env) for c, env in commands]:
            p.wait()
    return time.perf_counter() - start

def threads():
    print('\ntwo threads\tfile\tratio to one\tof two processes\tpairs')
    for name in ('big_lo_600p', 'big_90ms_600p'):
        path = f'{shared}/fixtures/encodings/{name}.pdf'
        ways = [('pages', ([a.pages, path, 'threads'], one), ([a.pages, path, 'threads'], two))]
        if a.jisseki:
            command = [a.jisseki, 'extract', path, '--format', 'text']
            ways.append(('jisseki text', (command, one), (command, two)))
        for label, alone, both in ways:
            rounds = [(clock(alone), clock(both), clock(alone, alone)) for _ in range(4 * a.runs)]
            ratios, bound = [x / y for x, y, _ in rounds], [2 * x / z for x, _, z in rounds]
            print(label, name, f'{statistics.median(ratios):.2f}', f'{statistics.median(bound):.2f}', len(rounds), sep='\t')

def pdf(pages, content, cmap=b''):
    out, offsets = bytearray(b'%PDF-1.4\n'), []
    def add(body):
        offsets.append(len(out))
        out.extend(b'%d 0 obj\n' % len(offsets) + body + b'\nendobj\n')
    stream = lambda b: b'<</Length %d>>stream\n' % len(b) + b + b'\nendstream'
    add(b'<</Type/Catalog/Pages 2 0 R>>')
    add(b'<</Type/Pages/Count %d/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Kids[' % pages + b' '.join(b'%d 0 R' % (7 + i) for i in range(pages)) + b']>>')
    add(stream(content))
    add(b'<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[5 0 R]/ToUnicode 6 0 R>>')
    add(b'<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>')
    add(stream(cmap))
    for _ in range(pages):
        add(b'<</Type/Page/Parent 2 0 R/Contents 3 0 R>>')
    start = len(out)
    out.extend(b'xref\n0 %d\n0000000000 65535 f \n' % (len(offsets) + 1) + b''.join(b'%010d 00000 n \n' % o for o in offsets))
    out.extend(b'trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n' % (len(offsets) + 1, start))
    return bytes(out)

MAP = b'1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0020> endbfrange'
def linear():
    text = b'BT /F1 9 Tf 9 800 Td <3042304430463048304A> Tj ET\n'
    ranges = lambda n: b'1 begincodespacerange <0000> <FFFF> endcodespacerange ' + b''.join(b'1 beginbfchar <%04X> <%04X> endbfchar\n' % (i % 65536, 0x4E00 + i % 20000) for i in range(n))
    cases = {
        'pages': lambda n: pdf(n * 5000, text * 4, MAP),
        'operators': lambda n: pdf(1, b'0 0 m 9 9 l S q 1 0 0 1 0 0 cm Q\n' * (n * 40000), MAP),
        'glyphs': lambda n: pdf(1, b'BT /F1 1 Tf <' + b'30423044' * (n * 80000) + b'> Tj ET', MAP),
        'ranges': lambda n: pdf(1, text, ranges(n * 12000)),
        'forms of q': lambda n: pdf(1, b'q ' * (n * 100000) + b'Q ' * (n * 100000), MAP),
    }
    print('\nlinearity\tn\t2n\t4n\tratios of the least times')
    for name, make in cases.items():
        files = []
        for n in (1, 2, 4):
            files.append(tempfile.NamedTemporaryFile(suffix='.pdf'))
            files[-1].write(make(n))
            files[-1].flush()
        # In turn, so that a slow minute of the machine is a slow minute of all three.
        rounds = [[measure([a.pages, f.name, 'quiet'], 1, one)[0] for f in files] for _ in range(3 * a.runs)]
        times = [min(column) for column in zip(*rounds)]
        print(name, *(f'{t:.3f}' for t in times), ' '.join(f'{y / max(x, 1e-3):.2f}' for x, y in zip(times, times[1:])), sep='\t')
        for f in files:
            f.close()

if os.path.isdir(shared):
    speed()
    threads()
else:
    print('skipped: no shared corpus')
linear()

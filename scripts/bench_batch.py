#!/usr/bin/env python3
"""Measures a batch: bench_batch.py PATH/TO/jisseki [N]

- One report: CPU of the whole command; what one more report costs inside a batch (worker started, tables written); and pdfplumber's extraction of
  the same tables, both as a user runs it (imports included) and with the imports left out. Measured in turn; the ratio is the median of the rounds'.
  The command is measured as it was given and as a copy, which is how it is installed: of a file that the linker has just written the system holds
  every page by itself, and maps code in smaller pieces.
- N (1,000) copies of two 8-page reports, each with a hash of its own: documents and MB a second with one and two jobs in turn, three times, CPU
  seconds, memory of the largest process.
CPU seconds count, since the machine may be shared; walls are printed beside them.
"""
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

binary = os.path.abspath(sys.argv[1])
n = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
here = pathlib.Path(__file__).resolve().parent
shared = here.parent.parent / "shared"
if not shared.is_dir():
    print("skipped: no shared corpus")
    sys.exit(0)
SEED = shared / "fixtures/seed"
ONE = SEED / "04c_rawcid_90ms_rksj_gaps.pdf"


def cpu(command, **kwargs):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.time()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **kwargs)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, time.time() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


NAMES = (ONE.name, "06_uplatex_dvipdfmx_nonembedded.pdf", "01_lo_writer_gaps.pdf", "03_chromium_skia_gaps.pdf")
PLUMBER = "import pdfplumber,sys\nfor f in sys.argv[1:]:\n  with pdfplumber.open(f) as d:\n    print(sum(len(p.extract_tables()) for p in d.pages))"


def copies(folder, n, *sources):
    subprocess.run([sys.executable, str(here / "make_copies.py"), str(folder), str(n), *map(str, sources)], check=True)
    return folder


def rounds_of(name, work, rounds=15, few=4, many=24):
    """In each round, one after the other since a shared machine changes its speed: pdfplumber; the whole command as a copy and as it was given, five
    times each; two batches, whose difference tells what one more document costs. Returns a row a round, in seconds of CPU."""
    copy = shutil.copy(binary, work / "jisseki")
    folders = {n: copies(work / f"{name}-{n}", n, SEED / name) for n in (few, many)}
    rows = []
    for k in range(rounds):
        empty = cpu([sys.executable, "-c", "import pdfplumber"])[2]
        plumber = cpu([sys.executable, "-c", PLUMBER, str(SEED / name)])[2]
        whole, given = (statistics.median(cpu([b, "convert", str(SEED / name), "--format", "json"])[2] for _ in range(5)) for b in (copy, binary))
        used = {n: cpu([binary, "convert", str(f), "-o", str(work / f"{name}-{n}-{k}"), "--jobs", "1", "-q"])[2] for n, f in folders.items()}
        rows.append((plumber, plumber - empty, whole, given, (used[many] - used[few]) / (many - few)))
    return rows


def one_report():
    work = pathlib.Path(tempfile.mkdtemp())
    for name in NAMES:
        runs = sorted(cpu([binary, "convert", str(SEED / name), "--format", "json"])[2] for _ in range(20))
        rows = rounds_of(name, work)
        plumber, bare, whole, given, each = (statistics.median(column) for column in zip(*rows))
        processes, as_given, documents = (sorted(r) for r in zip(*((p / w, p / g, b / e) for p, b, w, g, e in rows)))
        print(f"{name[:36]:36} jisseki {runs[0] * 1000:.1f} ms, least of 20 (median {runs[10] * 1000:.1f}); in the rounds {whole * 1000:.1f} ms, as given {given * 1000:.1f}; "
              f"{each * 1000:.1f} ms a document in a batch, tables written")
        print(f"{'':36} pdfplumber {plumber * 1000:.0f} ms; {bare * 1000:.0f} ms without its imports")
        mid = len(rows) // 2
        print(f"{'':36} ratio {processes[mid]:.0f} times, process against process ({processes[0]:.0f}–{processes[-1]:.0f}); as given {as_given[mid]:.0f} ({as_given[0]:.0f}–{as_given[-1]:.0f}); "
              f"{documents[mid]:.0f} times, document against document ({documents[0]:.0f}–{documents[-1]:.0f})")
    shutil.rmtree(work)


def batch():
    work = pathlib.Path(tempfile.mkdtemp())
    try:
        copies(work / "in", n, SEED / "04c_rawcid_90ms_rksj_gaps.pdf", SEED / "06_uplatex_dvipdfmx_nonembedded.pdf")
        size = sum(f.stat().st_size for f in (work / "in").iterdir()) / 1e6
        walls = {1: [], 2: []}
        for k in range(3):
            for jobs in (1, 2):
                out = work / f"out{jobs}"
                shutil.rmtree(out, ignore_errors=True)
                done, wall, used = cpu([binary, "convert", str(work / "in"), "-o", str(out), "--jobs", str(jobs)])
                peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
                walls[jobs].append(wall)
                print(f"{n} files, {size:.1f} MB, --jobs {jobs}: rc {done.returncode}, {wall:.1f} s wall, {used:.1f} s CPU, {n / wall:.0f} documents/s, "
                      f"{size / wall:.2f} MB/s; {n / used:.0f} documents a CPU second; largest process {peak:.0f} MiB")
        ratios = sorted(a / b for a, b in zip(walls[1], walls[2]))
        print(f"two jobs: {ratios[1]:.2f} times one ({', '.join(f'{r:.2f}' for r in ratios)})")
        same = subprocess.run(["diff", "-rq", str(work / "out1"), str(work / "out2")], capture_output=True).returncode == 0
        print(f"outputs of one and two jobs equal: {same}")
    finally:
        shutil.rmtree(work)


one_report()
batch()

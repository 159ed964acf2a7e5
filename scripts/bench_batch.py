#!/usr/bin/env python3
"""Measures a batch: bench_batch.py PATH/TO/jisseki [N]

- One report: CPU of the whole command, the least of 20 runs; what one more report costs inside a batch (worker started, tables written); and
  pdfplumber's extraction of the same tables in the same run, both as a user runs it (imports included) and with the imports left out.
- N (1,000) copies of two 8-page reports, each with a hash of its own: documents and MB a second with one and two jobs, CPU seconds, memory of the
  largest process.
CPU seconds count, since the machine may be shared; walls are printed beside them.
"""
import os
import pathlib
import resource
import shutil
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


def in_a_batch(name, work, few=4, many=44):
    """CPU of one more document in a batch: the difference of two batches over the difference of their files; least of 3."""
    used = {}
    for n in (few, many):
        source = copies(work / f"{name}-{n}", n, SEED / name)
        runs = []
        for k in range(3):
            runs.append(cpu([binary, "convert", str(source), "-o", str(work / f"{name}-{n}-{k}"), "--jobs", "1", "-q"])[2])
        used[n] = min(runs)
    return (used[many] - used[few]) / (many - few)


def one_report():
    work = pathlib.Path(tempfile.mkdtemp())
    empty = min(cpu([sys.executable, "-c", "import pdfplumber"])[2] for _ in range(3))
    print("                                          whole command             imports / start left out")
    for name in NAMES:
        runs = sorted(cpu([binary, "convert", str(SEED / name), "--format", "json"])[2] for _ in range(20))
        each = in_a_batch(name, work)
        whole = min(cpu([sys.executable, "-c", PLUMBER, str(SEED / name)])[2] for _ in range(3))
        bare = whole - empty
        print(f"{name[:36]:36} jisseki {runs[0] * 1000:7.1f} ms (median {runs[10] * 1000:.1f}); {each * 1000:7.1f} ms a document in a batch, tables written")
        print(f"{'':36} pdfplumber {whole * 1000:5.0f} ms; {bare * 1000:7.0f} ms")
        print(f"{'':36} ratio {whole / runs[0]:9.0f} times (process against process); {bare / each:.0f} times (document against document)")
    shutil.rmtree(work)


def batch():
    work = pathlib.Path(tempfile.mkdtemp())
    try:
        copies(work / "in", n, SEED / "04c_rawcid_90ms_rksj_gaps.pdf", SEED / "06_uplatex_dvipdfmx_nonembedded.pdf")
        size = sum(f.stat().st_size for f in (work / "in").iterdir()) / 1e6
        walls = {}
        for jobs in (1, 2):
            out = work / f"out{jobs}"
            done, wall, used = cpu([binary, "convert", str(work / "in"), "-o", str(out), "--jobs", str(jobs)])
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            walls[jobs] = wall
            print(f"{n} files, {size:.1f} MB, --jobs {jobs}: rc {done.returncode}, {wall:.1f} s wall, {used:.1f} s CPU, {n / wall:.0f} documents/s, "
                  f"{size / wall:.2f} MB/s; {n / used:.0f} documents a CPU second; largest process {peak:.0f} MiB")
        print(f"two jobs: {walls[1] / walls[2]:.2f} times one")
        same = subprocess.run(["diff", "-rq", str(work / "out1"), str(work / "out2")], capture_output=True).returncode == 0
        print(f"outputs of one and two jobs equal: {same}")
    finally:
        shutil.rmtree(work)


one_report()
batch()

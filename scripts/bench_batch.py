#!/usr/bin/env python3
"""Measures a batch: bench_batch.py PATH/TO/jisseki [N]

- N (1,000) copies of an 8-page report, each with a hash of its own: documents and MB a second with one and two jobs, CPU seconds, memory of the largest process.
- `convert` of one report: CPU of the whole command, the least of 20 runs; pdfplumber's extraction of the same tables in the same run.
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


def one_report():
    times = {}
    for name in (ONE.name, "06_uplatex_dvipdfmx_nonembedded.pdf", "01_lo_writer_gaps.pdf", "03_chromium_skia_gaps.pdf"):
        runs = [cpu([binary, "convert", str(SEED / name), "--format", "json"])[2] for _ in range(20)]
        times[name] = min(runs)
        print(f"convert {name}: {min(runs) * 1000:.1f} ms CPU (median {sorted(runs)[10] * 1000:.1f})")
    code = "import pdfplumber,sys\nwith pdfplumber.open(sys.argv[1]) as d:\n  print(sum(len(p.extract_tables()) for p in d.pages))"
    empty = min(cpu([sys.executable, "-c", "import pdfplumber"])[2] for _ in range(3))
    for name, own in times.items():
        whole = min(cpu([sys.executable, "-c", code, str(SEED / name)])[2] for _ in range(2))
        print(f"pdfplumber extract_tables {name}: {whole - empty:.2f} s CPU (imports left out): {(whole - empty) / own:.0f} times")


def batch():
    work = pathlib.Path(tempfile.mkdtemp())
    try:
        sources = [str(SEED / "04c_rawcid_90ms_rksj_gaps.pdf"), str(SEED / "06_uplatex_dvipdfmx_nonembedded.pdf")]
        subprocess.run([sys.executable, str(here / "make_copies.py"), str(work / "in"), str(n), *sources], check=True)
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

#!/usr/bin/env python3
"""A batch over hostile files and good ones together: mixed_batch.py PATH/TO/jisseki

Every good file's report must equal the one of its lone run, every file that fails alone must be a row of failures.csv, and the exit code must be 3.
"""
import csv
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

binary = os.path.abspath(sys.argv[1])
shared = pathlib.Path(__file__).resolve().parent.parent.parent / "shared"
if not shared.is_dir():
    print("skipped: no shared corpus")
    sys.exit(0)
work = pathlib.Path(tempfile.mkdtemp())
try:
    inputs = work / "in"
    shutil.copytree(shared / "hostile", inputs / "hostile")
    (inputs / "seed").mkdir()
    for f in (shared / "fixtures/seed").glob("*.pdf"):
        shutil.copy(f, inputs / "seed")
    run = subprocess.run([binary, "convert", str(inputs), "-o", str(work / "out")], capture_output=True)
    failures = {r["path"]: r["code"] for r in csv.DictReader(open(work / "out/failures.csv", encoding="utf-8", newline=""))}
    expected = dict(l.rstrip("\n").split("\t") for l in open(shared / "hostile/manifest.tsv", encoding="utf-8"))
    different, alone_ok, alone_failed, wrong = [], 0, 0, []
    for path in sorted(inputs.rglob("*.pdf")):
        name = path.relative_to(inputs).as_posix()
        alone = subprocess.run([binary, "convert", str(path), "-o", str(work / "alone"), "--fresh"], capture_output=True)
        made = list((work / "alone/reports").glob("*.json")) if (work / "alone/reports").is_dir() else []
        mine = made[0].read_bytes() if made else None
        shutil.rmtree(work / "alone", ignore_errors=True)
        output = work / "out/reports" / pathlib.Path(name).parent
        theirs = [p.read_bytes() for p in output.glob("*.json") if p.name == (path.stem + ".json") or p.name.startswith(path.stem.replace("^", "_") + "~")]
        if mine is not None and mine not in theirs:
            different.append(name)
        failed = alone.returncode != 0
        alone_ok += not failed
        alone_failed += failed
        if failed != (name in failures):
            wrong.append(name)
    bad = [n for n, c in expected.items() if c in ("error", "password") and f"hostile/{n}" not in failures]
    print(f"exit {run.returncode}; inputs {alone_ok + alone_failed}: {alone_ok} good, {alone_failed} failed alone, {len(failures)} rows of failures")
    print(f"reports that differ from the lone run: {len(different)} {different[:5]}")
    print(f"files whose failure differs from the lone run: {len(wrong)} {wrong[:5]}")
    print(f"files that the manifest calls error or password and that are no failure here: {len(bad)} {bad[:10]}")
    print(f"panic text: {b'panicked' in run.stderr}")
    sys.exit(0 if run.returncode == 3 and not different and not wrong else 1)
finally:
    shutil.rmtree(work, ignore_errors=True)

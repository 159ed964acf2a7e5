#!/usr/bin/env python3
"""Makes copies of a PDF that differ in content: make_copies.py FOLDER N FILE.pdf…

Each copy gets a comment of its own behind its last %%EOF, so that its hash, and with it its identifiers, are its own; what is read stays.
"""
import pathlib
import sys

folder, n, files = pathlib.Path(sys.argv[1]), int(sys.argv[2]), [pathlib.Path(f).read_bytes() for f in sys.argv[3:]]
folder.mkdir(parents=True, exist_ok=True)
for i in range(n):
    (folder / f"copy{i:05d}.pdf").write_bytes(files[i % len(files)].rstrip(b"\r\n") + b"\n%% copy %d\n" % i)

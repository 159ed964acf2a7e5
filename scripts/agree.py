#!/usr/bin/env python3
"""Compares the text of any PDFs with three other engines: agree.py PATH/TO/jisseki FILE.pdf…

A page counts where pdftotext, mutool and pdfium agree (bags of characters, pairwise F1 ≥ .98, 20 characters or more); printed are the pages whose best F1 with any
of the three is below .98, and the sums. Look at those pages: text that a viewer doesn't show is left out here and not there.
Needs poppler-utils, mupdf-tools and pypdfium2.
"""
import collections
import subprocess
import sys
import unicodedata

import pypdfium2

SAME = .98
FEWEST = 20
ALIKE = str.maketrans({"~": "〜", "～": "〜", "−": "-", "‑": "-", "‐": "-", "–": "-", "－": "-", "‧": "・", "\u00ad": "-", "’": "'", "‘": "'"})


def bag(text):
    text = unicodedata.normalize("NFKC", text).translate(ALIKE)
    return collections.Counter(c for c in text if not c.isspace() and c != "\ufffd" and unicodedata.category(c)[0] != "C")


def f1(a, b):
    both = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / both if both else 1.0


def pages(command):
    try:
        out = subprocess.run(command, capture_output=True, timeout=120).stdout
    except subprocess.TimeoutExpired:
        return []
    return [bag(page) for page in out.decode("utf-8", "replace").split("\f")]


def main(binary, files):
    asked = below = apart = 0
    for file in files:
        try:
            pdfium = [bag(page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(file)]
        except Exception as error:
            print(f"skipped: {file}: {error}")
            continue
        engines = [pages(["pdftotext", "-raw", file, "-"]), pages(["mutool", "draw", "-q", "-F", "text", file]), pdfium]
        ours = pages([binary, "extract", file, "--format", "text"])
        for i in range(len(pdfium)):
            of = [e[i] if i < len(e) else bag("") for e in engines]
            if sum(of[2].values()) < FEWEST:
                continue
            if min(f1(of[0], of[1]), f1(of[0], of[2]), f1(of[1], of[2])) < SAME:
                apart += 1
                continue
            asked += 1
            best = max(f1(ours[i], o) for o in of) if i < len(ours) else 0.0
            if best < SAME:
                below += 1
                print(f"{best:.3f} page {i + 1} of {file}")
    print(f"{asked} pages on which three engines agree ({apart} where they don't): F1 ≥ {SAME} on {asked - below}, {(asked - below) / max(asked, 1):.4f}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

#!/usr/bin/env python3
"""Compare `convert --format json` with the cells of three real numbered tables (../shared/corpus/nankoku_05, _07, _08).

  nankoku_records.py --bin target/release/jisseki [--show N]

Every record (by its number) and every cell by its header: the fields by role, all other columns from `extra`. White space doesn't count.
Prints a line a file; exit 1 when a cell differs. Python 3.10+, no packages.
"""
import argparse, json, os, re, subprocess, sys

ap = argparse.ArgumentParser()
ap.add_argument("--bin", required=True, help="the jisseki binary, or an example that prints a report (with --raw)")
ap.add_argument("--raw", action="store_true", help="call it as BIN FILE, not as BIN convert FILE --format json")
ap.add_argument("--show", type=int, default=5)
a = ap.parse_args()
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "shared", "corpus")
if not os.path.isdir(root):
    print("skipped: no shared corpus")
    sys.exit(0)


def squash(s):
    return re.sub(r"\s+", "", s or "").replace("〜", "～")


def blocks(bs):
    """The text of blocks, headings with their brackets, as it stood in the cell."""
    out = []
    for b in bs or []:
        out += [f"＜{h}＞" for h in b.get("headings", [])]
        out += [(p.get("marker") or "") + p["text"] for p in b["paragraphs"]]
    return squash("".join(out))


def cell(record, header):
    if header == "番号":
        return squash(record["number_label"])
    if header == "事業名":
        return squash(record["title"]["text"])
    if header == "主管課":
        return squash("".join(d["text"] for d in record["departments"]))
    if header in record["extra"]:
        return blocks(record["extra"][header])
    fields = {"results": "results", "status": "status", "outlook": "outlook"}
    return next((blocks(record[f]) for f in fields if record[f]), None)


bad = 0
for name in ("nankoku_05", "nankoku_07", "nankoku_08"):
    want = json.load(open(os.path.join(root, f"{name}.records.json"), encoding="utf-8"))
    pdf = os.path.join(root, f"{name}.pdf")
    p = subprocess.run([a.bin, pdf] if a.raw else [a.bin, "convert", pdf, "--format", "json"], capture_output=True)
    got = json.loads(p.stdout)
    by_number = {squash(r["number_label"]): r for r in got["initiatives"]}
    cells = right = shown = 0
    for w in want["records"]:
        r = by_number.get(squash(w["number"]))
        for header, text in w["cells"].items():
            cells += 1
            mine = cell(r, header) if r else None
            if mine == squash(text):
                right += 1
            elif shown < a.show:
                shown += 1
                print(f"  {name} {w['number']} {header}\n    got  {mine}\n    want {squash(text)}")
    extra = len(got["initiatives"]) - want["n_records"]
    numbers = [r["number"] for r in got["initiatives"]]
    contiguous = numbers == list(range(1, len(numbers) + 1))
    c = got["coverage"]
    print(f"{name}: records {len(by_number)}/{want['n_records']} ({extra:+d}), cells {right}/{cells}, numbers contiguous {contiguous}, unassigned {c['unassigned']}, other {c['other']}")
    bad += cells - right + abs(extra) + (not contiguous)
sys.exit(1 if bad else 0)

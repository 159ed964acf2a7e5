#!/usr/bin/env python3
"""The reliability curve: what share of the fields is exact in records of each confidence.

  calibration.py --bin target/release/jisseki [--raw] [--list FILE.tsv] [--min .99]

Reads every document with a truth: fixtures/seed, siblings and fictional of this repository, and, where it is there, the shared corpus (seed, siblings,
scale). `--list` adds others: lines of PDF and truth, separated by a tab. With `--raw` the binary is called as BIN FILE. A field is one of a record's
section, label within it, title, axis, items, phases, achievement, departments, results, status and outlook, compared without white space; a record that
the truth does not know, and a true record that was not found, count with all their fields wrong. Exit 1 when records of confidence .95 and more are
exact in less than `--min` of their fields. Python 3.10+, no packages.
"""
import argparse, collections, glob, gzip, json, os, re, subprocess, sys
from concurrent.futures import ThreadPoolExecutor

ap = argparse.ArgumentParser()
ap.add_argument("--bin", required=True)
ap.add_argument("--raw", action="store_true")
ap.add_argument("--list")
ap.add_argument("--min", type=float, default=0.0)
ap.add_argument("--show", type=int, default=0, help="name so many wrong fields of sure records")
a = ap.parse_args()
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
shared = os.path.join(root, "..", "shared", "fixtures")
FIELDS = ["section", "sub_label", "title", "years", "items", "phases", "achievement", "departments", "results", "status", "outlook"]
BINS = [0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 1.01]


def squash(s):
    return re.sub(r"\s+", "", s or "").replace("〜", "～").replace("‑", "-")


def blocks(bs):
    """A block's headings and paragraphs; got and truth have the same keys."""
    def paragraph(p):
        text, marker = squash(p["text"]), squash(p.get("marker") or "")
        return text if text.startswith(marker) else marker + text
    return [([squash(h) for h in b.get("headings") or []], [paragraph(p) for p in b["paragraphs"]]) for b in bs or []]


def got_fields(r):
    s, plan, ach = r.get("section") or {}, r.get("schedule") or {}, r.get("achievement") or {}
    items = plan.get("items") or []
    return {"section": squash(s.get("title")), "sub_label": squash(r.get("sub_label")), "title": squash(r["title"]["text"]),
            "years": plan.get("fiscal_years") or [], "items": [squash(i["text"]).lstrip("□") for i in items],
            "phases": [sorted((squash(p["text"]), p["start_fiscal_year"] or 0, p["end_fiscal_year"] or 0) for p in i["phases"]) for i in items],
            "achievement": (squash(ach.get("text")), ach.get("fiscal_year")), "departments": [squash(d["text"]) for d in r.get("departments") or []],
            "results": blocks(r.get("results")), "status": blocks(r.get("status")), "outlook": blocks(r.get("outlook"))}


def true_fields(w):
    plan, ach = w.get("schedule") or {}, w.get("achievement") or {}
    items = plan.get("items") or []
    return {"section": squash((w.get("section") or {}).get("title")), "sub_label": squash(w.get("circled")), "title": squash(w["title"]),
            "years": plan.get("fiscal_years") or [], "items": [squash(i["text"]).lstrip("□") for i in items],
            "phases": [sorted((squash(p["label"]), p["fy_start"] or 0, p["fy_end"] or 0) for p in i["phases"]) for i in items],
            "achievement": (squash(ach.get("text")), ach.get("fy")), "departments": [squash(d["department"]) for d in w.get("departments") or []],
            "results": blocks(w.get("performance")), "status": blocks(w.get("status")), "outlook": blocks(w.get("issues"))}


def wrong(got, want):
    """Names of the fields that differ. A floating box may add an item that the truth does not list."""
    out = []
    for f in FIELDS:
        g, w = got[f], want[f]
        if f in ("items", "phases"):
            g = g[:len(w)]
        if g != w:
            out.append(f)
    return out


def read(document):
    """Returns, for each record, its confidence and its wrong fields."""
    pdf, truth, password = document
    command = [a.bin, pdf] if a.raw else [a.bin, "convert", pdf, "--format", "json"] + (["--password", password] if password else [])
    p = subprocess.run(command, capture_output=True)
    try:
        records = json.loads(p.stdout)["initiatives"]
    except (ValueError, KeyError):
        return os.path.basename(pdf), []
    with (gzip.open if truth.endswith(".gz") else open)(truth, "rt", encoding="utf-8") as f:
        want = json.load(f)["records"]
    out, used = [], set()
    for w in want:
        same = [i for i, r in enumerate(records) if i not in used and r["number"] == w["number"] and squash(w.get("label") or r["number_label"]) == squash(r["number_label"])]
        if not same:
            continue  # A record that is not there has no confidence: score_records.py counts it.
        used.add(same[0])
        out.append((records[same[0]]["confidence"], wrong(got_fields(records[same[0]]), true_fields(w)), w["number"]))
    out += [(r["confidence"], list(FIELDS), r["number_label"]) for i, r in enumerate(records) if i not in used]
    return os.path.basename(pdf), out


documents = []
seen = set()
for folder in (os.path.join(root, "fixtures", "seed"), os.path.join(shared, "seed")):
    for f in sorted(glob.glob(os.path.join(folder, "*.pdf"))):
        name = os.path.basename(f)
        # No text, half a file, or a password that only the command takes.
        if name[:2] in ("08", "11", "16") or (a.raw and name.startswith("15")) or name in seen:
            continue
        seen.add(name)
        documents.append((f, os.path.join(root, "fixtures/seed/truth.json"), "secret" if name.startswith("15") else None))
for f in sorted(glob.glob(os.path.join(shared, "siblings", "*.pdf"))):
    documents.append((f, os.path.join(root, "fixtures/siblings", os.path.basename(f).split("_")[0] + ".json"), None))
for f in sorted(glob.glob(os.path.join(root, "fixtures/fictional/*.pdf"))):
    documents.append((f, f[:-4] + ".json", None))
for f in sorted(glob.glob(os.path.join(shared, "scale", "*.pdf"))):
    documents.append((f, f[:-4] + ".records.json.gz", None))
if a.list:
    for line in open(a.list, encoding="utf-8"):
        cells = line.rstrip("\n").split("\t")
        if len(cells) >= 2:
            documents.append((cells[0], cells[1], None))

bins = collections.defaultdict(lambda: [0, 0, 0])  # records, exact records, exact fields
shown = 0
with ThreadPoolExecutor(os.cpu_count()) as pool:
    for name, records in pool.map(read, documents):
        for confidence, bad, number in records:
            at = max(i for i, low in enumerate(BINS) if confidence >= low)
            bins[at][0] += 1
            bins[at][1] += not bad
            bins[at][2] += len(FIELDS) - len(bad)
            if bad and confidence >= 0.95 and shown < a.show:
                shown += 1
                print(f"  {name} no. {number} ({confidence}): {', '.join(bad)}")

print(f"{len(documents)} documents, {sum(b[0] for b in bins.values())} records")
print("confidence   records  exact records  exact fields")
for at in sorted(bins):
    n, exact, fields = bins[at]
    print(f"{BINS[at]:.2f}–{min(BINS[at + 1], 1):.2f}   {n:8} {exact / n:13.4f} {fields / n / len(FIELDS):13.4f}")
sure = [b for at, b in bins.items() if BINS[at] >= 0.95]
share = sum(b[2] for b in sure) / max(1, len(FIELDS) * sum(b[0] for b in sure))
print(f"confidence ≥ .95: {sum(b[0] for b in sure)} records, {share:.4f} of their fields exact")
sys.exit(share < a.min)

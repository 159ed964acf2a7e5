#!/usr/bin/env python3
"""Compare the mentions of a converted report with those of its truth file.

  truth_mentions.py --bin target/release/jisseki TRUTH.json FILE.pdf…

Every mention that truth.json lists for a record must be found in the same record's JSON with the same value: quantity, fiscal_year, month_range, month,
whole_year, comparison, relative_fiscal_year, date_range, ordinal, point, reference. A relative year that no text resolves (fy null) must not be given a
year. Python 3.10+, no packages. Without the shared corpus it says so and ends with 0.
"""
import argparse, collections, json, os, subprocess, sys

ap = argparse.ArgumentParser()
ap.add_argument("--bin", required=True); ap.add_argument("--show", type=int, default=10); ap.add_argument("--min", type=float, default=0.0)
ap.add_argument("truth", nargs="?"); ap.add_argument("files", nargs="*")
a = ap.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "../../shared/fixtures/seed")
truth_path = a.truth or os.path.join(folder, "truth.json")
if not os.path.exists(truth_path):
    print("skipped: no shared corpus"); sys.exit(0)
SKIP = ("11_scan", "15_aes", "16_trunc")  # no text layer, a password, half a file: what they hold is measured elsewhere
files = a.files or sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.endswith((".pdf", ".txt")) and not f.startswith(SKIP))
truth = json.load(open(truth_path, encoding="utf-8"))
squeeze = lambda s: "".join(s.split()).replace("\u301c", "～")  # one spelling of the wave dash

def mentions_of(record):
    """The lists of mentions of a record: one a block (its own and its paragraphs', whose ids are of one list) and one a field."""
    lists = []
    def walk(o):
        if isinstance(o, dict):
            own = list(o.get("mentions") or [])
            for p in o.get("paragraphs") or []: own += p.get("mentions") or []
            if own: lists.append(own)
            for k, v in o.items():
                if k not in ("mentions", "paragraphs"): walk(v)
        elif isinstance(o, list):
            for v in o: walk(v)
    walk(record)
    return lists

def number(s): return float(s)

def same_words(t, m):
    """A mention's words hold the truth's or lie in them: 計７事業 and ７事業. Of a comparison the metric and the points are compared instead."""
    words, found = squeeze(t["source"]), squeeze(m["text"])
    return t["type"] == "comparison" or words in found or found in words

def amount_of(m):
    v = m["value"]
    if v["kind"] in ("count", "quantity", "money", "percent", "percent_point"):
        unit = {"count": v.get("counter"), "money": "円", "percent": "％", "percent_point": "ポイント"}.get(v["kind"], v.get("ucum"))
        return number(v["number"]["value"]), unit
    if v["kind"] == "duration":
        iso = v["iso"]
        return (float(iso[1:-1]), "年") if iso.startswith("P") and iso.endswith("Y") and iso[1:-1].isdigit() else None
    return None

def matches(t, m, by_id):
    v, kind = m["value"], t["type"]
    when = v.get("when") or {}
    if kind == "quantity": return amount_of(m) == (float(t["value"]), t["unit"])
    if kind in ("fiscal_year", "relative_fiscal_year"): return v["kind"] == "fiscal_year" and v["fy"] == t["fy"]
    if kind == "whole_year": return v["kind"] == "fiscal_part" and v["part"] == "full" and when.get("edtf") == f"{t['start']}-01/{t['end']}-31"
    if kind == "month": return v["kind"] in ("month", "date") and when.get("edtf") == t["value"]
    if kind in ("month_range", "date_range"):
        return v["kind"] == "range" and v["edtf"] == f"{t['start'] or '..'}/{t['end'] or '..'}"
    if kind == "ordinal": return v["kind"] == "ordinal" and number(v["number"]["value"]) == t["value"]
    if kind == "point": return v["kind"] == "fiscal_part" and when.get("edtf") == t["value"]
    if kind == "reference": return v["kind"] == "ordinal" and squeeze(m["norm"]) == squeeze(t["value"])
    if kind == "comparison":
        if v["kind"] != "comparison" or not squeeze(t.get("metric") or "").endswith(squeeze(v.get("metric") or "")): return False
        got = []
        for p in v["points"]:
            w = by_id.get(p.get("when") or "")
            fy = (w["value"].get("fy") if w else None) or ((w["value"].get("when") or {}).get("fy") if w else None)
            amounts = [amount_of(by_id[i]) for i in p["amounts"] if i in by_id]
            got.append((fy, amounts))
        if len(got) != len(t["points"]): return False
        for (fy, amounts), p in zip(got, t["points"]):
            if p.get("fy") is not None and fy != p["fy"]: return False
            if "value" in p and (not amounts or amounts[0] != (float(p["value"]), p["unit"])): return False
        return True
    return False

total = collections.Counter(); failed = False
for path in files:
    p = subprocess.run([a.bin, "convert", path, "--format", "json"], capture_output=True)
    if p.returncode and not p.stdout:
        print(f"{os.path.basename(path)}: convert ended with {p.returncode}: {p.stderr.decode()[:200]}"); failed = True; continue
    report = json.loads(p.stdout)
    records = {r.get("number"): r for r in report["initiatives"]}
    ok, n, bad, kinds = 0, 0, [], collections.Counter()
    for record in truth["records"]:
        lists = mentions_of(records.get(record["number"], {}))
        pool = [(m, {x["id"]: x for x in one}) for one in lists for m in one]
        used = set()
        for t in record["mentions"]:
            if t["type"] == "relative_fiscal_year" and t["fy"] is None:
                claimed = any(squeeze(m["text"]) == squeeze(t["source"]) and m["value"].get("fy") for m, _ in pool)
                good = not claimed
            else:
                hit = next((i for i, (m, ids) in enumerate(pool) if i not in used and same_words(t, m) and matches(t, m, ids)), None)
                good = hit is not None
                if good: used.add(hit)
            n += 1; ok += good; kinds[t["type"], good] += 1
            if not good: bad.append((record["number"], t["type"], t["source"], t.get("value", t.get("fy", t.get("start")))))
    print(f"{os.path.basename(path)}: {ok}/{n}")
    for b in bad[: a.show]: print("   ", *b)
    total["ok"] += ok; total["n"] += n
share = total["ok"] / max(total["n"], 1)
print(f"all: {total['ok']}/{total['n']} ({share:.4f})")
sys.exit(failed or share < a.min)

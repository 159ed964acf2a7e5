#!/usr/bin/env python3
"""Writes the tokyo_kv set anew with the counts that stand under the names.

  scripts/kv_truth.py shared/tables OUT

Two of the twelve lists name what the page shows; the others skip every other name but no count, so that a name gets a neighbour's. The rule here:
a name's count is the number printed below it, at most 24 pt down, nearest to its center (columns are 39 pt apart), as `pdftotext -bbox` places
the words, a reader that has no part in this project. Names that it does not find whole are left out of both lists.
"""
import json, os, re, subprocess, sys, xml.etree.ElementTree as ET

source, out = sys.argv[1:]
manifest = [m for m in json.load(open(f"{source}/manifest.json")) if m["family"] == "tokyo_kv"]
os.makedirs(f"{out}/tokyo_kv", exist_ok=True)
kept = same = 0
for m in manifest:
    pdf = os.path.join(source, m["pdf"])
    truth = json.load(open(os.path.join(source, m["gt"])))
    xml = subprocess.run(["pdftotext", "-bbox", "-l", "1", pdf, "-"], capture_output=True, text=True).stdout
    xml = re.sub(r"&(?!amp;|lt;|gt;|quot;|#)", "&amp;", xml)
    words = [(w.text or "", *(float(w.get(k)) for k in ("xMin", "yMin", "xMax", "yMax")))
             for w in ET.fromstring(xml).iter("{http://www.w3.org/1999/xhtml}word")]
    given = dict(truth["pairs"])
    pairs = []
    for name in given:
        for text, x0, y0, x1, y1 in words:
            if text != name:
                continue
            center = (x0 + x1) / 2
            below = [(abs((a + c) / 2 - center), t) for t, a, b, c, d in words
                     if re.fullmatch(r"[\d,]+", t) and 0 < (b + d) / 2 - (y0 + y1) / 2 < 24 and abs((a + c) / 2 - center) < 19.5]
            if below:
                pairs.append([name, min(below)[1].replace(",", "")])
                break
    kept += len(pairs)
    same += sum(given[k] == v for k, v in pairs)
    json.dump({**truth, "pairs": pairs}, open(f"{out}/{m['gt']}", "w"), ensure_ascii=False)
    link = f"{out}/{m['pdf']}"
    if not os.path.exists(link):
        os.symlink(os.path.abspath(pdf), link)
json.dump(manifest, open(f"{out}/manifest.json", "w"))
print(f"tokyo_kv: {kept} names found with a count below them; the list names the same count for {same}")

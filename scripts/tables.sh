#!/usr/bin/env bash
# Score `jisseki tables` and its peers on tables with known cells.
#   scripts/tables.sh target/release/jisseki [pdfplumber,tablers,camelot,camelot_vector,pymupdf]
# Needs the folder `shared` beside the checkout, Python 3.10+, `pip install rapidfuzz`, pdftotext and the peers asked for.
set -euo pipefail
bin=${1:?the binary}
peers=${2:-}
shared="$(cd "$(dirname "$0")/.." && pwd)/../shared"
[ -d "$shared/tables" ] || { echo "skipped: no shared corpus"; exit 0; }
python3 "$shared/tools/score_tables.py" --bin "$bin" --peers "$peers"
# The same key/value pages against the counts that stand under the names (the lists of ten of the twelve files are shifted).
kv=$(mktemp -d); trap 'rm -rf "$kv"' EXIT
python3 "$(dirname "$0")/kv_truth.py" "$shared/tables" "$kv"
python3 "$shared/tools/score_tables.py" --bin "$bin" --peers "$peers" --set "$kv" --family tokyo_kv
# The real tables of the corpus: every cell's text, in any order, page by page.
python3 - "$bin" "$shared/corpus" <<'PY'
import glob, json, subprocess, sys, unicodedata
from collections import Counter
binary, corpus = sys.argv[1:]
squash = lambda t: "".join(unicodedata.normalize("NFKC", t or "").split())
for truth in sorted(glob.glob(f"{corpus}/*.cells.json")):
    want = Counter((t["page"], squash(c)) for t in json.load(open(truth)) for r in t["rows"] for c in r if squash(c))
    out = subprocess.run([binary, "tables", truth.replace(".cells.json", ".pdf")], capture_output=True)
    got = Counter()
    def walk(t):
        for c in t["cells"]:
            if squash(c["text"]): got[t["page"], squash(c["text"])] += 1
            for n in c["tables"]: walk(n)
    for t in json.loads(out.stdout)["tables"]: walk(t)
    both = sum((want & got).values())
    name = truth.rsplit("/", 1)[-1]
    print(f"{name:28} cells {both}/{sum(want.values())}  more {sum((got - want).values())}")
PY

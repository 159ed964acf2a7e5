#!/usr/bin/env bash
# Runs the batch torture and the injection check: scripts/batch_torture.sh PATH/TO/jisseki [KILLS]
# Every line must say PASS (SKIP only where a file system cannot be mounted).
set -euo pipefail
bin=$(realpath "${1:?path of the jisseki program}"); kills=${2:-100}
shared=$(realpath "$(dirname "$0")/../../shared" 2>/dev/null || true)
if [ ! -d "$shared/tools" ]; then echo "skipped: no shared corpus"; exit 0; fi
f=$shared/fixtures; status=0
pdfs=$f/seed/04c_rawcid_90ms_rksj_gaps.pdf,$f/siblings/R1_raw.pdf,$f/siblings/H30_raw.pdf,$f/seed/06_uplatex_dvipdfmx_nonembedded.pdf
poison=$shared/hostile/enc_aes_256_user.pdf,$shared/hostile/html_named.pdf,$shared/hostile/pagetree_self.pdf
python3 "$shared/tools/batch_torture.py" --cmd "$bin convert {in} -o {out} --jobs {jobs}" --pdfs "$pdfs" --kills "$kills" --poison "$poison" \
  --out-re '\.(json|txt|csv|jsonl)$' || status=1
# All formats, in threads: the same promises.
python3 "$shared/tools/batch_torture.py" --cmd "$bin convert {in} -o {out} --jobs {jobs} --formats all --isolate=never" --pdfs "$pdfs" --good 12 \
  --kills "$((kills / 5))" --out-re '\.(json|txt|csv|jsonl|parquet)$' || status=1

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir "$work/in"; cp "$shared/hostile/inject_payloads.pdf" "$work/in/"; cp "$f/seed/04c_rawcid_90ms_rksj_gaps.pdf" "$work/in/=1+1.pdf"
"$bin" convert "$work/in" -o "$work/out" --formats all 2>"$work/log" >/dev/null || true
"$bin" convert "$shared/hostile/inject_payloads.pdf" --format json >"$work/one.json" 2>>"$work/log" || true
python3 -c "import sqlite3,sys; print('\n'.join(sqlite3.connect(sys.argv[1]).iterdump()))" "$work/out/package.sqlite" >"$work/dump.sql"
arguments=()
for csv in "$work"/out/excel/*.csv; do arguments+=(--csv "$csv"); done
for json in "$work"/out/reports/*.json "$work/out/datapackage.json" "$work/out/csv-metadata.json" "$work/out/initiatives.jsonl" "$work/one.json"; do arguments+=(--json "$json"); done
python3 "$shared/tools/inject_check.py" "${arguments[@]}" --log "$work/log" --sql "$work/dump.sql" || status=1
exit $status

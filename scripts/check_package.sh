#!/usr/bin/env bash
# Makes a 40-file package and feeds it to other tools: scripts/check_package.sh PATH/TO/jisseki
set -uo pipefail
bin=$(realpath "${1:?path of the jisseki program}"); here=$(realpath "$(dirname "$0")")
shared=$(realpath "$here/../../shared" 2>/dev/null || true)
if [ ! -d "$shared/fixtures" ]; then echo "skipped: no shared corpus"; exit 0; fi
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 "$here/make_copies.py" "$work/in" 34 "$shared/fixtures/seed/04c_rawcid_90ms_rksj_gaps.pdf"
cp "$shared"/fixtures/siblings/*.pdf "$shared/fixtures/seed/01_lo_writer_gaps.pdf" "$shared/fixtures/seed/03_chromium_skia_gaps.pdf" "$work/in/"
"$bin" convert "$work/in" -o "$work/out" --formats all || echo "convert ended with $?"
status=0
run() { echo "== $*"; "$@" || { echo "FAIL $1"; status=1; }; }
e=$here/../examples
run "$e/frictionless.sh" "$work/out"
if command -v csvwvalidate >/dev/null; then run "$e/csvw.sh" "$work/out"; else echo "skipped: no csvwvalidate"; fi
run python3 "$e/duckdb_join.py" "$work/out"
run python3 "$e/dataframes.py" "$work/out"
run python3 "$e/sqlite_queries.py" "$work/out"
run python3 "$e/huggingface.py" "$work/out"
run python3 "$e/xlsx_equals_csv.py" "$work/out"
run python3 "$e/json_schema.py" "$bin" "$work/out"
run "$bin" check --rules jp-2026 "$work/out"
[ $status = 0 ] && echo "all hold"
exit $status

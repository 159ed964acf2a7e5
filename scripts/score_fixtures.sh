#!/usr/bin/env bash
# Scores the records of every recreation of the first target document, and of its siblings, against their truths.
#   scripts/score_fixtures.sh [PATH/TO/jisseki]
# Needs ../shared (fixtures and tools/score_records.py) beside the repository and Python 3.
set -uo pipefail
cd "$(dirname "$0")/.."
binary=${1:-target/release/jisseki}
shared=../shared
[ -f $shared/tools/score_records.py ] || { echo "skipped: no shared corpus"; exit 0; }
out=$(mktemp -d); trap 'rm -rf "$out"' EXIT
failed=0

score() { # file truth [options of score_records.py …]
  local file=$1 truth=$2 report; shift 2
  report=$out/$(basename "$file").json
  local password=(); [[ $file == *15_aes256* ]] && password=(--password secret)
  "$binary" convert "$file" --format json "${password[@]}" >"$report" 2>"$out/err" || { printf '%-46s failed: %s\n' "$(basename "$file")" "$(head -1 "$out/err")"; failed=1; return; }
  local line; line=$(python3 $shared/tools/score_records.py "$report" "$truth" --min 0.97 "$@" | grep -E '^(exact|character)' | tr '\n' ' ')
  local unassigned; unassigned=$(python3 -c 'import json,sys; c=json.load(open(sys.argv[1]))["coverage"]; print(c["unassigned"])' "$report")
  printf '%-46s %s unassigned %s\n' "$(basename "$file")" "$line" "$unassigned"
}

seed=$shared/fixtures/seed
for file in $seed/{01,03,04,04c,06,09,12,15}_*.pdf; do score "$file" $seed/truth.json; done
score $seed/seed.txt $seed/truth.json --no-phases
for name in H30 R1; do
  for kind in raw html; do score $shared/fixtures/siblings/${name}_$kind.pdf $shared/fixtures/siblings/$name.json; done
done
score $shared/fixtures/scale/scale_110_typst.pdf $shared/fixtures/scale/scale_110_typst.records.json.gz
score $shared/fixtures/scale/scale_1100_raw.pdf $shared/fixtures/scale/scale_1100_raw.records.json.gz
exit $failed

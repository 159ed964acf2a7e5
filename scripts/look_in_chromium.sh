#!/usr/bin/env bash
# Opens the HTML of `jisseki look` in a headless Chromium: scripts/look_in_chromium.sh PATH/TO/jisseki [PICTURES_FOLDER]
# Checks that the script runs under its policy, that `#2/results` lights that field and its boxes, and that hostile text stays text.
set -uo pipefail
bin=$(realpath "${1:?path of the jisseki program}"); pictures=${2:-}
here=$(realpath "$(dirname "$0")"); fixtures=$here/../fixtures; shared=$(realpath "$here/../../shared" 2>/dev/null || true)
chromium=$(command -v chromium || true)
if [ -z "$chromium" ]; then echo "skipped: no chromium"; exit 0; fi
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
status=0
browser() { timeout 120 "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
  --disable-sync --user-data-dir="$work/profile" --enable-logging=stderr --virtual-time-budget=4000 "$@" 2>"$work/log"; }
say() { if [ "$1" = 0 ]; then echo "PASS $2"; else echo "FAIL $2"; status=1; fi; }

"$bin" look "$fixtures/seed/04c_rawcid_90ms_rksj_gaps.pdf" -o "$work/one.html"; say $? "look writes a file"
browser --dump-dom "file://$work/one.html#2/results" >"$work/dom"
grep -q 'Content Security Policy\|Refused to' "$work/log"; say $((! $?)) "nothing is refused by the policy"
grep -q 'Uncaught' "$work/log"; say $((! $?)) "the script has no fault"
lit=$(grep -o '<rect class="f-results[^"]* on"' "$work/dom" | wc -l); [ "$lit" -ge 1 ]; say $? "#2/results lights its boxes ($lit)"
grep -o '<p class="[^"]*on[^"]*"[^>]*>' "$work/dom" | grep -q 'data-v' ; say $? "and its value"
grep -q 'class="no-cells' "$work/dom"; say $? "layers that are off are off"
if [ -f "$shared/hostile/inject_payloads.pdf" ]; then
  "$bin" look "$shared/hostile/inject_payloads.pdf" -o "$work/bad.html" 2>/dev/null
  browser --dump-dom "file://$work/bad.html" >"$work/dom"
  n=$(grep -o '<script' "$work/dom" | wc -l); [ "$n" = 1 ]; say $? "hostile text adds no script"
  grep -qE '<(img|iframe|object|embed|a|form|link)\b' "$work/dom"; say $((! $?)) "and no element that loads or leads anywhere"
fi
if [ -n "$pictures" ]; then
  mkdir -p "$pictures"
  browser --window-size=1600,1000 --screenshot="$pictures/look.png" "file://$work/one.html#2/results"
  browser --window-size=1600,1000 --blink-settings=preferredColorScheme=0 --screenshot="$pictures/look-dark.png" "file://$work/one.html#5/status"
fi
exit $status

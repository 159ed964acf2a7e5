#!/usr/bin/env bash
# The action's one step: check and diff a new release, annotate, write the job's summary. Reads its inputs from the environment (action.yml).
set -uo pipefail

jisseki="${JISSEKI:-jisseki}"
summary="${GITHUB_STEP_SUMMARY:-/dev/stdout}"
output="${GITHUB_OUTPUT:-/dev/null}"
lang=(--lang "${REPORT_LANG:-ja}")
fail_on=(--fail-on "${FAIL_ON:-error}")
worst=0

# Runs a command; 1 (something found) is remembered, anything graver ends the step.
run() {
  "$@"
  local code=$?
  if [ "$code" -gt 1 ]; then
    echo "::error title=jisseki::ended with $code: ${*:1:2}"
    exit "$code"
  fi
  if [ "$code" -eq 1 ]; then worst=1; fi
  return 0
}

check=(check "$NEW")
if [ -n "${BASELINE:-}" ]; then check+=(--baseline "$BASELINE"); fi
if [ -n "${OLD:-}" ] && [ -f "$OLD" ]; then check+=(--previous "$OLD"); fi
run "$jisseki" "${lang[@]}" "${check[@]}" "${fail_on[@]}" --format github
run "$jisseki" "${lang[@]}" "${check[@]}" --fail-on never --format markdown >> "$summary"

if [ -n "${OLD:-}" ]; then
  diff=(diff "$OLD" "$NEW")
  if [ -n "${ACCEPT:-}" ]; then diff+=(--accept "$ACCEPT"); fi
  if [ -n "${REGISTRY:-}" ]; then diff+=(--registry "$REGISTRY"); fi
  run "$jisseki" "${lang[@]}" "${diff[@]}" "${fail_on[@]}" --format github
  run "$jisseki" "${lang[@]}" "${diff[@]}" --fail-on never --format markdown >> "$summary"
  run "$jisseki" "${lang[@]}" "${diff[@]}" --fail-on never --format html --output "${HTML:-jisseki-diff.html}"
  changed=false
  "$jisseki" "${diff[@]}" --fail-on info --format github > /dev/null 2>&1 || changed=true
  { echo "changed=$changed"; echo "html=${HTML:-jisseki-diff.html}"; } >> "$output"
fi

exit "$worst"

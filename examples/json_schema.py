#!/usr/bin/env python3
"""Validates every report of a package against `jisseki schema` with an independent validator (Draft 2020-12)."""
import json
import pathlib
import subprocess
import sys

import jsonschema

schema = json.loads(subprocess.run([sys.argv[1], "schema"], check=True, capture_output=True).stdout)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
wrong = 0
reports = sorted(pathlib.Path(sys.argv[2]).glob("reports/**/*.json"))
for path in reports:
    for error in validator.iter_errors(json.loads(path.read_text(encoding="utf-8"))):
        wrong += 1
        if wrong <= 5:
            print(f"  {path.name}: {error.json_path}: {error.message[:120]}")
titles = sum("title" in json.dumps(d, ensure_ascii=False) for d in schema.get("$defs", {}).values())
print(f"reports: {len(reports)}, errors: {wrong}; definitions with titles: {titles} of {len(schema.get('$defs', {}))}")
sys.exit(1 if wrong or not reports else 0)

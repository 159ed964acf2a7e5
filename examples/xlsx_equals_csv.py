#!/usr/bin/env python3
"""Opens the workbook in LibreOffice (headless), saves it again, and compares every cell with the CSV files."""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import openpyxl

folder = pathlib.Path(sys.argv[1])
work = pathlib.Path(tempfile.mkdtemp())
command = ["soffice", "--headless", f"-env:UserInstallation=file://{work}/profile", "--convert-to", "ods:calc8", "--outdir", str(work), str(folder / "package.xlsx")]
subprocess.run(command, check=True, capture_output=True, timeout=600)
back = ["soffice", "--headless", f"-env:UserInstallation=file://{work}/profile", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(work), str(work / "package.ods")]
subprocess.run(back, check=True, capture_output=True, timeout=600)
book = openpyxl.load_workbook(work / "package.xlsx")
# A headless LibreOffice has no view, so it saves no frozen pane: that is read from the workbook itself.
original = openpyxl.load_workbook(folder / "package.xlsx")
package = json.load(open(folder / "datapackage.json", encoding="utf-8"))


def shown(value):
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


wrong = cells = 0
for resource in package["resources"]:
    if resource["name"] == "columns":
        continue
    sheet = book[resource["title"]]
    with open(folder / resource["path"], encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file))
    width = len(expected[0])
    rows = [[shown(c.value) for c in row[:width]] for row in sheet.iter_rows(min_row=1, max_row=len(expected), max_col=width)]
    for e, g in zip(expected, rows, strict=True):
        for a, b in zip(e, g, strict=True):
            cells += 1
            if a != b and (number(a) is None or number(a) != number(b)):
                wrong += 1
                if wrong <= 5:
                    print(f"  {resource['name']}: CSV {a!r}, LibreOffice {b!r}")
    frozen, filtered = original[sheet.title].freeze_panes, sheet.auto_filter.ref
    print(f"{sheet.title}: {len(expected) - 1} rows, frozen at {frozen}, filter {filtered}")
    wrong += frozen != "A2"
print(f"cells: {cells}, different: {wrong}")
sys.exit(1 if wrong else 0)

#!/usr/bin/env python3
"""Checks keys and references of the SQLite file and asks it a question. `datasette package.sqlite` shows the same in a browser."""
import sqlite3
import sys

db = sqlite3.connect(f"file:{sys.argv[1]}/package.sqlite?mode=ro", uri=True)
broken = db.execute("pragma foreign_key_check").fetchall()
integrity = db.execute("pragma integrity_check").fetchall()
print(f"foreign_key_check: {len(broken)} broken; integrity_check: {integrity[0][0]}")
for (name,) in db.execute("select name from sqlite_master where type = 'table' order by name").fetchall():
    print(f"  {name}: {db.execute(f'select count(*) from {chr(34)}{name}{chr(34)}').fetchone()[0]} rows")
print("phases by kind and year:")
for row in db.execute(
    "select c.label_ja, s.start_fiscal_year, count(*) from schedule s join codes c "
    "on c.\"table\" = 'schedule' and c.\"column\" = 'phase_code' and c.code = s.phase_code group by 1, 2 order by 3 desc limit 5"
):
    print("  ", row)
sys.exit(1 if broken or integrity != [("ok",)] else 0)

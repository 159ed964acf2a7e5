#!/usr/bin/env python3
"""Joins initiatives, schedule and mentions with DuckDB, from Parquet and from CSV: the answers must be equal."""
import json
import sys

import duckdb

folder = sys.argv[1]
QUERY = """
select i.section_no, i.number, i.title, s.phase_code, s.start_fiscal_year, s.end_fiscal_year,
       count(m.mention_id) as mentions, sum(m.value) filter (m.kind = 'money') as yen, min(m.date_start) as first_day
from {initiatives} i
left join {schedule} s using (record_id)
left join {mentions} m using (record_id)
group by all order by all
"""


def answer(source):
    names = {name: source.format(folder=folder, name=name) for name in ("initiatives", "schedule", "mentions")}
    return duckdb.connect().sql(QUERY.format(**names)).fetchall()


parquet = answer("'{folder}/parquet/{name}.parquet'")
# The types of the CSV columns are those of the package; nothing is guessed from values.
package = json.load(open(f"{folder}/datapackage.json", encoding="utf-8"))
SQL = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}


def csv_source(name):
    fields = next(r for r in package["resources"] if r["name"] == name)["schema"]["fields"]
    columns = ", ".join(f"'{f['name']}': '{SQL[f['type']]}'" for f in fields)
    return f"read_csv('{folder}/{name}.csv', header=true, columns={{{columns}}})"


csv = duckdb.connect().sql(QUERY.format(**{n: csv_source(n) for n in ("initiatives", "schedule", "mentions")})).fetchall()
print(f"rows: {len(parquet)}; Parquet = CSV: {parquet == csv}")
for row in parquet[:3]:
    print("  ", row)
sys.exit(0 if parquet == csv else 1)

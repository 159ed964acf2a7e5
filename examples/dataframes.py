#!/usr/bin/env python3
"""Reads the JSONL and the Parquet with pandas and polars: the same initiatives in each."""
import sys

import pandas
import polars

folder = sys.argv[1]
lines = pandas.read_json(f"{folder}/initiatives.jsonl", lines=True, dtype={"source_sha256": str})
frame = polars.read_ndjson(f"{folder}/initiatives.jsonl", infer_schema_length=None)
table = polars.read_parquet(f"{folder}/parquet/initiatives.parquet")
print(f"initiatives: pandas {len(lines)}, polars JSONL {frame.height}, polars Parquet {table.height}")
ids = [list(lines["record_id"]), frame["record_id"].to_list(), table["record_id"].to_list()]
titles = [[t["text"] for t in lines["title"]], frame["title"].struct.field("text").to_list()]
by_status = table.group_by("achievement_status").len().sort("achievement_status")
print(by_status)
mentions = pandas.read_parquet(f"{folder}/parquet/mentions.parquet")
blocks = pandas.read_parquet(f"{folder}/parquet/text_blocks.parquet")
# Every span points into the text of its paragraph.
key = ["record_id", "field", "block_no", "seq"]
joined = mentions.dropna(subset=["seq"]).merge(blocks[key + ["text"]], on=key, suffixes=("", "_block"))
wrong = joined[[t[a:b] != m for t, a, b, m in zip(joined["text_block"], joined["span_start"], joined["span_end"], joined["text"])]]
print(f"mentions: {len(mentions)}, in paragraphs {len(joined)}, spans that miss their text: {len(wrong)}")
sys.exit(0 if ids[0] == ids[1] == ids[2] and titles[0] == titles[1] and wrong.empty else 1)

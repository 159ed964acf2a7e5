#!/usr/bin/env python3
"""Loads the package with Hugging Face datasets: the folder by its card, the Parquet, and the JSONL. Nothing is fetched."""
import os
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HOME", tempfile.mkdtemp())
from datasets import load_dataset

folder = sys.argv[1]
by_card = load_dataset(folder, "initiatives", split="train")
parquet = load_dataset("parquet", data_files=f"{folder}/parquet/initiatives.parquet", split="train")
blocks = load_dataset(folder, "text_blocks", split="train")
print(f"initiatives by the card: {by_card.num_rows}; by Parquet: {parquet.num_rows}; text blocks: {blocks.num_rows}")
same = by_card["record_id"] == parquet["record_id"] if isinstance(by_card["record_id"], list) else list(by_card["record_id"]) == list(parquet["record_id"])
lines = load_dataset("json", data_files=f"{folder}/initiatives.jsonl", split="train")
print(f"initiatives by JSONL: {lines.num_rows}; columns: {', '.join(lines.column_names)}")
sys.exit(0 if same and lines.num_rows == parquet.num_rows else 1)

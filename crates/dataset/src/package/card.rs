//! `README.md`: the card of the data set, with the front matter that data hubs read.

use super::Written;
use crate::tables;
use std::fmt::Write as _;

/// Returns the card.
pub(super) fn card(files: &[Written], row_counts: &[u64]) -> String {
    let has = |name: &str| files.iter().any(|f| f.path == name);
    let mut out = String::from("---\nlanguage:\n- ja\npretty_name: 年度実績の具体的取組データ\ntags:\n- government\n- japan\nconfigs:\n");
    for table in tables().iter().filter(|t| has(&format!("{}.csv", t.name))) {
        let default = if table.name == "initiatives" { "\n  default: true" } else { "" };
        let _ = writeln!(out, "- config_name: {0}\n  data_files: {0}.csv{default}", table.name);
    }
    out.push_str("---\n\n# 年度実績の具体的取組データ\n\n");
    out.push_str(
        "公共団体が公表した年度実績のPDFから `jisseki` が読み取った表です。元のPDFの著作権と利用条件は公表した団体に従います。\n\
         Tables read by `jisseki` from PDFs in which Japanese public bodies publish a year's results; rights and terms are those of each publisher.\n\n\
         ## 表\n\n| ファイル | 名称 | 行数 | 内容 |\n|---|---|---:|---|\n",
    );
    for (table, rows) in tables().iter().zip(row_counts).filter(|(t, _)| has(&format!("{}.csv", t.name))) {
        let _ = writeln!(out, "| {}.csv | {} | {rows} | {} |", table.name, table.title_ja, table.description_ja);
    }
    out.push_str(
        "\n列の意味は `columns.csv`、コードの意味は `codes.csv`、機械向けの定義は `datapackage.json`（Data Package v2）と `csv-metadata.json`（CSVW）にあります。\n\n\
         ## 書式\n\nUTF-8（BOMなし）、LF、RFC 4180。空欄は値がないことを表し、0とは異なります。年度は西暦（4月始まり）、日付は YYYY-MM-DD、単位は別の列、\n\
         座標はポイント（ページ左上が原点、y は下向き）です。全ての値は `places.csv` で元のページと位置にたどれます。\n",
    );
    out
}

//! Writes a package of all formats from report JSON files: `cargo run -p jisseki-dataset --example package -- OUT REPORT.json…`

use jisseki_dataset::{Collisions, Format, Item, PackageOptions, PackageWriter, initiatives_to_jsonl, report_from_json, report_to_rows};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let out = args.next().ok_or("no output folder")?;
    std::fs::create_dir_all(&out)?;
    let formats = vec![Format::Jsonl, Format::Csv, Format::Parquet, Format::Sqlite, Format::Xlsx, Format::ExcelCsv];
    let mut writer = PackageWriter::create(Path::new(&out), PackageOptions { formats, tag: "example".into() })?;
    let mut seen = Collisions::default();
    for path in args {
        let report = report_from_json(&std::fs::read(path)?)?;
        if let Some(id) = seen.admit(&report) {
            writer.add(&[Item { rows: report_to_rows(&report, &id), lines: initiatives_to_jsonl(&report) }])?;
        }
    }
    writer.finish(&[])?;
    Ok(())
}

//! Writes a package of all formats from report JSON files: `cargo run -p jisseki-dataset --example package -- OUT REPORT.json…`

use jisseki_dataset::{Collisions, Format, PackageOptions, PackageWriter, report_from_json, report_to_item};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let out = args.next().ok_or("no output folder")?;
    std::fs::create_dir_all(&out)?;
    let formats = vec![Format::Jsonl, Format::Csv, Format::Parquet, Format::Sqlite, Format::Xlsx, Format::ExcelCsv];
    let mut writer = PackageWriter::create(Path::new(&out), PackageOptions { formats: formats.clone(), tag: "example".into() })?;
    let mut seen = Collisions::default();
    for path in args {
        let report = report_from_json(&std::fs::read(path)?)?;
        if let Some(id) = seen.admit(&report.document.document_id, &report.document.source.sha256) {
            writer.add(&[report_to_item(&report, &id, &formats)])?;
        }
    }
    writer.finish(&[])?;
    Ok(())
}

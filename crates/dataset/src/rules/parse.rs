//! CSV text to records with their lines, tolerant, noting each fault against RFC 4180.

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldText {
    pub(super) text: String,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// Line on which it starts, from 1.
    pub(super) line: u64,
    pub(super) fields: Vec<FieldText>,
}

/// Records and faults.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) records: Vec<Record>,
    /// Line, and what is wrong there in English and Japanese.
    pub(super) faults: Vec<(u64, (&'static str, &'static str))>,
    pub(super) crlf: usize,
    pub(super) lf: usize,
    separator: char,
}

/// Reads records; a fault never stops it.
pub(super) fn parse_csv(text: &str, separator: char) -> Parsed {
    let mut out = Parsed { separator, ..Parsed::default() };
    let mut chars = text.chars().peekable();
    let mut line = 1;
    while chars.peek().is_some() {
        let record = read_record(&mut chars, &mut line, &mut out);
        out.records.push(record);
    }
    if out.crlf > 0 && out.lf > 0 {
        out.faults.push((1, ("line ends are mixed: CRLF and LF", "改行コードにCRLFとLFが混在している")));
    }
    out
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn read_record(chars: &mut Chars<'_>, line: &mut u64, out: &mut Parsed) -> Record {
    let mut record = Record { line: *line, fields: Vec::new() };
    loop {
        let text = if chars.peek() == Some(&'"') { read_quoted(chars, line, out) } else { read_bare(chars, *line, out) };
        record.fields.push(FieldText { text });
        match chars.next() {
            Some(c) if c == out.separator => {}
            Some('\r') => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                    out.crlf += 1;
                } else {
                    out.faults.push((*line, ("a line ends with CR alone", "行末がCRだけである")));
                }
                break;
            }
            Some(_) => {
                out.lf += 1;
                break;
            }
            None => break,
        }
    }
    *line += 1;
    record
}

fn read_quoted(chars: &mut Chars<'_>, line: &mut u64, out: &mut Parsed) -> String {
    let start = *line;
    let mut text = String::new();
    chars.next();
    loop {
        match chars.next() {
            Some('"') if chars.peek() == Some(&'"') => {
                chars.next();
                text.push('"');
            }
            Some('"') => break,
            Some(c) => {
                *line += u64::from(c == '\n');
                text.push(c);
            }
            None => {
                out.faults.push((start, ("a quote is opened and never closed", "引用符が閉じていない")));
                return text;
            }
        }
    }
    let rest = read_bare(chars, *line, &mut Parsed { separator: out.separator, ..Parsed::default() });
    if !rest.is_empty() {
        out.faults.push((*line, ("text follows a closing quote", "閉じた引用符の後に文字がある")));
    }
    text + &rest
}

fn read_bare(chars: &mut Chars<'_>, line: u64, out: &mut Parsed) -> String {
    let mut text = String::new();
    let separator = out.separator;
    while let Some(c) = chars.next_if(|c| *c != separator && !matches!(c, '\n' | '\r')) {
        text.push(c);
    }
    if text.contains('"') {
        out.faults.push((line, ("a quote stands in a field that is not quoted", "囲まれていない値の中に引用符がある")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(u64, &[&str])], faults: usize) {
        let parsed = parse_csv(text, ',');
        let got: Vec<(u64, Vec<&str>)> =
            parsed.records.iter().map(|r| (r.line, r.fields.iter().map(|f| f.text.as_str()).collect())).collect();
        let expected: Vec<(u64, Vec<&str>)> = expected.iter().map(|(l, f)| (*l, f.to_vec())).collect();
        assert_eq!((got, parsed.faults.len()), (expected, faults), "{text:?}");
    }

    #[test]
    fn records_are_read_with_their_lines() {
        check("a,b\n1,2\n", &[(1, &["a", "b"]), (2, &["1", "2"])], 0);
        check("a\r\n\"x\ny\"\r\nz", &[(1, &["a"]), (2, &["x\ny"]), (4, &["z"])], 0);
        check("\"a\"\"b\",\n", &[(1, &["a\"b", ""])], 0);
    }

    #[test]
    fn faults_are_noted_and_reading_goes_on() {
        check("a\"b,c\n", &[(1, &["a\"b", "c"])], 1);
        check("\"a\"b,c\n", &[(1, &["ab", "c"])], 1);
        check("\"a\nb", &[(1, &["a\nb"])], 1);
        check("a\nb\r\n", &[(1, &["a"]), (2, &["b"])], 1);
        check("", &[], 0);
    }
}

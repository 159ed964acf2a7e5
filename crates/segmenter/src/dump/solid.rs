//! Dumps without empty lines (`pdftotext -raw`): where one cell ends and the next begins is told by what the lines are.

use super::header::is_header_line;
use super::lines::{join, line_to_years};
use crate::document::text_to_section;
use crate::marks::{Mark, text_to_mark};
use crate::numbers::text_to_label;
use crate::profile::Profile;
use crate::vocab::{is_achievement, is_department, is_phase_line, text_to_path};
use crate::years::text_to_year;

/// Lines between a record's label and its plan's axis: those of its title.
const TITLE_LINES: usize = 8;
/// The longest line of a department's name, in chars.
const NAME: usize = 14;

/// Tells of each line whether a cell (or a part of one with lines of its own width) begins with it.
pub(super) fn lines_to_borders(lines: &[&str], profile: &Profile) -> Vec<bool> {
    let axes: Vec<bool> = lines.iter().map(|l| line_to_years(l).len() >= 2).collect();
    let axis_follows = |i: usize| axes.iter().skip(i).take(TITLE_LINES).any(|a| *a);
    let is_record = |i: usize| axis_follows(i) && lines.get(i).is_some_and(|l| text_to_label(l, profile, false).is_some());
    let is_section = |i: usize| is_record(i + 1) && lines.get(i).is_some_and(|l| text_to_section(&join("", l), profile).is_some());
    let mut borders = Vec::with_capacity(lines.len());
    let mut after_alone = true;
    let mut in_items = false;
    let mut name_goes_on = false;
    for (i, line) in lines.iter().enumerate() {
        if std::mem::take(&mut name_goes_on) {
            borders.push(false);
            continue;
        }
        let next = lines.get(i + 1).copied().unwrap_or("");
        name_goes_on = is_parted_name(line, next);
        let alone = name_goes_on || axes.get(i) == Some(&true) || stands_alone(line, profile);
        let starts = is_header_line(line, profile) || is_record(i) || is_section(i);
        let mark = text_to_mark(line).0;
        let items = match mark {
            Mark::Bullet(1) => true,
            Mark::Plain => in_items && !alone,
            _ => false,
        };
        borders.push(alone || starts || after_alone || items != in_items);
        (after_alone, in_items) = (alone, items);
    }
    borders
}

/// A year, a state, a department, phases: lines that are a cell of their own, or the last of one.
fn stands_alone(line: &str, profile: &Profile) -> bool {
    let text = join("", line);
    text_to_year(&text).is_some() || is_achievement(&text, profile) || is_phase_line(line, profile) || is_name(&text)
}

fn is_name(text: &str) -> bool {
    text.chars().count() <= NAME && text_to_mark(text).0 == Mark::Plain && is_department(text)
}

/// `総務部行財政改` over `革推進課`.
fn is_parted_name(line: &str, next: &str) -> bool {
    let short = |t: &str| {
        !t.trim().is_empty()
            && t.chars().count() <= NAME
            && text_to_mark(t).0 == Mark::Plain
            && !t.contains(['。', '、', '＞', '」', '）', ')'])
    };
    // A name with a division of its own is whole.
    let is_rest = || is_department(next) && text_to_path(next).len() == 1 && is_department(&join(line.trim(), next));
    short(line) && short(next) && !is_department(line) && is_rest()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::lines::text_to_pieces;

    #[test]
    fn cells_are_told_apart_by_what_their_lines_are() {
        let dump = "令和元年度 具体的取組 年度実績（確定版）\n番号 具体的取組 工程 令和元年度 取組実績\n取組\n達成度\n取組状況\n担当課\n\
            今後の方向性等\n1 ① 現場重視でさまざま\nな主体との協創を促進す\nる人材育成\n取組項目 28 年度 29 年度 30 年度 元年度\n\
            □協創の取組を進め\nるための研修の充実\n・新規採用職員研修において、平成 28 年度より実施してきた協創の\n研修を実施\n\
            平成 28 年度\n達成済\n・平成 28 年度は、本庁の全所属を対象に、平成 29\n年度は、地域機関の全所属の代表者を対象に研修を実\n施しました。\n\
            総務部行財政改\n革推進課\n・今後も、研修を進めます。\n検討\n実施\n";
        let texts: Vec<String> = text_to_pieces(dump, &Profile::auto()).into_iter().skip(1).map(|p| p.text).collect();
        let header = texts.iter().position(|t| t.contains("今後の方向性等"));
        let after: Vec<&str> = texts.iter().skip(header.map_or(0, |h| h + 1)).map(String::as_str).collect();
        assert_eq!(
            after,
            [
                "1 ① 現場重視でさまざまな主体との協創を促進する人材育成",
                "取組項目28年度29年度30年度 元年度",
                "□協創の取組を進めるための研修の充実",
                "・新規採用職員研修において、平成28年度より実施してきた協創の研修を実施",
                "平成28年度",
                "達成済",
                "・平成28年度は、本庁の全所属を対象に、平成29年度は、地域機関の全所属の代表者を対象に研修を実施しました。",
                "総務部行財政改革推進課",
                "・今後も、研修を進めます。",
                "検討",
                "実施",
            ]
        );
    }
}

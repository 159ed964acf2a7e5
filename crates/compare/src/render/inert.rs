//! Making text from a document harmless where it is shown.

use std::fmt::Write;

/// Tells whether a character steers instead of being shown: controls, bidirectional overrides, line separators, tags.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// Returns the text with every steering character as `\u{..}`, for a terminal.
pub fn terminal_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns the text for HTML or XML content and attributes.
pub fn html_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push(' '),
            _ if steers(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out
}

/// Returns the text for GitHub-flavored markdown, in a table cell too: no markup, no link, no mention of a user or an issue.
pub fn markdown_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in terminal_text(&text.replace('\n', " ")).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '|' => out.push_str("&#124;"),
            // `://` and `www.` would make a link of a bare address.
            '/' if out.ends_with(':') => out.push_str("&#47;"),
            '.' if out.len() >= 3 && out.as_bytes().iter().rev().take(3).all(|b| b.eq_ignore_ascii_case(&b'w')) => out.push_str("&#46;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_titles_are_inert() {
        let hostile =
            "<script>alert(1)</script>\u{1b}[2J\u{202e}@all #1 [x](javascript:a) https://evil.example WWW.evil.example `x` | & 'q'";
        assert_eq!(terminal_text("\u{1b}[2J\u{202e}"), "\\u{1b}[2J\\u{202e}");
        let html = html_text(hostile);
        assert!(!html.contains(['<', '>', '"', '\'', '\u{1b}', '\u{202e}']), "{html}");
        let markdown = markdown_text(hostile);
        assert!(
            !markdown.contains(['<', '@', '|', '\u{1b}'])
                && !markdown.contains("[x]")
                && !markdown.contains("://")
                && !markdown.contains("WWW."),
            "{markdown}"
        );
    }
}

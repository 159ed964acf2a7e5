//! What the PDF paints: paths and glyphs.

use std::fmt::Write;

use jisseki_layout::{GlyphOwner, PageLayout};
use jisseki_model::{Color, Glyph, GlyphStyle, Page, Paint, PathObject, Segment, WritingMode};

use super::escaped;

/// A hairline (width 0) is drawn this wide. Picked by eye.
const HAIRLINE: f64 = 0.25;

fn hex(c: Color) -> String {
    let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
    format!("#{:02x}{:02x}{:02x}", byte(c.r), byte(c.g), byte(c.b))
}

fn paint(svg: &mut String, property: &str, paint: Option<Paint>) {
    let _ = match paint {
        None => write!(svg, " {property}=\"none\""),
        Some(p) if p.alpha < 1.0 => write!(svg, " {property}=\"{}\" {property}-opacity=\"{:.3}\"", hex(p.color), p.alpha),
        Some(p) => write!(svg, " {property}=\"{}\"", hex(p.color)),
    };
}

fn outline(path: &PathObject) -> String {
    let mut d = String::new();
    for s in &path.segments {
        let _ = match *s {
            Segment::Move(p) => write!(d, "M{:.2} {:.2}", p.x, p.y),
            Segment::Line(p) => write!(d, "L{:.2} {:.2}", p.x, p.y),
            Segment::Curve(a, b, c) => write!(d, "C{:.2} {:.2} {:.2} {:.2} {:.2} {:.2}", a.x, a.y, b.x, b.y, c.x, c.y),
            Segment::Close => write!(d, "Z"),
        };
    }
    d
}

/// Draws every visible path in paint order.
pub(super) fn paths(svg: &mut String, page: &Page) {
    for path in page.paths.iter().filter(|p| p.hidden.is_none()) {
        let _ = write!(svg, "<path d=\"{}\"", outline(path));
        paint(svg, "fill", path.fill);
        if path.stroke.is_some() {
            paint(svg, "stroke", path.stroke);
            let _ = write!(svg, " stroke-width=\"{:.2}\"", path.line_width.max(HAIRLINE));
            if !path.dash.lengths.is_empty() {
                let lengths: Vec<_> = path.dash.lengths.iter().map(|l| format!("{l:.2}")).collect();
                let _ = write!(svg, " stroke-dasharray=\"{}\"", lengths.join(" "));
            }
        }
        svg.push_str("/>\n");
    }
}

/// Draws the glyphs that a reader sees, or only those that no reader sees.
pub(super) fn glyphs(svg: &mut String, page: &Page, layout: &PageLayout, hidden: bool) {
    for (i, g) in page.glyphs.iter().enumerate() {
        let is_hidden = g.hidden.is_some() || matches!(layout.glyph_owners.get(i), Some(GlyphOwner::Hidden(_)));
        if !g.is_blank() && is_hidden == hidden {
            glyph(svg, g, page.style(g), hidden);
        }
    }
}

fn glyph(svg: &mut String, g: &Glyph, style: &GlyphStyle, hidden: bool) {
    // The em's axes on the page: `up` is its height, and a quarter turn clockwise its width.
    let up = style.up;
    let size = up.length();
    if !size.is_finite() || size <= 0.0 {
        return;
    }
    let angle = up.x.atan2(-up.y).to_degrees();
    let text = escaped(&g.text);
    let at = match style.mode {
        WritingMode::Horizontal => g.origin,
        // The origin is top center: half an em to the left, an ascent down.
        WritingMode::Vertical => g.origin + up * -0.88 + jisseki_model::Vector { x: up.y, y: -up.x } * 0.5,
    };
    let _ = write!(svg, "<text font-size=\"{size:.2}\"");
    if angle.abs() < 0.01 {
        let _ = write!(svg, " x=\"{:.2}\" y=\"{:.2}\"", at.x, at.y);
    } else {
        let _ = write!(svg, " transform=\"translate({:.2} {:.2}) rotate({angle:.2})\"", at.x, at.y);
    }
    if style.mode == WritingMode::Horizontal {
        let _ = write!(svg, " textLength=\"{:.2}\" lengthAdjust=\"spacingAndGlyphs\"", g.advance.length());
    }
    if !hidden && style.fill.color != Color::BLACK {
        paint(svg, "fill", Some(style.fill));
    }
    let _ = writeln!(svg, ">{text}</text>");
}

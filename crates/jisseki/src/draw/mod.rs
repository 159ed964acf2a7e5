//! A page as this program saw it, as SVG: glyphs as text, paths, and over them what was made of them.
//!
//! Goes in: a page, its layout, the records read from it. Comes out: one SVG document in points, inert whatever the PDF says: text is escaped and
//! nothing is loaded from anywhere.

mod ink;
mod over;

use std::fmt::Write;

use jisseki_layout::PageLayout;
use jisseki_model::{Initiative, Page, Rect};

/// What to draw, each under its name in `--layers`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Fills and strokes as painted.
    Paths,
    /// Visible glyphs as text.
    Glyphs,
    /// Glyphs nobody can see, in gray italics.
    Hidden,
    /// Rulings after snapping and joining.
    Rulings,
    /// Cells with their row and column.
    Cells,
    /// Text lines.
    Lines,
    /// Arrows, bars and boxes.
    Shapes,
    /// The records' fields, a color a role.
    Fields,
    /// The boxes of typed values.
    Mentions,
    /// Ink that nothing owns, in red.
    Unowned,
}

impl Layer {
    /// Every layer, from below to above.
    pub const ALL: [Layer; 10] = [
        Layer::Paths,
        Layer::Glyphs,
        Layer::Hidden,
        Layer::Rulings,
        Layer::Cells,
        Layer::Lines,
        Layer::Shapes,
        Layer::Fields,
        Layer::Mentions,
        Layer::Unowned,
    ];

    /// Returns the layer's name.
    pub fn name(self) -> &'static str {
        match self {
            Layer::Paths => "paths",
            Layer::Glyphs => "glyphs",
            Layer::Hidden => "hidden",
            Layer::Rulings => "rulings",
            Layer::Cells => "cells",
            Layer::Lines => "lines",
            Layer::Shapes => "shapes",
            Layer::Fields => "fields",
            Layer::Mentions => "mentions",
            Layer::Unowned => "unowned",
        }
    }
    /// Returns the layer of that name.
    ///
    /// ```
    /// use jisseki::draw::Layer;
    /// assert_eq!(Layer::named("cells"), Some(Layer::Cells));
    /// assert_eq!(Layer::named("cell"), None);
    /// ```
    pub fn named(name: &str) -> Option<Layer> {
        Layer::ALL.into_iter().find(|l| l.name() == name)
    }
}

/// The colors of the layers; light enough to read the text through.
pub(crate) const STYLE: &str = "text{white-space:pre;font-family:'IPAMincho','Noto Serif CJK JP','MS Mincho','Hiragino Mincho ProN',serif}\
.b{fill:none}.hidden{fill:#888;font-style:italic}.rulings{stroke:#0a7;fill:none;stroke-width:.8}.virtual{stroke-dasharray:2 2}\
.cells rect{fill:#07c;fill-opacity:.06;stroke:#07c;stroke-width:.4}.cells text{fill:#07c;font-size:5px;font-family:sans-serif}\
.lines rect{fill:none;stroke:#a60;stroke-width:.3}.shapes rect{fill:#90c;fill-opacity:.12;stroke:#90c;stroke-width:.6}.shapes circle{fill:#90c}\
.fields rect{fill-opacity:.16;stroke-width:.5}.mentions rect{fill:none;stroke:#d0007f;stroke-width:.8}.unowned rect{fill:#f00;fill-opacity:.35;stroke:#f00}";

/// Draws one page.
///
/// `records` may be all of the document's: only what lies on this page is drawn.
///
/// Units: points, page space, so that boxes of the JSON can be looked up as they are.
pub fn page_to_svg(page: &Page, layout: &PageLayout, records: &[Initiative], layers: &[Layer]) -> String {
    page_with(page, layout, records, layers, &format!("<style>{STYLE}</style>\n"), "")
}

/// Draws a page without its style, with a layer `order` over the others: for a document that brings the style.
pub(crate) fn page_to_svg_over(page: &Page, layout: &PageLayout, layers: &[Layer], order: &str) -> String {
    page_with(page, layout, &[], layers, "", &format!("<g class=\"order\"{}>\n{order}</g>\n", turned(Layer::Lines, layout)))
}

fn page_with(page: &Page, layout: &PageLayout, records: &[Initiative], layers: &[Layer], style: &str, over: &str) -> String {
    let mut svg = String::new();
    let (w, h) = (page.width, page.height);
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w:.2}pt\" height=\"{h:.2}pt\" viewBox=\"0 0 {w:.2} {h:.2}\">\n{style}<rect width=\"{w:.2}\" height=\"{h:.2}\" fill=\"#fff\"/>"
    );
    for layer in Layer::ALL.into_iter().filter(|l| layers.contains(l)) {
        let _ = writeln!(svg, "<g class=\"{}\"{}>", layer.name(), turned(layer, layout));
        match layer {
            Layer::Paths => ink::paths(&mut svg, page),
            Layer::Glyphs => ink::glyphs(&mut svg, page, layout, false),
            Layer::Hidden => ink::glyphs(&mut svg, page, layout, true),
            Layer::Rulings => over::rulings(&mut svg, layout),
            Layer::Cells => over::cells(&mut svg, layout),
            Layer::Lines => over::lines(&mut svg, layout),
            Layer::Shapes => over::shapes(&mut svg, layout),
            Layer::Fields => over::fields(&mut svg, page.number, records),
            Layer::Mentions => over::mentions(&mut svg, page.number, records),
            Layer::Unowned => over::unowned(&mut svg, page, layout),
        }
        svg.push_str("</g>\n");
    }
    svg.push_str(over);
    svg.push_str("</svg>\n");
    svg
}

/// What the layout saw on a page that its reader turns is drawn in the turned frame: the attribute that brings it back onto the page.
fn turned(layer: Layer, layout: &PageLayout) -> String {
    let of_layout = matches!(layer, Layer::Rulings | Layer::Cells | Layer::Lines | Layer::Shapes);
    layout.turn.filter(|_| of_layout).map_or_else(String::new, |turn| {
        let m = turn.affine();
        format!(" transform=\"matrix({} {} {} {} {:.2} {:.2})\"", m.a, m.b, m.c, m.d, m.e, m.f)
    })
}

/// Puts drawn pages under each other in one SVG; a single page stays as it is.
pub fn pages_to_svg(pages: &[String]) -> String {
    if let [page] = pages {
        return page.clone();
    }
    let sizes: Vec<(f64, f64)> = pages.iter().map(|p| size_of(p)).collect();
    let width = sizes.iter().map(|s| s.0).fold(0.0, f64::max);
    let height: f64 = sizes.iter().map(|s| s.1 + BETWEEN).sum();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.2}pt\" height=\"{height:.2}pt\" viewBox=\"0 0 {width:.2} {height:.2}\">\n"
    );
    let mut y = 0.0;
    for (page, (w, h)) in pages.iter().zip(sizes) {
        let _ = writeln!(svg, "<svg y=\"{y:.2}\" width=\"{w:.2}\" height=\"{h:.2}\">");
        svg.push_str(page);
        svg.push_str("</svg>\n");
        y += h + BETWEEN;
    }
    svg.push_str("</svg>\n");
    svg
}

/// Points between two pages drawn under each other.
const BETWEEN: f64 = 12.0;

/// Reads a drawn page's size back from its own first line.
fn size_of(svg: &str) -> (f64, f64) {
    let value = |name: &str| svg.split_once(name).and_then(|(_, rest)| rest.split_once("pt\"")).and_then(|(v, _)| v.parse().ok());
    (value(" width=\"").unwrap_or(0.0), value(" height=\"").unwrap_or(0.0))
}

/// Text as XML: the five special characters escaped, characters that XML forbids shown as U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// One rectangle, with a class or style and a tooltip where they are not empty.
fn rect(svg: &mut String, r: &Rect, attributes: &str, title: &str) {
    let _ =
        write!(svg, "<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\"", r.x0, r.y0, r.width().max(0.0), r.height().max(0.0));
    if !attributes.is_empty() {
        let _ = write!(svg, " {attributes}");
    }
    if title.is_empty() {
        svg.push_str("/>\n");
    } else {
        let _ = writeln!(svg, "><title>{}</title></rect>", escaped(title));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jisseki_layout::GlyphOwner;
    use jisseki_model::{Field, Place};

    #[test]
    fn hostile_text_is_inert() {
        assert_eq!(escaped("</text><script>'\"&\u{0}\u{1b}"), "&lt;/text&gt;&lt;script&gt;&#39;&quot;&amp;\u{fffd}\u{fffd}");
        let title = Field {
            text: "<script>alert(1)</script>".into(),
            places: vec![Place { page: 1, bbox: Rect::new(1.0, 2.0, 3.0, 4.0) }],
            ..Field::default()
        };
        let record = Initiative { title, number_label: "1".into(), ..Initiative::default() };
        let page = Page { number: 1, width: 10.0, height: 10.0, ..Page::default() };
        let svg =
            page_to_svg(&page, &PageLayout { glyph_owners: vec![GlyphOwner::Unassigned], ..PageLayout::default() }, &[record], &Layer::ALL);
        assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;"));
        assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
    }

    #[test]
    fn pages_stand_under_each_other() {
        let page = |h: f64| format!("<svg xmlns=\"x\" width=\"10.00pt\" height=\"{h:.2}pt\" viewBox=\"\"></svg>\n");
        let all = pages_to_svg(&[page(20.0), page(30.0)]);
        assert!(all.contains("height=\"74.00pt\"") && all.contains("<svg y=\"32.00\""), "{all}");
        assert_eq!(pages_to_svg(&[page(20.0)]), page(20.0));
    }
}

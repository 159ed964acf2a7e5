//! The graphics state (ISO 32000-2 §8.4, §9.3), as far as reading needs it.

use jisseki_model::{Affine, Color, Paint, Rect};

/// Position of a font in the page's list; none before the first `Tf`.
pub(super) type FontIndex = Option<u16>;

/// Everything that `q` saves. Plain data, so that saving is one copy.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// User space to page space.
    pub(super) ctm: Affine,
    pub(super) clip: Rect,
    pub(super) fill: Paint,
    pub(super) stroke: Paint,
    /// Positions in the page's list of color spaces.
    pub(super) fill_space: u16,
    pub(super) stroke_space: u16,
    /// The tiling pattern that fills, by its position in the page's list.
    pub(super) fill_pattern: Option<u16>,
    pub(super) veil: Veil,
    pub(super) line_width: f64,
    /// Position in the page's list of dash patterns.
    pub(super) dash: u16,
    pub(super) text: TextState,
}

/// Why what is painted lets show what lies below, besides its own alpha (§11.3.5, §11.5, §11.6.6).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Veil {
    /// A soft mask.
    pub(super) mask: bool,
    /// A blend mode that mixes: highlighters multiply.
    pub(super) blend: bool,
    /// Inside a transparency group that is painted so.
    pub(super) group: bool,
}

impl Veil {
    pub(super) fn is_thin(self) -> bool {
        self.mask || self.blend || self.group
    }
    /// The paint as it looks: what lets show what lies below is half opaque at most. Guess: no reader of a page needs to know more.
    pub(super) fn paint(self, paint: Paint) -> Paint {
        if self.is_thin() { Paint { alpha: paint.alpha.min(0.5), ..paint } } else { paint }
    }
}

/// The text state (Table 103).
#[derive(Debug, Clone, Copy)]
pub(super) struct TextState {
    pub(super) font: FontIndex,
    pub(super) size: f64,
    pub(super) char_spacing: f64,
    pub(super) word_spacing: f64,
    /// Horizontal scaling, 1 = 100 %.
    pub(super) scale: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    pub(super) render_mode: u8,
}

impl State {
    pub(super) fn new(ctm: Affine, clip: Rect) -> State {
        let black = Paint { color: Color::BLACK, alpha: 1.0 };
        let text =
            TextState { font: None, size: 0.0, char_spacing: 0.0, word_spacing: 0.0, scale: 1.0, leading: 0.0, rise: 0.0, render_mode: 0 };
        State {
            ctm,
            clip,
            fill: black,
            stroke: black,
            fill_space: 0,
            stroke_space: 0,
            fill_pattern: None,
            veil: Veil::default(),
            line_width: 1.0,
            dash: 0,
            text,
        }
    }
}

//! The glyphs of a line: a stretch of the list that all lines of its cell or block share.

use crate::LineGlyph;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// The glyphs of a line, blanks too, in reading order.
///
/// Cheap to clone: what is read from a line may outlive its page. The list is kept as long as one of its lines is.
#[derive(Debug, Clone, Default)]
pub struct LineGlyphs {
    all: Option<Arc<Vec<LineGlyph>>>,
    own: Range<usize>,
}

impl LineGlyphs {
    /// Returns glyphs that lie in a list which is not whole yet: none until [`LineGlyphs::share`].
    pub(crate) fn stretch(own: Range<usize>) -> LineGlyphs {
        LineGlyphs { all: None, own }
    }
    /// Says which list they lie in.
    pub(crate) fn share(&mut self, all: &Arc<Vec<LineGlyph>>) {
        self.all = Some(Arc::clone(all));
    }
}

impl Deref for LineGlyphs {
    type Target = [LineGlyph];
    fn deref(&self) -> &[LineGlyph] {
        self.all.as_ref().and_then(|all| all.get(self.own.clone())).unwrap_or_default()
    }
}

impl From<Vec<LineGlyph>> for LineGlyphs {
    fn from(glyphs: Vec<LineGlyph>) -> LineGlyphs {
        LineGlyphs { own: 0..glyphs.len(), all: Some(Arc::new(glyphs)) }
    }
}

impl PartialEq for LineGlyphs {
    fn eq(&self, other: &LineGlyphs) -> bool {
        **self == **other
    }
}

//! Every number the layout depends on, in one value that is passed in.

use serde::{Deserialize, Serialize};

/// The settings of the layout stage. Lengths are points for body text of 5–16 pt; [`LayoutParams::scaled_to`] adapts them to larger or smaller pages.
///
/// "Measured" values were tuned on tables with known cells; the others are starting values that no test has moved yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayoutParams {
    /// Changes when a default changes.
    pub version: u32,
    /// Ruling positions this near are one position. Measured.
    pub snap: f64,
    /// A cluster of positions is never wider. Measured: without a cap, fine grids drift together.
    pub snap_cap: f64,
    /// Collinear pieces with a gap up to this are one ruling.
    pub join: f64,
    /// Parallel rulings this near, overlapping, with no glyph between them, are one double ruling. Measured.
    pub double: f64,
    /// The same for rulings that abut instead of overlapping: an edge drawn at another height in the next column. Measured.
    pub staggered: f64,
    /// A ruling's end is anchored by a perpendicular ruling this near. Measured: tables 4 pt apart must stay apart.
    pub junction: f64,
    /// A free end may reach this far for a perpendicular ruling: inner grids that stop short of their cell's border.
    pub reach: f64,
    /// Filled boxes up to this thick are rulings.
    pub thin: f64,
    /// A wall stands between two slots when rulings cover this share of their edge.
    pub wall: f64,
    /// A soft edge (of shading) counts only where no hard ruling runs within this distance. Measured.
    pub soft_clearance: f64,
    /// Glyphs of one text this near (em) are one glyph drawn twice. Measured.
    pub duplicate: f64,
    /// The same for runs that share one offset: shadows.
    pub duplicate_run: f64,
    /// Colors that differ less in every channel look the same.
    pub same_color: f32,
    /// A new line begins when the baseline moves by more than this (em).
    pub line_step: f64,
    /// A run ends at a gap wider than this (em).
    pub run_gap: f64,
    /// A gap between CJK characters this wide (em) is a field gap.
    pub field_gap: f64,
    /// A paragraph's line could have held this much (em) more than the next line's first unit: the break was meant.
    pub could_have_fitted: f64,
    /// Nested tables deeper than this are left flat.
    pub depth: usize,
    /// More rulings of one orientation than this are cut to the longest.
    pub rulings: usize,
    /// White space at least this wide (em) may part columns of prose.
    pub column_gap: f64,
}

impl LayoutParams {
    /// Returns the defaults.
    pub fn standard() -> LayoutParams {
        LayoutParams {
            version: 1,
            snap: 1.5,
            snap_cap: 3.0,
            join: 3.0,
            double: 3.2,
            staggered: 4.5,
            junction: 3.2,
            reach: 6.0,
            thin: 3.0,
            wall: 0.5,
            soft_clearance: 10.0,
            duplicate: 0.12,
            duplicate_run: 0.25,
            same_color: 0.03,
            line_step: 0.45,
            run_gap: 0.5,
            field_gap: 0.9,
            could_have_fitted: 0.5,
            depth: 10,
            rulings: 6000,
            column_gap: 1.2,
        }
    }

    /// Returns the settings for a page whose usual text size is `em` points: unchanged for 5–16 pt, in proportion beyond.
    pub fn scaled_to(&self, em: f64) -> LayoutParams {
        let k = if em > 16.0 {
            em / 16.0
        } else if em > 0.0 && em < 5.0 {
            em / 5.0
        } else {
            return self.clone();
        };
        let mut p = self.clone();
        for v in [
            &mut p.snap,
            &mut p.snap_cap,
            &mut p.join,
            &mut p.double,
            &mut p.staggered,
            &mut p.junction,
            &mut p.reach,
            &mut p.thin,
            &mut p.soft_clearance,
        ] {
            *v *= k;
        }
        p
    }
}

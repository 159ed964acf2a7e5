//! Colors as far as reading needs them (ISO 32000-2 §8.6): is it white, is it the same as what lies below.

use crate::object::{Dict, Object, Objects};
use jisseki_model::Color;

/// A color space, reduced to how its components become red, green, blue.
#[derive(Debug, Clone)]
pub(super) enum Space {
    Gray,
    Rgb,
    Cmyk,
    Lab,
    /// Base space, its bytes.
    Indexed(Box<Space>, std::sync::Arc<[u8]>),
    /// Alternate space and the tint's colors at 0 and 1.
    Tint(Box<Space>, Vec<f64>, Vec<f64>),
    /// Several colorants: the sum darkens.
    DeviceN,
    Pattern,
}

/// What stands for a pattern, a shading or a space that can't be read.
pub(super) const MID_GRAY: Color = Color { r: 0.5, g: 0.5, b: 0.5 };
/// Spaces inside spaces.
const MAX_DEPTH: usize = 8;

impl Space {
    /// Returns the space of a name or array.
    pub(super) fn load(objects: &Objects<'_>, object: &Object, resources: Option<&Dict>, depth: usize) -> Space {
        if depth > MAX_DEPTH {
            return Space::Pattern;
        }
        let object = objects.resolve(object);
        let array = object.as_array().unwrap_or(std::slice::from_ref(&object));
        let item = |i: usize| array.get(i).map_or(Object::Null, |o| objects.resolve(o));
        let inner = |i: usize| Box::new(Space::load(objects, &item(i), resources, depth + 1));
        match item(0).as_name().unwrap_or_default() {
            b"DeviceGray" | b"G" | b"CalGray" => Space::Gray,
            b"DeviceRGB" | b"RGB" | b"CalRGB" => Space::Rgb,
            b"DeviceCMYK" | b"CMYK" => Space::Cmyk,
            b"Lab" => Space::Lab,
            b"ICCBased" => match item(1).as_dict().and_then(|d| objects.get(d, b"N").as_i64()) {
                Some(1) => Space::Gray,
                Some(4) => Space::Cmyk,
                _ => Space::Rgb,
            },
            b"Indexed" | b"I" => {
                let table = match item(3) {
                    Object::Str(s) => s,
                    Object::Stream(s) => objects.stream_bytes(&s, 4096).bytes.into(),
                    _ => [].into(),
                };
                Space::Indexed(inner(1), table)
            }
            b"Separation" => tint(objects, &item(3), inner(2)),
            b"DeviceN" => match item(1).as_array() {
                Some([_]) => tint(objects, &item(3), inner(2)),
                _ => Space::DeviceN,
            },
            b"Pattern" => Space::Pattern,
            name => match resources.and_then(|r| objects.get_dict(r, b"ColorSpace")).and_then(|d| d.get(name).cloned()) {
                Some(named) => Space::load(objects, &named, None, depth + 1),
                None => Space::Gray,
            },
        }
    }
    /// Returns how many components a color has.
    pub(super) fn components(&self) -> usize {
        match self {
            Space::Rgb | Space::Lab => 3,
            Space::Cmyk => 4,
            _ => 1,
        }
    }
    /// Returns the initial color (§8.6.5.1).
    pub(super) fn initial(&self) -> Color {
        match self {
            Space::Pattern => MID_GRAY,
            Space::Tint(..) => self.color(&[1.0]),
            Space::Indexed(..) => self.color(&[0.0]),
            _ => Color::BLACK,
        }
    }
    /// Returns the color of these components.
    pub(super) fn color(&self, v: &[f64]) -> Color {
        let at = |i: usize| v.get(i).copied().unwrap_or(0.0).clamp(0.0, 1.0) as f32;
        match self {
            Space::Gray => Color { r: at(0), g: at(0), b: at(0) },
            Space::Rgb => Color { r: at(0), g: at(1), b: at(2) },
            Space::Cmyk => cmyk(at(0), at(1), at(2), at(3)),
            Space::Lab => {
                let lightness = (v.first().copied().unwrap_or(0.0) / 100.0).clamp(0.0, 1.0) as f32;
                Color { r: lightness, g: lightness, b: lightness }
            }
            Space::Indexed(base, table) => {
                let n = base.components();
                let index = v.first().copied().unwrap_or(0.0).clamp(0.0, 255.0) as usize;
                let bytes = table.get(index * n..(index + 1) * n).unwrap_or_default();
                base.color(&bytes.iter().map(|&b| f64::from(b) / 255.0).collect::<Vec<_>>())
            }
            Space::Tint(base, zero, one) => {
                let t = f64::from(at(0));
                base.color(&zero.iter().zip(one).map(|(a, b)| a + t * (b - a)).collect::<Vec<_>>())
            }
            Space::DeviceN => {
                let ink: f64 = v.iter().sum();
                let left = (1.0 - ink).clamp(0.0, 1.0) as f32;
                Color { r: left, g: left, b: left }
            }
            Space::Pattern => MID_GRAY,
        }
    }
}

/// A separation's colors at its two ends. A sampled or calculated transform is taken as black ink.
fn tint(objects: &Objects<'_>, function: &Object, base: Box<Space>) -> Space {
    let ends = |key: &[u8], default: f64| -> Option<Vec<f64>> {
        let dict = function.as_dict()?;
        match objects.get(dict, key) {
            Object::Array(a) => Some(a.iter().take(8).map(|o| objects.resolve(o).as_f64().unwrap_or(0.0)).collect()),
            _ => Some(vec![default]),
        }
    };
    let is_exponential = function.as_dict().is_some_and(|d| objects.get(d, b"FunctionType").as_i64() == Some(2));
    match (is_exponential, ends(b"C0", 0.0), ends(b"C1", 1.0)) {
        (true, Some(zero), Some(one)) => Space::Tint(base, zero, one),
        _ => Space::Tint(Box::new(Space::Gray), vec![1.0], vec![0.0]),
    }
}

/// CMYK without a profile (§10.4.2.4).
fn cmyk(c: f32, m: f32, y: f32, k: f32) -> Color {
    Color { r: 1.0 - (c + k).min(1.0), g: 1.0 - (m + k).min(1.0), b: 1.0 - (y + k).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_become_colors() {
        assert_eq!(Space::Gray.color(&[0.25]), Color { r: 0.25, g: 0.25, b: 0.25 });
        assert_eq!(Space::Cmyk.color(&[0.0, 0.0, 0.0, 0.0]), Color::WHITE);
        assert_eq!(Space::Cmyk.color(&[0.0, 1.0, 0.0, 0.5]), Color { r: 0.5, g: 0.0, b: 0.5 });
        let indexed = Space::Indexed(Box::new(Space::Rgb), [0, 0, 0, 255, 0, 255].into());
        assert_eq!(indexed.color(&[1.0]), Color { r: 1.0, g: 0.0, b: 1.0 });
        assert_eq!(indexed.color(&[9.0]), Color::BLACK);
        let tint = Space::Tint(Box::new(Space::Cmyk), vec![0.0; 4], vec![0.0, 0.0, 0.0, 1.0]);
        assert_eq!((tint.color(&[0.0]), tint.initial()), (Color::WHITE, Color::BLACK));
    }
}

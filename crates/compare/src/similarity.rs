//! How alike two texts are: the Dice coefficient of their character bigrams after folding.

use crate::fold;

/// The sorted character bigrams of a folded text, as a multiset. A text of one character is its own bigram.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bigrams(Vec<u64>);

impl Bigrams {
    /// Returns the bigrams of a text after [`fold::style`].
    pub fn of(text: &str) -> Bigrams {
        Bigrams::of_folded(&fold::style(text))
    }
    /// Returns the bigrams of a text after [`fold::shape`]: numbers and years do not count.
    pub fn of_shape(text: &str) -> Bigrams {
        Bigrams::of_folded(&fold::shape(text))
    }
    fn of_folded(text: &str) -> Bigrams {
        let chars: Vec<u64> = text.chars().map(u64::from).collect();
        let mut pairs: Vec<u64> = chars.windows(2).filter_map(|w| Some(w.first()? << 32 | w.last()?)).collect();
        if let ([only], true) = (chars.as_slice(), pairs.is_empty()) {
            pairs.push(*only);
        }
        pairs.sort_unstable();
        Bigrams(pairs)
    }
    /// Tells whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Returns 2·|shared| / (|a| + |b|): 1 for equal texts, 0 for texts without a common bigram; two empty texts are equal.
    pub fn dice(&self, other: &Bigrams) -> f64 {
        let total = self.0.len() + other.0.len();
        if total == 0 { 1.0 } else { 2.0 * self.shared(other) as f64 / total as f64 }
    }
    /// Returns the share of these bigrams that `other` has too.
    pub fn held_by(&self, other: &Bigrams) -> f64 {
        if self.0.is_empty() { 0.0 } else { self.shared(other) as f64 / self.0.len() as f64 }
    }
    fn shared(&self, other: &Bigrams) -> usize {
        let (mut i, mut j, mut n) = (0, 0, 0);
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            n += usize::from(a == b);
            i += usize::from(a <= b);
            j += usize::from(b <= a);
        }
        n
    }
}

/// Words of 64 bits in a [`Sketch`]: 4,096 places for the some 500 different bigrams of a long record keep the error of the estimate below 0.03.
const SKETCH_WORDS: usize = 64;

/// A fixed-size sketch of a long text's bigrams, to compare a thousand records with a thousand others in a blink.
#[derive(Debug, Clone, PartialEq)]
pub struct Sketch {
    bits: Box<[u64; SKETCH_WORDS]>,
    ones: u32,
}

impl Sketch {
    /// Returns the sketch of a text after [`fold::shape`].
    pub fn of_shape(text: &str) -> Sketch {
        let mut bits = Box::new([0_u64; SKETCH_WORDS]);
        for pair in Bigrams::of_shape(text).0 {
            let hash = mix(pair) >> (64 - 12);
            if let Some(word) = bits.get_mut(hash as usize / 64) {
                *word |= 1 << (hash % 64);
            }
        }
        let ones = bits.iter().map(|w| w.count_ones()).sum();
        Sketch { bits, ones }
    }
    /// Tells whether the text was empty.
    pub fn is_empty(&self) -> bool {
        self.ones == 0
    }
    /// Returns an estimate of the Dice coefficient of the sets of bigrams.
    pub fn dice(&self, other: &Sketch) -> f64 {
        let total = self.ones + other.ones;
        let shared: u32 = self.bits.iter().zip(other.bits.iter()).map(|(a, b)| (a & b).count_ones()).sum();
        if total == 0 { 1.0 } else { 2.0 * f64::from(shared) / f64::from(total) }
    }
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood 2014): neighboring code points land far apart.
fn mix(value: u64) -> u64 {
    let z = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_of_titles() {
        let d = |a: &str, b: &str| Bigrams::of(a).dice(&Bigrams::of(b));
        assert_eq!(d("情報セキュリティの確保", "情報セキュリティの確保"), 1.0);
        assert!(d("「三重県職員人づくり基本方針」の改定", "「三重県職員人づくり基本方針」の見直し") > 0.8);
        assert!(d("電子申請・届出システムの利用促進", "情報システムに関する業務継続計画（ＢＣＰ）の見直し") <= 0.21);
        assert_eq!(d("", ""), 1.0);
        assert_eq!(d("あ", "あ"), 1.0);
        assert_eq!(d("あ", "い"), 0.0);
    }

    #[test]
    fn a_sketch_estimates_the_same() {
        let a: String = (0..400).filter_map(|i| char::from_u32(0x4E00 + i * 7 % 900)).collect();
        let b: String = a.chars().take(200).chain((0..200).filter_map(|i| char::from_u32(0x6000 + i))).collect();
        let (exact, guess) = (Bigrams::of(&a).dice(&Bigrams::of(&b)), Sketch::of_shape(&a).dice(&Sketch::of_shape(&b)));
        assert!((exact - guess).abs() < 0.05, "{exact} {guess}");
    }
}

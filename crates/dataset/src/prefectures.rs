//! The prefectures and their codes.

/// Official names, in the order of their numbers 01 to 47 (JIS X 0401; 総務省「全国地方公共団体コード」).
pub(crate) const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// Returns the code of a prefecture by its official name: number, three zeros and check digit, `240001` for 三重県.
pub(crate) fn name_to_lg_code(name: &str) -> Option<String> {
    let number = PREFECTURES.iter().position(|p| *p == name)? + 1;
    let five = format!("{number:02}000");
    let check = check_digit(&five)?;
    Some(format!("{five}{check}"))
}

/// The check digit of five digits: 11 minus the sum weighted 6 to 2 modulo 11, its last digit (全国地方公共団体コード仕様).
pub(crate) fn check_digit(five: &str) -> Option<u32> {
    let digits: Vec<u32> = five.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    let [a, b, c, d, e] = digits[..] else { return None };
    Some((11 - (a * 6 + b * 5 + c * 4 + d * 3 + e * 2) % 11) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, code: Option<&str>) {
        assert_eq!(name_to_lg_code(name).as_deref(), code, "{name}");
    }

    #[test]
    fn prefectures_have_their_codes() {
        check("北海道", Some("010006"));
        check("東京都", Some("130001"));
        check("三重県", Some("240001"));
        check("沖縄県", Some("470007"));
        check("三重", None);
        check("津市", None);
    }

    #[test]
    fn the_check_digit_is_that_of_the_published_list() {
        for (five, check) in [("24201", 2), ("13101", 6), ("01100", 2), ("27100", 4)] {
            assert_eq!(check_digit(five), Some(check), "{five}");
        }
        assert_eq!(check_digit("2420x"), None);
    }
}

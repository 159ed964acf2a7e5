//! Sound tables as public bodies publish them (invented values): they lose L3-08 alone, since a lone CSV defines nothing.

use super::{check_path, lost, said};

#[track_caller]
fn check(name: &str, csv: &str) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(name);
    std::fs::write(&path, csv).expect("writes");
    let score = check_path(&path).expect("checks");
    assert_eq!(lost(&score), ["L3-08"], "{:#?}", said(&score));
}

#[test]
fn facilities_with_coordinates_hours_and_empty_columns() {
    check(
        "public_facility.csv",
        "全国地方公共団体コード,ID,施設名,施設名_カナ,所在地_連結表記,緯度,経度,電話番号,開始時間,終了時間,利用可能曜日特記事項,URL\n\
         242012,0000000001,中央公民館,ﾁｭｳｵｳｺｳﾐﾝｶﾝ,三重県津市丸之内1-1,34.718,136.505,059-000-0001,9:00,21:30,,https://example.jp/a\n\
         242012,0000000002,子ども・福祉センター,ｺﾄﾞﾓﾌｸｼｾﾝﾀｰ,三重県津市西丸之内23-1,34.72,136.51,059-000-0002,8:30,17:15,月曜・祝日の翌日は休館。,https://example.jp/b\n\
         242012,0000000003,ＪＡホール,ジェイエーホール,三重県津市栄町1丁目960,34.73,136.5,059-000-0003,10:00,18:00,,\n",
    );
}

#[test]
fn population_by_age_class_with_official_names() {
    check(
        "jinko.csv",
        "年月日,都道府県,市区町村,年齢階級,男性,女性\n2020/4/1,三重県,津市,0～4歳,5012,4890\n2020/4/1,三重県,津市,5～9歳,5312,5190\n2020/4/1,三重県,津市,85歳以上,6012,9890\n\
         2020/10/1,三重県,三重郡菰野町,0～4歳,812,790\n2020/10/1,三重県,三重郡菰野町,5～9歳,0,3\n2020/10/1,三重県,三重郡菰野町,85歳以上,612,990\n",
    );
}

#[test]
fn budget_in_thousands_of_yen_with_totals_and_western_years() {
    check(
        "yosan.csv",
        "年度,款,項,当初予算額（千円）,前年度比（％）\n2019,総務費,総務管理費,1200345,102.5\n2019,総務費,徴税費,98021,-3.1\n2019,民生費,社会福祉費,2300120,0\n2019,合計,,3598486,1.2\n",
    );
}

#[test]
fn answers_with_rings_and_crosses() {
    check(
        "sechi.csv",
        "施設名,設置年,エレベーター,多目的トイレ,駐車場,備考\n第一小学校,1972,○,×,あり,\n第二小学校,1980,×,×,なし,改修は2021年度の予定である。\n北中学校,1991,○,○,あり,\n南中学校,1992,○,○,あり,\n",
    );
}

#[test]
fn eras_beside_western_years() {
    check("nendo.csv", "年度,元号表記,件数,増減\n2018,平成30年度,120,5\n2019,令和元年度,131,11\n2020,令和2年度,99,-32\n");
    check("nendo.csv", "年度,件数\n2018（平成30）,120\n2019（令和元）,131\n2020（令和2）,99\n");
}

#[test]
fn contracts_with_companies_quotes_and_commas() {
    check(
        "keiyaku.csv",
        "契約日,件名,契約者,法人番号,契約金額（円）,契約方法\n2020-04-01,\"庁舎清掃業務, 一式\",(株)クリーン三重,1234567890123,1200000,一般競争入札\n\
         2020-04-01,警備業務,合同会社ガード,1234567890124,980000,随意契約\n2020-05-11,\"システム「\"\"みえ\"\"」保守\",(株)データ津,1234567890125,3300000,随意契約\n",
    );
}

#[test]
fn a_table_of_two_columns_and_one_of_one() {
    check("aed.csv", "施設名,台数\n中央公民館,1\n中央図書館,2\n体育館,1\n");
    check("machi.csv", "町名\n丸之内\n西丸之内\n栄町1丁目\n");
}

#[test]
fn english_names_and_decimals() {
    check(
        "air_quality.csv",
        "station,observed_at,item,value,unit\nTsu East,2020-04-01T01:00:00+09:00,PM2.5,12.5,ug/m3\nTsu East,2020-04-01T02:00:00+09:00,PM2.5,,ug/m3\n\
         Ise,2020-04-01T01:00:00+09:00,NO2,0.012,ppm\nIse,2020-04-01T02:00:00+09:00,NO2,0,ppm\n",
    );
}

#[test]
fn sparse_rows_and_long_texts() {
    check(
        "faq.csv",
        "番号,分類,質問,回答,関連URL\n1,住民票,住民票はどこで取れますか。,市民課の窓口のほか、コンビニエンスストアでも取ることができます。,\n\
         2,住民票,手数料はいくらですか。,窓口では300円、コンビニエンスストアでは200円です。,https://example.jp/q/2\n3,税,納税証明書はどこで取れますか。,収税課の窓口です。,\n",
    );
}

#[test]
fn crlf_bom_and_code_page_932() {
    check("bom.csv", "\u{feff}年度,事業,件数\r\n2019,研修,3\r\n2020,研修,4\r\n");
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("sjis.csv");
    std::fs::write(&path, encoding_rs::SHIFT_JIS.encode("年度,事業,件数\r\n2019,研修,3\r\n2020,髙﨑事業,4\r\n").0).expect("writes");
    assert_eq!(lost(&check_path(&path).expect("checks")), ["L3-08"]);
}

#[test]
fn readings_by_hour_and_elections_by_district() {
    check(
        "kion.csv",
        "日時,観測所,気温（℃）,降水量（mm）\n2020-08-01 01:00,津,27.1,0\n2020-08-01 02:00,津,26.8,0.5\n2020-08-01 03:00,津,26.5,\n2020-08-01 04:00,津,26.4,0\n",
    );
    check(
        "senkyo.csv",
        "投票区,投票所,有権者数,投票者数,投票率（％）\n第1投票区,養正小学校,3012,1508,50.07\n第2投票区,修成小学校,2890,1301,45.02\n第3投票区,南立誠小学校,2511,1200,47.79\n",
    );
}

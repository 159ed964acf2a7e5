#!/usr/bin/env python3
"""Score `jisseki normalize` on cases converted from other projects' tests, and ja-timex on the same ones in the same run.

  upstream_cases.py --bin target/release/jisseki [--show N] [--no-ja-timex]

Reads ../shared/cases/upstream (the cases stay out of this project). Each case is taken to the form in which both sides can say it: dates and months as
EDTF, durations as ISO 8601, percent, yen and numbers as decimals; a bare number gets a unit (件), for the normalizer reads no number without one. A case
that asks for what the design leaves out is counted under its reason. Python 3.10+; ja-timex from PyPI (pip install ja-timex) for the comparison.
"""
import argparse, collections, json, os, re, subprocess, sys

ap = argparse.ArgumentParser()
ap.add_argument("--bin", required=True); ap.add_argument("--show", type=int, default=0); ap.add_argument("--no-ja-timex", action="store_true")
a = ap.parse_args()
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../shared/cases/upstream")
if not os.path.isdir(folder):
    print("skipped: no shared corpus"); sys.exit(0)

DAY = re.compile(r"^(\d{4}|XXXX)-\d\d(-\d\d)?$|^\d{4}$")
ISO = re.compile(r"^P[0-9.YMWDTHS]+$")
TODAY = re.compile(r"[今来先昨明翌再前次本毎]([月週年日朝晩夜回]|々)|おととい|あさって|きのう|あした|曜|週末|以内|後に?$|前に?$|祝|時|分|秒|世紀|年代|頃|ごろ|半ば|初旬|上旬|中旬|下旬|末|初め|から|まで|間|[〜~]|午[前後]|夜|朝")

def plain(d):
    d = d.rstrip("0").rstrip(".") if "." in d else d
    return d.lstrip("+")

def cases():
    """(source, area, text, [(kind, value)…] or None, reason why it is out of scope)"""
    for name in sorted(os.listdir(folder)):
        source = name.removeprefix("upstream-").removesuffix(".jsonl")
        for line in open(os.path.join(folder, name), encoding="utf-8"):
            r = json.loads(line)
            want, reason = expected(source, r)
            yield source, r["area"], r["text"], want, reason

def expected(source, r):
    if r["tier"] != "core": return None, "extended tier: relative days, clock times, romanization"
    op, e, text = r["op"].split()[0], r["expect"], r["text"]
    if r["area"] == "unicode": return None, "another normal form (NFKC, shortened repeats, no blanks): the design keeps characters"
    if source == "ja-timex":
        if op in ("_normalize_zen_to_han", "_remove_comma_inside_digits"): return None, "an inner step of the peer, not a value"
        if op == "kansuji2number": return kanji(text, e["out"])
        parts = [e[k] for k in sorted(e) if k.isdigit()]
        if e.get("all", {}).get("len") == 0: return [], None
        got = []
        for p in parts:
            norm = p.get("norm") or {}
            if norm.get("kind") in ("date", "month") and DAY.match(norm.get("edtf", "")): got.append(("date", norm["edtf"]))
            elif norm.get("kind") == "duration" and ISO.match(norm.get("iso", "")): got.append(("duration", norm["iso"]))
            else: return None, "relative to today, a clock time, a bare day or a set (毎年)"
        if "毎" in text or "翌週" in text: return None, "relative to today, a clock time, a bare day or a set (毎年)"
        if "all" in e and e["all"].get("len") != len(got) or not got: return None, "the case says only how many there are"
        return got, None
    if source == "kanjize": return kanji(text, str(e["out"])) if op == "kanji2int" else (None, "numbers to kanji: writing, not reading")
    if source == "duckling":
        if op == "duckling_Numeral":
            return kanji(text, plain(e["duckling"].split()[-1].strip("()")))
        m = re.match(r"datetime \((\d+), (\d+), (\d+), 0, 0, 0\) (Day|Month|Year)", e["duckling"])
        if m and not TODAY.search(text):
            y, mo, d = (int(x) for x in m.groups()[:3])
            full = {"Day": f"{y:04}-{mo:02}-{d:02}", "Month": f"{y:04}-{mo:02}", "Year": f"{y:04}"}[m[4]]
            if re.search(r"\d{4}|令和|平成|昭和|[二一][〇九]", text): return [("date", full)], None
            if re.search(r"[0-9０-９一二三四五六七八九十]月", text): return [("date", full.replace(f"{y:04}", "XXXX"))], None
        return None, "relative to today, a clock time, a bare day or a set (毎年)"
    # Recognizers-Text
    got = []
    for one in e:
        res = one.get("resolution") or {}
        if op == "PercentModel": got.append(("percent", plain(res["value"].rstrip("%"))))
        elif op == "CurrencyModel":
            if res.get("isoCurrency") != "JPY": return None, "another currency than yen"
            got.append(("money", plain(res["value"])))
        elif op == "NumberModel":
            if len(e) != 1 or one["text"] != text.rstrip("。") or "分の" in text: return None, "a bare number in a sentence: no value without a unit"
            return kanji(text.rstrip("。"), plain(res["value"]))
        elif op in ("DateTimeModel", "DateParser"):
            timex = res.get("Timex") or (res.get("values") or [{}])[0].get("timex", "")
            if not DAY.match(timex) or TODAY.search(text): return None, "relative to today, a clock time, a bare day or a set (毎年)"
            if not re.search(r"月|\d{4}", one["text"]): return None, "relative to today, a clock time, a bare day or a set (毎年)"
            got.append(("date", timex))
        elif op == "DatePeriodParser":
            m = re.match(r"\((XXXX|\d{4})-(\d\d)-(\d\d),(XXXX|\d{4})-(\d\d)-(\d\d)", res.get("Timex", ""))
            if not m or re.search(r"[今来先次]月|[今来先]週|の間|曜", text): return None, "relative to today, or a period that only another language writes so"
            g = m.groups(); got.append(("range", f"{g[0]}-{g[1]}-{g[2]}/{g[3]}-{g[4]}-{g[5]}"))
        else: return None, "a range of bare numbers: no value without a unit"
    if not e and op in ("NumberModel", "NumberRangeModel"): return None, "a bare number in a sentence: no value without a unit"
    if not e and op not in ("PercentModel", "CurrencyModel"): return None, "the case expects nothing of a kind that is not read here"
    if op == "PercentModel" and "ポイント" in text: return None, "points: a percent_point here, a percent there"
    if op == "DatePeriodParser" and re.search(r"四半期|半期|以内|年代|この10年", text): return None, "quarters and halves of a calendar year (here: of a fiscal year), spans from today"
    if op == "PercentModel" and re.search(r"[kKMGT]|と|ダース|分の|/|割|引|半", text): return None, "percent with SI prefixes, dozens, fractions or discounts"
    return got, None

def kanji(text, value):
    if not re.fullmatch(r"-?[0-9.]+", value or ""): return None, "no decimal number"
    if not re.search(r"[0-9０-９]", text) and not re.search(r"[十百千万億兆].|.[十百千万億兆]", text):
        return None, "kanji numerals without a scale (D5: precision first: 一般, 三重)"
    if re.search(r"[零ゼロ壱弐参廿丁ダ点京垓]|マイナス|^-|[ 　]", text): return None, "零, 壱, 点, ダース, words for signs and scales beyond 兆"
    return [("number", plain(value))], None

def run(rows):
    """What jisseki finds, as the same pairs."""
    text = lambda r: r[2] + ("件" if any(k == "number" for k, _ in r[3]) else "")
    data = "".join(json.dumps({"id": str(i), "text": text(r), "context": {}}, ensure_ascii=False) + "\n" for i, r in enumerate(rows))
    p = subprocess.run([a.bin, "normalize", "--input", "jsonl", "--output", "jsonl"], input=data.encode(), capture_output=True, check=True)
    return [pairs(json.loads(l)["mentions"]) for l in p.stdout.decode().splitlines()]

def pairs(ms):
    # An open range (2018年以降) also says its date; of a closed one the ends are parts.
    inner = {x for m in ms if m["value"]["kind"] == "range" and not m["value"].get("open") for x in (m["value"].get("from"), m["value"].get("to"))}
    out = []
    for m in ms:
        v = m["value"]; k = v["kind"]
        if m["id"] in inner: continue
        if k in ("date", "month"): out.append(("date", v["when"]["edtf"]))
        elif k == "range": out.append(("range", v["edtf"]))
        elif k == "duration": out.append(("duration", v["iso"]))
        elif k == "percent": out.append(("percent", v["number"]["value"]))
        elif k == "money": out.append(("money", v["number"]["value"]))
        elif k == "count": out.append(("number", v["number"]["value"]))
    return out

def first_days(edtf):
    """A range by the first days of its ends: so Recognizers-Text writes 2014年から2018年まで (2014-01-01, 2018-01-01; its ends are exclusive)."""
    return "/".join(e if e == ".." else e + "-01-01"[3 * e.count("-"):] for e in edtf.split("/"))

def peer(rows):
    """What ja-timex finds in the temporal cases."""
    if a.no_ja_timex: return None
    try:
        from ja_timex import TimexParser
    except ImportError:
        return None
    parser = TimexParser(); out = []
    for r in rows:
        if not any(k in ("date", "duration", "range") for k, _ in r[3]): out.append(None); continue
        try:
            found = parser.parse(r[2])
        except Exception:
            out.append([]); continue
        got = []
        for t in found:
            value = t.value.replace("-XX", "") if t.type == "DATE" else t.value
            got.append(("duration" if t.type == "DURATION" else "date", value))
        out.append(got)
    return out

rows = list(cases()); scope = [r for r in rows if r[3] is not None]
ours, theirs = run(scope), peer(scope)
table = collections.defaultdict(lambda: [0, 0, 0, 0])
for i, r in enumerate(scope):
    kinds = {k for k, _ in r[3]}
    if not kinds and r[0] == "ja-timex": kinds = {"date", "duration", "range"}  # it reads times only: that it expects nothing says nothing of amounts
    mine = [p for p in ours[i] if not kinds or p[0] in kinds]
    if r[0] == "recognizers-text" and kinds == {"range"}: mine = [(k, first_days(v)) for k, v in mine]
    good = mine == r[3]; cell = table[r[0], r[1]]
    cell[0] += 1; cell[1] += good
    if theirs is not None and theirs[i] is not None:
        cell[2] += 1; cell[3] += [p for p in theirs[i] if p[0] in kinds] == r[3]
    if not good and a.show: a.show -= 1; print("   ", r[0], r[2], mine, r[3])
print("| source | area | in scope | jisseki right | ja-timex right (of its own) |\n|---|---|---|---|---|")
for (s, area), (n, ok, m, t) in sorted(table.items()): print(f"| {s} | {area} | {n} | {ok} ({ok / n:.1%}) | {f'{t} of {m}' if m else '–'} |")
n, ok, m, t = (sum(c[i] for c in table.values()) for i in range(4))
print(f"| all | | {n} | {ok} ({ok / n:.1%}) | {t} of {m} |\n\n| out of scope because | cases |\n|---|---|")
for reason, count in collections.Counter(r[4] for r in rows if r[3] is None).most_common(): print(f"| {reason} | {count} |")

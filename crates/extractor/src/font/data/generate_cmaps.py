#!/usr/bin/env python3
"""Generates cmaps.bin and cid_unicode.bin from the Adobe CMap resources in Debian's poppler-data.

Usage: generate_cmaps.py [/usr/share/poppler/cMap]
Input of the committed tables: poppler-data 0.4.12-1 (its cMap folder alone, BSD-3-Clause, Adobe: see LICENSE-cmap.txt).

cmaps.bin: "JCM1", u16 count, then a directory sorted by name (u8 length, name, u32 offset, u32 length); all integers little-endian.
  A body: u8 writing mode, u8 collection, u8 form (0 ranges over codes, 1 UTF-16 of another body, 2 UTF-8 of another body,
  3 UTF-32: ranges over scalar values), varint (1 + index of the CMap it uses or is a form of; 0 = none), varint number of codespace
  ranges (u8 bytes, varint low, varint high), then for each code length in order: u8 bytes, varint number of ranges, ranges as varints
  (gap to the end of the last range, length - 1, zigzag of the CID's step from the CID after the last one); ends with a 0 byte.
cid_unicode.bin: "JCU1", u8 number of collections; each: u8 id, u16 number of CIDs, u16 number of exceptions, the CIDs' u16 values
  (0 = none; 0xD800..0xF8FF = exception number value - 0xD800), exceptions as u8 length and UTF-8.
"""
import os, re, struct, sys

ROOT = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/poppler/cMap"
HERE = os.path.dirname(os.path.abspath(__file__))
COLLECTIONS = {"Japan1": 0, "GB1": 1, "CNS1": 2, "Korea1": 3, "KR": 4, "Japan2": 5}
UCS2 = {"Japan1": "Adobe-Japan1/Adobe-Japan1-UCS2", "GB1": "Adobe-GB1/Adobe-GB1-UCS2", "CNS1": "Adobe-CNS1/Adobe-CNS1-UCS2",
        "Korea1": "Adobe-Korea1/Adobe-Korea1-UCS2", "KR": "Adobe-KR/Adobe-KR-UCS2"}
# Not encodings of text: identity CMaps of the collections, host conversions, lists of kana for composing fonts.
SKIP = re.compile(r"^Adobe-|UCS2$|UCS2C$|^UCS2-|^Hankaku$|^Hiragana$|^Katakana$|^Roman$|^WP-Symbol$")


def varint(n):
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def zigzag(n):
    return varint(n * 2 if n >= 0 else -n * 2 - 1)


def parse(path):
    text = re.sub(r"%.*", "", open(path, encoding="latin-1").read())
    cmap = {"use": None, "wmode": 0, "spaces": [], "ranges": []}
    if m := re.search(r"/([\w-]+)\s+usecmap", text):
        cmap["use"] = m[1]
    if m := re.search(r"/WMode\s+(\d)", text):
        cmap["wmode"] = int(m[1])
    for kind, body in re.findall(r"begin(codespacerange|cidrange|cidchar)(.*?)end\1", text, re.S):
        if kind == "codespacerange":
            for lo, hi in re.findall(r"<(\w+)>\s*<(\w+)>", body):
                cmap["spaces"].append((len(lo) // 2, int(lo, 16), int(hi, 16)))
        elif kind == "cidrange":
            for lo, hi, cid in re.findall(r"<(\w+)>\s*<(\w+)>\s*(\d+)", body):
                cmap["ranges"].append((len(lo) // 2, int(lo, 16), int(hi, 16), int(cid)))
        else:
            for lo, cid in re.findall(r"<(\w+)>\s*(\d+)", body):
                cmap["ranges"].append((len(lo) // 2, int(lo, 16), int(lo, 16), int(cid)))
    return cmap


def ranges_to_bytes(ranges):
    out = b""
    for size in sorted({r[0] for r in ranges}):
        merged = []
        for _, lo, hi, cid in sorted(r for r in ranges if r[0] == size):
            # Two ranges that go on in one another become one, unless a row ends between them (the last byte would wrap).
            if merged and merged[-1][1] + 1 == lo and merged[-1][2] + lo - merged[-1][0] == cid:
                merged[-1][1] = hi
            else:
                merged.append([lo, hi, cid])
        out += bytes([size]) + varint(len(merged))
        end, next_cid = 0, 0
        for lo, hi, cid in merged:
            out += varint(lo - end) + varint(hi - lo) + zigzag(cid - next_cid)
            end, next_cid = hi + 1, cid + hi - lo + 1
    return out + b"\0"


def cmaps():
    found = {}
    for folder in ("Adobe-Japan1", "Adobe-GB1", "Adobe-CNS1", "Adobe-Korea1", "Adobe-KR"):
        for name in sorted(os.listdir(f"{ROOT}/{folder}")):
            if SKIP.search(name):
                continue
            cmap = parse(f"{ROOT}/{folder}/{name}")
            cmap["collection"] = COLLECTIONS["Japan2" if "Hojo" in name else folder.split("-")[1]]
            found[name] = cmap
    names = sorted(found)
    bodies = []
    for name in names:
        cmap = found[name]
        form, use = 0, cmap["use"]
        if re.search(r"UTF(8|16)-[HV]$", name) and (base := re.sub(r"UTF(8|16)", "UTF32", name)) in found:
            form, use = (1 if "UTF16" in name else 2), base
            check_form(cmap, found[base], form, name, found)
            cmap = dict(cmap, ranges=[], spaces=[])
        elif "UTF32" in name:
            form = 3
        body = bytes([cmap["wmode"], cmap["collection"], form]) + varint(names.index(use) + 1 if use else 0)
        body += varint(len(cmap["spaces"]))
        for size, lo, hi in cmap["spaces"]:
            body += bytes([size]) + varint(lo) + varint(hi)
        bodies.append(body + ranges_to_bytes(cmap["ranges"]))
    directory = b"".join(bytes([len(n)]) + n.encode() + b"\0" * 8 for n in names)
    at = 6 + len(directory)
    directory = b""
    for name, body in zip(names, bodies):
        directory += bytes([len(name)]) + name.encode() + struct.pack("<II", at, len(body))
        at += len(body)
    return b"JCM1" + struct.pack("<H", len(names)) + directory + b"".join(bodies)


def expand(cmap, found, decode):
    out = expand(found[cmap["use"]], found, decode) if cmap["use"] else {}
    for size, lo, hi, cid in cmap["ranges"]:
        for code in range(lo, hi + 1):
            out[decode(code.to_bytes(size, "big"))] = cid + code - lo
    return out


def check_form(cmap, base, form, name, found):
    """Stops where a UTF-16 or UTF-8 CMap is not the UTF-32 one in another form."""
    codec = "utf-16-be" if form == 1 else "utf-8"
    mine = expand(cmap, found, lambda b: ord(b.decode(codec)))
    theirs = expand(base, found, lambda b: int.from_bytes(b, "big"))
    if mine != theirs:
        odd = {k for k in mine.keys() | theirs.keys() if mine.get(k) != theirs.get(k)}
        sys.exit(f"{name} differs from its UTF-32 form at {sorted(map(hex, odd))[:9]}")


def cid_unicode():
    out = b"JCU1" + bytes([len(UCS2)])
    for ordering, path in UCS2.items():
        text = re.sub(r"%.*", "", open(f"{ROOT}/{path}", encoding="latin-1").read())
        table = {}
        for kind, body in re.findall(r"begin(bfrange|bfchar)(.*?)end\1", text, re.S):
            if kind == "bfchar":
                for cid, to in re.findall(r"<(\w+)>\s*<([\w\s]+)>", body):
                    table[int(cid, 16)] = bytes.fromhex(to).decode("utf-16-be")
            else:
                for lo, hi, to in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", body):
                    base = bytes.fromhex(to).decode("utf-16-be")
                    for i in range(int(hi, 16) - int(lo, 16) + 1):
                        table[int(lo, 16) + i] = base[:-1] + chr(ord(base[-1]) + i)
                assert "[" not in body
        values, exceptions = [], []
        for cid in range(max(table) + 1):
            to = table.get(cid, "")
            if not to or to == "\ufffd":
                values.append(0)
            elif len(to) == 1 and not 0xD800 <= ord(to) <= 0xF8FF and ord(to) < 0x10000:
                values.append(ord(to))
            elif len(to) == 1 and 0xE000 <= ord(to) <= 0xF8FF:
                values.append(0)  # Private use says nothing.
            else:
                values.append(0xD800 + len(exceptions))
                exceptions.append(to.encode())
        assert len(exceptions) <= 0xF900 - 0xD800, len(exceptions)
        print(ordering, len(values), "CIDs", len(exceptions), "exceptions", values.count(0), "empty")
        out += struct.pack("<BHH", COLLECTIONS[ordering], len(values), len(exceptions)) + struct.pack(f"<{len(values)}H", *values)
        out += b"".join(bytes([len(e)]) + e for e in exceptions)
    return out


for file, data in (("cmaps.bin", cmaps()), ("cid_unicode.bin", cid_unicode())):
    open(f"{HERE}/{file}", "wb").write(data)
    print(file, len(data))

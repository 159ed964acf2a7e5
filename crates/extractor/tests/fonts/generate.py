#!/usr/bin/env python3
"""Makes the tiny font programs of this folder (fontTools 4.68): each glyph is a square, what counts is how the glyphs are named and mapped.

They hold no outline of any other font and are part of this project (MIT OR Apache-2.0).
"""
import os
from fontTools.cffLib import FDArrayIndex, FDSelect, FontDict, PrivateDict
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

HERE = os.path.dirname(os.path.abspath(__file__))


def square(pen):
    pen.moveTo((0, 0)); pen.lineTo((500, 0)); pen.lineTo((500, 500)); pen.lineTo((0, 500)); pen.closePath()
    return pen


def truetype(file, glyphs, subtables, post=3.0, widths=None, features=None):
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupGlyf({g: (TTGlyphPen(None) if g.startswith("blank") else square(TTGlyphPen(None))).glyph() for g in glyphs})
    builder.setupHorizontalMetrics({g: ((widths or {}).get(g, 1000), 0) for g in glyphs})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupPost(keepGlyphNames=post == 2.0)
    builder.setupNameTable({"familyName": "Test", "styleName": "Regular"})
    if subtables:
        builder.setupCharacterMap({})
        builder.font["cmap"].tables = []
        for platform, encoding, form, mapping in subtables:
            table = CmapSubtable.newSubtable(form)
            table.platformID, table.platEncID, table.language, table.cmap = platform, encoding, 0, mapping
            builder.font["cmap"].tables.append(table)
    if features:
        builder.addOpenTypeFeatures(features)
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = 3_786_825_600
    builder.save(f"{HERE}/{file}")


def cff(file, glyphs, ros=None):
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({})
    builder.setupCFF("Test", {}, {g: (T2CharStringPen(500, None) if g.startswith("blank") else square(T2CharStringPen(500, None))).getCharString() for g in glyphs}, {})
    builder.setupHorizontalMetrics({g: (500, 0) for g in glyphs})
    builder.setupHorizontalHeader()
    fontset = builder.font["CFF "].cff
    top = fontset.topDictIndex[0]
    if ros:
        top.ROS, top.CIDCount = ros, 24000
        one = FontDict()
        one.Private, one.FontName = PrivateDict(), "Test-0"
        top.FDArray = FDArrayIndex()
        top.FDArray.append(one)
        top.FDSelect = FDSelect()
        top.FDSelect.format = 0
        top.FDSelect.gidArray = [0] * len(glyphs)
        for name in ("Private", "Encoding"):
            top.rawDict.pop(name, None)
            if hasattr(top, name):
                delattr(top, name)
        top.CharStrings.fdArray, top.CharStrings.fdSelect = top.FDArray, top.FDSelect
        for g in glyphs:
            top.CharStrings.charStrings[g].private = one.Private
            top.CharStrings.charStrings[g].fdSelectIndex = 0
    open(f"{HERE}/{file}", "wb").write(builder.font["CFF "].compile(builder.font))


def encrypted(data, key):
    out = bytearray()
    for byte in b"\0\0\0\0" + data:
        out.append(byte ^ key >> 8)
        key = (out[-1] + key) * 52845 + 22719 & 0xFFFF
    return bytes(out)


def type1(file, names):
    clear = b"%!PS-AdobeFont-1.0: Test\n12 dict begin\n/FontName /Test def\n/PaintType 0 def\n/FontType 1 def\n/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n"
    clear += b"/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\n"
    clear += b"".join(b"dup %d /%s put\n" % (65 + i, n.encode()) for i, n in enumerate(names)) + b"readonly def\n/FontBBox {0 0 1000 1000} readonly def\ncurrentdict end\ncurrentfile eexec\n"
    # 0 500 hsbw, and for all but blanks 0 0 rmoveto 500 hlineto 500 vlineto -500 hlineto closepath; endchar
    drawn = bytes([139, 139, 21, 248, 136, 6, 248, 136, 7, 252, 136, 6, 9])
    glyph = lambda name: encrypted(bytes([139, 248, 136, 13]) + (b"" if name.startswith("blank") else drawn) + bytes([14]), 4330)
    private = b"dup /Private 8 dict dup begin\n/RD {string currentfile exch readstring pop} executeonly def\n/ND {noaccess def} executeonly def\n/NP {noaccess put} executeonly def\n"
    private += b"/BlueValues [] def\n/password 5839 def\n/lenIV 4 def\n2 index /CharStrings %d dict dup begin\n" % (len(names) + 1)
    private += b"".join(b"/%s %d RD %s ND\n" % (n.encode(), len(glyph(n)), glyph(n)) for n in [".notdef", *names])
    private += b"end\nend\nreadonly put\nnoaccess put\ndup/FontName get exch definefont pop\nmark currentfile closefile\n"
    open(f"{HERE}/{file}", "wb").write(clear + encrypted(private, 55665) + b"\n" + (b"0" * 64 + b"\n") * 8 + b"cleartomark\n")


numbered = [".notdef", "glyph00001", "glyph00002", "glyph00003"]
truetype("unicode_cmap.ttf", numbered, [
    (0, 3, 4, {0x4E9C: numbered[1], 0x2F2B: numbered[2], 0x5C38: numbered[2], 0xA0: numbered[3], 0x20: numbered[3]}),
    (3, 10, 12, {0x4E9C: numbered[1], 0x20BB7: numbered[1]}),
    (1, 0, 6, {0x41: numbered[2]}),
])
truetype("long_cmap.ttf", numbered, [(3, 10, 12, {0x20BB7: numbered[1]}), (0, 3, 6, {0x3042: numbered[2], 0x3043: numbered[3]})])
# What office programs write for a subset: codes from 1 in a Mac table. It says nothing of characters.
truetype("numbered_subset.ttf", numbered, [(1, 0, 0, {1: numbered[1], 2: numbered[2], 0x41: numbered[3]})])
truetype("blank.ttf", [".notdef", "glyph00001", "blank"], [(1, 0, 0, {1: "glyph00001", 2: "blank"})])
truetype("symbol_cmap.ttf", numbered, [(3, 0, 4, {0xF041: numbered[1], 0xF06C: numbered[2]})])
truetype("mac_and_unicode.ttf", numbered, [(1, 0, 0, {1: numbered[1], 2: numbered[2]}), (3, 1, 4, {0x4E9C: numbered[1], 0x8AAD: numbered[2]})], widths={numbered[1]: 700})
# Vertical forms that no character maps to; `nalt` (a circled form) is another character.
truetype("vertical.ttf", [".notdef", "comma", "comma.vert", "one", "one.circled"], [(3, 1, 4, {0x3001: "comma", 0x31: "one"})],
         features="feature vert { sub comma by comma.vert; } vert; feature nalt { sub one by one.circled; } nalt;")
truetype("post_names.ttf", [".notdef", "uni4E9C", "A", "g17"], [], post=2.0)
cff("names.cff", [".notdef", "uni4E9C", "A", "cid01125", "g17", "blank5"])
cff("japan1.cff", [".notdef", "cid01125", "cid23058"], ("Adobe", "Japan1", 7))
cff("identity.cff", [".notdef", "cid01125"], ("Adobe", "Identity", 0))
type1("names.pfa", ["uni4E9C", "A", "g17", "blank4"])

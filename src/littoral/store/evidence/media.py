"""What a file is, by its first bytes; which are taken, how large; which are refused, and why.

Signatures after the formats' own specifications (JPEG: ITU-T T.81 B.1; PNG: ISO/IEC 15948 5.2;
ISO base media `ftyp`: ISO/IEC 14496-12 4.3; Matroska and WebM: RFC 9559 EBML header; PDF:
ISO 32000-2 7.5.2; ZIP: APPNOTE 4.3.7; OLE: MS-CFB 2.2; PE: `MZ`; ELF: System V ABI). Never by the
name or by what the sender says, though both must agree with the content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

MIB = 1 << 20
HEAD_BYTES = 4096


# In a text: an identity number (GB 11643: place, date of birth, order, check digit), a mobile
# number of mainland China. Not in parts: a table of figures has such by chance.
NUMBER = re.compile(
    rb"(?<![\d.])(?:"
    rb"\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    rb"|(?:\+?86)?1[3-9]\d{9}"
    rb")(?!\d|\.\d)"
)
LONGEST_NUMBER = 20
NUMBERED = "the number of a person stands in it; hand it in as one that shows persons"


class MediaRefused(Exception):
    """The file is not taken; `code` for programs, the message for people."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True)
class Media:
    type: str
    kind: str  # photo, video, audio, document
    most_bytes: int
    suffixes: tuple[str, ...]


TYPES = {
    m.type: m
    for m in (
        Media("image/jpeg", "photo", 100 * MIB, ("jpg", "jpeg", "jpe")),
        Media("image/png", "photo", 100 * MIB, ("png",)),
        Media("image/gif", "photo", 100 * MIB, ("gif",)),
        Media("image/webp", "photo", 100 * MIB, ("webp",)),
        Media("image/tiff", "photo", 200 * MIB, ("tif", "tiff", "dng")),
        Media("image/heic", "photo", 100 * MIB, ("heic", "heif")),
        Media("image/avif", "photo", 100 * MIB, ("avif",)),
        Media("video/mp4", "video", 4096 * MIB, ("mp4", "m4v")),
        Media("video/quicktime", "video", 4096 * MIB, ("mov", "qt")),
        Media("video/3gpp", "video", 4096 * MIB, ("3gp", "3gpp")),
        Media("video/webm", "video", 4096 * MIB, ("webm",)),
        Media("video/x-matroska", "video", 4096 * MIB, ("mkv",)),
        Media("video/x-msvideo", "video", 4096 * MIB, ("avi",)),
        Media("audio/mp4", "audio", 500 * MIB, ("m4a",)),
        Media("audio/wav", "audio", 500 * MIB, ("wav",)),
        Media("audio/mpeg", "audio", 500 * MIB, ("mp3",)),
        Media("audio/webm", "audio", 500 * MIB, ("webm", "weba")),
        Media("audio/ogg", "audio", 500 * MIB, ("ogg", "oga", "opus")),
        Media("application/pdf", "document", 200 * MIB, ("pdf",)),
        Media(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "document", 100 * MIB, ("docx",),
        ),
        Media(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "document", 100 * MIB, ("xlsx",),
        ),
        Media("application/vnd.oasis.opendocument.text", "document", 100 * MIB, ("odt",)),
        Media("application/vnd.oasis.opendocument.spreadsheet", "document", 100 * MIB, ("ods",)),
        Media("text/plain", "document", 50 * MIB, ("txt", "log", "csv", "nmea", "md")),
    )
}  # fmt: skip
DOCX, XLSX = (t for t in TYPES if "openxmlformats" in t)

ALIASES = {
    "image/jpg": "image/jpeg",
    "image/heif": "image/heic",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "video/avi": "video/x-msvideo",
    "text/csv": "text/plain",
}
ZIP = "application/zip"  # until its members say what it is; never the type of what is kept
ZIP_BYTES = 100 * MIB
ARCHIVE = "this is an archive; hand in what is in it, file by file"
NO_CLAIM = ("", "application/octet-stream")

# Refused by their first bytes, with the reason.
DANGEROUS = (
    (b"MZ", "a program for Windows"),
    (b"\x7fELF", "a program for Linux"),
    (b"\xfe\xed\xfa\xce", "a program for macOS"),
    (b"\xfe\xed\xfa\xcf", "a program for macOS"),
    (b"\xce\xfa\xed\xfe", "a program for macOS"),
    (b"\xcf\xfa\xed\xfe", "a program for macOS"),
    (b"\xca\xfe\xba\xbe", "a Java class or a program for macOS"),
    (b"dex\n", "a program for Android"),
    (b"#!", "a script"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "a Windows shortcut"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file, which may hold macros"),
    (b"{\\rtf", "RTF, which may hold objects; save it as PDF"),
    (b"7z\xbc\xaf\x27\x1c", "an archive; hand in each file in it"),
    (b"Rar!", "an archive; hand in each file in it"),
    (b"\x1f\x8b", "an archive; hand in each file in it"),
    (b"BZh", "an archive; hand in each file in it"),
    (b"\xfd7zXZ", "an archive; hand in each file in it"),
)  # fmt: skip

# Anywhere in a ZIP-based file: names of members are written in clear in it.
IN_ZIP = (
    (b"vbaProject.bin", "an Office file with macros"),
    (b"META-INF/MANIFEST.MF", "a Java program"),
    (b"AndroidManifest.xml", "a program for Android"),
    (b"/embeddings/oleObject", "an Office file with embedded objects"),
)
CONTENT_TYPES = b"[Content_Types].xml"
OFFICE = {b"word/document.xml": DOCX, b"xl/workbook.xml": XLSX}
LONGEST_IN_ZIP = max(len(b) for b in (CONTENT_TYPES, *OFFICE, *(b for b, _ in IN_ZIP)))

_MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|\?xml|\?php|%)", re.I)


def detect(head: bytes) -> str:
    """The type by the first bytes (4096, or all). Raises MediaRefused. ZIP: not known yet."""
    if not head:
        raise MediaRefused("empty", "the file is empty")
    for magic, what in DANGEROUS:
        if head.startswith(magic):
            raise MediaRefused("dangerous", f"this is {what}")
    found = _image(head) or _container(head) or _document(head)
    if found is None:
        raise MediaRefused("unknown", "this is no photo, video, recording or document known here")
    return found


def check_claims(detected: str, declared: str, name: str) -> None:
    """Name and declared type must agree with the content. Raises MediaRefused."""
    said = declared.split(";")[0].strip().lower()
    said = ALIASES.get(said, said)
    if said not in NO_CLAIM and said != detected:
        claim = said if said in TYPES else "another type"
        raise MediaRefused("mismatch", f"it was said to be {claim}, but it is {detected}")
    suffix = PurePosixPath(name).suffix.lstrip(".").lower()
    if suffix and suffix not in TYPES[detected].suffixes:
        # What is no known ending may be a part of somebody's name.
        known = any(suffix in media.suffixes for media in TYPES.values())
        ending = f".{suffix}" if known else "another ending"
        raise MediaRefused("mismatch", f"its name has {ending}, but it is {detected}")


class Inspector:
    """Looks at a file as it streams by: `feed` each piece, then `finish`. Both give the bytes that
    may be stored so far and raise MediaRefused; `type` is known at the end."""

    def __init__(self, name: str, declared: str, shows_persons: bool = True) -> None:
        """`shows_persons`: it was handed in as such; of another a text with the number of a person
        is refused."""
        self._shows_persons = shows_persons
        self._is_cut = False  # something stood before what is looked at
        self._name = name
        self._declared = declared
        self._head = b""
        self._tail = b""
        self._seen: set[bytes] = set()
        self.size = 0
        self.type = ""

    def feed(self, piece: bytes) -> bytes:
        self.size += len(piece)
        if not self.type:
            self._head += piece
            if len(self._head) < HEAD_BYTES:
                return b""
            piece = self._begin()
        self._look(piece)
        return piece

    def finish(self) -> bytes:
        rest = b""
        if not self.type:
            rest = self._begin()
            self._look(rest)
        if self.type == ZIP:
            self.type = next((t for mark, t in OFFICE.items() if mark in self._seen), ZIP)
            if self.type == ZIP or CONTENT_TYPES not in self._seen:
                raise MediaRefused("dangerous", ARCHIVE)
        check_claims(self.type, self._declared, self._name)
        self._look_for_numbers(b"", is_last=True)
        return rest

    def _begin(self) -> bytes:
        self.type = detect(self._head[:HEAD_BYTES])
        if self.type != ZIP:
            check_claims(self.type, self._declared, self._name)
        return self._head

    def _look(self, piece: bytes) -> None:
        most = ZIP_BYTES if self.type == ZIP else TYPES[self.type].most_bytes
        if self.size > most:
            raise MediaRefused("too_large", f"{self.type}: at most {most // MIB} MiB")
        if self.type == "text/plain" and b"\x00" in piece:
            raise MediaRefused("unknown", "this is no text")
        self._look_for_numbers(piece)
        if self.type == ZIP or "opendocument" in self.type:
            window = self._tail + piece
            for mark, what in IN_ZIP:
                if mark in window:
                    raise MediaRefused("dangerous", f"this is {what}")
            self._seen |= {m for m in (CONTENT_TYPES, *OFFICE) if m in window}
            self._tail = piece[-LONGEST_IN_ZIP:]

    def _look_for_numbers(self, piece: bytes, is_last: bool = False) -> None:
        """What stands beside a number may come with the next piece, or have gone with the last."""
        if self.type != "text/plain" or self._shows_persons:
            return
        window = self._tail + piece
        for found in NUMBER.finditer(window):
            begins = found.start() > 0 or not self._is_cut
            if begins and (is_last or found.end() + 2 <= len(window)):
                raise MediaRefused("persons", NUMBERED)
        self._is_cut |= len(window) > 3 * LONGEST_NUMBER
        self._tail = window[-3 * LONGEST_NUMBER :]


def _image(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return "image/tiff"
    if head.startswith(b"RIFF"):
        return {
            b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav",
        }.get(head[8:12])  # fmt: skip
    return None


def _container(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"):
            return "image/avif" if b"avif" in head[16:64] else "image/heic"
        if brand in (b"avif", b"avis"):
            return "image/avif"
        if brand == b"qt  ":
            return "video/quicktime"
        if brand in (b"M4A ", b"M4B "):
            return "audio/mp4"
        if brand.startswith(b"3g"):
            return "video/3gpp"
        # A voice note of a phone: its head names a track of sound and none of pictures.
        return "audio/mp4" if b"soun" in head and b"vide" not in head else "video/mp4"
    if head[4:8] in (b"moov", b"mdat", b"wide"):
        return "video/quicktime"
    if head.startswith(b"\x1aE\xdf\xa3"):
        if b"webm" not in head[:64]:
            return "video/x-matroska"
        has_sound = any(codec in head for codec in (b"A_OPUS", b"A_VORBIS"))
        return "audio/webm" if has_sound and b"V_" not in head else "video/webm"
    if head.startswith(b"OggS") and any(c in head[:64] for c in (b"OpusHead", b"\x01vorbis")):
        return "audio/ogg"
    if head.startswith(b"ID3") or (head[0] == 0xFF and len(head) > 1 and head[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    return None


def _document(head: bytes) -> str | None:
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1024]
    if _MARKUP.match(start) or b"<script" in start.lower():
        raise MediaRefused("dangerous", "this is a web page or markup, which may hold a script")
    return "text/plain" if _is_text(head) else None


def _zipped(head: bytes) -> str:
    mark = head[30:].split(b"PK\x03\x04")[0]
    if mark.startswith(b"mimetype"):
        said = mark.removeprefix(b"mimetype")[:80].decode("ascii", "replace")
        for found in TYPES:
            if found.startswith("application/vnd.oasis") and said.startswith(found):
                return found
    return ZIP


def _is_text(head: bytes) -> bool:
    """UTF-8 or GB 18030 without control characters, but for the last bytes, which may be cut."""
    for coding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                text = head[: len(head) - cut].decode(coding)
            except UnicodeDecodeError:
                if len(head) < HEAD_BYTES:
                    break
                continue
            return bool(text) and not re.search(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]", text)
    return False

"""Which passwords are taken: length, and nothing that everybody tries. No rules on kinds of
characters (OWASP ASVS 5.0, 6.2.5).

Common passwords come from a list that is shipped (data/SOURCE.md), so that a server without the
internet knows them; what people put together from habits, also from Chinese ones, is taken apart.
"""

from __future__ import annotations

import lzma
import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

from littoral.store.database import RecordsError

MIN_PASSWORD = 12  # OWASP ASVS 5.0, 6.2.1 asks for 8 and recommends 15
MAX_PASSWORD = 128  # ASVS 6.2.9: at least 64 must be allowed
OWN = 4  # characters that must be left when a habit or a word of the context is taken away
LIST = "common_passwords.txt.xz"

# Runs of keys and of digits, numbers that sound like words in Chinese (5201314: I love you for
# life), words that stand at the head of every list. Longer ones are looked for first.
HABITS = (
    "0123456789", "9876543210", "123456789", "987654321", "147258369", "1234567", "5201314",
    "1314520", "123123", "112233", "147258", "159357", "520520", "521521", "1314", "2580", "520",
    "521", "123", "321", "666", "888", "000", "111", "999", "168", "qwertyuiop", "asdfghjkl",
    "zxcvbnm", "qwerty", "qwert", "asdfgh", "asdf", "zxcvbn", "zxcv", "qazwsxedc", "qazwsx",
    "1qaz2wsx", "1qaz", "2wsx", "3edc", "4rfv", "1q2w3e4r5t", "1q2w3e4r", "1q2w3e", "q1w2e3r4",
    "abcdefg", "abcd", "abc", "a1b2c3", "aaa", "zzz", "iloveyou", "loveyou", "password",
    "passw0rd", "passwd", "p@ssw0rd", "p@ssword", "pa55word", "pass", "letmein", "welcome",
    "admin123", "administrator", "admin", "root", "guest", "user", "test", "login", "master",
    "secret", "dragon", "monkey", "sunshine", "princess", "football", "baseball", "superman",
    "woaini", "woaiwojia", "woaizhongguo", "aini", "niaiwo", "woshishui", "woshi", "nihao", "mima",
    "wodemima", "caonima", "baobei", "baobao", "laopo", "laogong", "zhongguo", "beijing",
    "shanghai", "hainan", "haikou", "sanya", "china", "guanliyuan", "xiaoxiao", "tiantian",
    "yongyuan", "密码", "我爱你", "管理员", "中国", "7758521",
    "7758258", "7758520", "7758991", "770880", "721521", "5845201314", "584520", "584", "1314521",
    "211314", "3344520", "110120", "119", "110", "159753", "741852963", "963852741", "789456123",
    "147852", "456", "789", "654", "987", "wobuzhidao", "buzhidao", "jiushiaini", "meiyoumima",
    "zhendeaini", "woxiangni", "woaimama", "nishizhu", "tiancai", "wodezuiai", "woaiwoziji",
    "woaiwolaopo", "xiaolong", "zhimakaimen", "hao123",
)  # fmt: skip
_ORDERED = re.compile(
    "|".join(map(re.escape, sorted(HABITS, key=len, reverse=True))) + r"|(?:19|20)\d\d"
)
# Citizen identity (GB 11643) and a mobile number with up to four digits more: found in other lists.
_NUMBER = re.compile(r"\d{15}|\d{17}[\dx]|1[3-9]\d{9,13}")
# One to three syllables of pinyin, as most names have, and a birthday or another row of digits.
_SYLLABLE = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue"
    r"|er|[aeiouv])"
)
_NAME = rf"(?:{_SYLLABLE}){{1,3}}"
_NAME_AND_DIGITS = re.compile(rf"{_NAME}\d{{4,}}|\d{{4,}}{_NAME}")
_PRODUCT = ("littoral", "binhai", "滨海")


class WeakPassword(RecordsError):
    """The password is not taken; the message says which rule and what to do. `rule`: short, long,
    simple, common, habit, number, context."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def normal(password: str) -> str:
    """NIST SP 800-63B-4, section 3.1.1.2: Unicode is normalised, so that it is the same password on
    every keyboard."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *about: str) -> None:
    """`about`: login and name of whose it is. Raises WeakPassword."""
    written = normal(password)
    if len(written) < MIN_PASSWORD:
        raise WeakPassword("short", f"must have at least {MIN_PASSWORD} characters")
    if len(written) > MAX_PASSWORD:
        raise WeakPassword("long", f"may have at most {MAX_PASSWORD} characters")
    plain = written.casefold()
    if len(set(plain)) < 5:
        raise WeakPassword("simple", "repeats too few characters: take several words")
    if plain in common_passwords():
        raise WeakPassword("common", "is on the list of passwords that everybody tries")
    if _NUMBER.fullmatch(plain):
        raise WeakPassword("number", "is the number of a person or a telephone: take several words")
    for word in _context(about):
        if word in plain and len(_rest(plain.replace(word, " "))) < MIN_PASSWORD - OWN:
            message = f"is made of {word!r}, which everybody knows of this account"
            raise WeakPassword("context", message)
    if len(_rest(_ORDERED.sub(" ", plain))) < OWN:
        raise WeakPassword("habit", "is put together from habits that everybody tries")
    if _NAME_AND_DIGITS.fullmatch(re.sub(r"[\W_]", "", plain)):
        raise WeakPassword("habit", "is a name in pinyin with digits, which everybody tries")


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Case folded; those that are long enough for `check_password`."""
    packed = (files(__package__) / "data" / LIST).read_bytes()
    return frozenset(lzma.decompress(packed).decode("utf-8").split("\n"))


def _rest(text: str) -> str:
    """What somebody would have to guess: letters and digits, each run of one counted once."""
    kept = "".join(c for c in text if c.isalnum())
    return re.sub(r"(.)\1+", r"\1", kept)


def _context(about: tuple[str, ...]) -> list[str]:
    """Words that whoever attacks knows: of the product, the login, the name, and their parts."""
    found: list[str] = []
    for text in (*_PRODUCT, *about):
        plain = normal(text).casefold().strip()
        parts = [p for p in re.split(r"[\W_]+", plain) if p]
        found += [plain, "".join(parts), *parts]
    shortest = 3
    return sorted(
        {w for w in found if len(w) > shortest or (len(w) > 1 and not w.isascii())},
        key=lambda w: -len(w),
    )

"""Who calls for help, by which words, and how urgent it is."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.detect.contract import Profile
from littoral.detect.distress.adjustable import ADJUSTABLE
from littoral.schema.finding import ALARM, CAUTION, EMERGENCY_ALARM, WARNING

# Words of a safety text that call for help. Whole words; a space may stand between the syllables
# of pinyin, which stands for Chinese in AIS's 6-bit alphabet (救命 求救 求助 遇险 落水 沉船 沉没
# 着火 起火 碰撞 触礁 搁浅 弃船 翻船 进水).
CALLS = (
    "MAYDAY", "SOS", "DISTRESS", "PAN PAN", "PANPAN", "MAN OVERBOARD", "PERSON OVERBOARD", "MOB",
    "ABANDON SHIP", "ABANDONING", "SINKING", "CAPSIZED", "CAPSIZING", "ON FIRE", "FLOODING",
    "TAKING WATER", "AGROUND", "HIJACKED", "HIJACK", "PIRATES", "UNDER ATTACK", "NEED HELP",
    "HELP ME", "HELP US", "URGENT HELP", "RESCUE US", "SART ACTIVE", "MOB ACTIVE", "EPIRB ACTIVE",
)  # fmt: skip
PINYIN_CALLS = (
    "JIU MING", "QIU JIU", "QIU ZHU", "YU XIAN", "LUO SHUI", "CHEN CHUAN", "CHEN MO", "ZHAO HUO",
    "QI HUO", "PENG ZHUANG", "CHU JIAO", "GE QIAN", "QI CHUAN", "FAN CHUAN", "JIN SHUI",
)  # fmt: skip
# With one of these it is said that the call is none.
TESTS = ("TEST", "TESTING", "DRILL", "EXERCISE", "NO DISTRESS", "CANCEL", "CANCELLED", "YAN XI",
         "YAN LIAN", "CE SHI")  # fmt: skip


@dataclass(frozen=True, slots=True)
class DistressSettings:
    device_priority: int  # an active AIS-SART, MOB or EPIRB
    status_priority: int  # a ship that sets status 14
    text_priority: int  # words of distress in a safety text
    test_priority: int  # a device under test, a drill
    update_s: float  # a call that goes on is told again this often
    update_m: float  # or when it has drifted so far since last told
    lost_s: float  # a call not heard for so long has ended (which does not mean rescued)
    test_lost_s: float  # a test
    calls: tuple[str, ...] = CALLS
    pinyin_calls: tuple[str, ...] = PINYIN_CALLS
    tests: tuple[str, ...] = TESTS


COASTAL = DistressSettings(
    device_priority=EMERGENCY_ALARM,
    status_priority=ALARM,
    text_priority=WARNING,
    test_priority=CAUTION,
    update_s=600.0,
    update_m=500.0,
    lost_s=6 * 3600.0,
    test_lost_s=900.0,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "ITU-R M.585-9 Annex 2 (MMSI 970 AIS-SART, 972 MOB, 974 EPIRB-AIS); ITU-R M.1371-5 Annex 8 "
        "table 46 (status 14) and Annex 9 (burst of 8 messages a minute, text 14 'SART ACTIVE' "
        "or 'SART TEST'); IEC 61097-14 (under test: status 15 and 'SART TEST'); IMO MSC.302(87)",
        "A device under test is a notice and never sounds. A ship has no business with status 14 "
        "and sets it mostly by mistake, so it is an alarm to be asked about by radio and not an "
        "emergency alarm; words in a safety text are a warning, since anyone can type them. A "
        "device speaks once a minute and is lost behind every wave: only after six hours of "
        "silence is its call counted as ended.",
        ADJUSTABLE,
    )
}

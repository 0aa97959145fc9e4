"""What a person is told of an access: purposes, bases, acts in words; never who the officer was."""

from __future__ import annotations

from littoral.api.called import AGENCIES, PURPOSES
from littoral.store.oversight.subjects import Usage

BASES = {
    "statutory_duty": ("履行法定职责", "statutory duty"),
    "public_health_emergency": ("应对突发公共卫生事件", "public health emergency"),
    "vital_interest": ("保护生命安全", "vital interest"),
    "consent": ("本人同意", "consent"),
    "court_order": ("法院命令", "court order"),
}
MANNERS = {
    "masked": ("以掩码形式显示", "fields shown masked"),
    "plain": ("明文显示", "fields shown in plain"),
    "break_glass": ("紧急查阅后明文显示", "fields shown in plain by break-glass"),
}
ACTS = {
    "intake.write": ("收集信息", "data collected"),
    "person.read": ("查看信息", "data looked at"),
    "person.search": ("检索", "searched for"),
    "person.export": ("导出信息", "data taken out"),
    "person.erase": ("删除信息", "data erased"),
    "hold.write": ("设置或解除法律保全", "legal hold set or lifted"),
}
# Of answers to a form, by action and how they were shown; the title follows.
OF_FORMS = {
    ("evidence.add", None): ("收集表单填报内容", "answers to a form taken in"),
    ("evidence.read", "view"): ("查看表单填报内容", "answers to a form looked at"),
    ("evidence.read", "copy"): ("复制表单填报内容", "answers to a form copied"),
    ("evidence.read", "bundle"): ("导出表单证据包", "answers to a form taken out as a bundle"),
    ("person.erase", None): ("删除表单填报内容", "answers to a form erased"),
}
CORRECTED = ("更正信息", "data corrected")
OTHER = ("处理信息", "data handled")
NOBODY = ("系统", "the system")


def act(usage: Usage) -> tuple[str, str]:
    """What was done, in Chinese and English."""
    if usage.form is not None:
        zh, en = OF_FORMS.get((usage.action, usage.manner), OTHER)
        return f"{zh}（{usage.form}）", f"{en} ({usage.form})"
    if usage.action == "person.read" and usage.manner in MANNERS:
        return MANNERS[usage.manner]
    if usage.action == "intake.write" and usage.manner == "corrected":
        return CORRECTED
    return ACTS.get(usage.action, OTHER)


def agency(kind: str) -> tuple[str, str]:
    return AGENCIES.get(kind, NOBODY)


def purpose(usage: Usage) -> tuple[str, str]:
    zh, en = PURPOSES.get(usage.purpose or "", ("未说明", "no purpose stated"))
    done_zh, done_en = act(usage)
    return f"{zh}：{done_zh}", f"{en}: {done_en}"


def basis(code: str | None) -> tuple[str, str] | None:
    return None if code is None else BASES.get(code, (code, code))


def sentence(usage: Usage) -> dict[str, str]:
    """One sentence in both languages."""
    who_zh, who_en = agency(usage.agency)
    why_zh, why_en = purpose(usage)
    found = basis(usage.legal_basis)
    on_zh, on_en = ("", "") if found is None else (f"，依据：{found[0]}", f"; basis: {found[1]}")
    return {"zh": f"{who_zh}，{why_zh}{on_zh}。", "en": f"{who_en}, {why_en}{on_en}."}


def hidden_reason(usage: Usage) -> dict[str, str] | None:
    """Why an access was not told for a time; None for one that never was hidden."""
    found = basis(usage.hidden_basis)
    if found is None:
        return None
    return {
        "zh": f"{found[0]}，文号：{usage.hidden_document}",
        "en": f"{found[1]}, document {usage.hidden_document}",
    }

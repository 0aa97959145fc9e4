"""XLSForm workbooks, made cell by cell."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]
LABELS = ("label::中文 (zh)", "label::English (en)")
SURVEY = ("type", "name", *LABELS, "required", "relevant", "open")
CHOICES = ("list_name", "name", *LABELS)
SETTINGS = ("form_title", "form_id", "version")
YES_NO = (("yn", "yes", "是", "Yes"), ("yn", "no", "否", "No"))


def book(**sheets: Rows) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def form(*questions: Sequence[Any], version: str = "1", form_id: str = "visit") -> bytes:
    return book(
        survey=[SURVEY, *questions],
        choices=[CHOICES, *YES_NO],
        settings=[SETTINGS, ("走访 Visit", form_id, version)],
    )

"""What files are called lies sealed with them: nowhere in the records, whatever became of them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bench import _traces
from littoral.engine.reconciling import BARE
from littoral.store.sync.tables import sync_records

from .conftest import Watch
from .oversight import matter
from .test_forms import clerk, published, worker
from .test_forms_before import started
from .test_forms_pushes import erased
from .test_forms_rights import NUMBER, PHOTO, answers, dpo, told

PART = "王伟的住处照片"
NAME = f"{PART}46010019900101123413800138000.jpg"


def kept(watch: Watch) -> dict[str, dict[str, object]]:
    with watch.shore.records.database.read() as connection:
        rows = connection.execute(sa.select(sync_records)).all()
    return {row.id: {"fields": row.fields, "was": row.was, "answer": row.answer} for row in rows}


def test_the_name_of_a_file_is_in_no_record_and_gone_with_the_file(watch: Watch) -> None:
    made = published(clerk(watch))
    phone = worker(watch)
    key = phone.hand_in(made["id"], answers(NUMBER), {NAME: PHOTO})
    phone.sync()
    (photo,) = [k for k in phone.queue if k != key]
    assert phone.answers[photo]["status"] == "taken"
    assert set(kept(watch)[photo]["fields"]) == {"sha256", "size"}
    assert PART not in str(kept(watch))
    # Sent again it is the same.
    phone.push([photo])
    assert phone.answers[photo]["status"] == "known"
    officer = dpo(watch)
    (record,) = told(watch, officer, matter(officer))["records"]
    erased(watch, record, officer)
    folder = watch.shore.settings.data_dir
    assert _traces.traces([folder], _traces.of_text(PART)) == {}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("form.file", {"sha256": "ab" * 32, "size": 3, "media_type": PART, "name": f"a.{PART}"}),
        ("form.file", {"sha256": PART, "size": NUMBER, "media_type": "image/jpeg", PART: 1}),
        ("form.submit", {"form": PART, "sha256": "ab" * 32, "size": 3, "home": PART}),
        ("incident.file", {"sha256": "ab" * 32, "size": 13800138000, "media_type": "a", PART: 1}),
    ],
)
def test_of_what_is_refused_nothing_is_kept_that_was_written(
    watch: Watch, kind: str, fields: dict[str, object]
) -> None:
    phone = worker(watch)
    key = phone.note(kind, **fields)
    phone.push([key])
    assert phone.answers[key]["status"] == "refused", phone.answers
    assert key in kept(watch)
    for text in (PART, NUMBER, "13800138000"):
        assert text not in str(kept(watch))


def test_an_ending_or_a_type_that_is_none_is_not_repeated(watch: Watch) -> None:
    made = published(clerk(watch))
    phone = worker(watch)
    for name, media_type in ((f"p.{PART}", "image/jpeg"), ("p.jpg", f"image/{PART}")):
        key = phone.hand_in(made["id"], answers(NUMBER), {name: PHOTO})
        (photo,) = [k for k in phone.queue if k not in (key, *phone.answers)]
        phone.records[photo]["fields"]["media_type"] = media_type
        phone.sync()
        assert phone.answers[photo]["code"] == "media", phone.answers[photo]
    assert PART not in str(kept(watch))


def test_what_was_kept_before_is_gone_after_the_next_start(watch: Watch) -> None:
    made = published(clerk(watch))
    phone = worker(watch)
    key = phone.hand_in(made["id"], answers(NUMBER), {NAME: PHOTO})
    phone.sync()
    (photo,) = [k for k in phone.queue if k != key]
    with watch.shore.records.database.write() as connection:  # as it was written before
        was = phone.records[photo]["fields"]
        r = sync_records.c
        connection.execute(sa.update(sync_records).where(r.id == photo).values(fields=was))
        said = f"its name ends in .{PART}"
        refused = {"status": "refused", "code": "media", "reason": {"zh": said, "en": said}}
        connection.execute(sa.update(sync_records).where(r.id == key).values(answer=refused))
    watch.shore.records.set_setting(BARE, False)
    assert PART in str(kept(watch))
    started(watch)
    assert PART not in str(kept(watch))
    phone.push([photo, key])
    assert phone.answers[photo]["status"] == "known"
    assert phone.answers[key]["first"]["code"] == "media"

"""The shipped set fits its schema; what does not is said, with the rule and the remedy."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import cedarpy
import pytest

from littoral.access import (
    BadRequest,
    Circumstances,
    Decider,
    PolicyFiles,
    Principal,
    Resource,
    check,
    shipped,
    words,
)
from littoral.access.rules import parsed
from littoral.cli import main

FILES = shipped()
RULE = '@id("x") @zh("可") @en("May.") {} (principal, action{}, resource) when {{ {} }};'


def test_the_shipped_set_has_no_complaints():
    assert check(FILES) == []


def test_every_action_of_the_schema_is_a_word_and_every_word_an_action():
    text = str(cedarpy.Schema.from_str(FILES.schema))
    assert sorted(re.findall(r'"(\w+\.\w+)"', text)) == sorted(words.ACTIONS)


def test_every_rule_gives_its_reason_in_both_languages():
    assert len(FILES.rules) >= 200
    odd = [
        r.id
        for r in FILES.rules.values()
        if not (r.zh.endswith("。") and r.en.endswith(".") and r.en.isascii() and len(r.zh) > 5)
    ]
    assert odd == []


def test_no_rule_names_a_word_outside_the_vocabulary():
    vocabulary = {
        *words.ROLES, *words.TIERS, *words.AGENCIES, *words.DATA_CLASSES, *words.PURPOSES,
        *words.LEGAL_BASES, *words.ASSURANCES, *words.NETWORKS, "",
    }  # fmt: skip
    kinds = {
        "blinding",
        "distress",
        "escalated",
        "dismissed",
        "epidemic",
        "sealed",
        "complaint",
        "held",
        "court_hold",
        "ended",
        "erasure",
        "subject_copy",
        "form",
        "delay",
        "about_owner",
        "privileged",
        "case_sharing",
        "weakening",
        "purpose",
        "assessment",
    }  # fmt: skip  (the kind "health" is an agency's word too)
    named: set[str] = set()
    for rule in FILES.rules.values():
        named |= literals(rule.est["conditions"])
    assert len(named) > 40
    assert named - vocabulary == kinds


def literals(e) -> set[str]:
    if isinstance(e, dict):
        value = e.get("Value")
        return {value} if isinstance(value, str) else set().union(*map(literals, e.values()))
    return set().union(*map(literals, e)) if isinstance(e, list) else set()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RULE.format("permit", "", 'principal.salary == "x"'), "salary"),
        (RULE.format("permit", "", "principal.tier == 3"), "x.cedar: x:"),
        (RULE.format("permit", ' == Action::"tea.make"', "true"), "tea.make does not exist"),
        (RULE.format("permit", "", 'resource.kind like "a*"'), "list cannot be filtered"),
        (RULE.format("permit", "", "resource.kind == resource.unit"), "list cannot be filtered"),
        ('@id("x") @en("May.") permit (principal, action, resource);', "x lacks @zh"),
        ("permit (principal, action, resource);", "lacks @id and @zh and @en"),
        ('@id("x") @zh("可") @en("M.") permit (principal == User::"a", action, resource);', "head"),
        ('@id("x") @zh("可") @en("M.") permit (principal == ?principal, action, resource);', "te"),
        ("permit (", "x.cedar"),
        (RULE.format("permit", "", "true") * 2, "stands twice"),
    ],
)  # fmt: skip
def test_a_faulty_set_is_complained_about(rule, said):
    complaints = check(replace(FILES, policies={"x.cedar": rule}))
    assert len(complaints) >= 1
    assert said in complaints[0]


def one_rule(effect: str, condition: str) -> Decider:
    return Decider(PolicyFiles(FILES.schema, {"x.cedar": RULE.format(effect, "", condition)}))


USER = Principal("user-1", ("analyst",), "police", "unit-a", "city", ("46",), "totp")
THING = Resource("public")


def test_nothing_is_allowed_without_a_permit():
    verdict = one_rule("forbid", "false").decide(USER, "alert.read", THING, Circumstances(1))
    assert (verdict.allowed, verdict.ids, verdict.en) == (False, (), "No rule allows this.")


def test_a_rule_that_fails_denies_single_things_and_lists():
    """Cedar skips a rule with an error; skipping a forbid would open what it guards."""
    failing = "context.grant_until_us * 4611686018427387903 * 4 > 0"
    text = RULE.format("permit", "", "true") + RULE.format("forbid", "", failing).replace(
        '@id("x")', '@id("y")'
    )
    decider = Decider(PolicyFiles(FILES.schema, {"x.cedar": text}))
    late = Circumstances(1, grant_until_us=2**40)
    assert decider.decide(USER, "alert.read", THING, Circumstances(1)).allowed
    verdict = decider.decide(USER, "alert.read", THING, late)
    assert (verdict.allowed, verdict.ids) == (False, ())
    assert "failed" in verdict.en
    assert decider.list_filter(USER, "alert.read", late) == decider.list_filter(
        replace(USER, roles=()), "alert.read", late
    )


def test_misspelt_words_are_errors():
    with pytest.raises(BadRequest, match="role"):
        replace(USER, roles=("watchman",))
    with pytest.raises(BadRequest, match="id"):
        replace(USER, id='u"; permit')
    with pytest.raises(BadRequest, match="data_class"):
        Resource("secret")
    with pytest.raises(BadRequest, match="areas"):
        Resource("public", areas=("",))
    with pytest.raises(BadRequest, match="purpose"):
        Circumstances(1, purpose="curiosity")
    with pytest.raises(BadRequest, match="grant_until_us"):
        Circumstances(1, grant_until_us=2**62)
    with pytest.raises(BadRequest, match="action"):
        Decider(FILES).decide(USER, "alert.eat", THING, Circumstances(1))


def test_check_hash_and_explain_on_the_command_line(capsys):
    assert main(["policy", "check"]) == 0
    assert "fit the schema" in capsys.readouterr().out
    assert main(["policy", "hash"]) == 0
    assert capsys.readouterr().out.strip() == Decider(FILES).hash
    who = "investigator@harbour/police/city/4602"
    assert main(["policy", "explain", who, "person.read:personal", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["allowed"] is False
    assert "persons.never.no-case" in [r["id"] for r in told["deciding"]]
    assert [r["id"] for r in told["permits"]] == ["persons.investigator.person.read-own"]
    framed = ["--purpose=anti_smuggling", "--basis=statutory_duty", "--case=c1", "--hours=8"]
    assert main(["policy", "explain", who, "person.read:personal", *framed]) == 0
    assert capsys.readouterr().out.startswith("ALLOWED")
    assert main(["policy", "explain", "nobody", "alert.read"]) == 2


def test_a_folder_is_checked_and_faults_fail(tmp_path, capsys):
    (tmp_path / "schema.cedarschema").write_text(FILES.schema)
    (tmp_path / "x.cedar").write_text(RULE.format("permit", "", "principal.salary == 1"))
    assert main(["policy", "check", "--folder", str(tmp_path)]) == 1
    assert "salary" in capsys.readouterr().err
    assert main(["policy", "hash", "--folder", str(tmp_path / "none")]) == 2


def test_each_rule_is_given_as_it_is_written():
    files = shipped()
    assert list(files.texts) == list(files.rules)
    for rule_id, text in files.texts.items():
        (est,) = parsed("one", text)
        assert est == files.rules[rule_id].est
    head = '@zh("；甲 // 乙;")\n@en("a \\"quoted; thing\\"")\npermit (principal, action, resource'
    one, two = f'@id("a")\n{head});', f'@id("b")\n{head}) // why; so\n;'
    odd = f'// first; "\n{one}\n\n// then; another\n{two}\n// end; \n'
    assert PolicyFiles(files.schema, {"x.cedar": odd}).texts == {"a": one, "b": two}

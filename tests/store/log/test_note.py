"""Notes, checkpoints, cosignatures and proofs against the worked examples of C2SP."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from littoral.store.log import merkle
from littoral.store.log.checkpoint import Checkpoint, open_checkpoint, parse_text
from littoral.store.log.note import (
    COSIGNATURE,
    Note,
    NoteError,
    VerifierKey,
    cosigned_message,
    parse_note,
)
from littoral.store.log.proof import LogProof, parse_proof
from littoral.store.log.signing import Signer, load_key, make_key

# signed-note, "Example"
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = """This is an example message.

\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""  # noqa: E501
# tlog-cosignature, introduction: tlog-checkpoint's example, cosigned
COSIGNED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501
MESSAGE = """cosignature/v1
time 1679315147
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
"""


def test_the_example_of_signed_note() -> None:
    key = VerifierKey.parse(VKEY)
    note = parse_note(NOTE.encode())
    assert str(key) == VKEY
    assert str(note) == NOTE
    assert note.text == "This is an example message.\n"
    assert note.verified([key]) == [(key, None)]


def test_the_example_of_a_cosigned_checkpoint() -> None:
    note = parse_note(COSIGNED.encode())
    log, witness = note.signatures
    assert str(note) == COSIGNED
    assert (log.name, log.id.hex(), len(log.data)) == (
        "example.com/behind-the-sofa", "033de0ae", 64,
    )  # fmt: skip
    assert (witness.name, len(witness.data)) == ("witness.example.com/w1", 8 + 64)
    time_s = int.from_bytes(witness.data[:8], "big")
    assert cosigned_message(note.text, time_s).decode() == MESSAGE
    checkpoint = parse_text(note.text)
    assert checkpoint.origin == "example.com/behind-the-sofa"
    assert checkpoint.size == 20852163
    assert checkpoint.text == note.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n1\n",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",  # not canonical
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jx\n",  # 30 bytes
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nmore\n",
    ],
)
def test_no_checkpoint(text: str) -> None:
    with pytest.raises(NoteError):
        parse_text(text)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        "text\n\n\u2014 a AAAAAAA=".encode(),  # no newline
        "text\n\n\u2014 a AAAA\n".encode(),  # an id alone
        "text\n\n\u2014 a AAAAAAB=\n".encode(),  # base64 not canonical
        "text\n\n\u2014 a+b AAAAAAA=\n".encode(),
        b"text\n\n- a AAAAAAA=\n",
        "te\txt\n\n\u2014 a AAAAAAA=\n".encode(),
        b"\xff\n\n" + "\u2014 a AAAAAAA=\n".encode(),
    ],
)
def test_no_note(data: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(data)


@pytest.mark.parametrize(
    "text",
    [
        "example.com/foo",
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("example.com/foo", "example.com/bar"),
        VKEY[:-4],
        "a+00000000+",
        "exa mple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_no_key(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


LOG = Signer.generate("log.example/a")
WITNESS = Signer.generate("witness.example/w", COSIGNATURE)
TEXT = Checkpoint(LOG.name, 0, merkle.EMPTY_ROOT).text


def test_signatures_of_strangers_are_passed_over() -> None:
    stranger = Signer.generate(LOG.name)  # the same name, another key
    note = stranger.sign(TEXT).with_signatures(LOG.sign(TEXT).signatures)
    assert note.verified([LOG.public]) == [(LOG.public, None)]
    with pytest.raises(NoteError, match="not signed by"):
        stranger.sign(TEXT).verified([LOG.public])


def test_a_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    signed, more = LOG.sign(TEXT), WITNESS.cosign(TEXT, 1_700_000_000)
    note = signed.with_signatures([more])
    opened = open_checkpoint(str(note).encode(), LOG.public, [WITNESS.public])
    assert opened.seen == ((WITNESS.public, 1_700_000_000),)
    forged = Note(note.text, (signed.signatures[0], WITNESS.cosign(TEXT + "x\n", 5)))
    assert open_checkpoint(str(forged).encode(), LOG.public).size == 0
    with pytest.raises(NoteError, match="wrong"):
        open_checkpoint(str(forged).encode(), LOG.public, [WITNESS.public])


def test_the_key_is_for_one_origin() -> None:
    other = Checkpoint("another.example", 0, merkle.EMPTY_ROOT)
    with pytest.raises(NoteError, match="another"):
        open_checkpoint(str(LOG.sign(other.text)).encode(), LOG.public)


def test_a_log_is_no_witness() -> None:
    with pytest.raises(NoteError, match="no key of a witness"):
        LOG.cosign(TEXT, 1)


def test_key_files(tmp_path: Path) -> None:
    made = make_key(tmp_path / "keys" / "log.key", "log.example/a")
    path = tmp_path / "keys" / "log.key"
    assert load_key(path).public == made.public
    assert [p.name for p in path.parent.iterdir()] == ["log.key"]
    with pytest.raises(FileExistsError):
        make_key(path, "log.example/a")
    assert load_key(path).public == made.public
    os.chmod(path, 0o640)
    with pytest.raises(NoteError, match="others may read"):
        load_key(path)


def test_a_proof_there_and_back() -> None:
    """One entry: the tree is its leaf. The form is that of tlog-proof."""
    entry = b"an entry"
    note = LOG.sign(Checkpoint(LOG.name, 1, merkle.leaf_hash(entry)).text)
    text = str(LogProof(0, (), note, entry))
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra YW4gZW50cnk=\nindex 0\n\nlog.example/a\n")
    proof = parse_proof(text.encode())
    assert str(proof) == text
    assert proof.verify(LOG.public).size == 1
    with pytest.raises(merkle.ProofError):
        proof.verify(LOG.public, entry=b"another")
    bare = parse_proof(text.replace("extra YW4gZW50cnk=\n", "").encode())
    with pytest.raises(merkle.ProofError, match="no entry"):
        bare.verify(LOG.public)
    assert bare.verify(LOG.public, entry=entry).size == 1


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"c2sp.org/tlog-proof@v1\n", b"c2sp.org/tlog-proof@v2\nindex 0\n\n",
             b"c2sp.org/tlog-proof@v1\nindex 00\n\na", b"c2sp.org/tlog-proof@v1\nextra YQ==\n\n"]
)  # fmt: skip
def test_no_proof(data: bytes) -> None:
    with pytest.raises(NoteError):
        parse_proof(data)

"""The modem's side of the conversation over a real pseudo-terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from littoral.link.sms.modem import KEEP, Line, Modem, ModemError
from littoral.link.sms.pdu import Received, StatusReport, submit
from tests.link.sms.at_modem import AtModem

NUMBER = "8613876012345"


@pytest.fixture
def there() -> Iterator[AtModem]:
    modem = AtModem()
    yield modem
    modem.close()


def test_a_page_goes_out_and_its_report_comes_back(there: AtModem) -> None:
    with Modem(there.port) as modem:
        (part,) = submit("+" + NUMBER, "滨海：任务，请接受", 1, KEEP)
        assert modem.send(part) == 1
        assert there.sent[0]["user_data"]["data"] == "滨海：任务，请接受"
        there.report(1, NUMBER, 0)
        found = modem.listen(5)
        assert isinstance(found, StatusReport)
        assert (found.reference, found.state, found.number) == (1, "delivered", "+" + NUMBER)
        modem.acknowledge()
        assert there.waiting == []
        assert modem.listen(0) is None


def test_parts_of_a_long_text(there: AtModem) -> None:
    with Modem(there.port) as modem:
        text = "请到海口东港核实一艘可疑快艇。" * 10
        given = [modem.send(part) for part in submit("10086", text, 9, KEEP)]
    assert given == [1, 2, 3]
    assert "".join(m["user_data"]["data"] for m in there.sent) == text


def test_what_was_not_acknowledged_comes_again(there: AtModem) -> None:
    with Modem(there.port) as modem:
        there.message(NUMBER, "1")
        assert isinstance(modem.listen(5), Received)
    with Modem(there.port) as modem:
        found = modem.listen(5)
        assert isinstance(found, Received)
        assert (found.number, found.text) == ("+" + NUMBER, "1")
        modem.acknowledge()
    assert there.waiting == []


@pytest.mark.parametrize("split", [False, True])
def test_what_comes_in_the_middle_of_an_answer_is_kept(there: AtModem, split: bool) -> None:
    with Modem(there.port) as modem:
        there.split = split
        pdu = "0891683108200805F0062A0D91683178062143F5" + "62119232950123" * 2 + "00"
        there.in_between.append(f"\r\n+CDS: 27\r\n{pdu}\r\n")
        assert modem.send(submit("10086", "海", 0, KEEP)[0]) == 1
        found = modem.listen(0)
        assert isinstance(found, StatusReport)
        assert found.reference == 42


def test_nonsense_is_counted_and_the_next_is_read(there: AtModem) -> None:
    with Modem(there.port) as modem:
        there.say("\r\n+CDS: 27\r\nnonsense\r\n\r\n+CDS: 1\r\n00\r\n")
        there.say("\r\nRING\r\n" + "x" * 5000 + "\r\n")
        there.message(NUMBER, "好")
        found = modem.listen(5)
        assert isinstance(found, Received)
        assert found.text == "好"
        assert modem.rejected >= 2  # the long line is one more where it is read in pieces


def test_the_network_refuses(there: AtModem) -> None:
    there.refuse = 38  # TS 24.011: network out of order
    with Modem(there.port) as modem:
        with pytest.raises(ModemError, match="38") as raised:
            modem.send(submit("10086", "海", 0, KEEP)[0])
        assert raised.value.status == 38
        there.refuse = None
        assert modem.send(submit("10086", "海", 0, KEEP)[0]) == 1


def test_a_modem_that_says_nothing(there: AtModem) -> None:
    there.mute = True
    with pytest.raises(ModemError, match="no answer to ATE0"):
        Modem(there.port, answer_s=0.2)


def test_no_modem_at_all(tmp_path) -> None:
    with pytest.raises(ModemError, match="No such file"):
        Modem(str(tmp_path / "ttyUSB0"))


def test_one_that_is_unplugged(there: AtModem) -> None:
    modem = Modem(there.port, answer_s=0.5)
    there.mute = True
    with pytest.raises(ModemError):
        modem.line()
    modem.close()
    with pytest.raises(ModemError, match="gone"):
        modem.line()


def test_how_the_line_stands(there: AtModem) -> None:
    with Modem(there.port) as modem:
        assert modem.line() == Line(True, -73)
        there.registered, there.quality = 2, 99
        assert modem.line() == Line(False, None)


def test_a_card_with_a_pin() -> None:
    there = AtModem(pin="4821")
    try:
        with pytest.raises(ModemError, match="asks for a PIN"):
            Modem(there.port)
        with pytest.raises(ModemError, match="16") as raised:
            Modem(there.port, pin="1111")
        assert "1111" not in str(raised.value)
        assert there.commands.count('AT+CPIN="1111"') == 1
        with Modem(there.port, pin="4821") as modem:
            assert modem.line().registered
    finally:
        there.close()

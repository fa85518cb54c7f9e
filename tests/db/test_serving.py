"""Real processes, real signals: what an operator and a process manager see."""

import os
import signal
import socket
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from tests.support.office import SLOW_OFFICE, office

pytestmark = pytest.mark.sqlite


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def wait_until(condition, seconds=15):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        return line.recv(4096)


def test_an_empty_folder_becomes_a_served_office_and_ends_when_told(tmp_path):
    with office(tmp_path) as running:
        running.wait_until_ready()
        assert running.status("/health/live") == 200
        assert len(running.children()) == 1
        [worker] = running.children()
        status, output = running.end(signal.SIGTERM)
    assert status == 0, output
    assert not alive(worker)
    assert f"http://127.0.0.1:{running.port}" in output
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_ctrl_c_ends_it_too(tmp_path):
    with office(tmp_path, SLOW_OFFICE) as running:
        running.wait_until_ready()
        assert running.end(signal.SIGINT)[0] == 0


def test_a_worker_that_dies_takes_the_web_with_it(tmp_path):
    with office(tmp_path) as running:
        running.wait_until_ready()
        os.kill(running.children()[0], signal.SIGKILL)
        running.process.wait(10)
        status, output = running.end()
    assert status == 1
    assert "ended by itself" in output


def test_a_web_server_that_dies_takes_the_worker_with_it(tmp_path):
    with office(tmp_path) as running:
        running.wait_until_ready()
        [worker] = running.children()
        running.process.kill()
        wait_until(lambda: not alive(worker))


def test_a_request_in_flight_is_answered_and_no_other_is_let_in(tmp_path):
    answers = []
    with office(tmp_path, SLOW_OFFICE) as running:
        running.wait_until_ready()

        def ask():
            with urllib.request.urlopen(running.url("/slow"), timeout=20) as response:
                answers.append(response.read())

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.5)
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert running.status("/health/live") == 0
        asking.join()
        assert running.end()[0] == 0
    assert answers == [b"answered"]


def test_a_body_on_its_way_arrives_and_an_idle_line_is_hung_up(tmp_path):
    with office(tmp_path, SLOW_OFFICE) as running:
        running.wait_until_ready()
        idle = socket.create_connection(("127.0.0.1", running.port), timeout=10)
        slow = socket.create_connection(("127.0.0.1", running.port), timeout=10)
        slow.sendall(b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
        time.sleep(0.3)
        running.process.send_signal(signal.SIGTERM)
        assert idle.recv(10) == b""
        slow.sendall(b"cd")
        assert slow.recv(100).startswith(b"HTTP/1.1 405")
        assert running.end()[0] == 0
        idle.close()
        slow.close()


def test_who_is_told_twice_does_not_wait(tmp_path):
    with office(tmp_path, SLOW_OFFICE) as running:
        running.wait_until_ready()
        with socket.create_connection(("127.0.0.1", running.port)) as hanging:
            hanging.sendall(b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
            time.sleep(0.3)
            running.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            assert running.end(signal.SIGTERM, seconds=8)[0] == 0


def test_hostile_requests_are_refused_by_the_server_itself(tmp_path):
    with office(tmp_path, SLOW_OFFICE) as running:
        running.wait_until_ready()
        chunked = (
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
        )
        assert b" 400 " in raw(running.port, chunked)
        huge = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
        assert b" 413 " in raw(running.port, huge)
        answer = raw(running.port, b"GET /health/live HTTP/1.0\r\n\r\n")
        assert b"\r\nServer:" not in answer


def test_a_taken_port_is_said_in_a_sentence(tmp_path):
    with office(tmp_path, SLOW_OFFICE) as running:
        running.wait_until_ready()
        with office(tmp_path / "third", PORT=str(running.port)) as third:
            third.process.wait(20)
            status, output = third.end()
    assert status == 1
    assert "cannot listen on" in output
    assert "Traceback" not in output


def test_settings_that_cannot_be_run_with_are_all_listed(tmp_path):
    with office(tmp_path, TIMEZONE="Mars/Base", MAIL_SERVER="mail.test") as running:
        running.process.wait(20)
        status, output = running.end()
    assert status == 1
    assert "TIMEZONE" in output
    assert "PUBLIC_BASE_URL" in output
    assert "Traceback" not in output

"""A company that sends text messages, as a folder: what it took stands there for every process to see."""

import dataclasses
import json
import os
import signal
import time
import uuid
from pathlib import Path

from accounts.models import Message
from audit import clock
from delivery.gateways import Letter, Refused

CASES = {"up", "down", "too late", "kills", "slow"}


@dataclasses.dataclass
class Company:
    """`case` says how it behaves; `wrong` are numbers that it refuses."""

    folder: Path
    case: str = "up"
    wrong: tuple = ()
    asked: int = 0

    def send(self, letter):
        self.asked += 1
        if self.case == "down":
            raise ConnectionRefusedError("nobody there")
        if letter.to in self.wrong:
            raise Refused("no such number")
        if self.case == "slow":
            time.sleep(0.05)
        self._take(letter)
        if self.case == "too late":
            raise TimeoutError("took it and did not answer in time")
        if self.case == "kills":
            os.kill(os.getpid(), signal.SIGKILL)
        return f"SMS-{letter.key[:8]}"

    def _take(self, letter):
        (self.folder / f"{time.time_ns()}-{uuid.uuid4()}").write_text(json.dumps(dataclasses.asdict(letter)))

    @property
    def took(self) -> list[Letter]:
        """Everything it was given and took, repetitions too, in order."""
        return [Letter(**json.loads(path.read_text())) for path in sorted(self.folder.iterdir())]

    @property
    def sent(self) -> list[Letter]:
        """What it sends on: each key once."""
        return list({letter.key: letter for letter in self.took}.values())


def tell(citizen=None, key=None, **fields):
    """A notice worth an SMS, unless its key says something else."""
    defaults = {
        "key": key or f"confirmed:{Message.objects.count()}:1",
        "subject": "Ban đã xác nhận hồ sơ năm 2026",
        "body": "Kết quả: đạt.",
        "at": clock.now(),
    }
    return Message.objects.create(citizen=citizen, **(defaults | fields))

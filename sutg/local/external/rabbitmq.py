"""A throw-away RabbitMQ node that shares nothing with one that the system may run."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from kombu.connection import Connection

from sutg.local.external.service import Service, find_program, free_port
from sutg.local.processes import MARKER, end_marked


class Rabbitmq(Service):
    """One node with a name, ports, folders and an Erlang port mapper of its own."""

    def __init__(self, scratch: Path) -> None:
        scripts = sorted(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server"))
        # Not the wrapper in /usr/sbin, which changes user and folder by itself.
        self.program = find_program("rabbitmq-server", *(str(script) for script in scripts))
        super().__init__("rabbitmq", scratch, "rabbitmq")
        self.password = secrets.token_urlsafe(16)
        self.marker = f"rabbitmq-{secrets.token_hex(8)}"

    @property
    def address(self) -> str:
        """What Celery connects to."""
        return f"amqp://sutg:{self.password}@127.0.0.1:{self.port}//"

    def launch(self) -> None:
        """Start the node and wait until it accepts our login."""
        configuration = self.write(
            "rabbitmq.conf",
            f"listeners.tcp.default = 127.0.0.1:{self.port}\n"
            f"default_user = sutg\ndefault_pass = {self.password}\n"
            "vm_memory_high_watermark.absolute = 512MiB\ndisk_free_limit.absolute = 50MB\n",
        )
        environment = {
            "RABBITMQ_NODENAME": f"{self.marker}@localhost",
            "RABBITMQ_CONF_ENV_FILE": str(self.write("rabbitmq-env.conf", "")),
            "RABBITMQ_CONFIG_FILE": str(configuration),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.write("enabled_plugins", "[].\n")),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": str(self.folder / "node.pid"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(free_port()),
            # The port mapper makes itself a daemon; by this mark it is found again.
            MARKER: self.marker,
        }
        self.start([self.program], self._accepts_login, environment)

    def close(self) -> None:
        """Stop the node and its port mapper."""
        self.stop()
        end_marked(self.marker, grace=5)

    def _accepts_login(self) -> bool:
        connect: Any = Connection  # kombu has no types for it
        connection = connect(self.address, connect_timeout=2)
        try:
            connection.connect()
        except (OSError, *connection.connection_errors):
            return False
        connection.release()
        return True

"""A real Kafka broker on loopback, for tests and for trying KAFKA_BROKERS; runs until it is ended.

    python scripts/kafka.py --port 9092 --folder build/kafka

Needs Java 17 and Maven: Maven fetches the broker (org.apache.kafka) from wherever it is set up to,
once. Exit code 3 with a reason where that cannot be had.
"""

import argparse
import base64
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

from launchpad.processes import spawn, stop

KAFKA = "3.9.1"
CANNOT = 3
FETCH_SECONDS = 300

_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>launchpad</groupId>
  <artifactId>broker</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{KAFKA}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
"""

_BROKER = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={logs}
num.partitions=4
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
"""


class CannotError(Exception):
    """What a broker needs is not here."""


def classpath(cache: Path) -> str:
    """The broker's jars, fetched when they are not there yet; CannotError."""
    kept = cache / f"classpath-{KAFKA}"
    if kept.exists() and all(Path(jar).exists() for jar in kept.read_text().split(":")):
        return kept.read_text()
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            raise CannotError(f"there is no {tool} here: Kafka needs Java 17, and Maven to fetch it")
    cache.mkdir(parents=True, exist_ok=True)
    (cache / "pom.xml").write_text(_POM)
    command = ["mvn", "-B", "-q", "dependency:build-classpath", f"-Dmdep.outputFile={kept}"]
    try:
        done = subprocess.run(command, cwd=cache, capture_output=True, text=True, check=False, timeout=FETCH_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise CannotError("Maven did not fetch Kafka in time") from error
    if done.returncode != 0:
        raise CannotError(f"Maven cannot fetch Kafka: {(done.stdout + done.stderr).strip()[:300]}")
    return kept.read_text()


def configure(folder: Path, port: int, controller: int, jars: str) -> Path:
    """The configuration of a new broker, its storage formatted."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "server.properties"
    config.write_text(_BROKER.format(port=port, controller=controller, logs=folder / "logs"))
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
    command = ["java", "-cp", jars, "kafka.tools.StorageTool", "format", "--ignore-formatted", "-t", cluster]
    done = subprocess.run([*command, "-c", str(config)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotError(f"Kafka's storage cannot be made: {done.stderr.strip()[-300:]}")
    return config


def main(arguments: list[str]) -> int:
    """Run a broker until it ends or we do; returns its exit code."""
    parser = argparse.ArgumentParser(description="Run a Kafka broker on loopback.")
    parser.add_argument("--port", type=int, default=9092)
    parser.add_argument("--controller-port", type=int, default=9093)
    parser.add_argument("--folder", type=Path, default=Path("build/kafka/broker"))
    parser.add_argument("--cache", type=Path, default=Path("build/kafka"), help="Where the list of jars is kept.")
    chosen = parser.parse_args(arguments)
    try:
        jars = classpath(chosen.cache.resolve())
        config = configure(chosen.folder.resolve(), chosen.port, chosen.controller_port, jars)
    except CannotError as reason:
        print(f"No Kafka: {reason}.", flush=True)
        return CANNOT
    broker = spawn(["java", "-Xmx384m", "-cp", jars, "kafka.Kafka", str(config)])
    try:
        return broker.wait()
    except KeyboardInterrupt:
        return stop(broker)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

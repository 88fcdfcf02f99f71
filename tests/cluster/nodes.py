"""A real OpenSearch cluster on loopback for tests and benchmarks: one JVM a node, so that a single one can be killed.

The jars come from Maven Central by the project beside this file, are resolved once, and kept below `target/`.
"""

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

HERE = Path(__file__).resolve().parent
HEAP_MB = 512
START_SECONDS = 300.0
STARTS = 2
"""A busy machine may let all nodes elect each other for minutes; the second time its files are warm."""
_SETTINGS = """cluster.name={name}
node.name=node{number}
network.host=127.0.0.1
http.port={http}
transport.port={transport}
discovery.type=zen
discovery.seed_hosts={seeds},
cluster.initial_cluster_manager_nodes={managers},
cluster.routing.allocation.disk.threshold_enabled=false
cluster.routing.allocation.node_concurrent_recoveries=8
cluster.fault_detection.follower_check.interval=500ms
"""


def missing_tools() -> str:
    """What of Java and Maven this machine lacks, in a sentence; empty when all is there."""
    lacking = [tool for tool in ("java", "mvn") if not shutil.which(tool)]
    return f"OpenSearch needs {' and '.join(lacking)} on the PATH (Java 17, Maven 3.8)." if lacking else ""


def classpath() -> str:
    """The classes that make a node, built when this is first asked. Raises CalledProcessError when Maven fails."""
    listed = HERE / "target" / "classpath"
    project = (HERE / "pom.xml", HERE / "src/main/java/Node.java")
    if not listed.exists() or any(file.stat().st_mtime > listed.stat().st_mtime for file in project):
        subprocess.run(["mvn", "-q", "-B", "compile"], cwd=HERE, check=True, stdin=subprocess.DEVNULL)
        listed.touch()
    return f"{HERE / 'target' / 'classes'}:{listed.read_text().strip()}"


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    """Started by `with Cluster(folder, nodes=3) as cluster`; `url` is what SEARCH_URL takes."""

    def __init__(self, folder: Path, nodes: int = 3, heap_mb: int = HEAP_MB) -> None:
        self._folder, self._heap_mb = folder, heap_mb
        ports = _free_ports(2 * nodes)
        self.http, self._transport = ports[:nodes], ports[nodes:]
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * nodes

    @property
    def url(self) -> str:
        return "opensearch://" + ",".join(f"127.0.0.1:{port}" for port in self.http)

    def __enter__(self) -> Self:
        for left in reversed(range(STARTS)):
            try:
                for number in range(len(self.http)):
                    self.start(number)
                self.wait_for_nodes(len(self.http))
            except BaseException as error:
                self.__exit__()
                if left and isinstance(error, TimeoutError):
                    continue
                raise
            break
        return self

    def __exit__(self, *failure: object) -> None:
        for number in range(len(self._processes)):
            self.kill(number)
            # What was indexed is gigabytes after a benchmark; logs tell why a start failed.
            shutil.rmtree(self._folder / f"node{number}" / "node_1", ignore_errors=True)

    def start(self, number: int) -> None:
        """Start a node, for the first time or again with what it had stored."""
        home = self._folder / f"node{number}"
        home.mkdir(parents=True, exist_ok=True)
        seeds = ",".join(f"127.0.0.1:{port}" for port in self._transport)
        settings = _SETTINGS.format(
            name=self._folder.name, number=number, http=self.http[number], transport=self._transport[number],
            seeds=seeds, managers=",".join(f"node{each}" for each in range(len(self.http))),
        )  # fmt: skip
        (home / "node.properties").write_text(settings)
        heap = [f"-Xms{self._heap_mb}m", f"-Xmx{self._heap_mb}m", "-XX:+UseSerialGC"]
        command = ["java", *heap, "-cp", classpath(), "Node", str(home)]
        with (home / "log").open("ab") as log:
            self._processes[number] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)

    def kill(self, number: int) -> None:
        """As a power cut does."""
        process = self._processes[number]
        if process is not None:
            process.kill()
            process.wait()
            self._processes[number] = None

    @property
    def pids(self) -> list[int]:
        """The processes of the nodes that run."""
        return [process.pid for process in self._processes if process is not None]

    def resident_mb(self) -> int:
        """Memory of all nodes."""
        statuses = [Path(f"/proc/{pid}/status").read_text() for pid in self.pids]
        return sum(int(status.partition("VmRSS:")[2].split()[0]) // 1024 for status in statuses)

    def wait_for_nodes(self, count: int, status: str = "") -> None:
        """Until so many nodes have found each other (and the indexes are of that status, "green" or "yellow")."""
        wanted = f"/_cluster/health?wait_for_nodes={count}&timeout=5s" + (
            f"&wait_for_status={status}" if status else ""
        )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            for port, process in zip(self.http, self._processes, strict=True):
                if process is not None and self._is_well(port, wanted, count):
                    return
            time.sleep(0.5)
        raise TimeoutError(f"No {count} nodes after {START_SECONDS:.0f} s; see {self._folder}/node*/log")

    @staticmethod
    def _is_well(port: int, path: str, count: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                health = json.load(answer)
        except (urllib.error.URLError, OSError):
            return False
        return bool(health["number_of_nodes"] == count and not health["timed_out"])

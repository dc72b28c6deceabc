"""The container and Kubernetes files say what the product needs."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from launchpad.config import Settings
from launchpad.origin import DOORS

REPOSITORY = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
PROCESSES = {"indexer", "outbox", "worker", "processor", "keeper"}
# Compose knows one-shot services that end when they are done; nothing watches those.
ONE_SHOT = {"migrate", "programs"}
KUBERNETES = REPOSITORY / "deploy" / "kubernetes"


def _documents():
    for path in KUBERNETES.glob("*.yaml"):
        if path.name != "kustomization.yaml":
            yield from filter(None, yaml.safe_load_all(path.read_text()))


def test_compose_has_every_service():
    assert set(SERVICES) >= {"postgres", "redis", "edge"} | set(DOORS) | PROCESSES


def test_every_lasting_service_of_compose_has_a_health_check():
    assert [name for name, service in SERVICES.items() if name not in ONE_SHOT and "healthcheck" not in service] == []


def test_compose_depends_only_on_services_that_exist():
    needed = {name for service in SERVICES.values() for name in service.get("depends_on", {})}
    assert needed <= set(SERVICES)


def test_a_service_that_must_be_healthy_has_a_health_check():
    waited_for = {
        name
        for service in SERVICES.values()
        for name, condition in service.get("depends_on", {}).items()
        if condition["condition"] == "service_healthy"
    }
    assert [name for name in waited_for if "healthcheck" not in SERVICES[name]] == []


def test_compose_sets_only_settings_that_exist():
    names = {name for service in SERVICES.values() for name in service.get("environment", {})}
    known = {name.upper() for name in Settings.model_fields}
    assert {name for name in names if not name.startswith("POSTGRES_")} <= known


def test_every_command_in_the_containers_exists():
    from launchpad.cli import app  # noqa: PLC0415 - only this test needs the command line

    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    known |= {group.name for group in app.registered_groups}
    commands = [service["command"][0] for service in SERVICES.values() if "build" in service]
    commands += [
        container["args"][0]
        for document in _documents()
        if document["kind"] in {"Deployment", "Job"}
        for container in document["spec"]["template"]["spec"]["containers"]
    ]
    assert set(commands) <= known


def test_kubernetes_has_a_deployment_for_every_process():
    names = {document["metadata"]["name"] for document in _documents() if document["kind"] == "Deployment"}
    assert names == set(DOORS) | PROCESSES


def test_kubernetes_lists_every_file_but_the_example():
    listed = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    assert {path.name for path in KUBERNETES.glob("*.yaml")} - set(listed) == {
        "kustomization.yaml",
        "secrets.example.yaml",
    }


def test_kubernetes_sets_only_settings_that_exist():
    known = {name.upper() for name in Settings.model_fields}
    for document in _documents():
        # The keeper's wallet is a file, not a setting.
        if document["kind"] in {"ConfigMap", "Secret"} and document["metadata"]["name"] != "launchpad-keeper":
            assert set(document.get("data") or document["stringData"]) <= known


def test_docker_accepts_the_compose_file():
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed: the tests above have read the file all the same")
    command = [docker, "compose", "-f", str(REPOSITORY / "docker-compose.yml"), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

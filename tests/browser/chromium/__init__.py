"""The Chromium that npm's @sparticuz/chromium carries, unpacked beside it.

scripts/browser-tools gets the package where the system has no Chromium. It needs nothing of the
system but glibc: the libraries and fonts that it is used with come along.
"""

import os
import platform
import shutil
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Final

import brotli
from filelock import FileLock

_HERE: Final = Path(__file__).parent
_PACKED: Final = _HERE / "node_modules" / "@sparticuz" / "chromium" / "bin"
_UNPACKED: Final = _HERE / "node_modules" / "unpacked"
_FONTS: Final = _UNPACKED / "fonts"


def chromium_of_npm() -> tuple[Path, dict[str, str]] | None:
    """Return the program and the environment that it needs; None where it isn't there.

    It is unpacked once (about 250 MB), by one of pytest-xdist's workers while the others wait; an
    unpacking that was interrupted begins anew.
    """
    here = sys.platform == "linux" and platform.machine() == "x86_64"
    if not (here and (_PACKED / "chromium.br").is_file()):
        return None
    with FileLock(f"{_UNPACKED}.lock"):
        if not _UNPACKED.is_dir():
            with _new_folder(_UNPACKED) as folder:
                _unpack(folder)
    libraries = os.pathsep.join(
        filter(None, [str(_UNPACKED / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH")])
    )
    fonts = {} if Path("/etc/fonts/fonts.conf").exists() else {"FONTCONFIG_PATH": str(_FONTS)}
    return _UNPACKED / "chromium", {"LD_LIBRARY_PATH": libraries, **fonts}


def _unpack(folder: Path) -> None:
    program = folder / "chromium"
    with program.open("wb") as file:
        _decompress(_PACKED / "chromium.br", file)
    program.chmod(0o755)
    for name in ("al2023", "fonts", "swiftshader"):
        data = BytesIO()
        _decompress(_PACKED / f"{name}.tar.br", data)
        data.seek(0)
        # The program looks for its renderer beside itself.
        target = folder if name == "swiftshader" else folder / name
        with tarfile.open(fileobj=data) as archive:
            archive.extractall(target, filter="data")


def _decompress(packed: Path, file: IO[bytes]) -> None:
    decompressor = brotli.Decompressor()
    with packed.open("rb") as source:
        while part := source.read(1 << 20):
            file.write(decompressor.process(part))
    if not decompressor.is_finished():
        raise OSError(f"{packed.name} is cut off: delete {_HERE / 'node_modules'}")


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder that gets its name when all of it is there."""
    made = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    try:
        yield made
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise

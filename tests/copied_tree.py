"""A copy of the sources, to be changed and built beside the tree."""
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]


def quiet(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")


class CopiedTree:
    """Copy and build stay in build/NAME: the first time compiles everything, or finds it in ccache under another name."""

    def __init__(self, name):
        os.environ.update(CCACHE_BASEDIR=str(ROOT / "build" / name), CCACHE_NOHASHDIR="1",
                          CCACHE_SLOPPINESS="pch_defines,time_macros")
        self.tree, self.build_folder = ROOT / "build" / name / "tree", ROOT / "build" / name / "build"

    def copy_sources(self):
        """All that git tracks or would; what has not changed keeps its time, and ninja its objects."""
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True,
                                check=True).stdout.decode()
        names = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
        for name in names:
            copy = self.tree / name
            if not copy.is_file() or copy.read_bytes() != (ROOT / name).read_bytes():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, copy)
        for copy in [path for path in self.tree.rglob("*") if path.is_file()]:
            if str(copy.relative_to(self.tree)) not in names:
                copy.unlink()

    def configure(self):
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        return quiet("cmake", "-S", self.tree, "-B", self.build_folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                     "-DKRAMERS_CUDA=OFF", *launcher)

    def build(self, *targets):
        return quiet("cmake", "--build", self.build_folder, "--target", *targets)

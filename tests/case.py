"""What the tests of whole commands share: a folder with an experiment in it, in which the program runs."""
import json
import os
import pathlib
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

PROGRAM = None  # set by main(), from the first argument

# T = eta sigma^2 / (2 S) = 0.4, half a second.
DOUBLE_WELL = """
title = "A double well"
seed = 20180913
[landscape]
name = "asymmetric-double-well"
[dynamics]
scheme = "leimkuhler-matthews"
learning_rate = 0.016
batch_size = 32
noise = { kind = "isotropic", sigma = 40.0 }
[ensemble]
trajectories = 4096
burn_in = 2000
steps = 30000
sample_every = 10
[record]
density = [{ axes = [0], bins = 100, range = [[-3.0, 3.0]] }]
"""
TWO_TEMPERATURES = {"sweep": "{'dynamics.batch_size' = [32, 16]}"}
# In one run the learning rate goes up and down, in the other the batch size; stages of 20 steps, or of 4.
CYCLES = {"dynamics.learning_rate": "{kind='square', values=[0.016, 0.016], lengths=[1, 1], units='epochs'}",
          "dynamics.batch_size": "{kind='square', values=[32, 32], lengths=[1, 1], units='epochs'}",
          "dynamics.dataset_size": 640,
          "sweep": "{zip=true, 'dynamics.learning_rate.values.1' = [0.0032, 0.016], "
                   "'dynamics.batch_size.values.1' = [32, 160]}"}
COARSE_STEP = {"dynamics.scheme": "'euler-maruyama'"}
EVENTS = {**COARSE_STEP, "record.events": "[{above=0.5}, {outside=[[-1.5, 1.5]]}, {inside=[[-0.1, 0.1]]}, {basin='leaves'}]"}
BRIEF = {"ensemble.trajectories": 128, "ensemble.steps": 1000}
MINUTES_LONG = {"ensemble.steps": 10**9}

DONE, FAILURE, USAGE, DISAGREES, NOT_ENOUGH_DATA, INTERRUPTED = 0, 1, 2, 3, 4, 130
VERDICTS = ("agrees", "disagrees", "not enough data")


def overrides(settings):
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]


def headed_rows(table):
    """Of the table of runs, each a cell for each heading; what stands again where it goes on below itself is left out."""
    whole = None
    for block in table[re.search(r"^ +T  .*$", table, re.MULTILINE).start():].split("\n\n"):
        lines = [re.split(r" {2,}", line.strip()) for line in block.splitlines()]
        keys = 0
        if whole:
            keys = next(i for i, heading in enumerate(lines[0]) if heading != whole[0][i])
        whole = [first + more[keys:] for first, more in zip(whole or [[]] * len(lines), lines, strict=True)]
        if lines[0][-1] == "verdict":
            return [dict(zip(whole[0], row, strict=True)) for row in whole[1:]]
    raise ValueError("there is no table: " + table)


def flat(text):
    """On one line: where lines were broken is no matter."""
    return " ".join(text.split())


def rows(table):
    return [list(row.values()) for row in headed_rows(table)]


def strict_json(text):
    def refuse(word):
        raise ValueError(f"JSON has no {word}")
    return json.loads(text, parse_constant=refuse)


def fill_disk_at(size):
    """For what runs after: no file grows beyond that, as on a full disk."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limit


def become_nobody():
    """Permissions do not bind root."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


MPIRUN = ("mpirun", "--allow-run-as-root", "--oversubscribe")


def links_mpi():
    return "libmpi" in subprocess.run(["ldd", PROGRAM], capture_output=True, text=True).stdout


class Case(unittest.TestCase):
    """One temporary folder a test, with an experiment in it, in which the program runs."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kramers-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "double_well.toml").write_text(DOUBLE_WELL)

    def pseudo_terminal(self):
        """Its two ends."""
        try:
            return pty.openpty()
        except OSError as error:
            self.skipTest(f"no terminal can be had here: {error}")

    def kramers(self, *arguments, **options):
        return subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
                              **{"timeout": 100, **options})

    def run_experiment(self, output, settings={}, *more, **options):
        return self.kramers("run", "double_well.toml", "-o", output, *overrides(settings), *more, **options)

    def sample(self, output, settings={}, *more):
        """A results file, quietly made, in the place of another one if need be; what was printed."""
        finished = self.run_experiment(output, settings, "--quiet", "--overwrite", *more)
        self.assertEqual(finished.returncode, DONE, finished.stderr)
        return finished.stdout

    def json_of(self, *arguments, status=DONE):
        finished = self.kramers(*arguments, "--json")
        self.assertEqual(finished.returncode, status, finished.stderr)
        self.assertEqual(finished.stdout.count("\n"), 1)
        return strict_json(finished.stdout)

    def digest(self, name):
        finished = self.kramers("verify", name, "--digest")
        self.assertEqual(finished.returncode, DONE, finished.stderr)
        return finished.stdout

    def sampled(self, name):
        """All datasets but those in which a run that was looked at and lengthened differs from one that was not."""
        import h5py
        values = {}

        def take(path, item):
            if isinstance(item, h5py.Dataset) and not path.startswith("verdict/") and path != "ensemble/looks":
                values[path] = item[...].tolist() if item.dtype.kind == "O" else item[...].tobytes()  # texts, or numbers
        with h5py.File(self.folder / name) as file:
            file.visititems(take)
            return values, set(file["ensemble/looks"][...])

    def assert_same_samples(self, lengthened, whole, looks=1):
        """To the bit; and the first of the two knows how often it was looked at before."""
        samples, seen = self.sampled(lengthened)
        self.assertEqual(samples, self.sampled(whole)[0])
        self.assertEqual(seen, {looks})

    def contents(self):
        return {str(path.relative_to(self.folder)): path.is_file() and path.read_bytes()
                for path in self.folder.rglob("*")}

    def assert_one_line(self, text, *parts):
        self.assertEqual(text.count("\n"), 1, text)
        self.assertTrue(text.startswith("kramers: error: "), text)
        for part in parts:
            self.assertIn(part, text)


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2, failfast="KRAMERS_FAIL_FAST" in os.environ)

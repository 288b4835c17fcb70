#!/usr/bin/python3
"""Reads a results file as its users do: read_results.py FILE.h5 [NCDUMP]. Exit status 77: a reader is not installed."""

import subprocess
import sys
import warnings

try:
    import h5netcdf  # noqa: F401
    import h5py
    import netCDF4  # noqa: F401
    import numpy as np
    import xarray
except ImportError as missing:
    print(f"not installed: {missing.name}")
    sys.exit(77)

warnings.simplefilter("error", UserWarning)
name = sys.argv[1]


def variables(group, found):
    group.visititems(lambda path, item: found.append(path) if isinstance(item, h5py.Dataset) else None)
    return found


with h5py.File(name) as f:
    assert isinstance(f.attrs["title"], str) and "\u2014" in f.attrs["title"]
    assert f.attrs["source"] == "kramers" and f.attrs["status"] == "complete"
    assert int(f.attrs["seed"]) == 0xFEDCBA9876543210
    assert f["provenance"].attrs["host"] == "here"
    groups = sorted(f)
    datasets = variables(f, [])
    for path in datasets:
        assert isinstance(f[path].attrs["long_name"], str), path
        assert "units" in f[path].attrs or "flag_meanings" in f[path].attrs or f[path].dtype.kind == "O", path
        for axis in range(f[path].ndim):  # dimension scales on every axis
            assert f[path].attrs.get("CLASS") == b"DIMENSION_SCALE" or len(f[path].dims[axis]) == 1, path
    counts = f["density_0/counts"][...]
    assert counts.dtype == np.int64
    assert (f["density_0/replicate_counts"][...].sum(axis=1) == counts).all()
    theta = f["posterior/theta"][...]
    fixed = """density_0/counts density_0/edges_0 density_0/replicate_counts density_0/outside density_0/probability
        density_0/probability_error density_0/prediction density_1/edges_1 moments/mean moments/mean_error
        moments/variance moments/variance_error moments/covariance moments/covariance_error moments/loss_mean
        moments/loss_mean_error basins/occupancy basins/occupancy_error basins/prediction posterior/theta
        verdict/total_variation verdict/lower verdict/upper verdict/tolerance verdict/verdict"""
    for path in fixed.split():
        assert path in datasets, path
        if not path.startswith("posterior") and "edges" not in path:
            assert f[path].dims[0].label == "" and f[path].dims[0][0].name.endswith("/run"), path

for engine in ("h5netcdf", "netcdf4"):
    seen = []
    for group in groups:
        with xarray.open_dataset(name, group=group, engine=engine) as d:
            seen += [f"{group}/{v}" for v in d.variables]
            if group in ("provenance", "sweep"):
                continue
            assert "temperature" in d.coords and d.coords["temperature"].dims == ("run",), group
            assert "batch_size" in d.coords and d.coords["batch_size"].values.tolist() == [32, 16], group
            if group == "density_0":
                assert d.counts.dims == ("run", "bin_0") and (d.counts.values == counts).all()
                assert d.bin_0.attrs["bounds"] == "bin_0_bnds"
            if group == "posterior":
                assert d.theta.dims == ("chain", "draw", "run", "param")
                np.testing.assert_array_equal(d.theta.values, theta)
            if group == "verdict":
                assert d.verdict.attrs["flag_meanings"].split()[d.verdict.values[0, 0]] == "agrees"
                assert d.verdict.dtype == np.int8
    assert sorted(seen) == sorted(datasets), (engine, set(seen) ^ set(datasets))

if len(sys.argv) > 2:
    text = subprocess.run([sys.argv[2], "-h", name], check=True, capture_output=True, text=True).stdout
    for line in ("group: moments {", "int64 counts(run, bin_0) ;", "double theta(chain, draw, run, param) ;"):
        assert line in text, line
    assert "phony_dim" not in text and ':Conventions = "CF-1.8"' in text
print(f"h5py, xarray with h5netcdf and netcdf4{', ncdump' if len(sys.argv) > 2 else ''}: {len(datasets)} datasets")

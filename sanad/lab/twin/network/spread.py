"""The one place where work is spread: over threads here, or over a cluster that exists.

The setting `SANAD_CLUSTER=dask://host:port` sends the work to that Dask cluster; its workers need
this project installed. The result is the same, for a replication depends on nothing but its model
and seed.
"""

import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from joblib import Parallel, delayed, parallel_config

from sanad.lib.refusal import N_, Refused

DASK = "dask://"
Found = TypeVar("Found")


class ClusterUnknown(Refused):
    code = "twin.cluster_unknown"
    sentence = N_(
        "SANAD_CLUSTER is “{value}”. Give the scheduler of a Dask cluster, as in "
        "dask://scheduler.example:8786, or leave it out to work on this machine."
    )


class ClusterSilent(Refused):
    code = "twin.cluster_silent"
    sentence = N_(
        "The Dask cluster at {address} cannot be used: {reason}. Start it, or unset SANAD_CLUSTER "
        "to work on this machine."
    )


def spread(
    work: Callable[..., Found], tasks: Sequence[tuple[Any, ...]], *, threads: int,
    cluster: str = "",
) -> Generator[Found, None, None]:  # fmt: skip
    """`work(*task)` of each task, in their order, as soon as they and those before are done."""
    with _backend(threads, cluster):
        results: Generator[Found, None, None] = Parallel(return_as="generator")(
            delayed(work)(*task) for task in tasks
        )
        try:
            # Not `yield from`: whoever stops early closes this generator, and that one is then
            # closed without its word about tasks that nobody fetched.
            for found in results:  # noqa: UP028
                yield found
        finally:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                results.close()


def _backend(threads: int, cluster: str) -> AbstractContextManager[Any]:
    if cluster:
        if not cluster.startswith(DASK) or len(cluster) == len(DASK):
            raise ClusterUnknown(value=cluster)
        return _dask(f"tcp://{cluster.removeprefix(DASK)}")
    if threads == 1:
        return nullcontext()
    return parallel_config(backend="threading", n_jobs=threads)


def _dask(address: str) -> AbstractContextManager[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterSilent(address=address, reason="pip install distributed") from None
    try:
        client: Any = Client(address, timeout=10, set_as_default=True)  # type: ignore[no-untyped-call]
    except OSError as failed:
        raise ClusterSilent(address=address, reason=failed) from None
    return _Cluster(client)


class _Cluster(AbstractContextManager[Any]):
    """joblib on a cluster, and the connection closed after."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.config = parallel_config(backend="dask", wait_for_workers_timeout=30)

    def __enter__(self) -> Any:
        return self.config.__enter__()

    def __exit__(self, *failure: Any) -> None:
        self.config.__exit__(*failure)
        self.client.close()

"""Runs on a Dask cluster, for those who outgrow one machine; its workers must see the same folder as this process.

An executor of MPI (``mpi4py.futures.MPIPoolExecutor``) goes through the same door: ``executors=MPIPoolExecutor``.
"""

import logging
from concurrent.futures import Executor

from villagesim.errors import RunError
from villagesim.extras import way_to


class Dask:
    """Makes executors on the cluster whose scheduler listens at an address, as ``tcp://10.0.0.5:8786``.

    Attributes
    ----------
    workers : int
        Threads of all workers together; one a worker is best.

    Raises
    ------
    VillagesimError
        Where Dask is not installed, nobody answers at the address, or there are no workers.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise RunError("a Dask cluster needs the extra [dask].", fix=f"Install it: {way_to('dask')}") from None
        try:
            self.client = Client(address, timeout="10s")
        except (OSError, ValueError) as problem:
            raise RunError(
                f"no Dask scheduler answers at {address} ({problem}).",
                fix="Start one with `dask scheduler`, and give the address that it prints.",
            ) from None
        self.address = address
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it says of a loss, one message says
        self.workers = sum(self.client.nthreads().values())
        if not self.workers:
            raise RunError(
                f"the Dask cluster at {address} has no workers.", fix=f"Start some: dask worker {address} --nthreads 1"
            )

    def __call__(self, workers: int) -> Executor:
        """Make an executor of the whole cluster, which shares out the work by itself.

        Raises
        ------
        VillagesimError
            Where the scheduler is gone.
        """
        if self.client.status != "running":
            raise RunError(
                f"the Dask scheduler at {self.address} is gone.",
                fix="Go on with --resume when it is back, or without --dask.",
            )
        return self.client.get_executor(pure=False)

    def __enter__(self) -> "Dask":
        return self

    def __exit__(self, *problem: object) -> None:
        """Leave the cluster; it goes on without this process."""
        self.client.close()

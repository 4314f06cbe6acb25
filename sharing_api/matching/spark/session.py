"""Opening Spark, or saying what is missing."""

import importlib.util
import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

from sharing_api.matching import errors

_JAVA = (
    "--engine spark needs Java 17 or newer. Install it "
    "(Debian and Ubuntu: apt-get install openjdk-17-jre-headless) and run the command again."
)
_PYSPARK = (
    "--engine spark needs PySpark. Install it (./natdb setup spark) and run the command again."
)
_BATCH = 50_000  # rows that go to Python at a time
_LOCAL = "local"
_LOGGING = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %m%n
"""


def open_session(master: str, folder: Path, tasks: int) -> Any:
    """Open a Spark session; the caller stops it.

    Args:
        master: address of the cluster, or ``local[n]`` for n processes on this machine.
        folder: where Spark may put things aside.
        tasks: pieces into which large work is cut at least.

    Raises:
        EngineMissing: PySpark or Java is not installed.
    """
    if importlib.util.find_spec("pyspark") is None:
        raise errors.EngineMissing(_PYSPARK)
    home = os.environ.get("JAVA_HOME", "")
    if not (home and (Path(home) / "bin" / "java").exists()) and shutil.which("java") is None:
        raise errors.EngineMissing(_JAVA)
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # It warns of a newer pandas, of which nothing here makes use.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    logging = folder / "log4j2.properties"
    logging.write_text(_LOGGING, encoding="utf-8")
    logged_by = logging.absolute().as_uri()
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={logged_by}",
        "spark.sql.shuffle.partitions": str(tasks),
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(_BATCH),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "shuffled"),
        "spark.driver.maxResultSize": "0",
    }
    if master.startswith(_LOCAL):
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.master(master).appName("natdb match")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()

"""Names of the JVM that PySpark uses with every column that it makes, or we with what we hold and read: looked up once.

Left alone, py4j asks for each use of ``functions.col`` what the first name is, for which the JVM looks through all of
its JARs, and what the second is in it, before it calls. That takes longer than the calls, of which a job makes some
five thousand.
"""

from typing import Any, Final

from py4j.java_gateway import JavaClass, JavaMember

IN_MEMORY_RELATION: Final = "org.apache.spark.sql.execution.columnar.InMemoryRelation$"
STORAGE_LEVEL: Final = "org.apache.spark.storage.StorageLevel"
OPTION: Final = "scala.Option"
KERNEL_TABLE: Final = "io.delta.spark.internal.v2.catalog.DeltaV2Table"
IDENTIFIER: Final = "org.apache.spark.sql.connector.catalog.Identifier"
RELATION: Final = "org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation"
DATASET: Final = "org.apache.spark.sql.classic.Dataset"
CLASSES: Final = (
    "functions",
    "org.apache.spark.sql.functions",
    "org.apache.spark.sql.expressions.Window",
    "PythonUtils",
    "PythonSQLUtils",
    IN_MEMORY_RELATION,
    STORAGE_LEVEL,
    OPTION,
    KERNEL_TABLE,
    IDENTIFIER,
    RELATION,
    DATASET,
)


class KnownClass(JavaClass):
    """A class of the JVM that is asked for each of its methods once."""

    def __getattr__(self, name: str) -> Any:
        """Look a member up, and keep it as an attribute where it is a method: a field may change."""
        member = super().__getattr__(name)  # type: ignore[no-untyped-call]
        if isinstance(member, JavaMember):
            setattr(self, name, member)
        return member


def look_up_once(jvm: Any) -> None:
    """Let a session's view of the JVM have these classes as attributes, in which py4j looks first."""
    for name in CLASSES:
        found = getattr(jvm, name)
        setattr(jvm, name, KnownClass(found._fqn, found._gateway_client))  # type: ignore[no-untyped-call]

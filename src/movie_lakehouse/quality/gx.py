"""Great Expectations, imported here alone: its analytics are off before it is, and it says nothing by itself."""

import logging
import os
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "False"

from great_expectations.compatibility import pydantic
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.data_context.context_factory import project_manager
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.exceptions.exceptions import ExpectationNotFoundError, InvalidExpectationConfigurationError
from great_expectations.execution_engine.execution_engine import MetricComputationConfiguration
from great_expectations.execution_engine.sparkdf_execution_engine import SparkDFExecutionEngine
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.metrics.metric_provider import MetricProvider, metric_partial
from great_expectations.render.view.view import DefaultJinjaPageView
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validation_statistics import calc_validation_statistics
from great_expectations.validator.validator import Validator

# Its loggers repeat, with a traceback, what every result says; without a handler that goes to standard error.
logging.getLogger("great_expectations").setLevel(logging.CRITICAL)

InvalidExpectation = (InvalidExpectationConfigurationError, pydantic.ValidationError, TypeError, ValueError)


def quiet_context(**settings: Any) -> EphemeralDataContext:
    """A context that shows, sends and writes nothing but what the settings ask for."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        **settings,
    )
    return EphemeralDataContext(project_config=config)


__all__ = [
    "DefaultJinjaPageView",
    "EphemeralDataContext",
    "ExpectationConfiguration",
    "ExpectationNotFoundError",
    "ExpectationSuite",
    "ExpectationSuiteIdentifier",
    "ExpectationSuiteValidationResult",
    "ExpectationValidationResult",
    "FailureSeverity",
    "InvalidExpectation",
    "MetricComputationConfiguration",
    "MetricConfiguration",
    "MetricDomainTypes",
    "MetricPartialFunctionTypes",
    "MetricProvider",
    "RunIdentifier",
    "SparkDFExecutionEngine",
    "ValidationResultIdentifier",
    "Validator",
    "calc_validation_statistics",
    "metric_partial",
    "project_manager",
    "quiet_context",
]

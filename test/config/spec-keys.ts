/** Every key that the specification's YAML names, by its path; `*` is a name of the user's, `[]` an entry of a list. */
export const specKeys: readonly string[] = `
host port
auth.disable_auth auth.api_keys auth.allowed_hosts auth.allowed_origins auth.trusted_proxies
auth.api_keys.[].name auth.api_keys.[].key auth.api_keys.[].key_sha256 auth.api_keys.[].role auth.api_keys.[].models
auth.api_keys.[].usd_per_day auth.api_keys.[].requests_per_minute
default_backend
backends.*.type backends.*.api_url backends.*.api_key backends.*.credentials backends.*.trust_client_credentials
backends.*.stream_usage backends.*.untranslatable backends.*.passthrough backends.*.protocols backends.*.models
backends.*.headers backends.*.timeouts.connect_seconds backends.*.timeouts.headers_seconds
backends.*.timeouts.first_content_seconds backends.*.timeouts.idle_seconds backends.*.timeouts.total_seconds
backends.*.timeouts.failover_seconds backends.*.on_client_disconnect backends.*.on_client_disconnect.drain_seconds
backends.*.max_concurrent
model_aliases.[].pattern model_aliases.[].replacement failover_routes.*
failure_handling.max_attempts failure_handling.total_budget_seconds failure_handling.max_wait_seconds
failure_handling.keepalive_seconds
resilience.circuit_breaker.enabled resilience.circuit_breaker.failure_threshold resilience.circuit_breaker.open_seconds
max_body_mb max_bodies_mb shutdown_grace_seconds
health_check.enabled health_check.circuit_breaker_enabled health_check.notify_backends health_check.log_healthy_checks
health_check.ping.enabled health_check.ping.interval_seconds health_check.ping.timeout_seconds
health_check.ping.failure_threshold
health_check.http.enabled health_check.http.interval_seconds health_check.http.timeout_seconds
health_check.http.failure_threshold health_check.http.method health_check.http.path
health_check.http.accept_any_response
usage_tracking.enabled usage_tracking.persistence_path usage_tracking.flush_interval_seconds
usage_tracking.max_records_in_memory usage_tracking.retention_days usage_tracking.prices.*.input
usage_tracking.prices.*.cache_read usage_tracking.prices.*.cache_write usage_tracking.prices.*.cache_write_1h
usage_tracking.prices.*.output
wire_capture.enabled wire_capture.mode wire_capture.recent_mb wire_capture.output_dir wire_capture.max_file_mb
wire_capture.max_total_mb wire_capture.min_free_mb wire_capture.sync
replacement.enabled replacement.probability replacement.turn_count replacement.allow_first_turn
replacement.replacement_rules.[].from_pattern replacement.replacement_rules.[].to_backend
replacement.replacement_rules.[].to_model
logging.level logging.format
`
  .trim()
  .split(/\s+/)

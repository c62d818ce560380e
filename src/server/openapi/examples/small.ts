/** The beginning of what `GET /metrics` answers. */
export const metricsExample = `# HELP llmproxy_requests_total Exchanges that have closed, however they ended.
# TYPE llmproxy_requests_total counter
llmproxy_requests_total{backend="openai.eu",model="gpt-4o-mini",frontend="openai-chat",status_class="2xx"} 12
`

/** What `GET /internal/events` answers. */
export const eventsExample = `: listening

event: backend.state
data: {"name":"openai.eu","state":"open","reason":"5 failures in a row"}

`

import UsageStats from './stats.ts'

/** `llmproxy usage` is `llmproxy usage stats`. */
export default class Usage extends UsageStats {}

/** What is shown is of these windows (`spec/http-api.md`, live). */
export const rateSeconds = 10
export const windowSeconds = 300
export const steps = 60
export const stepSeconds = windowSeconds / steps
export const stepMs = stepSeconds * 1000

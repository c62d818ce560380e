/** What Google's own client sends for a signature that it never got: no state at all. */
export const sentinel = 'skip_thought_signature_validator'

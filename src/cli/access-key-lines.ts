/** The YAML that lets an access key in, by its SHA-256. */
export function accessKeyLines({ name, hash, role }: { name: string; hash: string; role: string }): string {
  const rest = role === 'user' ? '' : `, role: ${role}`
  return ['auth:', '  api_keys:', `    - {name: ${yamlWord(name)}, key_sha256: ${hash}${rest}}`].join('\n')
}

/** A hash of digits alone would be a number, and `no` a boolean: what is not plainly a word is quoted. */
function yamlWord(text: string): string {
  const plain = /^[A-Za-z][\w.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
  return plain ? text : JSON.stringify(text)
}

/** English as it is written in code reviews: the same letters and word lengths as real text, and as compressible. */
const subjects =
  'the scheduler|this function|the second caller|our cache|the retry loop|a stale lease|the parser|the test harness|every worker|the connection pool|the migration|that branch|the reviewer|the build server|the config loader|a background task|the event handler|the session store|the type checker|the old endpoint|the queue|a partial write|the lock file|the fallback path|the user'.split(
    '|',
  )
const verbs =
  'drops|keeps|rewrites|returns|ignores|overwrites|waits for|depends on|duplicates|validates|closes|invalidates|reorders|serialises|truncates|allocates|throws away|shadows|never sees|releases|assumes|expects|reports|hides|retries'.split(
    '|',
  )
const objects =
  'the first response|an empty header|the pending request|two copies of the row|its own timeout|a value that was never set|the trailing newline|the wrong file descriptor|an index past the end|the user id|the previous token count|a half-written record|the error message|an unsigned offset|the deadline|three identical keys|the default branch|a closed socket|the original order|the cursor position|its parent directory|the checksum|the remaining budget|an environment variable|the last page'.split(
    '|',
  )
const endings =
  'when the disk is full|after a restart|on the second attempt|if two of them run at once|before the lock is taken|in the release build only|for requests above a megabyte|unless the flag is given|although the comment says otherwise|which is why the test fails now and then|so the caller has to check twice|and nobody notices until morning|because the clock went backwards|while the other thread still reads it|as soon as the queue drains|with the new compiler|on machines with one core|even though it was closed|since the last refactoring|once the token expires'.split(
    '|',
  )

/** Numbers from 0 to `below`, always the same ones for a seed. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    // Marsaglia's xorshift32.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** About so many characters in sentences, paragraphs, names and numbers; ASCII. */
export function prose(characters: number, random: (below: number) => number): string {
  const pick = (words: readonly string[]) => words[random(words.length)] ?? ''
  let text = ''
  while (text.length < characters) {
    const name = `${pick(verbs).split(' ')[0]}_${pick(objects).split(' ').at(-1)}_${random(100_000)}`
    const sentence = `${pick(subjects)} ${pick(verbs)} ${pick(objects)} ${pick(endings)}`
    text += `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}, see \`${name}\` (line ${random(4_000)}). `
    if (random(5) === 0) text += '\n\n'
  }
  return text.slice(0, characters)
}

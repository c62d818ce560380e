import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import { picture } from './dashboard.ts'
import { painted } from './lines.ts'
import type { TopState } from './state.ts'

/** The whole dashboard as it is at a moment. A text a line: one for each piece takes half as long again to draw. */
export function Picture({ state }: { state: TopState }): ReactElement {
  return (
    <Box flexDirection="column">
      {picture(state).map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is nothing but its place
        <Text key={at} wrap="truncate">
          {painted(line)}
        </Text>
      ))}
    </Box>
  )
}

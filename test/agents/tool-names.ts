import type { ProtocolName } from '../../src/core/protocol-name.ts'

// biome-ignore lint/suspicious/noExplicitAny: requests of four protocols.
export function toolNames(protocol: ProtocolName, body: any): string[] {
  const tools = body.tools ?? []
  if (protocol === 'gemini') {
    return tools.flatMap((tool: { functionDeclarations?: { name: string }[] }) =>
      (tool.functionDeclarations ?? []).map(({ name }) => name),
    )
  }
  return tools.map(
    (tool: { name?: string; function?: { name: string } }) => tool.function?.name ?? tool.name ?? '',
  )
}

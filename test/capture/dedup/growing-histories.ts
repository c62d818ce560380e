/** A request of each protocol with a system text and all turns so far, large parts where that protocol nests them. */
export const growingHistories: Readonly<Record<string, (system: string, said: readonly string[]) => object>> =
  {
    'openai-chat': (system, said) => ({
      model: 'm',
      messages: [
        { role: 'system', content: system },
        ...said.map((content, turn) => ({ role: turn % 2 ? 'assistant' : 'user', content })),
      ],
      stream: true,
    }),
    'openai-responses': (system, said) => ({
      model: 'm',
      instructions: system,
      input: said.map((text, turn) => ({
        type: 'message',
        role: turn % 2 ? 'assistant' : 'user',
        content: [{ type: turn % 2 ? 'output_text' : 'input_text', text }],
      })),
    }),
    // The marker moves to the newest turn with each request.
    'anthropic-messages': (system, said) => ({
      model: 'm',
      system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
      messages: said.map((text, turn) => ({
        role: turn % 2 ? 'assistant' : 'user',
        content: [
          { type: 'text', text, ...(turn === said.length - 1 && { cache_control: { type: 'ephemeral' } }) },
        ],
      })),
    }),
    gemini: (system, said) => ({
      request: {
        systemInstruction: { parts: [{ text: system }] },
        contents: said.map((text, turn) =>
          turn % 2
            ? { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: { text } } } }] }
            : { role: 'model', parts: [{ text }] },
        ),
      },
    }),
  }

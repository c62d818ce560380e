/** What `GET /v1/capabilities?backend=openai.eu&client=gemini` answers; its lists are cut short here. */
export const capabilitiesExample = {
  backends: [
    {
      name: 'openai.eu',
      backend_type: 'openai',
      protocols: ['openai-chat', 'openai-responses'],
      untranslatable: 'warn',
      clients: [
        {
          protocol: 'gemini',
          backend_protocol: 'openai-chat',
          translated: true,
          dropped: [
            {
              name: 'temperature',
              parameter: 'generationConfig.temperature',
              reason: 'models that reason, and newer Claude models, refuse it; Claude takes at most 1',
            },
          ],
          adapted: [
            {
              name: 'reasoning_state',
              parameter: 'thoughtSignature',
              reason: 'only the model that wrote it can read it',
            },
          ],
          refused: [
            {
              name: 'other_output',
              parameter: 'generationConfig.responseMimeType',
              reason: 'only Gemini answers with one word of a list',
            },
          ],
        },
      ],
    },
  ],
}

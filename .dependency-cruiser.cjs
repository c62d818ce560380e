// Which part may know which; ARCHITECTURE.md draws it. Rules are few, so that they can be kept in the head.

/** Parts that can be understood, tested and removed alone. */
const parts = [
  'health',
  'routing',
  'models',
  'logs',
  'replacement',
  'tokens',
  'prices',
  'usage',
  'capture',
  'live',
  'metrics',
]

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'In a cycle no file can be understood or tested before the others.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-is-alone',
      comment: 'core is the language that all others speak; it must make sense with nothing else there.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/', pathNot: '^src/core/' },
    },
    {
      name: 'core-is-pure',
      comment: 'No I/O in core: what it takes from Node and npm only computes.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: {
        dependencyTypes: ['npm', 'core'],
        pathNot: ['^(node:)?(crypto|string_decoder)$', 'node_modules/lru-cache/'],
      },
    },
    {
      name: 'config-knows-core-only',
      comment: 'What a key means is decided where it is used; reading the file must not need the program.',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/', pathNot: '^src/(config|core)/' },
    },
    {
      name: 'protocols-know-core-only',
      comment: 'A wire format is pure translation: it never knows who sends it or where it came from.',
      severity: 'error',
      from: { path: '^src/protocols/' },
      to: { path: '^src/', pathNot: '^src/(protocols|core)/' },
    },
    {
      name: 'protocols-know-each-other-not',
      comment:
        'A protocol can be added or removed with its folder and its line in the list. What translating needs of all of them is in translation/.',
      severity: 'error',
      from: { path: '^src/protocols/([^/]+)/', pathNot: '^src/protocols/translation/' },
      to: { path: '^src/protocols/[^/]+/', pathNot: '^src/protocols/($1|translation)/' },
    },
    {
      name: 'backends-know-core-and-protocols',
      comment: 'Sending to a provider must not depend on how its answer is chosen, measured or stored.',
      severity: 'error',
      from: { path: '^src/backends/' },
      to: { path: '^src/', pathNot: '^src/(backends|protocols|core)/' },
    },
    {
      name: 'filters-know-core-only',
      comment:
        'The language of filters is the same for a ledger, a capture and the dashboard; what each can be asked is an adapter there.',
      severity: 'error',
      from: { path: '^src/filters/' },
      to: { path: '^src/', pathNot: '^src/(filters|core)/' },
    },
    {
      name: 'filters-are-for-readers',
      comment: 'Only who shows or reads traffic filters it; what carries it must never run an expression.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(filters|capture|cli|tui|commands)/' },
      to: { path: '^src/filters/' },
    },
    ...parts.map((part) => ({
      name: `${part}-stands-alone`,
      comment: `${part} can be tested and removed alone; what it needs of another part is a function type, passed in by server/compose.ts.`,
      severity: 'error',
      from: { path: `^src/${part}/` },
      to: {
        path: '^src/',
        pathNot: `^src/(${part}|core|protocols|config${part === 'capture' ? '|filters' : ''})/`,
      },
    })),
    {
      name: 'parts-take-only-types-of-config',
      comment: 'A part is given its settings; one that loads them itself cannot be tested without files.',
      severity: 'error',
      from: { path: `^src/(${parts.join('|')})/` },
      to: { path: '^src/config/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'proxy-uses-the-floors-below',
      comment: 'The pipeline knows no listener, no monitor and no command line.',
      severity: 'error',
      from: { path: '^src/proxy/' },
      to: { path: '^src/(server|cli|tui|commands|logs|usage|capture|live|metrics|health|replacement)/' },
    },
    {
      name: 'only-compose-knows-the-parts',
      comment: 'All wiring is in one place, so that what runs can be read in one file.',
      severity: 'error',
      from: { path: '^src/server/', pathNot: '^src/server/compose(\\.ts$|/)' },
      to: {
        path: `^src/(${parts.filter((part) => part !== 'models').join('|')})/`,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'server-is-below-the-command-line',
      comment: 'The proxy runs without a terminal.',
      severity: 'error',
      from: { path: '^src/(server|proxy)/' },
      to: { path: '^src/(cli|tui|commands)/' },
    },
    {
      name: 'cli-reaches-a-proxy-over-http',
      comment:
        'Then the same command works on a proxy elsewhere. serve is handed what it runs and knows its type only; config check asks the backends what they would refuse at the start. Captures are files: src/cli/capture prints what src/capture makes of them, and knows its types.',
      severity: 'error',
      from: { path: '^src/(cli|tui)/', pathNot: '^src/cli/config/' },
      to: {
        path: '^src/',
        pathNot: ['^src/(cli|tui|core|config|filters|capture)/', '^src/server/running-proxy\\.ts$'],
      },
    },
    {
      name: 'captures-are-read-by-their-commands',
      comment: 'Nothing else of the command line may know what stands in a capture.',
      severity: 'error',
      from: { path: '^src/(cli|tui)/', pathNot: '^src/cli/capture/' },
      to: { path: '^src/capture/' },
    },
    {
      name: 'commands-start-light',
      comment: 'Start-up time is a feature: what is heavy comes by await import() inside run().',
      severity: 'error',
      from: { path: '^src/(commands|cli)/', pathNot: '^src/cli/(serve|config)/' },
      to: {
        path: [
          '^src/(server|proxy|config|backends|routing|models|logs|usage|capture|tui|health|live|tokens|prices|filters|replacement)/',
          '^src/cli/(serve|config)/',
        ],
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'commands-start-light-packages',
      comment:
        'The same for packages: zod costs 47 ms at each start, undici 58. cli-table3 costs 10, only where a table is printed.',
      severity: 'error',
      from: { path: '^src/(commands|cli)/' },
      to: {
        dependencyTypes: ['npm'],
        dynamic: false,
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/(@oclif/core|cli-table3)/',
      },
    },
    {
      name: 'few-commands-run-a-proxy',
      comment: 'Only these start one in their own process; all others ask the one that runs.',
      severity: 'error',
      from: { path: '^src/commands/', pathNot: '^src/commands/(serve|run|capture/replay)\\.ts$' },
      to: { path: '^src/(server|proxy)/' },
    },
    {
      name: 'declared-packages-only',
      comment:
        'What is not in package.json is there by accident; development packages are not there for users.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}

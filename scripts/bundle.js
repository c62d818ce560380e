// Bundles src/ for dist/: the files that something starts by their path, and chunks that they share. A start that loads some
// dozen files in place of more than a thousand takes half the time; docs/decisions/0023-a-bundle.md has the numbers.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { build } from 'esbuild'
import { licenceTexts } from './licence-texts.js'
import { root } from './prepare.js'

/** Packages whose code goes into the bundle: what a start loads. All others are found in node_modules when they are needed. */
const bundled = [
  '@datadog/sketches-js',
  '@oclif/core',
  'cbor-x',
  'chalk',
  'csv-stringify',
  'fastify',
  'fzstd',
  'lru-cache',
  'pino',
  'undici',
  'yaml',
  'zod',
]

/** What they load only when asked for what nobody here asks for: it stays in node_modules. */
const leftOut = [
  // Routes have no schemas of Fastify's.
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  // For tests.
  'light-my-request',
  // Sketches are not written in its format.
  'protobufjs',
  // Commands are built before they run.
  'typescript',
]

const src = join(root, 'src')

/**
 * undici's front door loads all its rooms, and a start needs a few: they are taken from where they are. The last line is the
 * front door's too, for agents ask each other by these methods.
 */
const narrowDoor = {
  importer: join(src, 'backends', 'pools.ts'),
  package: 'undici',
  contents: `
    export { default as Client } from 'undici/lib/dispatcher/client.js'
    export { default as EnvHttpProxyAgent } from 'undici/lib/dispatcher/env-http-proxy-agent.js'
    export { default as Pool } from 'undici/lib/dispatcher/pool.js'
    import api from 'undici/lib/api/index.js'
    import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
    Object.assign(Dispatcher.prototype, api)`,
}

const chunks = 'chunks'

/** Writes the bundle to `outdir`, and the licences of what is in it. */
export async function bundle(outdir) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries(),
    outdir,
    outbase: 'src',
    chunkNames: `${chunks}/[name]-[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Names and lines are as in the source, so that a stack trace can be read without the maps too.
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [ownModules, packages],
    // For CommonJS in it.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    define: { __dirname: 'import.meta.dirname' },
  })
  refuseMisplaced(metafile)
  writeFileSync(join(outdir, 'THIRD_PARTY_LICENSES'), licenceTexts(Object.keys(metafile.inputs)))
  return metafile
}

/** What is started by its path: by oclif, as a thread, or by scripts. */
function entries() {
  const started =
    /^commands\/.*\.ts$|-worker\.ts$|^cli\/(command-not-found|program)\.ts$|^config\/json-schema\.ts$|^tui\/keys\.ts$/
  return readdirSync(src, { recursive: true })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => started.test(path))
    .map((path) => `./src/${path}`)
}

/** A module that asks where it is gets its place in src/ put into dist/, not that of the chunk it ended up in. */
const ownModules = {
  name: 'own modules',
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      if (!path.startsWith(src + sep)) return undefined
      const text = await readFile(path, 'utf8')
      if (!text.includes('import.meta')) return undefined
      const place = `../${relative(src, path)
        .split(sep)
        .join('/')
        .replace(/\.tsx?$/, '.js')}`
      const url = `new URL(${JSON.stringify(place)}, import.meta.url).href`
      const contents = text
        .replace(/\bimport\.meta\b(?!\.)/g, '{ ...import.meta, url: import.meta.url }')
        .replaceAll('import.meta.url', url)
      return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' }
    })
  },
}

/** Which packages are in the bundle. */
const packages = {
  name: 'packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point') return undefined
      if (leftOut.some((name) => isOf(path, name))) return { path, external: true }
      if (importer.startsWith(src + sep)) {
        if (path === narrowDoor.package && importer === narrowDoor.importer)
          return { path, namespace: 'narrow' }
        if (!bundled.some((name) => isOf(path, name))) return { path, external: true }
      }
      return undefined
    })
    onLoad({ filter: /.*/, namespace: 'narrow' }, () => ({ contents: narrowDoor.contents, resolveDir: root }))
  },
}

function isOf(path, name) {
  return path === name || path.startsWith(`${name}/`)
}

/** `ownModules` counts from the folder of chunks. */
function refuseMisplaced({ outputs, inputs }) {
  const asking = Object.keys(inputs).filter(
    (path) => path.startsWith('src/') && readFileSync(join(root, path), 'utf8').includes('import.meta'),
  )
  for (const [output, { inputs: within }] of Object.entries(outputs)) {
    const misplaced = asking.find((path) => path in within && within[path].bytesInOutput > 0)
    if (misplaced === undefined || dirname(output).endsWith(`/${chunks}`)) continue
    throw new Error(`${misplaced} asks for its place, and would be in ${output}, which is not in ${chunks}/`)
  }
}

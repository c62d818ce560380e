/**
 * What `new Worker(…)` takes to run the file NAME beside the module that `meta` belongs to. Under tsx and vitest the
 * sources run: the worker is a thread of its own and needs the loader once more.
 */
export function workerEntry(meta: ImportMeta, name: string): { source: URL | string; eval: boolean } {
  if (!meta.url.endsWith('.ts')) return { source: new URL(`./${name}.js`, meta.url), eval: false }
  const loader = JSON.stringify(meta.resolve('tsx/esm/api'))
  const file = JSON.stringify(new URL(`./${name}.ts`, meta.url).href)
  return { source: `import(${loader}).then(({ register }) => (register(), import(${file})))`, eval: true }
}

#!/usr/bin/env -S node --import tsx
// Runs src/ directly. The root is src/, so that neither dist/ nor its manifest can be picked up by mistake.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execute, settings } from '@oclif/core'
import { separated } from './run-arguments.js'

const packageJson = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
const pjson = JSON.parse(packageJson.replaceAll('./dist/', './'))
if (process.argv[2] === 'run')
  process.argv.splice(3, Number.POSITIVE_INFINITY, ...separated(process.argv.slice(3)))
settings.enableAutoTranspile = false // tsx already does it
await execute({
  development: true,
  loadOptions: { root: fileURLToPath(new URL('../src', import.meta.url)), pjson },
})

#!/usr/bin/env node
// The shell command: makes sure that all is installed, then hands over to server/cli/main.ts.
import { prepare } from './prepare.mjs'

prepare()
const { register } = await import('tsx/esm/api')
register()
const { main } = await import('../server/cli/main.ts')
process.exitCode = await main(process.argv.slice(2))
